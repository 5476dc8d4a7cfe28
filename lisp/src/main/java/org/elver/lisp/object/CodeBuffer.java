package org.elver.lisp.object;

import java.util.Arrays;
import org.elver.heap.version.Context;

/** Character codes gathered one after another, to become a string. Used by one thread. */
public final class CodeBuffer {
  private int[] codes;
  private int length;

  /** An empty one. */
  public CodeBuffer() {
    this(32);
  }

  /** An empty one with room for {@code capacity} codes. */
  public CodeBuffer(int capacity) {
    codes = new int[Math.max(capacity, 8)];
  }

  private void ensure(int more) {
    if (length + more > codes.length) {
      codes = Arrays.copyOf(codes, Math.max(length + more, codes.length * 2));
    }
  }

  /** Adds one code. */
  public CodeBuffer append(int code) {
    if (length == codes.length) {
      ensure(1);
    }
    codes[length++] = code;
    return this;
  }

  /** Adds the codes of Java's string. */
  public CodeBuffer append(String s) {
    ensure(s.length());
    int n = s.length();
    for (int i = 0; i < n; ) {
      int code = s.codePointAt(i);
      i += Character.charCount(code);
      append(code >= 0xDC80 && code <= 0xDCFF ? LispString.RAW_BYTE + (code & 0xFF) : code);
    }
    return this;
  }

  /** Adds codes {@code from} to {@code to} (exclusive). */
  public CodeBuffer append(int[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, codes, length, to - from);
    length += to - from;
    return this;
  }

  /** Adds the characters of a string; bytes from 128 on as raw-byte characters. */
  public CodeBuffer append(Context c, LispString s) {
    int n = s.length(c);
    ensure(n);
    s.getCodes(c, 0, n, codes, length);
    if (!s.isMultibyte(c)) {
      for (int i = length; i < length + n; i++) {
        if (codes[i] >= 128) {
          codes[i] += LispString.RAW_BYTE;
        }
      }
    }
    length += n;
    return this;
  }

  /** The number of codes. */
  public int length() {
    return length;
  }

  /** Keeps only the first {@code n} codes. */
  public void truncate(int n) {
    length = n;
  }

  /** Code {@code i}. */
  public int get(int i) {
    return codes[i];
  }

  /** A copy of the codes. */
  public int[] toArray() {
    return Arrays.copyOf(codes, length);
  }

  /** A string of the codes: multibyte if any is not ASCII. */
  public LispString toLisp(Context c) {
    for (int i = 0; i < length; i++) {
      if (codes[i] > 127) {
        return LispString.of(c, codes, 0, length, true);
      }
    }
    return LispString.of(c, codes, 0, length, false);
  }

  /** A string of the codes; raw-byte characters become bytes when it is to be unibyte. */
  public LispString toLisp(Context c, boolean multibyte) {
    if (multibyte) {
      return LispString.of(c, codes, 0, length, true);
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) codes[i];
    }
    return LispString.unibyte(c, bytes);
  }

  @Override
  public String toString() {
    StringBuilder s = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      int code = codes[i];
      if (code > LispString.RAW_BYTE) {
        s.append((char) (0xDC00 + (code & 0xFF)));
      } else {
        s.appendCodePoint(code <= LispString.MAX_UNICODE ? code : 0xFFFD);
      }
    }
    return s.toString();
  }
}
