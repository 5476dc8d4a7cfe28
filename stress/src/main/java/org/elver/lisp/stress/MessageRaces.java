package org.elver.lisp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * An isolate's mailbox is made by who first needs it: two senders at once, the isolate, or its end.
 * At stake is that there is one, and that nothing is accepted that nobody will ever take out.
 */
public class MessageRaces {
  private MessageRaces() {}

  /** Two send to an isolate to which nobody has sent anything. */
  @JCStressTest
  @Outcome(id = "true, true, 2", expect = ACCEPTABLE, desc = "Both are there.")
  @Outcome(expect = FORBIDDEN, desc = "One is in a mailbox that nobody knows.")
  @State
  public static class TwoFirstSenders {
    private final Street street = new Street();
    private final Street.House house = street.new House();
    private boolean a;
    private boolean b;

    @Actor
    public void send() {
      a = house.send("a");
    }

    @Actor
    public void sendToo() {
      b = house.send("b");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = a;
      r.r2 = b;
      r.r3 = house.letters();
    }
  }

  /** The first letters come while the task looks into the mailbox, and when the isolate ends. */
  @JCStressTest
  @Outcome(id = "false, false, null", expect = ACCEPTABLE, desc = "Both came too late.")
  @Outcome(id = "true, false, null", expect = ACCEPTABLE, desc = "One was given up with the rest.")
  @Outcome(id = "true, false, a", expect = ACCEPTABLE, desc = "The task got one.")
  @Outcome(id = "true, true, null", expect = ACCEPTABLE, desc = "Both were given up at the end.")
  @Outcome(id = "true, true, a", expect = ACCEPTABLE, desc = "The task got the first.")
  @Outcome(expect = FORBIDDEN, desc = "Refused, then accepted; out of order; or kept for ever.")
  @State
  public static class FirstSenderAgainstEnd {
    private final Street street = new Street();
    private final Street.House house = street.new House();
    private boolean a;
    private boolean b;
    private Object got;

    public FirstSenderAgainstEnd() {
      house.begin(
          t -> {
            street.meet();
            Object v = house.receive();
            got = v instanceof String ? v : null;
          });
    }

    @Actor
    public void send() {
      street.meet();
      a = house.send("a");
      b = house.send("b");
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = a;
      r.r2 = b;
      r.r3 = house.letters() == 0 && !house.send("c") ? got : "kept";
    }
  }

  /** As above; and the task asks for no mailbox, so that its end is what first needs one. */
  @JCStressTest
  @Outcome(id = "false, false, 0", expect = ACCEPTABLE, desc = "The end came first.")
  @Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "One was given up at the end.")
  @Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "Both were given up at the end.")
  @Outcome(expect = FORBIDDEN, desc = "Refused, then accepted; or kept for ever.")
  @State
  public static class SenderAgainstEnd {
    private final Street street = new Street();
    private final Street.House house = street.new House();
    private boolean a;
    private boolean b;

    public SenderAgainstEnd() {
      house.begin(t -> street.meet());
    }

    @Actor
    public void send() {
      street.meet();
      a = house.send("a");
      b = house.send("b");
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = a;
      r.r2 = b;
      r.r3 = house.send("c") ? "accepted" : house.letters();
    }
  }
}
