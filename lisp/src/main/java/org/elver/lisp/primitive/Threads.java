package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.thread.ConditionVariable;
import org.elver.lisp.thread.LispThread;
import org.elver.lisp.thread.Mutex;

/** Threads: so far only the main one; mutexes and condition variables are objects it can use. */
final class Threads {
  private static final Symbol MAIN = Symbol.known(" current-thread");
  private static final Symbol LAST_ERROR = Symbol.known(" thread-last-error");

  private Threads() {}

  static void variables(Task t) {
    LispThread main = new LispThread(t.c, Symbol.NIL);
    Vm.defvar(t, "main-thread", main);
    MAIN.setRawValue(t, main);
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

  private static void checkOwner(Task t, ConditionVariable v) {
    if (((Mutex) v.get(t.c, ConditionVariable.MUTEX)).get(t.c, Mutex.OWNER) != current(t)) {
      throw LispSignal.error("Condition variable’s mutex is not held by current thread");
    }
  }

  private static Object current(Task t) {
    return MAIN.rawValue(t);
  }

  @Primitive(value = "current-thread", doc = "Return the current thread.")
  static Object currentThread(Task t) {
    return current(t);
  }

  @Primitive(value = "all-threads", doc = "Return a list of all threads.")
  static Object allThreads(Task t) {
    return t.list(current(t));
  }

  @Primitive(
      value = "make-thread",
      min = 1,
      doc = "Start a thread that calls FUNCTION; its name is NAME.")
  static Object makeThread(Task t, Object function, Object name) {
    throw LispSignal.error("threads are not available yet");
  }

  @Primitive(value = "thread-name", doc = "Return the name of THREAD.")
  static Object threadName(Task t, Object thread) {
    return thread(thread).get(t.c, LispThread.NAME);
  }

  @Primitive(value = "thread-live-p", doc = "Return t if THREAD has not ended.")
  static Object threadLiveP(Task t, Object thread) {
    thread(thread);
    return Symbol.T;
  }

  @Primitive(value = "thread--blocker", doc = "Return what THREAD waits for, or nil.")
  static Object threadBlocker(Task t, Object thread) {
    thread(thread);
    return Symbol.NIL;
  }

  @Primitive(value = "thread-join", doc = "Wait until THREAD has ended.")
  static Object threadJoin(Task t, Object thread) {
    if (thread(thread) == current(t)) {
      throw LispSignal.error("Cannot join current thread");
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "thread-last-error",
      min = 0,
      doc = "Return the error that ended a thread last; CLEANUP non-nil: forget it.")
  static Object threadLastError(Task t, Object cleanup) {
    Object e = LAST_ERROR.rawValue(t);
    if (Lisp.isTrue(cleanup)) {
      LAST_ERROR.setRawValue(t, Symbol.NIL);
    }
    return e == Symbol.UNBOUND ? Symbol.NIL : e;
  }

  @Primitive(value = "thread-signal", doc = "Signal ERROR-SYMBOL with DATA in THREAD.")
  static Object threadSignal(Task t, Object thread, Object errorSymbol, Object data) {
    if (thread(thread) == current(t)) {
      throw LispSignal.of(errorSymbol, data);
    }
    return Symbol.NIL;
  }

  @Primitive(value = "thread-yield", doc = "Let another thread run.")
  static Object threadYield(Task t) {
    t.safepoint();
    return Symbol.NIL;
  }

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

  @Primitive(value = "mutex-lock", doc = "Wait until no other thread owns MUTEX, and own it.")
  static Object mutexLock(Task t, Object mutex) {
    Mutex m = mutex(mutex);
    m.set(t.c, Mutex.OWNER, current(t));
    m.set(t.c, Mutex.COUNT, (Long) m.get(t.c, Mutex.COUNT) + 1);
    return Symbol.NIL;
  }

  @Primitive(value = "mutex-unlock", doc = "Give up MUTEX, which the current thread owns.")
  static Object mutexUnlock(Task t, Object mutex) {
    Mutex m = mutex(mutex);
    if (m.get(t.c, Mutex.OWNER) != current(t)) {
      throw LispSignal.error("Cannot unlock mutex owned by another thread");
    }
    long n = (Long) m.get(t.c, Mutex.COUNT) - 1;
    m.set(t.c, Mutex.COUNT, n);
    if (n == 0) {
      m.set(t.c, Mutex.OWNER, Symbol.NIL);
    }
    return Symbol.NIL;
  }

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

  @Primitive(
      value = "condition-notify",
      min = 1,
      doc = "Wake a thread that waits for COND; ALL non-nil: all of them.")
  static Object conditionNotify(Task t, Object cond, Object all) {
    checkOwner(t, condition(cond));
    return Symbol.NIL;
  }

  @Primitive(value = "condition-wait", doc = "Wait for COND to be notified.")
  static Object conditionWait(Task t, Object cond) {
    checkOwner(t, condition(cond));
    throw LispSignal.error("threads are not available yet");
  }
}
