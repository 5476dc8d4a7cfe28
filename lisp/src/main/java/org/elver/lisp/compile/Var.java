package org.elver.lisp.compile;

import org.elver.lisp.object.Symbol;

/** A lexical variable of the code being compiled. */
final class Var {
  final Symbol name;

  /** The function that binds it. */
  final Function owner;

  /** Some code of an inner function uses it. */
  boolean captured;

  /** Some code sets it. */
  boolean mutated;

  /** It must lie in a pair {@code (NAME . VALUE)}, whatever else is known. */
  boolean listed;

  /** Its stack slot in its owner's frame, once known. */
  int slot = -1;

  Var(Symbol name, Function owner) {
    this.name = name;
    this.owner = owner;
  }

  /** Whether its value lies in a pair that closures share. */
  boolean isBoxed() {
    return listed || (captured && mutated);
  }
}
