package org.elver.heap.version;

import org.elver.heap.epoch.EpochTree;

/**
 * A versioned heap: families of contexts that fork from one another and share what none of them has
 * changed.
 *
 * <p>Methods may be called by any thread.
 */
public final class Heap {
  final EpochTree tree = new EpochTree();

  /** A context with an empty heap of its own. O(1). */
  public Context newContext() {
    return new Context(this, tree.plant());
  }

  final java.util.concurrent.atomic.LongAdder versions =
      new java.util.concurrent.atomic.LongAdder();

  /**
   * How many times contents were copied because others see the old ones, since the heap was made.
   */
  public long copies() {
    return versions.sum();
  }

  /** How many forks there were since the heap was made. */
  public long forks() {
    return tree.forks();
  }

  /**
   * How many epochs the heap has now. At most twice the number of living contexts, snapshots and
   * savepoints, once they are tidy.
   */
  public int epochs() {
    return tree.size();
  }

  /** How many order labels were moved to make room since the heap was made; for benchmarks. */
  public long relabelled() {
    return tree.relabelled();
  }
}
