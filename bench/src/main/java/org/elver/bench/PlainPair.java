package org.elver.bench;

/** The peer of a pair: what Java programs would use where nothing is versioned. */
final class PlainPair {
  private Object first;
  private Object second;

  PlainPair(Object first, Object second) {
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
