package org.elver.lisp.concurrent;

import org.elver.kernel.task.Fiber;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.Inspection;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Tasks: green threads of one isolate. */
final class Tasks {
  private static final Symbol TASKP = Symbol.known("taskp");
  private static final Symbol RUNNABLE = Symbol.known("runnable");
  private static final Symbol RUNNING = Symbol.known("running");
  private static final Symbol WAITING = Symbol.known("waiting");
  private static final Symbol DONE = Symbol.known("done");
  private static final Symbol FAILED = Symbol.known("failed");
  private static final Symbol CANCELLED = Symbol.known("cancelled");

  private Tasks() {}

  static LispFiber task(Object x) {
    if (x instanceof LispFiber f) {
      return f;
    }
    throw LispSignal.wrongType(TASKP, x);
  }

  /** The isolate of {@code t}; signals where nothing schedules it. */
  static LispIsolate isolate(Task t) {
    t.irrevocable();
    LispIsolate i = LispIsolate.of(t);
    if (i == null) {
      throw LispSignal.error("No scheduler runs this code");
    }
    return i;
  }

  /** A task of this isolate, as one must be that is joined or cancelled. */
  private static LispFiber own(Task t, Object x) {
    LispFiber f = task(x);
    if (f.isolate() != isolate(t)) {
      throw new LispSignal(Conditions.ISOLATE_DEAD, x);
    }
    return f;
  }

  @Primitive(
      value = "task-spawn",
      min = 1,
      args = "(FUNCTION &rest ARGS)",
      doc =
          "Start a task that calls FUNCTION with ARGS, and return the task.\n"
              + "It runs in the current isolate, in the current buffer, with the global values of\n"
              + "special variables.  `task-join' gives what FUNCTION returns.")
  static Object taskSpawn(Task t, Object[] call) {
    LispIsolate isolate = isolate(t);
    LispFiber f = new LispFiber(isolate, t.currentBuffer, call);
    isolate.start(f);
    return f;
  }

  @Primitive(
      value = "task-join",
      min = 1,
      doc =
          "Wait until TASK has ended and return its function's value.\n"
              + "An error that ended it is signaled again, and `task-cancelled' if it was"
              + " cancelled.\n"
              + "Wait TIMEOUT seconds at most (nil: no limit), then signal `operation-timeout'.  A"
              + " task\n"
              + "that joins itself, or one of another isolate, gets an error.")
  static Object taskJoin(Task t, Object task, Object timeout) {
    LispFiber of = own(t, task);
    long nanos = Waits.nanos(timeout);
    if (of.isDone()) {
      return result(t, of);
    }
    LispFiber f = Waits.waiter(t);
    if (of == f) {
      throw LispSignal.error("A task cannot join itself");
    }
    if (!of.await(f)) {
      return result(t, of);
    }
    return Waits.park(t, f, nanos, new Joining(of));
  }

  static final class Joining extends NativeFrame {
    private final LispFiber of;

    Joining(LispFiber of) {
      this.of = of;
    }

    @Override
    public Object resume(Task t, Object woken) {
      Waits.checkTimeout(t, woken, "task-join");
      return result(t, of);
    }
  }

  static Object result(Task t, LispFiber of) {
    if (!of.isFailed()) {
      return of.outcome();
    }
    if (of.outcome() instanceof LispFiber.Failed failed) {
      throw LispSignal.of(Lisp.car(t.c, failed.error()), Lisp.cdr(t.c, failed.error()));
    }
    throw new LispSignal(Conditions.TASK_CANCELLED);
  }

  @Primitive(
      value = "task-cancel",
      min = 1,
      doc =
          "Signal `task-cancelled' in TASK, where it waits or at its next safepoint.\n"
              + "SYMBOL and DATA, if given, are signaled instead.  `unwind-protect' forms run.\n"
              + "Return nil; nothing happens when TASK has ended.")
  static Object taskCancel(Task t, Object task, Object symbol, Object data) {
    LispFiber f = own(t, task);
    LispSignal s =
        symbol == Symbol.NIL
            ? Conditions.taskCancelled()
            : LispSignal.of(Lisp.symbol(symbol), data).asAsked();
    if (f == LispFiber.of(t)) {
      throw s;
    }
    f.cancel(s);
    return Symbol.NIL;
  }

  @Primitive(
      value = "task-yield",
      min = 0,
      doc = "Let other tasks run, and return nil.\n" + "TASK, if given and runnable, runs next.")
  static Object taskYield(Task t, Object task) {
    LispFiber next = task == Symbol.NIL ? null : own(t, task);
    LispFiber f = Waits.waiter(t);
    LispIsolate isolate = f.lispIsolate();
    Fiber.Sleep s = new Fiber.Sleep(f);
    f.beginWait(s);
    if (f.claim(s)) {
      f.wake(Symbol.NIL);
    }
    if (next != null) {
      isolate.runNext(next);
    }
    return t.park(null);
  }

  @Primitive(
      value = "task-sleep",
      doc = "Have the current task wait for SECONDS, while others run; return nil.")
  static Object taskSleep(Task t, Object seconds) {
    long nanos = Math.max(0, Waits.nanos(seconds));
    LispFiber f = Waits.waiter(t);
    Fiber.Sleep s = new Fiber.Sleep(f);
    f.beginWait(s);
    return Waits.park(t, f, nanos, Slept.FRAME);
  }

  private static final class Slept extends NativeFrame {
    static final Slept FRAME = new Slept();

    @Override
    public Object resume(Task t, Object woken) {
      return Symbol.NIL;
    }
  }

  @Primitive(value = "task-current", doc = "Return the current task.")
  static Object taskCurrent(Task t) {
    LispFiber f = LispFiber.of(t);
    return f == null ? Symbol.NIL : f;
  }

  @Primitive(value = "task-list", doc = "Return a list of the live tasks of the current isolate.")
  static Object taskList(Task t) {
    java.util.ArrayList<Object> tasks = new java.util.ArrayList<>(isolate(t).fibers());
    tasks.removeIf(f -> ((LispFiber) f).remainder() != null);
    return Lisp.list(t.c, tasks);
  }

  @Primitive(value = "taskp", doc = "Return t if OBJECT is a task.")
  static boolean taskp(Task t, Object object) {
    return object instanceof LispFiber;
  }

  @Primitive(value = "task-name", doc = "Return the name of TASK, or nil.")
  static Object taskName(Task t, Object task) {
    return task(task).lispName(t);
  }

  @Primitive(value = "task-live-p", doc = "Return t if TASK has not ended.")
  static boolean taskLiveP(Task t, Object task) {
    LispFiber f = task(task);
    return !f.isDone() && isHere(t, f);
  }

  /** Whether a task is of the isolate that asks, or that is looked at: not of one that it left. */
  private static boolean isHere(Task t, LispFiber f) {
    return f.isolate() == (t.scheduling() instanceof Inspection look ? look.owner() : isolate(t));
  }

  @Primitive(
      value = "task-state",
      doc =
          "Return the state of TASK, a symbol.\n"
              + "It is one of `runnable', `running', `waiting', `done', `failed' and `cancelled'.")
  static Object taskState(Task t, Object task) {
    LispFiber f = task(task);
    if (f.isDone()) {
      if (!f.isFailed()) {
        return DONE;
      }
      return f.outcome() instanceof LispFiber.Failed e
              && Lisp.car(t.c, e.error()) != Conditions.TASK_CANCELLED
          ? FAILED
          : CANCELLED;
    }
    if (!isHere(t, f)) {
      return CANCELLED; // It was not inherited.
    }
    if (f == LispFiber.of(t)) {
      return RUNNING;
    }
    return f.isWaiting() ? WAITING : RUNNABLE;
  }

  @Primitive(
      value = "task-foreign-frames",
      doc =
          "Return how many frames of Java are on the stack of TASK.\n"
              + "A task that waits with such frames keeps a thread of the system.")
  static Object taskForeignFrames(Task t, Object task) {
    LispFiber f = task(task);
    return (long) (f == LispFiber.of(t) ? t.foreignFrames() : f.foreignFrames());
  }

  @Primitive(
      value = "task-set-priority",
      doc =
          "Set the priority of TASK to N, and return N.\n"
              + "Tasks of higher priority run first, but none starves.  It is 0 at first.")
  static Object taskSetPriority(Task t, Object task, Object n) {
    own(t, task).setPriority(Lisp.intValue(n));
    return n;
  }
}
