package org.elver.lisp.regex;

/** What a matcher calls every few thousand steps. It may throw to give the match up. */
@FunctionalInterface
public interface Interrupt {
  /** Returns, at once or later, when the match may go on. */
  void poll();
}
