package org.elver.lisp.read;

import java.math.BigInteger;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.CodeBuffer;

/** Numbers as they are written. */
public final class Numbers {
  private Numbers() {}

  /** The number that the whole of {@code s} is in decimal notation; null when it is none. */
  public static Object parse(CodeBuffer s) {
    int n = s.length();
    int i = 0;
    if (n == 0) {
      return null;
    }
    int c = s.get(0);
    boolean negative = c == '-';
    if (negative || c == '+') {
      i++;
    }
    int digitsFrom = i;
    while (i < n && digit(s.get(i))) {
      i++;
    }
    int digitsEnd = i;
    boolean lead = i > digitsFrom;
    boolean trail = false;
    if (i < n && s.get(i) == '.') {
      i++;
      int from = i;
      while (i < n && digit(s.get(i))) {
        i++;
      }
      trail = i > from;
    }
    if (!lead && !trail) {
      return null;
    }
    if (i == n && !trail) {
      return integer(s, digitsFrom, digitsEnd, negative);
    }
    if (i < n) {
      if (s.get(i) != 'e' && s.get(i) != 'E') {
        return null;
      }
      i++;
      if (i + 4 == n && s.get(i) == '+') {
        if (s.get(i + 1) == 'I' && s.get(i + 2) == 'N' && s.get(i + 3) == 'F') {
          return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (s.get(i + 1) == 'N' && s.get(i + 2) == 'a' && s.get(i + 3) == 'N') {
          return nan(s, digitsFrom, digitsEnd, negative);
        }
      }
      if (i < n && (s.get(i) == '+' || s.get(i) == '-')) {
        i++;
      }
      int from = i;
      while (i < n && digit(s.get(i))) {
        i++;
      }
      if (i == from || i < n) {
        return null;
      }
    }
    StringBuilder text = new StringBuilder(n);
    for (int k = 0; k < n; k++) {
      text.append((char) s.get(k));
    }
    return Double.valueOf(text.toString());
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  private static Object nan(CodeBuffer s, int from, int end, boolean negative) {
    long payload = 0;
    for (int i = from; i < end; i++) {
      payload = payload * 10 + (s.get(i) - '0');
    }
    long bits = 0x7FF8000000000000L | (payload & 0x0007FFFFFFFFFFFFL);
    return Double.longBitsToDouble(negative ? bits | Long.MIN_VALUE : bits);
  }

  private static Object integer(CodeBuffer s, int from, int end, boolean negative) {
    if (end - from <= 18) {
      long v = 0;
      for (int i = from; i < end; i++) {
        v = v * 10 + (s.get(i) - '0');
      }
      return Lisp.integer(negative ? -v : v);
    }
    StringBuilder text = new StringBuilder(negative ? "-" : "");
    for (int i = from; i < end; i++) {
      text.append((char) s.get(i));
    }
    return Lisp.integer(new BigInteger(text.toString()));
  }
}
