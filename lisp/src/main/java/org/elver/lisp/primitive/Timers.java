package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Blocking;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.Channels;

/** Waiting, with the timers of {@code timer-list} run when they are due. The timers are Lisp's. */
final class Timers {
  private static final Symbol TIMER_LIST = Symbol.known("timer-list");
  private static final Symbol IDLE_LIST = Symbol.known("timer-idle-list");
  private static final Symbol HANDLER = Symbol.known("timer-event-handler");

  /** The longest that waiting goes without a look at what happened. */
  private static final long SLICE_NANOS = 20_000_000;

  private Timers() {}

  /** When a timer is due in microseconds since 1970; MAX_VALUE when it is not to run. */
  private static long due(Task t, Object timer) {
    Object[] f = new Object[4];
    for (int i = 0; i < 4; i++) {
      if (timer instanceof Vector v && v.length(t.c) >= 8) {
        f[i] = v.get(t.c, i);
      } else if (timer instanceof Record r && r.length(t.c) >= 9) {
        f[i] = r.get(t.c, i + 1);
      } else {
        return Long.MAX_VALUE;
      }
    }
    if (Lisp.isTrue(f[0])
        || !(f[1] instanceof Long high)
        || !(f[2] instanceof Long low)
        || !(f[3] instanceof Long micro)) {
      return Long.MAX_VALUE;
    }
    return ((high << 16) + low) * 1_000_000 + micro;
  }

  /** Forgets all timers: a fork has none. Writes only what must be changed. */
  static void forget(Task t) {
    for (Symbol s : new Symbol[] {TIMER_LIST, IDLE_LIST}) {
      if (Variables.orNil(t, s) != Symbol.NIL) {
        Variables.set(t, s, Symbol.NIL);
      }
    }
  }

  private static long now() {
    java.time.Instant i = java.time.Instant.now();
    return i.getEpochSecond() * 1_000_000 + i.getNano() / 1000;
  }

  /** Runs the timers that are due; returns in how many microseconds the next one is. */
  static long runDue(Task t) {
    List<Object> timers = new ArrayList<>();
    Object tail = Variables.orNil(t, TIMER_LIST);
    while (tail instanceof Pair p) {
      timers.add(p.first(t.c));
      tail = p.second(t.c);
    }
    long next = Long.MAX_VALUE;
    for (Object timer : timers) {
      long wait = due(t, timer);
      if (wait == Long.MAX_VALUE) {
        continue;
      }
      if (wait <= now()) {
        t.safepoint();
        int mark = t.bindingMark();
        t.bind(Q.INHIBIT_QUIT, Symbol.T);
        try {
          t.callNamed("timer-event-handler", timer);
        } finally {
          t.unbindTo(mark);
        }
        wait = due(t, timer);
      }
      next = Math.min(next, wait == Long.MAX_VALUE ? wait : wait - now());
    }
    return next;
  }

  /** As {@link #runDue}, where Lisp's side of timers is there. */
  static long runDueIfAny(Task t) {
    return HANDLER.function(t) == Symbol.NIL ? Long.MAX_VALUE : runDue(t);
  }

  /** Waits so many seconds, running timers; does not wait when there is no time. To be returned. */
  static Object sleep(Task t, double seconds) {
    return new Sleep(seconds).resume(t, null);
  }

  private static long endOf(double seconds) {
    return System.nanoTime() + (long) Math.min(seconds * 1e9, 9e17);
  }

  private static final class Sleep extends EventWait {
    Sleep(double seconds) {
      super(seconds, true);
    }

    @Override
    Object look(Task t, boolean over) {
      while (Processes.poll(t)) {
        t.safepoint();
      }
      return over ? Symbol.NIL : null;
    }
  }

  /** As {@link #sleep}, on this Java stack. */
  static void waitFor(Task t, double seconds) {
    long end = endOf(seconds);
    for (; ; ) {
      t.safepoint();
      long next = runDueIfAny(t);
      long left = end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      Blocking.requireAllowed(t);
      long nanos = Math.min(left, SLICE_NANOS);
      if (next < nanos / 1000) {
        nanos = Math.max(next, 0) * 1000;
      }
      if (!Processes.poll(t)) {
        Channels.of(t).await(t, Math.max(nanos, 1));
      }
    }
  }
}
