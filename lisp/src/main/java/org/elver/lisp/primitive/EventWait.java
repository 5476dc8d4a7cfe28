package org.elver.lisp.primitive;

import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.Channels;

/**
 * Waiting for time to pass or something to happen to processes, with timers run when they are due.
 * Each look is a step of Java's; between two the task waits as data, where it can.
 */
abstract class EventWait extends NativeFrame {
  private static final Symbol WAIT_FORBIDDEN = Symbol.known("wait-forbidden");

  /** The longest that the task waits without a look at timers and processes made meanwhile. */
  private static final long SLICE_NANOS = 100_000_000;

  private final long end;
  private final boolean timers;

  /** What the channels know of the wait; or null. */
  private Runnable waker;

  /** A wait until {@code end}, of {@code nanoTime}. */
  EventWait(long end, boolean timers) {
    this.end = end;
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
      Object v = look(t, end - System.nanoTime() <= 0);
      if (v != null) {
        return v;
      }
      long nanos = Math.clamp(end - System.nanoTime(), 1, SLICE_NANOS);
      if (next < nanos / 1000) {
        nanos = Math.max(next * 1000, 1);
      }
      if (t.isSuspendable() && t.scheduling() != null && t.scheduling().mayWait()) {
        waker = channels.prepare(t, nanos);
        return t.suspend(this);
      }
      if (t.scheduling() != null && !t.scheduling().mayWait()) {
        throw new LispSignal(WAIT_FORBIDDEN);
      }
      channels.await(t, nanos);
    }
  }
}
