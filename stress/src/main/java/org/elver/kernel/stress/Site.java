package org.elver.kernel.stress;

import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Hand;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;

/**
 * An isolate in which one fiber waits, and what two workers and others do with it. Plain fields
 * show whether two had it at once.
 */
final class Site extends Isolate {
  final Hand first;
  final Hand second;
  final Job sleeper = new Job(this, Fiber.Step.WAITING);
  private int users;
  private boolean shared;
  private int ends;

  /** One whose workers are nobody else's. */
  Site() {
    this(new Kernel(0, 0));
  }

  private Site(Kernel kernel) {
    this(new Hand(kernel), new Hand(kernel), kernel);
  }

  /** One for which {@code first} and {@code second}, of {@code kernel}, work. */
  Site(Hand first, Hand second, Kernel kernel) {
    super(kernel);
    this.first = first;
    this.second = second;
    start(sleeper);
    first.run();
  }

  /** A fiber that waits, makes room or ends at once, and then ends. */
  static final class Job extends Fiber {
    private final Step begins;
    private final Sleep sleep = new Sleep(this);
    private int steps;

    Job(Isolate isolate, Step begins) {
      super(isolate);
      this.begins = begins;
    }

    @Override
    protected Step run() {
      steps++;
      if (steps > 1 || begins == Step.ENDED) {
        complete(takeWakeup());
        return Step.ENDED;
      }
      if (begins == Step.WAITING) {
        beginWait(sleep);
      }
      return begins;
    }

    void wakeUp() {
      if (claim(sleep)) {
        wake("woken");
      }
    }

    String fate() {
      if (steps > (begins == Step.ENDED ? 1 : 2)) {
        return "ran on";
      }
      return isDone() ? isFailed() ? "failed" : "ran" : isWaiting() ? "waits" : "forgotten";
    }
  }

  void borrow() {
    if (tryBorrow()) {
      entered();
      left();
      giveBack();
    }
  }

  /** Has what is left to do done. */
  String settle() {
    for (int n = 0; isActive() && n < 100; n++) {
      first.run();
    }
    return shared || users != 0
        ? "used by two"
        : isActive() ? "in no queue" : ends > 1 ? "ended twice" : "right";
  }

  @Override
  protected boolean endsWhenEmpty() {
    return false;
  }

  @Override
  protected void poke() {}

  @Override
  protected void entered() {
    users++;
    if (users != 1) {
      shared = true;
    }
  }

  /** Takes a little, as a language does: the time between the last look for work and the rest. */
  @Override
  protected void left() {
    users--;
    for (int n = 0; n < 20; n++) {
      Thread.onSpinWait();
    }
  }

  @Override
  protected void ended(Object reason) {
    ends++;
    fail(reason);
  }
}
