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

  /**
   * The one that somebody has last asked for and that is in the log: a look at this goes before all
   * others, since a function that calls itself reads one object again and again.
   */
  HeapObject last;

  /** Whether {@code o} is known to be in the log; false means nothing. */
  boolean hasLately(HeapObject o) {
    if (recent[slot(o)] == o) {
      last = o;
      return true;
    }
    return false;
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
