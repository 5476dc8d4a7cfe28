package org.elver.lisp.primitive;

import java.util.Arrays;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Intervals;

/** Inserting into the current buffer and deleting from it. */
final class Inserting {
  private Inserting() {}

  private static void insertAll(Task t, Object[] args, boolean inherit, boolean beforeMarkers) {
    for (Object arg : args) {
      Object x = arg instanceof Proxy p ? p.contents(t.c) : arg; // Before anything is inserted.
      if (x instanceof LispString s) {
        Editing.insert(t, s, inherit, beforeMarkers);
      } else if (Lisp.isCharacter(x)) {
        Editing.insert(
            t, new int[] {(int) (long) (Long) x}, 0, 1, true, null, inherit, beforeMarkers);
      } else {
        throw LispSignal.wrongType(Q.CHAR_OR_STRING_P, x);
      }
    }
  }

  @Primitive(
      value = "insert",
      doc = "Insert ARGS, strings or characters, at point, which moves behind them.")
  static Object insert(Task t, Object[] args) {
    insertAll(t, args, false, false);
    return Symbol.NIL;
  }

  @Primitive(
      value = "insert-and-inherit",
      doc = "As `insert', but the text takes sticky properties from what it is inserted into.")
  static Object insertAndInherit(Task t, Object[] args) {
    insertAll(t, args, true, false);
    return Symbol.NIL;
  }

  @Primitive(
      value = "insert-before-markers",
      doc = "As `insert', but markers at point move behind the text too.")
  static Object insertBeforeMarkers(Task t, Object[] args) {
    insertAll(t, args, false, true);
    return Symbol.NIL;
  }

  @Primitive(
      value = "insert-before-markers-and-inherit",
      doc = "As `insert-before-markers', and the text takes sticky properties.")
  static Object insertBeforeMarkersAndInherit(Task t, Object[] args) {
    insertAll(t, args, true, true);
    return Symbol.NIL;
  }

  @Primitive(
      value = "insert-char",
      min = 1,
      interactive =
          "(list (read-char-by-name \"Insert character (Unicode name or hex): \")"
              + " (prefix-numeric-value current-prefix-arg) t)",
      doc = "Insert COUNT (default 1) times CHARACTER; INHERIT non-nil: with sticky properties.")
  static Object insertChar(Task t, Object character, Object count, Object inherit) {
    int c = Lisp.character(character);
    long n = count == Symbol.NIL ? 1 : Lisp.fixnum(count);
    if (n <= 0) {
      return Symbol.NIL;
    }
    if (n > Integer.MAX_VALUE / 8) {
      throw LispSignal.error("Maximum buffer size exceeded");
    }
    int[] codes = new int[(int) n];
    Arrays.fill(codes, c);
    Editing.insert(t, codes, 0, codes.length, true, null, inherit != Symbol.NIL, false);
    return Symbol.NIL;
  }

  @Primitive(
      value = "insert-byte",
      min = 2,
      doc = "Insert COUNT times BYTE; in a multibyte buffer, from 128 on as a raw byte.")
  static Object insertByte(Task t, Object b, Object count, Object inherit) {
    long x = Lisp.fixnum(b);
    if (x < 0 || x > 255) {
      throw LispSignal.outOfRange(b, 0L, 255L);
    }
    boolean raw = x >= 128 && Buffer.current(t).isMultibyte(t.c);
    return insertChar(t, raw ? x + LispString.RAW_BYTE : x, count, inherit);
  }

  @Primitive(
      value = "insert-buffer-substring",
      min = 1,
      doc = "Insert the text from START to END of BUFFER at point; by default all accessible text.")
  static Object insertBufferSubstring(Task t, Object buffer, Object start, Object end) {
    Object found = Buffers.getBuffer(t, buffer);
    if (found == Symbol.NIL) {
      throw LispSignal.error("No buffer named " + ((LispString) buffer).toJava(t.c));
    }
    Buffer b = (Buffer) found;
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Selecting deleted buffer");
    }
    long x = start == Symbol.NIL ? b.begv(t.c) : Buffer.position(t, start);
    long y = end == Symbol.NIL ? b.zv(t.c) : Buffer.position(t, end);
    int from = Math.clamp(Math.min(x, y), Integer.MIN_VALUE, Integer.MAX_VALUE);
    int to = Math.clamp(Math.max(x, y), Integer.MIN_VALUE, Integer.MAX_VALUE);
    if (from < b.begv(t.c) || to > b.zv(t.c)) {
      throw LispSignal.outOfRange(start, end);
    }
    int[] codes = b.codes(t.c, from, to);
    Intervals all = b.intervals(t.c);
    Editing.insert(
        t,
        codes,
        0,
        codes.length,
        b.isMultibyte(t.c),
        all == null ? null : Intervals.pruned(Intervals.slice(all, from - 1, to - 1)),
        false,
        false);
    return Symbol.NIL;
  }

  @Primitive(value = "delete-region", interactive = "r", doc = "Delete the text from START to END.")
  static Object deleteRegion(Task t, Object start, Object end) {
    int[] r = Editfns.region(t, start, end);
    Editing.delete(t, r[0], r[1]);
    return Symbol.NIL;
  }

  @Primitive(
      value = "delete-and-extract-region",
      doc = "Delete the text from START to END, and return it.")
  static Object deleteAndExtractRegion(Task t, Object start, Object end) {
    int[] r = Editfns.region(t, start, end);
    if (r[0] == r[1]) {
      return LispString.empty(t.c);
    }
    return Editing.delete(t, r[0], r[1], true);
  }
}
