package org.elver.lisp.isolate;

import org.elver.heap.graph.Join;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** What ended isolates leave to those who join them. */
public final class Results {
  /** Why an isolate was ended: {@code timeout}, {@code memory} or {@code killed}. */
  public record Killed(String reason) {
    boolean isByLimit() {
      return !"killed".equals(reason);
    }

    /** Whether what the isolate has returned before is its value all the same. */
    boolean leavesValue() {
      return !"irrevocable".equals(reason);
    }
  }

  private Results() {}

  /**
   * The value of the ended isolate {@code of}, for {@code t}: its spawner takes over the objects,
   * others get copies. Signals what ended it otherwise.
   */
  public static Object take(Task t, LispIsolate of) {
    of.observe();
    Object outcome = of.outcome();
    if (!of.isFailed()) {
      return value(t, of, outcome);
    }
    throw switch (outcome) {
      case Killed k ->
          new LispSignal(
              Conditions.ISOLATE_KILLED, of.isolateName(), t.symbols().intern(t, k.reason()));
      case Shutdown s ->
          new LispSignal(
              Conditions.ISOLATE_ERROR,
              of.isolateName(),
              t.list(Symbol.known("kill-emacs"), (long) s.status()),
              Symbol.NIL);
      case LispFiber.Failed f ->
          new LispSignal(
              Conditions.ISOLATE_ERROR,
              of.isolateName(),
              value(t, of, f.error()),
              f.backtrace() == null ? Symbol.NIL : LispString.of(t.c, f.backtrace()));
      default -> throw new IllegalStateException("outcome " + outcome);
    };
  }

  /** {@code value}, which is of the ended isolate {@code of}, for {@code t}. */
  public static Object value(Task t, LispIsolate of, Object value) {
    if (Lisp.isImmediate(value)) {
      synchronized (of) {
        of.released();
      }
      return value;
    }
    Object takenByAnother;
    synchronized (of) {
      Object taken = of.takenBy(t);
      if (taken != null) {
        return taken;
      }
      if (of.small() != null) {
        Object v = Values.copyOut(t, of.small());
        if (of.isChildOf(LispIsolate.of(t))) {
          of.setTaken(t, v);
        }
        return v;
      }
      Context child = of.context();
      boolean mine = of.isChildOf(LispIsolate.of(t));
      if (child.isEnded()) {
        takenByAnother = of.takenByAnother();
      } else if (mine && !of.isFresh() && t.c.canAdopt(child)) {
        Object v = Join.adopt(t.c, child, value, Values.PASSAGE);
        of.setTaken(t, v);
        of.released();
        return v;
      } else {
        Object copy = Values.copy(child, t, value);
        if (mine) {
          of.setTaken(t, copy);
        }
        return copy;
      }
    }
    return of.copyOf(t, takenByAnother);
  }

  /** Lets go of what the ended isolate {@code of} has left. Any thread. */
  public static void discard(LispIsolate of) {
    synchronized (of) {
      Context c = of.context();
      if (!c.isEnded()) {
        c.end();
      }
      of.released();
    }
  }
}
