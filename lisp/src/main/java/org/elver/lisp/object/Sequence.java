package org.elver.lisp.object;

import org.elver.heap.version.Context;

/** An array of a kind of its own (bool-vector, char-table): what {@code aref} and its kin need. */
public interface Sequence {
  /** What {@code length} says; indices are below it. */
  int size(Context c);

  /** Element {@code i}, which the caller has checked against {@link #size}. */
  Object element(Context c, int i);

  /** Sets element {@code i}, which the caller has checked against {@link #size}. */
  void setElement(Context c, int i, Object value);

  /** A copy, as {@code copy-sequence} makes it. */
  Object duplicate(Context c);

  /** Whether {@code mapcar}, {@code append} and their kin go over the elements. */
  default boolean isIterable() {
    return true;
  }
}
