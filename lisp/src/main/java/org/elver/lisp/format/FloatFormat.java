package org.elver.lisp.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** C's conversions of floating-point numbers, exact in all digits. */
public final class FloatFormat {
  private FloatFormat() {}

  /** The magnitude of {@code x} by conversion {@code kind}: 'e', 'f' or 'g'. */
  public static String magnitude(BigDecimal x, char kind, int precision, boolean alternate) {
    int p = precision < 0 ? 6 : precision;
    BigDecimal v = x.abs();
    return switch (kind) {
      case 'f' -> fixed(v, p, alternate);
      case 'e' -> scientific(v, p, alternate);
      default -> general(v, Math.max(p, 1), alternate);
    };
  }

  private static String fixed(BigDecimal v, int p, boolean alternate) {
    String s = v.setScale(p, RoundingMode.HALF_EVEN).toPlainString();
    return p == 0 && alternate ? s + "." : s;
  }

  private static BigDecimal rounded(BigDecimal v, int digits) {
    return v.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static int exponent(BigDecimal v) {
    return v.signum() == 0 ? 0 : v.precision() - v.scale() - 1;
  }

  private static String scientific(BigDecimal v, int p, boolean alternate) {
    BigDecimal r = rounded(v, p + 1);
    int e = exponent(r);
    StringBuilder digits = new StringBuilder(r.unscaledValue().toString());
    while (digits.length() < p + 1) {
      digits.append('0');
    }
    digits.setLength(p + 1);
    if (p > 0) {
      digits.insert(1, '.');
    } else if (alternate) {
      digits.append('.');
    }
    digits.append('e').append(e < 0 ? '-' : '+');
    int m = Math.abs(e);
    return (m < 10 ? digits.append('0') : digits).append(m).toString();
  }

  private static String general(BigDecimal v, int p, boolean alternate) {
    int e = exponent(rounded(v, p));
    if (e < -4 || e >= p) {
      String s = scientific(v, p - 1, alternate);
      int at = s.indexOf('e');
      return alternate ? s : stripped(s.substring(0, at)) + s.substring(at);
    }
    String s = fixed(v, p - 1 - e, alternate);
    return alternate ? s : stripped(s);
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
}
