package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.collection.Sequences;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.ProxyCalls;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Sequence;
import org.elver.lisp.object.Symbol;

/** Functions over all elements of a sequence, and sorting. */
final class FnsMapping {
  private static final Symbol IDENTITY = Symbol.known("identity");

  private FnsMapping() {}

  /**
   * Calls a function with each element. Elements are looked at only when it is their turn; when the
   * function has made a list shorter, it ends there.
   */
  private abstract static class Mapping extends NativeFrame {
    private final Object function;
    final Object sequence;
    private final int length;
    private Object tail;
    private int next;

    Mapping(Task t, Object function, Object sequence) {
      this.function = function;
      this.sequence = sequence;
      this.length = Sequences.length(t.c, sequence);
      this.tail = sequence;
      if (sequence instanceof Sequence s && !s.isIterable()) {
        throw LispSignal.wrongType(Q.LISTP, sequence);
      }
    }

    /** Takes a result. */
    abstract void take(Task t, Object result);

    /** The value of the whole. */
    abstract Object end(Task t);

    @Override
    public Object resume(Task t, Object value) {
      if (value != null) {
        take(t, value);
        if (tail instanceof Pair p) {
          tail = p.second(t.c); // Only now: the function may have changed it.
        }
      }
      if (next == length) {
        return end(t);
      }
      Object x;
      if (tail instanceof Pair p) {
        x = p.first(t.c);
      } else if (sequence instanceof Pair || sequence instanceof Record) {
        return end(t);
      } else {
        if (sequence instanceof Vector v && next >= v.length(t.c)) {
          return end(t);
        }
        x = Sequences.element(t.c, sequence, next);
      }
      next++;
      return t.invoke(this, function, x);
    }
  }

  /** Gathers results in a list, which nobody else sees until it is finished. */
  private static final class Mapcar extends Mapping {
    private Object[] results = new Object[8];
    private int n;

    Mapcar(Task t, Object function, Object sequence) {
      super(t, function, sequence);
    }

    @Override
    void take(Task t, Object result) {
      if (n == results.length) {
        results = java.util.Arrays.copyOf(results, n * 2);
      }
      results[n++] = result;
    }

    @Override
    Object end(Task t) {
      Object list = Symbol.NIL;
      for (int i = n - 1; i >= 0; i--) {
        list = new Pair(t.c, results[i], list);
      }
      return list;
    }

    @Override
    public NativeFrame copy() {
      Mapcar m = (Mapcar) super.copy();
      m.results = results.clone();
      return m;
    }
  }

  private static final class Mapc extends Mapping {
    Mapc(Task t, Object function, Object sequence) {
      super(t, function, sequence);
    }

    @Override
    void take(Task t, Object result) {
      // Only the calls matter.
    }

    @Override
    Object end(Task t) {
      return sequence;
    }
  }

  /** Gathers results for one call of a variadic primitive of this class's package. */
  private static final class MapInto extends Mapping {
    private Object[] results = new Object[8];
    private int n;
    private final Object separator;

    MapInto(Task t, Object function, Object sequence, Object separator) {
      super(t, function, sequence);
      this.separator = separator;
    }

    @Override
    void take(Task t, Object result) {
      if (n + 2 > results.length) {
        results = java.util.Arrays.copyOf(results, results.length * 2);
      }
      if (separator != null && n > 0) {
        results[n++] = separator;
      }
      results[n++] = result;
    }

    @Override
    Object end(Task t) {
      Object[] all = java.util.Arrays.copyOf(results, n);
      return ProxyCalls.call(t, separator == null ? "nconc" : "concat", all);
    }

    @Override
    public NativeFrame copy() {
      MapInto m = (MapInto) super.copy();
      m.results = results.clone();
      return m;
    }
  }

  @Primitive(
      value = "mapcar",
      doc = "Call FUNCTION with each element of SEQUENCE; return a list of the results.")
  static Object mapcar(Task t, Object function, Object sequence) {
    return new Mapcar(t, function, sequence).resume(t, null);
  }

  @Primitive(
      value = "mapc",
      doc = "Call FUNCTION with each element of SEQUENCE, which is returned.")
  static Object mapc(Task t, Object function, Object sequence) {
    return new Mapc(t, function, sequence).resume(t, null);
  }

  @Primitive(
      value = "mapcan",
      doc = "Call FUNCTION with each element of SEQUENCE; join the resulting lists by `nconc'.")
  static Object mapcan(Task t, Object function, Object sequence) {
    return new MapInto(t, function, sequence, null).resume(t, null);
  }

  @Primitive(
      value = "mapconcat",
      doc =
          "Call FUNCTION with each element of SEQUENCE; join the results by `concat' with"
              + " SEPARATOR.")
  static Object mapconcat(Task t, Object function, Object sequence, Object separator) {
    if (function == IDENTITY && sequence instanceof Pair) {
      try {
        return FnsStrings.joined(t, sequence, separator);
      } catch (LispSignal e) {
        if (ProxyCalls.culprit(e) == null) {
          throw e;
        }
      }
    }
    return new MapInto(t, function, sequence, separator).resume(t, null);
  }

  // ---- Sorting ----------------------------------------------------------------------------------

  /**
   * Merges sorted parts: stable, and suspended between any two calls of the predicate. Its parts
   * are halves, halves of halves and so on, in the order in which GNU Emacs sorts them: calls of
   * the predicate come in that order too. A list's pairs are put in another order; a vector's
   * elements are in arrays of the frame's own until all is sorted.
   */
  private static final class Sort extends NativeFrame {
    private final Object sequence;
    private final Object predicate;
    private final boolean list;

    /** Pairs of a list, elements of a vector. */
    private Object[] items;

    /** The left part of the merge that is going on. */
    private Object[] left;

    /** Begin, middle and end of each merge to make. */
    private final int[] merges;

    private int merge;
    private int leftAt;
    private int leftEnd;
    private int right;
    private int out;

    Sort(Object sequence, Object predicate, Object[] items) {
      this.sequence = sequence;
      this.predicate = predicate;
      this.list = sequence instanceof Pair;
      this.items = items;
      this.merges = new int[3 * (items.length - 1)];
      this.left = new Object[items.length / 2];
      plan(0, items.length, 0);
      begin();
    }

    /** Notes the merges of a part; returns where the next one is to be noted. */
    private int plan(int from, int to, int at) {
      int n = to - from;
      if (n < 2) {
        return at;
      }
      int middle = from + n / 2;
      int next = at;
      if (list) {
        next = plan(middle, to, next);
        next = plan(from, middle, next);
      } else {
        next = plan(from, middle, next);
        next = plan(middle, to, next);
      }
      merges[next] = from;
      merges[next + 1] = middle;
      merges[next + 2] = to;
      return next + 3;
    }

    private void begin() {
      if (merge < merges.length) {
        int from = merges[merge];
        leftEnd = merges[merge + 1] - from;
        System.arraycopy(items, from, left, 0, leftEnd);
        leftAt = 0;
        right = from + leftEnd;
        out = from;
      }
    }

    private Object key(Task t, Object item) {
      return list ? ((Pair) item).first(t.c) : item;
    }

    @Override
    public Object resume(Task t, Object value) {
      if (value != null) {
        // Asked whether the right one is less: only then it goes first.
        items[out++] = value != Symbol.NIL ? items[right++] : left[leftAt++];
      }
      while (merge < merges.length) {
        if (leftAt < leftEnd && right < merges[merge + 2]) {
          return t.invoke(this, predicate, key(t, items[right]), key(t, left[leftAt]));
        }
        // What is left of the right part is in its place already.
        while (leftAt < leftEnd) {
          items[out++] = left[leftAt++];
        }
        merge += 3;
        begin();
      }
      return store(t.c);
    }

    private Object store(Context c) {
      if (sequence instanceof Vector v) {
        int n = Math.min(items.length, v.length(c));
        for (int i = 0; i < n; i++) {
          v.set(c, i, items[i]);
        }
        return v;
      }
      for (int i = 0; i < items.length; i++) {
        ((Pair) items[i]).setSecond(c, i + 1 < items.length ? items[i + 1] : Symbol.NIL);
      }
      return items[0];
    }

    @Override
    public NativeFrame copy() {
      Sort s = (Sort) super.copy();
      s.items = items.clone();
      s.left = left.clone();
      return s;
    }
  }

  @Primitive(
      value = "sort",
      doc =
          "Sort SEQ, a list or vector, stably by PREDICATE (is the first less?); return it.\n"
              + "A list or vector is changed in place.")
  static Object sort(Task t, Object seq, Object predicate) {
    if (seq == Symbol.NIL) {
      return seq;
    }
    if (!(seq instanceof Pair) && !(seq instanceof Vector)) {
      throw LispSignal.wrongType(Q.LIST_OR_VECTOR_P, seq);
    }
    Object[] items = Sequences.elements(t.c, seq, Q.LIST_OR_VECTOR_P);
    if (items.length < 2) {
      return seq;
    }
    Object tail = seq;
    for (int i = 0; i < items.length && tail instanceof Pair p; i++) {
      items[i] = p;
      tail = p.second(t.c);
    }
    return new Sort(seq, predicate, items).resume(t, null);
  }
}
