package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.elver.kernel.task.Completion;
import org.elver.kernel.task.Waiter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Something ends while fibers begin to wait for it, and stop waiting. */
public class CompletionRaces {
  private CompletionRaces() {}

  /** What {@code f} knows, whose await gave {@code waits}. */
  private static Object awaited(Completion end, boolean waits, Bystander f) {
    Object v =
        waits ? f.look() : end.isFailed() ? new Completion.Failure(end.outcome()) : end.outcome();
    return v instanceof Completion.Failure(Object reason) ? "failed " + reason : v;
  }

  /** Counts how often it is called. */
  private static final class Counter extends Completion.Callback {
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public void done(Object value, boolean failed) {
      calls.incrementAndGet();
    }
  }

  /** Two fibers begin to wait while the end comes. */
  @JCStressTest
  @Outcome(id = "v, v, 1", expect = ACCEPTABLE, desc = "Everybody learns of it, once.")
  @Outcome(expect = FORBIDDEN, desc = "Somebody waits for ever.")
  @State
  public static class AwaitAgainstEnd {
    private final Completion end = new Completion();
    private final Bystander a = new Bystander();
    private final Bystander b = new Bystander();
    private final Counter counter = new Counter();
    private boolean ofA;
    private boolean ofB;

    @Actor
    public void await() {
      ofA = end.await(a);
      end.whenDone(counter);
      ofB = end.await(b);
    }

    @Actor
    public void end() {
      end.complete("v");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = awaited(end, ofA, a);
      r.r2 = awaited(end, ofB, b);
      r.r3 = counter.calls.get();
    }
  }

  /** One of two who wait leaves while the end comes. */
  @JCStressTest
  @Outcome(id = "v, v", expect = ACCEPTABLE, desc = "The end came first.")
  @Outcome(id = "timeout, v", expect = ACCEPTABLE, desc = "The one had left.")
  @Outcome(expect = FORBIDDEN, desc = "The other was forgotten, or one was woken twice.")
  @State
  public static class LeavingAgainstEnd {
    private final Completion end = new Completion();
    private final Bystander a = new Bystander();
    private final Bystander b = new Bystander();
    private final Waiter place;

    public LeavingAgainstEnd() {
      end.await(a);
      end.await(b);
      place = (Waiter) a.waitToken();
    }

    @Actor
    public void leave() {
      a.timeOver(place);
    }

    @Actor
    public void end() {
      end.complete("v");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = a.look();
      r.r2 = b.look();
    }
  }

  /** A promise is kept, and broken, while one waits for it and another begins to. */
  @JCStressTest
  @Outcome(id = "kept, v, v", expect = ACCEPTABLE, desc = "Kept, and all know.")
  @Outcome(id = "broken, failed e, failed e", expect = ACCEPTABLE, desc = "Broken, and all know.")
  @Outcome(expect = FORBIDDEN, desc = "Both, neither, or somebody knows otherwise.")
  @State
  public static class KeepAgainstBreak {
    private final Completion end = new Completion();
    private final Bystander a = new Bystander();
    private final Bystander b = new Bystander();
    private final boolean ofA = end.await(a);
    private boolean kept;
    private boolean broken;
    private boolean ofB;

    @Actor
    public void keep() {
      ofB = end.await(b);
      kept = end.complete("v");
    }

    @Actor
    public void spoil() {
      broken = end.fail("e");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = kept ? broken ? "both" : "kept" : broken ? "broken" : "neither";
      r.r2 = awaited(end, ofA, a);
      r.r3 = awaited(end, ofB, b);
    }
  }

  /** A callback is forgotten, and another comes, at the end. */
  @JCStressTest
  @Outcome(id = "0, 1, v", expect = ACCEPTABLE, desc = "Forgotten before the end.")
  @Outcome(id = "1, 1, v", expect = ACCEPTABLE, desc = "The end was first, or it came too late.")
  @Outcome(expect = FORBIDDEN, desc = "Called twice, or the other was forgotten.")
  @State
  public static class ForgetAgainstEnd {
    private final Completion end = new Completion();
    private final Counter gone = new Counter();
    private final Counter stays = new Counter();
    private final Bystander f = new Bystander();
    private final boolean waits;

    public ForgetAgainstEnd() {
      end.whenDone(gone);
      waits = end.await(f);
    }

    @Actor
    public void forget() {
      end.forget(gone);
      end.whenDone(stays);
    }

    @Actor
    public void end() {
      end.complete("v");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = gone.calls.get();
      r.r2 = stays.calls.get();
      r.r3 = awaited(end, waits, f);
    }
  }
}
