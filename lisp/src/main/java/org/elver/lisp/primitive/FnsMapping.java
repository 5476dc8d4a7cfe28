package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.collection.Sequences;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
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
      }
      if (next == length) {
        return end(t);
      }
      Object x;
      if (tail instanceof Pair p) {
        x = p.first(t.c);
        tail = p.second(t.c);
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
      return separator == null ? Fns.nconc(t, all) : FnsStrings.concat(t, all);
    }

    @Override
    public NativeFrame copy() {
      MapInto m = (MapInto) super.copy();
      m.results = results.clone();
      return m;
    }
  }

  @Primitive(value = "mapcar",
      doc = "Call FUNCTION with each element of SEQUENCE; return a list of the results.")
  static Object mapcar(Task t, Object function, Object sequence) {
    return new Mapcar(t, function, sequence).resume(t, null);
  }

  @Primitive(value = "mapc", doc = "Call FUNCTION with each element of SEQUENCE, which is returned.")
  static Object mapc(Task t, Object function, Object sequence) {
    return new Mapc(t, function, sequence).resume(t, null);
  }

  @Primitive(value = "mapcan",
      doc = "Call FUNCTION with each element of SEQUENCE; join the resulting lists by `nconc'.")
  static Object mapcan(Task t, Object function, Object sequence) {
    return new MapInto(t, function, sequence, null).resume(t, null);
  }

  @Primitive(value = "mapconcat",
      doc = "Call FUNCTION with each element of SEQUENCE; join the results by `concat' with SEPARATOR.")
  static Object mapconcat(Task t, Object function, Object sequence, Object separator) {
    if (function == IDENTITY && sequence instanceof Pair) {
      return FnsStrings.joined(t, sequence, separator);
    }
    return new MapInto(t, function, sequence, separator).resume(t, null);
  }

  // ---- Sorting ----------------------------------------------------------------------------------

  /**
   * Merges runs of growing size: stable, and suspended between any two calls of the predicate.
   * Elements are in arrays of its own, so the sequence may change meanwhile.
   */
  private static final class Sort extends NativeFrame {
    private final Object sequence;
    private final Object predicate;
    private Object[] from;
    private Object[] to;
    private int width = 1;
    private int start;
    private int left;
    private int right;
    private int out;

    Sort(Object sequence, Object predicate, Object[] items) {
      this.sequence = sequence;
      this.predicate = predicate;
      this.from = items;
      this.to = new Object[items.length];
      begin(0);
    }

    private void begin(int at) {
      start = at;
      left = at;
      right = Math.min(at + width, from.length);
      out = at;
    }

    @Override
    public Object resume(Task t, Object value) {
      if (value != null) {
        // Asked whether the right one is less: only then it goes first.
        to[out++] = value != Symbol.NIL ? from[right++] : from[left++];
      }
      int n = from.length;
      while (width < n) {
        int middle = (int) Math.min((long) start + width, n);
        int end = (int) Math.min((long) start + 2L * width, n);
        if (left < middle && right < end) {
          return t.invoke(this, predicate, from[right], from[left]);
        }
        while (left < middle) {
          to[out++] = from[left++];
        }
        while (right < end) {
          to[out++] = from[right++];
        }
        if (end < n) {
          begin(end);
        } else {
          Object[] sorted = to;
          to = from;
          from = sorted;
          width = (int) Math.min(2L * width, Integer.MAX_VALUE / 2);
          begin(0);
        }
      }
      return store(t.c);
    }

    private Object store(Context c) {
      if (sequence instanceof Vector v) {
        for (int i = 0; i < from.length; i++) {
          v.set(c, i, from[i]);
        }
        return v;
      }
      Object tail = sequence;
      for (int i = 0; i < from.length && tail instanceof Pair p; i++) {
        p.setFirst(c, from[i]);
        tail = p.second(c);
      }
      return sequence;
    }

    @Override
    public NativeFrame copy() {
      Sort s = (Sort) super.copy();
      s.from = from.clone();
      s.to = to.clone();
      return s;
    }
  }

  @Primitive(value = "sort",
      doc = "Sort SEQ, a list or vector, stably by PREDICATE (is the first less?); return it.\n"
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
    return new Sort(seq, predicate, items).resume(t, null);
  }
}
