package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.LocalVariable;

/** Buffer-local variables. */
final class DataLocals {
  private DataLocals() {}

  private static Buffer buffer(Task t, Object x) {
    if (x == Symbol.NIL) {
      return Buffer.current(t);
    }
    if (x instanceof Buffer b) {
      return b;
    }
    throw LispSignal.wrongType(Q.BUFFERP, x);
  }

  @Primitive(
      value = "make-variable-buffer-local",
      interactive = "vMake Variable Buffer Local: ",
      doc = "Have VARIABLE become local to a buffer whenever it is set there; return VARIABLE.")
  static Object makeVariableBufferLocal(Task t, Object variable) {
    LocalVariable.makeAutomatic(t, Lisp.symbol(variable));
    return variable;
  }

  @Primitive(
      value = "make-local-variable",
      interactive = "vMake Local Variable: ",
      doc = "Make VARIABLE local to the current buffer; return VARIABLE.")
  static Object makeLocalVariable(Task t, Object variable) {
    LocalVariable.makeLocal(t, Lisp.symbol(variable));
    return variable;
  }

  @Primitive(
      value = "kill-local-variable",
      interactive = "vKill Local Variable: ",
      doc = "Make VARIABLE have its default value in the current buffer; return VARIABLE.")
  static Object killLocalVariable(Task t, Object variable) {
    LocalVariable.kill(t, Lisp.symbol(variable));
    return variable;
  }

  @Primitive(
      value = "local-variable-p",
      min = 1,
      doc = "Return t if VARIABLE has a local value in BUFFER, the current one by default.")
  static boolean localVariableP(Task t, Object variable, Object buffer) {
    return LocalVariable.isLocal(t, Lisp.symbol(variable), buffer(t, buffer));
  }

  @Primitive(
      value = "local-variable-if-set-p",
      min = 1,
      doc = "Return t if VARIABLE is local in BUFFER or would be after it was set there.")
  static boolean localVariableIfSetP(Task t, Object variable, Object buffer) {
    return LocalVariable.isLocalIfSet(t, Lisp.symbol(variable), buffer(t, buffer));
  }

  @Primitive(
      value = "variable-binding-locus",
      doc = "Return the current buffer if VARIABLE is local there, else nil.")
  static Object variableBindingLocus(Task t, Object variable) {
    Symbol s = Variables.indirect(t, Lisp.symbol(variable));
    Buffer b = Buffer.current(t);
    return s.redirect(t) instanceof LocalVariable && LocalVariable.isLocal(t, s, b)
        ? b
        : Symbol.NIL;
  }
}
