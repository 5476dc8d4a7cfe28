package org.elver.heap.object;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;

/**
 * The chunks of a large array that one version of an object has in place of those of a frozen flat
 * array, its <i>base</i>; {@link RefStore} and {@link IntStore} know the base and the element type.
 *
 * <p>A chunk has 512 elements and a mid 512 chunks. Both are made when first written; where there
 * is none, the base shows. So a first write to a shared array copies one chunk and one mid, about 4
 * KB, whatever its length. A version that is derived from this one shares its mids and chunks, and
 * only the short array of mids is its own.
 *
 * <p><b>Who may write a part in place.</b> A part carries the epoch in which it was made, and a
 * context may write it in place iff it {@linkplain Context#owns owns} that epoch; else it copies
 * the part and labels the copy with its present epoch. The reason:
 *
 * <ol>
 *   <li>Parts are shared among versions of one object only, and only by deriving a version from one
 *       that its maker sees. (A rollback derives from what an ancestor sees; a commit derives from
 *       the child's version and then makes the child's epoch one with its own.) So each version
 *       that reaches a part made in epoch e is labelled e or an epoch below e. Merges keep that
 *       order.
 *   <li>A context that owns e has a leaf that e has merged into. A leaf has nothing below it, so
 *       every version that reaches the part and is still in use carries that same leaf's label, and
 *       of the versions of one epoch only the last is visible, to the leaf's context and nobody
 *       else. The ones it hides never come back: a context that merges epochs clears them before it
 *       goes on.
 * </ol>
 *
 * <p>The same holds for a flat array, whose label is that of the version (or of the inline
 * contents) that it belongs to: the owner of that label writes it in place, and is then the only
 * one to view it. Versions with chunks on a base never write the base, except when they are made
 * flat; see {@link RefStore#flatten}.
 */
final class ChunkedArray {
  static final int CHUNK_BITS = 9;

  /** Elements of a chunk, and chunks of a mid. */
  static final int CHUNK = 1 << CHUNK_BITS;

  /** Selects an element in its chunk. */
  static final int MASK = CHUNK - 1;

  private static final int MID_BITS = 2 * CHUNK_BITS;

  /** Elements made in one epoch: an {@code Object[]} or an {@code int[]}. */
  private record Chunk(Epoch epoch, Object elements) {}

  /** Chunks, null where the base shows, that were put together in one epoch. */
  private static final class Mid {
    final Epoch epoch;
    final Chunk[] chunks;

    Mid(Epoch epoch, Chunk[] chunks) {
      this.epoch = epoch;
      this.chunks = chunks;
    }
  }

  private static final Mid[] NO_MIDS = {};

  private final IntFunction<Object> allocator;

  /** Never shared, unlike the mids in it. */
  private Mid[] mids;

  /** No chunks yet. {@code allocator} makes the elements of a chunk. */
  ChunkedArray(IntFunction<Object> allocator) {
    this(allocator, NO_MIDS);
  }

  private ChunkedArray(IntFunction<Object> allocator, Mid[] mids) {
    this.allocator = allocator;
    this.mids = mids;
  }

  /** The same chunks for another version. Costs one reference for each 262,144 elements. */
  ChunkedArray share() {
    return new ChunkedArray(allocator, mids.clone());
  }

  /** The elements of the chunk of element {@code i}, or null where the base shows. */
  Object find(int i) {
    int m = i >>> MID_BITS;
    if (m >= mids.length || mids[m] == null) {
      return null;
    }
    Chunk chunk = mids[m].chunks[(i >>> CHUNK_BITS) & MASK];
    return chunk == null ? null : chunk.elements;
  }

  /**
   * The elements of the chunk of element {@code i}, for {@code c} to write. Makes the chunk when
   * there is none that {@code c} may write.
   *
   * @param base the base
   * @param limit how many elements of the base show; the others are null or zero
   */
  Object findToWrite(Context c, int i, Object base, int limit) {
    int m = i >>> MID_BITS;
    int k = (i >>> CHUNK_BITS) & MASK;
    Mid mid = m < mids.length ? mids[m] : null;
    Chunk chunk = mid == null ? null : mid.chunks[k];
    if (chunk != null && c.owns(chunk.epoch)) {
      return chunk.elements;
    }
    Object elements = allocator.apply(CHUNK);
    if (chunk != null) {
      System.arraycopy(chunk.elements, 0, elements, 0, CHUNK);
    } else {
      int first = i & ~MASK;
      int shown = Math.min(CHUNK, limit - first);
      if (shown > 0) {
        System.arraycopy(base, first, elements, 0, shown);
      }
    }
    midToWrite(c, m).chunks[k] = new Chunk(c.epoch(), elements);
    return elements;
  }

  private Mid midToWrite(Context c, int m) {
    if (m >= mids.length) {
      mids = Arrays.copyOf(mids, m + 1);
    }
    Mid mid = mids[m];
    if (mid == null) {
      mid = new Mid(c.epoch(), new Chunk[CHUNK]);
    } else if (!c.owns(mid.epoch)) {
      mid = new Mid(c.epoch(), mid.chunks.clone());
    }
    mids[m] = mid;
    return mid;
  }

  /** Forgets the chunks from number {@code n} on, so that there the base shows again. */
  void dropChunks(Context c, int n) {
    int m = n >>> CHUNK_BITS;
    if (m >= mids.length) {
      return;
    }
    if ((n & MASK) != 0) {
      if (mids[m] != null) {
        Arrays.fill(midToWrite(c, m).chunks, n & MASK, CHUNK, null);
      }
      m++;
    }
    mids = Arrays.copyOf(mids, m);
  }

  /**
   * Copies the chunks' elements below {@code length} to their places in {@code target}. Costs time
   * proportional to the chunks, and one look for each possible chunk of the mids.
   */
  void copyTo(Object target, int length) {
    for (int m = 0; m < mids.length; m++) {
      if (mids[m] == null) {
        continue;
      }
      Chunk[] chunks = mids[m].chunks;
      for (int k = 0; k < CHUNK; k++) {
        int first = (m << MID_BITS) | (k << CHUNK_BITS);
        if (chunks[k] != null && first < length) {
          System.arraycopy(chunks[k].elements, 0, target, first, Math.min(CHUNK, length - first));
        }
      }
    }
  }
}
