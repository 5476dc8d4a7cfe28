package org.elver.lisp.object;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;

/** A record: slot 0 names or is the type. */
public final class Record extends Slots {
  /** A record that keeps {@code slots}, the type first. */
  public Record(Context creator, Object... slots) {
    super(creator, slots);
  }

  /** A record under {@code label} that keeps {@code slots}, which may be filled later. */
  public static Record labelled(Label label, Object[] slots) {
    return new Record(label, slots);
  }

  private Record(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Record(label, contents);
  }
}
