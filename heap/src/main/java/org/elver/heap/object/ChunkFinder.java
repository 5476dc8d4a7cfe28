package org.elver.heap.object;

/** Finds the chunks of a tree that does not change meanwhile. */
final class ChunkFinder {
  private final TextPart root;
  private TextChunk chunk = TextChunk.EMPTY;
  private int start;

  ChunkFinder(TextPart root) {
    this.root = root;
  }

  /** The chunk that was found last. */
  TextChunk chunk() {
    return chunk;
  }

  /** The position of its first code. */
  int start() {
    return start;
  }

  TextPart root() {
    return root;
  }

  /** Finds the chunk that holds the code at {@code at}. O(1) for that found last, else O(log n). */
  void find(int at) {
    int i = at - start;
    if (i >= 0 && i < chunk.length) {
      return;
    }
    TextPart p = root;
    i = at;
    while (p instanceof TextNode n) {
      int middle = n.left.length;
      if (i < middle) {
        p = n.left;
      } else {
        i -= middle;
        p = n.right;
      }
    }
    chunk = (TextChunk) p;
    start = at - i;
  }
}
