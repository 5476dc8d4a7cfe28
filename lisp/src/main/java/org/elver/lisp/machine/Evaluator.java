package org.elver.lisp.machine;

import org.elver.heap.object.Pair;
import org.elver.lisp.code.ByteCode;

/** What the machine needs of the compiler: source made runnable. Stateless; any thread. */
public interface Evaluator {
  /**
   * A function of no arguments that evaluates {@code form} as {@code eval} does.
   *
   * @param lexical nil for dynamic binding, t or an environment alist
   */
  ByteCode compileForm(Task t, Object form, Object lexical);

  /**
   * As {@link #compileForm}, for a form of a file that is loaded: its functions become byte-code
   * objects instead of lists.
   */
  ByteCode compileToplevel(Task t, Object form, Object lexical);

  /**
   * As {@link #compileForm}, for a form inside code: a function of one argument, the environment.
   */
  ByteCode compileLate(Task t, Pair form, Object environment);

  /**
   * The code of a function in list form: {@code (lambda ARGS . BODY)} or {@code (closure ENV ARGS .
   * BODY)}. That of a closure takes ENV as an argument before the others.
   *
   * @throws org.elver.lisp.object.LispSignal {@code invalid-function} when the list is none
   */
  ByteCode compileFunction(Task t, Pair function);

  /** What makes the code that it makes, and other code, faster when it runs often. */
  default Tier tier() {
    return Tier.NONE;
  }
}
