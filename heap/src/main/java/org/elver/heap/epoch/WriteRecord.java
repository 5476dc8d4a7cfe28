package org.elver.heap.epoch;

/**
 * An entry of a {@link WriteSet}: something that was written in an epoch, and which epoch's
 * contents it hides there.
 *
 * <p>The links belong to whoever holds the set: the context of a leaf, the claimer of a frozen
 * epoch, or the holder of the tree's lock.
 */
public abstract class WriteRecord {
  /** The label of the contents that this write hides; an ancestor of the epoch of the write. */
  Epoch shadowed;

  WriteRecord child;
  WriteRecord sibling;

  /** The sibling before this one, or the parent of the first; null at the root and outside sets. */
  WriteRecord prev;

  protected WriteRecord(Epoch shadowed) {
    this.shadowed = shadowed;
  }

  /** The label of the contents that this write hides, as of when it was last looked at. */
  public final Epoch shadowed() {
    return shadowed;
  }

  /** Says that the write now hides the contents labelled {@code epoch}; it must be in no set. */
  public final void setShadowed(Epoch epoch) {
    shadowed = epoch;
  }
}
