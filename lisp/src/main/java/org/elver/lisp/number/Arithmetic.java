package org.elver.lisp.number;

import java.math.BigInteger;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Arithmetic on Lisp numbers. Results that would be wider than {@code integer-width} signal. */
public final class Arithmetic {
  private static final Symbol INTEGER_WIDTH = Symbol.known("integer-width");

  /** A bignum may be this wide whatever {@code integer-width} says. */
  private static final int LEAST_WIDTH = 128;

  /** Java's big integers end at some point. */
  private static final int MOST_WIDTH = 1 << 30;

  private static final double TWO_63 = 0x1p63;

  private Arithmetic() {}

  // ---- Arguments -----------------------------------------------------------------------------

  /** A number; markers become their positions. */
  public static Object number(Context c, Object x) {
    if (x instanceof Long || x instanceof Double || x instanceof BigInteger) {
      return x;
    }
    if (x instanceof Position p) {
      return p.position(c);
    }
    throw LispSignal.wrongType(Q.NUMBER_OR_MARKER_P, x);
  }

  /** A number; signals {@code numberp}. */
  public static Object plainNumber(Object x) {
    if (Lisp.isNumber(x)) {
      return x;
    }
    throw LispSignal.wrongType(Q.NUMBERP, x);
  }

  /** An integer; markers become their positions. */
  public static Object integerOrMarker(Context c, Object x) {
    if (x instanceof Long || x instanceof BigInteger) {
      return x;
    }
    if (x instanceof Position p) {
      return p.position(c);
    }
    throw LispSignal.wrongType(Q.INTEGER_OR_MARKER_P, x);
  }

  /** An integer. */
  public static Object integer(Object x) {
    if (x instanceof Long || x instanceof BigInteger) {
      return x;
    }
    throw LispSignal.wrongType(Q.INTEGERP, x);
  }

  /** As a big integer, whichever kind of integer it is. */
  public static BigInteger big(Object x) {
    return x instanceof BigInteger b ? b : BigInteger.valueOf((Long) x);
  }

  /** As a float. */
  public static double toDouble(Object x) {
    if (x instanceof Double d) {
      return d;
    }
    return x instanceof Long l ? (double) l : ((BigInteger) x).doubleValue();
  }

  /** How many bits a result may have. */
  public static long widthLimit(Task t) {
    Object w = INTEGER_WIDTH.plainValue(t);
    return w instanceof Long l ? Math.clamp(l, LEAST_WIDTH, MOST_WIDTH) : LEAST_WIDTH;
  }

  /** The Lisp integer of a result. */
  public static Object result(Task t, BigInteger x) {
    int bits = x.bitLength();
    if (bits <= 61) {
      return x.longValue();
    }
    if (bits > LEAST_WIDTH && magnitudeLength(x) > widthLimit(t)) {
      throw overflow();
    }
    return x;
  }

  private static int magnitudeLength(BigInteger x) {
    return x.signum() < 0 ? x.negate().bitLength() : x.bitLength();
  }

  /** The signal for results that are too wide. */
  public static LispSignal overflow() {
    return new LispSignal(Q.OVERFLOW_ERROR);
  }

  private static LispSignal arithError() {
    return new LispSignal(Q.ARITH_ERROR);
  }

  /**
   * The float {@code r}. The NaN of an operation without one among its operands has its sign bit
   * set, as the reference machine's has, where Java leaves that open.
   */
  private static Double nan(double r, Object a, Object b) {
    return Double.isNaN(r) && !isNan(a) && !isNan(b) ? MACHINE_NAN : r;
  }

  /** The NaN that invalid operations give. */
  public static final double MACHINE_NAN = Double.longBitsToDouble(0xFFF8000000000000L);

  private static boolean isNan(Object x) {
    return x instanceof Double d && d.isNaN();
  }

  // ---- The four operations ---------------------------------------------------------------------

  /** The sum. */
  public static Object add(Task t, Object x, Object y) {
    Object a = number(t.c, x);
    Object b = number(t.c, y);
    if (a instanceof Long p && b instanceof Long q) {
      return Lisp.integer(p + q); // Two of 62 bits: no overflow of 64.
    }
    if (a instanceof Double || b instanceof Double) {
      return nan(toDouble(a) + toDouble(b), a, b);
    }
    return result(t, big(a).add(big(b)));
  }

  /** The difference. */
  public static Object subtract(Task t, Object x, Object y) {
    Object a = number(t.c, x);
    Object b = number(t.c, y);
    if (a instanceof Long p && b instanceof Long q) {
      return Lisp.integer(p - q);
    }
    if (a instanceof Double || b instanceof Double) {
      return nan(toDouble(a) - toDouble(b), a, b);
    }
    return result(t, big(a).subtract(big(b)));
  }

  /** The negative. */
  public static Object negate(Task t, Object x) {
    Object a = number(t.c, x);
    if (a instanceof Long p) {
      return Lisp.integer(-p);
    }
    return a instanceof Double d ? (Object) (-d) : result(t, ((BigInteger) a).negate());
  }

  /** The product. */
  public static Object multiply(Task t, Object x, Object y) {
    Object a = number(t.c, x);
    Object b = number(t.c, y);
    if (a instanceof Long p && b instanceof Long q) {
      long high = Math.multiplyHigh(p, q);
      long low = p * q;
      if (high == low >> 63) {
        return Lisp.integer(low);
      }
    }
    if (a instanceof Double || b instanceof Double) {
      return nan(toDouble(a) * toDouble(b), a, b);
    }
    BigInteger p = big(a);
    BigInteger q = big(b);
    if ((long) p.bitLength() + q.bitLength() - 2 > widthLimit(t)) {
      throw overflow();
    }
    return result(t, p.multiply(q));
  }

  /** The quotient, towards zero for integers. */
  public static Object divide(Task t, Object x, Object y) {
    Object a = number(t.c, x);
    Object b = number(t.c, y);
    if (a instanceof Double || b instanceof Double) {
      return nan(toDouble(a) / toDouble(b), a, b);
    }
    if (b instanceof Long q && q == 0) {
      throw arithError();
    }
    if (a instanceof Long p && b instanceof Long q) {
      return Lisp.integer(p / q);
    }
    return result(t, big(a).divide(big(b)));
  }

  /** The remainder of truncated division of integers. */
  public static Object remainder(Task t, Object x, Object y) {
    Object a = integerOrMarker(t.c, x);
    Object b = integerOrMarker(t.c, y);
    if (b instanceof Long q && q == 0) {
      throw arithError();
    }
    if (a instanceof Long p && b instanceof Long q) {
      return p % q;
    }
    return result(t, big(a).remainder(big(b)));
  }

  /** The modulus: has the sign of {@code y}. */
  public static Object modulo(Task t, Object x, Object y) {
    Object a = number(t.c, x);
    Object b = number(t.c, y);
    if (a instanceof Double || b instanceof Double) {
      double p = toDouble(a);
      double q = toDouble(b);
      double r = p % q;
      // Of the other sign than the divisor: one period on.
      return nan((q < 0 ? r > 0 : r < 0) ? r + q : r, a, b);
    }
    if (b instanceof Long q && q == 0) {
      throw arithError();
    }
    if (a instanceof Long p && b instanceof Long q) {
      return Math.floorMod(p, q);
    }
    BigInteger q = big(b);
    BigInteger r = big(a).remainder(q);
    return result(t, r.signum() * q.signum() < 0 ? r.add(q) : r);
  }

  // ---- Comparison -----------------------------------------------------------------------------

  /** What {@link #compare} gives when there is a NaN. */
  public static final int UNORDERED = 2;

  /** -1, 0 or 1, exactly, also between integers and floats; {@link #UNORDERED} with a NaN. */
  public static int compare(Context c, Object x, Object y) {
    Object a = number(c, x);
    Object b = number(c, y);
    if (a instanceof Long p && b instanceof Long q) {
      return Long.compare(p, q);
    }
    if (a instanceof Double p) {
      if (b instanceof Double q) {
        double v = p;
        double w = q;
        return v < w ? -1 : v > w ? 1 : v == w ? 0 : UNORDERED;
      }
      int r = compareIntegerToDouble(b, p);
      return r == UNORDERED ? r : -r;
    }
    if (b instanceof Double q) {
      return compareIntegerToDouble(a, q);
    }
    return big(a).compareTo(big(b));
  }

  private static int compareIntegerToDouble(Object i, double d) {
    if (Double.isNaN(d)) {
      return UNORDERED;
    }
    if (i instanceof Long l) {
      if (d >= TWO_63) {
        return -1;
      }
      if (d < -TWO_63) {
        return 1;
      }
      long whole = (long) d; // Towards zero.
      int r = Long.compare(l, whole);
      return r != 0 ? r : Double.compare(0.0, d - whole + 0.0);
    }
    BigInteger b = (BigInteger) i;
    if (Double.isInfinite(d) || Math.abs(d) < 0x1p61) {
      return Double.isInfinite(d) ? (d > 0 ? -1 : 1) : b.signum();
    }
    return b.compareTo(new java.math.BigDecimal(d).toBigInteger());
  }

  // ---- Bits -----------------------------------------------------------------------------------

  /** The bits that both have. */
  public static Object and(Task t, Object a, Object b) {
    return a instanceof Long p && b instanceof Long q
        ? (Object) (p & q)
        : result(t, big(a).and(big(b)));
  }

  /** The bits that either has. */
  public static Object or(Task t, Object a, Object b) {
    return a instanceof Long p && b instanceof Long q
        ? (Object) (p | q)
        : result(t, big(a).or(big(b)));
  }

  /** The bits that one has. */
  public static Object xor(Task t, Object a, Object b) {
    return a instanceof Long p && b instanceof Long q
        ? (Object) (p ^ q)
        : result(t, big(a).xor(big(b)));
  }

  /** Shifts by {@code count} to the left, or to the right when negative. */
  public static Object shift(Task t, Object value, Object count) {
    Object v = integer(value);
    Object n = integer(count);
    boolean negative = big(v).signum() < 0;
    if (v instanceof Long l && l == 0) {
      return v;
    }
    if (n instanceof BigInteger b) {
      if (b.signum() > 0) {
        throw overflow();
      }
      return negative ? -1L : 0L;
    }
    long k = (Long) n;
    if (k <= 0) {
      if (v instanceof Long l) {
        return l >> Math.min(-k, 63);
      }
      return result(t, ((BigInteger) v).shiftRight((int) Math.min(-k, Integer.MAX_VALUE)));
    }
    if (v instanceof Long l && k < 62 && ((l << k) >> k) == l) {
      return Lisp.integer(l << k);
    }
    if (k > widthLimit(t) || k > Integer.MAX_VALUE / 2) {
      throw overflow();
    }
    return result(t, big(v).shiftLeft((int) k));
  }

  /** {@code base} to the power {@code exponent}, both integers, the latter not negative. */
  public static Object power(Task t, Object base, Object exponent) {
    BigInteger b = big(base);
    if (b.signum() == 0 || b.equals(BigInteger.ONE)) {
      return exponent instanceof Long e && e == 0 ? 1L : base;
    }
    if (b.equals(BigInteger.ONE.negate())) {
      return big(exponent).testBit(0) ? -1L : 1L;
    }
    if (!(exponent instanceof Long e)) {
      throw overflow();
    }
    if (e > Integer.MAX_VALUE || (magnitudeLength(b) - 1L) * e > widthLimit(t)) {
      throw overflow();
    }
    return result(t, b.pow((int) (long) e));
  }

  /** The integer of a float that has no fraction. */
  public static Object ofWhole(Task t, double d) {
    if (Math.abs(d) < 0x1p61) {
      return (long) d;
    }
    return result(t, new java.math.BigDecimal(d).toBigInteger());
  }
}
