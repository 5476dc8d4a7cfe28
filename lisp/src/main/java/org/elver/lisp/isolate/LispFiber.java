package org.elver.lisp.isolate;

import java.util.function.Consumer;
import org.elver.heap.object.Pair;
import org.elver.heap.version.HeapObject;
import org.elver.kernel.task.Fiber;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Captured;
import org.elver.lisp.machine.Continuation;
import org.elver.lisp.machine.LispThrow;
import org.elver.lisp.machine.Scheduling;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Stacks;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferList;
import org.elver.lisp.thread.LispThread;

/**
 * A task, as its isolate schedules it and as Lisp sees it. While it runs it has the isolate's
 * machine ({@link Task}); while it waits it is two arrays: the contents of the machine's stacks;
 * or, if it is switched often, it has a machine of its own, and waits in that.
 *
 * <pre>
 * values            numbers    held         means
 * the call          null       null         it has not been started
 * null              any        null         it runs, or has ended
 * null              any        a machine    it waits with Java frames on its stack
 * stacks' contents  the rest   null         it waits
 * its own machine   old ones   null         it waits, if that is parked; otherwise it runs
 * its own machine   old ones   the same     it waits with Java frames on its stack
 * </pre>
 */
public final class LispFiber extends Fiber implements Continuation, Scheduling, Typed, Printable {
  private static final Symbol TYPE = Symbol.known("task");
  private static final Symbol COMMAND_LOOP = Symbol.known("internal--command-loop");

  /**
   * Why a task failed: the condition, as an object of its isolate, and where it was signaled; for
   * an isolate's first task, the condition's message too.
   */
  public record Failed(Object error, String backtrace, String message) {
    Failed(Object error, String backtrace) {
      this(error, backtrace, null);
    }
  }

  /** What a task is to call, made when it starts: given in place of the call. */
  public interface Message {
    /** The function and its arguments, as values of the isolate that {@code t} runs. */
    Object[] open(Task t);
  }

  /**
   * Before the start: the function and its arguments; then what the stacks held, or the machine of
   * its own; null: it runs in the isolate's, or has ended.
   */
  private Object values;

  /** Null before the start. */
  private int[] numbers;

  private HeapObject currentBuffer;
  private Object matchData;

  /** The machine, while it waits with Java frames on it. */
  Task held;

  /**
   * A task of {@code isolate} that will call {@code call[0]} with the rest.
   *
   * @param currentBuffer null: any
   */
  public LispFiber(LispIsolate isolate, HeapObject currentBuffer, Object... call) {
    super(isolate);
    this.currentBuffer = currentBuffer;
    this.values = call;
  }

  /** Whose it is. */
  public LispIsolate lispIsolate() {
    return (LispIsolate) isolate();
  }

  /** The task that runs {@code t}; null when nothing schedules it. */
  public static LispFiber of(Task t) {
    return t.scheduling() instanceof LispFiber f ? f : null;
  }

  /** Whether it has been started. */
  public boolean isStarted() {
    return numbers != null || values == null;
  }

  // ---- Running ------------------------------------------------------------------------------

  @Override
  protected Step run() {
    LispIsolate isolate = lispIsolate();
    Task t;
    if (values instanceof Task own) {
      t = isolate.use(own);
    } else {
      t = isolate.useShared();
      t.setScheduling(this);
    }
    isolate.goesOn(this);
    boolean bound = isolate.takeBindings(this, t);
    Object v;
    try {
      v = goOnFromTopLevel(t, isolate, bound);
    } catch (LispSignal s) {
      if (t.isDead()) {
        throw s;
      }
      if (isolate.running().scheduling() != this) {
        return leftTo(isolate.running(), s);
      }
      return failed(isolate.running(), s);
    } catch (LispThrow e) {
      LispSignal s = new LispSignal(Q.NO_CATCH, e.tag(), e.value());
      Task now = isolate.running();
      return now.scheduling() != this ? leftTo(now, s) : failed(now, s);
    } catch (Shutdown s) {
      drop(isolate.running());
      isolate.running().abandon();
      return isolate.shutdown(this, s);
    }
    // The machine may be another one now than at the beginning: see waitHere.
    t = isolate.running();
    if (t.scheduling() != this) {
      return leftTo(t, null);
    }
    if (v == Task.SUSPENDED) {
      boolean yielded = t.isYielded();
      if (leave(t, isolate)) {
        isolate.leaveBindings(this);
      }
      return yielded ? Step.YIELDED : Step.WAITING;
    }
    drop(t);
    t.abandon();
    t.setScheduling(null);
    complete(v);
    return Step.ENDED;
  }

  /** It waits: what it is in the middle of comes off the machine; true: it has dynamic bindings. */
  private boolean leave(Task t, LispIsolate isolate) {
    if (!t.isOwn()) {
      t.setScheduling(null);
      return Captured.capture(t, this);
    }
    boolean bound = t.park();
    if (t.isLarge()) {
      isolate.giveUp(t);
    }
    return bound;
  }

  /** It has come to its end, and had {@code t} for itself perhaps. */
  private void drop(Task t) {
    lispIsolate().dropOwn(t);
    values = null;
  }

  /**
   * This fiber went on elsewhere: what was above some frame of it was left on this Java stack as
   * another fiber, which has come to its end.
   */
  private static Step leftTo(Task t, LispSignal error) {
    LispFiber other = (LispFiber) t.scheduling();
    Object e = error == null ? null : t.cons(error.symbol(), error.data(t.c));
    Bindings.swapOut(t);
    other.drop(t);
    t.abandon();
    t.setScheduling(null);
    ((Remainder) other.role).ended(other, e == null ? null : new Failed(e, error.backtrace()));
    other.complete(Symbol.NIL);
    other.isolate().retire(other);
    return Step.ENDED;
  }

  /** What remained on a Java stack when a fiber went on elsewhere. */
  public interface Remainder {
    /** It has come to its end; {@code error}: with that, or null. */
    void ended(LispFiber fiber, Failed error);
  }

  /** A {@link Remainder}; or what it is as a thread of Emacs's; or null. */
  private Object role;

  /** Why it is no task that Lisp has made; or null. */
  public Remainder remainder() {
    return role instanceof Remainder r ? r : null;
  }

  /** The object that it is as a thread; null: none has been made. */
  public LispThread thread() {
    return role instanceof LispThread th ? th : null;
  }

  /** Says what it is as a thread. */
  public void setThread(LispThread th) {
    role = th;
  }

  /**
   * Whether it was made as a thread, or is the isolate's first task: these switch among themselves
   * only where GNU Emacs may.
   */
  public boolean isThread() {
    return this == lispIsolate().root() || (role instanceof LispThread th && th.isListed());
  }

  /** A fiber that is what remains on the Java stack of the running one, which goes on elsewhere. */
  public static LispFiber remaining(Task t, Remainder r) {
    LispFiber from = of(t);
    LispFiber f = new LispFiber(from.lispIsolate(), null);
    f.values = null;
    f.role = r;
    from.isolate().adopt(f);
    t.setScheduling(f);
    return f;
  }

  /** Begins or goes on; after a throw to {@code top-level}, as the program does then. */
  private Object goOnFromTopLevel(Task t, LispIsolate isolate, boolean bound) {
    boolean left = false;
    for (; ; ) {
      try {
        if (left) {
          return isolate.running().start(COMMAND_LOOP);
        }
        return numbers == null ? begin(t, isolate) : goOn(t, bound);
      } catch (LispThrow thrown) {
        if (!catchesTopLevel()) {
          throw thrown; // To a catch of who has forked the isolate.
        }
        left = true;
      }
    }
  }

  /**
   * The program reads and runs commands when what it was begun with has been left by a throw, and
   * each time that such a command has.
   */
  @Override
  public boolean catchesTopLevel() {
    return this == lispIsolate().root() && lispIsolate().isMain();
  }

  private Object begin(Task t, LispIsolate isolate) {
    Object[] call = (Object[]) values;
    values = null;
    Stacks.useLent(t);
    t.currentBuffer = currentBuffer;
    t.matchData = matchData;
    currentBuffer = null;
    isolate.prepare(this, t);
    if (isCancelRequested()) {
      throw cancellation(t);
    }
    if (t.currentBuffer == null) {
      anyBuffer(t).select(t);
    }
    if (call[0] instanceof Message m) {
      if (isolate.root().isDone()) {
        throw Conditions.taskCancelled(); // It came when the isolate was ending.
      }
      call = m.open(t);
    }
    return t.startCall(call);
  }

  static Buffer anyBuffer(Task t) {
    Buffer b = BufferList.find(t, "*scratch*");
    if (b == null && BufferList.all(t) instanceof Pair p) {
      b = (Buffer) p.first(t.c);
    }
    return b != null ? b : BufferList.create(t, LispString.of(t.c, "*scratch*"));
  }

  private Object goOn(Task t, boolean bound) {
    Task m = t;
    if (values == t) {
      t.unpark();
    } else {
      m = restore(t, (Object[]) values);
    }
    if (!bound) {
      Bindings.swapIn(m);
    }
    Object woken = takeWakeup();
    if (isCancelRequested()) {
      m.attend(); // What it was woken with comes first, so that it is not lost.
    }
    return m.resume(woken);
  }

  /**
   * Goes back to what was captured: in a machine of its own from now on, if that is so often.
   *
   * @return the machine that it goes on in
   */
  private Task restore(Task shared, Object[] captured) {
    Task t = shared;
    values = null;
    if (++waits < OFTEN) {
      Stacks.useLent(t);
    } else {
      waits = 0;
      Task own = lispIsolate().admit(t, this, captured.length);
      if (own == null) {
        Stacks.useLent(t);
      } else {
        t.setScheduling(null);
        t = lispIsolate().use(own);
        t.setScheduling(this);
        values = t;
      }
    }
    Captured.restore(t, captured, numbers, currentBuffer, matchData);
    return t;
  }

  /** After so many waits a task gets a machine of its own, if not too many have one. */
  private static final int OFTEN = 8;

  /** How often it has gone on from what was captured since it last might have got a machine. */
  private byte waits;

  private Step failed(Task t, LispSignal s) {
    Object symbol = s.symbol();
    Object error = symbol == Symbol.NIL ? s.data(t.c) : t.cons(symbol, s.data(t.c));
    if (thread() != null) {
      LispThread.LAST_ERROR.setRawValue(t, error);
    }
    drop(t);
    t.abandon();
    t.setScheduling(null); // Whatever Lisp code words the message cannot be suspended.
    String message =
        lispIsolate().isMain() || this != lispIsolate().root() ? null : Traces.message(t, error);
    fail(new Failed(error, s.backtrace(), message));
    return Step.ENDED;
  }

  @Override
  public void outOfMemory() {
    lispIsolate().outOfMemory();
  }

  @Override
  public <T> T inPlaceOf(Class<T> service) {
    return lispIsolate().inPlaceOf(service);
  }

  @Override
  public void unhandled(Task t, LispSignal s) {
    if (s.backtrace() == null
        && this == lispIsolate().root()
        && s.symbol() != Conditions.TASK_CANCELLED) {
      s.setBacktrace(Traces.backtrace(t));
    }
  }

  @Override
  public void setContinuation(Object[] v, int[] n, HeapObject buffer, Object match) {
    values = v;
    numbers = n;
    currentBuffer = buffer;
    matchData = match;
  }

  @Override
  public int[] oldNumbers() {
    return numbers;
  }

  // ---- Scheduling ---------------------------------------------------------------------------

  @Override
  public boolean attend(Task t) {
    LispIsolate isolate = lispIsolate();
    isolate.serve();
    if (isolate.killReason() != null) {
      if (t.isSuspendable()) {
        return true; // Never to go on.
      }
      throw new Shutdown(LispIsolate.KILLED);
    }
    isolate.checkMemory(t);
    if (isolate.killReason() != null) {
      return attend(t);
    }
    if (isCancelRequested()) {
      throw cancellation(t);
    }
    if (isolate.makesRoom(critical > 0)) {
      isolate.preempted(this);
      return true;
    }
    return false;
  }

  /** What it is cancelled with, as somebody has asked for; the next one comes at a safepoint. */
  public LispSignal cancellation(Task t) {
    LispSignal s = (LispSignal) takeCancel();
    if (isCancelRequested()) {
      t.attend();
    }
    return s;
  }

  /** Who is cancelled twice at once, without more being said, is cancelled. */
  @Override
  protected boolean sameReason(Object a, Object b) {
    return ((LispSignal) a).symbol() == Conditions.TASK_CANCELLED
        && ((LispSignal) b).symbol() == Conditions.TASK_CANCELLED;
  }

  @Override
  public void irrevocable(Task t) {
    lispIsolate().irrevocable();
  }

  @Override
  public void yieldHere(Task t) {
    lispIsolate().hold(this, t);
    Bindings.swapOut(t);
    yieldHere();
    goesOnHere(t);
  }

  @Override
  public Object waitHere(Task t) {
    lispIsolate().hold(this, t);
    Bindings.swapOut(t);
    Object v = waitHere();
    goesOnHere(t);
    return v;
  }

  private void goesOnHere(Task t) {
    LispIsolate isolate = lispIsolate();
    isolate.goesOn(this);
    isolate.takeBindings(null, t);
    Bindings.swapIn(t);
    if (isCancelRequested()) {
      t.attend(); // Who asked for it found another machine running.
    }
  }

  /** What its outermost binding of {@code s} hides, while it waits; null: nothing. */
  Object hiddenValue(Symbol s) {
    if (values == null || numbers == null) {
      return null;
    }
    return values instanceof Task own
        ? own.isParked() ? own.hiddenValueOf(s) : null
        : Captured.hiddenValue((Object[]) values, numbers, s);
  }

  /** Takes back its dynamic bindings, which are in effect though it waits. */
  void swapOut(Task t) {
    if (values instanceof Task own) {
      own.swapOut(t);
    } else {
      Captured.swapOut(t, (Object[]) values, numbers);
    }
  }

  @Override
  public boolean catchesOutside(Object tag) {
    return this == lispIsolate().root() && lispIsolate().throwsOutside(tag);
  }

  @Override
  public boolean mayWait() {
    return critical == 0;
  }

  @Override
  public void prepare(long nanos, Consumer<Runnable> source) {
    Sleep s = new Sleep(this);
    beginWait(s);
    timeout(s, nanos);
    source.accept(
        () -> {
          if (claim(s)) {
            wake(null);
          }
        });
  }

  // ---- Waiting forbidden --------------------------------------------------------------------

  /** How many extents it is in that forbid waiting and preemption; its runner's. */
  private short critical;

  /** Whether it is where waiting is an error. */
  public boolean isWaitForbidden() {
    return critical > 0;
  }

  /** Enters (1) or leaves (-1) an extent without preemption. */
  public void addCritical(int n) {
    if (critical == Short.MAX_VALUE && n > 0) {
      throw LispSignal.error("Too many extents in which waiting is forbidden");
    }
    critical = (short) (critical + n);
  }

  /** Shows {@code action} what it waits with. By the isolate's runner. */
  void forEachRoot(java.util.function.Consumer<Object> action) {
    if (held != null) {
      held.forEachRoot(action);
    }
    if (values instanceof Task own) {
      own.forEachRoot(action);
    } else if (values instanceof Object[] v) {
      for (Object x : v) {
        action.accept(x);
      }
    }
    action.accept(isDone() ? outcome() : null);
  }

  /** How many foreign frames it waits on. */
  public int foreignFrames() {
    Task t = held;
    return t == null ? 0 : t.foreignFrames();
  }

  // ---- As an object -------------------------------------------------------------------------

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    String name = name();
    return "#<task " + (name != null ? name : "0x" + Integer.toHexString(hashCode())) + ">";
  }

  /** The name as a Lisp string, or nil. */
  public Object lispName(Task t) {
    String name = name();
    return name == null ? Symbol.NIL : LispString.of(t.c, name);
  }
}
