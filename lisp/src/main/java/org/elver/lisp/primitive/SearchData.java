package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.search.MatchData;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;

/** The match data: what the last search found. */
final class SearchData {
  private SearchData() {}

  /** The task's match data. */
  static MatchData data(Task t) {
    if (t.matchData == Task.UNKNOWN_MATCH) {
      t.irrevocable();
    }
    return t.matchData instanceof MatchData m ? m : MatchData.NONE;
  }

  private static int group(Object subexp) {
    long n = Lisp.fixnum(subexp);
    if (n < 0) {
      throw LispSignal.outOfRange(subexp, 0L);
    }
    return (int) Math.min(n, Integer.MAX_VALUE / 4);
  }

  private static Object position(int p) {
    return p < 0 ? Symbol.NIL : (Object) (long) p;
  }

  @Primitive(
      value = "match-beginning",
      doc =
          "Return where group SUBEXP of the last match began, nil if it had no part in it.\n"
              + "Group 0 is the whole match.")
  static Object beginning(Task t, Object subexp) {
    return position(data(t).start(group(subexp)));
  }

  @Primitive(
      value = "match-end",
      doc =
          "Return where group SUBEXP of the last match ended, nil if it had no part in it.\n"
              + "Group 0 is the whole match.")
  static Object end(Task t, Object subexp) {
    return position(data(t).end(group(subexp)));
  }

  @Primitive(
      value = "match-data",
      min = 0,
      doc =
          "Return a list of the starts and ends of the groups of the last match.\n"
              + "They are markers if a buffer was searched, unless INTEGERS is non-nil: then the"
              + " buffer\n"
              + "comes last. The list REUSE is filled if it is one; RESEAT non-nil: its markers are"
              + " made\n"
              + "to point nowhere.")
  static Object get(Task t, Object integers, Object reuse, Object reseat) {
    if (reseat != Symbol.NIL) {
      for (Object l = reuse; l instanceof Pair p; l = p.second(t.c)) {
        if (p.first(t.c) instanceof Marker m) {
          m.detach(t.c);
          p.setFirst(t.c, Symbol.NIL);
        }
      }
    }
    if (t.matchData == Task.UNKNOWN_MATCH) {
      t.irrevocable();
    }
    if (!(t.matchData instanceof MatchData m) || m.count() == 0) {
      return Symbol.NIL;
    }
    int last = m.count() - 1;
    while (last > 0 && m.start(last) < 0) {
      last--;
    }
    Buffer b = m.buffer();
    boolean markers = b != null && integers == Symbol.NIL;
    if (m.start(last) < 0) {
      last--;
    }
    int n = 2 * last + 2;
    Object[] items = new Object[b != null && !markers ? n + 1 : n];
    for (int i = 0; i <= last; i++) {
      int start = m.start(i);
      items[2 * i] = start < 0 ? Symbol.NIL : place(t, b, start, markers);
      items[2 * i + 1] = start < 0 ? Symbol.NIL : place(t, b, m.end(i), markers);
    }
    if (items.length > n) {
      items[n] = b;
    }
    if (!(reuse instanceof Pair)) {
      return t.list(items);
    }
    int i = 0;
    Pair cell = null;
    for (Object l = reuse; l instanceof Pair p; l = p.second(t.c)) {
      p.setFirst(t.c, i < items.length ? items[i] : Symbol.NIL);
      cell = p;
      if ((++i & 0xFFF) == 0) {
        t.safepoint();
      }
    }
    if (i < items.length) {
      Object rest = Symbol.NIL;
      for (int j = items.length - 1; j >= i; j--) {
        rest = t.cons(items[j], rest);
      }
      cell.setSecond(t.c, rest);
    }
    return reuse;
  }

  private static Object place(Task t, Buffer b, int pos, boolean marker) {
    if (!marker) {
      return (long) pos;
    }
    return b.isLive(t.c)
        ? new Marker(t.c, b, Math.clamp(pos, 1, b.z(t.c)), false)
        : new Marker(t.c);
  }

  @Primitive(
      value = "set-match-data",
      min = 1,
      doc =
          "Set the match data to LIST, as `match-data' returns it.\n"
              + "RESEAT non-nil: the markers of LIST are made to point nowhere.")
  static Object set(Task t, Object list, Object reseat) {
    Object[] items = Lisp.elements(t.c, Lisp.list(list)).toArray();
    Buffer buffer = null;
    int[] registers = new int[items.length & ~1];
    int n = 0;
    for (; n + 1 < items.length || (n < items.length && items[n] instanceof Buffer); n += 2) {
      if (items[n] instanceof Buffer b) {
        buffer = b;
        break;
      }
      registers[n] = -1;
      registers[n + 1] = -1;
      if (items[n] == Symbol.NIL) {
        continue;
      }
      if (items[n] instanceof Marker m && m.buffer(t.c) != null) {
        buffer = m.buffer(t.c);
      }
      long from = coerced(t, items[n], reseat);
      long to = coerced(t, items[n + 1], reseat);
      if (from >= 0 && to >= 0 && from <= Integer.MAX_VALUE && to <= Integer.MAX_VALUE) {
        registers[n] = (int) from;
        registers[n + 1] = (int) to;
      }
    }
    t.matchData = new MatchData(java.util.Arrays.copyOf(registers, n), buffer);
    return Symbol.NIL;
  }

  private static long coerced(Task t, Object x, Object reseat) {
    if (x instanceof Marker m) {
      long at = m.charpos(t.c);
      if (reseat != Symbol.NIL) {
        m.detach(t.c);
      }
      return at;
    }
    if (x instanceof Long l) {
      return l;
    }
    throw LispSignal.wrongType(Q.INTEGER_OR_MARKER_P, x);
  }

  @Primitive(value = "match-data--translate", doc = "Add N to all positions of the match data.")
  static Object translate(Task t, Object n) {
    long delta = Lisp.fixnum(n);
    if (t.matchData == Task.UNKNOWN_MATCH) {
      t.irrevocable();
    }
    if (t.matchData instanceof MatchData m) {
      int[] registers = m.registers();
      for (int i = 0; i < registers.length; i++) {
        if (registers[i] >= 0) {
          registers[i] = Math.clamp(registers[i] + delta, 0, Integer.MAX_VALUE);
        }
      }
      t.matchData = new MatchData(registers, m.buffer());
    }
    return Symbol.NIL;
  }
}
