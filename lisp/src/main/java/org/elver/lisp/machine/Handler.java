package org.elver.lisp.machine;

/**
 * A place where a throw or signal can land, on a task's handler stack.
 *
 * @param kind what it takes
 * @param tag the catch tag, or the conditions
 * @param pc the instruction to go on at; unused for Java's
 * @param sp the height of the stack there
 * @param frame the number of the frame it belongs to
 * @param bindings the height of the binding stack there
 */
record Handler(Kind kind, Object tag, int pc, int sp, int frame, int bindings) {
  /** What a handler takes. */
  enum Kind {
    /** {@code throw} to its tag. */
    CATCH,
    /** Signals of its conditions. */
    CONDITIONS,
    /** Java code below which a {@link org.elver.lisp.object.LispSignal} of its conditions stops. */
    JAVA
  }
}
