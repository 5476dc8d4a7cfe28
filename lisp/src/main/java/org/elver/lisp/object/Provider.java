package org.elver.lisp.object;

/**
 * Whom an isolate asks for what its open slots would hold: see {@link Symbol}. Called by the thread
 * that runs the isolate; may wait for another isolate. What is asked for is filled in, unless it is
 * to be asked for each time, or nobody answers any more.
 */
public interface Provider {
  /** The value of a variable; {@link Symbol#UNBOUND} if there is none. */
  Object variable(View v, Symbol s);

  /** The flags of a variable that {@code v} does not have. */
  int flags(View v, Symbol s);

  /** Where the variable's value is, if not in the symbol; or null. */
  Object redirect(View v, Symbol s);

  /** The variable is about to get a value of {@code v}'s own. */
  void owned(View v, Symbol s);

  /** The function; nil if there is none. */
  Object function(View v, Symbol s);

  /** The property list; nil if there is none. */
  Object plist(View v, Symbol s);

  /** Whether the symbol is interned. */
  boolean hasName(View v, Symbol s);
}
