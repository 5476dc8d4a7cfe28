package org.elver.heap.graph;

import java.util.IdentityHashMap;
import org.elver.heap.version.HeapObject;

/**
 * Which objects of others one context has copies of, so that what is copied later refers to those.
 * Used by one thread at a time. Keeps the originals and the copies alive.
 */
public final class Copies {
  /** What nobody changes any more. */
  private record Layer(IdentityHashMap<Object, Object> map, Layer below) {}

  private IdentityHashMap<Object, Object> own = new IdentityHashMap<>(0);
  private Layer below;

  /** None yet. */
  public Copies() {}

  private Copies(Layer below) {
    this.below = below;
  }

  /** The copy of {@code original}, or null. */
  public Object get(HeapObject original) {
    Object copy = own.get(original);
    for (Layer l = below; copy == null && l != null; l = l.below) {
      copy = l.map.get(original);
    }
    return copy;
  }

  void addAll(IdentityHashMap<Object, Object> copies) {
    own.putAll(copies);
  }

  /** The same for a fork of the context: neither sees what the other adds. */
  public Copies fork() {
    if (!own.isEmpty()) {
      IdentityHashMap<Object, Object> top = own;
      Layer rest = below;
      while (rest != null && rest.map.size() <= 2 * top.size()) { // So that there are few layers.
        IdentityHashMap<Object, Object> both = new IdentityHashMap<>(rest.map);
        both.putAll(top);
        top = both;
        rest = rest.below;
      }
      below = new Layer(top, rest);
      own = new IdentityHashMap<>(0);
    }
    return new Copies(below);
  }
}
