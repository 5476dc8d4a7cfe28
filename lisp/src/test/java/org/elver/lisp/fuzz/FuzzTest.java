package org.elver.lisp.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.machine.LispThrow;
import org.elver.lisp.machine.PrimitiveGroup;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;

/**
 * Random input to reader and evaluator: whatever it is, what comes out is a value or a Lisp
 * condition, never an exception of Java's.
 *
 * <p>Every hundred inputs run in a fork of their own, several at once: what they leave behind, such
 * as thousands of overlays in one buffer, does not weigh on those that follow.
 *
 * <p>{@code -Delver.fuzz=N} runs N inputs, {@code -Delver.seed=S} those of one seed. A failure
 * names the seed and the number of its input; {@code -Delver.fuzz.from=I} begins with the hundred
 * that has input I. {@code -Delver.fuzz.verbose=true} shows the inputs that were interrupted.
 */
class FuzzTest {
  /** They end the program, wait for input or time, leave the process, or change files. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "kill-emacs",
          "sleep-for",
          "read-event",
          "read-char",
          "read-char-exclusive",
          "read-from-minibuffer",
          "read-string",
          "read-no-blanks-input",
          "read-command",
          "read-variable",
          "read-buffer",
          "completing-read",
          "yes-or-no-p",
          "read-function",
          "read-minibuffer",
          "read-key-sequence",
          "read-key-sequence-vector",
          "recursive-edit",
          "call-interactively",
          "call-process",
          "call-process-region",
          "make-process",
          "make-network-process",
          "make-pipe-process",
          "make-serial-process",
          "delete-file",
          "delete-directory-internal",
          "rename-file",
          "copy-file",
          "write-region",
          "make-directory-internal",
          "add-name-to-file",
          "make-symbolic-link",
          "set-file-modes",
          "set-file-times",
          "make-temp-file-internal",
          "signal-process",
          "accept-process-output",
          "command-loop",
          "internal--command-loop",
          "input-pending-p",
          "garbage-collect",
          "dump-emacs-portable",
          "sit-for",
          "condition-wait",
          "interrupt-process",
          "lock-buffer",
          "lock-file",
          "unlock-file",
          "do-auto-save",
          "set-default-file-modes",
          "suspend-emacs",
          "read",
          "load",
          "get-file-char",
          "set-binary-mode",
          "send-string-to-terminal",
          "external-debugging-output",
          "redirect-debugging-output",
          "message",
          "message-box",
          "princ",
          "prin1",
          "print",
          "terpri",
          "write-char",
          "ding",
          "x-popup-dialog",
          "list-system-processes",
          "system-groups",
          "system-users",
          "fset",
          "defalias",
          "set",
          "unintern",
          "makunbound",
          "fmakunbound",
          "set-default",
          "setplist",
          "put",
          "set-default-toplevel-value",
          "defvaralias",
          "internal-make-var-non-special",
          "set-time-zone-rule",
          "exit-recursive-edit",
          "abort-recursive-edit",
          "top-level",
          "make-local-variable",
          "make-variable-buffer-local",
          "obarray-clear",
          "execute-kbd-macro");

  private static final String[] ATOMS = {
    "nil",
    "t",
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "65",
    "255",
    "256",
    "100000",
    "-100000",
    "1.5",
    "-0.0",
    "1e300",
    "0.0e+NaN",
    "1.0e+INF",
    "2305843009213693951",
    "-2305843009213693952",
    "9223372036854775808",
    "340282366920938463463374607431768211456",
    "4194303",
    "4194304",
    "x",
    "car",
    "foo",
    ":key",
    "lambda",
    "\"\"",
    "\"abc\"",
    "\"a\\nb\"",
    "\"\\303\\251\"",
    "\"é→\"",
    "\"[a-z]+\\\\(x\\\\)*\"",
    "\"\\\\(\"",
    "\"%s %d\"",
    "'a",
    "'(1 2 3)",
    "'(a . b)",
    "'((a . 1) (b . 2))",
    "[1 2 3]",
    "[]",
    "(vector)",
    "(list)",
    "(make-hash-table)",
    "(point-marker)",
    "(make-marker)",
    "(current-buffer)",
    "(make-bool-vector 10 t)",
    "(make-char-table 'foo)",
    "#'car",
    "(function (lambda (x) x))",
    "(function (lambda (&rest x) x))",
    "(record 'r 1 2)",
    "(make-symbol \"u\")",
    "(selected-window)",
    "(selected-frame)",
    "(symbol-function 'car)",
    "(make-overlay 1 1)",
    "?a",
    "?\\C-a",
    "(string 228 8364)",
    "'utf-8",
    "'unix",
    "(current-time)",
    "\"/tmp/none\"",
    "(syntax-table)",
    "(standard-case-table)",
    "'(closure (t) (x) x)",
    "'(lambda (x) x)",
    "(make-string 300 ?z)",
    "(number-sequence 1 20)",
  };

  private final Task t = Boot.prelude();
  private final List<Subr> primitives = new ArrayList<>();

  private FuzzTest() {
    for (PrimitiveGroup g : t.vm().groups()) {
      for (Subr s : g.all()) {
        if (s.maxArgs() != Subr.UNEVALLED && !LEFT_OUT.contains(s.name())) {
          primitives.add(s);
        }
      }
    }
    primitives.sort(java.util.Comparator.comparing(Subr::name));
  }

  private String form(Random r, int depth) {
    if (depth == 0 || r.nextInt(3) == 0) {
      return ATOMS[r.nextInt(ATOMS.length)];
    }
    switch (r.nextInt(12)) {
      case 0 -> {
        return "(let ((x " + form(r, depth - 1) + ")) " + form(r, depth - 1) + ")";
      }
      case 1 -> {
        return "(if "
            + form(r, depth - 1)
            + " "
            + form(r, depth - 1)
            + " "
            + form(r, depth - 1)
            + ")";
      }
      case 2 -> {
        return "(condition-case e " + form(r, depth - 1) + " (error (list e " + form(r, 0) + ")))";
      }
      case 3 -> {
        return "(with-temp-buffer (insert " + form(r, 0) + ") " + form(r, depth - 1) + ")";
      }
      default -> {
        Subr s = primitives.get(r.nextInt(primitives.size()));
        int most = s.maxArgs() < 0 ? s.minArgs() + 3 : s.maxArgs();
        int n = r.nextInt(20) == 0 ? r.nextInt(6) : s.minArgs() + r.nextInt(most - s.minArgs() + 1);
        StringBuilder b = new StringBuilder("(").append(s.name());
        for (int i = 0; i < n; i++) {
          b.append(' ').append(form(r, depth - 1));
        }
        return b.append(')').toString();
      }
    }
  }

  private String text(Random r) {
    String alphabet = "()[]{}'`,@#?\\\";.:|&^=-+0123456789abcexXuUNCMSHsA \n\té→";
    int n = r.nextInt(30);
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < n; i++) {
      b.append(
          r.nextInt(6) == 0
              ? ATOMS[r.nextInt(ATOMS.length)]
              : String.valueOf(alphabet.charAt(r.nextInt(alphabet.length()))));
    }
    return b.toString();
  }

  /** The Java exception that evaluating gave, or null. */
  private static String run(Task t, String source, boolean evaluate) {
    try {
      Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
      if (evaluate) {
        t.callNamed("eval", form, Symbol.T);
      }
      return null;
    } catch (LispSignal s) {
      return s.symbol() instanceof Symbol name && name.name().equals("elver-internal-error")
          ? s.toString()
          : null;
    } catch (LispThrow | Shutdown s) {
      return null;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return e.toString();
    }
  }

  /** Inputs that share a fork: they see what those before them left there. */
  private static final int BATCH = 100;

  /** An input that takes longer is taken for endless, and interrupted as {@code C-c} does. */
  private static final long PATIENCE = 2_000_000_000L;

  /** By then the interruption has come, however busy the machine is. */
  private static final long LAST_PATIENCE = 90_000_000_000L;

  /** A batch that runs, and since when its present input does. */
  private static final class Batch {
    final Task task;
    final int first;

    // Written by the batch's thread, read by the guard: any recent value does.
    volatile long since = System.nanoTime();
    volatile boolean interrupted;
    volatile String present = "";

    Batch(Task task, int first) {
      this.task = task;
      this.first = first;
    }
  }

  private void run(Batch b, long seed, int end, Collection<String> failures) {
    for (int i = b.first; i < end; i++) {
      Random r = new Random(seed * 1_000_003 + i);
      boolean evaluate = i % 4 != 0;
      String source = evaluate ? form(r, 3) : text(r);
      b.present = source;
      b.interrupted = false;
      b.since = System.nanoTime();
      String failure = run(b.task, source, evaluate);
      if (failure != null) {
        failures.add("seed " + seed + " input " + i + ": " + source + "\n    " + failure);
      }
    }
    b.task.c.end();
  }

  @Test
  void nothingOfJavasComesOut() throws InterruptedException {
    long seed = Long.getLong("elver.seed", 1);
    int inputs = Integer.getInteger("elver.fuzz", 10_000);
    int from = Integer.getInteger("elver.fuzz.from", 0) / BATCH * BATCH;
    Collection<String> failures = new ConcurrentLinkedQueue<>();
    Set<Batch> running = ConcurrentHashMap.newKeySet();
    AtomicInteger interrupted = new AtomicInteger();
    CompletableFuture<String> stuck = new CompletableFuture<>();
    int threads = Runtime.getRuntime().availableProcessors();
    Semaphore free = new Semaphore(threads);
    Thread guard = new Thread(() -> interruptEndless(running, interrupted, stuck), "guard");
    guard.setDaemon(true);
    guard.start();
    for (int first = from;
        first < inputs && failures.size() < 30 && !stuck.isDone();
        first += BATCH) {
      await(free, 1, stuck);
      // Forked here, as a context belongs to one thread.
      Context c = t.c.fork();
      Task child = new Task(t.vm(), c);
      child.currentBuffer = t.currentBuffer;
      child.matchData = t.matchData;
      Batch batch = new Batch(child, first);
      running.add(batch);
      int end = Math.min(inputs, first + BATCH);
      Runnable body =
          () -> {
            try {
              run(batch, seed, end, failures);
            } catch (RuntimeException | Error e) {
              failures.add("seed " + seed + " input " + batch.present + "\n    " + e);
            } finally {
              running.remove(batch);
              free.release();
            }
          };
      Thread thread = new Thread(null, body, "fuzz", 1L << 29);
      thread.setDaemon(true);
      thread.start();
      if (first > from && (first - from) % 100_000 == 0) {
        System.out.println("fuzz: " + (first - from) + " inputs, " + failures.size() + " faults");
      }
    }
    await(free, threads, stuck);
    guard.interrupt();
    if (stuck.isDone()) {
      failures.add("seed " + seed + ", cannot be interrupted: " + stuck.join());
    }
    System.out.printf(
        "fuzz: seed %d, %d inputs, %d faults, %d interrupted as endless%n",
        seed, inputs - from, failures.size(), interrupted.get());
    assertEquals(0, failures.size(), () -> String.join("\n", failures));
  }

  /** Waits for threads that are free, or until one never will be. */
  private static void await(Semaphore free, int threads, CompletableFuture<String> stuck)
      throws InterruptedException {
    while (!stuck.isDone() && !free.tryAcquire(threads, 1, TimeUnit.SECONDS)) {
      // Not yet.
    }
  }

  /** Some programs rightly never end. */
  private static void interruptEndless(
      Set<Batch> running, AtomicInteger interrupted, CompletableFuture<String> stuck) {
    try {
      for (; ; ) {
        Thread.sleep(200);
        for (Batch b : running) {
          long took = System.nanoTime() - b.since;
          if (took > LAST_PATIENCE) {
            stuck.complete(b.present);
          } else if (took > PATIENCE && !b.interrupted) {
            b.interrupted = true;
            interrupted.incrementAndGet();
            if (Boolean.getBoolean("elver.fuzz.verbose")) {
              System.out.println("interrupted: " + b.present);
            }
            b.task.interrupt();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
