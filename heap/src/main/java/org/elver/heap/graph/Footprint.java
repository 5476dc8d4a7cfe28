package org.elver.heap.graph;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;

/**
 * About how much memory what a context has made and still reaches takes: an estimate, from the
 * number of objects and of references in them.
 */
public final class Footprint {
  /** An object's header and its label. */
  private static final long OBJECT = 16;

  private static final long REFERENCE = 4;

  /** A boxed number, or what else is small. */
  private static final long BOX = 16;

  private final Context view;
  private final Context.Origin origin;
  private final ToLongFunction<HeapObject> payload;
  private final long limit;
  private final Set<HeapObject> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ArrayDeque<HeapObject> todo = new ArrayDeque<>();
  private long bytes;

  /**
   * A measurement that has not begun.
   *
   * @param view whose objects count; its thread measures
   * @param origin only what was made or changed since then counts
   * @param payload bytes in an object besides its references
   * @param limit where it stops: more than that is enough to know
   */
  public Footprint(
      Context view, Context.Origin origin, ToLongFunction<HeapObject> payload, long limit) {
    this.view = view;
    this.origin = origin;
    this.payload = payload;
    this.limit = limit;
  }

  /** Adds what is reached from {@code root}. */
  public void add(Object root) {
    see(root);
    drain();
  }

  /** Adds what the context has changed of older objects, and what is reached from there. */
  public void addWritten() {
    view.forEachWritten(
        o -> {
          if (seen.add(o)) {
            todo.push(o);
          }
        });
    drain();
  }

  private void drain() {
    while (!todo.isEmpty() && bytes <= limit) {
      HeapObject o = todo.pop();
      bytes += OBJECT + payload.applyAsLong(o);
      o.forEachReference(view, (reference, ordinal) -> see(reference));
    }
  }

  private void see(Object reference) {
    bytes += REFERENCE;
    if (reference instanceof HeapObject o) {
      if (view.madeSince(origin, o) && seen.add(o)) {
        todo.push(o);
      }
    } else if (reference instanceof Double
        || (reference instanceof Long l && (l < -128 || l > 127))) {
      bytes += BOX;
    } else if (reference instanceof java.math.BigInteger b) {
      bytes += 2 * BOX + b.bitLength() / 8;
    }
  }

  /** The sum so far. */
  public long bytes() {
    return bytes;
  }
}
