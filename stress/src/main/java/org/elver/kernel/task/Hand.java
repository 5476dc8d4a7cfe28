package org.elver.kernel.task;

/**
 * Does a worker's work, a step at a time, on the thread that calls it: for scenarios about what a
 * worker and others do at once. Its kernel should have no carriers of its own.
 */
public final class Hand {
  private final Kernel kernel;
  private final Carrier carrier = new Carrier(false);
  private final Worker worker;

  public Hand(Kernel kernel) {
    this.kernel = kernel;
    worker = new Worker(kernel, "hand", carrier);
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
}
