package org.elver.lisp.concurrent;

import org.elver.lisp.machine.Memo;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/**
 * A run of elements that one fork calls a function with. Immutable, and so is what it refers to;
 * Lisp sees it only in backtraces.
 *
 * @param work what is done with what the function returns
 * @param elements all elements of the sequence, those of other chunks too
 * @param initial what a fold begins with; null: with the first element
 * @param descent which fork of which fork the whole counts as: random numbers come from that
 */
record Chunk(
    Work work,
    Object function,
    Object[] elements,
    int from,
    int to,
    Object initial,
    Memo.Descent descent)
    implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("elver--chunk");

  /** What is done with the values. */
  enum Work {
    /** They make a list. */
    LIST,
    /** Nothing. */
    NONE,
    /** Each goes into the next call, as its first argument. */
    FOLD
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<elements " + from + " to " + to + ">";
  }
}
