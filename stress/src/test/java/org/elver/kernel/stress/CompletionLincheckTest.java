package org.elver.kernel.stress;

import java.util.concurrent.atomic.AtomicInteger;
import org.elver.kernel.task.Completion;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Promises, and whatever else ends once: kept, broken, awaited, given up, followed by callbacks. It
 * ends in one step; who waits is woken in steps that follow, so that what became of those is looked
 * at afterwards.
 */
class CompletionLincheckTest {
  /** The promise: kept, broken, awaited. */
  @Param(name = "me", gen = ThreadIdGen.class)
  @Param(name = "other", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class Simple {
    final Completion end = new Completion();
    final Waits waits = new Waits();
    final Counter[] counters = {new Counter(), new Counter()};
    private volatile String wrong;

    /** Counts how often it is called. */
    static final class Counter extends Completion.Callback {
      final AtomicInteger calls = new AtomicInteger();
      boolean given;

      @Override
      public void done(Object value, boolean failed) {
        calls.incrementAndGet();
      }
    }

    @Operation
    public boolean keep(@Param(name = "value") int value) {
      return end.complete(value);
    }

    @Operation
    public boolean spoil(@Param(name = "value") int reason) {
      return end.fail(reason);
    }

    @Operation
    public void await(@Param(name = "me") int me) {
      Bystander f = waits.free(me);
      if (f == null) {
        return;
      }
      if (end.await(f)) {
        waits.began(me);
      } else if (!end.isDone()) {
        wrong = "there is nothing to wait for, and no end";
      }
    }

    /** The fiber of the thread runs, and may see the end of its wait. */
    @Operation
    public void look(@Param(name = "me") int me) {
      String v = String.valueOf(waits.look(me));
      boolean ofEnd = v.equals(String.valueOf(end.outcome())) || v.startsWith("Failure[");
      if (ofEnd ? !end.isDone() : !v.matches("idle|waiting|timeout|cancel.")) {
        wrong = "woken with " + v;
      }
    }

    /** Whether all know who should. */
    @Validate
    public void allKnow() {
      for (int i = 1; i <= 2; i++) {
        if (end.isDone() && !waits.isOver(i)) {
          wrong = "somebody waits for ever";
        }
        Counter c = counters[i - 1];
        if (c.calls.get() != (c.given && end.isDone() ? 1 : 0)) {
          wrong = "a callback has been called so often: " + c.calls.get();
        }
      }
      if (wrong != null) {
        throw new IllegalStateException(wrong);
      }
    }
  }

  /** As above, and also looked at, followed, and given up by those who await it. */
  @Param(name = "me", gen = ThreadIdGen.class)
  @Param(name = "other", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class Real extends Simple {
    @Operation
    public Object outcome() {
      Object v = end.outcome();
      return v == null ? "pending" : end.isFailed() ? "failed " + v : v;
    }

    @Operation
    public void timeOver(@Param(name = "other") int of) {
      waits.timeOver(of);
    }

    @Operation
    public void cancel(@Param(name = "other") int whose, @Param(name = "value") int number) {
      waits.cancel(whose, number);
    }

    /** Once for each thread. */
    @Operation
    public void follow(@Param(name = "me") int me) {
      if (!counters[me - 1].given) {
        counters[me - 1].given = true;
        end.whenDone(counters[me - 1]);
      }
    }
  }

  /** One that both threads await already. */
  public static class Awaited extends Real {
    public Awaited() {
      await(1);
      await(2);
    }
  }

  /** A promise, as plainly as can be. */
  public static class Plain {
    private Object outcome = "pending";

    public boolean keep(int value) {
      return end(value);
    }

    public boolean spoil(int reason) {
      return end("failed " + reason);
    }

    private boolean end(Object with) {
      boolean first = outcome.equals("pending");
      if (first) {
        outcome = with;
      }
      return first;
    }

    public Object outcome() {
      return outcome;
    }

    public void await(int me) {}

    public void look(int me) {}

    public void timeOver(int of) {}

    public void cancel(int whose, int number) {}

    public void follow(int me) {}
  }

  @Test
  void nobodyMissesTheEnd() {
    Orders.check(Simple.class, Plain.class, 2, 3);
  }

  @Test
  void itEndsOnceAndAllKnow() {
    Orders.check(Real.class, Plain.class, 2, 3);
  }

  @Test
  void thoseWhoWaitComeAndGoAtTheEnd() {
    Orders.check(Awaited.class, Plain.class, 2, 3);
  }
}
