package org.elver.lisp.machine;

import org.elver.heap.version.HeapObject;

/** Who keeps what a suspended task is in the middle of: see {@link Captured#capture}. */
public interface Continuation {
  /** Keeps it: the stacks' contents, numbers, the current buffer and the match data. */
  void setContinuation(Object[] values, int[] numbers, HeapObject currentBuffer, Object matchData);

  /** The numbers of an earlier wait, which is over: their array may be used again; or null. */
  default int[] oldNumbers() {
    return null;
  }
}
