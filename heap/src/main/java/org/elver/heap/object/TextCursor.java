package org.elver.heap.object;

import java.util.ConcurrentModificationException;
import org.elver.heap.version.Context;

/**
 * A place in a text from which codes are read one after another, forwards and backwards, at the
 * cost of an array access each.
 *
 * <p>A cursor stands between two codes. It is used by whoever uses its context, for a while: until
 * the context writes the text, forks, tidies, commits, rolls back or ends. A text changed by the
 * context itself is noticed when the cursor is moved by {@link #moveTo}, or reaches the end of the
 * array that it reads (which holds some 1000 codes), and reported as a {@link
 * ConcurrentModificationException}; until then it may read old codes or new ones. What other
 * contexts do does not matter.
 */
public final class TextCursor {
  /** What is read beyond either end of the text. */
  public static final int END = -1;

  private final Text text;
  private final Context context;
  private final int changes;
  private final ChunkFinder chunks;

  // Of these exactly one is not null: the codes of the present chunk.
  private byte[] bytes;
  private char[] chars;
  private int[] ints;

  /** The position of the first code of the present chunk. */
  private int start;

  /** The length of the present chunk. */
  private int limit;

  /** The place of this cursor in the present chunk, from 0 to {@link #limit}. */
  private int index;

  TextCursor(Text text, Context context, TextPart root, int changes, int at) {
    this.text = text;
    this.context = context;
    this.changes = changes;
    chunks = new ChunkFinder(root);
    enter(at);
  }

  /** The number of codes before this cursor. */
  public int position() {
    return start + index;
  }

  /**
   * Moves to any position, which may be the end. O(log n), or O(1) when it is near.
   *
   * @throws IndexOutOfBoundsException when there is no such position
   * @throws ConcurrentModificationException when the text was changed
   */
  public void moveTo(int position) {
    requireUnchanged();
    Text.requirePosition(position, chunks.root().length);
    enter(position);
  }

  /**
   * The code after this cursor, which moves behind it; {@link #END} at the end.
   *
   * @throws ConcurrentModificationException when the text was found changed
   */
  public int next() {
    int i = index;
    if (i == limit) {
      if (!hasChunkAfter()) {
        return END;
      }
      i = 0;
    }
    index = i + 1;
    return code(i);
  }

  /**
   * The code before this cursor, which moves before it; {@link #END} at the beginning.
   *
   * @throws ConcurrentModificationException when the text was found changed
   */
  public int previous() {
    int i = index;
    if (i == 0) {
      if (!hasChunkBefore()) {
        return END;
      }
      i = limit;
    }
    index = i - 1;
    return code(i - 1);
  }

  /**
   * The code after this cursor, or {@link #END}.
   *
   * @throws ConcurrentModificationException when the text was found changed
   */
  public int peekNext() {
    return index < limit || hasChunkAfter() ? code(index) : END;
  }

  /**
   * The code before this cursor, or {@link #END}.
   *
   * @throws ConcurrentModificationException when the text was found changed
   */
  public int peekPrevious() {
    return index > 0 || hasChunkBefore() ? code(index - 1) : END;
  }

  private int code(int i) {
    byte[] b = bytes;
    if (b != null) {
      return Byte.toUnsignedInt(b[i]);
    }
    char[] s = chars;
    return s != null ? s[i] : ints[i];
  }

  /** At the end of a chunk: enters the next one, at its beginning, unless there is none. */
  private boolean hasChunkAfter() {
    requireUnchanged();
    int position = start + limit;
    if (position == chunks.root().length) {
      return false;
    }
    enter(position);
    return true;
  }

  /** At the beginning of a chunk: enters the one before, at its end, unless there is none. */
  private boolean hasChunkBefore() {
    requireUnchanged();
    if (start == 0) {
      return false;
    }
    int position = start;
    enter(position - 1);
    index = limit;
    return true;
  }

  private void requireUnchanged() {
    if (!text.isUnchanged(context, chunks.root(), changes)) {
      throw new ConcurrentModificationException(
          "the text was changed under a cursor; make a new one after a change");
    }
  }

  /** Enters the chunk of the code at {@code position}, or the last one at the end of the text. */
  private void enter(int position) {
    int length = chunks.root().length;
    if (length > 0) {
      chunks.find(Math.min(position, length - 1));
    }
    TextChunk chunk = chunks.chunk();
    Object codes = chunk.codes();
    bytes = codes instanceof byte[] b ? b : null;
    chars = codes instanceof char[] s ? s : null;
    ints = codes instanceof int[] n ? n : null;
    start = chunks.start();
    limit = chunk.length;
    index = position - start;
  }
}
