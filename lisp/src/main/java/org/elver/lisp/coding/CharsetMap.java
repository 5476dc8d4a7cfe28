package org.elver.lisp.coding;

import java.util.Arrays;

/** Which character each code of a character set stands for, and back. Immutable. */
final class CharsetMap {
  static final CharsetMap EMPTY = new CharsetMap(new int[0]);

  /** Characters by index of the code; -1: none. */
  private final int[] characters;

  /** Character and index of its code as high and low half, sorted. */
  private final long[] sorted;

  CharsetMap(int[] characters) {
    this.characters = characters;
    long[] a = new long[characters.length];
    int n = 0;
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] >= 0) {
        a[n++] = ((long) characters[i] << 32) | i;
      }
    }
    sorted = Arrays.copyOf(a, n);
    Arrays.sort(sorted);
  }

  /** The character of the code of this index, or -1. */
  int character(long index) {
    return index >= 0 && index < characters.length ? characters[(int) index] : -1;
  }

  /** The index of the first code of a character, or -1. */
  int index(int ch) {
    int i = Arrays.binarySearch(sorted, (long) ch << 32);
    if (i < 0) {
      i = -i - 1;
    }
    return i < sorted.length && (int) (sorted[i] >> 32) == ch ? (int) sorted[i] : -1;
  }

  /** The number of indices. */
  int length() {
    return characters.length;
  }
}
