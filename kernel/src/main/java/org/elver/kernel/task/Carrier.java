package org.elver.kernel.task;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The right to run isolates: there are as many as cores, usually. A {@link Worker} holds it, and
 * hands it to another when its own Java stack must wait.
 */
final class Carrier {
  /** Isolates to run; filled by its worker and by others, emptied by its worker and by thieves. */
  final ConcurrentLinkedQueue<Isolate> queue = new ConcurrentLinkedQueue<>();

  /** About how many are in the queue. */
  final AtomicInteger length = new AtomicInteger();

  /** Whether it serves one isolate only: nobody steals from it. */
  final boolean own;

  /** What it runs now. Written by its worker; read by the kernel's clock. */
  volatile Isolate running;

  /** When what it runs got its time slice. Written by its worker; read by the kernel's clock. */
  volatile long sliceStart;

  /** Whether what it runs is to make room. Written by the kernel's clock and the worker. */
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

  Carrier(boolean own) {
    this.own = own;
  }

  void add(Isolate i) {
    queue.add(i);
    length.incrementAndGet();
  }

  Isolate poll() {
    Isolate i = queue.poll();
    if (i != null) {
      length.decrementAndGet();
    }
    return i;
  }
}
