package org.elver.lisp.collection;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Goes along a list and notices when it is circular: {@code for (var l = new ListCursor(list);
 * l.tail instanceof Pair p; l.next(c, p)) ...; l.end(list)}. Lives within one primitive.
 */
public final class ListCursor {
  /** The rest of the list. */
  public Object tail;

  // Brent's algorithm: the tortoise jumps to the hare after 2, 4, 8, ... steps.
  private Object tortoise;
  private long left = 2;
  private long laps = 2;

  public ListCursor(Object list) {
    tail = list;
    tortoise = list;
  }

  /** Goes to the pair after {@code p}, which is {@link #tail}; signals {@code circular-list}. */
  public void next(Context c, Pair p) {
    if (step(c, p)) {
      throw new LispSignal(Q.CIRCULAR_LIST, tail);
    }
  }

  /** As {@link #next}, but says whether the list is known now to be circular. */
  public boolean step(Context c, Pair p) {
    Object t = p.second(c);
    tail = t;
    if (--left == 0) {
      laps <<= 1;
      left = laps;
      tortoise = t;
      return false;
    }
    return t == tortoise && t instanceof Pair;
  }

  /** Signals {@code wrong-type-argument listp list} unless the list ended with nil. */
  public void end(Object list) {
    if (tail != Symbol.NIL) {
      throw LispSignal.wrongType(Q.LISTP, list);
    }
  }
}
