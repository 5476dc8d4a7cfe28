package org.elver.lisp.compile;

import org.elver.lisp.object.Symbol;

/**
 * What a name means at some place: a lexical variable, or (when {@code variable} is null) a special
 * one by a local {@code (defvar NAME)}; outer scopes follow.
 */
record Scope(Symbol name, Var variable, Scope outer) {
  static Scope find(Scope from, Symbol name) {
    for (Scope s = from; s != null; s = s.outer) {
      if (s.name == name) {
        return s;
      }
    }
    return null;
  }
}
