package org.elver.lisp.concurrent;

import java.util.ArrayList;
import java.util.List;
import org.elver.kernel.channel.Channel;
import org.elver.kernel.task.Fiber;
import org.elver.lisp.isolate.LispChannel;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Selection among operations of several channels: what the macro {@code channel-select} calls. */
final class Selections {
  private static final Symbol RECV = Symbol.known("recv");
  private static final Symbol SEND = Symbol.known("send");
  private static final Symbol AFTER = Symbol.known("after");
  private static final Symbol ELSE = Symbol.known("else");

  private Selections() {}

  @Primitive(
      value = "elver--channel-select",
      min = 0,
      args = "(&rest CLAUSES)",
      doc =
          "Do one of several operations, and return (INDEX . VALUE): which it was, what it gave.\n"
              + "Each clause is three arguments: `recv' CHANNEL nil, `send' CHANNEL VALUE,\n"
              + "`after' SECONDS nil or `else' nil nil.")
  static Object select(Task t, Object[] args) {
    if (args.length % 3 != 0) {
      throw LispSignal.error("Each clause is three arguments");
    }
    List<Channel.Operation> operations = new ArrayList<>();
    List<Integer> clauses = new ArrayList<>();
    long nanos = -1;
    int otherwise = -1;
    boolean waits = true;
    for (int i = 0; i < args.length; i += 3) {
      Object kind = args[i];
      if (kind == RECV || kind == SEND) {
        LispChannel c = Channels.used(t, args[i + 1]);
        operations.add(
            new Channel.Operation(c, kind == RECV ? null : Channels.out(t, c, args[i + 2])));
        clauses.add(i / 3);
      } else if (kind == AFTER) {
        nanos = Math.max(0, Waits.nanos(args[i + 1]));
        if (args[i + 1] == Symbol.NIL) {
          nanos = -1;
        }
        if (waits) {
          otherwise = i / 3;
        }
      } else if (kind == ELSE) {
        otherwise = i / 3;
        waits = false;
      } else {
        throw LispSignal.error("Not a clause of a selection");
      }
    }
    Selecting s = new Selecting(clauses, otherwise);
    Channel.Operation[] all = operations.toArray(new Channel.Operation[0]);
    Object r = Channel.select(null, all);
    if (r != Channel.NOTHING) {
      return s.resume(t, r);
    }
    if (!waits || nanos == 0) {
      return t.cons((long) otherwise, Symbol.NIL);
    }
    LispFiber f = Waits.waiter(t);
    r = Channel.select(f, all);
    return r == Channel.WAIT ? Waits.park(t, f, nanos, s) : s.resume(t, r);
  }

  private static final class Selecting extends NativeFrame {
    /** For each operation the number of its clause. */
    private final List<Integer> clauses;

    /** The clause for when the time is over. */
    private final int otherwise;

    Selecting(List<Integer> clauses, int otherwise) {
      this.clauses = clauses;
      this.otherwise = otherwise;
    }

    @Override
    public Object resume(Task t, Object woken) {
      if (woken == Fiber.TIMEOUT) {
        return t.cons((long) otherwise, Symbol.NIL);
      }
      Channel.Selected selected = (Channel.Selected) woken;
      if (selected.rest() != null) {
        selected.rest().withdraw();
      }
      Object v = selected.value();
      int i = selected.index();
      if (v instanceof Channel.End end) {
        throw Channels.ended(t, end);
      }
      long clause = clauses.get(i);
      return t.cons(clause, v == Channel.SENT ? Symbol.NIL : Values.unpack(t, v));
    }
  }
}
