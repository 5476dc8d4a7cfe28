package org.elver.kernel.stress;

import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Hand;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;
import org.elver.kernel.task.Waiter;

/**
 * A fiber that does nothing when it runs: an actor does in its place, and sees what it was woken
 * with. Alone in an isolate that no worker runs: who acts in its place is its runner, too.
 */
public final class Bystander extends Fiber {
  private static final Object NOT_WOKEN = new Object();

  private final Hand hand;
  private Object woken = NOT_WOKEN;

  /** What is to be withdrawn when the time of the wait is over; written by who ends that. */
  private volatile Waiter timed;

  public Bystander() {
    this(new Kernel(0, 0));
  }

  private Bystander(Kernel kernel) {
    super(new Idle(kernel));
    hand = new Hand(kernel);
    isolate().start(this);
    attend();
    woken = NOT_WOKEN;
  }

  @Override
  protected Step run() {
    woken = takeWakeup();
    return Step.WAITING;
  }

  /** Does what a worker would do about messages, ends of waits and cancellations. */
  public void attend() {
    while (hand.run()) {
      // There may be more.
    }
  }

  /** What came of an operation that gave {@code now}: that, or what woke the fiber later. */
  public Object outcome(Object now, Object wait) {
    return now == wait ? look() : now;
  }

  /** What the fiber has been woken with since the last look; "waiting": nothing has woken it. */
  public Object look() {
    attend();
    Object v = woken == NOT_WOKEN ? "waiting" : woken;
    woken = NOT_WOKEN;
    if (v != TIMEOUT) {
      return v;
    }
    timed.withdraw();
    return "timeout";
  }

  /** What a timer does when the time of the wait under {@code place} is over. */
  public boolean timeOver(Waiter place) {
    if (!claim(place.token())) {
      return false;
    }
    timed = place;
    wake(TIMEOUT);
    return true;
  }

  /** An isolate of a kernel without carriers. */
  private static final class Idle extends Isolate {
    Idle(Kernel kernel) {
      super(kernel);
    }

    @Override
    protected void poke() {}

    @Override
    protected void ended(Object killReason) {}
  }
}
