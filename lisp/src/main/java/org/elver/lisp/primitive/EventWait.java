package org.elver.lisp.primitive;

import org.elver.lisp.machine.Blocking;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.process.Channels;

/**
 * Waiting for time to pass or something to happen to processes, with timers run when they are due.
 * Each look is a step of Java's; between two the task waits as data, where it can.
 */
abstract class EventWait extends NativeFrame {
  /** The longest that the task waits without a look at timers and processes made meanwhile. */
  private static final long SLICE_NANOS = 100_000_000;

  /** So long it may last, in nanoseconds; 0: it is no wait but a look. */
  private final long limit;

  private final long end;
  private final boolean timers;

  /** What the channels know of the wait; or null. */
  private Runnable waker;

  /** A wait of at most so many seconds. */
  EventWait(double seconds, boolean timers) {
    this.limit = (long) Math.min(Math.max(seconds, 0) * 1e9, 9e17);
    this.end = System.nanoTime() + limit;
    this.timers = timers;
  }

  /**
   * Looks at what happened.
   *
   * @param over whether the time is up
   * @return the primitive's value; null: it waits on
   */
  abstract Object look(Task t, boolean over);

  @Override
  public final Object resume(Task t, Object woken) {
    Channels channels = Channels.of(t);
    if (waker != null) {
      channels.forget(waker);
      waker = null;
    }
    for (; ; ) {
      t.safepoint();
      long next = timers ? Timers.runDueIfAny(t) : Long.MAX_VALUE;
      // Where waiting is forbidden it is so however long the timers took.
      boolean allowed = Blocking.isAllowed(t);
      Object v = look(t, limit == 0 || (allowed && end - System.nanoTime() <= 0));
      if (v != null) {
        return v;
      }
      Blocking.requireAllowed(t);
      long nanos = Math.clamp(end - System.nanoTime(), 1, SLICE_NANOS);
      if (next < nanos / 1000) {
        nanos = Math.max(next * 1000, 1);
      }
      if (t.isSuspendable() && t.scheduling() != null) {
        waker = channels.prepare(t, nanos);
        return t.suspend(this);
      }
      channels.await(t, nanos);
    }
  }
}
