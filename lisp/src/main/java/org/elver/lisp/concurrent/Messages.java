package org.elver.lisp.concurrent;

import java.util.Arrays;
import org.elver.kernel.channel.Channel;
import org.elver.kernel.task.Completion;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Mailbox;
import org.elver.lisp.isolate.Posts;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Messages between isolates: values, functions to run, and news of an end. */
final class Messages {
  private static final Symbol ISOLATE_DOWN = Symbol.known("isolate-down");
  private static final Symbol DONE = Symbol.known("done");

  private Messages() {}

  // ---- Mailboxes ----------------------------------------------------------------------------

  @Primitive(
      value = "isolate-send",
      doc =
          "Put a copy of VALUE into the mailbox of ISOLATE, and return t.\n"
              + "This never waits.  Signal `isolate-dead' when ISOLATE has ended, and"
              + " `not-transferable'\n"
              + "when VALUE cannot pass to it.")
  static Object isolateSend(Task t, Object isolate, Object value) {
    LispIsolate to = Isolates.isolate(isolate);
    if (!to.mailbox().deliver(Values.pack(t, value))) {
      throw Isolates.dead(to);
    }
    return Symbol.T;
  }

  @Primitive(
      value = "isolate-receive",
      min = 0,
      doc =
          "Return the next value in the mailbox of the current isolate.\n"
              + "Wait for one, TIMEOUT seconds at most (nil: no limit), then signal\n"
              + "`operation-timeout'.")
  static Object isolateReceive(Task t, Object timeout) {
    Mailbox m = Tasks.isolate(t).mailbox();
    long nanos = Waits.nanos(timeout);
    Object r = m.tryReceive();
    if (r == Channel.NOTHING) {
      LispFiber f = Waits.waiter(t);
      r = m.receive(f);
      if (r == Channel.WAIT) {
        return Waits.park(t, f, nanos, Receiving.FRAME);
      }
    }
    return received(t, r);
  }

  private static Object received(Task t, Object r) {
    Waits.checkTimeout(t, r, "isolate-receive");
    return r instanceof Channel.End ? Symbol.NIL : Mailbox.open(t, r);
  }

  private static final class Receiving extends NativeFrame {
    static final Receiving FRAME = new Receiving();

    @Override
    public Object resume(Task t, Object woken) {
      return received(t, woken);
    }
  }

  // ---- Messages that run --------------------------------------------------------------------

  @Primitive(
      value = "isolate-post",
      min = 2,
      args = "(ISOLATE FUNCTION &rest ARGS)",
      doc =
          "Have ISOLATE call FUNCTION with ARGS; return a promise of the value.\n"
              + "It does so in a task of its own.  FUNCTION and ARGS are copied.  The promise fails"
              + " with\n"
              + "`isolate-dead' when ISOLATE has ended or ends first.")
  static Object isolatePost(Task t, Object[] args) {
    return Posts.post(t, Isolates.isolate(args[0]), Arrays.copyOfRange(args, 1, args.length));
  }

  @Primitive(
      value = "isolate-call",
      min = 2,
      args = "(ISOLATE FUNCTION &rest ARGS)",
      doc =
          "Have ISOLATE call FUNCTION with ARGS in a task of its own; wait for the value.\n"
              + "FUNCTION, ARGS and the value are copied.  What FUNCTION signals is signaled"
              + " here;\n"
              + "`isolate-dead' when ISOLATE has ended or ends first.")
  static Object isolateCall(Task t, Object[] args) {
    LispIsolate to = Isolates.isolate(args[0]);
    Waits.waiter(t);
    return Promises.await(t, Posts.post(t, to, Arrays.copyOfRange(args, 1, args.length)), -1);
  }

  // ---- The end of others --------------------------------------------------------------------

  @Primitive(
      value = "isolate-monitor",
      doc =
          "Have (isolate-down ISOLATE STATUS) arrive in the mailbox when ISOLATE ends.\n"
              + "At once if it has.  Return t.  STATUS is `done', or the condition that ended"
              + " ISOLATE as\n"
              + "(SYMBOL . DATA): that of its error, or (isolate-killed NAME REASON).")
  static Object isolateMonitor(Task t, Object isolate) {
    LispIsolate of = Isolates.isolate(isolate);
    LispIsolate me = Tasks.isolate(t);
    if (of == me) {
      throw LispSignal.error("An isolate cannot monitor itself");
    }
    of.observe();
    of.whenDone(
        new Completion.Callback() {
          @Override
          public void done(Object value, boolean failed) {
            me.mailbox().deliver((Mailbox.Letter) receiver -> down(receiver, of));
          }
        });
    return Symbol.T;
  }

  private static Object down(Task t, LispIsolate of) {
    Object error = of.endError();
    return t.list(ISOLATE_DOWN, of, error == null ? DONE : Values.copyOut(t, error));
  }
}
