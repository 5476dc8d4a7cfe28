package org.elver.lisp.chartable;

import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** How many columns characters take. */
public final class Width {
  private static final Symbol TABLE = Symbol.known("char-width-table");
  private static final Symbol TAB_WIDTH = Symbol.known("tab-width");
  private static final Symbol CTL_ARROW = Symbol.known("ctl-arrow");

  private Width() {}

  /** The columns of {@code ch}, a character. */
  public static int of(Task t, int ch) {
    if (ch >= 32 && ch < 127) {
      return 1;
    }
    if (ch > 127) {
      return Variables.orNil(t, TABLE) instanceof CharTable table
              && table.ref(t.c, ch) instanceof Long w
              && w >= 0
          ? (int) Math.min(w, 1000)
          : 0;
    }
    if (ch == '\t') {
      return Variables.orNil(t, TAB_WIDTH) instanceof Long w && w > 0 && w <= 1000
          ? (int) (long) w
          : 8;
    }
    if (ch == '\n') {
      return 0;
    }
    return Variables.orNil(t, CTL_ARROW) == Symbol.NIL ? 4 : 2;
  }

  /** The columns of the characters {@code from} to {@code to} (exclusive) of a string. */
  public static long of(Task t, LispString s, int from, int to) {
    int[] codes = new int[to - from];
    s.getCodes(t.c, from, to, codes, 0);
    long width = 0;
    for (int ch : codes) {
      width += of(t, ch);
    }
    return width;
  }
}
