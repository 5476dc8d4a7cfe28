package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Hand;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * An isolate gets something to do while workers take it up and leave it, and others borrow or end
 * it. At stake is that what it gets is done, once, and that one at most has it at any instant.
 */
public class IsolateRaces {
  private IsolateRaces() {}

  /** A fiber that waits, makes room or ends at once, and then ends. */
  private static final class Job extends Fiber {
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
      return isDone() ? isFailed() ? "failed" : "ran" : isWaiting() ? "waits" : "forgotten";
    }
  }

  /**
   * An isolate in which one fiber waits, and what two workers and others do with it. Plain fields
   * show whether two had it at once.
   */
  private static final class Site extends Isolate {
    final Hand first;
    final Hand second;
    final Job sleeper = new Job(this, Fiber.Step.WAITING);
    private int users;
    private boolean shared;
    private int ends;

    Site() {
      this(new Kernel(0, 0));
    }

    private Site(Kernel kernel) {
      super(kernel);
      first = new Hand(kernel);
      second = new Hand(kernel);
      start(sleeper);
      first.run();
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

    @Override
    protected void left() {
      users--;
    }

    @Override
    protected void ended(Object reason) {
      ends++;
      fail(reason);
    }
  }

  /** A fiber is posted, and another woken, while a worker runs the isolate and leaves it. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran.")
  @Outcome(expect = FORBIDDEN, desc = "A wake-up is lost, or two had the isolate at once.")
  @State
  public static class PostAndWakeAgainstRest {
    private final Site site = new Site();
    private final Job before = new Job(site, Fiber.Step.YIELDED);
    private final Job job = new Job(site, Fiber.Step.ENDED);

    public PostAndWakeAgainstRest() {
      site.post(before);
    }

    @Actor
    public void run() {
      site.first.run();
    }

    @Actor
    public void post() {
      site.post(job);
      site.sleeper.wakeUp();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = job.fate();
      r.r2 = site.sleeper.fate();
    }
  }

  /** A preempted isolate is queued, gets something to do, and two workers look for work. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran.")
  @Outcome(expect = FORBIDDEN, desc = "A fiber is forgotten, or two had the isolate at once.")
  @State
  public static class PreemptAgainstTwoWorkers {
    private final Site site = new Site();
    private final Job before = new Job(site, Fiber.Step.YIELDED);

    public PreemptAgainstTwoWorkers() {
      site.post(before);
    }

    @Actor
    public void run() {
      site.first.preempt();
      site.first.run();
    }

    @Actor
    public void runToo() {
      site.sleeper.wakeUp();
      site.second.preempt();
      site.second.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = before.fate();
      r.r2 = site.sleeper.fate();
    }
  }

  /** Somebody borrows the isolate while a worker looks for work. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran.")
  @Outcome(expect = FORBIDDEN, desc = "A fiber is forgotten, or two had the isolate at once.")
  @State
  public static class BorrowAgainstWorker {
    private final Site site = new Site();
    private final Job job = new Job(site, Fiber.Step.YIELDED);

    public BorrowAgainstWorker() {
      site.post(job);
    }

    @Actor
    public void borrow() {
      site.borrow();
      site.borrow();
    }

    @Actor
    public void run() {
      site.first.run();
      site.sleeper.wakeUp();
      site.first.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = job.fate();
      r.r2 = site.sleeper.fate();
    }
  }

  /** Somebody borrows the isolate while it gets something to do. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran.")
  @Outcome(expect = FORBIDDEN, desc = "A fiber is forgotten, or two had the isolate at once.")
  @State
  public static class BorrowAgainstPost {
    private final Site site = new Site();
    private final Job job = new Job(site, Fiber.Step.YIELDED);

    @Actor
    public void borrow() {
      site.borrow();
      site.borrow();
    }

    @Actor
    public void post() {
      site.post(job);
      site.sleeper.wakeUp();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = job.fate();
      r.r2 = site.sleeper.fate();
    }
  }

  /** The isolate is killed while it gets something to do and a worker has it. */
  @JCStressTest
  @Outcome(id = "failed, failed, right", expect = ACCEPTABLE, desc = "The end came first.")
  @Outcome(id = "failed, ran, right", expect = ACCEPTABLE, desc = "The one ran before the end.")
  @Outcome(id = "ran, failed, right", expect = ACCEPTABLE, desc = "The other ran before the end.")
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran before the end.")
  @Outcome(expect = FORBIDDEN, desc = "A fiber is forgotten, or the isolate has not ended.")
  @State
  public static class KillAgainstPostAndWake {
    private final Site site = new Site();
    private final Job job = new Job(site, Fiber.Step.ENDED);

    @Actor
    public void kill() {
      site.requestKill("killed");
      site.first.run();
    }

    @Actor
    public void post() {
      site.post(job);
      site.sleeper.wakeUp();
    }

    @Arbiter
    public void look(LLL_Result r) {
      String state = site.settle();
      r.r3 = site.isDone() ? state : "not ended";
      r.r1 = job.fate();
      r.r2 = site.sleeper.fate();
    }
  }

  /** A fiber that waits is asked to end, from outside, while it is woken and a worker leaves. */
  @JCStressTest
  @Outcome(id = "ran, true, right", expect = ACCEPTABLE, desc = "It went on, with one of both.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for ever, or does not know why not.")
  @State
  public static class CancelAgainstWakeAndRest {
    private final Site site = new Site();

    @Actor
    public void cancel() {
      site.sleeper.cancel("cancelled");
      site.sleeper.wakeUp();
    }

    @Actor
    public void run() {
      site.first.run();
      site.first.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = site.sleeper.fate();
      Object with = site.sleeper.outcome();
      r.r2 = "woken".equals(with) || "cancelled".equals(with);
    }
  }
}
