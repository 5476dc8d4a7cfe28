package org.elver.cli;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.elver.lisp.isolate.Program;
import org.jline.utils.Signals;

/** The signals that end the program, after {@code kill-emacs-hook}. */
final class Endings {
  /**
   * Exit codes. GNU Emacs takes the signal's number in batch mode; {@code C-c} gives what shells
   * and other languages give.
   */
  private static final Map<String, Integer> STATUS = Map.of("INT", 130, "TERM", 15, "HUP", 1);

  /** So long may it take until the task stops what it does, in milliseconds. */
  private static final long PATIENCE = 5_000;

  private Endings() {}

  /** Has them end {@code p}. Signals that are ignored stay so. */
  static void install(Program p) {
    AtomicBoolean ending = new AtomicBoolean();
    STATUS.forEach((name, status) -> Signals.register(name, () -> end(p, status, ending)));
  }

  private static void end(Program p, int status, AtomicBoolean ending) {
    if (ending.getAndSet(true)) {
      Runtime.getRuntime().halt(status); // The second time: whatever the hook is doing.
    }
    p.end(status);
    try {
      Thread.sleep(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!p.isEnded()) {
      System.err.println("elver: ended in the middle of a long operation, without kill-emacs-hook");
      Runtime.getRuntime().halt(status);
    }
  }
}
