package org.elver.heap.object;

import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;

/**
 * A part of a text: a chunk of codes, or a node that joins two parts.
 *
 * <p><b>Who may write a part in place.</b> The versions of one text share the parts in which they
 * do not differ, so a part says in which epoch it was made. A version that contains the part was
 * made in that epoch or below it. A context that owns the epoch is therefore the only one that sees
 * the part, and may change it; any other context makes a part of its own instead. Nothing here may
 * be reachable from two texts, since this argument is about the versions of one.
 *
 * <p>A node is given other parts by its owner only, so its epoch is that of its parts or below it.
 * Hence who owns a part owns the nodes above it, in the tree that he sees; and a part below a node
 * that is shared is never changed in place.
 */
abstract sealed class TextPart permits TextChunk, TextNode {
  /** The epoch in which this part was made, or one into which that has been merged. */
  private Epoch epoch;

  /** The number of codes. */
  int length;

  TextPart(Epoch epoch, int length) {
    this.epoch = epoch;
    this.length = length;
  }

  /**
   * Whether {@code c}, which is writing the text, may change this part in place.
   *
   * <p>Brings the label of an owned part up to date, which is a change in place itself. So the next
   * question is answered at once, and old epochs are not retained by text that is being written.
   */
  final boolean isOwnedBy(Context c) {
    Epoch now = c.epoch();
    if (epoch == now) {
      return true;
    }
    if (!c.owns(epoch)) {
      return false;
    }
    epoch = now;
    return true;
  }
}
