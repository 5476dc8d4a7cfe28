package org.elver.lisp.isolate;

import java.util.function.BiFunction;
import org.elver.kernel.task.Completion;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/**
 * A promise: a value to come, owed by a task of some isolate, for any isolate to wait for. The
 * value is kept packed, and everybody who asks gets a copy.
 */
public final class LispPromise extends Completion implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("promise");

  /** The failure of a promise whose isolate ended before it was kept. */
  private record Broken(LispIsolate by) {}

  /** Has it be kept by what {@code f} returns, or broken with what ends it. */
  public void follow(LispFiber f) {
    follow(f, null);
  }

  /**
   * As {@link #follow(LispFiber)}; the value is what {@code passing} makes of that of {@code f}: by
   * the runner of its isolate, something that passes by reference.
   */
  public void follow(LispFiber f, BiFunction<Task, Object, Object> passing) {
    f.whenDone(
        new Callback() {
          @Override
          public void done(Object value, boolean failed) {
            LispIsolate i = f.lispIsolate();
            if (!failed && passing != null) {
              complete(passing.apply(i.running(), value));
            } else if (!failed) {
              keep(i.running(), value);
            } else if (value instanceof LispFiber.Failed e && !isLeftBehind(i, e)) {
              fail(Values.packError(i.running(), e.error()));
            } else {
              abandon(i);
            }
          }
        });
  }

  /** Whether a task was only cancelled because its isolate ended. */
  private static boolean isLeftBehind(LispIsolate i, LispFiber.Failed e) {
    return i.root().isDone() && Lisp.carSafe(i.context(), e.error()) == Conditions.TASK_CANCELLED;
  }

  /** Ends it with a value of {@code t}'s isolate, or with the reason why that cannot pass. */
  public void keep(Task t, Object value) {
    try {
      complete(Values.pack(t, value));
    } catch (LispSignal s) {
      fail(Values.packError(t, t.cons(s.symbol(), s.data(t.c))));
    }
  }

  /** {@code by}, who owes it, has ended. */
  void abandon(LispIsolate by) {
    fail(new Broken(by));
  }

  /** The value, for the isolate of {@code t}, after the end; signals what broke it. */
  public Object take(Task t) {
    Object outcome = outcome();
    if (!isFailed()) {
      return Values.copyOut(t, outcome);
    }
    if (outcome instanceof Broken b) {
      throw new LispSignal(Conditions.ISOLATE_DEAD, b.by());
    }
    Object error = Values.copyOut(t, outcome);
    throw LispSignal.of(Lisp.car(t.c, error), Lisp.cdr(t.c, error));
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    String state = isDone() ? isFailed() ? " broken" : " kept" : "";
    return "#<promise 0x" + Integer.toHexString(hashCode()) + state + ">";
  }
}
