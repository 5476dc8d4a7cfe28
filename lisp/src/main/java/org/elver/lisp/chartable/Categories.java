package org.elver.lisp.chartable;

import org.elver.heap.version.Context;
import org.elver.lisp.collection.BoolVector;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;

/** Category tables: which there are. Their values are sets of categories. */
public final class Categories {
  /** The purpose of category tables. */
  public static final Symbol PURPOSE = Symbol.known("category-table");

  private static final Symbol STANDARD = Symbol.known(" standard-category-table");

  private Categories() {}

  /** The table of buffers that have no other. */
  public static CharTable standard(Task t) {
    return (CharTable) STANDARD.rawValue(t);
  }

  /** Makes {@code table} the standard one. */
  public static void setStandard(Task t, CharTable table) {
    STANDARD.setRawValue(t, table);
  }

  /** The current buffer's table. */
  public static CharTable current(Task t) {
    return t.currentBuffer instanceof Buffer b
            && b.slot(t.c, Buffer.CATEGORY_TABLE) instanceof CharTable table
        ? table
        : standard(t);
  }

  /** Makes {@code table} the current buffer's. */
  public static void setCurrent(Task t, CharTable table) {
    Buffer.current(t).setSlot(t.c, Buffer.CATEGORY_TABLE, table);
  }

  /** Whether {@code x} is a category table. */
  public static boolean is(Context c, Object x) {
    return x instanceof CharTable table && table.purpose(c) == PURPOSE;
  }

  /** The argument as a category table. */
  public static CharTable check(Context c, Object x) {
    if (is(c, x)) {
      return (CharTable) x;
    }
    throw LispSignal.wrongType(Q.CATEGORY_TABLE_P, x);
  }

  /** Whether {@code ch} is in {@code category} by {@code table}. */
  public static boolean has(Task t, CharTable table, int ch, int category) {
    Object set = table.ref(t.c, ch);
    return set instanceof BoolVector b
        && category >= 0
        && category < b.size()
        && b.get(t.c, category);
  }
}
