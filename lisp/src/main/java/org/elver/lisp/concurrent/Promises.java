package org.elver.lisp.concurrent;

import org.elver.kernel.task.Completion;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.LispPromise;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Promises: values to come. */
final class Promises {
  private static final Symbol PROMISEP = Symbol.known("promisep");

  private Promises() {}

  static LispPromise promise(Object x) {
    if (x instanceof LispPromise p) {
      return p;
    }
    throw LispSignal.wrongType(PROMISEP, x);
  }

  @Primitive(value = "promisep", doc = "Return t if OBJECT is a promise.")
  static boolean promisep(Task t, Object object) {
    return object instanceof LispPromise;
  }

  @Primitive(
      value = "promise-await",
      min = 1,
      doc =
          "Wait for the value of PROMISE and return a copy of it.\n"
              + "An error in what was to give the value is signaled as it was there.  Wait TIMEOUT"
              + " seconds\n"
              + "at most (nil: no limit), then signal `operation-timeout'.")
  static Object promiseAwait(Task t, Object promise, Object timeout) {
    return await(t, promise(promise), Waits.nanos(timeout));
  }

  /** Waits for the value. To be returned at once. */
  static Object await(Task t, LispPromise p, long nanos) {
    if (p.isDone()) {
      return p.take(t);
    }
    LispFiber f = Waits.waiter(t);
    return p.await(f) ? Waits.park(t, f, nanos, new Awaiting(p)) : p.take(t);
  }

  private static final class Awaiting extends NativeFrame {
    private final LispPromise promise;

    Awaiting(LispPromise promise) {
      this.promise = promise;
    }

    @Override
    public Object resume(Task t, Object woken) {
      Waits.checkTimeout(t, woken, "promise-await");
      return promise.take(t);
    }
  }

  @Primitive(value = "promise-done-p", doc = "Return t if PROMISE has its value, or has failed.")
  static boolean promiseDoneP(Task t, Object promise) {
    return promise(promise).isDone();
  }

  @Primitive(
      value = "promise-then",
      doc =
          "Have FUNCTION called with the value of PROMISE; return a promise of its value.\n"
              + "It is called in a task of the current isolate.  The promise, which is returned at"
              + " once,\n"
              + "fails as PROMISE does.")
  static Object promiseThen(Task t, Object promise, Object function) {
    LispPromise p = promise(promise);
    LispIsolate me = Tasks.isolate(t);
    LispPromise result = new LispPromise();
    LispFiber f =
        new LispFiber(
            me, t.currentBuffer, (LispFiber.Message) mine -> new Object[] {function, p.take(mine)});
    result.follow(f);
    p.whenDone(
        new Completion.Callback() {
          @Override
          public void done(Object value, boolean failed) {
            if (failed) {
              result.fail(value);
            } else {
              me.post(f);
            }
          }
        });
    return result;
  }
}
