package org.elver.lisp.syntax;

import java.util.Arrays;
import org.elver.heap.object.Pair;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Intervals;
import org.elver.lisp.text.Properties;

/**
 * The syntax of the characters of a text: by the current buffer's table and, if {@code
 * parse-sexp-lookup-properties} says so, by text properties. Used for one operation during which
 * neither changes, except by syntax-propertize functions that it calls itself.
 */
public class SyntaxView {
  private static final Symbol LOOKUP = Symbol.known("parse-sexp-lookup-properties");
  private static final Symbol DONE = Symbol.known("syntax-propertize--done");
  private static final Symbol PROPERTIZE = Symbol.known("internal--syntax-propertize");

  protected final Task t;

  /** A buffer or string; null: syntax by the table alone. */
  private final Object object;

  private final CharTable table;
  private final boolean properties;

  /** Codes of ASCII characters by {@link #table}, once several were asked; -1: not known. */
  private int[] ascii;

  private int asked;

  // The positions that `override` holds for.
  private int from;
  private int to;

  /** What the text property says there: a table, an entry, or null. */
  private Object override;

  /** The view of a buffer or string. */
  public SyntaxView(Task t, Object object) {
    this.t = t;
    this.object = object;
    table = SyntaxTables.current(t);
    properties = object != null && Lisp.isTrue(Variables.orNil(t, LOOKUP));
  }

  /** Whether text properties count. */
  public final boolean usesProperties() {
    return properties;
  }

  private void seek(int pos) {
    if (object instanceof Buffer b) {
      propertize(b, pos);
    }
    from = pos;
    to = pos + 1;
    override = null;
    Intervals all = Properties.of(t, object);
    int origin = Properties.origin(object);
    if (all == null) {
      from = Integer.MIN_VALUE;
      to = Integer.MAX_VALUE;
    } else {
      Intervals.Interval i = all.find(pos - origin);
      if (i != null) {
        from = i.start() + origin;
        to = i.end() + origin;
        Object value = Properties.get(t, i.plist(), SyntaxTables.PURPOSE);
        if (value instanceof Pair || SyntaxTables.is(t.c, value)) {
          override = value;
        }
      } else {
        from = origin + Properties.length(t, object);
        to = Integer.MAX_VALUE;
      }
    }
    if (object instanceof Buffer) {
      // Beyond what is propertized, properties may come yet.
      to = Math.max(pos + 1, (int) Math.min(to, done()));
    }
  }

  /** To be called when Lisp has run: what was read of objects must be read again. */
  protected final void afterLisp() {
    from = 0;
    to = 0;
    ascii = null;
    lispRan();
  }

  /** Is called when Lisp has run. */
  protected void lispRan() {}

  private long done() {
    Object done = Variables.orNil(t, DONE);
    return done instanceof Long l ? l : Long.MAX_VALUE;
  }

  private void propertize(Buffer b, int pos) {
    int zv = b.zv(t.c);
    long done = done();
    if (done > pos || done >= zv || pos >= zv) {
      return;
    }
    long ticks = b.charsModiff(t.c);
    Symbol f = PROPERTIZE;
    if (f.function(t) == Symbol.NIL) {
      return; // Before Lisp defines it.
    }
    t.call(f, (long) Math.min(zv, pos + 1));
    afterLisp();
    if (b.charsModiff(t.c) != ticks) {
      throw LispSignal.error("internal--syntax-propertize modified the buffer!");
    }
    done = done();
    if (done <= pos && done < zv) {
      throw LispSignal.error("internal--syntax-propertize did not move syntax-propertize--done");
    }
  }

  /** The entry of a character at a position; the position may be -1 to ask the table alone. */
  public final Object entry(int ch, int pos) {
    if (properties && pos >= 0) {
      if (pos < from || pos >= to) {
        seek(pos);
      }
      if (override != null) {
        return override instanceof CharTable x ? x.ref(t.c, ch) : override;
      }
    }
    return table.ref(t.c, ch);
  }

  /** Class and flags of a character at a position. */
  public final int code(int ch, int pos) {
    if (properties && pos >= 0) {
      if (pos < from || pos >= to) {
        seek(pos);
      }
      if (override != null) {
        return SyntaxTables.code(t.c, entry(ch, pos));
      }
    }
    if (ch >= 128) {
      return SyntaxTables.code(t.c, table, ch);
    }
    if (ascii == null) {
      if (asked++ < 8) {
        return SyntaxTables.code(t.c, table, ch);
      }
      ascii = new int[128];
      Arrays.fill(ascii, -1);
    }
    int code = ascii[ch];
    if (code < 0) {
      code = SyntaxTables.code(t.c, table, ch);
      ascii[ch] = code;
    }
    return code;
  }

  /** The class of a character at a position. */
  public final int syntax(int ch, int pos) {
    return code(ch, pos) & 0xFFFF;
  }

  /** The character that matches one at a position, or nil. */
  public final Object match(int ch, int pos) {
    return SyntaxTables.match(t.c, entry(ch, pos));
  }
}
