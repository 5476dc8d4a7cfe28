package org.elver.lisp.primitive;

import java.math.BigInteger;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.time.Civil;
import org.elver.lisp.time.TimeFormat;
import org.elver.lisp.time.TimeValue;
import org.elver.lisp.time.Zone;

/** Times: arithmetic, the calendar, zones, text. */
final class Timefns {
  private static final Symbol WALL = Symbol.known("wall");
  private static final Symbol LIST = Symbol.known("list");
  private static final Symbol ENCODE_TIME = Symbol.known("encode-time");

  /** Holds what {@code set-time-zone-rule} set. */
  private static final Symbol ZONE_RULE = Symbol.known(" time-zone-rule");

  private Timefns() {}

  static void variables(Task t) {
    String tz = System.getenv("TZ");
    ZONE_RULE.setRawValue(t, tz == null ? WALL : LispString.of(t.c, tz));
  }

  private static Zone zone(Task t, Object spec) {
    return switch (spec) {
      case Symbol s when s == Symbol.NIL -> {
        Object rule = ZONE_RULE.rawValue(t);
        yield rule == Symbol.NIL || rule == Symbol.UNBOUND ? Zone.wall() : zone(t, rule);
      }
      case Symbol s when s == Symbol.T -> Zone.UTC;
      case Symbol s when s == WALL -> Zone.wall();
      case LispString s -> Zone.named(s.toJava(t.c));
      case Long l -> Zone.fixed(l);
      case Pair p when p.first(t.c) instanceof Long l && p.second(t.c) instanceof Pair q ->
          Zone.fixed(Math.clamp(l, -90000, 90000), Lisp.string(q.first(t.c)).toJava(t.c));
      default -> throw new LispSignal(Q.ERROR, "Invalid time zone specification", spec);
    };
  }

  /** The value of a time, with GNU Emacs's warning about pairs that used to mean something else. */
  private static TimeValue warned(Task t, Object x) {
    if (x instanceof Pair p
        && p.first(t.c) instanceof Long
        && p.second(t.c) instanceof Long hz
        && hz > 0
        && hz < 65536) {
      Messages.show(t, LispString.of(t.c, "obsolete timestamp with cdr " + hz));
    }
    return TimeValue.of(t, x);
  }

  @Primitive(value = "current-time", doc = "Return the time now as a list (HIGH LOW MICRO PICO).")
  static Object currentTime(Task t) {
    return TimeValue.now().list(t);
  }

  @Primitive(
      value = "float-time",
      min = 0,
      doc = "Return the seconds from the epoch to SPECIFIED-TIME, by default now, as a float.")
  static Object floatTime(Task t, Object specifiedTime) {
    if (specifiedTime instanceof Double) {
      return specifiedTime;
    }
    return TimeValue.of(t, specifiedTime).toDouble();
  }

  private static boolean strange(Object x) {
    return x instanceof Double d && (d.isNaN() || d.isInfinite());
  }

  private static Object arithmetic(Task t, Object a, Object b, boolean subtract) {
    if (strange(a) || strange(b)) {
      double x = (Double) floatTime(t, a);
      double y = (Double) floatTime(t, b);
      return subtract ? x - y : x + y;
    }
    TimeValue x = warned(t, a);
    TimeValue y = Lisp.eq(a, b) ? x : warned(t, b);
    if (Lisp.eq(a, b) && a instanceof Pair p && p.second(t.c) instanceof Long) {
      warned(t, b);
    }
    return x.combine(t, y, subtract);
  }

  @Primitive(value = "time-add", doc = "Return the sum of times A and B.")
  static Object timeAdd(Task t, Object a, Object b) {
    return arithmetic(t, a, b, false);
  }

  @Primitive(value = "time-subtract", doc = "Return the difference of times A and B: A - B.")
  static Object timeSubtract(Task t, Object a, Object b) {
    return arithmetic(t, a, b, true);
  }

  @Primitive(value = "time-less-p", doc = "Return t if time A is earlier than time B.")
  static boolean timeLessP(Task t, Object a, Object b) {
    if (strange(a) || strange(b)) {
      return (Double) floatTime(t, a) < (Double) floatTime(t, b);
    }
    if (a == Symbol.NIL && b == Symbol.NIL) {
      return false;
    }
    return warned(t, a).compare(warned(t, b)) < 0;
  }

  @Primitive(
      value = "time-equal-p",
      doc = "Return t if A and B are the same time; nil is the same as nil only.")
  static boolean timeEqualP(Task t, Object a, Object b) {
    if (a == Symbol.NIL || b == Symbol.NIL) {
      warned(t, a == Symbol.NIL ? b : a);
      return a == b;
    }
    if (strange(a) || strange(b)) {
      return (double) (Double) floatTime(t, a) == (double) (Double) floatTime(t, b);
    }
    return warned(t, a).compare(warned(t, b)) == 0;
  }

  @Primitive(
      value = "time-convert",
      min = 1,
      doc =
          "Return TIME in another form: FORM t is (TICKS . HZ) without loss, an integer HZ that\n"
              + "many ticks a second, `integer' seconds, `list' or nil (HIGH LOW MICRO PICO).")
  static Object timeConvert(Task t, Object time, Object form) {
    TimeValue v = TimeValue.of(t, time);
    if (form == Symbol.NIL || form == LIST) {
      return v.list(t);
    }
    if (form == Q.INTEGER) {
      return Lisp.integer(v.seconds());
    }
    if (form == Symbol.T) {
      return v.toPair(t);
    }
    BigInteger hz =
        form instanceof Long l ? BigInteger.valueOf(l) : form instanceof BigInteger b ? b : null;
    if (hz == null || hz.signum() <= 0) {
      throw new LispSignal(Q.ERROR, "Invalid time frequency", form);
    }
    return t.cons(Lisp.integer(v.in(hz)), form);
  }

  @Primitive(
      value = "decode-time",
      min = 0,
      doc =
          "Return TIME, by default now, as (SECONDS MINUTES HOUR DAY MONTH YEAR DOW DST UTCOFF).\n"
              + "ZONE is a time zone as for `format-time-string'.  With FORM t SECONDS is exact,\n"
              + "(TICKS . HZ) unless whole; else an integer.")
  static Object decodeTime(Task t, Object time, Object zone, Object form) {
    TimeValue v = warned(t, time);
    Civil c = Civil.of(v.clockSeconds(), zone(t, zone));
    Object second = (long) c.second();
    if (form == Symbol.T) {
      BigInteger part = v.ticks().subtract(v.seconds().multiply(v.hz()));
      BigInteger ticks = part.add(v.hz().multiply(BigInteger.valueOf(c.second())));
      second =
          v.hz().equals(BigInteger.ONE)
              ? Lisp.integer(ticks)
              : t.cons(Lisp.integer(ticks), Lisp.integer(v.hz()));
    }
    return t.list(
        second,
        (long) c.minute(),
        (long) c.hour(),
        (long) c.day(),
        (long) c.month(),
        c.year(),
        (long) c.weekday(),
        Lisp.bool(c.summer()),
        (long) c.offset());
  }

  @Primitive(
      value = "encode-time",
      min = 1,
      args = "(TIME &rest OBSOLESCENT-ARGUMENTS)",
      doc =
          "Return the time that TIME, a list as `decode-time' returns, says.\n"
              + "DST -1 in it means to find out; ZONE, its last element, is a time zone.  The"
              + " older\n"
              + "form has six or more arguments: SECOND MINUTE HOUR DAY MONTH YEAR ... ZONE.")
  static Object encodeTime(Task t, Object[] args) {
    Object[] f = new Object[6];
    Object zone = Symbol.NIL;
    Boolean summer = null;
    if (args.length == 1) {
      Object tail = args[0];
      Object dst = Symbol.NIL;
      for (int i = 0; i < 9; i++) {
        Pair p = Lisp.cons(tail);
        Object x = p.first(t.c);
        if (i < 6) {
          f[i] = x;
        } else if (i == 7) {
          dst = x;
        } else if (i == 8) {
          zone = x;
        }
        tail = p.second(t.c);
      }
      boolean find = dst instanceof Long l && l == -1;
      if (!find && (zone == Symbol.NIL || zone == WALL || zone instanceof LispString)) {
        summer = dst != Symbol.NIL;
      }
    } else if (args.length < 6) {
      throw new LispSignal(Q.WRONG_NUMBER_OF_ARGUMENTS, ENCODE_TIME, (long) args.length);
    } else {
      System.arraycopy(args, 0, f, 0, 6);
      zone = args.length > 6 ? args[args.length - 1] : Symbol.NIL;
    }
    TimeValue second = TimeValue.of(t, f[0] == Symbol.NIL ? (Object) "" : f[0]);
    long[] n = new long[6];
    for (int i = 1; i < 6; i++) {
      n[i] = Lisp.fixnum(f[i]);
      if (Math.abs(n[i]) > (1L << 40)) {
        throw TimeValue.unrepresentable();
      }
    }
    if (second.seconds().bitLength() > 60) {
      throw TimeValue.unrepresentable();
    }
    long whole = second.seconds().longValue();
    long local =
        Civil.dayNumber(n[5], n[4], 1) * 86400
            + (n[3] - 1) * 86400
            + n[2] * 3600
            + n[1] * 60
            + whole;
    if (Math.abs(n[5]) > Integer.MAX_VALUE) {
      throw TimeValue.unrepresentable();
    }
    long result = zone(t, zone).instant(local, summer);
    if (second.hz().equals(BigInteger.ONE)) {
      return t.list(result >> 16, result & 0xFFFF);
    }
    BigInteger part = second.ticks().subtract(second.seconds().multiply(second.hz()));
    return t.cons(
        Lisp.integer(BigInteger.valueOf(result).multiply(second.hz()).add(part)),
        Lisp.integer(second.hz()));
  }

  @Primitive(
      value = "format-time-string",
      min = 1,
      doc =
          "Return FORMAT-STRING with its %-specifications replaced by parts of TIME, by default"
              + " now.\n"
              + "%Y year, %m month, %d day, %H hour, %M minute, %S second, %z offset, %Z zone, %F"
              + " date,\n"
              + "%T time, and more as in C's strftime, with flags - _ 0 + ^ # and a width.\n"
              + "ZONE: nil local time, t universal time, `wall', a TZ string, an offset in"
              + " seconds,\n"
              + "or (OFFSET ABBREVIATION).")
  static Object formatTimeString(Task t, Object formatString, Object time, Object zone) {
    TimeValue v = warned(t, time);
    LispString s = Lisp.string(formatString);
    BigInteger[] parts = v.nanoseconds();
    long seconds = v.clockSeconds();
    Civil c = Civil.of(seconds, zone(t, zone));
    String text = TimeFormat.format(s.toJava(t.c), c, seconds, parts[1].intValue());
    return LispString.of(t.c, text);
  }

  @Primitive(
      value = "current-time-string",
      min = 0,
      doc = "Return SPECIFIED-TIME, by default now, as text: \"Sun Sep 16 01:03:52 1973\".")
  static Object currentTimeString(Task t, Object specifiedTime, Object zone) {
    long seconds = TimeValue.of(t, specifiedTime).clockSeconds();
    Civil c = Civil.of(seconds, zone(t, zone));
    String year = c.year() < 0 || c.year() > 9999 ? Long.toString(c.year()) : null;
    String text = TimeFormat.format("%a %b %e %H:%M:%S ", c, seconds, 0);
    return LispString.of(
        t.c, text + (year != null ? year : TimeFormat.format("%4Y", c, seconds, 0)));
  }

  @Primitive(
      value = "current-time-zone",
      min = 0,
      doc = "Return (OFFSET NAME) of time zone ZONE at SPECIFIED-TIME, by default now.")
  static Object currentTimeZone(Task t, Object specifiedTime, Object zone) {
    Civil c = Civil.of(TimeValue.of(t, specifiedTime).clockSeconds(), zone(t, zone));
    return t.list((long) c.offset(), LispString.of(t.c, c.zone()));
  }

  @Primitive(
      value = "set-time-zone-rule",
      doc = "Make TZ the local time zone: nil or `wall' the machine's, else as for `decode-time'.")
  static Object setTimeZoneRule(Task t, Object tz) {
    zone(t, tz == Symbol.NIL ? WALL : tz);
    ZONE_RULE.setRawValue(t, tz == Symbol.NIL ? WALL : tz);
    return Symbol.NIL;
  }
}
