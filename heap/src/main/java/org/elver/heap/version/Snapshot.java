package org.elver.heap.version;

import java.util.concurrent.atomic.AtomicBoolean;
import org.elver.heap.epoch.Epoch;

/**
 * A state of a heap that any thread may fork from, at any later time: a boot image, for instance.
 * Made by {@link Context#snapshot}; keeps what it shows alive until {@link #release}.
 *
 * <p>All methods may be called by any thread.
 */
public final class Snapshot {
  private final Heap heap;

  /** A leaf that nobody writes in, and whose view is this state. */
  private final Epoch pin;

  /** Set once, by whoever releases; orders nothing else. */
  private final AtomicBoolean released = new AtomicBoolean();

  /** What the companions of contexts forked from this come from; or null. Any thread. */
  private final Context.Companion companion;

  Snapshot(Heap heap, Epoch pin, Context.Companion companion) {
    this.heap = heap;
    this.pin = pin;
    this.companion = companion;
  }

  /**
   * A new context that begins with this state. O(1).
   *
   * @throws IllegalStateException when the snapshot was released
   */
  public Context fork() {
    Epoch leaf = heap.tree.sprout(pin);
    if (leaf == null) {
      throw new IllegalStateException("this snapshot was released; fork before releasing it");
    }
    Context c = new Context(heap, leaf);
    if (companion != null) {
      c.setCompanion(companion.fork());
    }
    return c;
  }

  /** Lets go of the state; contexts forked from it go on. Later calls do nothing. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      Care.take(heap.tree, heap.tree.retire(pin));
    }
  }
}
