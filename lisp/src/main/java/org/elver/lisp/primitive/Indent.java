package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferVariable;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Overlay;

/** Columns and indentation. */
final class Indent {
  private static final Symbol INDENT_TABS_MODE = Symbol.known("indent-tabs-mode");
  private static final Symbol INVISIBLE = Symbol.known("invisible");

  private Indent() {}

  static void variables(Task t) {
    Vm.defvar(t, INDENT_TABS_MODE, Symbol.T);
  }

  static int tabWidth(Task t, Buffer b) {
    return BufferVariable.TAB_WIDTH.in(t, b) instanceof Long w && w > 0 && w <= 1000
        ? (int) (long) w
        : 8;
  }

  /** How many columns a character takes, {@code column} being where it begins. */
  private static int width(Task t, Buffer b, int c, long column, int tab, boolean ctlArrow) {
    if (c == '\t') {
      return (int) (tab - column % tab);
    }
    if (c >= 32 && c < 127) {
      return 1;
    }
    if (c < 32 || c == 127) {
      return ctlArrow ? 2 : 4;
    }
    if (c > LispString.RAW_BYTE || !b.isMultibyte(t.c)) {
      return 4;
    }
    return org.elver.lisp.chartable.Width.of(t, c);
  }

  /** Whether the text at a position is not seen, by its {@code invisible} property. */
  private static boolean isInvisible(Task t, Buffer b, int pos) {
    Object p = Textpos.getCharProperty(t, (long) pos, INVISIBLE, b);
    if (p == Symbol.NIL) {
      return false;
    }
    Object spec = BufferVariable.INVISIBILITY_SPEC.in(t, b);
    if (spec == Symbol.T) {
      return true;
    }
    for (Object l = spec; l instanceof Pair q; l = q.second(t.c)) {
      Object e = q.first(t.c);
      Object key = e instanceof Pair x ? x.first(t.c) : e;
      if (Lisp.eq(key, p)) {
        return true;
      }
      if (p instanceof Pair) {
        for (Object m = p; m instanceof Pair x; m = x.second(t.c)) {
          if (Lisp.eq(x.first(t.c), key)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean mayHide(Task t, Buffer b) {
    return b.intervals(t.c) != null || !Overlay.all(t.c, b).isEmpty();
  }

  /** Goes from a line's beginning to a column or position: {position, column, column before}. */
  private static long[] scan(Task t, Buffer b, int from, int limit, long goal) {
    int tab = tabWidth(t, b);
    boolean ctlArrow = BufferVariable.CTL_ARROW.in(t, b) != Symbol.NIL;
    boolean hides = mayHide(t, b);
    long column = 0;
    long previous = 0;
    int p = from;
    var cursor = b.codes(t.c).cursor(t.c, p - 1);
    while (p < limit && column < goal) {
      if (hides && isInvisible(t, b, p)) {
        p =
            (int)
                (long)
                    (Long)
                        Textpos.nextSingleCharPropertyChange(
                            t, (long) p, INVISIBLE, b, (long) limit);
        cursor = b.codes(t.c).cursor(t.c, p - 1);
        continue;
      }
      int c = cursor.next();
      if (c == '\n') {
        break;
      }
      if (c == '\r' && BufferVariable.SELECTIVE_DISPLAY.in(t, b) == Symbol.T) {
        break;
      }
      previous = column;
      column += width(t, b, c, column, tab, ctlArrow);
      p++;
    }
    return new long[] {p, column, previous};
  }

  static long columnAt(Task t, Buffer b, int pos) {
    return scan(t, b, lineStart(t, b, pos), pos, Long.MAX_VALUE)[1];
  }

  private static int lineStart(Task t, Buffer b, int pos) {
    return Cmds.lineBeginning(t, b, pos, 1);
  }

  @Primitive(
      value = "current-column",
      doc = "Return the column of point, counted from 0, by the width of characters.")
  static long currentColumn(Task t) {
    Buffer b = Buffer.current(t);
    return columnAt(t, b, b.point(t.c));
  }

  @Primitive(
      value = "current-indentation",
      doc = "Return the column where the line's first character is that is no space or tab.")
  static long currentIndentation(Task t) {
    Buffer b = Buffer.current(t);
    return indentation(t, b, lineStart(t, b, b.point(t.c)));
  }

  private static long indentation(Task t, Buffer b, int from) {
    int tab = tabWidth(t, b);
    long column = 0;
    for (int p = from; p < b.zv(t.c); p++) {
      int c = b.charAt(t.c, p);
      if (c == ' ') {
        column++;
      } else if (c == '\t') {
        column += tab - column % tab;
      } else {
        break;
      }
    }
    return column;
  }

  private static long column(Object x) {
    if (x instanceof Long l && l >= 0) {
      return l;
    }
    throw LispSignal.wrongType(Q.WHOLENUMP, x);
  }

  @Primitive(
      value = "indent-to",
      min = 1,
      interactive = "NIndent to column: ",
      doc = "Insert tabs and spaces up to COLUMN, at least MINIMUM columns; return the column.")
  static Object indentTo(Task t, Object column, Object minimum) {
    long goal = Lisp.fixnum(column);
    long least = minimum == Symbol.NIL ? 0 : Lisp.fixnum(minimum);
    Buffer b = Buffer.current(t);
    long from = currentColumn(t);
    long to = Math.max(goal, from + least);
    if (to <= from) {
      return from;
    }
    if (to > Integer.MAX_VALUE / 2) {
      throw LispSignal.error("Maximum buffer size exceeded");
    }
    int tab = tabWidth(t, b);
    if (Editing.isSet(t, INDENT_TABS_MODE)) {
      long tabs = to / tab - from / tab;
      if (tabs > 0) {
        Inserting.insertChar(t, (long) '\t', tabs, Symbol.T);
        from = to / tab * tab;
      }
    }
    Inserting.insertChar(t, (long) ' ', to - from, Symbol.T);
    return to;
  }

  @Primitive(
      value = "move-to-column",
      min = 1,
      interactive = "NMove to column: ",
      doc =
          "Move point to COLUMN of its line, or to the line's end; return the column reached.\n"
              + "FORCE t: change white space so that it is exactly that; other non-nil: only tabs.")
  static long moveToColumn(Task t, Object column, Object force) {
    long goal = column(column);
    Buffer b = Buffer.current(t);
    long[] r = scan(t, b, lineStart(t, b, b.point(t.c)), b.zv(t.c), goal);
    int p = (int) r[0];
    b.setPoint(t.c, p);
    long col = r[1];
    if (force != Symbol.NIL && col > goal && p > b.begv(t.c) && b.charAt(t.c, p - 1) == '\t') {
      // The tab is split: spaces up to the column, then what is left of it.
      b.setPoint(t.c, p - 1);
      Inserting.insertChar(t, (long) ' ', goal - r[2], Symbol.T);
      int here = b.point(t.c);
      Editing.delete(t, here, here + 1);
      indentTo(t, col, Symbol.NIL);
      b.setPoint(t.c, here);
      return goal;
    }
    if (col < goal && force == Symbol.T) {
      indentTo(t, goal, Symbol.NIL);
      return goal;
    }
    return col;
  }

  @Primitive(
      value = "line-number-display-width",
      min = 0,
      doc = "Return how wide line numbers are shown in the selected window; 0: they are not.")
  static Object lineNumberDisplayWidth(Task t, Object pixelwise) {
    return 0L;
  }

  // ---- Lines as a screen shows them
  // --------------------------------------------------------------------

  @Primitive(
      value = "vertical-motion",
      min = 1,
      doc =
          "Move point to the beginning of the screen line LINES below; return how many it was.\n"
              + "LINES may be (COLUMN . LINES).")
  static long verticalMotion(Task t, Object lines, Object window, Object curCol) {
    long n;
    Object goal = null;
    if (lines instanceof Pair p && p.second(t.c) instanceof Long l) {
      goal = p.first(t.c);
      n = l;
    } else {
      n = Lisp.fixnum(lines);
    }
    Buffer b = Buffer.current(t);
    int opoint = b.point(t.c);
    int p = Cmds.lineBeginning(t, b, opoint, 1);
    long moved = 0;
    if (n > 0) {
      while (moved < n && p < b.zv(t.c)) {
        int i = b.codes(t.c).indexOf(t.c, '\n', p - 1, b.zv(t.c) - 1);
        if (i < 0) {
          p = b.zv(t.c);
          break;
        }
        p = i + 2;
        moved++;
      }
    } else {
      while (moved > n && p > b.begv(t.c)) {
        p = Cmds.lineBeginning(t, b, p - 1, 1);
        moved--;
      }
    }
    b.setPoint(t.c, p);
    if (goal != null && Lisp.isNumber(goal)) {
      long column = goal instanceof Double d ? (long) (double) d : goal instanceof Long l ? l : 0;
      b.setPoint(t.c, (int) scan(t, b, p, b.zv(t.c), column)[0]);
    }
    return moved;
  }

  @Primitive(
      value = "compute-motion",
      doc =
          "Scan text FROM a position at screen place FROMPOS up to TO or place TOPOS, for lines"
              + " of\n"
              + "WIDTH columns; return (POS HPOS VPOS PREVHPOS CONTIN).")
  static Object computeMotion(
      Task t,
      Object from,
      Object frompos,
      Object to,
      Object topos,
      Object width,
      Object offsets,
      Object window) {
    long start = Buffer.position(t, from);
    long end = Buffer.position(t, to);
    long hpos = Lisp.fixnum(Lisp.cons(frompos).first(t.c));
    long vpos = Lisp.fixnum(Lisp.cons(frompos).second(t.c));
    long tohpos = Long.MAX_VALUE;
    long tovpos = Long.MAX_VALUE;
    if (topos != Symbol.NIL) {
      tohpos = Lisp.fixnum(Lisp.cons(topos).first(t.c));
      tovpos = Lisp.fixnum(Lisp.cons(topos).second(t.c));
    }
    long columns = width == Symbol.NIL ? 80 : Lisp.fixnum(width);
    Buffer b = Buffer.current(t);
    if (start < b.begv(t.c) || start > b.zv(t.c)) {
      throw LispSignal.outOfRange(from, (long) b.begv(t.c), (long) b.zv(t.c));
    }
    if (end < b.begv(t.c) || end > b.zv(t.c)) {
      throw LispSignal.outOfRange(to, (long) b.begv(t.c), (long) b.zv(t.c));
    }
    int tab = tabWidth(t, b);
    boolean ctlArrow = BufferVariable.CTL_ARROW.in(t, b) != Symbol.NIL;
    boolean truncates = BufferVariable.TRUNCATE_LINES.in(t, b) != Symbol.NIL;
    long previous = 0;
    boolean continued = false;
    long p = start;
    while (p < end && (vpos < tovpos || (vpos == tovpos && hpos < tohpos))) {
      int c = b.charAt(t.c, (int) p);
      if (c == '\n') {
        previous = hpos;
        hpos = 0;
        vpos++;
        continued = false;
        p++;
        continue;
      }
      int w = width(t, b, c, hpos, tab, ctlArrow);
      if (!truncates && hpos + w > columns - 1 && hpos > 0 && columns > 1) {
        previous = hpos;
        hpos = 0;
        vpos++;
        continued = true;
        if (vpos > tovpos) {
          break;
        }
        continue;
      }
      previous = hpos;
      hpos += w;
      p++;
    }
    return t.list(p, hpos, vpos, p == end ? hpos : previous, Lisp.bool(continued));
  }
}
