package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Looking at the frames of the running task. */
final class Backtrace {
  private Backtrace() {}

  /** A frame; {@code evaluated}: what follows the function are values, not the forms of a call. */
  private record Shown(boolean evaluated, Object function, Object[] arguments) {
    static Shown call(Object[] all) {
      return new Shown(true, all[0], Arrays.copyOfRange(all, 1, all.length));
    }
  }

  private static final Symbol SIGNAL = Symbol.known("signal");
  private static final Symbol SIGNAL_IN = Symbol.known("elver--signal-in");
  private static final Symbol EVAL_LATE = Symbol.known("elver--eval-late");
  private static final Symbol USER_ERROR = Symbol.known("user-error");

  /** The frames, innermost first, from the one of {@code base} on when that is not nil. */
  private static List<Shown> frames(Task t, Object base) {
    List<Shown> all = new ArrayList<>();
    Object[] running = t.runningPrimitive();
    if (running != null) {
      all.add(Shown.call(running));
    }
    for (int i = t.frameCount() - 1; i >= 0; i--) {
      if (!t.isEvalFrame(i)) {
        all.add(new Shown(true, t.frameFunction(i), t.frameArguments(i)));
      }
    }
    all = asWritten(t, all);
    if (base == Symbol.NIL) {
      return all;
    }
    Object wanted = resolved(t, base);
    int from = 0;
    while (from < all.size() && resolved(t, all.get(from).function) != wanted) {
      from++;
    }
    return all.subList(from, all.size());
  }

  /** Without the functions that compiled code needs where what was written has none. */
  private static List<Shown> asWritten(Task t, List<Shown> frames) {
    List<Shown> all = new ArrayList<>();
    for (Shown s : frames) {
      if (s.function == EVAL_LATE || s.function == SIGNAL_IN) {
        if (s.arguments.length > 0 && s.arguments[0] instanceof Pair form) {
          all.add(new Shown(false, form.first(t.c), Lisp.elements(t.c, form.second(t.c)).toArray()));
        }
        continue;
      }
      if ((s.function == Q.ERROR || s.function == USER_ERROR) && !all.isEmpty() && all.getLast().function == SIGNAL) {
        all.removeLast(); // It is clear from the name.
      }
      all.add(s);
    }
    return all;
  }

  private static Object resolved(Task t, Object f) {
    Object x = Eval.functionOf(t, f);
    return x == Symbol.NIL ? f : x;
  }

  private static Object show(Task t, Object function, Shown s) {
    return t.call(function, Lisp.bool(s.evaluated), s.function, t.list(s.arguments), Symbol.NIL);
  }

  @Primitive(
      value = "mapbacktrace",
      min = 1,
      doc = "Call FUNCTION with EVALD, FUNC, ARGS and FLAGS of each frame, from BASE on.")
  static Object mapbacktrace(Task t, Object function, Object base) {
    for (Shown s : List.copyOf(frames(t, base))) {
      show(t, function, s);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "backtrace-frame--internal",
      doc = "Call FUNCTION on frame NFRAMES, counted from BASE.")
  static Object frame(Task t, Object function, Object nframes, Object base) {
    long n = Lisp.natnum(nframes);
    List<Shown> all = frames(t, base);
    return n < all.size() ? show(t, function, all.get((int) n)) : Symbol.NIL;
  }

  @Primitive(value = "backtrace--frames-from-thread", doc = "Return the frames of THREAD, a list.")
  static Object fromThread(Task t, Object thread) {
    if (!Lisp.isTrue(t.callNamed("threadp", thread))) {
      throw LispSignal.wrongType(Q.THREADP, thread);
    }
    List<Object> out = new ArrayList<>();
    for (Shown s : frames(t, Symbol.NIL)) {
      out.add(t.list(Lisp.bool(s.evaluated), s.function, t.list(s.arguments), Symbol.NIL));
    }
    return Lisp.list(t.c, out);
  }

  @Primitive(value = "backtrace-debug", doc = "Set the debug FLAG of the frame LEVEL levels up.")
  static Object debug(Task t, Object level, Object flag) {
    Lisp.fixnum(level);
    return flag;
  }

  @Primitive(
      value = "backtrace-eval",
      min = 2,
      doc =
          "Evaluate EXP; NFRAMES and BASE would say in which frame, but bindings stay as they are.")
  static Object eval(Task t, Object exp, Object nframes, Object base) {
    Lisp.natnum(nframes);
    return t.tail(t.vm().subr("eval"), exp, Symbol.T);
  }

  @Primitive(
      value = "backtrace--locals",
      min = 1,
      doc = "Return the local variables of frame NFRAMES: nil, compiled code does not name them.")
  static Object locals(Task t, Object nframes, Object base) {
    Lisp.natnum(nframes);
    return Symbol.NIL;
  }
}
