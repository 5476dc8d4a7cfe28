package org.elver.lisp.machine;

/** The primitives of one class; the build generates an implementation for each. */
public interface PrimitiveGroup {
  /** All primitives of the group. */
  Subr[] all();

  /** Of primitive {@code i}: the interactive specification, or null. */
  String interactive(int i);

  /** Defines the variables that the group's primitives use; nothing unless the class has any. */
  default void variables(Task t) {}
}
