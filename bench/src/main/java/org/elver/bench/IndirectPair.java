package org.elver.bench;

/**
 * A plain pair whose slots are in an object of their own: the least that a heap must do which keeps
 * what a context writes apart from what others read meanwhile. It has one reference to follow and
 * checks nothing; a heap has to find out besides that the contents are the writer's.
 */
final class IndirectPair {
  private static final class Slots {
    Object first;
    Object second;

    Slots(Object first, Object second) {
      this.first = first;
      this.second = second;
    }
  }

  private final Slots slots;

  IndirectPair(Object first, Object second) {
    this.slots = new Slots(first, second);
  }

  Object first() {
    return slots.first;
  }

  Object second() {
    return slots.second;
  }

  void setFirst(Object value) {
    slots.first = value;
  }
}
