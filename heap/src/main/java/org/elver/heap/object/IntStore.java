package org.elver.heap.object;

import java.util.function.IntFunction;
import org.elver.heap.version.Context;

/**
 * An array of numbers of a fixed length that belongs to one version: flat, or chunks on a flat base
 * that others view. The little brother of {@link RefStore}; what is said there holds here.
 */
final class IntStore {
  private static final IntFunction<Object> ALLOCATOR = int[]::new;

  /** All elements when {@link #chunks} is null; else the base, frozen. */
  private final int[] flat;

  /** Null when this store is flat. */
  private ChunkedArray chunks;

  /** A flat store of zeros. */
  IntStore(int length) {
    this(new int[length], null);
  }

  private IntStore(int[] flat, ChunkedArray chunks) {
    this.flat = flat;
    this.chunks = chunks;
  }

  /** A flat store with the same elements; this one is flat. */
  IntStore copy() {
    assert chunks == null;
    return new IntStore(flat.clone(), null);
  }

  /** A store for a version derived from this one's. */
  IntStore share() {
    return new IntStore(flat, chunks == null ? new ChunkedArray(ALLOCATOR) : chunks.share());
  }

  int get(int i) {
    if (chunks == null) {
      return flat[i];
    }
    Object chunk = chunks.find(i);
    return chunk == null ? flat[i] : ((int[]) chunk)[i & ChunkedArray.MASK];
  }

  void set(Context c, int i, int value) {
    if (chunks == null) {
      flat[i] = value;
    } else {
      Object chunk = chunks.findToWrite(c, i, flat, flat.length);
      ((int[]) chunk)[i & ChunkedArray.MASK] = value;
    }
  }

  /** As {@link RefStore#flatten}. */
  void flatten() {
    if (chunks != null) {
      chunks.copyTo(flat, flat.length);
      chunks = null;
    }
  }
}
