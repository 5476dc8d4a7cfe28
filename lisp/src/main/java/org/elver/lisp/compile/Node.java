package org.elver.lisp.compile;

import java.util.List;
import org.elver.lisp.object.Symbol;

/** A form whose macros are expanded and whose names are resolved. */
sealed interface Node {
  /** A constant. */
  record Const(Object value) implements Node {}

  /** The value of a lexical variable. */
  record Local(Var variable) implements Node {}

  /** The value of a special variable. */
  record Global(Symbol name) implements Node {}

  /** Sets a lexical variable. */
  record SetLocal(Var variable, Node value) implements Node {}

  /** Sets a special variable. */
  record SetGlobal(Symbol name, Node value) implements Node {}

  /** One after another; the last gives the value. */
  record Progn(List<Node> forms) implements Node {}

  /** The first gives the value. */
  record Prog1(Node first, Node rest) implements Node {}

  /** A choice. */
  record If(Node test, Node then, Node otherwise) implements Node {}

  /** The value of the first form that is nil, or of the last. */
  record And(List<Node> forms) implements Node {}

  /** The value of the first form that is not nil, or of the last. */
  record Or(List<Node> forms) implements Node {}

  /** A loop; its value is nil. */
  record While(Node test, Node body) implements Node {}

  /** One variable of a let: lexical, or special when {@code variable} is null. */
  record Binding(Symbol name, Var variable, Node value) {}

  /** Bindings, all at once or one after another. */
  record Let(List<Binding> bindings, boolean sequential, Node body) implements Node {}

  /** A closure as byte-code. */
  record Lambda(Function function, Object arglist, List<Object> extra) implements Node {}

  /** A closure as a list: {@code (closure ENV . tail)}; the environment, innermost first. */
  record Listed(Object tail, Environment environment) implements Node {}

  /** A form to be looked at again when reached, in this environment. */
  record Late(Object form, Environment environment) implements Node {}

  /**
   * Variables (Var) and names declared special (Symbol), innermost first; then the environment list
   * that the code was given: in a variable, or known.
   */
  record Environment(List<Object> entries, Var tailVariable, Object tail) {}

  /** A call of a function by name. */
  record Call(Symbol name, List<Node> arguments) implements Node {}

  /** A call of a function that is no name. */
  record CallValue(Node function, List<Node> arguments) implements Node {}

  /** catch. */
  record Catch(Node tag, Node body) implements Node {}

  /** unwind-protect; cleanup is a Lambda without arguments. */
  record UnwindProtect(Node body, Node cleanup) implements Node {}

  /** A clause of a condition-case. */
  record Clause(Object conditions, Node body) {}

  /** condition-case; the variable is null when there is none, special when it has no Var. */
  record ConditionCase(
      Symbol name, Var variable, Node body, List<Clause> clauses, Var successVariable, Node success)
      implements Node {}

  /** save-excursion and its like, by instruction. */
  record Save(int op, Node body) implements Node {}
}
