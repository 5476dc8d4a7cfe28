package org.elver.lisp.concurrent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.elver.heap.version.HeapObject;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Waiter;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.machine.BindingFrame;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.thread.ConditionVariable;
import org.elver.lisp.thread.LispThread;
import org.elver.lisp.thread.Mutex;

/**
 * Emacs's threads, which are tasks that switch among themselves only where GNU Emacs may ({@link
 * LispFiber#isThread}); mutexes and condition variables, which any task may use. A mutex belongs to
 * a task: in a fork, where that is none, it is free.
 */
final class Threads {
  private static final Symbol MAIN = Symbol.known(" main-thread");
  private static final Symbol EVENTS = Symbol.known(" thread-events");
  private static final Symbol EVENT = Symbol.known("thread-event");

  private Threads() {}

  static void variables(Task t) {
    LispThread main = new LispThread(t.c, Symbol.NIL, null, false);
    Vm.defvar(t, "main-thread", main);
    MAIN.setRawValue(t, main);
    EVENTS.setRawValue(t, Symbol.NIL);
  }

  private static LispThread thread(Object x) {
    if (x instanceof LispThread th) {
      return th;
    }
    throw LispSignal.wrongType(Q.THREADP, x);
  }

  private static Mutex mutex(Object x) {
    if (x instanceof Mutex m) {
      return m;
    }
    throw LispSignal.wrongType(Q.MUTEXP, x);
  }

  private static ConditionVariable condition(Object x) {
    if (x instanceof ConditionVariable v) {
      return v;
    }
    throw LispSignal.wrongType(Symbol.known("condition-variable-p"), x);
  }

  /** The running task as a thread. */
  private static LispThread current(Task t) {
    LispFiber f = LispFiber.of(t);
    if (f == null || f == f.lispIsolate().root() || f.remainder() != null) {
      return (LispThread) MAIN.rawValue(t);
    }
    if (f.thread() == null) {
      f.setThread(new LispThread(t.c, f.lispName(t), f, false));
    }
    return f.thread();
  }

  /** The task of a thread; null when it is none of this isolate's. */
  private static LispFiber fiber(Task t, LispThread th) {
    LispIsolate isolate = LispIsolate.of(t);
    if (th.task() == null) {
      return isolate == null ? null : isolate.root();
    }
    LispFiber f = (LispFiber) th.task();
    return f.isolate() == isolate ? f : null;
  }

  private static boolean isLive(Task t, LispThread th) {
    LispFiber f = fiber(t, th);
    return f == null ? th.task() == null : !f.isDone();
  }

  // ---- Threads ------------------------------------------------------------------------------

  @Primitive(value = "current-thread", doc = "Return the current thread.")
  static Object currentThread(Task t) {
    return current(t);
  }

  @Primitive(value = "all-threads", doc = "Return a list of the live threads, the main one first.")
  static Object allThreads(Task t) {
    java.util.List<Object> all = new java.util.ArrayList<>();
    all.add(MAIN.rawValue(t));
    LispIsolate isolate = LispIsolate.of(t);
    if (isolate != null) {
      for (Fiber f : isolate.fibers()) {
        LispThread th = ((LispFiber) f).thread();
        if (th != null && th.isListed() && !f.isDone()) {
          all.add(th);
        }
      }
    }
    return Lisp.list(t.c, all);
  }

  @Primitive(
      value = "make-thread",
      min = 1,
      doc =
          "Start a thread that calls FUNCTION; its name is NAME.\n"
              + "It runs when others wait or yield: see `thread-yield'.")
  static Object makeThread(Task t, Object function, Object name) {
    if (Lisp.isTrue(name)) {
      Lisp.string(name);
    }
    LispIsolate isolate = Tasks.isolate(t);
    LispFiber f = new LispFiber(isolate, t.currentBuffer, function);
    LispThread th = new LispThread(t.c, name, f, true);
    f.setThread(th);
    isolate.start(f);
    return th;
  }

  @Primitive(value = "thread-name", doc = "Return the name of THREAD.")
  static Object threadName(Task t, Object thread) {
    return thread(thread).get(t.c, LispThread.NAME);
  }

  @Primitive(value = "thread-live-p", doc = "Return t if THREAD has not ended.")
  static boolean threadLiveP(Task t, Object thread) {
    return isLive(t, thread(thread));
  }

  @Primitive(value = "thread--blocker", doc = "Return what THREAD waits for, or nil.")
  static Object threadBlocker(Task t, Object thread) {
    LispThread th = thread(thread);
    return isLive(t, th) ? th.get(t.c, LispThread.BLOCKER) : Symbol.NIL;
  }

  /** Notes what the running thread waits for; or nil. */
  private static void block(Task t, Object blocker) {
    current(t).set(t.c, LispThread.BLOCKER, blocker);
  }

  @Primitive(
      value = "thread-join",
      doc =
          "Wait until THREAD has ended and return its function's value.\n"
              + "An error that ended it is signaled.")
  static Object threadJoin(Task t, Object thread) {
    LispThread th = thread(thread);
    if (th == current(t)) {
      throw LispSignal.error("Cannot join current thread");
    }
    LispFiber of = fiber(t, th);
    if (of == null) {
      throw new LispSignal(Conditions.ISOLATE_DEAD, th);
    }
    if (of.isDone()) {
      return Tasks.result(t, of);
    }
    LispFiber f = Waits.waiter(t);
    if (!of.await(f)) {
      return Tasks.result(t, of);
    }
    block(t, th);
    t.onUnbind(Unblock.ONE);
    return Waits.park(t, f, -1, new Joining(of, t.bindingMark() - 2));
  }

  /** The thread waits no longer, however that has come. */
  private record Unblock() implements Cleanup {
    static final Unblock ONE = new Unblock();

    @Override
    public void run(Task t) {
      block(t, Symbol.NIL);
    }
  }

  private static final class Joining extends BindingFrame {
    private final LispFiber of;

    Joining(LispFiber of, int mark) {
      super(mark);
      this.of = of;
    }

    @Override
    public Object resume(Task t, Object woken) {
      unbind(t);
      return Tasks.result(t, of);
    }
  }

  @Primitive(
      value = "thread-last-error",
      min = 0,
      doc = "Return the error that ended a thread last; CLEANUP non-nil: forget it.")
  static Object threadLastError(Task t, Object cleanup) {
    Object e = LispThread.LAST_ERROR.rawValue(t);
    if (Lisp.isTrue(cleanup)) {
      LispThread.LAST_ERROR.setRawValue(t, Symbol.NIL);
    }
    return e == Symbol.UNBOUND ? Symbol.NIL : e;
  }

  @Primitive(
      value = "thread-signal",
      doc =
          "Signal ERROR-SYMBOL with DATA in THREAD, also where it waits.\n"
              + "In the main thread no error is signaled: it says so when it reads events.")
  static Object threadSignal(Task t, Object thread, Object errorSymbol, Object data) {
    LispThread th = thread(thread);
    Lisp.symbol(errorSymbol);
    if (th == current(t)) {
      throw LispSignal.of(errorSymbol, data);
    }
    if (th.task() == null) {
      Object event = t.list(EVENT, current(t), errorSymbol, data);
      java.util.List<Object> events = Lisp.elements(t.c, Variables.orNil(t, EVENTS));
      events.add(event);
      EVENTS.setRawValue(t, Lisp.list(t.c, events));
      return Symbol.NIL;
    }
    LispFiber f = fiber(t, th);
    if (f != null && !f.isDone()) {
      f.cancel(LispSignal.of(errorSymbol, data).asAsked());
    }
    return Symbol.NIL;
  }

  @Primitive(value = "thread-yield", doc = "Let other threads, and tasks, run.")
  static Object threadYield(Task t) {
    if (LispFiber.of(t) == null) {
      return Symbol.NIL;
    }
    return Tasks.taskYield(t, Symbol.NIL);
  }

  // ---- Mutexes ------------------------------------------------------------------------------

  @Primitive(value = "make-mutex", min = 0, doc = "Return a new mutex, with NAME.")
  static Object makeMutex(Task t, Object name) {
    if (Lisp.isTrue(name)) {
      Lisp.string(name);
    }
    return new Mutex(t.c, name, Symbol.NIL, 0L);
  }

  @Primitive(value = "mutex-name", doc = "Return the name of MUTEX.")
  static Object mutexName(Task t, Object mutex) {
    return mutex(mutex).get(t.c, Mutex.NAME);
  }

  /** The running task; before anything schedules it, something that stands for it. */
  private static Object owner(Task t) {
    LispFiber f = LispFiber.of(t);
    return f == null ? Symbol.T : f;
  }

  /** Who owns a mutex; null: nobody in this isolate. */
  private static Object owner(Task t, Mutex m) {
    Object owner = m.get(t.c, Mutex.OWNER);
    LispFiber me = LispFiber.of(t);
    return owner == Symbol.NIL
            || (owner instanceof LispFiber f && (me == null || f.isolate() != me.isolate()))
        ? null
        : owner;
  }

  /** Takes a mutex {@code n} times more, if it is free or the task's. */
  private static boolean take(Task t, Mutex m, long n) {
    Object owner = owner(t, m);
    Object me = owner(t);
    if (owner != null && owner != me) {
      return false;
    }
    m.set(t.c, Mutex.COUNT, (owner == null ? 0 : (Long) m.get(t.c, Mutex.COUNT)) + n);
    m.set(t.c, Mutex.OWNER, me);
    return true;
  }

  /** Gives a mutex up {@code n} times. */
  private static void giveUp(Task t, Mutex m, long n) {
    long left = (Long) m.get(t.c, Mutex.COUNT) - n;
    m.set(t.c, Mutex.COUNT, left);
    if (left == 0) {
      m.set(t.c, Mutex.OWNER, Symbol.NIL);
      wakeOne(t, m);
    }
  }

  @Primitive(value = "mutex-lock", doc = "Wait until no other thread owns MUTEX, and own it.")
  static Object mutexLock(Task t, Object mutex) {
    Mutex m = mutex(mutex);
    if (take(t, m, 1)) {
      return Symbol.NIL;
    }
    LispFiber f = Waits.waiter(t);
    queue(m, f);
    block(t, m);
    t.onUnbind(Unblock.ONE);
    return t.park(new Locking(m, t.bindingMark() - 2));
  }

  private static final class Locking extends BindingFrame {
    private final Mutex m;

    Locking(Mutex m, int mark) {
      super(mark);
      this.m = m;
    }

    @Override
    public Object resume(Task t, Object woken) {
      LispFiber f = LispFiber.of(t);
      if (f.isCancelRequested()) {
        wakeOne(t, m); // It is not this one that goes on.
        throw f.cancellation(t);
      }
      if (!take(t, m, 1)) {
        queue(m, f);
        return t.park(this);
      }
      unbind(t);
      return Symbol.NIL;
    }
  }

  @Primitive(value = "mutex-unlock", doc = "Give up MUTEX, which the current thread owns.")
  static Object mutexUnlock(Task t, Object mutex) {
    Mutex m = mutex(mutex);
    if (owner(t, m) != owner(t)) {
      throw LispSignal.error("Cannot unlock mutex owned by another thread");
    }
    giveUp(t, m, 1);
    return Symbol.NIL;
  }

  // ---- Queues -------------------------------------------------------------------------------

  /** Has {@code f}, the running one, wait for a mutex or condition variable. */
  private static void queue(HeapObject what, LispFiber f) {
    Queued q = new Queued(f, what);
    f.beginWait(q);
    if (f.waitsFor(q)) {
      f.lispIsolate().queues().computeIfAbsent(what, w -> new ArrayDeque<>()).add(q);
    }
  }

  /** A place in such a queue. */
  private static final class Queued extends Waiter {
    private final HeapObject what;

    Queued(LispFiber f, HeapObject what) {
      super(f);
      this.what = what;
    }

    /** By the runner of its isolate: nothing but what that does ends such a wait. */
    @Override
    public void withdraw() {
      var queues = ((LispFiber) fiber).lispIsolate().queues();
      Deque<Waiter> q = queues.get(what);
      if (q != null && q.remove(this) && q.isEmpty()) {
        queues.remove(what);
      }
    }
  }

  /** Wakes who has waited longest. */
  private static boolean wakeOne(Task t, HeapObject what) {
    LispIsolate isolate = LispIsolate.of(t);
    Deque<Waiter> q = isolate == null ? null : isolate.queues().get(what);
    if (q == null) {
      return false;
    }
    boolean woken = false;
    while (!woken && !q.isEmpty()) {
      Waiter s = q.remove();
      if (s.fiber.claim(s)) {
        s.fiber.wake(Symbol.NIL);
        woken = true;
      }
    }
    if (q.isEmpty()) {
      isolate.queues().remove(what);
    }
    return woken;
  }

  // ---- Condition variables ------------------------------------------------------------------

  @Primitive(
      value = "make-condition-variable",
      min = 1,
      doc = "Return a new condition variable for MUTEX, with NAME.")
  static Object makeConditionVariable(Task t, Object mutex, Object name) {
    if (Lisp.isTrue(name)) {
      Lisp.string(name);
    }
    return new ConditionVariable(t.c, mutex(mutex), name);
  }

  @Primitive(value = "condition-mutex", doc = "Return the mutex of COND.")
  static Object conditionMutex(Task t, Object cond) {
    return condition(cond).get(t.c, ConditionVariable.MUTEX);
  }

  @Primitive(value = "condition-name", doc = "Return the name of COND.")
  static Object conditionName(Task t, Object cond) {
    return condition(cond).get(t.c, ConditionVariable.NAME);
  }

  private static Mutex owned(Task t, ConditionVariable v) {
    Mutex m = (Mutex) v.get(t.c, ConditionVariable.MUTEX);
    if (owner(t, m) != owner(t)) {
      throw LispSignal.error("Condition variable’s mutex is not held by current thread");
    }
    return m;
  }

  @Primitive(
      value = "condition-notify",
      min = 1,
      doc = "Wake a thread that waits for COND; ALL non-nil: all of them.")
  static Object conditionNotify(Task t, Object cond, Object all) {
    ConditionVariable v = condition(cond);
    owned(t, v);
    boolean woken = wakeOne(t, v);
    while (woken && Lisp.isTrue(all)) {
      woken = wakeOne(t, v);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "condition-wait",
      doc =
          "Give up the mutex of COND, wait until COND is notified, and own the mutex again.\n"
              + "An error that `thread-signal' signals meanwhile comes when it is owned again.")
  static Object conditionWait(Task t, Object cond) {
    ConditionVariable v = condition(cond);
    Mutex m = owned(t, v);
    LispFiber f = Waits.waiter(t);
    long n = (Long) m.get(t.c, Mutex.COUNT);
    int mark = t.bindingMark();
    queue(v, f);
    giveUp(t, m, n);
    block(t, v);
    t.onUnbind(new Relock(m, n));
    return t.park(new Waiting(m, n, mark));
  }

  /** However the wait ends, the mutex is the task's again. */
  private record Relock(Mutex m, long n) implements Cleanup {
    @Override
    public void run(Task t) {
      if (owner(t, m) != owner(t)) {
        LispFiber f = LispFiber.of(t);
        List<LispSignal> later = new ArrayList<>();
        while (!take(t, m, n)) {
          queue(m, f);
          if (t.scheduling().waitHere(t) instanceof LispSignal s) {
            later.add(s); // It is heard when the mutex is owned.
          }
        }
        later.forEach(f::cancel);
      }
      block(t, Symbol.NIL);
    }
  }

  private static final class Waiting extends BindingFrame {
    private final Mutex m;
    private final long n;

    Waiting(Mutex m, long n, int mark) {
      super(mark);
      this.m = m;
      this.n = n;
    }

    @Override
    public Object resume(Task t, Object woken) {
      if (!take(t, m, n)) {
        LispFiber f = LispFiber.of(t);
        queue(m, f);
        return t.park(this);
      }
      unbind(t);
      return Symbol.NIL;
    }
  }
}
