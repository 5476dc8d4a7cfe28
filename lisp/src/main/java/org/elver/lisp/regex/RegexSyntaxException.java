package org.elver.lisp.regex;

/** Tells that a pattern is not valid; its message is that of Emacs's {@code invalid-regexp}. */
public final class RegexSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  RegexSyntaxException(String message) {
    super(message, null, false, false);
  }
}
