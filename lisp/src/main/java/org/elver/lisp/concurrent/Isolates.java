package org.elver.lisp.concurrent;

import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Results;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;

/** Isolates: forks of the running program. */
final class Isolates {
  private static final Symbol ISOLATEP = Symbol.known("isolatep");

  private Isolates() {}

  static LispIsolate isolate(Object x) {
    if (x instanceof LispIsolate i) {
      return i;
    }
    throw LispSignal.wrongType(ISOLATEP, x);
  }

  @Primitive(
      value = "isolate-spawn",
      min = 1,
      args = "(FUNCTION &rest ARGS)",
      doc =
          "Start an isolate that calls FUNCTION with ARGS, and return the isolate.\n"
              + "It is a fork of the current one: every variable, function, object and buffer is\n"
              + "there as it is now, and what either side changes later the other never sees.\n"
              + "`isolate-join' gives what FUNCTION returns.  It ends when FUNCTION returns.")
  static Object isolateSpawn(Task t, Object[] call) {
    Tasks.isolate(t);
    CodeInAdvance.make(t, call[0]);
    LispIsolate i = new LispIsolate(t);
    i.prepareWith(Startup::forked);
    i.connectAll(t.c, call);
    i.begin(new LispFiber(i, t.currentBuffer, call.clone()));
    return i;
  }

  @Primitive(
      value = "isolate-join",
      min = 1,
      doc =
          "Wait until ISOLATE has ended and return its function's value.\n"
              + "An error that ended it is signaled as `isolate-error', and its end by a limit or\n"
              + "`isolate-kill' as `isolate-killed'.  Wait TIMEOUT seconds at most (nil: no limit),"
              + " then\n"
              + "signal `operation-timeout'.  What ISOLATE made becomes the caller's; an object of"
              + " the\n"
              + "caller comes back `eq' unless ISOLATE changed it or what it reaches.")
  static Object isolateJoin(Task t, Object isolate, Object timeout) {
    LispIsolate of = isolate(isolate);
    long nanos = Waits.nanos(timeout);
    if (of.isDone()) {
      return Results.take(t, of);
    }
    LispFiber f = Waits.waiter(t);
    if (of == f.isolate()) {
      throw LispSignal.error("An isolate cannot join itself");
    }
    if (!of.await(f)) {
      return Results.take(t, of);
    }
    return Waits.park(t, f, nanos, new Joining(of));
  }

  private static final class Joining extends NativeFrame {
    private final LispIsolate of;

    Joining(LispIsolate of) {
      this.of = of;
    }

    @Override
    public Object resume(Task t, Object woken) {
      Waits.checkTimeout(t, woken, "isolate-join");
      return Results.take(t, of);
    }
  }

  @Primitive(
      value = "isolate-kill",
      doc =
          "End ISOLATE at once, without unwinding anything in it.\n"
              + "Return nil.  Who joins it gets `isolate-killed', or, where its function has"
              + " returned and\n"
              + "only other tasks are left, the value.  The main isolate cannot be killed.")
  static Object isolateKill(Task t, Object isolate) {
    LispIsolate i = isolate(isolate);
    if (i.isMain()) {
      throw LispSignal.error("The main isolate ends with the program: use `kill-emacs'");
    }
    i.requestKill(new Results.Killed("killed"));
    t.safepoint();
    return Symbol.NIL;
  }

  @Primitive(value = "isolate-current", doc = "Return the current isolate.")
  static Object isolateCurrent(Task t) {
    return Tasks.isolate(t);
  }

  @Primitive(value = "isolatep", doc = "Return t if OBJECT is an isolate.")
  static boolean isolatep(Task t, Object object) {
    return object instanceof LispIsolate;
  }

  @Primitive(value = "isolate-name", doc = "Return the name of ISOLATE.")
  static Object isolateName(Task t, Object isolate) {
    return LispString.of(t.c, isolate(isolate).isolateName());
  }

  @Primitive(value = "isolate-live-p", doc = "Return t if ISOLATE has not ended.")
  static boolean isolateLiveP(Task t, Object isolate) {
    return !isolate(isolate).isDone();
  }

  /** For operations on what an ended isolate owned. */
  static LispSignal dead(LispIsolate i) {
    return new LispSignal(Conditions.ISOLATE_DEAD, i);
  }
}
