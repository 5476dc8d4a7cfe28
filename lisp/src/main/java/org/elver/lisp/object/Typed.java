package org.elver.lisp.object;

/** An object that knows what {@code type-of} says of it. */
public interface Typed {
  /** The type's name. */
  Symbol lispType();
}
