package org.elver.lisp.print;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.chartable.SubCharTable;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Intervals;

/**
 * Which objects are printed with a label, {@code #1=}, because they occur more than once. With
 * continuous numbering the table is the hash table in {@code print-number-table}.
 */
final class Labels {
  private static final Object ONCE = new Object();

  private final Task t;
  private final boolean gensym;
  private final boolean continuous;
  private final HashTable table;
  private final IdentityHashMap<Object, Object> map = new IdentityHashMap<>();
  private long last;

  private Labels(Task t, boolean continuous, HashTable table) {
    this.t = t;
    this.gensym = Lisp.isTrue(Variables.orNil(t, Q.PRINT_GENSYM));
    this.continuous = continuous;
    this.table = table;
  }

  /** The labels for printing {@code object}. */
  static Labels of(Task t, Object object) {
    boolean continuous = Lisp.isTrue(Variables.orNil(t, Q.PRINT_CONTINUOUS_NUMBERING));
    HashTable table = null;
    if (continuous) {
      if (Variables.orNil(t, Q.PRINT_NUMBER_TABLE) instanceof HashTable h) {
        table = h;
      } else {
        table = HashTable.of(t.c, Q.EQ, 16);
        Variables.set(t, Q.PRINT_NUMBER_TABLE, table);
      }
    } else if (Lisp.isTrue(Variables.orNil(t, Q.PRINT_NUMBER_TABLE))) {
      Variables.set(t, Q.PRINT_NUMBER_TABLE, Symbol.NIL);
    }
    Labels labels = new Labels(t, continuous, table);
    if (table != null) {
      for (long p = table.first(t.c); p >= 0; p = table.next(t.c, p)) {
        if (table.valueAt(t.c, p) instanceof Long n) {
          labels.map.put(table.keyAt(t.c, p), n);
          labels.last = Math.max(labels.last, Math.abs(n));
        }
      }
    }
    return labels.collect(object);
  }

  /**
   * Notes in {@code print-number-table} what occurs in {@code object}: t once, a negative number
   * more than once.
   */
  static void note(Task t, Object object) {
    HashTable table;
    if (Variables.orNil(t, Q.PRINT_NUMBER_TABLE) instanceof HashTable h) {
      table = h;
    } else {
      table = HashTable.of(t.c, Q.EQ, 16);
      Variables.set(t, Q.PRINT_NUMBER_TABLE, table);
    }
    Labels labels =
        new Labels(t, Lisp.isTrue(Variables.orNil(t, Q.PRINT_CONTINUOUS_NUMBERING)), table);
    labels.count(object);
    labels.map.forEach((k, v) -> table.put(t, k, v == ONCE ? Symbol.T : v));
  }

  private Labels collect(Object object) {
    count(object);
    if (table != null) {
      map.forEach(
          (k, v) -> {
            if (v instanceof Long n) {
              table.put(t, k, n);
            }
          });
    }
    return this;
  }

  private boolean isCandidate(Object x) {
    return x instanceof Pair
        || x instanceof Vector
        || x instanceof Record
        || x instanceof ByteCode
        || x instanceof HashTable
        || x instanceof CharTable
        || x instanceof SubCharTable
        || x instanceof LispString
        || (x instanceof Symbol s && isGensym(s));
  }

  private boolean isGensym(Symbol s) {
    return gensym && !s.isInterned(t);
  }

  /** An object with the depth of nesting at which it is. */
  private record Part(Object object, int depth) {}

  private void count(Object root) {
    ArrayDeque<Part> todo = new ArrayDeque<>();
    todo.add(new Part(root, 0));
    while (!todo.isEmpty()) {
      Part part = todo.removeLast();
      Object x = part.object;
      if (!isCandidate(x) || !mark(x, part.depth)) {
        continue;
      }
      t.safepoint();
      int d = part.depth + 1;
      if (x instanceof Pair p) {
        todo.add(new Part(p.second(t.c), part.depth));
        todo.add(new Part(p.first(t.c), d));
      } else if (x instanceof Vector v) {
        for (int i = v.length(t.c) - 1; i >= 0; i--) {
          todo.add(new Part(v.get(t.c, i), d));
        }
      } else if (x instanceof HashTable h) {
        ArrayDeque<Object> all = new ArrayDeque<>();
        for (long p = h.first(t.c); p >= 0; p = h.next(t.c, p)) {
          all.push(h.keyAt(t.c, p));
          all.push(h.valueAt(t.c, p));
        }
        all.forEach(o -> todo.add(new Part(o, d)));
      } else if (x instanceof Slots s) {
        for (int i = s.length(t.c) - 1; i >= 0; i--) {
          if (s.get(t.c, i) != null) {
            todo.add(new Part(s.get(t.c, i), d));
          }
        }
      } else if (x instanceof ByteCode b) {
        for (int i = b.extra().length - 1; i >= 0; i--) {
          todo.add(new Part(b.extra()[i], d));
        }
        for (int i = b.constants(t.c).length - 1; i >= 0; i--) {
          todo.add(new Part(b.constants(t.c)[i], d + 1));
        }
        todo.add(new Part(b.arglist(), d));
      } else if (x instanceof LispString s && s.properties(t.c) instanceof Intervals all) {
        all.forEach(
            (from, to, plist) -> {
              for (int i = plist.length - 1; i >= 0; i--) {
                todo.add(new Part(plist[i], d + 1));
              }
            });
      }
    }
  }

  /** Notes that {@code x} occurs; true when it is the first time. */
  private boolean mark(Object x, int depth) {
    if (x instanceof LispString s && !isNumbered(s, depth)) {
      return true;
    }
    Object seen = map.get(x);
    if (seen == null) {
      if (continuous && x instanceof Symbol) {
        map.put(x, - ++last);
        return true;
      }
      map.put(x, ONCE);
      return true;
    }
    if (seen == ONCE) {
      map.put(x, - ++last);
    }
    return false;
  }

  private boolean isNumbered(LispString s, int depth) {
    return s.properties(t.c) != null || ((continuous || depth > 1) && s.length(t.c) > 0);
  }

  /** The label of {@code x}: negative when it has not been printed yet; 0: none. */
  long of(Object x, int depth) {
    if (x instanceof LispString s && !isNumbered(s, depth)) {
      return 0;
    }
    return map.get(x) instanceof Long n ? n : 0;
  }

  /** Notes that {@code x} with label {@code n} is printed now. */
  void printed(Object x, long n) {
    map.put(x, n);
    if (table != null) {
      table.put(t, x, n);
    }
  }
}
