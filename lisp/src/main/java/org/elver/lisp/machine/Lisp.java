package org.elver.lisp.machine;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** What everybody needs to know about Lisp values: identity, truth, argument checks, lists. */
public final class Lisp {
  /** The greatest fixnum. */
  public static final long MOST_POSITIVE_FIXNUM = (1L << 61) - 1;

  /** The least fixnum. */
  public static final long MOST_NEGATIVE_FIXNUM = -(1L << 61);

  private Lisp() {}

  /** Lisp's {@code eq}: identity; fixnums, which have none, by value. */
  public static boolean eq(Object a, Object b) {
    return a == b || (a instanceof Long x && b instanceof Long y && (long) x == (long) y);
  }

  /** The empty vector: there is one only, since nothing in it can change. */
  public static final Vector EMPTY_VECTOR = new Vector(Label.frozen(), new Object[0]);

  /** A vector that keeps {@code elements}. */
  public static Vector vector(Context c, Object[] elements) {
    return elements.length == 0 ? EMPTY_VECTOR : new Vector(c, elements);
  }

  /** Whether {@code x} is not nil. */
  public static boolean isTrue(Object x) {
    return x != Symbol.NIL;
  }

  /** t or nil. */
  public static Object bool(boolean b) {
    return b ? Symbol.T : Symbol.NIL;
  }

  /** Whether {@code x} is small enough for a fixnum. */
  public static boolean isFixnum(long x) {
    return x >= MOST_NEGATIVE_FIXNUM && x <= MOST_POSITIVE_FIXNUM;
  }

  /** The Lisp integer of a Java one: fixnum or bignum. */
  public static Object integer(long x) {
    return isFixnum(x) ? (Object) x : BigInteger.valueOf(x);
  }

  /** The Lisp integer of {@code x}: a fixnum where it fits. */
  public static Object integer(BigInteger x) {
    return x.bitLength() <= 61 ? (Object) x.longValue() : x;
  }

  // ---- Argument checks: each returns the argument as what it is, or signals wrong-type-argument.

  public static Symbol symbol(Object x) {
    if (x instanceof Symbol s) {
      return s;
    }
    throw LispSignal.wrongType(Q.SYMBOLP, x);
  }

  public static LispString string(Object x) {
    if (x instanceof LispString s) {
      return s;
    }
    throw LispSignal.wrongType(Q.STRINGP, x);
  }

  public static Pair cons(Object x) {
    if (x instanceof Pair p) {
      return p;
    }
    throw LispSignal.wrongType(Q.CONSP, x);
  }

  /** A list: nil or a pair. */
  public static Object list(Object x) {
    if (x instanceof Pair || x == Symbol.NIL) {
      return x;
    }
    throw LispSignal.wrongType(Q.LISTP, x);
  }

  public static long fixnum(Object x) {
    if (x instanceof Long l) {
      return l;
    }
    throw LispSignal.wrongType(Q.FIXNUMP, x);
  }

  /** An integer within int's range; fixnums beyond are clamped. */
  public static int clampedInt(Object x) {
    return Math.clamp(fixnum(x), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** A non-negative fixnum. */
  public static long natnum(Object x) {
    if (x instanceof Long l && l >= 0) {
      return l;
    }
    throw LispSignal.wrongType(Q.WHOLENUMP, x);
  }

  public static int character(Object x) {
    if (x instanceof Long l && l >= 0 && l <= LispString.MAX_CHAR) {
      return (int) (long) l;
    }
    throw LispSignal.wrongType(Q.CHARACTERP, x);
  }

  public static boolean isCharacter(Object x) {
    return x instanceof Long l && l >= 0 && l <= LispString.MAX_CHAR;
  }

  public static boolean isInteger(Object x) {
    return x instanceof Long || x instanceof BigInteger;
  }

  public static boolean isNumber(Object x) {
    return x instanceof Long || x instanceof Double || x instanceof BigInteger;
  }

  // ---- Lists ---------------------------------------------------------------------------------

  /** {@code car} of a list. */
  public static Object car(Context c, Object x) {
    if (x instanceof Pair p) {
      return p.first(c);
    }
    if (x == Symbol.NIL) {
      return x;
    }
    throw LispSignal.wrongType(Q.LISTP, x);
  }

  /** {@code cdr} of a list. */
  public static Object cdr(Context c, Object x) {
    if (x instanceof Pair p) {
      return p.second(c);
    }
    if (x == Symbol.NIL) {
      return x;
    }
    throw LispSignal.wrongType(Q.LISTP, x);
  }

  public static Object carSafe(Context c, Object x) {
    return x instanceof Pair p ? p.first(c) : Symbol.NIL;
  }

  public static Object cdrSafe(Context c, Object x) {
    return x instanceof Pair p ? p.second(c) : Symbol.NIL;
  }

  /**
   * The elements of a proper list. Signals {@code circular-list}, or {@code wrong-type-argument
   * listp} with the end for a dotted one, as GNU Emacs's list functions do.
   */
  public static List<Object> elements(Context c, Object list) {
    ArrayList<Object> out = new ArrayList<>();
    Object tail = list;
    Object slow = list;
    boolean step = false;
    while (tail instanceof Pair p) {
      out.add(p.first(c));
      tail = p.second(c);
      if (step) {
        slow = ((Pair) slow).second(c);
      }
      step = !step;
      if (tail == slow && tail instanceof Pair) {
        throw new LispSignal(Q.CIRCULAR_LIST, list);
      }
    }
    if (tail != Symbol.NIL) {
      throw LispSignal.wrongType(Q.LISTP, tail);
    }
    return out;
  }

  /** A list of these. */
  public static Object list(Context c, List<?> items) {
    Object list = Symbol.NIL;
    for (int i = items.size() - 1; i >= 0; i--) {
      list = new Pair(c, items.get(i), list);
    }
    return list;
  }

  /** A Lisp string of Java's. */
  public static LispString string(Context c, String s) {
    return LispString.of(c, s);
  }

  /** Whether {@code x} is the same in every isolate without being copied. */
  public static boolean isImmediate(Object x) {
    return !(x instanceof HeapObject) || x instanceof Symbol;
  }

  /** {@code x} as an int; signals unless it is a fixnum in that range. */
  public static int intValue(Object x) {
    if (!(x instanceof Long n)) {
      throw LispSignal.wrongType(Symbol.known("fixnump"), x);
    }
    if ((int) (long) n != n) {
      throw LispSignal.outOfRange(x);
    }
    return (int) (long) n;
  }
}
