package org.elver.heap.graph;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import org.elver.heap.version.HeapObject;

/**
 * The frozen objects of which there is only one with their contents. Holds them weakly.
 *
 * <p>Two objects have the same contents when they are of one kind and their references are the
 * same: the same object, or equal atoms. That suffices for equality in depth, since an object is
 * interned after those that it refers to.
 *
 * <p>May be used by any number of threads. The buckets are replaced whole, under the lock that the
 * map has for each key.
 */
public final class Interner {
  private final ToIntFunction<Object> atomHash;
  private final BiPredicate<Object, Object> sameAtom;
  private final ConcurrentHashMap<Integer, List<Entry>> buckets = new ConcurrentHashMap<>();
  private final ReferenceQueue<HeapObject> collected = new ReferenceQueue<>();

  /** An interner that compares what is no heap object by {@link Object#equals}. */
  public Interner() {
    this(Objects::hashCode, Objects::equals);
  }

  /**
   * An interner with a language's notion of equal atoms.
   *
   * @param atomHash a hash of what is no heap object
   * @param sameAtom whether two such values are equal
   */
  public Interner(ToIntFunction<Object> atomHash, BiPredicate<Object, Object> sameAtom) {
    this.atomHash = atomHash;
    this.sameAtom = sameAtom;
  }

  private static final class Entry extends WeakReference<HeapObject> {
    final int hash;

    Entry(HeapObject object, int hash, ReferenceQueue<HeapObject> queue) {
      super(object, queue);
      this.hash = hash;
    }
  }

  /** The one object with the contents of {@code frozen}, whose references are interned already. */
  HeapObject intern(HeapObject frozen) {
    removeCollected();
    int hash = frozen.contentHash(this::referenceHash);
    HeapObject[] result = {frozen};
    buckets.compute(
        hash,
        (h, bucket) -> {
          HeapObject known = find(bucket, frozen);
          if (known != null) {
            result[0] = known;
            return bucket;
          }
          List<Entry> more = bucket == null ? new ArrayList<>(1) : new ArrayList<>(bucket);
          more.add(new Entry(frozen, hash, collected));
          return more;
        });
    return result[0];
  }

  /** Whether {@code frozen} is the one object with its contents. */
  boolean isCanonical(HeapObject frozen) {
    List<Entry> bucket = buckets.get(frozen.contentHash(this::referenceHash));
    return find(bucket, frozen) == frozen;
  }

  /** How many objects are interned now; those that were collected lately may count. */
  public int size() {
    removeCollected();
    int n = 0;
    for (List<Entry> bucket : buckets.values()) {
      n += bucket.size();
    }
    return n;
  }

  private HeapObject find(List<Entry> bucket, HeapObject frozen) {
    if (bucket != null) {
      for (Entry e : bucket) {
        HeapObject o = e.get();
        if (o != null && (o == frozen || o.sameContents(frozen, this::sameReference))) {
          return o;
        }
      }
    }
    return null;
  }

  private void removeCollected() {
    for (Reference<? extends HeapObject> r = collected.poll(); r != null; r = collected.poll()) {
      Entry e = (Entry) r;
      buckets.computeIfPresent(
          e.hash,
          (h, bucket) -> {
            List<Entry> fewer = new ArrayList<>(bucket);
            fewer.remove(e);
            return fewer.isEmpty() ? null : fewer;
          });
    }
  }

  private int referenceHash(Object reference) {
    return reference instanceof HeapObject
        ? System.identityHashCode(reference)
        : atomHash.applyAsInt(reference);
  }

  private boolean sameReference(Object a, Object b) {
    return a == b
        || (!(a instanceof HeapObject) && !(b instanceof HeapObject) && sameAtom.test(a, b));
  }
}
