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

/**
 * What may keep a task waiting, done beside it: others run meanwhile, and it can be interrupted.
 */
public final class Blocking {
  /** The longest time between two looks at whether the task is interrupted. */
  private static final long SLICE = 100_000_000;

  private Blocking() {}

  /** Starts {@code operation} in a thread of its own. */
  public static <T> CompletableFuture<T> start(Callable<T> operation) {
    CompletableFuture<T> f = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                f.complete(operation.call());
              } catch (Exception e) {
                f.completeExceptionally(e);
              }
            });
    return f;
  }

  /**
   * Waits for the result of an operation. When the task is interrupted the operation goes on: one
   * may wait for it again.
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
        if (s != null && s.mayWait() && !operation.isDone()) {
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
        if (s == null || s.mayWait()) {
          return operation.get(s == null ? 50 : 0, TimeUnit.MILLISECONDS);
        }
        s.blocking(t);
        try {
          return operation.get(50, TimeUnit.MILLISECONDS);
        } finally {
          s.blocked(t);
        }
      } catch (TimeoutException e) {
        // Not yet: look whether anything is requested, and go on waiting.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LispSignal(Q.QUIT);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException i) {
          throw i;
        }
        throw new IOException(e.getCause());
      }
    }
  }

  private static void wake(AtomicReference<Runnable> waker) {
    Runnable r = waker.getAndSet(null);
    if (r != null) {
      r.run();
    }
  }
}
