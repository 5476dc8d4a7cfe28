package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.kernel.task.Fiber;
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

  /** A fiber is posted, and another woken, while a worker runs the isolate and leaves it. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran.")
  @Outcome(expect = FORBIDDEN, desc = "A wake-up is lost, or two had the isolate at once.")
  @State
  public static class PostAndWakeAgainstRest {
    private final Site site = new Site();
    private final Site.Job before = new Site.Job(site, Fiber.Step.YIELDED);
    private final Site.Job job = new Site.Job(site, Fiber.Step.ENDED);

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
    private final Site.Job before = new Site.Job(site, Fiber.Step.YIELDED);

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
    private final Site.Job job = new Site.Job(site, Fiber.Step.YIELDED);

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
    private final Site.Job job = new Site.Job(site, Fiber.Step.YIELDED);

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
    private final Site.Job job = new Site.Job(site, Fiber.Step.ENDED);

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

  /** A fiber that waits is asked to end, by which alone it can, while a worker leaves. */
  @JCStressTest
  @Outcome(id = "ran, cancelled, right", expect = ACCEPTABLE, desc = "It went on, and knows why.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for ever.")
  @State
  public static class CancelAgainstRest {
    private final Site site = new Site();

    public CancelAgainstRest() {
      site.post(new Site.Job(site, Fiber.Step.ENDED));
    }

    @Actor
    public void run() {
      site.first.run();
    }

    @Actor
    public void cancel() {
      site.sleeper.cancel("cancelled");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = site.sleeper.fate();
      r.r2 = site.sleeper.outcome();
    }
  }

  /** A fiber is woken, which alone there is to do, while a worker leaves. */
  @JCStressTest
  @Outcome(id = "ran, woken, right", expect = ACCEPTABLE, desc = "It went on.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for ever.")
  @State
  public static class WakeAgainstRest {
    private final Site site = new Site();

    public WakeAgainstRest() {
      site.post(new Site.Job(site, Fiber.Step.ENDED));
    }

    @Actor
    public void run() {
      site.first.run();
    }

    @Actor
    public void wake() {
      site.sleeper.wakeUp();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = site.sleeper.fate();
      r.r2 = site.sleeper.outcome();
    }
  }

  /** The isolate is killed, in which there is nothing else to do, while a worker leaves. */
  @JCStressTest
  @Outcome(id = "failed, killed, right", expect = ACCEPTABLE, desc = "It has ended.")
  @Outcome(expect = FORBIDDEN, desc = "It has not, or not with the reason.")
  @State
  public static class KillAgainstRest {
    private final Site site = new Site();

    public KillAgainstRest() {
      site.post(new Site.Job(site, Fiber.Step.ENDED));
    }

    @Actor
    public void run() {
      site.first.run();
    }

    @Actor
    public void kill() {
      site.requestKill("killed");
    }

    @Arbiter
    public void look(LLL_Result r) {
      String state = site.settle();
      r.r3 = site.isDone() ? state : "not ended";
      r.r1 = site.sleeper.fate();
      r.r2 = site.sleeper.outcome();
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
