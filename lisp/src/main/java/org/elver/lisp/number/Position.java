package org.elver.lisp.number;

import org.elver.heap.version.Context;

/** An object that stands for a number in arithmetic: a marker. */
public interface Position {
  /** Its position; signals {@code error} when it points nowhere. */
  long position(Context c);
}
