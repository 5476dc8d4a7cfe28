package org.elver.lisp.concurrent;

import java.math.BigInteger;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Waiter;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** What all operations that may wait have in common. */
final class Waits {
  private Waits() {}

  /** The running task, which is about to wait. */
  static LispFiber waiter(Task t) {
    t.irrevocable();
    LispFiber f = able(t);
    if (f == null) {
      throw unable(t);
    }
    return f;
  }

  /** The running task if it may wait here; else null. */
  static LispFiber able(Task t) {
    LispFiber f = LispFiber.of(t);
    return f == null || f.isWaitForbidden() ? null : f;
  }

  /** Why the running task must not wait here. */
  static LispSignal unable(Task t) {
    return LispFiber.of(t) == null
        ? LispSignal.error("Nothing can wait here: no scheduler runs this code")
        : new LispSignal(Conditions.WAIT_FORBIDDEN);
  }

  /** A number of seconds as nanoseconds; -1 for nil: no limit. */
  static long nanos(Object seconds) {
    if (seconds == Symbol.NIL) {
      return -1;
    }
    double s =
        switch (seconds) {
          case Long l -> l;
          case Double d -> d;
          case BigInteger b -> b.doubleValue();
          default -> throw LispSignal.wrongType(Symbol.known("numberp"), seconds);
        };
    if (Double.isNaN(s)) {
      throw LispSignal.wrongType(Symbol.known("numberp"), seconds);
    }
    return s <= 0 ? 0 : (long) Math.min(s * 1e9, 9e18);
  }

  /** Ends the wait of {@code f}, just registered, after {@code nanos}; -1: never. */
  static void limit(LispFiber f, long nanos) {
    if (nanos >= 0 && f.waitToken() instanceof Waiter w) {
      f.timeout(w, nanos);
    }
  }

  /** Waits, after the registration; {@code operation} says what, in the error of a timeout. */
  static Object park(Task t, LispFiber f, long nanos, NativeFrame frame) {
    limit(f, nanos);
    return t.park(frame);
  }

  /** Signals {@code operation-timeout} if that is what woke the task. */
  static void checkTimeout(Task t, Object woken, String operation) {
    if (woken == Fiber.TIMEOUT) {
      throw new LispSignal(Conditions.OPERATION_TIMEOUT, t.symbols().intern(t, operation));
    }
  }
}
