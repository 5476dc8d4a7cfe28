package org.elver.lisp.read;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;

/** Reads from a Lisp function: without argument it gives a character, with one it takes it back. */
public final class FunctionInput extends Input {
  private final Task t;
  private final Object function;

  /** Reads what {@code function} gives. */
  public FunctionInput(Task t, Object function) {
    this.t = t;
    this.function = function;
  }

  @Override
  public int next() {
    Object x = t.call(function);
    return x instanceof Long l ? (int) (long) l : -1;
  }

  @Override
  public void back(int code) {
    t.call(function, code < 0 ? Symbol.NIL : (Object) (long) code);
  }
}
