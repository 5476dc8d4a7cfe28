package org.elver.lisp.isolate;

import org.elver.heap.version.Context;
import org.elver.heap.version.Snapshot;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Task;

/**
 * How an isolate was before an update that others must not see half way: what they look at while
 * that lasts. Made and opened again by the isolate's runner; any thread forks.
 */
final class Sealed {
  private final Snapshot snapshot;

  /** Guarded by this, so that nobody forks from what is being released. */
  private boolean open;

  /** What the dynamic bindings made so far hide: symbols, each before its value. */
  private final Object[] hidden;

  Sealed(Task t) {
    this.snapshot = t.c.snapshot();
    this.hidden = Bindings.save(t);
  }

  Object[] hidden() {
    return hidden;
  }

  /** A context with that state; null: the update is over. */
  synchronized Context fork() {
    return open ? null : snapshot.fork();
  }

  /** The update is over. */
  synchronized void open() {
    open = true;
    snapshot.release();
  }
}
