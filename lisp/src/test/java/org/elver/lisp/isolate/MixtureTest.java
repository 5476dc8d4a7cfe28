package org.elver.lisp.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.elver.heap.object.Pair;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Waiter;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;

/**
 * A random mixture of all that tasks, isolates and channels do, each with a known outcome: see
 * {@code mixture.el}. Nothing is lost, wrong, stuck or left over, and memory does not grow.
 *
 * <p>{@code -Delver.minutes=N} runs it for so long, {@code -Delver.seed=SEED} with the same
 * scenarios in the same places; how they meet is up to the scheduler.
 */
class MixtureTest {
  private static final int SECONDS = 6;
  private static final int WORKERS = 4;

  /** So long nothing may come to its end, in seconds: longer than any wait may last. */
  private static final int PATIENCE = 150;

  private final Task t = Boot.prelude();

  private Object eval(String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    return t.callNamed("eval", form, Symbol.T);
  }

  private void load() throws IOException {
    String source;
    try (InputStream in = MixtureTest.class.getResourceAsStream("mixture.el")) {
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    LispString text = LispString.of(t.c, source);
    long at = 0;
    while (at < source.lastIndexOf(')')) {
      Pair form = (Pair) t.callNamed("read-from-string", text, at);
      at = (Long) form.second(t.c);
      t.callNamed("eval", form.first(t.c), Symbol.T);
    }
  }

  @Test
  void everythingComesToItsKnownEnd() throws IOException {
    Integer minutes = Integer.getInteger("elver.minutes");
    int seconds = minutes == null ? SECONDS : 60 * minutes;
    long seed = Long.getLong("elver.seed", new Random().nextInt(1_000_000));
    System.out.println("Mixture: -Delver.seed=" + seed);
    load();
    SharedBytes beat = new SharedBytes(8);
    t.symbols().intern(t, "mixture-beat").setRawValue(t, beat);
    eval(
        "(fset 'mixture-main (lambda () (setq mixture-result (prin1-to-string (mixture-run %d %d %d)))))"
            .formatted(seconds, WORKERS, seed));
    Thread watchdog = new Thread(() -> watch(beat), "mixture watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
    try {
      new Program(t, 2, 64 << 20).run((Symbol) eval("'mixture-main"));
    } finally {
      watchdog.interrupt();
    }
    assertEquals("nil", ((LispString) eval("mixture-result")).toJava(t.c));
  }

  /** Tells who waits for what when nothing has come to its end for long, and ends the program. */
  private void watch(SharedBytes beat) {
    long seen = -1;
    try {
      for (; ; ) {
        for (int i = 0; i < PATIENCE; i++) {
          Thread.sleep(1000); // By steps: a second counts once, however long all of it was stopped.
        }
        long now = beat.get(0, 64);
        if (now == seen) {
          break;
        }
        seen = now;
      }
    } catch (InterruptedException e) {
      return;
    }
    StringBuilder b = new StringBuilder("Nothing has come to its end for long.\n");
    Roster roster = Roster.of(t.vm());
    for (LispIsolate i : roster.all()) {
      b.append(i.isolateName()).append(i.isActive() ? ": active" : ": idle").append('\n');
      for (Fiber f : i.waiting()) {
        b.append("  ").append(f.hashCode()).append(" waits: ");
        if (f.waitToken() instanceof Waiter w) {
          b.append(w.operation()).append(' ').append(w.subject());
        }
        b.append('\n');
      }
    }
    for (Map.Entry<Thread, StackTraceElement[]> e : Thread.getAllStackTraces().entrySet()) {
      if (e.getKey().getName().startsWith("elver")) {
        b.append(e.getKey().getName()).append('\n');
        for (StackTraceElement frame : e.getValue()) {
          b.append("    ").append(frame).append('\n');
        }
      }
    }
    System.out.println(b);
    roster.main().kernel().close();
    roster.main().fail("stuck");
  }
}
