package org.elver.bench;

/**
 * A plain pair with one more word, which is never looked at: as large as a heap pair under every
 * object layout, so that it tells the cost of the size from the cost of the check.
 */
final class HeadedPair {
  @SuppressWarnings({"unused", "UnusedVariable"}) // It is here for its size.
  private final Object header;

  private Object first;
  private Object second;

  HeadedPair(Object header, Object first, Object second) {
    this.header = header;
    this.first = first;
    this.second = second;
  }

  Object first() {
    return first;
  }

  Object second() {
    return second;
  }

  void setFirst(Object value) {
    first = value;
  }

  void setSecond(Object value) {
    second = value;
  }
}
