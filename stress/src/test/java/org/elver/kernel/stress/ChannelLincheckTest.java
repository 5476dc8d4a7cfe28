package org.elver.kernel.stress;

import java.util.ArrayDeque;
import java.util.Deque;
import org.elver.kernel.channel.Channel;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels: what is sent and received, waits that end by time or a request, and ends. */
class ChannelLincheckTest {
  /** The channel. */
  @Param(name = "me", gen = ThreadIdGen.class)
  @Param(name = "other", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public abstract static class Real {
    private final Channel channel;
    private final Waits waits = new Waits();

    Real(int capacity) {
      channel = new Channel(capacity);
    }

    @Operation
    public Object send(@Param(name = "me") int me, @Param(name = "value") int value) {
      Bystander f = waits.free(me);
      return f == null ? "busy" : began(me, channel.send(f, value));
    }

    @Operation
    public Object receive(@Param(name = "me") int me) {
      Bystander f = waits.free(me);
      return f == null ? "busy" : began(me, channel.receive(f));
    }

    private Object began(int me, Object v) {
      if (v == Channel.WAIT) {
        waits.began(me);
      }
      return name(v);
    }

    @Operation
    public Object trySend(@Param(name = "value") int value) {
      return name(channel.trySend(value));
    }

    @Operation
    public Object tryReceive() {
      return name(channel.tryReceive());
    }

    @Operation
    public Object look(@Param(name = "me") int me) {
      return name(waits.look(me));
    }

    @Operation
    public boolean timeOver(@Param(name = "other") int of) {
      return waits.timeOver(of);
    }

    @Operation
    public void cancel(@Param(name = "other") int whose, @Param(name = "value") int number) {
      waits.cancel(whose, number);
    }

    @Operation
    public boolean close() {
      return channel.close();
    }

    @Operation
    public boolean poison() {
      return channel.poison("why");
    }

    @Operation
    public int length() {
      return channel.length();
    }

    private static Object name(Object v) {
      if (v instanceof Channel.End e) {
        return e.poison() == null ? "closed" : "poisoned";
      }
      return v == Channel.WAIT
          ? "wait"
          : v == Channel.SENT ? "sent" : v == Channel.NOTHING ? "nothing" : v;
    }
  }

  public static class RealRendezvous extends Real {
    public RealRendezvous() {
      super(0);
    }
  }

  public static class RealBuffered extends Real {
    public RealBuffered() {
      super(1);
    }
  }

  /** Few operations, so that in many scenarios several would end the same wait. */
  @Param(name = "me", gen = ThreadIdGen.class)
  @Param(name = "other", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class RealWaits {
    private final RealRendezvous real = new RealRendezvous();

    @Operation
    public Object receive(@Param(name = "me") int me) {
      return real.receive(me);
    }

    @Operation
    public Object trySend(@Param(name = "value") int value) {
      return real.trySend(value);
    }

    @Operation
    public Object look(@Param(name = "me") int me) {
      return real.look(me);
    }

    @Operation
    public boolean timeOver(@Param(name = "other") int of) {
      return real.timeOver(of);
    }
  }

  /** A channel, as plainly as can be. */
  public abstract static class Plain extends PlainWaits {
    private final int capacity;
    private final Deque<Object> buffer = new ArrayDeque<>();
    private final Deque<Integer> receivers = new ArrayDeque<>();
    private final Deque<Integer> senders = new ArrayDeque<>();

    /** What each thread that waits to send would send. */
    private final Object[] sending = new Object[2];

    private String end;

    Plain(int capacity) {
      this.capacity = capacity;
    }

    /** The first in a queue that still waits; null: nobody. */
    private Integer first(Deque<Integer> queue) {
      Integer i = queue.poll();
      while (i != null && !isWaiting(i)) {
        i = queue.poll();
      }
      return i;
    }

    public Object send(int me, int value) {
      if (!isFree(me)) {
        return "busy";
      }
      Object v = trySend(value);
      return v.equals("nothing") ? begin(me, senders, value) : v;
    }

    public Object receive(int me) {
      if (!isFree(me)) {
        return "busy";
      }
      Object v = tryReceive();
      return v.equals("nothing") ? begin(me, receivers, null) : v;
    }

    private Object begin(int me, Deque<Integer> queue, Object value) {
      begin(me);
      receivers.remove((Object) me); // Where a wait before this one has left it.
      senders.remove((Object) me);
      if (isWaiting(me)) {
        sending[me - 1] = value;
        queue.add(me);
      }
      return "wait";
    }

    public Object trySend(int value) {
      if (end != null) {
        return end;
      }
      Integer r = first(receivers);
      if (r != null) {
        wake(r, value);
        return "sent";
      }
      if (buffer.size() < capacity) {
        buffer.add(value);
        return "sent";
      }
      return "nothing";
    }

    public Object tryReceive() {
      Integer s;
      if (!buffer.isEmpty()) {
        Object v = buffer.poll();
        s = first(senders);
        if (s != null) {
          buffer.add(sending[s - 1]);
          wake(s, "sent");
        }
        return v;
      }
      s = first(senders);
      if (s != null) {
        wake(s, "sent");
        return sending[s - 1];
      }
      return end == null ? "nothing" : end;
    }

    public boolean close() {
      return finish("closed");
    }

    public boolean poison() {
      return finish("poisoned");
    }

    private boolean finish(String how) {
      if (end != null && (end.equals("poisoned") || how.equals("closed"))) {
        return false;
      }
      end = how;
      wakeAll(receivers);
      wakeAll(senders);
      return true;
    }

    private void wakeAll(Deque<Integer> queue) {
      for (Integer i = first(queue); i != null; i = first(queue)) {
        wake(i, end);
      }
    }

    public int length() {
      return buffer.size();
    }
  }

  public static class PlainRendezvous extends Plain {
    public PlainRendezvous() {
      super(0);
    }
  }

  public static class PlainBuffered extends Plain {
    public PlainBuffered() {
      super(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"Rendezvous", "Buffered"})
  void callsCanBePutInOrder(String sort) throws ClassNotFoundException {
    String here = ChannelLincheckTest.class.getName();
    Orders.check(Class.forName(here + "$Real" + sort), Class.forName(here + "$Plain" + sort), 2, 3);
  }

  @Test
  void aWaitEndsOnce() {
    Orders.check(RealWaits.class, PlainRendezvous.class, 2, 3);
  }
}
