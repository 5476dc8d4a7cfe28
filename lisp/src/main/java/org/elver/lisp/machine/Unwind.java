package org.elver.lisp.machine;

/**
 * The cleanup forms of an {@code unwind-protect}, on the binding stack.
 *
 * @param function to be called without arguments
 */
record Unwind(Object function) {}
