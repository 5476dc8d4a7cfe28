package org.elver.kernel.stress;

import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;

/** A fiber that nothing runs: an actor does in its place, and sees what it was woken with. */
final class Bystander extends Fiber {
  Bystander() {
    super(new Idle());
  }

  @Override
  protected Step run() {
    return Step.WAITING;
  }

  /** What came of an operation that gave {@code now}: that, or what woke the fiber later. */
  Object outcome(Object now, Object wait) {
    if (now != wait) {
      return now;
    }
    ((Idle) isolate()).attend();
    Object v = isWaiting() ? "waiting" : takeWakeup();
    return v == TIMEOUT ? "timeout" : v;
  }

  /** An isolate of a kernel without carriers. */
  private static final class Idle extends Isolate {
    Idle() {
      super(new Kernel(0, 0));
    }

    /** Does what its runner would do about cancellations. */
    void attend() {
      endCancelledWaits();
    }

    @Override
    protected void poke() {}

    @Override
    protected void ended(Object killReason) {}
  }
}
