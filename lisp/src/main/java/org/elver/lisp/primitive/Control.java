package org.elver.lisp.primitive;

import java.util.List;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;

/** Calling functions, and leaving them otherwise than by returning. */
final class Control {
  private Control() {}

  @Primitive(value = "funcall", min = 1, doc = "Call the first of ARGS with the others.",
      args = "(FUNCTION &rest ARGUMENTS)")
  static Object funcall(Task t, Object[] args) {
    return t.tail(args[0], java.util.Arrays.copyOfRange(args, 1, args.length));
  }

  @Primitive(value = "apply", min = 1,
      doc = "Call FUNCTION with ARGUMENTS, the last of which is a list of further arguments.",
      args = "(FUNCTION &rest ARGUMENTS)")
  static Object apply(Task t, Object[] args) {
    if (args.length == 1) {
      List<Object> all = Lisp.elements(t.c, args[0]);
      return t.tail(all.get(0), all.subList(1, all.size()).toArray());
    }
    List<Object> last = Lisp.elements(t.c, args[args.length - 1]);
    Object[] all = new Object[args.length - 2 + last.size()];
    System.arraycopy(args, 1, all, 0, args.length - 2);
    for (int i = 0; i < last.size(); i++) {
      all[args.length - 2 + i] = last.get(i);
    }
    return t.tail(args[0], all);
  }

  @Primitive(value = "signal",
      doc = "Signal the condition ERROR-SYMBOL with DATA.  Never returns.")
  static Object signal(Task t, Object errorSymbol, Object data) {
    throw LispSignal.of(errorSymbol, data);
  }

  @Primitive(value = "throw", doc = "Leave the innermost `catch' for TAG, which returns VALUE.")
  static Object throwTo(Task t, Object tag, Object value) {
    throw t.thrower(tag, value);
  }

  @Primitive(value = "eval", min = 1,
      doc = "Evaluate FORM; LEXICAL non-nil: with lexical binding, in that environment if a list.")
  static Object eval(Task t, Object form, Object lexical) {
    return t.tail(t.vm().evaluator().compileForm(t, form, lexical));
  }

  @Primitive(value = "mapcar",
      doc = "Call FUNCTION with each element of SEQUENCE; return a list of the results.")
  static Object mapcar(Task t, Object function, Object sequence) {
    return new Mapcar(function, Lisp.elements(t.c, sequence).toArray()).resume(t, null);
  }

  private static final class Mapcar extends NativeFrame {
    private final Object function;
    private final Object[] items;
    private Object[] results;
    private int next;

    Mapcar(Object function, Object[] items) {
      this.function = function;
      this.items = items;
      this.results = new Object[items.length];
    }

    @Override
    public Object resume(Task t, Object value) {
      if (next > 0) {
        results[next - 1] = value;
      }
      return next == items.length ? t.list(results) : t.invoke(this, function, items[next++]);
    }

    @Override
    public NativeFrame copy() {
      Mapcar m = (Mapcar) super.copy();
      m.results = results.clone();
      return m;
    }
  }
}
