package org.elver.lisp.concurrent;

import java.math.BigInteger;
import org.elver.heap.object.Pair;
import org.elver.kernel.channel.Channel;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.LispChannel;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Channels. */
final class Channels {
  private static final Symbol CHANNELP = Symbol.known("channelp");
  private static final Symbol LOCAL = Symbol.known(":local");
  private static final Symbol POISON = Symbol.known(":poison");

  private Channels() {}

  static LispChannel channel(Object x) {
    if (x instanceof LispChannel c) {
      return c;
    }
    throw LispSignal.wrongType(CHANNELP, x);
  }

  /** The channel {@code x}, which the isolate of {@code t} is going to use. */
  static LispChannel used(Task t, Object x) {
    LispFiber f = LispFiber.of(t);
    if (x instanceof LispChannel c && f != null && c.owner() == f.isolate()) {
      return c; // Nothing that the end of the isolate, or of what it tries, has to do with.
    }
    t.irrevocable();
    LispChannel c = looked(t, x);
    if (c.owner() == null && f != null) {
      f.lispIsolate().connect(c);
    }
    return c;
  }

  /** The channel {@code x}, which the isolate of {@code t} may use. */
  private static LispChannel looked(Task t, Object x) {
    LispChannel c = channel(x);
    if (c.owner() != null && c.owner() != LispIsolate.of(t)) {
      throw LispSignal.error("A local channel is used outside its own isolate");
    }
    return c;
  }

  @Primitive(
      value = "make-channel",
      min = 0,
      args = "(&optional CAPACITY &key LOCAL POISON)",
      doc =
          "Return a new channel that holds CAPACITY values.\n"
              + "0 or nil: a sender waits for its receiver; t: any number.  With `:local t'"
              + " values\n"
              + "pass by reference and only the current isolate may use it.  With `:poison nil'"
              + " the\n"
              + "end of an isolate that uses it does not poison it.")
  static Object makeChannel(Task t, Object[] args) {
    Object capacity = Symbol.NIL;
    int i = 0;
    if (args.length > 0 && args[0] != LOCAL && args[0] != POISON) {
      capacity = args[0];
      i = 1;
    }
    boolean local = false;
    boolean poison = true;
    for (; i + 1 < args.length; i += 2) {
      if (args[i] == LOCAL) {
        local = args[i + 1] != Symbol.NIL;
      } else if (args[i] == POISON) {
        poison = args[i + 1] != Symbol.NIL;
      } else {
        throw LispSignal.error("Keyword argument " + args[i] + " not one of (:local :poison)");
      }
    }
    if (i < args.length) {
      throw LispSignal.error("Missing argument for the last keyword of make-channel");
    }
    int n;
    if (capacity == Symbol.NIL) {
      n = 0;
    } else if (capacity == Symbol.T) {
      n = Integer.MAX_VALUE;
    } else if (capacity instanceof Long l && l >= 0) {
      n = (int) Math.min(l, Integer.MAX_VALUE - 1);
    } else if (capacity instanceof BigInteger b && b.signum() > 0) {
      n = Integer.MAX_VALUE - 1;
    } else {
      throw LispSignal.wrongType(Symbol.known("natnump"), capacity);
    }
    return new LispChannel(n, local ? Tasks.isolate(t) : null, poison);
  }

  @Primitive(value = "channelp", doc = "Return t if OBJECT is a channel.")
  static boolean channelp(Task t, Object object) {
    return object instanceof LispChannel;
  }

  /** {@code value} as it goes into {@code c}. */
  static Object out(Task t, LispChannel c, Object value) {
    return c.owner() != null ? value : Values.pack(t, value);
  }

  /** What an operation signals after the end of {@code c}. */
  static LispSignal ended(Task t, Channel.End end) {
    return end.poison() == null
        ? new LispSignal(Conditions.CHANNEL_CLOSED, end.channel())
        : LispSignal.of(Conditions.CHANNEL_POISONED, Values.copyOut(t, end.poison()));
  }

  @Primitive(
      value = "channel-send",
      min = 2,
      doc =
          "Send VALUE through CHANNEL and return t.\n"
              + "Wait until it is taken or there is room; TIMEOUT seconds at most (nil: no"
              + " limit),\n"
              + "then signal `operation-timeout'.  Signal `channel-closed' or `channel-poisoned'"
              + " when\n"
              + "CHANNEL is, and `not-transferable' when VALUE cannot pass to another isolate.")
  static Object channelSend(Task t, Object channel, Object value, Object timeout) {
    LispChannel c = used(t, channel);
    long nanos = Waits.nanos(timeout);
    Object out = out(t, c, value);
    LispFiber f = Waits.able(t);
    Object r = f == null ? c.trySend(out) : c.send(f, out);
    if (r == Channel.WAIT) {
      return Waits.park(t, f, nanos, Sending.FRAME);
    }
    if (r == Channel.NOTHING) {
      throw Waits.unable(t);
    }
    return sent(t, r);
  }

  private static Object sent(Task t, Object r) {
    Waits.checkTimeout(t, r, "channel-send");
    if (r instanceof Channel.End end) {
      throw ended(t, end);
    }
    return Symbol.T;
  }

  private static final class Sending extends NativeFrame {
    static final Sending FRAME = new Sending();

    @Override
    public Object resume(Task t, Object woken) {
      return sent(t, woken);
    }
  }

  @Primitive(
      value = "channel-recv",
      min = 1,
      doc =
          "Return the next value that comes out of CHANNEL.\n"
              + "Wait for one, TIMEOUT seconds at most (nil: no limit), then signal\n"
              + "`operation-timeout'.  Signal `channel-closed' or `channel-poisoned' when none will"
              + " come.")
  static Object channelRecv(Task t, Object channel, Object timeout) {
    LispChannel c = used(t, channel);
    long nanos = Waits.nanos(timeout);
    LispFiber f = Waits.able(t);
    Object r = f == null ? c.tryReceive() : c.receive(f);
    if (r == Channel.WAIT) {
      return Waits.park(t, f, nanos, Receiving.FRAME);
    }
    if (r == Channel.NOTHING) {
      throw Waits.unable(t);
    }
    return received(t, r);
  }

  private static Object received(Task t, Object r) {
    Waits.checkTimeout(t, r, "channel-recv");
    if (r instanceof Channel.End end) {
      throw ended(t, end);
    }
    return Values.unpack(t, r);
  }

  private static final class Receiving extends NativeFrame {
    static final Receiving FRAME = new Receiving();

    @Override
    public Object resume(Task t, Object woken) {
      return received(t, woken);
    }
  }

  @Primitive(
      value = "elver--channel-next",
      doc = "Return the next value of CHANNEL, waiting for it, or END once it is closed.")
  static Object channelNext(Task t, Object channel, Object end) {
    LispChannel c = used(t, channel);
    LispFiber f = Waits.able(t);
    Object r = f == null ? c.tryReceive() : c.receive(f);
    if (r == Channel.WAIT) {
      return Waits.park(t, f, -1, new Next(end));
    }
    if (r == Channel.NOTHING) {
      throw Waits.unable(t);
    }
    return next(t, r, end);
  }

  private static Object next(Task t, Object r, Object end) {
    return r instanceof Channel.End e && e.poison() == null ? end : received(t, r);
  }

  private static final class Next extends NativeFrame {
    private final Object end;

    Next(Object end) {
      this.end = end;
    }

    @Override
    public Object resume(Task t, Object woken) {
      return next(t, woken, end);
    }
  }

  @Primitive(
      value = "channel-try-send",
      doc =
          "Send VALUE through CHANNEL if that needs no waiting.\n"
              + "Return t, or nil if it does.  Signal `channel-closed' or `channel-poisoned' when"
              + " CHANNEL\n"
              + "is.")
  static Object channelTrySend(Task t, Object channel, Object value) {
    LispChannel c = used(t, channel);
    Object r = c.trySend(out(t, c, value));
    return r == Channel.NOTHING ? Symbol.NIL : sent(t, r);
  }

  @Primitive(
      value = "channel-try-recv",
      min = 1,
      doc =
          "Return the next value in CHANNEL, or DEFAULT-VALUE when there is none now.\n"
              + "Signal `channel-closed' or `channel-poisoned' when none will come.")
  static Object channelTryRecv(Task t, Object channel, Object defaultValue) {
    LispChannel c = used(t, channel);
    Object r = c.tryReceive();
    return r == Channel.NOTHING ? defaultValue : received(t, r);
  }

  @Primitive(
      value = "channel-close",
      doc =
          "Close CHANNEL: what is in it can still be received.\n"
              + "Return t, or nil if it was closed.")
  static boolean channelClose(Task t, Object channel) {
    return used(t, channel).close();
  }

  @Primitive(value = "channel-closed-p", doc = "Return t if CHANNEL is closed or poisoned.")
  static boolean channelClosedP(Task t, Object channel) {
    return looked(t, channel).end() != null;
  }

  @Primitive(value = "channel-length", doc = "Return how many values are in CHANNEL.")
  static int channelLength(Task t, Object channel) {
    return looked(t, channel).length();
  }

  @Primitive(
      value = "channel-poison",
      doc =
          "Poison CHANNEL, so that its operations signal `channel-poisoned'.\n"
              + "The values that are in it are delivered first.\n"
              + "The data of that error are CONDITION, an error object (SYMBOL . DATA) or a"
              + " symbol.\n"
              + "Return t, or nil if it was poisoned before.")
  static boolean channelPoison(Task t, Object channel, Object condition) {
    LispChannel c = used(t, channel);
    if (condition instanceof Symbol s && s != Symbol.NIL) {
      return c.poison(Values.pack(t, t.list(s)));
    }
    if (!(condition instanceof Pair)) {
      throw LispSignal.wrongType(Symbol.known("consp"), condition);
    }
    return c.poison(Values.pack(t, condition));
  }
}
