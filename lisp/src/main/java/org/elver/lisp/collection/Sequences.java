package org.elver.lisp.collection;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Sequence;
import org.elver.lisp.object.Symbol;

/** Lists and arrays of all kinds, by index and as a whole. */
public final class Sequences {
  private Sequences() {}

  /** The length of a list; signals for dotted (with the end as data) and circular ones. */
  public static int listLength(Context c, Object list) {
    ListCursor l = new ListCursor(list);
    int n = 0;
    while (l.tail instanceof Pair p) {
      n++;
      l.next(c, p);
    }
    if (l.tail != Symbol.NIL) {
      throw LispSignal.wrongType(Q.LISTP, l.tail);
    }
    return n;
  }

  /** The length of an array; -1 when {@code x} is none. */
  public static int arrayLength(Context c, Object x) {
    if (x instanceof LispString s) {
      return s.length(c);
    }
    if (x instanceof Vector v) {
      return v.length(c);
    }
    if (x instanceof Sequence s) {
      return s.size(c);
    }
    if (x instanceof Record r) {
      return r.length(c);
    }
    return x instanceof ByteCode b ? 4 + b.extra().length : -1;
  }

  /** The length of any sequence. */
  public static int length(Context c, Object x) {
    if (x instanceof Pair || x == Symbol.NIL) {
      return listLength(c, x);
    }
    int n = arrayLength(c, x);
    if (n < 0) {
      throw LispSignal.wrongType(Q.SEQUENCEP, x);
    }
    return n;
  }

  /** Element {@code i} of an array, which it is known to have. */
  public static Object element(Context c, Object array, int i) {
    if (array instanceof Vector v) {
      return v.get(c, i);
    }
    if (array instanceof LispString s) {
      return (long) s.get(c, i);
    }
    if (array instanceof Sequence s) {
      return s.element(c, i);
    }
    return array instanceof Record r ? r.get(c, i) : slot(c, (ByteCode) array, i);
  }

  private static Object slot(Context c, ByteCode b, int i) {
    return switch (i) {
      case 0 -> b.arglist();
      case 1 -> b.text() != null ? b.text() : LispString.unibyte(c, b.code(c).bytes().clone());
      case 2 -> new Vector(c, b.constants(c).clone());
      case 3 -> (long) b.depth();
      default -> b.extra()[i - 4];
    };
  }

  /** {@code aref}. */
  public static Object aref(Context c, Object array, Object index) {
    if (!(index instanceof Long l)) {
      throw LispSignal.wrongType(Q.FIXNUMP, index);
    }
    long i = l;
    if (array instanceof Vector v) {
      if (i < 0 || i >= v.length(c)) {
        throw LispSignal.outOfRange(array, index);
      }
      return v.get(c, (int) i);
    }
    if (array instanceof Sequence s && !s.isIterable()) {
      return s.element(c, Lisp.character(index)); // A char-table.
    }
    int n = arrayLength(c, array);
    if (n < 0) {
      throw LispSignal.wrongType(Q.ARRAYP, array);
    }
    if (i < 0 || i >= n) {
      throw LispSignal.outOfRange(array, index);
    }
    return element(c, array, (int) i);
  }

  /** {@code aset}. */
  public static Object aset(Context c, Object array, Object index, Object value) {
    if (!(index instanceof Long l)) {
      throw LispSignal.wrongType(Q.FIXNUMP, index);
    }
    long i = l;
    if (array instanceof Vector v) {
      if (i < 0 || i >= v.length(c)) {
        throw LispSignal.outOfRange(array, index);
      }
      v.set(c, (int) i, value);
    } else if (array instanceof Record r) {
      if (i < 0 || i >= r.length(c)) {
        throw LispSignal.outOfRange(array, index);
      }
      r.set(c, (int) i, value);
    } else if (array instanceof Sequence s) {
      if (!s.isIterable()) {
        Lisp.character(index);
      } else if (i < 0 || i >= s.size(c)) {
        throw LispSignal.outOfRange(array, index);
      }
      s.setElement(c, (int) i, value);
    } else if (array instanceof LispString s) {
      if (i < 0 || i >= s.length(c)) {
        throw LispSignal.outOfRange(array, index);
      }
      setCharacter(c, s, (int) i, Lisp.character(value), value);
    } else {
      throw LispSignal.wrongType(Q.ARRAYP, array);
    }
    return value;
  }

  private static void setCharacter(Context c, LispString s, int i, int ch, Object value) {
    if (s.isMultibyte(c) || ch < 256) {
      s.set(c, i, ch);
      return;
    }
    // All ASCII: it becomes multibyte; otherwise its bytes would change their meaning.
    int[] codes = s.codeArray(c);
    for (int code : codes) {
      if (code > 127) {
        throw LispSignal.outOfRange(s, value);
      }
    }
    codes[i] = ch;
    s.setAll(c, codes, true);
  }

  /** {@code nthcdr} for counts that an int or long holds. */
  public static Object nthcdr(Context c, long n, Object list) {
    Object tail = list;
    long left = n;
    // Short ways first; circles matter only on long ones.
    for (int i = 0; left > 0 && i < 128; i++, left--) {
      if (!(tail instanceof Pair p)) {
        return endOf(tail, list);
      }
      tail = p.second(c);
    }
    if (left <= 0) {
      return tail;
    }
    return far(c, left, tail, list);
  }

  private static Object far(Context c, long n, Object from, Object list) {
    Object tail = from;
    Object tortoise = from;
    long left = n;
    long lap = 0;
    long jump = 2;
    while (left > 0) {
      if (!(tail instanceof Pair p)) {
        return endOf(tail, list);
      }
      tail = p.second(c);
      left--;
      lap++;
      if (tail == tortoise && tail instanceof Pair) {
        left %= lap; // A circle of this length.
        tortoise = null;
      } else if (lap == jump && tortoise != null) {
        jump <<= 1;
        lap = 0;
        tortoise = tail;
      }
    }
    return tail;
  }

  private static Object endOf(Object tail, Object list) {
    if (tail != Symbol.NIL) {
      throw LispSignal.wrongType(Q.LISTP, list);
    }
    return tail;
  }

  /** {@code elt}. */
  public static Object elt(Context c, Object sequence, Object index) {
    if (sequence instanceof Pair || sequence == Symbol.NIL) {
      if (!(index instanceof Long n)) {
        throw LispSignal.wrongType(Q.INTEGERP, index);
      }
      return Lisp.car(c, nthcdr(c, n, sequence));
    }
    if (arrayLength(c, sequence) < 0) {
      throw LispSignal.wrongType(Q.SEQUENCEP, sequence);
    }
    return aref(c, sequence, index);
  }

  /**
   * The elements of a list or array, as an array of one's own.
   *
   * @param notSequence what a value that is none signals
   */
  public static Object[] elements(Context c, Object x, Symbol notSequence) {
    if (x instanceof Vector v) {
      Object[] out = new Object[v.length(c)];
      v.copyInto(c, 0, out, 0, out.length);
      return out;
    }
    if (x instanceof Pair || x == Symbol.NIL) {
      Object[] out = new Object[listLength(c, x)];
      Object tail = x;
      for (int i = 0; i < out.length; i++) {
        Pair p = (Pair) tail;
        out[i] = p.first(c);
        tail = p.second(c);
      }
      return out;
    }
    if (x instanceof Record || (x instanceof Sequence s && !s.isIterable())) {
      throw LispSignal.wrongType(notSequence, x);
    }
    int n = arrayLength(c, x);
    if (n < 0) {
      throw LispSignal.wrongType(notSequence, x);
    }
    Object[] out = new Object[n];
    for (int i = 0; i < n; i++) {
      out[i] = element(c, x, i);
    }
    return out;
  }
}
