package org.elver.lisp.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written. */
final class Bytes {
  private byte[] bytes = new byte[1 << 16];
  private int length;

  int length() {
    return length;
  }

  void put(int b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = (byte) b;
  }

  /** A number from 0 on, in as many bytes as it needs. */
  void number(long n) {
    long x = n;
    while ((x & ~0x7FL) != 0) {
      put((int) (x & 0x7F) | 0x80);
      x >>>= 7;
    }
    put((int) x);
  }

  void signed(long n) {
    number(n << 1 ^ n >> 63);
  }

  void eight(long n) {
    for (int i = 0; i < 64; i += 8) {
      put((int) (n >>> i));
    }
  }

  void all(byte[] b) {
    while (length + b.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    System.arraycopy(b, 0, bytes, length, b.length);
    length += b.length;
  }

  void block(byte[] b) {
    number(b.length);
    all(b);
  }

  void name(String s) {
    // Modified UTF-8 would do as well; lone surrogates stand for raw bytes and must survive.
    boolean ascii = s.chars().allMatch(c -> c < 128);
    if (ascii) {
      number((long) s.length() << 1);
      all(s.getBytes(StandardCharsets.US_ASCII));
    } else {
      number((long) s.length() << 1 | 1);
      for (int i = 0; i < s.length(); i++) {
        put(s.charAt(i));
        put(s.charAt(i) >> 8);
      }
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
