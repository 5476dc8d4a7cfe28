package org.elver.lisp.primitive;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.number.Arithmetic;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Functions of floats, and rounding. */
final class Floatfns {
  private Floatfns() {}

  private static double real(Object x) {
    return Arithmetic.toDouble(Arithmetic.plainNumber(x));
  }

  /** {@code r}; a NaN that is none of {@code x}'s doing has its sign bit set. */
  private static double of(double r, double x) {
    return Double.isNaN(r) && !Double.isNaN(x) ? Arithmetic.MACHINE_NAN : r;
  }

  private static Object box(double d) {
    return d;
  }

  private static double floatArg(Object x) {
    if (x instanceof Double d) {
      return d;
    }
    throw LispSignal.wrongType(Q.FLOATP, x);
  }

  @Primitive(value = "acos", doc = "Return the inverse cosine of ARG.")
  static Object acos(Task t, Object arg) {
    double d = real(arg);
    return box(Math.abs(d) > 1 ? Double.NaN : Math.acos(d));
  }

  @Primitive(value = "asin", doc = "Return the inverse sine of ARG.")
  static Object asin(Task t, Object arg) {
    double d = real(arg);
    return box(Math.abs(d) > 1 ? Double.NaN : Math.asin(d));
  }

  @Primitive(
      value = "atan",
      min = 1,
      doc = "Return the inverse tangent of Y, or of Y/X in its quadrant.")
  static Object atan(Task t, Object y, Object x) {
    double d = real(y);
    return box(x == Symbol.NIL ? Math.atan(d) : Math.atan2(d, real(x)));
  }

  @Primitive(value = "cos", doc = "Return the cosine of ARG.")
  static Object cos(Task t, Object arg) {
    double d = real(arg);
    return box(of(Math.cos(d), d));
  }

  @Primitive(value = "sin", doc = "Return the sine of ARG.")
  static Object sin(Task t, Object arg) {
    double d = real(arg);
    return box(of(Math.sin(d), d));
  }

  @Primitive(value = "tan", doc = "Return the tangent of ARG.")
  static Object tan(Task t, Object arg) {
    double d = real(arg);
    return box(of(Math.tan(d), d));
  }

  @Primitive(value = "isnan", doc = "Return t if X is a NaN.")
  static boolean isnan(Task t, Object x) {
    return Double.isNaN(floatArg(x));
  }

  @Primitive(value = "copysign", doc = "Return X1 with the sign of X2; both are floats.")
  static Object copysign(Task t, Object x1, Object x2) {
    double a = floatArg(x1);
    double b = floatArg(x2);
    boolean negative = Double.doubleToRawLongBits(b) < 0;
    long bits = Double.doubleToRawLongBits(a) & Long.MAX_VALUE;
    return box(Double.longBitsToDouble(negative ? bits | Long.MIN_VALUE : bits));
  }

  @Primitive(value = "frexp", doc = "Return (S . E) with X = S * 2^E and S from 0.5 to 1.")
  static Object frexp(Task t, Object x) {
    double d = real(x);
    if (d == 0 || Double.isNaN(d) || Double.isInfinite(d)) {
      return t.cons(box(d), 0L);
    }
    double scaled = Math.abs(d) < Double.MIN_NORMAL ? d * 0x1p54 : d;
    int e = Math.getExponent(scaled) + 1;
    long shift = Math.abs(d) < Double.MIN_NORMAL ? 54 : 0;
    return t.cons(box(Math.scalb(scaled, -e)), e - shift);
  }

  @Primitive(value = "ldexp", doc = "Return SGNFCAND times 2 to the power EXPONENT.")
  static Object ldexp(Task t, Object sgnfcand, Object exponent) {
    long e = Lisp.fixnum(exponent);
    return box(Math.scalb(real(sgnfcand), Math.clamp(e, -10_000, 10_000)));
  }

  @Primitive(value = "exp", doc = "Return e to the power ARG.")
  static Object exp(Task t, Object arg) {
    return box(Math.exp(real(arg)));
  }

  @Primitive(value = "expt", doc = "Return ARG1 to the power ARG2.")
  static Object expt(Task t, Object arg1, Object arg2) {
    Arithmetic.plainNumber(arg1);
    Arithmetic.plainNumber(arg2);
    if (Lisp.isInteger(arg1) && Lisp.isInteger(arg2) && Arithmetic.big(arg2).signum() >= 0) {
      return Arithmetic.power(t, arg1, arg2);
    }
    double x = real(arg1);
    double y = real(arg2);
    // To C, 1 to any power and -1 to an infinite one are 1; to Java they are NaNs.
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return box(1.0);
    }
    double r = Math.pow(x, y);
    return box(Double.isNaN(y) ? r : of(r, x));
  }

  @Primitive(value = "log", min = 1, doc = "Return the logarithm of ARG, to BASE or e.")
  static Object log(Task t, Object arg, Object base) {
    double d = real(arg);
    if (base == Symbol.NIL) {
      return box(of(Math.log(d), d));
    }
    double b = real(base);
    if (b == 10) {
      return box(of(StrictMath.log10(d), d));
    }
    if (b == 2) {
      return box(of(log2(d), d));
    }
    return box(of(Math.log(d) / Math.log(b), Double.isNaN(b) ? b : d));
  }

  private static double log2(double d) {
    if (!(d > 0) || Double.isInfinite(d)) {
      return Math.log(d);
    }
    int e = Math.getExponent(d);
    if (e < Double.MIN_EXPONENT) {
      return Math.log(d) / Math.log(2);
    }
    double m = Math.scalb(d, -e);
    if (m > 1.4142) {
      m /= 2;
      e++;
    }
    // In more digits than a float's: a plain quotient is often off in the last one.
    return new BigDecimal(Math.log(m)).multiply(LOG2_E).add(new BigDecimal(e)).doubleValue();
  }

  private static final BigDecimal LOG2_E =
      new BigDecimal("1.44269504088896340735992468100189213742664595415299");

  @Primitive(value = "sqrt", doc = "Return the square root of ARG.")
  static Object sqrt(Task t, Object arg) {
    double d = real(arg);
    return box(of(Math.sqrt(d), d));
  }

  @Primitive(value = "abs", doc = "Return the absolute value of ARG.")
  static Object abs(Task t, Object arg) {
    return switch (Arithmetic.plainNumber(arg)) {
      case Long l -> l < 0 ? Lisp.integer(-l) : l;
      case Double d ->
          Double.doubleToRawLongBits(d) < 0
              ? box(Double.longBitsToDouble(Double.doubleToRawLongBits(d) & Long.MAX_VALUE))
              : d;
      case BigInteger b -> Arithmetic.result(t, b.abs());
      default -> arg;
    };
  }

  @Primitive(value = "float", doc = "Return ARG as a float.")
  static Object toFloat(Task t, Object arg) {
    return arg instanceof Double ? arg : box(real(arg));
  }

  @Primitive(value = "logb", doc = "Return the integer part of the binary logarithm of |ARG|.")
  static Object logb(Task t, Object arg) {
    Arithmetic.plainNumber(arg);
    if (arg instanceof BigInteger b) {
      return b.abs().bitLength() - 1L;
    }
    if (arg instanceof Long l) {
      return l == 0
          ? box(Double.NEGATIVE_INFINITY)
          : (Object) (63L - Long.numberOfLeadingZeros(Math.abs(l)));
    }
    double d = (Double) arg;
    if (d == 0) {
      return box(Double.NEGATIVE_INFINITY);
    }
    if (Double.isInfinite(d)) {
      return box(Double.POSITIVE_INFINITY);
    }
    if (Double.isNaN(d)) {
      return arg;
    }
    int e = Math.getExponent(d);
    return e < Double.MIN_EXPONENT ? Math.getExponent(d * 0x1p54) - 54L : (long) e;
  }

  // ---- Rounding ---------------------------------------------------------------------------------

  private static double round(double d, RoundingMode mode) {
    return switch (mode) {
      case CEILING -> Math.ceil(d);
      case FLOOR -> Math.floor(d);
      case DOWN -> d < 0 ? Math.ceil(d) : Math.floor(d);
      default -> Math.rint(d);
    };
  }

  private static Object rounded(Task t, Object arg, Object divisor, RoundingMode mode) {
    Arithmetic.plainNumber(arg);
    double d;
    if (divisor == Symbol.NIL) {
      if (!(arg instanceof Double x)) {
        return arg;
      }
      d = x;
    } else {
      Arithmetic.plainNumber(divisor);
      if (!(arg instanceof Double) && !(divisor instanceof Double)) {
        return quotient(t, arg, divisor, mode);
      }
      double by = Arithmetic.toDouble(divisor);
      if (by == 0) {
        throw new LispSignal(Q.ARITH_ERROR);
      }
      d = Arithmetic.toDouble(arg);
      if (isFinite(arg) && isFinite(divisor)) {
        return exactQuotient(t, arg, divisor, mode);
      }
      d /= by;
    }
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      throw Arithmetic.overflow();
    }
    return Arithmetic.ofWhole(t, round(d, mode));
  }

  private static boolean isFinite(Object x) {
    return !(x instanceof Double d) || Double.isFinite(d);
  }

  /** The quotient of what the floats are exactly. */
  private static Object exactQuotient(Task t, Object arg, Object divisor, RoundingMode mode) {
    BigDecimal a = exact(arg);
    BigDecimal b = exact(divisor);
    int scale = Math.max(0, Math.max(a.scale(), b.scale()));
    return Arithmetic.result(
        t,
        new BigDecimal(a.movePointRight(scale).toBigInteger())
            .divide(new BigDecimal(b.movePointRight(scale).toBigInteger()), 0, mode)
            .toBigInteger());
  }

  private static BigDecimal exact(Object x) {
    return x instanceof Double d ? new BigDecimal(d) : new BigDecimal(Arithmetic.big(x));
  }

  private static Object quotient(Task t, Object arg, Object divisor, RoundingMode mode) {
    if (divisor instanceof Long l && l == 0) {
      throw new LispSignal(Q.ARITH_ERROR);
    }
    if (arg instanceof Long a && divisor instanceof Long b) {
      if (mode == RoundingMode.DOWN) {
        return Lisp.integer(a / b);
      }
      if (mode == RoundingMode.FLOOR) {
        return Lisp.integer(Math.floorDiv(a, b));
      }
      if (mode == RoundingMode.CEILING) {
        return Lisp.integer(Math.ceilDiv(a, b));
      }
    }
    return Arithmetic.result(
        t,
        new BigDecimal(Arithmetic.big(arg))
            .divide(new BigDecimal(Arithmetic.big(divisor)), 0, mode)
            .toBigInteger());
  }

  @Primitive(value = "ceiling", min = 1, doc = "Return ARG, or ARG / DIVISOR, rounded up.")
  static Object ceiling(Task t, Object arg, Object divisor) {
    return rounded(t, arg, divisor, RoundingMode.CEILING);
  }

  @Primitive(value = "floor", min = 1, doc = "Return ARG, or ARG / DIVISOR, rounded down.")
  static Object floor(Task t, Object arg, Object divisor) {
    return rounded(t, arg, divisor, RoundingMode.FLOOR);
  }

  @Primitive(
      value = "round",
      min = 1,
      doc = "Return ARG, or ARG / DIVISOR, rounded to the nearest integer; a half to the even one.")
  static Object roundOff(Task t, Object arg, Object divisor) {
    return rounded(t, arg, divisor, RoundingMode.HALF_EVEN);
  }

  @Primitive(
      value = "truncate",
      min = 1,
      doc = "Return ARG, or ARG / DIVISOR, rounded towards zero.")
  static Object truncate(Task t, Object arg, Object divisor) {
    return rounded(t, arg, divisor, RoundingMode.DOWN);
  }

  @Primitive(value = "fceiling", doc = "Return the float ARG rounded up, as a float.")
  static Object fceiling(Task t, Object arg) {
    return box(Math.ceil(floatArg(arg)));
  }

  @Primitive(value = "ffloor", doc = "Return the float ARG rounded down, as a float.")
  static Object ffloor(Task t, Object arg) {
    return box(Math.floor(floatArg(arg)));
  }

  @Primitive(value = "fround", doc = "Return the float ARG rounded to an integer, as a float.")
  static Object fround(Task t, Object arg) {
    return box(Math.rint(floatArg(arg)));
  }

  @Primitive(value = "ftruncate", doc = "Return the float ARG rounded towards zero, as a float.")
  static Object ftruncate(Task t, Object arg) {
    return box(round(floatArg(arg), RoundingMode.DOWN));
  }
}
