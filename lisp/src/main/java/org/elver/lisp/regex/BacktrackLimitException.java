package org.elver.lisp.regex;

/** Tells that a match needed to remember more alternatives than it may. */
public final class BacktrackLimitException extends Exception {
  private static final long serialVersionUID = 1L;

  BacktrackLimitException() {
    super("Stack overflow in regexp matcher", null, false, false);
  }
}
