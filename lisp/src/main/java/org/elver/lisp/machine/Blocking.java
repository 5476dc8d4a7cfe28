package org.elver.lisp.machine;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;

/** What may keep a task waiting, done beside it, so that the task can be interrupted meanwhile. */
public final class Blocking {
  private Blocking() {}

  /**
   * Starts {@code operation} unless it runs, and waits for its result. When the task is interrupted
   * the operation goes on: one may wait for it again.
   *
   * @throws IOException when the operation throws one
   */
  public static <T> T await(Task t, FutureTask<T> operation) throws IOException {
    Thread.ofVirtual().start(operation); // Which does nothing when it has run already.
    for (; ; ) {
      try {
        return operation.get(50, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        t.safepoint();
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
}
