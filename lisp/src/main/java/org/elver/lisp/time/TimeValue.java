package org.elver.lisp.time;

import java.math.BigInteger;
import java.time.Instant;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/**
 * A time as Lisp gives it: {@code ticks / hz} seconds since the epoch, exactly.
 *
 * @param ticks the count
 * @param hz how many make a second
 * @param pair whether it was given as {@code (TICKS . HZ)}
 */
public record TimeValue(BigInteger ticks, BigInteger hz, boolean pair) {
  /** Picoseconds a second. */
  public static final BigInteger TRILLION = BigInteger.TEN.pow(12);

  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);

  private static LispSignal invalid() {
    return LispSignal.error("Invalid time specification");
  }

  /** The condition for a time that the system cannot do. */
  public static LispSignal unrepresentable() {
    return LispSignal.error("Specified time is not representable");
  }

  /** Now, in nanoseconds. */
  public static TimeValue now() {
    Instant i = Instant.now();
    return new TimeValue(
        BigInteger.valueOf(i.getEpochSecond())
            .multiply(BILLION)
            .add(BigInteger.valueOf(i.getNano())),
        BILLION,
        false);
  }

  /** What {@code x} says: nil is now. */
  public static TimeValue of(Task t, Object x) {
    if (x == Symbol.NIL) {
      return now();
    }
    if (Lisp.isInteger(x)) {
      return new TimeValue(big(x), BigInteger.ONE, false);
    }
    if (x instanceof Double d) {
      return ofFloat(d);
    }
    if (x instanceof Pair p) {
      Object high = p.first(t.c);
      Object rest = p.second(t.c);
      if (Lisp.isInteger(high) && Lisp.isInteger(rest)) {
        if (big(rest).signum() <= 0) {
          throw invalid();
        }
        return new TimeValue(big(high), big(rest), true);
      }
      if (rest instanceof Pair q) {
        return ofList(t, high, q);
      }
    }
    throw invalid();
  }

  private static TimeValue ofList(Task t, Object high, Pair q) {
    Object low = q.first(t.c);
    Object us = null;
    Object ps = null;
    if (q.second(t.c) instanceof Pair r) {
      us = r.first(t.c);
      if (r.second(t.c) instanceof Pair s) {
        ps = s.first(t.c);
      }
    } else if (q.second(t.c) != Symbol.NIL) {
      us = q.second(t.c);
    }
    if (!Lisp.isInteger(high)
        || !Lisp.isInteger(low)
        || (us != null && !Lisp.isInteger(us))
        || (ps != null && !Lisp.isInteger(ps))) {
      throw invalid();
    }
    BigInteger s = big(high).shiftLeft(16).add(big(low));
    if (us == null) {
      return new TimeValue(s, BigInteger.ONE, false);
    }
    BigInteger micro = s.multiply(MILLION).add(big(us));
    return ps == null
        ? new TimeValue(micro, MILLION, false)
        : new TimeValue(micro.multiply(MILLION).add(big(ps)), TRILLION, false);
  }

  private static TimeValue ofFloat(double d) {
    if (Double.isNaN(d)) {
      throw invalid();
    }
    if (Double.isInfinite(d)) {
      throw unrepresentable();
    }
    if (d == 0) {
      return new TimeValue(BigInteger.ZERO, BigInteger.ONE, false);
    }
    long bits = Double.doubleToRawLongBits(d);
    int exponent = (int) ((bits >> 52) & 0x7FF);
    long m = bits & ((1L << 52) - 1);
    if (exponent == 0) {
      exponent = 1;
    } else {
      m |= 1L << 52;
    }
    exponent -= 1075;
    while (m < (1L << 52)) {
      m <<= 1;
      exponent--;
    }
    BigInteger ticks = BigInteger.valueOf(d < 0 ? -m : m);
    return exponent >= 0
        ? new TimeValue(ticks.shiftLeft(exponent), BigInteger.ONE, false)
        : new TimeValue(ticks, BigInteger.ONE.shiftLeft(-exponent), false);
  }

  private static BigInteger big(Object x) {
    return x instanceof BigInteger b ? b : BigInteger.valueOf((Long) x);
  }

  private static BigInteger[] floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] qr = a.divideAndRemainder(b);
    if (qr[1].signum() < 0) {
      qr[0] = qr[0].subtract(BigInteger.ONE);
      qr[1] = qr[1].add(b);
    }
    return qr;
  }

  /** Whole seconds, downwards. */
  public BigInteger seconds() {
    return floorDivide(ticks, hz)[0];
  }

  /** Whole seconds as a long; signals an error for what no clock reaches. */
  public long clockSeconds() {
    BigInteger s = seconds();
    if (s.bitLength() > 62) {
      throw unrepresentable();
    }
    return s.longValue();
  }

  /** How many times {@code 1/f} seconds, downwards. */
  public BigInteger in(BigInteger f) {
    return floorDivide(ticks.multiply(f), hz)[0];
  }

  /** Seconds, and nanoseconds within the second. */
  public BigInteger[] nanoseconds() {
    return floorDivide(in(BILLION), BILLION);
  }

  /** As (HIGH LOW MICRO PICO). */
  public Object list(Task t) {
    BigInteger[] s = floorDivide(in(TRILLION), TRILLION);
    BigInteger[] micro = s[1].divideAndRemainder(MILLION);
    BigInteger[] low = floorDivide(s[0], BigInteger.valueOf(65536));
    return t.list(
        Lisp.integer(low[0]), Lisp.integer(low[1]), Lisp.integer(micro[0]), Lisp.integer(micro[1]));
  }

  /** Seconds as the nearest float. */
  public double toDouble() {
    return quotient(ticks, hz);
  }

  /** The nearest float of a quotient. */
  static double quotient(BigInteger a, BigInteger b) {
    if (b.equals(BigInteger.ONE)) {
      return a.doubleValue();
    }
    return new java.math.BigDecimal(a)
        .divide(new java.math.BigDecimal(b), new java.math.MathContext(800))
        .doubleValue();
  }

  /** As (TICKS . HZ). */
  public Object toPair(Task t) {
    return t.cons(Lisp.integer(ticks), Lisp.integer(hz));
  }

  /** Which is earlier: as {@code compareTo}. */
  public int compare(TimeValue o) {
    return ticks.multiply(o.hz).compareTo(o.ticks.multiply(hz));
  }

  /** The sum or difference as Lisp has it. */
  public Object combine(Task t, TimeValue o, boolean subtract) {
    BigInteger n;
    BigInteger d;
    if (hz.equals(o.hz)) {
      n = subtract ? ticks.subtract(o.ticks) : ticks.add(o.ticks);
      d = hz;
    } else {
      BigInteger a = ticks.multiply(o.hz);
      BigInteger b = o.ticks.multiply(hz);
      n = subtract ? a.subtract(b) : a.add(b);
      d = hz.multiply(o.hz);
      BigInteger g = n.gcd(d);
      n = n.divide(g);
      d = d.divide(g);
      // No coarser than the coarser of both.
      BigInteger least = hz.min(o.hz);
      if (d.compareTo(least) < 0) {
        BigInteger up = least.add(d).subtract(BigInteger.ONE).divide(d);
        n = n.multiply(up);
        d = d.multiply(up);
      }
    }
    TimeValue r = new TimeValue(n, d, false);
    if (d.equals(BigInteger.ONE)) {
      return Lisp.integer(n);
    }
    return pair || o.pair || TRILLION.mod(d).signum() != 0 ? r.toPair(t) : r.list(t);
  }
}
