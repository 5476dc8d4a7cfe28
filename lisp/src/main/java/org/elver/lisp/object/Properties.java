package org.elver.lisp.object;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The text properties that a string keeps: immutable, but with references into the heap. */
public interface Properties {
  /** Shows every name and value of a property. */
  void forEachValue(Consumer<Object> visitor);

  /** The same with every name and value replaced. */
  Properties map(UnaryOperator<Object> replacement);
}
