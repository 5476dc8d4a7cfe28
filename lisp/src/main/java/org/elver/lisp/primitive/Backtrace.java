package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.machine.Frames;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Looking at the frames of the running task. */
final class Backtrace {
  private Backtrace() {}

  /** The frames, innermost first, from the one of {@code base} on when that is not nil. */
  private static List<Frames.Shown> frames(Task t, Object base) {
    List<Frames.Shown> all = Frames.of(t);
    if (base == Symbol.NIL) {
      return all;
    }
    Object wanted = resolved(t, base);
    int from = 0;
    while (from < all.size() && resolved(t, all.get(from).function()) != wanted) {
      from++;
    }
    return all.subList(from, all.size());
  }

  private static Object resolved(Task t, Object f) {
    Object x = Eval.functionOf(t, f);
    return x == Symbol.NIL ? f : x;
  }

  private static Object show(Task t, Object function, Frames.Shown s) {
    return t.call(
        function,
        Lisp.bool(s.evaluated()),
        s.function(),
        Lisp.list(t.c, s.arguments()),
        Symbol.NIL);
  }

  @Primitive(
      value = "mapbacktrace",
      min = 1,
      doc = "Call FUNCTION with EVALD, FUNC, ARGS and FLAGS of each frame, from BASE on.")
  static Object mapbacktrace(Task t, Object function, Object base) {
    for (Frames.Shown s : List.copyOf(frames(t, base))) {
      show(t, function, s);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "backtrace-frame--internal",
      doc = "Call FUNCTION on frame NFRAMES, counted from BASE.")
  static Object frame(Task t, Object function, Object nframes, Object base) {
    long n = Lisp.natnum(nframes);
    List<Frames.Shown> all = frames(t, base);
    return n < all.size() ? show(t, function, all.get((int) n)) : Symbol.NIL;
  }

  @Primitive(value = "backtrace--frames-from-thread", doc = "Return the frames of THREAD, a list.")
  static Object fromThread(Task t, Object thread) {
    if (!Lisp.isTrue(t.callNamed("threadp", thread))) {
      throw LispSignal.wrongType(Q.THREADP, thread);
    }
    List<Object> out = new ArrayList<>();
    for (Frames.Shown s : frames(t, Symbol.NIL)) {
      out.add(
          t.list(
              Lisp.bool(s.evaluated()), s.function(), Lisp.list(t.c, s.arguments()), Symbol.NIL));
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
