package org.elver.heap.version;

import org.elver.heap.epoch.Epoch;

/**
 * An owner for objects that are made by one context and meant for another, or for everybody.
 *
 * <p>While the objects of a label are being made, only their maker may touch them. Afterwards the
 * label is either attached to the context that receives them, once, or it was {@link #frozen()}.
 */
public final class Label {
  final Epoch epoch;

  private Label(Epoch epoch) {
    this.epoch = epoch;
  }

  /** A label to be attached later. */
  public static Label detached() {
    return new Label(new Epoch());
  }

  /** The label of immutable objects, which pass between contexts by reference. */
  public static Label frozen() {
    return new Label(HeapObject.immutable());
  }

  /** The label of new objects of {@code c}. */
  public static Label of(Context c) {
    return new Label(c.epoch);
  }

  /** The epoch of this label, for contents that keep track of who may write their parts. */
  public Epoch epoch() {
    return epoch;
  }
}
