package org.elver.heap.object;

import org.elver.heap.epoch.Epoch;

/** Two parts, one after the other, whose heights differ by one at most. Made by {@link Rope}. */
final class TextNode extends TextPart {
  TextPart left;
  TextPart right;

  /** One more than the height of the higher part. */
  int height;

  TextNode(Epoch epoch, TextPart left, TextPart right, int height) {
    super(epoch, left.length + right.length);
    this.left = left;
    this.right = right;
    this.height = height;
  }
}
