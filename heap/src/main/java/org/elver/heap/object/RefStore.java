package org.elver.heap.object;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.elver.heap.version.Context;

/**
 * An array of references that belongs to one version: flat, or chunks on a flat base that others
 * view (see {@link ChunkedArray} for who may write what). The owner keeps the length and checks
 * indexes; the slots above the length are null.
 */
final class RefStore {
  private static final IntFunction<Object> ALLOCATOR = Object[]::new;

  /** All slots when {@link #chunks} is null; else the base, frozen. */
  private Object[] flat;

  /** Null when this store is flat. */
  private ChunkedArray chunks;

  /** How many slots of the base may be other than null. */
  private int baseLength;

  /** How many slots of the base show: less than {@link #baseLength} after a truncation. */
  private int limit;

  /** A flat store that keeps {@code flat} as its own. */
  RefStore(Object[] flat) {
    this.flat = flat;
  }

  private RefStore(Object[] base, int baseLength, int limit, ChunkedArray chunks) {
    this.flat = base;
    this.baseLength = baseLength;
    this.limit = limit;
    this.chunks = chunks;
  }

  /** A store of chunks on {@code base}, of which {@code length} slots are in use. O(1). */
  static RefStore over(Object[] base, int length) {
    return new RefStore(base, length, length, new ChunkedArray(ALLOCATOR));
  }

  /** A store for a version derived from this one's, with {@code length} slots in use. */
  RefStore share(int length) {
    return chunks == null
        ? over(flat, length)
        : new RefStore(flat, baseLength, limit, chunks.share());
  }

  boolean isFlat() {
    return chunks == null;
  }

  /** The slots of a flat store. */
  Object[] flat() {
    assert chunks == null;
    return flat;
  }

  Object get(int i) {
    if (chunks == null) {
      return flat[i];
    }
    Object chunk = chunks.find(i);
    if (chunk != null) {
      return ((Object[]) chunk)[i & ChunkedArray.MASK];
    }
    return i < limit ? flat[i] : null;
  }

  /** Sets slot {@code i}, which lies in the flat array or, in a store of chunks, anywhere. */
  void set(Context c, int i, Object value) {
    if (chunks == null) {
      flat[i] = value;
    } else {
      Object chunk = chunks.findToWrite(c, i, flat, limit);
      ((Object[]) chunk)[i & ChunkedArray.MASK] = value;
    }
  }

  /** As {@link #set}, but makes room in a flat store; {@code i} is the number of slots in use. */
  void append(Context c, int i, Object value) {
    if (chunks == null && i == flat.length) {
      flat = Arrays.copyOf(flat, grown(i));
    }
    set(c, i, value);
  }

  /** The capacity to grow to when {@code length} slots are full: half as much again. */
  static int grown(int length) {
    int max = Integer.MAX_VALUE - 8;
    if (length >= max) {
      throw new OutOfMemoryError("a vector cannot have more than " + max + " elements");
    }
    return (int) Math.min(max, length + (length >> 1) + 4L);
  }

  /**
   * Drops the slots from {@code n} on, of {@code length} in use.
   *
   * <p>The base stays as it is, since others view it. To keep few slots, or less than half of them,
   * this copies them and lets go of the base; so what is dropped and still retained through the
   * base is always less than what is kept, and until the store is made flat.
   */
  void truncate(Context c, int n, int length, int flatLength) {
    if (chunks == null) {
      Arrays.fill(flat, n, length, null);
      return;
    }
    if (n <= flatLength || n <= length / 2) {
      become(copy(n, n));
      return;
    }
    limit = Math.min(limit, n);
    int within = n & ChunkedArray.MASK;
    // The whole chunks after the one that n lies in, and then the rest of that one.
    chunks.dropChunks(c, (n >>> ChunkedArray.CHUNK_BITS) + (within == 0 ? 0 : 1));
    if (within != 0 && chunks.find(n) != null) {
      Object chunk = chunks.findToWrite(c, n, flat, limit);
      Arrays.fill((Object[]) chunk, within, ChunkedArray.CHUNK, null);
    }
  }

  /** A new array of {@code capacity} with the first {@code length} slots. */
  Object[] copy(int length, int capacity) {
    Object[] result = new Object[capacity];
    copyTo(0, result, 0, length);
    return result;
  }

  /** Copies {@code n} slots from {@code from} on to {@code target}. */
  void copyTo(int from, Object[] target, int at, int n) {
    if (chunks == null) {
      System.arraycopy(flat, from, target, at, n);
      return;
    }
    int i = from;
    int end = from + n;
    while (i < end) {
      int next = (int) Math.min(end, (i & ~ChunkedArray.MASK) + (long) ChunkedArray.CHUNK);
      Object chunk = chunks.find(i);
      if (chunk != null) {
        System.arraycopy(chunk, i & ChunkedArray.MASK, target, at + i - from, next - i);
      } else {
        int shown = Math.max(0, Math.min(next, limit) - i);
        if (shown > 0) {
          System.arraycopy(flat, i, target, at + i - from, shown);
        }
        Arrays.fill(target, at + i - from + shown, at + next - from, null);
      }
      i = next;
    }
  }

  /**
   * Makes this store flat, for a version that becomes its object's inline contents. Costs time
   * proportional to the chunks, unless the array has outgrown its base or shrunk to a quarter of
   * it; then the array is copied, which the growth or the truncation pays for.
   *
   * <p>The chunks are written back into the base. That needs the base to have no other viewer, and
   * it has none: the caller says that the labels of this version and of the inline contents have
   * both become the caller's leaf, and that this is the only version left. The base belonged to the
   * inline contents or to a version below them. Every version that ever referred to it is labelled
   * with its label or one below, all of which have ended or have merged into the leaf:
   *
   * <ul>
   *   <li>A version of a sibling on the same base ended with its context before the leaf could
   *       merge, and the lock of the merge orders its last reads before these writes.
   *   <li>A rollback derives a version from an old one, beside others on the same base and in the
   *       same line. While it and another are both in use the object has two versions, and this is
   *       not called. (For the same reason nothing is cleared in the base when only the inline
   *       contents are: a version that a rollback derived from them may still show all of it.)
   * </ul>
   */
  void flatten(int length) {
    if (chunks == null) {
      return;
    }
    if (length > flat.length) {
      become(copy(length, grown(length)));
    } else if (length < flat.length / 4) {
      become(copy(length, length));
    } else {
      if (limit < baseLength) {
        Arrays.fill(flat, limit, baseLength, null);
      }
      chunks.copyTo(flat, length);
      become(flat);
    }
  }

  private void become(Object[] newFlat) {
    flat = newFlat;
    chunks = null;
  }
}
