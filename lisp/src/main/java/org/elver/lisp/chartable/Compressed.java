package org.elver.lisp.chartable;

import java.util.Arrays;
import org.elver.heap.version.Context;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * Strings that stand for 128 values in tables of Unicode properties. After a character 1: the index
 * of the first value, then values, 0 for none. After a character 2: values, each followed by 128
 * plus its number of repetitions if there are any.
 */
final class Compressed {
  private static final int SIZE = 128;

  private Compressed() {}

  /** Whether {@code s} is one; other strings are the business of the property's functions. */
  static boolean is(Context c, LispString s) {
    return s.length(c) > 0 && (s.get(c, 0) == 1 || s.get(c, 0) == 2);
  }

  static Object value(Context c, LispString s, int index) {
    return values(c, s)[index];
  }

  static SubCharTable expand(Context c, LispString s, int minChar) {
    return new SubCharTable(c, 3, minChar, values(c, s));
  }

  private static Object[] values(Context c, LispString s) {
    Object[] out = new Object[SIZE];
    Arrays.fill(out, Symbol.NIL);
    int n = s.length(c);
    if (n > 1 && s.get(c, 0) == 1) {
      int to = s.get(c, 1);
      for (int i = 2; i < n && to < SIZE; i++) {
        int v = s.get(c, i);
        out[to++] = v > 0 ? (Object) (long) v : Symbol.NIL;
      }
    } else if (n > 0 && s.get(c, 0) == 2) {
      int to = 0;
      for (int i = 1; i < n && to < SIZE; ) {
        long v = s.get(c, i++);
        int count = 1;
        if (i < n && s.get(c, i) >= 128) {
          count = s.get(c, i++) - 128;
        }
        for (; count > 0 && to < SIZE; count--) {
          out[to++] = v;
        }
      }
    }
    return out;
  }
}
