package org.elver.kernel.task;

/**
 * Does a worker's work, a step at a time, on the thread that calls it: for scenarios about what a
 * worker and others do at once. Its kernel should have no carriers of its own.
 */
public final class Hand {
  private final Kernel kernel;
  private final Carrier carrier = new Carrier(false);
  private final Worker worker;

  /** One who takes from the kernel's queues and its own. */
  public Hand(Kernel kernel) {
    this.kernel = kernel;
    worker = new Worker(kernel, "hand", carrier);
  }

  /** One who takes from the others' queues too, as they from its. */
  public static Hand amongOthers(Kernel kernel) {
    Hand h = new Hand(kernel);
    kernel.enroll(h.carrier);
    return h;
  }

  /** Takes an isolate from the kernel's queues and runs it; false: there is none. */
  public boolean run() {
    Isolate i = kernel.look(carrier);
    if (i == null) {
      return false;
    }
    i.quantum(worker, carrier);
    return true;
  }

  /** Has what it runs make room for others at its next step. Any thread. */
  public void preempt() {
    carrier.preempt = true;
  }

  // ---- Its queue ----------------------------------------------------------------------------

  /** Has {@code i} put into its queue whenever that is made runnable, by whichever thread. */
  public void attract(Isolate i) {
    i.ownCarrier = carrier;
  }

  /** Puts one into its queue, which somebody else then takes out and does not run. */
  public void add(Isolate i) {
    carrier.add(i);
  }

  /** Takes one out of its queue, as its worker does; null: there is none. */
  public Isolate poll() {
    return carrier.poll();
  }

  /**
   * Takes one out of its queue, as others do when it has been busy for long; null: there is none.
   */
  public Isolate steal() {
    return carrier.steal(Long.MAX_VALUE);
  }

  /** As others do when it has begun something just now. */
  public Isolate stealSoon() {
    return carrier.steal(carrier.sliceStart());
  }

  /** Whether there is nothing in its queue. Any thread. */
  public boolean isIdle() {
    return carrier.isEmpty();
  }

  /** Its carrier is given up: what is in its queue goes to others. */
  public void retire() {
    kernel.retire(carrier);
  }
}
