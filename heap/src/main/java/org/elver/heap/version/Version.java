package org.elver.heap.version;

import org.elver.heap.epoch.Epoch;
import org.elver.heap.epoch.WriteRecord;

/**
 * The contents of an object as written in one epoch.
 *
 * <p>Each kind of object has a subclass that adds its contents. The fields here are final, so that
 * a version may be found through a plain read of a reference that another thread installed. The
 * contents are written by the one context whose leaf epoch the version's is, and read by that
 * context and by those forked from it afterwards; the fork orders the writes before the reads.
 */
public abstract class Version extends WriteRecord {
  /** The epoch in which these contents were written; ask the tree what it stands for today. */
  final Epoch epoch;

  /** The label of the object's inline contents. */
  final Epoch base;

  final HeapObject object;

  /**
   * Contents of {@code object} for {@code epoch}, made from those of {@code from}.
   *
   * @param from the version that this one hides, or null for the inline contents
   * @param base the label of the inline contents
   */
  protected Version(HeapObject object, Version from, Epoch epoch, Epoch base) {
    super(from == null ? base : from.epoch);
    this.object = object;
    this.epoch = epoch;
    this.base = base;
  }

  /** Whether these are contents that {@code c} wrote in its present epoch, and may write again. */
  public final boolean isOf(Context c) {
    return epoch == c.epoch;
  }
}
