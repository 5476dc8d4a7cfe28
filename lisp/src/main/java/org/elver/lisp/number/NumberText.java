package org.elver.lisp.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.CodeBuffer;

/** Numbers as text, as Lisp reads and prints them. */
public final class NumberText {
  /** How many digits are tried at least before a float is written with fewer than it needs. */
  private static final int SURE_DIGITS = 15;

  private NumberText() {}

  // ---- Printing -------------------------------------------------------------------------------

  /** The text of any number. */
  public static String print(Object number) {
    return number instanceof Double d ? print((double) d) : number.toString();
  }

  /** The shortest text that reads as the same float. */
  public static String print(double d) {
    if (Double.isNaN(d)) {
      long bits = Double.doubleToRawLongBits(d);
      return (bits < 0 ? "-" : "") + (bits & 0x7FFFFFFFFFFFFL) + ".0e+NaN";
    }
    if (Double.isInfinite(d)) {
      return d > 0 ? "1.0e+INF" : "-1.0e+INF";
    }
    if (d == 0) {
      return 1 / d < 0 ? "-0.0" : "0.0";
    }
    String sign = d < 0 ? "-" : "";
    double a = Math.abs(d);
    BigDecimal shortest = a < Double.MIN_NORMAL ? denormal(a) : new BigDecimal(Double.toString(a));
    shortest = shortest.stripTrailingZeros();
    if (shortest.precision() == 16) {
      // Another text of as many digits may be nearer, but read as another float: then one more
      // digit.
      BigDecimal exact = new BigDecimal(a);
      BigDecimal nearest = exact.round(new MathContext(16, RoundingMode.HALF_EVEN));
      if (nearest.compareTo(shortest) != 0) {
        shortest = exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
      }
    }
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    int precision =
        a < Double.MIN_NORMAL ? digits.length() : Math.max(SURE_DIGITS, digits.length());
    StringBuilder s = new StringBuilder(sign);
    if (exponent < -4 || exponent >= precision) {
      s.append(digits.charAt(0));
      if (digits.length() > 1) {
        s.append('.').append(digits, 1, digits.length());
      }
      s.append(exponent < 0 ? "e-" : "e+");
      int e = Math.abs(exponent);
      return s.append(e < 10 ? "0" : "").append(e).toString();
    }
    if (exponent < 0) {
      return s.append("0.").append("0".repeat(-exponent - 1)).append(digits).toString();
    }
    if (digits.length() <= exponent + 1) {
      return s.append(digits)
          .append("0".repeat(exponent + 1 - digits.length()))
          .append(".0")
          .toString();
    }
    return s.append(digits, 0, exponent + 1)
        .append('.')
        .append(digits, exponent + 1, digits.length())
        .toString();
  }

  /** The text that a {@code float-output-format} such as "%.3g" asks for; null when it is none. */
  public static String printWith(String format, double d) {
    int n = format.length();
    if (Double.isNaN(d) || Double.isInfinite(d) || n < 3 || !format.startsWith("%.")) {
      return null;
    }
    int i = 2;
    int width = 0;
    while (i < n && format.charAt(i) >= '0' && format.charAt(i) <= '9' && width < 10_000) {
      width = width * 10 + format.charAt(i++) - '0';
    }
    if (i != n - 1) {
      return null;
    }
    char kind = format.charAt(i);
    boolean given = i > 2;
    if ((kind != 'e' && kind != 'f' && kind != 'g') || (given && width == 0 && kind != 'f')) {
      return null;
    }
    if (kind == 'g' && width == 17) {
      return null; // Documented to mean the shortest text.
    }
    String text = printf(kind, given || kind != 'g' ? width : 1, d);
    return given && width == 0 ? text : withPoint(text);
  }

  /** As C's printf for %e, %f and %g. */
  private static String printf(char kind, int width, double d) {
    String sign = d < 0 || (d == 0 && 1 / d < 0) ? "-" : "";
    BigDecimal exact = new BigDecimal(Math.abs(d));
    if (kind == 'f') {
      return sign + exact.setScale(width, RoundingMode.HALF_EVEN).toPlainString();
    }
    int precision = kind == 'e' ? width + 1 : width;
    BigDecimal r = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
    String digits = r.unscaledValue().toString();
    int exponent = d == 0 ? 0 : digits.length() - 1 - r.scale();
    digits = d == 0 ? "0".repeat(precision) : digits + "0".repeat(precision - digits.length());
    if (kind == 'g' && exponent >= -4 && exponent < precision) {
      String plain =
          r.setScale(Math.max(0, precision - 1 - exponent), RoundingMode.HALF_EVEN).toPlainString();
      return sign + stripped(plain);
    }
    String mantissa = digits.charAt(0) + (precision > 1 ? "." + digits.substring(1) : "");
    int e = Math.abs(exponent);
    return sign
        + (kind == 'g' ? stripped(mantissa) : mantissa)
        + (exponent < 0 ? "e-" : "e+")
        + (e < 10 ? "0" : "")
        + e;
  }

  private static String stripped(String s) {
    if (s.indexOf('.') < 0) {
      return s;
    }
    int n = s.length();
    while (s.charAt(n - 1) == '0') {
      n--;
    }
    return s.substring(0, s.charAt(n - 1) == '.' ? n - 1 : n);
  }

  private static String withPoint(String s) {
    if (s.indexOf('e') >= 0 || s.indexOf('.') >= 0) {
      return s.endsWith(".") ? s + "0" : s;
    }
    return s + ".0";
  }

  private static BigDecimal denormal(double a) {
    BigDecimal exact = new BigDecimal(a);
    for (int precision = 1; ; precision++) {
      BigDecimal r = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
      if (r.doubleValue() == a) {
        return r;
      }
    }
  }

  // ---- Reading --------------------------------------------------------------------------------

  /**
   * The number that {@code s} starts with.
   *
   * @param base from 2 to 16 (or 36); floats are read only in base 10
   * @param all whether nothing may follow the number
   * @return null when there is none
   */
  public static Object parse(CharSequence s, int base, boolean all) {
    int n = s.length();
    int i = 0;
    boolean negative = false;
    boolean sign = n > 0 && (s.charAt(0) == '-' || s.charAt(0) == '+');
    if (sign) {
      negative = s.charAt(0) == '-';
      i = 1;
    }
    int first = i;
    while (i < n && digit(s.charAt(i), base) >= 0) {
      i++;
    }
    int endOfInteger = i;
    boolean lead = i > first;
    if (base == 10) {
      int end = floatEnd(s, first, i);
      if (end > 0 && (!all || end == n)) {
        return floatOf(s, first, end, negative);
      }
    }
    if (!lead) {
      return null;
    }
    if (i < n && s.charAt(i) == '.' && base == 10) {
      i++;
    }
    if (all && i < n) {
      return null;
    }
    return integerOf(s, first, endOfInteger, base, negative);
  }

  /** The number that the whole of {@code s} is in decimal notation; null when it is none. */
  public static Object parse(CodeBuffer s) {
    int n = s.length();
    if (n == 0 || !mayStart(s.get(0))) {
      return null; // As most words of a program.
    }
    StringBuilder text = new StringBuilder(n);
    for (int i = 0; i < n; i++) {
      int c = s.get(i);
      if (c > '~') {
        return null;
      }
      text.append((char) c);
    }
    return parse(text, 10, true);
  }

  private static boolean mayStart(int c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
  }

  private static int digit(char ch, int base) {
    return ch < 128 ? Character.digit(ch, base) : -1;
  }

  private static boolean isDigit(CharSequence s, int i) {
    return i < s.length() && s.charAt(i) >= '0' && s.charAt(i) <= '9';
  }

  /**
   * The end of the float whose digits before the point are from {@code first} to {@code i}; or 0.
   */
  private static int floatEnd(CharSequence s, int first, int afterLead) {
    int n = s.length();
    int i = afterLead;
    boolean lead = i > first;
    boolean trail = false;
    if (i < n && s.charAt(i) == '.') {
      i++;
      int from = i;
      while (isDigit(s, i)) {
        i++;
      }
      trail = i > from;
      if (!trail && !lead) {
        return 0;
      }
    }
    int mantissaEnd = i;
    if ((lead || trail) && i < n && (s.charAt(i) == 'e' || s.charAt(i) == 'E')) {
      i++;
      if (i + 3 < n && s.charAt(i) == '+' && isSpecial(s, i + 1)) {
        return i + 4;
      }
      if (i < n && (s.charAt(i) == '+' || s.charAt(i) == '-')) {
        i++;
      }
      if (isDigit(s, i)) {
        while (isDigit(s, i)) {
          i++;
        }
        return i;
      }
    }
    return trail ? mantissaEnd : 0;
  }

  private static boolean isSpecial(CharSequence s, int i) {
    String w = s.subSequence(i, i + 3).toString();
    return w.equals("INF") || w.equals("NaN");
  }

  private static Object floatOf(CharSequence s, int first, int end, boolean negative) {
    String text = s.subSequence(first, end).toString();
    double d;
    if (text.endsWith("INF")) {
      d = Double.POSITIVE_INFINITY;
    } else if (text.endsWith("NaN")) {
      // The digits before the exponent are what the NaN carries.
      String mantissa = text.substring(0, text.length() - 5);
      long payload = (long) Math.min(0x7FFFFFFFFFFFFL, Double.parseDouble(mantissa));
      d = Double.longBitsToDouble(0x7FF8000000000000L | payload);
      return negative
          ? (Object) Double.longBitsToDouble(Double.doubleToRawLongBits(d) | Long.MIN_VALUE)
          : (Object) d;
    } else {
      d = Double.parseDouble(text);
    }
    return negative ? -d : d;
  }

  private static Object integerOf(CharSequence s, int first, int end, int base, boolean negative) {
    if (end - first <= 11) {
      long v = 0;
      for (int i = first; i < end; i++) {
        v = v * base + Character.digit(s.charAt(i), base);
      }
      return negative ? -v : v;
    }
    BigInteger v = new BigInteger(s.subSequence(first, end).toString(), base);
    return Lisp.integer(negative ? v.negate() : v);
  }
}
