package org.elver.kernel.stress;

import java.util.concurrent.atomic.AtomicInteger;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Hand;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Isolates: whoever is given something to do does it, however that meets workers that take it up
 * and leave it, borrowers, and its end; one has it at a time.
 */
class IsolateLincheckTest {
  /** A fiber that waits once, or makes room once, and ends. */
  static final class Job extends Fiber {
    final boolean waits;
    Sleep sleep;
    int steps;

    Job(Isolate isolate, boolean waits) {
      super(isolate);
      this.waits = waits;
    }

    @Override
    protected Step run() {
      var _ = takeWakeup();
      steps++;
      if (steps > 1) {
        complete("done");
        return Step.ENDED;
      }
      if (!waits) {
        return Step.YIELDED;
      }
      sleep = new Sleep(this);
      beginWait(sleep);
      return Step.WAITING;
    }
  }

  /** One that notices when two use it at once. */
  static final class Owned extends Isolate {
    private final AtomicInteger users = new AtomicInteger();
    volatile boolean shared;
    final AtomicInteger ends = new AtomicInteger();

    Owned(Kernel kernel) {
      super(kernel);
    }

    @Override
    protected boolean endsWhenEmpty() {
      return false;
    }

    @Override
    protected void poke() {}

    @Override
    protected void entered() {
      if (users.incrementAndGet() != 1) {
        shared = true;
      }
    }

    @Override
    protected void left() {
      users.decrementAndGet();
    }

    @Override
    protected void ended(Object reason) {
      ends.incrementAndGet();
      fail(reason);
    }
  }

  /** An isolate in which a fiber waits, and a worker for each of two threads. */
  @Param(name = "me", gen = ThreadIdGen.class)
  public static class Working {
    final Kernel kernel = new Kernel(0, 0);
    final Owned isolate = new Owned(kernel);
    final Hand[] hands = {new Hand(kernel), new Hand(kernel)};
    final Job sleeper = new Job(isolate, true);
    final Job[] jobs = {new Job(isolate, false), new Job(isolate, true), sleeper};
    private final boolean[] posted = {false, false, true};
    private final Bystander joiner = new Bystander();

    public Working() {
      isolate.await(joiner);
      isolate.start(sleeper);
      hands[0].run();
    }

    /** Once for each thread. */
    @Operation
    public void post(@Param(name = "me") int me) {
      if (!posted[me - 1]) {
        posted[me - 1] = true;
        isolate.post(jobs[me - 1]);
      }
    }

    @Operation
    public void run(@Param(name = "me") int me) {
      hands[me - 1].run();
    }

    @Operation
    public void wake() {
      if (sleeper.claim(sleeper.sleep)) {
        sleeper.wake("woken");
      }
    }

    /** When nobody does anything more, and the workers have nothing left to do. */
    @Validate
    public void nothingIsLeftUndone() {
      work();
      check(!isolate.shared, "two had it at once");
      check(!isolate.isActive(), "it is in no queue, and has something to do");
      boolean killed = isolate.killReason() != null;
      check(isolate.ends.get() == (killed ? 1 : 0), "it has not ended as it was to");
      check(killed != joiner.look().equals("waiting"), "who waits for its end does not know");
      for (int i = 0; i < jobs.length; i++) {
        Job j = jobs[i];
        if (j.isWaiting()) {
          // By now nobody but us can end that.
          j.cancel("late");
          work();
        }
        check(j.isDone() == posted[i], "a fiber has been forgotten, or was not there");
        check(j.steps <= 2, "a fiber has run on after its end");
        check(j.isFailed() ? killed : !posted[i] || j.steps == 2, "a fiber has failed by itself");
      }
    }

    private void work() {
      while (hands[0].run()) {
        // And again.
      }
    }

    private static void check(boolean ok, String otherwise) {
      if (!ok) {
        throw new IllegalStateException(otherwise);
      }
    }
  }

  /** As above; and others than workers and those who wake want something of it. */
  public static class Disturbed extends Working {
    /** The worker of the other one is to make room. */
    @Operation
    public void preempt(@Param(name = "me") int me) {
      hands[2 - me].preempt();
    }

    @Operation
    public void borrow() {
      if (isolate.tryBorrow()) {
        isolate.entered();
        isolate.left();
        isolate.giveBack();
      }
    }

    @Operation
    public void cancel() {
      sleeper.cancel("cancelled");
    }

    @Operation(runOnce = true)
    public void kill() {
      isolate.requestKill("killed");
    }
  }

  /** Nothing comes back. */
  public static class Plain {
    public void post(int me) {}

    public void run(int me) {}

    public void wake() {}

    public void preempt(int me) {}

    public void borrow() {}

    public void cancel() {}

    public void kill() {}
  }

  @Test
  void whatItIsGivenIsDone() {
    Orders.check(Working.class, Plain.class, 2, 3);
  }

  @Test
  void whatItIsGivenIsDoneWhateverElseIsWantedOfIt() {
    Orders.check(Disturbed.class, Plain.class, 2, 3);
  }
}
