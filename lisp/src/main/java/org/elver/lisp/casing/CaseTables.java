package org.elver.lisp.casing;

import org.elver.heap.version.Context;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;

/**
 * Case tables: char-tables that map to lower case, with three others as extra slots: to upper case,
 * to the representative of all equivalent characters, and to the next of those in a circle.
 */
public final class CaseTables {
  /** The extra slot of the table that maps to upper case. */
  public static final int UP = 0;

  /** The extra slot of the table that maps to the representative of equivalent characters. */
  public static final int CANON = 1;

  /** The extra slot of the table that maps to the next equivalent character. */
  public static final int EQUIVALENTS = 2;

  private static final Symbol PURPOSE = Symbol.known("case-table");

  /** Its value is the standard table. */
  private static final Symbol STANDARD = Symbol.known(" standard-case-table");

  /** Its value is the table of representatives that the standard table had when it was set. */
  private static final Symbol STANDARD_CANON = Symbol.known(" standard-case-canon");

  private CaseTables() {}

  /** Makes the first standard table, which knows ASCII only. */
  public static void initialize(Task t) {
    CharTable down = CharTable.make(t.c, PURPOSE, 3, Symbol.NIL);
    CharTable up = CharTable.make(t.c, PURPOSE, 3, Symbol.NIL);
    CharTable equivalents = CharTable.make(t.c, PURPOSE, 3, Symbol.NIL);
    for (int i = 0; i < 128; i++) {
      boolean upper = i >= 'A' && i <= 'Z';
      boolean lower = i >= 'a' && i <= 'z';
      down.setChar(t.c, i, (long) (upper ? i + 32 : i));
      up.setChar(t.c, i, (long) (lower ? i - 32 : i));
      equivalents.setChar(t.c, i, (long) (upper ? i + 32 : lower ? i - 32 : i));
    }
    CharTable canon = down.duplicate(t.c);
    down.setExtra(t.c, UP, up);
    down.setExtra(t.c, CANON, canon);
    down.setExtra(t.c, EQUIVALENTS, equivalents);
    canon.setExtra(t.c, EQUIVALENTS, equivalents);
    STANDARD.setRawValue(t, down);
    STANDARD_CANON.setRawValue(t, canon);
  }

  /** The standard table. */
  public static CharTable standard(Task t) {
    return (CharTable) STANDARD.rawValue(t);
  }

  /** Makes {@code table}, which must be one of case, the standard table. */
  public static void setStandard(Task t, CharTable table) {
    complete(t.c, table);
    STANDARD.setRawValue(t, table);
    STANDARD_CANON.setRawValue(t, table.extra(t.c, CANON));
  }

  /** The table of the current buffer. */
  public static CharTable current(Task t) {
    return t.currentBuffer instanceof Buffer b
            && b.slot(t.c, Buffer.CASE_TABLE) instanceof CharTable table
        ? table
        : standard(t);
  }

  /**
   * The table of the current buffer, its other tables made anew if a program took them away because
   * it changed the table.
   */
  public static CharTable completed(Task t) {
    CharTable down = current(t);
    if (down.extra(t.c, CANON) == Symbol.NIL) {
      complete(t.c, check(t.c, down));
      setCurrent(t, down);
    }
    return down;
  }

  /** Makes {@code table} that of the current buffer. */
  public static void setCurrent(Task t, CharTable table) {
    Buffer b = Buffer.current(t);
    b.setSlot(t.c, Buffer.CASE_TABLE, table);
    b.setSlot(t.c, Buffer.CASE_CANON, table.extra(t.c, CANON));
  }

  /**
   * The table of representatives of the current buffer, which its case table had when it was set:
   * what Lisp changes in a case table takes effect in searches when the table is set again.
   */
  public static CharTable canon(Task t) {
    return t.currentBuffer instanceof Buffer b
            && b.slot(t.c, Buffer.CASE_CANON) instanceof CharTable table
        ? table
        : (CharTable) STANDARD_CANON.rawValue(t);
  }

  /** Whether {@code x} is a case table. */
  public static boolean is(Context c, Object x) {
    if (!(x instanceof CharTable table) || table.purpose(c) != PURPOSE || table.extras(c) < 3) {
      return false;
    }
    Object up = table.extra(c, UP);
    Object canon = table.extra(c, CANON);
    Object equivalents = table.extra(c, EQUIVALENTS);
    return (up == Symbol.NIL || up instanceof CharTable)
        && ((canon == Symbol.NIL && equivalents == Symbol.NIL)
            || (canon instanceof CharTable
                && (equivalents == Symbol.NIL || equivalents instanceof CharTable)));
  }

  /** The argument as a case table. */
  public static CharTable check(Context c, Object x) {
    if (is(c, x)) {
      return (CharTable) x;
    }
    throw LispSignal.wrongType(Q.CASE_TABLE_P, x);
  }

  /** Derives those of the other three tables that {@code down} has not. */
  public static void complete(Context c, CharTable down) {
    if (down.extra(c, UP) == Symbol.NIL) {
      CharTable up = CharTable.make(c, PURPOSE, 3, Symbol.NIL);
      cycles(c, down, up);
      down.setExtra(c, UP, up);
    }
    CharTable up = (CharTable) down.extra(c, UP);
    if (down.extra(c, CANON) == Symbol.NIL) {
      CharTable canon = CharTable.make(c, PURPOSE, 3, Symbol.NIL);
      down.setExtra(c, CANON, canon);
      down.forEachRange(
          c,
          (from, to, lower) -> {
            if (Lisp.isCharacter(lower)) {
              Object upper = up.ref(c, Lisp.character(lower));
              Object v = Lisp.isCharacter(upper) ? down.ref(c, Lisp.character(upper)) : Symbol.NIL;
              canon.setRange(c, from, to, v);
            }
          });
    }
    CharTable canon = (CharTable) down.extra(c, CANON);
    if (down.extra(c, EQUIVALENTS) == Symbol.NIL) {
      CharTable equivalents = CharTable.make(c, PURPOSE, 3, Symbol.NIL);
      cycles(c, canon, equivalents);
      down.setExtra(c, EQUIVALENTS, equivalents);
    }
    if (canon.extras(c) >= 3) {
      canon.setExtra(c, EQUIVALENTS, down.extra(c, EQUIVALENTS));
    }
  }

  /** Makes {@code out} map each character to the next of those that {@code table} maps alike. */
  private static void cycles(Context c, CharTable table, CharTable out) {
    table.forEachRange(
        c,
        (from, to, v) -> {
          if (Lisp.isCharacter(v)) {
            for (int ch = from; ch <= to; ch++) {
              out.setChar(c, ch, (long) ch);
            }
          }
        });
    table.forEachRange(
        c,
        (from, to, v) -> {
          if (Lisp.isCharacter(v)) {
            int target = Lisp.character(v);
            for (int ch = from; ch <= to; ch++) {
              Object next = out.ref(c, target);
              out.setChar(c, target, (long) ch);
              out.setChar(c, ch, next);
            }
          }
        });
  }

  private static int mapped(Context c, Object table, int ch) {
    return table instanceof CharTable x && x.ref(c, ch) instanceof Long l ? (int) (long) l : ch;
  }

  /** The lower-case character of {@code ch} by case table {@code down}, or itself. */
  public static int downcase(Context c, CharTable down, int ch) {
    return mapped(c, down, ch);
  }

  /** The upper-case character of {@code ch}, or itself. */
  public static int upcase(Context c, CharTable down, int ch) {
    return mapped(c, down.extra(c, UP), ch);
  }

  /** The representative of all characters equivalent to {@code ch}. */
  public static int canon(Context c, CharTable down, int ch) {
    return mapped(c, down.extra(c, CANON), ch);
  }

  /** The next of the characters equivalent to {@code ch}, in a circle. */
  public static int equivalent(Context c, CharTable down, int ch) {
    return mapped(c, down.extra(c, EQUIVALENTS), ch);
  }
}
