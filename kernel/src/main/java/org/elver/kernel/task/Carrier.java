package org.elver.kernel.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The right to run isolates: there are as many as cores, usually. A {@link Worker} holds it, and
 * hands it to another when its own Java stack must wait.
 */
final class Carrier {
  private static final VarHandle NEXT;
  private static final VarHandle RUNNING;
  private static final VarHandle SLICE_START;
  private static final VarHandle QUANTA;

  static {
    try {
      MethodHandles.Lookup l = MethodHandles.lookup();
      NEXT = l.findVarHandle(Carrier.class, "next", Isolate.class);
      RUNNING = l.findVarHandle(Carrier.class, "running", Isolate.class);
      SLICE_START = l.findVarHandle(Carrier.class, "sliceStart", long.class);
      QUANTA = l.findVarHandle(Carrier.class, "quanta", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * The oldest of the isolates to run, if there is no older one in the queue: of two that answer
   * each other it is always the other one, which costs no queue.
   */
  private volatile Isolate next;

  /** Isolates to run; filled by its worker and by others, emptied by its worker and by thieves. */
  final ConcurrentLinkedQueue<Isolate> queue = new ConcurrentLinkedQueue<>();

  /** Whether it serves one isolate only: nobody steals from it. */
  final boolean own;

  /** What it runs now. Written by its worker; read by others. */
  @SuppressWarnings("unused") // through RUNNING
  private Isolate running;

  /** When what it runs got its time slice. Written by its worker; read by others. */
  @SuppressWarnings("unused") // through SLICE_START
  private long sliceStart;

  /** How many isolates it has taken up. Written by its worker; read by others. */
  @SuppressWarnings("unused") // through QUANTA
  private long quanta;

  /** Whether what it runs had used up its slice before. Written by its worker; read by others. */
  volatile boolean spent;

  /** Whether what it runs is to make room. Written by any thread. */
  volatile boolean preempt;

  /** Whether it is to be given up when what it runs has had its time. Written by any thread. */
  volatile boolean retired;

  /**
   * Whether its worker has found nothing to run and is about to wait. Written by its worker, false
   * before it takes anything from a queue: so whoever sees a queue empty, and this true afterwards,
   * knows that nothing is on the way from that queue to this carrier.
   */
  volatile boolean parked;

  /** Counts picks, so that all queues are looked at; the worker's. */
  int picks;

  /** For how long isolates that were woken have run since one that was preempted; the worker's. */
  long wokenNanos;

  /** The time when the last isolate was left; 0: long ago. The worker's. */
  long leftAt;

  Carrier(boolean own) {
    this.own = own;
  }

  /** Adds one; true: there is more to do than its worker can do at once. */
  boolean add(Isolate i) {
    if (queue.isEmpty() && next == null && NEXT.compareAndSet(this, null, i)) {
      return false;
    }
    queue.add(i);
    return true;
  }

  Isolate poll() {
    if (next != null) {
      Isolate i = (Isolate) NEXT.getAndSet(this, (Isolate) null);
      if (i != null) {
        return i;
      }
    }
    return queue.poll();
  }

  /** For thieves: what its worker, busy with something else, will not take up soon. */
  Isolate steal(long now) {
    Isolate i = queue.poll();
    return i != null || now - sliceStart() < SOON ? i : poll();
  }

  /** For so long after it took something up it may well be about to take up the next. */
  private static final long SOON = 20_000;

  /** The oldest; or null. */
  Isolate peek() {
    Isolate i = next;
    return i != null ? i : queue.peek();
  }

  boolean isEmpty() {
    return next == null && queue.isEmpty();
  }

  Isolate running() {
    return (Isolate) RUNNING.getAcquire(this);
  }

  long sliceStart() {
    return (long) SLICE_START.getOpaque(this);
  }

  long quanta() {
    return (long) QUANTA.getAcquire(this);
  }

  /** Its worker takes {@code i} up at {@code now}; what comes next must be a fence. */
  void begin(Isolate i, long now) {
    QUANTA.setRelease(this, quanta + 1);
    SLICE_START.setOpaque(this, now);
    if (preempt) {
      preempt = false;
    }
    RUNNING.setRelease(this, i);
  }

  /** Its worker goes on with {@code i}, or (null) leaves what it ran. */
  void setRunning(Isolate i) {
    RUNNING.setRelease(this, i);
  }
}
