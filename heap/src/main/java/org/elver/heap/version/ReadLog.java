package org.elver.heap.version;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The older objects that a speculating context has read or written.
 *
 * <p>Programs read the same objects over and over, so a table of those read last, one for each
 * value of a few bits of the hash code, keeps most reads out of the set, at the price of one look.
 * Used by the context's thread only.
 */
final class ReadLog {
  private static final int RECENT = 64; // A power of two.

  private final Set<HeapObject> objects = Collections.newSetFromMap(new IdentityHashMap<>());
  private final HeapObject[] recent = new HeapObject[RECENT];

  /** Whether {@code o} is known to be in the log; false means nothing. */
  boolean hasLately(HeapObject o) {
    return recent[slot(o)] == o;
  }

  void add(HeapObject o) {
    int i = slot(o);
    if (recent[i] != o) {
      recent[i] = o;
      objects.add(o);
    }
  }

  private static int slot(HeapObject o) {
    return System.identityHashCode(o) & (RECENT - 1);
  }

  void addAll(ReadLog other) {
    objects.addAll(other.objects);
  }

  Set<HeapObject> objects() {
    return objects;
  }
}
