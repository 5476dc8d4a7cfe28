package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.kernel.channel.Channel;
import org.elver.kernel.task.Waiter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Two operations on channels at once. At stake is that no value is lost or arrives twice, and that
 * nobody waits for what has happened.
 */
public class ChannelRaces {
  private ChannelRaces() {}

  private static Object name(Object outcome) {
    return switch (outcome) {
      case Channel.Selected s -> s.index() + "" + name(s.value());
      case Channel.End e -> "end";
      case null -> "null";
      default ->
          outcome == Channel.SENT ? "sent" : outcome == Channel.NOTHING ? "nothing" : outcome;
    };
  }

  /** A sender meets a receiver. */
  @JCStressTest
  @Outcome(id = "v, sent", expect = ACCEPTABLE, desc = "They met, whoever came first.")
  @Outcome(expect = FORBIDDEN, desc = "One waits, or the value is lost.")
  @State
  public static class Rendezvous {
    private final Channel c = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Bystander sender = new Bystander();
    private Object received;
    private Object sent;

    @Actor
    public void receive() {
      received = c.receive(receiver);
    }

    @Actor
    public void send() {
      sent = c.send(sender, "v");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = name(receiver.outcome(received, Channel.WAIT));
      r.r2 = name(sender.outcome(sent, Channel.WAIT));
    }
  }

  /** Two selections, each of which would receive from one channel and send to the other. */
  @JCStressTest
  @Outcome(id = "0b, 0sent", expect = ACCEPTABLE, desc = "They met at the first channel.")
  @Outcome(id = "1sent, 1a", expect = ACCEPTABLE, desc = "They met at the second channel.")
  @Outcome(expect = FORBIDDEN, desc = "They missed each other, or met twice.")
  @State
  public static class SelectAgainstSelect {
    private final Channel c = new Channel(0);
    private final Channel d = new Channel(0);
    private final Bystander a = new Bystander();
    private final Bystander b = new Bystander();
    private Object ofA;
    private Object ofB;

    @Actor
    public void first() {
      ofA =
          Channel.select(
              a,
              new Channel.Operation[] {
                new Channel.Operation(c, null), new Channel.Operation(d, "a")
              });
    }

    @Actor
    public void second() {
      ofB =
          Channel.select(
              b,
              new Channel.Operation[] {
                new Channel.Operation(c, "b"), new Channel.Operation(d, null)
              });
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = name(a.outcome(ofA, Channel.WAIT));
      r.r2 = name(b.outcome(ofB, Channel.WAIT));
    }
  }

  /** The time of a receiver is over while a value is sent. */
  @JCStressTest
  @Outcome(id = "timeout, nothing, 0", expect = ACCEPTABLE, desc = "The time was over first.")
  @Outcome(id = "v, sent, 0", expect = ACCEPTABLE, desc = "The value came first.")
  @Outcome(expect = FORBIDDEN, desc = "Taken by one who has gone, or not taken.")
  @State
  public static class TimeoutAgainstSend {
    private final Channel c = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Object received = c.receive(receiver);
    private final Waiter place = Channel.registration(receiver);
    private Object sent;

    @Actor
    public void timeOver() {
      receiver.timeOver(place);
    }

    @Actor
    public void send() {
      sent = c.trySend("v");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = name(receiver.outcome(received, Channel.WAIT));
      r.r2 = name(sent);
      r.r3 = c.length();
    }
  }

  /** A value is sent to a channel of a selection that begins, and then that is cancelled. */
  @JCStressTest
  @Outcome(id = "cancelled, nothing", expect = ACCEPTABLE, desc = "The cancellation came first.")
  @Outcome(id = "0v, sent", expect = ACCEPTABLE, desc = "The value came first.")
  @Outcome(expect = FORBIDDEN, desc = "A value is lost.")
  @State
  public static class CancelAgainstSelect {
    private final Channel c = new Channel(0);
    private final Channel d = new Channel(0);
    private final Bystander receiver = new Bystander();
    private Object received;
    private Object sent;

    @Actor
    public void select() {
      received =
          Channel.select(
              receiver,
              new Channel.Operation[] {
                new Channel.Operation(c, null), new Channel.Operation(d, null)
              });
    }

    @Actor
    public void sendAndCancel() {
      sent = c.trySend("v");
      receiver.cancel("cancelled");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = name(receiver.outcome(received, Channel.WAIT));
      r.r2 = name(sent);
    }
  }

  /** A channel is closed while a value is put into it. */
  @JCStressTest
  @Outcome(id = "sent, v, end", expect = ACCEPTABLE, desc = "Sent before the end: delivered.")
  @Outcome(id = "end, end, end", expect = ACCEPTABLE, desc = "Closed first.")
  @Outcome(expect = FORBIDDEN, desc = "The value is lost, or the channel goes on.")
  @State
  public static class CloseAgainstSend {
    private final Channel c = new Channel(1);
    private final Bystander sender = new Bystander();
    private Object sent;

    @Actor
    public void send() {
      sent = c.send(sender, "v");
    }

    @Actor
    public void close() {
      c.close();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = name(sender.outcome(sent, Channel.WAIT));
      r.r2 = name(c.tryReceive());
      r.r3 = name(c.tryReceive());
    }
  }

  /** A channel is poisoned while somebody begins to wait at it. */
  @JCStressTest
  @Outcome(id = "end, end", expect = ACCEPTABLE, desc = "Both learn of it.")
  @Outcome(expect = FORBIDDEN, desc = "Somebody waits for ever.")
  @State
  public static class PoisonAgainstWaits {
    private final Channel c = new Channel(0);
    private final Channel d = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Bystander sender = new Bystander();
    private Object received;
    private Object sent;

    @Actor
    public void receive() {
      received = c.receive(receiver);
      sent = d.send(sender, "v");
    }

    @Actor
    public void poison() {
      c.poison("why");
      d.poison("why");
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = name(receiver.outcome(received, Channel.WAIT));
      r.r2 = name(sender.outcome(sent, Channel.WAIT));
    }
  }

  private static Channel.Operation receiving(Channel c) {
    return new Channel.Operation(c, null);
  }

  /** Two senders meet a selection that waits to receive from either. */
  @JCStressTest
  @Outcome(id = "0a, sent, waiting", expect = ACCEPTABLE, desc = "The first was taken.")
  @Outcome(id = "1b, waiting, sent", expect = ACCEPTABLE, desc = "The second was taken.")
  @Outcome(expect = FORBIDDEN, desc = "Both or none were taken, or the wrong one knows.")
  @State
  public static class SelectAgainstTwoSenders {
    private final Channel c = new Channel(0);
    private final Channel d = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Bystander a = new Bystander();
    private final Bystander b = new Bystander();
    private final Object received =
        Channel.select(receiver, new Channel.Operation[] {receiving(c), receiving(d)});
    private Object ofA;
    private Object ofB;

    @Actor
    public void sendFirst() {
      ofA = c.send(a, "a");
    }

    @Actor
    public void sendSecond() {
      ofB = d.send(b, "b");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = name(receiver.outcome(received, Channel.WAIT));
      r.r2 = name(a.outcome(ofA, Channel.WAIT));
      r.r3 = name(b.outcome(ofB, Channel.WAIT));
    }
  }

  /** One channel of a selection ends, and its time is over, while a value is sent to the other. */
  @JCStressTest
  @Outcome(id = "0end, nothing, false", expect = ACCEPTABLE, desc = "The end came first.")
  @Outcome(id = "1v, sent, false", expect = ACCEPTABLE, desc = "The value came first.")
  @Outcome(expect = FORBIDDEN, desc = "A value is lost, or the selection did two things.")
  @State
  public static class SelectAgainstEndAndSend {
    private final Channel c = new Channel(0);
    private final Channel d = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Object received =
        Channel.select(receiver, new Channel.Operation[] {receiving(c), receiving(d)});
    private final Waiter place = Channel.registration(receiver);
    private Object sent;
    private boolean late;

    @Actor
    public void end() {
      c.poison("why");
      late = receiver.timeOver(place);
    }

    @Actor
    public void send() {
      sent = d.trySend("v");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = name(receiver.outcome(received, Channel.WAIT));
      r.r2 = name(sent);
      r.r3 = late;
    }
  }

  /** A channel at which somebody waits is closed, twice, and poisoned. */
  @JCStressTest
  @Outcome(id = "closed, true, true", expect = ACCEPTABLE, desc = "Closed, then poisoned.")
  @Outcome(id = "poisoned, false, true", expect = ACCEPTABLE, desc = "Poisoned first.")
  @Outcome(expect = FORBIDDEN, desc = "Ended twice, not at all, or the poison is forgotten.")
  @State
  public static class CloseAgainstPoison {
    private final Channel c = new Channel(0);
    private final Bystander receiver = new Bystander();
    private final Object received = c.receive(receiver);
    private boolean first;
    private boolean second;
    private boolean poisoned;

    @Actor
    public void close() {
      first = c.close();
      second = c.close();
    }

    @Actor
    public void poison() {
      poisoned = c.poison("why");
    }

    @Arbiter
    public void look(LLL_Result r) {
      Object v = receiver.outcome(received, Channel.WAIT);
      boolean known = v instanceof Channel.End e && e.poison() != null;
      r.r1 = !(v instanceof Channel.End) ? v : known ? "poisoned" : "closed";
      r.r2 = second ? "twice" : first;
      r.r3 = poisoned && c.end().poison() != null;
    }
  }
}
