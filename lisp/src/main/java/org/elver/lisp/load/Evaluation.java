package org.elver.lisp.load;

import java.util.ArrayDeque;
import java.util.List;
import org.elver.lisp.machine.BindingFrame;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Evaluates forms one after another: the common part of loading a file and evaluating a buffer. Its
 * bindings are on the task's binding stack; it takes them back when it is done.
 */
public abstract class Evaluation extends BindingFrame {
  private static final Symbol EXPAND = Symbol.known("internal-macroexpand-for-load");
  private static final Symbol VALUES = Symbol.known("values");

  private enum Stage {
    READ,
    EXPANDED_ONCE,
    EXPANDED,
    EVALUATED,
    AFTER
  }

  private Forms forms;
  private final Object sourceName;
  private final boolean print;
  private boolean expand;
  private Object lexical;
  private ArrayDeque<Object> pending = new ArrayDeque<>();
  private Stage stage = Stage.READ;

  /**
   * An evaluation of forms of {@code sourceName}; bindings from {@code mark} on are its own. Made
   * when they are all in force.
   */
  protected Evaluation(Task t, Forms forms, Object sourceName, boolean print, int mark) {
    super(mark);
    this.forms = forms;
    this.sourceName = sourceName;
    this.print = print;
    boolean compiled = sourceName instanceof LispString s && s.toJava(t.c).endsWith(".elc");
    expand = !compiled && EXPAND.function(t) != Symbol.NIL;
    lexical = Lisp.bool(Lisp.isTrue(Variables.orNil(t, Q.LEXICAL_BINDING)));
    t.bind(Q.CURRENT_LOAD_LIST, t.list(sourceName));
  }

  /** What remains to be done when all forms are evaluated and bindings taken back. */
  protected abstract Object finish(Task t, Object value);

  /** Done when all forms are evaluated, with the bindings still in force. */
  protected void beforeUnbinding(Task t) {}

  /** Whether the forms are all that the file has. */
  protected boolean isEntire() {
    return true;
  }

  @Override
  public Object resume(Task t, Object value) {
    switch (stage) {
      case EXPANDED_ONCE -> {
        if (Lisp.carSafe(t.c, value) == Q.PROGN) {
          List<Object> parts = Lisp.elements(t.c, Lisp.cdr(t.c, value));
          for (int i = parts.size() - 1; i >= 0; i--) {
            pending.push(parts.get(i));
          }
          return next(t);
        }
        stage = Stage.EXPANDED;
        return t.invoke(this, EXPAND, value, Symbol.T);
      }
      case EXPANDED -> {
        return evaluate(t, value);
      }
      case EVALUATED -> {
        if (print) {
          show(t, value);
        }
        return next(t);
      }
      case AFTER -> {
        return finish(t, value);
      }
      default -> {
        return next(t);
      }
    }
  }

  private Object next(Task t) {
    Object form = pending.isEmpty() ? forms.next(t) : pending.pop();
    if (form == Forms.END) {
      stage = Stage.AFTER;
      History.record(t, sourceName, isEntire());
      beforeUnbinding(t);
      unbind(t);
      return finish(t, null);
    }
    if (expand) {
      stage = Stage.EXPANDED_ONCE;
      return t.invoke(this, EXPAND, form, Symbol.NIL);
    }
    return evaluate(t, form);
  }

  private Object evaluate(Task t, Object form) {
    stage = Stage.EVALUATED;
    return t.invoke(this, t.vm().evaluator().compileToplevel(t, form, lexical));
  }

  private static void show(Task t, Object value) {
    Variables.set(t, VALUES, t.cons(value, Variables.orNil(t, VALUES)));
    boolean terminal = Variables.orNil(t, Q.STANDARD_OUTPUT) == Symbol.T;
    t.callNamed(terminal ? "prin1" : "print", value);
  }

  @Override
  public NativeFrame copy() {
    Evaluation e = (Evaluation) super.copy();
    e.forms = forms.copy();
    e.pending = pending.clone();
    return e;
  }
}
