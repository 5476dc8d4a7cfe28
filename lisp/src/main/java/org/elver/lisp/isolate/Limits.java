package org.elver.lisp.isolate;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Task;

/**
 * What an isolate must not exceed. Time: its first task is cancelled, so that it unwinds, and a
 * second later all of it is ended. Memory: what it allocates is counted; each time that this is a
 * good part of the limit, what it still reaches is measured, and the isolate ended when that is too
 * much.
 */
final class Limits {
  private static final long GRACE = 900_000_000;

  /** So much is allocated at least between two measurements. */
  private static final long STEP = 1 << 20;

  private final LispIsolate isolate;
  private final Context.Origin origin;
  private final long timeout;
  private final long memory;

  /** Why it is to end; null: it is not. Written by any thread. */
  private volatile Results.Killed exceeded;

  /** Guarded by this; null when none is on. */
  private Future<?> timer;

  private boolean stopped;

  /** The runner's. */
  private long nextCheck;

  private volatile long live = -1;

  /** Limits; a negative number is none. */
  Limits(LispIsolate isolate, Context.Origin origin, long timeoutNanos, long memory) {
    this.isolate = isolate;
    this.origin = origin;
    this.timeout = timeoutNanos;
    this.memory = memory;
    this.nextCheck = step();
  }

  /**
   * What may be allocated before it can have too much, however much of that stays; near the limit a
   * little more, since looking takes time.
   */
  private long step() {
    return Math.max(STEP, Math.max(memory / 8, memory - Math.max(0, live)));
  }

  Results.Killed exceeded() {
    return exceeded;
  }

  long live() {
    return live;
  }

  boolean wantsLook() {
    return memory >= 0;
  }

  synchronized void start() {
    if (timeout >= 0) {
      isolate.kernel().externalBegun();
      later(this::timeOut, timeout);
    }
  }

  private void later(Runnable action, long nanos) {
    timer = isolate.kernel().timers().schedule(action, nanos, TimeUnit.NANOSECONDS);
  }

  private synchronized void timeOut() {
    if (stopped) {
      return;
    }
    if (isolate.root().isDone()) {
      isolate.requestKill(new Results.Killed("killed")); // It was in time: only the rest is not.
      return;
    }
    exceeded = new Results.Killed("timeout");
    isolate.root().cancel(Conditions.taskCancelled());
    later(() -> isolate.requestKill(exceeded), GRACE);
  }

  synchronized void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
      isolate.kernel().externalDone();
    }
  }

  /** By the runner, at a safepoint. */
  void check(Task t) {
    if (memory < 0 || exceeded != null) {
      return;
    }
    long allocated = isolate.allocated();
    if (allocated < nextCheck) {
      return;
    }
    live = Usage.live(t, origin, memory);
    if (live > memory) {
      Results.Killed why = new Results.Killed("memory");
      if (!isolate.root().isDone()) {
        exceeded = why;
      }
      isolate.requestKill(why);
    }
    nextCheck = isolate.allocated() + step(); // Measuring allocates too.
  }
}
