package org.elver.lisp.regex;

/**
 * Which characters are the same when case is ignored. The classes of equivalent characters must not
 * change while a program compiled with them is in use.
 */
public interface CaseFold {
  /** The character that stands for all those equivalent to {@code ch}. */
  int canon(int ch);

  /** Another character equivalent to {@code ch}, such that repeating it visits all, in a circle. */
  int next(int ch);
}
