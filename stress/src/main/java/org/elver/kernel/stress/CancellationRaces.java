package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.kernel.channel.Channel;
import org.elver.kernel.task.Completion;
import org.elver.kernel.task.Waiter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A fiber is asked to end while something else ends its wait. At stake is that each request is seen
 * once, and that nothing is taken in the name of who has gone.
 */
public class CancellationRaces {
  private CancellationRaces() {}

  /** A value and a request come at once to who waits at a channel, then its time is over. */
  @JCStressTest
  @Outcome(id = "v, sent, cancel", expect = ACCEPTABLE, desc = "The value, then the request.")
  @Outcome(id = "cancel, nothing, null", expect = ACCEPTABLE, desc = "The request ended the wait.")
  @Outcome(expect = FORBIDDEN, desc = "A value or a request is lost, or comes twice.")
  @State
  public static class CancelAgainstSend {
    private final Channel c = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Object received = c.receive(receiver);
    private final Waiter place = Channel.registration(receiver);
    private Object sent;

    @Actor
    public void cancel() {
      receiver.cancel("cancel");
      receiver.attend();
    }

    @Actor
    public void send() {
      sent = c.trySend("v") == Channel.SENT ? "sent" : "nothing";
      receiver.timeOver(place);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = receiver.outcome(received, Channel.WAIT);
      r.r2 = sent;
      r.r3 = receiver.takeCancel();
    }
  }

  /** The time of who waits at a channel is over when it is asked to end; then a value comes. */
  @JCStressTest
  @Outcome(id = "timeout, nothing, cancel", expect = ACCEPTABLE, desc = "The time was over first.")
  @Outcome(id = "cancel, nothing, null", expect = ACCEPTABLE, desc = "The request ended the wait.")
  @Outcome(expect = FORBIDDEN, desc = "A value is taken by who has gone, or a request is lost.")
  @State
  public static class CancelAgainstTime {
    private final Channel c = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Object received = c.receive(receiver);
    private final Waiter place = Channel.registration(receiver);
    private Object sent;

    @Actor
    public void cancel() {
      receiver.cancel("cancel");
      receiver.attend();
    }

    @Actor
    public void timeOver() {
      boolean late = receiver.timeOver(place);
      sent = late && c.trySend("v") == Channel.SENT ? "sent" : "nothing";
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = receiver.outcome(received, Channel.WAIT);
      r.r2 = sent;
      r.r3 = receiver.takeCancel();
    }
  }

  /** A fiber is asked to end that begins to wait for something that then ends. */
  @JCStressTest
  @Outcome(
      id = "v, cancel",
      expect = ACCEPTABLE,
      desc = "The end first; the request is still there.")
  @Outcome(id = "cancel, null", expect = ACCEPTABLE, desc = "The request ended the wait.")
  @Outcome(expect = FORBIDDEN, desc = "A request is lost, or it waits for ever.")
  @State
  public static class CancelAgainstAwait {
    private final Completion end = new Completion();
    private final Bystander f = new Bystander();
    private boolean waits;

    @Actor
    public void await() {
      waits = end.await(f);
    }

    @Actor
    public void cancel() {
      f.cancel("cancel");
      end.complete("v");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = waits ? f.look() : end.outcome();
      r.r2 = f.takeCancel();
    }
  }

  /** A fiber is asked to end that has just seen to all such requests, and begins to wait. */
  @JCStressTest
  @Outcome(id = "cancel, null", expect = ACCEPTABLE, desc = "The request ended the wait.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for ever, or is told twice.")
  @State
  public static class CancelAgainstBeginning {
    private final Channel c = new Channel(0);
    private final Bystander f = new Bystander();
    private Object received;

    @Actor
    public void await() {
      f.attend();
      received = c.receive(f);
    }

    @Actor
    public void cancel() {
      f.cancel("cancel");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = f.outcome(received, Channel.WAIT);
      r.r2 = f.takeCancel();
    }
  }

  /** Two ask a fiber to end that waits, which sees to it meanwhile. */
  @JCStressTest
  @Outcome(id = "one, two", expect = ACCEPTABLE, desc = "One ended the wait; then the other.")
  @Outcome(id = "two, one", expect = ACCEPTABLE, desc = "The other ended the wait; then the one.")
  @Outcome(expect = FORBIDDEN, desc = "A request is lost, or the same one comes twice.")
  @State
  public static class TwoCancelsAgainstRunner {
    private final Channel c = new Channel(0);
    private final Bystander f = new Bystander();

    public TwoCancelsAgainstRunner() {
      c.receive(f);
    }

    @Actor
    public void cancel() {
      f.cancel("one");
      f.attend();
    }

    @Actor
    public void cancelToo() {
      f.cancel("two");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = f.look();
      r.r2 = f.takeCancel();
    }
  }

  /** A fiber is asked to end while it ends by itself. */
  @JCStressTest
  @Outcome(id = "done, true", expect = ACCEPTABLE, desc = "Its end is its own.")
  @Outcome(expect = FORBIDDEN, desc = "It ends otherwise, or who joined it does not know.")
  @State
  public static class CancelAgainstCompletion {
    private final Bystander f = new Bystander();
    private final Bystander joiner = new Bystander();
    private final boolean joins = f.await(joiner);

    @Actor
    public void cancel() {
      f.cancel("cancel");
    }

    @Actor
    public void end() {
      f.complete("done");
    }

    @Arbiter
    public void look(LL_Result r) {
      f.attend(); // A request that comes so late harms nobody.
      r.r1 = joiner.look();
      r.r2 = joins && !f.isWaiting();
    }
  }
}
