package org.elver.heap.version;

import org.elver.heap.epoch.Epoch;

/** A state of one context's heap to which it can go back. Made by {@link Context#savepoint}. */
public final class Savepoint {
  /** A leaf that nobody writes in, and whose view is this state. */
  final Epoch pin;

  /** The savepoint around this one, or null. */
  final Savepoint outer;

  /** What the context's companion is to be put back to; null: it has none. */
  final Object companion;

  Savepoint(Epoch pin, Savepoint outer, Object companion) {
    this.pin = pin;
    this.outer = outer;
    this.companion = companion;
  }
}
