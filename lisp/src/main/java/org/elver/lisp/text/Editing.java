package org.elver.lisp.text;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Changes of a buffer's text as Lisp sees them: checks, hooks, undo records, ticks, and then the
 * text, markers, narrowing and properties. All work on the current buffer.
 */
public final class Editing {
  private static final Symbol INHIBIT_READ_ONLY = Symbol.known("inhibit-read-only");
  private static final Symbol DEACTIVATE_MARK = Symbol.known("deactivate-mark");

  private Editing() {}

  // ---- Checks and ticks
  // --------------------------------------------------------------------------

  /** Signals when the current buffer is read-only and that is not inhibited. */
  public static void requireWritable(Task t) {
    requireWritable(t, -1);
  }

  /** As {@link #requireWritable(Task)}, unless the text after {@code pos} lets it be inhibited. */
  public static void requireWritable(Task t, int pos) {
    Buffer b = Buffer.current(t);
    if (BufferVariable.READ_ONLY.in(t, b) != Symbol.NIL
        && Variables.orNil(t, INHIBIT_READ_ONLY) == Symbol.NIL
        && (pos < 0 || Properties.at(t, b, pos, Symbol.known("inhibit-read-only")) == Symbol.NIL)) {
      throw new LispSignal(Q.BUFFER_READ_ONLY, b);
    }
  }

  /**
   * All that precedes a change of characters: errors, hooks. May run Lisp, which may change the
   * text: returns where {@code from} is then.
   */
  public static int prepare(Task t, int from, int to) {
    requireWritable(t, from);
    Buffer b = Buffer.current(t);
    if (b.intervals(t.c) != null) {
      Hooks.verifyProperties(t, b, from, to);
    }
    Undo.announce(t, b);
    int now = Hooks.before(t, from, to);
    Variables.set(t, DEACTIVATE_MARK, Symbol.T);
    return now;
  }

  /** All that precedes a change of text properties. May run Lisp. */
  static void prepareProperties(Task t, int from, int to) {
    requireWritable(t, from);
    Buffer b = Buffer.current(t);
    if (b.intervals(t.c) != null) {
      Hooks.verifyProperties(t, b, from, to);
    }
    Undo.announce(t, b);
    Hooks.before(t, from, to);
    Variables.set(t, DEACTIVATE_MARK, Symbol.T);
  }

  /** Counts a change; {@code chars}: of characters. */
  static void tick(Task t, Buffer b, boolean chars) {
    BufferText x = b.text(t.c);
    long n = x.tick(t.c, BufferText.MODIFF) + 1;
    x.setTick(t.c, BufferText.MODIFF, n);
    if (chars) {
      x.setTick(t.c, BufferText.CHARS_MODIFF, n);
    }
  }

  // ---- Insertion
  // ---------------------------------------------------------------------------------

  /** Inserts Java's string at point; hooks and undo as usual. */
  public static void insert(Task t, String s) {
    int[] codes = LispString.codesOf(s);
    insert(t, codes, 0, codes.length, true, null, false, false);
  }

  /** Inserts a string at point, with its properties. */
  public static void insert(Task t, LispString s) {
    insert(t, s, false, false);
  }

  /** Inserts a string at point. */
  public static void insert(Task t, LispString s, boolean inherit, boolean beforeMarkers) {
    int n = s.length(t.c);
    insert(
        t,
        s.codeArray(t.c),
        0,
        n,
        s.isMultibyte(t.c),
        (Intervals) s.properties(t.c),
        inherit,
        beforeMarkers);
  }

  /**
   * Inserts codes at point, which moves behind them.
   *
   * @param multibyte whether they are characters, not bytes
   * @param properties the properties of all of {@code codes} from {@code from} to {@code to}
   * @param inherit whether the text takes sticky properties of its neighbours
   * @param beforeMarkers whether all markers at point move too
   */
  public static void insert(
      Task t,
      int[] codes,
      int from,
      int to,
      boolean multibyte,
      Intervals properties,
      boolean inherit,
      boolean beforeMarkers) {
    int n = to - from;
    if (n == 0) {
      return;
    }
    Buffer b = Buffer.current(t);
    prepare(t, b.point(t.c), b.point(t.c));
    b = Buffer.current(t);
    int[] own = converted(codes, from, to, multibyte, b.isMultibyte(t.c));
    int at = b.point(t.c);
    int start = own == codes ? from : 0;
    Undo.insertion(t, b, at, n);
    tick(t, b, true);
    put(t, b, at, own, start, start + n, properties, inherit, beforeMarkers);
    b.setPoint(t.c, at + n);
    Hooks.after(t, at, 0, n);
  }

  /** The codes as they are in a buffer of that kind. */
  static int[] converted(int[] codes, int from, int to, boolean multibyte, boolean wanted) {
    if (multibyte == wanted) {
      return codes;
    }
    int i = from;
    while (i < to && codes[i] < 128) {
      i++;
    }
    if (i == to) {
      return codes;
    }
    int[] own = java.util.Arrays.copyOfRange(codes, from, to);
    for (int j = i - from; j < own.length; j++) {
      if (own[j] >= 128) {
        own[j] = wanted ? own[j] + LispString.RAW_BYTE : own[j] & 0xFF;
      }
    }
    return own;
  }

  /** Puts codes into the text and moves everything else; no hooks, no undo. Point stays. */
  static void put(
      Task t,
      Buffer b,
      int at,
      int[] codes,
      int from,
      int to,
      Intervals properties,
      boolean inherit,
      boolean beforeMarkers) {
    int n = to - from;
    BufferText x = b.text(t.c);
    int length = x.length(t.c);
    if ((long) length + n > Integer.MAX_VALUE / 2 - 10) {
      throw LispSignal.error("Maximum buffer size exceeded");
    }
    if (n == 1) {
      x.text.insert(t.c, at - 1, codes[from]);
    } else {
      x.text.insert(t.c, at - 1, codes, from, to);
    }
    x.markersInserted(t.c, at, n, beforeMarkers);
    Intervals all = x.properties(t.c);
    if (all != null || properties != null) {
      Object[] sticky = inherit ? Stickiness.inherited(t, b, at) : Intervals.NONE;
      Intervals piece = properties;
      if (properties != null && sticky.length > 0) {
        piece =
            Intervals.change(
                piece,
                n,
                0,
                n,
                (i, j, p) -> {
                  Object[] now = p;
                  for (int k = 0; k < sticky.length; k += 2) {
                    if (Intervals.indexOf(p, sticky[k]) < 0) {
                      now = Intervals.with(now, sticky[k], sticky[k + 1]);
                    }
                  }
                  return now;
                });
      }
      x.setProperties(
          t.c,
          piece == null
              ? Intervals.grow(all, length, at - 1, n, sticky)
              : Intervals.insert(all, length, at - 1, n, piece));
    }
    b.inserted(t.c, at, n);
    for (Buffer other : x.sharers(t.c)) {
      if (other != b && other.isLive(t.c)) {
        int p = other.point(t.c);
        other.setNarrowing(
            t.c, shifted(other.begv(t.c), at, n, false), shifted(other.zv(t.c), at, n, true));
        other.setPoint(t.c, shifted(p, at, n, beforeMarkers));
      }
    }
  }

  private static int shifted(int p, int at, int n, boolean advances) {
    return p > at || (p == at && advances) ? p + n : p;
  }

  // ---- Deletion
  // ----------------------------------------------------------------------------------

  /** Deletes a range with hooks and undo; the positions must be in the narrowing. */
  public static void delete(Task t, int from, int to) {
    delete(t, from, to, false);
  }

  /** As {@link #delete(Task, int, int)}; {@code wanted}: returns the text, with properties. */
  public static LispString delete(Task t, int from, int to, boolean wanted) {
    if (from >= to) {
      return wanted ? LispString.empty(t.c) : null;
    }
    int start = prepare(t, from, to);
    Buffer b = Buffer.current(t);
    int end = Math.min(start + (to - from), b.zv(t.c));
    if (start >= end) {
      return wanted ? LispString.empty(t.c) : null;
    }
    LispString text = wanted || Undo.isOn(t, b) ? b.substring(t.c, start, end, true) : null;
    if (text != null) {
      Undo.deletion(t, b, start, text, true);
    }
    tick(t, b, true);
    take(t, b, start, end);
    Overlay.evaporate(t, b, start);
    Hooks.after(t, start, end - start, 0);
    return wanted ? text : null;
  }

  /** Takes a range out of the text and moves everything else; no hooks, no undo. */
  static void take(Task t, Buffer b, int from, int to) {
    int n = to - from;
    BufferText x = b.text(t.c);
    x.text.delete(t.c, from - 1, to - 1);
    x.markersDeleted(t.c, from, to);
    Intervals all = x.properties(t.c);
    if (all != null) {
      x.setProperties(t.c, Intervals.pruned1(Intervals.delete(all, from - 1, to - 1)));
    }
    b.setPoint(t.c, closed(b.point(t.c), from, to));
    b.deleted(t.c, from, to);
    if (n > 0) {
      for (Buffer other : x.sharers(t.c)) {
        if (other != b && other.isLive(t.c)) {
          other.setPoint(t.c, closed(other.point(t.c), from, to));
          other.setNarrowing(
              t.c, closed(other.begv(t.c), from, to), closed(other.zv(t.c), from, to));
        }
      }
    }
  }

  private static int closed(int p, int from, int to) {
    return p >= to ? p - (to - from) : Math.min(p, from);
  }

  // ---- Replacement
  // -------------------------------------------------------------------------------

  /**
   * Puts codes in the place of a range, as one change: for {@code replace-match} and its like.
   * Point and markers in the range go to its beginning, those behind it move. The new text has
   * {@code properties} plus, if {@code inherit}, sticky ones.
   */
  public static void replace(
      Task t,
      int from,
      int to,
      int[] codes,
      boolean multibyte,
      Intervals properties,
      boolean inherit) {
    prepare(t, from, to);
    Buffer b = Buffer.current(t);
    int end = Math.max(from, Math.min(to, b.zv(t.c)));
    int n = codes.length;
    int removed = end - from;
    if (removed == 0 && n == 0) {
      return;
    }
    int[] own = converted(codes, 0, n, multibyte, b.isMultibyte(t.c));
    int point = b.point(t.c);
    if (Undo.isOn(t, b)) {
      if (removed > 0) {
        Undo.deletion(t, b, from, b.substring(t.c, from, end, true), false);
      }
      Undo.insertion(t, b, from, n);
    }
    tick(t, b, true);
    if (removed > 0) {
      take(t, b, from, end);
    }
    if (n > 0) {
      put(t, b, from, own, 0, n, properties, inherit, false);
    }
    if (point >= end) {
      b.setPoint(t.c, point - removed + n);
    }
    if (removed > 0 && n == 0) {
      Overlay.evaporate(t, b, from);
    }
    Hooks.after(t, from, removed, n);
  }

  /**
   * Puts codes in the place of a range as {@code replace-match} does: markers behind the range, or
   * at its end, stay behind the new text; those inside go to its beginning. Point is left to the
   * caller, and so is calling {@link Hooks#after}. Returns how many codes were removed.
   */
  public static int exchange(
      Task t, int from, int to, int[] codes, boolean multibyte, Intervals properties) {
    prepare(t, from, to);
    Buffer b = Buffer.current(t);
    int end = Math.max(from, Math.min(to, b.zv(t.c)));
    int n = codes.length;
    int[] own = converted(codes, 0, n, multibyte, b.isMultibyte(t.c));
    Undo.insertion(t, b, end, n);
    if (end > from && Undo.isOn(t, b)) {
      Undo.deletion(t, b, from, b.substring(t.c, from, end, true), false);
    }
    tick(t, b, true);
    if (n > 0) {
      put(t, b, end, own, 0, n, properties, false, true);
    }
    if (end > from) {
      take(t, b, from, end);
      if (n == 0) {
        Overlay.evaporate(t, b, from);
      }
    }
    return end - from;
  }

  /**
   * After {@link #prepare}: counts the change, and records that it is the first if {@code undo}.
   */
  public static void startChange(Task t, Buffer b, boolean undo) {
    if (undo) {
      Undo.firstChange(t, b);
    }
    tick(t, b, true);
  }

  /** Records that a range is going to be overwritten. */
  public static void recordChange(Task t, Buffer b, int from, int to) {
    if (Undo.isOn(t, b)) {
      Undo.deletion(t, b, from, b.substring(t.c, from, to, true), false);
      Undo.insertion(t, b, from, to - from);
    }
  }

  /** Records that a range was replaced by {@code n} codes; {@code old} is its text. */
  public static void recordReplacement(Task t, Buffer b, int from, LispString old, int n) {
    if (Undo.isOn(t, b)) {
      Undo.deletion(t, b, from, old, false);
      Undo.insertion(t, b, from, n);
    }
  }

  /**
   * Overwrites the code at {@code pos} with one or more: properties as those of the old one. The
   * caller has prepared and recorded the change, and calls {@link Hooks#after}.
   */
  public static void expand(Task t, Buffer b, int pos, int[] codes) {
    int[] own = converted(codes, 0, codes.length, true, b.isMultibyte(t.c));
    overwrite(t, b, pos, new int[] {own[0]}, false);
    if (own.length > 1) {
      int point = b.point(t.c);
      put(t, b, pos + 1, own, 1, own.length, null, true, true);
      b.setPoint(t.c, point > pos ? point + own.length - 1 : point);
    }
  }

  /**
   * Overwrites codes from {@code pos} on with as many others: no marker moves, properties stay. The
   * caller has prepared the change, and calls {@link Hooks#after}.
   */
  public static void overwrite(Task t, Buffer b, int pos, int[] codes, boolean undo) {
    if (undo) {
      recordChange(t, b, pos, pos + codes.length);
    }
    BufferText x = b.text(t.c);
    if (codes.length == 1) {
      x.text.set(t.c, pos - 1, codes[0]);
    } else {
      x.text.replace(t.c, pos - 1, pos - 1 + codes.length, codes, 0, codes.length);
    }
  }

  /** Has markers follow two regions that change places. */
  public static void transposeMarkers(
      Task t, Buffer b, int start1, int end1, int start2, int end2) {
    int a = end1 - start1;
    int m = start2 - end1;
    int z = end2 - start2;
    b.text(t.c)
        .mapMarkers(
            t.c,
            p -> {
              if (p < start1 || p >= end2) {
                return p;
              }
              if (p < end1) {
                return p + z + m;
              }
              return p < start2 ? p + z - a : p - a - m;
            });
  }

  /** Deletes everything, narrowing or not: {@code erase-buffer}. */
  public static void erase(Task t) {
    Buffer b = Buffer.current(t);
    b.widen(t.c);
    delete(t, 1, b.z(t.c));
  }

  /** The value of a variable, nil when void. */
  public static boolean isSet(Task t, Symbol s) {
    return Lisp.isTrue(Variables.orNil(t, s));
  }
}
