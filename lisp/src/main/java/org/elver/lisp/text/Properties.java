package org.elver.lisp.text;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Text properties of strings and buffers: looking, changing, and copying from string to string. */
public final class Properties {
  private static final Symbol CATEGORY = Symbol.known("category");
  private static final Symbol ALIASES = Symbol.known("char-property-alias-alist");
  private static final Symbol DEFAULTS = Symbol.known("default-text-properties");

  private Properties() {}

  // ---- Looking
  // -----------------------------------------------------------------------------------

  /** A property of a list of them: its own, its category's, an alias's or the default. */
  public static Object get(Task t, Object[] plist, Object property) {
    int i = Intervals.indexOf(plist, property);
    if (i >= 0) {
      return plist[i];
    }
    Object x = Symbol.NIL;
    int j = Intervals.indexOf(plist, CATEGORY);
    if (j >= 0 && plist[j] instanceof Symbol s) {
      x = plistValue(t, s.plist(t), property);
    }
    if (x != Symbol.NIL) {
      return x;
    }
    Object aliases = Variables.orNil(t, ALIASES);
    if (aliases instanceof Pair) {
      Object names = Lisp.cdrSafe(t.c, assq(t, property, aliases));
      for (Object l = names; l instanceof Pair p; l = p.second(t.c)) {
        x = Intervals.value(plist, p.first(t.c));
        if (x != Symbol.NIL) {
          return x;
        }
      }
    }
    return plistValue(t, Variables.orNil(t, DEFAULTS), property);
  }

  /** What an overlay without a property of its own has: its category's, or an alias's. */
  static Object fallback(Task t, Object category, Object property, boolean text) {
    Object x =
        category != Symbol.NIL && category instanceof Symbol s
            ? plistValue(t, s.plist(t), property)
            : Symbol.NIL;
    return x == Symbol.NIL && text ? plistValue(t, Variables.orNil(t, DEFAULTS), property) : x;
  }

  private static Object assq(Task t, Object key, Object alist) {
    for (Object l = alist; l instanceof Pair p; l = p.second(t.c)) {
      if (p.first(t.c) instanceof Pair e && Lisp.eq(e.first(t.c), key)) {
        return e;
      }
    }
    return Symbol.NIL;
  }

  static Object plistValue(Task t, Object plist, Object property) {
    Object l = plist;
    while (l instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (Lisp.eq(p.first(t.c), property)) {
        return q.first(t.c);
      }
      l = q.second(t.c);
    }
    return Symbol.NIL;
  }

  /** A property of the character after a position of a buffer. */
  public static Object at(Task t, Buffer b, int pos, Object property) {
    return get(t, Intervals.at(b.intervals(t.c), pos - 1), property);
  }

  /** The properties of a buffer or string; null: none. */
  public static Intervals of(Task t, Object object) {
    return object instanceof LispString s
        ? (Intervals) s.properties(t.c)
        : ((Buffer) object).intervals(t.c);
  }

  /** The first index of an object: 1 in buffers, 0 in strings. */
  public static int origin(Object object) {
    return object instanceof LispString ? 0 : 1;
  }

  /** The length of an object's text. */
  public static int length(Task t, Object object) {
    return object instanceof LispString s ? s.length(t.c) : ((Buffer) object).z(t.c) - 1;
  }

  /** The object argument: nil means the current buffer. */
  public static Object object(Task t, Object x) {
    if (x == Symbol.NIL) {
      return Buffer.current(t);
    }
    if (x instanceof LispString || x instanceof Buffer) {
      return x;
    }
    throw LispSignal.wrongType(Q.BUFFER_OR_STRING_P, x);
  }

  /** A list of Lisp's as an array of names and values; an odd one gets a nil. */
  public static Object[] plist(Task t, Object list) {
    Object[] items = Lisp.elements(t.c, list).toArray();
    if (items.length % 2 != 0) {
      items = java.util.Arrays.copyOf(items, items.length + 1);
      items[items.length - 1] = Symbol.NIL;
    }
    return items;
  }

  // ---- Changing
  // ----------------------------------------------------------------------------------

  /**
   * Changes the properties of a range of a buffer or string, with hooks and undo for a buffer.
   * Indices count from 0. Returns whether anything changed.
   */
  public static boolean change(Task t, Object object, int from, int to, Intervals.Change change) {
    if (from >= to) {
      return false;
    }
    Intervals old = of(t, object);
    int length = length(t, object);
    Intervals now = Intervals.change(old, length, from, to, change);
    if (now == old) {
      return false;
    }
    if (object instanceof LispString s) {
      s.setProperties(t.c, now);
      return true;
    }
    Buffer b = (Buffer) object;
    Buffer before = Buffer.current(t);
    b.select(t);
    try {
      Editing.prepareProperties(t, from + 1, to + 1);
      // Hooks may have changed the text.
      length = length(t, b);
      int end = Math.min(to, length);
      Intervals fresh =
          Intervals.change(
              b.intervals(t.c),
              length,
              from,
              end,
              (i, j, p) -> {
                Object[] q = change.apply(i, j, p);
                if (q != p) {
                  recordChange(t, b, i + 1, j + 1, p, q);
                }
                return q;
              });
      Editing.tick(t, b, false);
      b.setIntervals(t.c, fresh);
      Hooks.after(t, from + 1, end - from, end - from);
    } finally {
      if (before.isLive(t.c)) {
        before.select(t);
      }
    }
    return true;
  }

  private static void recordChange(Task t, Buffer b, int from, int to, Object[] old, Object[] now) {
    for (int i = 0; i < old.length; i += 2) {
      int j = Intervals.indexOf(now, old[i]);
      if (j < 0 || !Lisp.eq(now[j], old[i + 1])) {
        Undo.property(t, b, from, to, old[i], old[i + 1]);
      }
    }
    for (int i = 0; i < now.length; i += 2) {
      if (Intervals.indexOf(old, now[i]) < 0) {
        Undo.property(t, b, from, to, now[i], Symbol.NIL);
      }
    }
  }

  /** Sets one property of a range of a string. */
  public static void put(Task t, LispString s, int from, int to, Object property, Object value) {
    change(t, s, from, to, (i, j, p) -> Intervals.with(p, property, value));
  }

  // ---- Copying between strings
  // ---------------------------------------------------------------------

  /**
   * The properties of a range of a string as its copy is to have them ({@code substring}, {@code
   * concat}, {@code copy-sequence}); null when there are none.
   */
  public static Intervals copy(Context c, LispString s, int from, int to) {
    return s.properties(c) instanceof Intervals x
        ? Intervals.reversed(Intervals.pruned(Intervals.slice(x, from, to)))
        : null;
  }

  /** Gives {@code target} at {@code at} the properties of all of {@code source}. */
  public static void copyTo(Context c, LispString source, LispString target, int at) {
    Intervals x = copy(c, source, 0, source.length(c));
    if (x != null) {
      place(c, target, at, x);
    }
  }

  /** Gives a part of a string these properties instead of those it has. */
  public static void place(Context c, LispString target, int at, Intervals x) {
    int n = target.length(c);
    Intervals old = target.properties(c) instanceof Intervals i ? i : Intervals.of(n);
    int end = at + Intervals.length(x);
    target.setProperties(
        c,
        Intervals.concat(
            Intervals.concat(Intervals.before(old, at), x), Intervals.after(old, end)));
  }

  /**
   * Gathers the properties of a string that is being put together of others: {@code concat}, {@code
   * format}, {@code mapconcat}. Say what comes, in order, then {@link #apply}.
   */
  public static final class Builder {
    private Intervals all;
    private int length;

    /** Nothing so far. */
    public Builder() {}

    /** {@code n} codes without properties. */
    public Builder plain(int n) {
      return add(n, null);
    }

    /** All of a string. */
    public Builder string(Context c, LispString s) {
      int n = s.length(c);
      return add(n, copy(c, s, 0, n));
    }

    /** A range of a string. */
    public Builder string(Context c, LispString s, int from, int to) {
      return add(to - from, copy(c, s, from, to));
    }

    /** {@code n} codes with these properties; null: none. */
    public Builder add(int n, Intervals x) {
      if (all != null || x != null) {
        if (all == null) {
          all = Intervals.of(length);
        }
        all = Intervals.concat(all, x == null ? Intervals.of(n) : x);
      }
      length += n;
      return this;
    }

    /** Gives them to the string. */
    public LispString apply(Context c, LispString s) {
      if (all != null) {
        s.setProperties(c, Intervals.pruned(all));
      }
      return s;
    }
  }

  /** A property list as Lisp's list. */
  public static Object list(Context c, Object[] plist) {
    return Lisp.list(c, java.util.Arrays.asList(plist));
  }
}
