package org.elver.lisp.machine;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.compile.Compiler;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** A VM without any library, for tests: evaluates source, shows values. */
final class Evaluation {
  final Vm vm = new Vm(new Compiler(), AllPrimitives.groups());
  final Task t = vm.newMainTask();

  Evaluation() {
    eval(
        "(fset 'lambda (cons 'macro (function (lambda (&rest x)"
            + " (list 'function (cons 'lambda x))))))");
    for (String s :
        new String[] {
          "error",
          "quit",
          "wrong-type-argument",
          "void-function",
          "void-variable",
          "args-out-of-range",
          "wrong-number-of-arguments",
          "invalid-function",
          "no-catch"
        }) {
      eval("(put '" + s + " 'error-conditions '(" + s + (s.equals("quit") ? "" : " error") + "))");
    }
  }

  Object read(String source) {
    return ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
  }

  Object eval(String source) {
    return t.callNamed("eval", read(source), Symbol.T);
  }

  /** The value printed, or {@code ERROR (SYMBOL . DATA)}. */
  String show(String source) {
    try {
      return print(eval(source));
    } catch (LispSignal e) {
      return "ERROR " + print(t.cons(e.symbol(), e.data(t.c)));
    }
  }

  /** A function that suspends its task and returns what that is resumed with. */
  static final class Suspend extends Subr {
    Suspend() {
      super("test-suspend", 0, 1);
    }

    @Override
    protected Object call1(Task t, Object a) {
      return t.suspend();
    }
  }

  String print(Object o) {
    if (o instanceof Pair) {
      StringBuilder b = new StringBuilder("(");
      Object x = o;
      while (x instanceof Pair q) {
        b.append(b.length() > 1 ? " " : "").append(print(q.first(t.c)));
        x = q.second(t.c);
      }
      return b.append(x == Symbol.NIL ? "" : " . " + print(x)).append(")").toString();
    }
    if (o instanceof LispString s) {
      return '"' + s.toJava(t.c) + '"';
    }
    if (o instanceof Vector v) {
      StringBuilder b = new StringBuilder("[");
      for (int i = 0; i < v.length(t.c); i++) {
        b.append(i > 0 ? " " : "").append(print(v.get(t.c, i)));
      }
      return b + "]";
    }
    return String.valueOf(o);
  }
}
