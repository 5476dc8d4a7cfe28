package org.elver.lisp.concurrent;

import org.elver.kernel.task.Completion;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.Inspection;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.LispPromise;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** What is written through a proxy: by messages to the owner, each applied by a task of its own. */
final class ProxyWrites {
  static final Symbol SYNC = Symbol.known("sync");
  static final Symbol ASYNC = Symbol.known("async");
  static final Symbol TIMEOUT = Symbol.known("proxy-timeout");

  private ProxyWrites() {}

  /** Has {@code s} run in the owner of {@code p}, as the proxy's lock says. */
  static Object write(
      Task t, LispProxy p, Subr s, Object[] args, ProxyOperation op, boolean resumable) {
    if (LispFiber.of(t) == null) {
      throw t.scheduling().refusal(); // A look of another isolate's.
    }
    if (p.isDirect()) {
      t.irrevocable();
      Object[] given = given(t, p, args);
      Object v = Inspection.change(t, p.owner(), x -> ProxyReads.look(x, p, s, op, given));
      return ProxyReads.settled(t, p, args, v);
    }
    checkUnlocked(t, p);
    Subr done =
        p.way() == LispProxy.Way.VARIABLE && s.name().equals("set")
            ? t.vm().subr("set-default")
            : s;
    return send(t, p, p.mode(t), s.name(), done, given(t, p, args), resumable);
  }

  /**
   * Has {@code s}, which only reads but would have to call Lisp or to ask further isolates, run in
   * the owner by a task of its own.
   */
  static Object ask(Task t, LispProxy p, Subr s, Object[] args, boolean resumable) {
    return send(t, p, SYNC, s.name(), s, given(t, p, args), resumable);
  }

  static void checkUnlocked(Task t, LispProxy p) {
    if (p.mode(t) == LispProxy.LOCKED) {
      throw new LispSignal(Conditions.PROXY_LOCKED, p);
    }
  }

  /** The arguments, ready to leave: the owner's objects as themselves. */
  static Object[] given(Task t, LispProxy p, Object[] args) {
    Object[] given = new Object[args.length];
    for (int i = 0; i < args.length; i++) {
      given[i] =
          args[i] instanceof LispProxy q && q.owner() == p.owner()
              ? q.object()
              : Values.pack(t, args[i]);
    }
    return given;
  }

  /** Has {@code function} called with {@code given} in the owner. To be returned at once. */
  static Object send(
      Task t,
      LispProxy p,
      Object mode,
      String operation,
      Subr function,
      Object[] given,
      boolean resumable) {
    LispIsolate owner = p.owner();
    if (owner.isDone()) {
      throw Isolates.dead(owner);
    }
    if (mode == SYNC) {
      Waits.waiter(t); // Signals where waiting is an error, before anything is sent.
    }
    LispIsolate me = Tasks.isolate(t);
    LispFiber f = new LispFiber(owner, null, (LispFiber.Message) x -> received(x, function, given));
    LispPromise promise = new LispPromise();
    promise.follow(f, (x, v) -> p.wrap(v));
    owner.post(f);
    if (mode == SYNC) {
      return await(t, p, promise, operation, resumable);
    }
    if (mode != ASYNC) {
      LispFiber then =
          new LispFiber(
              me,
              t.currentBuffer,
              (LispFiber.Message)
                  mine -> new Object[] {mode, ProxyReads.received(mine, p, promise.take(mine))});
      promise.whenDone(
          new Completion.Callback() {
            @Override
            public void done(Object value, boolean failed) {
              me.post(then);
            }
          });
    }
    return Symbol.NIL;
  }

  private static Object[] received(Task x, Subr function, Object[] given) {
    Object[] call = new Object[given.length + 1];
    call[0] = function;
    for (int i = 0; i < given.length; i++) {
      call[i + 1] = Values.unpack(x, given[i]);
    }
    return call;
  }

  private static Object await(
      Task t, LispProxy p, LispPromise promise, String operation, boolean resumable) {
    long nanos = Waits.nanos(Variables.orNil(t, TIMEOUT));
    LispFiber f = Waits.waiter(t);
    if (!promise.await(f)) {
      return ProxyReads.received(t, p, promise.take(t));
    }
    Applied frame = new Applied(p, promise, operation);
    if (resumable) {
      return Waits.park(t, f, nanos, frame);
    }
    Waits.limit(f, nanos);
    Object woken = t.scheduling().waitHere(t);
    if (woken instanceof RuntimeException e) {
      throw e;
    }
    return frame.resume(t, woken);
  }

  /** The wait until a write is applied. */
  private static final class Applied extends NativeFrame {
    private final LispProxy proxy;
    private final LispPromise promise;
    private final String operation;

    Applied(LispProxy proxy, LispPromise promise, String operation) {
      this.proxy = proxy;
      this.promise = promise;
      this.operation = operation;
    }

    @Override
    public Object resume(Task t, Object woken) {
      Waits.checkTimeout(t, woken, operation);
      return ProxyReads.received(t, proxy, promise.take(t));
    }
  }
}
