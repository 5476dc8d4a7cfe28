package org.elver.lisp.coding;

import java.util.Arrays;

/** Bytes gathered one after another. */
final class ByteSink {
  private byte[] bytes;
  private int length;

  ByteSink(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  void add(int b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = (byte) b;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
