package org.elver.heap.version;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The older objects that a speculating context has read or written.
 *
 * <p>Reads come in runs on the same few objects, so a short memory of the last ones keeps most of
 * them out of the set. Used by the context's thread only.
 */
final class ReadLog {
  private static final int RECENT = 8; // A power of two.

  private final Set<HeapObject> objects = Collections.newSetFromMap(new IdentityHashMap<>());
  private final HeapObject[] recent = new HeapObject[RECENT];
  private int next;

  void add(HeapObject o) {
    for (HeapObject r : recent) {
      if (r == o) {
        return;
      }
    }
    recent[next] = o;
    next = (next + 1) & (RECENT - 1);
    objects.add(o);
  }

  void addAll(ReadLog other) {
    objects.addAll(other.objects);
  }

  Set<HeapObject> objects() {
    return objects;
  }
}
