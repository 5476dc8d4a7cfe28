package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.elver.kernel.task.Completion;
import org.elver.kernel.task.Fiber;
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

  /** Two fibers begin to wait while the end comes. */
  @JCStressTest
  @Outcome(id = "v, v, 1", expect = ACCEPTABLE, desc = "Everybody learns of it, once.")
  @Outcome(expect = FORBIDDEN, desc = "Somebody waits for ever.")
  @State
  public static class AwaitAgainstEnd {
    private final Completion end = new Completion();
    private final Bystander a = new Bystander();
    private final Bystander b = new Bystander();
    private final AtomicInteger calls = new AtomicInteger();
    private Object ofA;
    private Object ofB;

    @Actor
    public void await() {
      ofA = end.await(a);
      end.whenDone(
          new Completion.Callback() {
            @Override
            public void done(Object value, boolean failed) {
              calls.incrementAndGet();
            }
          });
      ofB = end.await(b);
    }

    @Actor
    public void end() {
      end.complete("v");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = ofA == Boolean.TRUE ? woken(a) : end.outcome();
      r.r2 = ofB == Boolean.TRUE ? woken(b) : end.outcome();
      r.r3 = calls.get();
    }
  }

  private static Object woken(Bystander f) {
    return f.outcome(null, null);
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
      if (a.claim(place.token())) {
        place.withdraw();
        a.wake(Fiber.TIMEOUT);
      }
    }

    @Actor
    public void end() {
      end.complete("v");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = woken(a);
      r.r2 = woken(b);
    }
  }
}
