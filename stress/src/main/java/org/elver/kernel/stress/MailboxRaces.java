package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.kernel.channel.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Mailboxes: channels that take anything from anybody, and are given up with what is in them when
 * their isolate ends.
 */
public class MailboxRaces {
  private MailboxRaces() {}

  private static Object name(Object v) {
    return v instanceof Channel.End
        ? "end"
        : v == Channel.SENT ? "sent" : v == Channel.NOTHING ? "nothing" : v;
  }

  /** Two send to one who waits, and to another one who comes. */
  @JCStressTest
  @Outcome(id = "a, b, 0", expect = ACCEPTABLE, desc = "Both arrive, in this order.")
  @Outcome(id = "b, a, 0", expect = ACCEPTABLE, desc = "Both arrive, in that order.")
  @Outcome(expect = FORBIDDEN, desc = "A message is lost, or arrives twice.")
  @State
  public static class TwoSendersAgainstReceiver {
    private final Channel mailbox = new Channel(Integer.MAX_VALUE);
    private final Bystander first = new Bystander();
    private final Bystander second = new Bystander();
    private final Object one = mailbox.receive(first);
    private Object other;

    @Actor
    public void send() {
      mailbox.trySend("a");
    }

    @Actor
    public void sendToo() {
      mailbox.trySend("b");
      other = mailbox.receive(second);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = first.outcome(one, Channel.WAIT);
      r.r2 = second.outcome(other, Channel.WAIT);
      r.r3 = mailbox.length();
    }
  }

  /** Two messages, one after the other, reach one who begins to wait and stops waiting. */
  @JCStressTest
  @Outcome(id = "a, b, nothing", expect = ACCEPTABLE, desc = "Received in time.")
  @Outcome(id = "timeout, a, b", expect = ACCEPTABLE, desc = "Both are there for the next one.")
  @Outcome(expect = FORBIDDEN, desc = "A message is lost, or overtook the other.")
  @State
  public static class InOrderAgainstTime {
    private final Channel mailbox = new Channel(Integer.MAX_VALUE);
    private final Bystander receiver = new Bystander();
    private Object received;

    @Actor
    public void receive() {
      received = mailbox.receive(receiver);
      if (received == Channel.WAIT) {
        var place = Channel.registration(receiver);
        if (place != null) {
          receiver.timeOver(place);
        }
      }
    }

    @Actor
    public void send() {
      mailbox.trySend("a");
      mailbox.trySend("b");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = receiver.outcome(received, Channel.WAIT);
      r.r2 = name(mailbox.tryReceive());
      r.r3 = name(mailbox.tryReceive());
    }
  }

  /** Two messages are sent, and one waits, while the isolate ends. */
  @JCStressTest
  @Outcome(id = "a, sent, sent, end", expect = ACCEPTABLE, desc = "Both before the end.")
  @Outcome(id = "a, sent, end, end", expect = ACCEPTABLE, desc = "One before the end.")
  @Outcome(id = "end, end, end, end", expect = ACCEPTABLE, desc = "None before the end.")
  @Outcome(expect = FORBIDDEN, desc = "Taken after the end, or kept, or somebody waits for ever.")
  @State
  public static class SendersAgainstEnd {
    private final Channel mailbox = new Channel(Integer.MAX_VALUE);
    private final Bystander receiver = new Bystander();
    private final Object received = mailbox.receive(receiver);
    private Object a;
    private Object b;

    @Actor
    public void send() {
      a = mailbox.trySend("a");
      b = mailbox.trySend("b");
    }

    @Actor
    public void end() {
      mailbox.discard();
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r1 = name(receiver.outcome(received, Channel.WAIT));
      r.r2 = name(a);
      r.r3 = name(b);
      r.r4 = name(mailbox.tryReceive());
    }
  }
}
