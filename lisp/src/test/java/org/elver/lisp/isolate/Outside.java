package org.elver.lisp.isolate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What tests see of programs that Lisp has started. */
final class Outside {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Outside() {}

  /** A number of seconds for {@code sleep} that no other program on the machine sleeps for. */
  static String seconds() {
    return "77" + ProcessHandle.current().pid() + "." + COUNT.incrementAndGet();
  }

  /** Whether a program with {@code word} among its arguments runs. */
  static boolean runs(String word) {
    return ProcessHandle.allProcesses()
        .anyMatch(p -> p.isAlive() && (" " + commandLine(p) + " ").contains(" " + word + " "));
  }

  /** As {@code ps} shows it: Java's own information leaves arguments out of some. */
  private static String commandLine(ProcessHandle p) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(p.pid()), "cmdline"))
          .replace('\0', ' ')
          .strip();
    } catch (java.io.IOException e) {
      return ""; // It has ended meanwhile, or there is no such directory here.
    }
  }

  /** Whether no such program runs, now or before long. */
  static boolean isGone(String word) throws InterruptedException {
    return becomes(() -> !runs(word));
  }

  /** Whether {@code condition} holds, now or before long. */
  static boolean becomes(BooleanSupplier condition) throws InterruptedException {
    for (int k = 0; k < 600; k++) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.sleep(50);
    }
    return false;
  }

  /**
   * Lisp that starts an isolate, kills it once a file is there that it is to make when it is in the
   * middle of something, and gives what who joins it gets.
   */
  static String killed(Path file, String body) {
    return "(let ((i (isolate-spawn (lambda () "
        + body
        + ")))) (while (not (file-exists-p \""
        + file
        + "\")) (task-sleep 0.01)) (isolate-kill i) (condition-case e (isolate-join i) (error"
        + " (car e))))";
  }
}
