package org.elver.lisp.object;

import org.elver.heap.version.Context;

/** An object with its own idea of {@code equal}: markers, char-tables, overlays and the like. */
public interface Comparand {
  /** Compares parts, with the depth counted. */
  interface Comparison {
    /** Whether two parts are equal. */
    boolean same(Object a, Object b);
  }

  /** Whether {@code other}, which is of the same class, is equal. */
  boolean isEqual(Context c, Object other, Comparison parts);

  /** A hash that is the same for equal objects. */
  int equalHash(Context c);
}
