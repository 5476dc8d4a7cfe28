package org.elver.lisp.machine;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * What may keep a task waiting, done beside it: others run meanwhile, and it can be interrupted.
 */
public final class Blocking {
  /** The longest time between two looks at whether the task is interrupted. */
  private static final long SLICE = 100_000_000;

  private static final Symbol WAIT_FORBIDDEN = Symbol.known("wait-forbidden");

  private Blocking() {}

  /** Whether the task may wait where it is. */
  public static boolean isAllowed(Task t) {
    return t.scheduling() == null || t.scheduling().mayWait();
  }

  /** Signals {@code wait-forbidden} unless the task may wait where it is. */
  public static void requireAllowed(Task t) {
    if (!isAllowed(t)) {
      throw new LispSignal(WAIT_FORBIDDEN);
    }
  }

  /** Starts {@code operation} in a thread of its own. */
  public static <T> CompletableFuture<T> start(Callable<T> operation) {
    CompletableFuture<T> f = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                f.complete(operation.call());
              } catch (Throwable e) { // Errors too, or who waits would do so for ever.
                f.completeExceptionally(e);
              }
            });
    return f;
  }

  /**
   * Waits for the result of an operation. When the task is interrupted the operation goes on: one
   * may wait for it again. Signals {@code wait-forbidden} where it would have to wait and must not.
   *
   * @throws IOException when the operation throws one
   */
  public static <T> T await(Task t, CompletableFuture<T> operation) throws IOException {
    AtomicReference<Runnable> waker = new AtomicReference<>();
    if (!operation.isDone()) {
      // What it ends with, get tells below.
      var _ = operation.whenComplete((v, e) -> wake(waker));
    }
    for (; ; ) {
      try {
        t.safepoint();
        Scheduling s = t.scheduling();
        if (!operation.isDone()) {
          requireAllowed(t);
        }
        if (s != null && !operation.isDone()) {
          s.prepare(
              SLICE,
              wake -> {
                waker.set(wake);
                if (operation.isDone()) {
                  wake(waker);
                }
              });
          Object woken = s.waitHere(t);
          waker.set(null);
          if (woken instanceof RuntimeException e) {
            throw e;
          }
        }
        return operation.get(s == null ? 50 : 0, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Not yet: look whether anything is requested, and go on waiting.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LispSignal(Q.QUIT);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException i) {
          throw i;
        }
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IOException(e.getCause());
      }
    }
  }

  /**
   * As {@link #await}, for what mostly is done at once: the thread waits for so long before it
   * gives the task up.
   */
  public static <T> T awaitBriefly(Task t, CompletableFuture<T> operation) throws IOException {
    try {
      operation.get(BRIEF, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return await(t, operation); // Which tells of it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return await(t, operation);
  }

  /** No longer than a task's slice, in nanoseconds. */
  private static final long BRIEF = 500_000;

  private static void wake(AtomicReference<Runnable> waker) {
    Runnable r = waker.getAndSet(null);
    if (r != null) {
      r.run();
    }
  }
}
