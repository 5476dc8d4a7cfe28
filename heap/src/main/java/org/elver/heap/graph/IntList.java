package org.elver.heap.graph;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private int[] items = new int[16];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  int get(int i) {
    return items[i];
  }

  int size() {
    return size;
  }

  int removeLast() {
    return items[--size];
  }

  boolean isEmpty() {
    return size == 0;
  }

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}
