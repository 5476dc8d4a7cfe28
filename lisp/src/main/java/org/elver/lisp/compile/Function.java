package org.elver.lisp.compile;

import java.util.ArrayList;
import java.util.List;

/** A function being compiled: what it takes from outside, and its body. */
final class Function {
  final Function outer;

  /** Variables of outer functions that it uses, in the order of its first constants. */
  final List<Var> captured = new ArrayList<>();

  /** Arguments, in order. */
  final List<Var> arguments = new ArrayList<>();

  /** Pairs of the environment it was given at run time that it uses, by place in that list. */
  final List<Var> environment = new ArrayList<>();

  final List<Integer> environmentIndex = new ArrayList<>();

  int minArgs;
  int maxArgs;
  boolean rest;
  Node body;

  Function(Function outer) {
    this.outer = outer;
  }

  /** Where {@code v}, of an outer function, is among the captured ones. */
  int indexOf(Var v) {
    int i = captured.indexOf(v);
    if (i < 0) {
      i = captured.size();
      captured.add(v);
    }
    return i;
  }
}
