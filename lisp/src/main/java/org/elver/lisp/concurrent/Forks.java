package org.elver.lisp.concurrent;

import java.util.List;
import org.elver.kernel.task.Completion;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Results;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;

/**
 * The forks that do the chunks of one call, each in an isolate of its own. Complete when all have
 * ended that matter: up to the first that failed, if one did; those after it are ended then.
 */
final class Forks extends Completion implements Cleanup {
  private final LispIsolate[] isolates;

  /** How many have not ended, among those before {@link #failed}. Guarded by this. */
  private int pending;

  /** The lowest that has failed so far. Guarded by this. */
  private int failed;

  /** Which have ended. Guarded by this. */
  private final boolean[] ended;

  /** Nobody wants the values any more. Guarded by this. */
  private boolean given;

  private Forks(int n) {
    isolates = new LispIsolate[n];
    ended = new boolean[n];
    pending = n;
    failed = n;
  }

  /** Forks the isolate of {@code t} for each chunk. */
  static Forks begin(Task t, List<Chunk> chunks) {
    Forks forks = new Forks(chunks.size());
    Object run = t.vm().subr("elver--run-chunk");
    CodeInAdvance.makeAll(t, chunks.getFirst().function());
    for (int i = 0; i < forks.isolates.length; i++) {
      LispIsolate child = new LispIsolate(t);
      child.prepareWith(Startup::forked);
      child.ignoreErrors();
      child.sparePartners();
      child.throwTo(t);
      forks.isolates[i] = child;
    }
    for (int i = 0; i < forks.isolates.length; i++) {
      LispIsolate child = forks.isolates[i];
      int index = i;
      child.whenDone(
          new Callback() {
            @Override
            public void done(Object value, boolean hasFailed) {
              forks.ended(index, hasFailed);
            }
          });
      child.begin(new LispFiber(child, t.currentBuffer, run, chunks.get(i)));
    }
    return forks;
  }

  private void ended(int i, boolean hasFailed) {
    boolean all;
    boolean useless;
    int from = isolates.length;
    int to = from;
    synchronized (this) {
      ended[i] = true;
      useless = given || i > failed;
      if (i < failed) {
        pending--;
        if (hasFailed) {
          from = i + 1;
          to = failed;
          for (int k = from; k < to; k++) {
            if (!ended[k]) {
              pending--;
            }
          }
          failed = i;
        }
      }
      all = pending == 0;
    }
    if (useless) {
      Results.discard(isolates[i]);
    }
    for (int k = from; k < to; k++) {
      stop(k);
    }
    if (all) {
      complete(Symbol.NIL);
    }
  }

  /** Ends what goes on, and lets go of what has ended. */
  private void stop(int i) {
    boolean over;
    synchronized (this) {
      over = ended[i];
    }
    if (over) {
      Results.discard(isolates[i]);
    } else {
      isolates[i].requestKill(new Results.Killed("killed"));
    }
  }

  /** The call is over, one way or another. */
  @Override
  public void run(Task t) {
    synchronized (this) {
      given = true;
    }
    for (int i = 0; i < isolates.length; i++) {
      stop(i);
    }
  }

  /** The number of forks. */
  int size() {
    return isolates.length;
  }

  /** The value of fork {@code i}, for the isolate that began it. */
  Object value(Task t, int i) {
    return Results.value(t, isolates[i], isolates[i].outcome());
  }

  /** The error that the first fork to fail failed with; null: none did. To be thrown. */
  RuntimeException failure(Task t) {
    int first;
    synchronized (this) {
      first = failed;
    }
    return first == isolates.length ? null : failure(t, isolates[first]);
  }

  private static RuntimeException failure(Task t, LispIsolate of) {
    if (!(of.outcome() instanceof LispFiber.Failed f)) {
      try {
        Results.take(t, of);
      } catch (LispSignal s) {
        return s;
      }
      throw new IllegalStateException("a failed fork has a value");
    }
    Object error = Results.value(t, of, f.error());
    Object symbol = Lisp.car(t.c, error);
    Object data = Lisp.cdr(t.c, error);
    if (symbol == Q.NO_CATCH
        && Lisp.cdrSafe(t.c, data) != Symbol.NIL
        && Lisp.cdrSafe(t.c, data) instanceof org.elver.heap.object.Pair rest) {
      return t.thrower(Lisp.car(t.c, data), rest.first(t.c)); // Here there may be one.
    }
    return LispSignal.of(symbol, data);
  }
}
