package org.elver.lisp.primitive;

import java.util.function.LongBinaryOperator;
import org.elver.heap.version.Context;
import org.elver.lisp.collection.BoolVector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Bool-vectors as sets. */
final class DataBits {
  private static final Symbol WRONG_LENGTH = Symbol.known("wrong-length-argument");

  private DataBits() {}

  private static BoolVector bits(Object x) {
    if (x instanceof BoolVector b) {
      return b;
    }
    throw LispSignal.wrongType(Q.BOOL_VECTOR_P, x);
  }

  private static LispSignal wrongLength(BoolVector a, BoolVector b, BoolVector c) {
    return c == null
        ? new LispSignal(WRONG_LENGTH, (long) a.size(), (long) b.size())
        : new LispSignal(WRONG_LENGTH, (long) a.size(), (long) b.size(), (long) c.size());
  }

  /** The result of an operation; nil when it is to go to {@code into} and that does not change. */
  private static Object combine(
      Context c, Object x, Object y, Object into, LongBinaryOperator operation) {
    BoolVector a = bits(x);
    BoolVector b = bits(y);
    if (into == Symbol.NIL) {
      if (a.size() != b.size()) {
        throw wrongLength(a, b, null);
      }
      return BoolVector.of(c, a.size(), combined(a.words(c), b.words(c), operation));
    }
    BoolVector to = bits(into);
    if (a.size() != b.size() || a.size() != to.size()) {
      throw wrongLength(a, b, to);
    }
    return store(c, to, combined(a.words(c), b.words(c), operation));
  }

  private static Object store(Context c, BoolVector to, long[] words) {
    long[] old = to.words(c);
    BoolVector wanted = BoolVector.of(c, to.size(), words);
    if (java.util.Arrays.equals(old, words)) {
      return Symbol.NIL;
    }
    to.setWords(c, wanted.words(c));
    return to;
  }

  private static long[] combined(long[] a, long[] b, LongBinaryOperator operation) {
    for (int i = 0; i < a.length; i++) {
      a[i] = operation.applyAsLong(a[i], b[i]);
    }
    return a;
  }

  @Primitive(
      value = "bool-vector-exclusive-or",
      min = 2,
      doc =
          "Return the bits that one of A and B has; if C is given, store them there: nil if"
              + " unchanged.")
  static Object exclusiveOr(Task t, Object a, Object b, Object c) {
    return combine(t.c, a, b, c, (x, y) -> x ^ y);
  }

  @Primitive(
      value = "bool-vector-union",
      min = 2,
      doc = "Return the bits that A or B has; if C is given, store them there: nil if unchanged.")
  static Object union(Task t, Object a, Object b, Object c) {
    return combine(t.c, a, b, c, (x, y) -> x | y);
  }

  @Primitive(
      value = "bool-vector-intersection",
      min = 2,
      doc = "Return the bits that A and B have; if C is given, store them there: nil if unchanged.")
  static Object intersection(Task t, Object a, Object b, Object c) {
    return combine(t.c, a, b, c, (x, y) -> x & y);
  }

  @Primitive(
      value = "bool-vector-set-difference",
      min = 2,
      doc =
          "Return the bits that A has but not B; if C is given, store them there: nil if"
              + " unchanged.")
  static Object setDifference(Task t, Object a, Object b, Object c) {
    return combine(t.c, a, b, c, (x, y) -> x & ~y);
  }

  @Primitive(value = "bool-vector-subsetp", doc = "Return t if B has all the bits that A has.")
  static boolean subsetp(Task t, Object a, Object b) {
    BoolVector x = bits(a);
    BoolVector y = bits(b);
    if (x.size() != y.size()) {
      throw wrongLength(x, y, null);
    }
    long[] v = x.words(t.c);
    long[] w = y.words(t.c);
    for (int i = 0; i < v.length; i++) {
      if ((v[i] & ~w[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  @Primitive(
      value = "bool-vector-not",
      min = 1,
      doc = "Return the complement of A; if B is given, store it there.")
  static Object not(Task t, Object a, Object b) {
    BoolVector x = bits(a);
    long[] words = x.words(t.c);
    for (int i = 0; i < words.length; i++) {
      words[i] = ~words[i];
    }
    if (b == Symbol.NIL) {
      return BoolVector.of(t.c, x.size(), words);
    }
    BoolVector y = bits(b);
    if (x.size() != y.size()) {
      throw wrongLength(x, y, null);
    }
    y.setWords(t.c, words);
    return y;
  }

  @Primitive(value = "bool-vector-count-population", doc = "Return how many elements of A are t.")
  static long countPopulation(Task t, Object a) {
    long n = 0;
    for (long w : bits(a).words(t.c)) {
      n += Long.bitCount(w);
    }
    return n;
  }

  @Primitive(
      value = "bool-vector-count-consecutive",
      doc = "Return how many elements of A from index I on are B without a break.")
  static long countConsecutive(Task t, Object a, Object b, Object i) {
    BoolVector v = bits(a);
    long from = Lisp.natnum(i);
    if (from > v.size()) {
      throw LispSignal.outOfRange(a, i);
    }
    boolean wanted = b != Symbol.NIL;
    int at = (int) from;
    while (at < v.size() && v.get(t.c, at) == wanted) {
      at++;
    }
    return at - from;
  }
}
