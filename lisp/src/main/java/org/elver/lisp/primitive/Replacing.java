package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferLife;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Intervals;

/** Changing text of the current buffer in place: characters for others, regions for each other. */
final class Replacing {
  private Replacing() {}

  private static int code(Buffer b, Task t, int c) {
    return c < 128 || b.isMultibyte(t.c) ? c : c & 0xFF;
  }

  @Primitive(
      value = "subst-char-in-region",
      min = 4,
      doc =
          "Put TOCHAR in place of each FROMCHAR from START to END.\n"
              + "NOUNDO non-nil: without undo records, and the buffer does not become modified.")
  static Object substCharInRegion(
      Task t, Object start, Object end, Object fromchar, Object tochar, Object noundo) {
    int[] r = Editfns.region(t, start, end);
    int from = Lisp.character(fromchar);
    int to = Lisp.character(tochar);
    Buffer b = Buffer.current(t);
    if (b.isMultibyte(t.c)) {
      if (BufferLife.width(from) != BufferLife.width(to)) {
        throw LispSignal.error("Characters in ‘subst-char-in-region’ have different byte-lengths");
      }
    } else {
      from = code(b, t, from);
      to = code(b, t, to);
    }
    boolean quiet = noundo != Symbol.NIL;
    int first = -1;
    int last = -1;
    for (int p = r[0]; p < r[1]; p++) {
      int limit = Math.min(r[1], b.zv(t.c));
      int i = p >= limit ? -1 : b.codes(t.c).indexOf(t.c, from, p - 1, limit - 1);
      if (i < 0) {
        break;
      }
      p = i + 1;
      if (first < 0) {
        first = p;
        boolean wasModified = b.isModified(t.c);
        Editing.prepare(t, p, r[1]);
        Editing.startChange(t, b, !quiet);
        if (quiet && !wasModified) {
          b.setModified(t.c, false);
        }
        if (p >= b.zv(t.c) || b.charAt(t.c, p) != from) {
          continue;
        }
      }
      Editing.overwrite(t, b, p, new int[] {to}, !quiet);
      last = p + 1;
    }
    if (last > 0) {
      org.elver.lisp.text.Hooks.after(t, first, last - first, last - first);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "translate-region-internal",
      doc =
          "Change characters from START to END as TABLE says, a string or char-table of\n"
              + "characters by character; return how many were changed.")
  static long translateRegionInternal(Task t, Object start, Object end, Object table) {
    int[] r = Editfns.region(t, start, end);
    int[] byCode = null;
    CharTable map = null;
    if (table instanceof LispString s) {
      byCode = s.codeArray(t.c);
      if (s.isMultibyte(t.c)) {
        for (int i = 0; i < byCode.length; i++) {
          byCode[i] &= 0xFF;
        }
      }
    } else if (table instanceof CharTable c) {
      map = c;
    } else {
      throw LispSignal.wrongType(Q.STRINGP, table);
    }
    Buffer b = Buffer.current(t);
    boolean multibyte = b.isMultibyte(t.c);
    long changed = 0;
    int limit = r[1];
    for (int p = r[0]; p < limit; p++) {
      if ((p & 0xFFF) == 0) {
        t.safepoint();
      }
      if (p >= b.zv(t.c)) {
        break; // Hooks deleted text.
      }
      int c = b.charAt(t.c, p);
      int d = c;
      if (byCode != null) {
        int k = multibyte && c >= 128 ? (c > LispString.RAW_BYTE ? c & 0xFF : -1) : c;
        if (k >= 0 && k < byCode.length) {
          d = byCode[k];
          if (multibyte && d >= 128) {
            d += LispString.RAW_BYTE;
          }
        }
      } else {
        Object x = map.ref(t.c, multibyte || c < 128 ? c : c + LispString.RAW_BYTE);
        if (Lisp.isCharacter(x)) {
          d = (int) (long) (Long) x;
          if (!multibyte) {
            d = code(b, t, d);
          }
        } else if (x instanceof Vector v) {
          int[] codes = new int[v.length(t.c)];
          for (int i = 0; i < codes.length; i++) {
            codes[i] = Lisp.character(v.get(t.c, i));
          }
          Editing.replace(t, p, p + 1, codes, true, null, true);
          changed++;
          p += codes.length - 1;
          limit += codes.length - 1;
          continue;
        }
      }
      if (c != d) {
        if (changed == 0) {
          Editing.prepare(t, p, limit);
          limit = Math.min(limit, b.zv(t.c));
          if (p >= limit) {
            break;
          }
        }
        Editing.startChange(t, b, true);
        Editing.overwrite(t, b, p, new int[] {d}, true);
        org.elver.lisp.text.Hooks.after(t, p, 1, 1);
        changed++;
      }
    }
    return changed;
  }

  @Primitive(
      value = "transpose-regions",
      min = 4,
      interactive =
          "(if (< (length mark-ring) 2) (error \"Other region must be marked before"
              + " transposing two regions\") (let* ((num (if current-prefix-arg"
              + " (prefix-numeric-value current-prefix-arg) 0)) (ring-length (length mark-ring))"
              + " (eltnum (mod num ring-length)) (eltnum2 (mod (1+ num) ring-length)))"
              + " (list (point) (mark) (elt mark-ring eltnum) (elt mark-ring eltnum2))))",
      doc =
          "Exchange the text from STARTR1 to ENDR1 with that from STARTR2 to ENDR2.\n"
              + "LEAVE-MARKERS non-nil: markers keep their positions instead of following the"
              + " text.")
  static Object transposeRegions(
      Task t, Object startr1, Object endr1, Object startr2, Object endr2, Object leaveMarkers) {
    int[] x = Editfns.region(t, startr1, endr1);
    int[] y = Editfns.region(t, startr2, endr2);
    if (y[0] < x[0]) {
      int[] z = x;
      x = y;
      y = z;
    }
    if (x[1] > y[0]) {
      throw LispSignal.error("Transposed regions overlap");
    }
    if ((x[0] == x[1] || y[0] == y[1]) && x[1] == y[0]) {
      return Symbol.NIL;
    }
    Buffer b = Buffer.current(t);
    Editing.prepare(t, x[0], y[1]);
    int[] all = b.codes(t.c, x[0], y[1]);
    int a = x[1] - x[0];
    int m = y[0] - x[1];
    int z = y[1] - y[0];
    int[] now = new int[all.length];
    System.arraycopy(all, a + m, now, 0, z);
    System.arraycopy(all, a, now, z, m);
    System.arraycopy(all, 0, now, z + m, a);
    Intervals old = b.intervals(t.c);
    Editing.startChange(t, b, true);
    if (a == z) {
      Editing.recordChange(t, b, x[0], x[1]);
      Editing.recordChange(t, b, y[0], y[1]);
    } else {
      Editing.recordChange(t, b, x[0], y[1]);
    }
    Editing.overwrite(t, b, x[0], now, false);
    if (old != null) {
      b.setIntervals(
          t.c,
          Intervals.concat(
              Intervals.concat(
                  Intervals.before(old, x[0] - 1), Intervals.slice(old, y[0] - 1, y[1] - 1)),
              Intervals.concat(
                  Intervals.slice(old, x[1] - 1, y[0] - 1),
                  Intervals.concat(
                      Intervals.slice(old, x[0] - 1, x[1] - 1), Intervals.after(old, y[1] - 1)))));
    }
    if (leaveMarkers == Symbol.NIL) {
      Editing.transposeMarkers(t, b, x[0], x[1], y[0], y[1]);
    }
    org.elver.lisp.text.Hooks.after(t, x[0], y[1] - x[0], y[1] - x[0]);
    return Symbol.NIL;
  }

  @Primitive(
      value = "replace-buffer-contents",
      min = 1,
      interactive = "bSource buffer: ",
      doc =
          "Make the accessible text equal to that of the buffer SOURCE by as few changes as can\n"
              + "be found, so that markers and properties stay; return t.\n"
              + "MAX-SECS and MAX-COSTS limit the search.")
  static Object replaceBufferContents(Task t, Object source, Object maxSecs, Object maxCosts) {
    Buffer a = Buffer.current(t);
    Buffer b = Buffers.named(t, source);
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Selecting deleted buffer");
    }
    if (a == b) {
      throw LispSignal.error("Cannot replace a buffer with itself");
    }
    int from = a.begv(t.c);
    int[] x = a.codes(t.c, from, a.zv(t.c));
    int[] y = b.codes(t.c, b.begv(t.c), b.zv(t.c));
    y = b.isMultibyte(t.c) == a.isMultibyte(t.c) ? y : LispString.of(t.c, y, true).codeArray(t.c);
    Intervals properties =
        b.intervals(t.c) == null
            ? null
            : Intervals.slice(b.intervals(t.c), b.begv(t.c) - 1, b.zv(t.c) - 1);
    int start = 0;
    int n = Math.min(x.length, y.length);
    while (start < n && x[start] == y[start]) {
      start++;
    }
    int tail = 0;
    while (tail < n - start && x[x.length - 1 - tail] == y[y.length - 1 - tail]) {
      tail++;
    }
    List<int[]> edits = edits(t, x, start, x.length - tail, y, start, y.length - tail);
    if (edits.isEmpty()) {
      return Symbol.T;
    }
    int point = a.point(t.c);
    var mark = new org.elver.lisp.text.Marker(t.c, a, point, false);
    try {
      // From the end, so that positions before stay as they are.
      for (int i = edits.size() - 1; i >= 0; i--) {
        int[] e = edits.get(i);
        if (e[1] > e[0]) {
          Editing.delete(t, from + e[0], from + e[1]);
        }
        if (e[3] > e[2]) {
          a.setPoint(t.c, from + e[0]);
          Editing.insert(
              t,
              y,
              e[2],
              e[3],
              true,
              properties == null ? null : Intervals.pruned(Intervals.slice(properties, e[2], e[3])),
              false,
              false);
        }
      }
    } finally {
      if (mark.charpos(t.c) != 0) {
        a.setPoint(t.c, Math.clamp(mark.charpos(t.c), a.begv(t.c), a.zv(t.c)));
      }
      mark.detach(t.c);
    }
    return Symbol.T;
  }

  private static final long GREAT = 16_000_000;

  /** What to replace by what: ranges of {@code x} and of {@code y}, in order. */
  private static List<int[]> edits(Task t, int[] x, int a0, int a1, int[] y, int b0, int b1) {
    List<int[]> result = new ArrayList<>();
    int n = a1 - a0;
    int m = b1 - b0;
    if (n == 0 && m == 0) {
      return result;
    }
    if (n == 0 || m == 0 || (long) (n + 1) * (m + 1) > GREAT) {
      result.add(new int[] {a0, a1, b0, b1});
      return result;
    }
    int[][] common = new int[n + 1][m + 1];
    for (int i = n - 1; i >= 0; i--) {
      t.safepoint();
      for (int j = m - 1; j >= 0; j--) {
        common[i][j] =
            x[a0 + i] == y[b0 + j]
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < n || j < m) {
      if (i < n && j < m && x[a0 + i] == y[b0 + j]) {
        i++;
        j++;
        continue;
      }
      int i0 = i;
      int j0 = j;
      while ((i < n || j < m) && !(i < n && j < m && x[a0 + i] == y[b0 + j])) {
        if (j >= m || (i < n && common[i + 1][j] >= common[i][j + 1])) {
          i++;
        } else {
          j++;
        }
      }
      result.add(new int[] {a0 + i0, a0 + i, b0 + j0, b0 + j});
    }
    return result;
  }
}
