package org.elver.kernel.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A green thread of an isolate. What it is in the middle of is its language's: {@link #run} goes on
 * with it until it ends, waits or yields.
 *
 * <pre>
 * status     is in                          goes to
 * RUNNABLE   its isolate's queue or inbox   RUNNING, when the isolate's runner picks it
 * RUNNING    run()                          WAITING, RUNNABLE (yielded) or ENDED
 * WAITING    what it waits for              RUNNABLE, when somebody claims its token and wakes it
 * ENDED      nothing
 * </pre>
 *
 * <p>Kept small: a million of them wait at once.
 */
public abstract class Fiber extends Completion {
  /** What {@link #run} returns. */
  public enum Step {
    /** It has ended, and is complete. */
    ENDED,
    /** It waits: {@link #beginWait} has been called. */
    WAITING,
    /** It could go on, and lets others run first. */
    YIELDED
  }

  /** What a fiber may be woken with that leaves it something to do. */
  public interface Unfinished {
    /** Does it in its place: the fiber will not go on. By its runner. */
    void finish();
  }

  /** What a fiber is woken with when the time it would wait is over. */
  public static final Object TIMEOUT = new Object();

  private static final VarHandle WAIT;

  static {
    try {
      WAIT = MethodHandles.lookup().findVarHandle(Fiber.class, "wait", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Isolate isolate;

  /**
   * The token of the present wait; null: none. Set by the fiber's runner before anybody else can
   * know of the wait: what publishes the registration orders it. Taken by compare-and-set by
   * whoever ends it, who alone may then wake it; plainly where only the runner can ({@link
   * #claimHere}).
   */
  private volatile Object wait;

  /** What the fiber was woken with. Written by who claimed the wait; read after the queue. */
  private Object wakeup;

  /** In the run queue (the runner's) or inbox (see there) of the isolate. */
  Fiber next;

  // The list of the isolate's live fibers; the runner's.
  Fiber newer;
  Fiber older;

  /** What few fibers have; null for others. Written by the runner, or before the fiber starts. */
  private volatile Extras extras;

  /** Rare properties. */
  private static final class Extras {
    /** Why it is to end: what it gets to know next; null: nobody has asked. Set under the lock. */
    volatile Object cancel;

    /** What it gets to know after that; null when nothing. Under the lock of this object. */
    private ArrayDeque<Object> later;

    volatile int priority;
    volatile String name;

    /** What ends the wait when its time is over, and what is registered for the wait then. */
    Future<?> timer;

    Waiter timed;
    Worker anchor;

    /** One more reason to end, unless {@code fiber} takes one that is there for the same. */
    synchronized void add(Object reason, Fiber fiber) {
      if (cancel == null) {
        cancel = reason;
        return;
      }
      if (fiber.sameReason(cancel, reason)) {
        return;
      }
      if (later == null) {
        later = new ArrayDeque<>(1);
      }
      for (Object r : later) {
        if (fiber.sameReason(r, reason)) {
          return;
        }
      }
      later.add(reason);
    }

    /** The first reason, taken away; null: none. */
    synchronized Object take() {
      Object first = cancel;
      cancel = later == null ? null : later.poll();
      return first;
    }
  }

  protected Fiber(Isolate isolate) {
    this.isolate = isolate;
  }

  /** Whose it is. */
  public final Isolate isolate() {
    return isolate;
  }

  /** Starts or goes on; called by the isolate's runner. */
  protected abstract Step run();

  // ---- Waiting ------------------------------------------------------------------------------

  /** The running fiber is about to wait, under {@code token}; then it registers, and returns. */
  public final void beginWait(Object token) {
    WAIT.setRelease(this, token);
    Extras e = extras;
    if (e != null && e.cancel != null && claim(token)) {
      // Not registered yet: nothing to withdraw.
      wake(takeCancel());
    }
  }

  /** Whether the caller is the one who ends the wait under {@code token}. Any thread. */
  public final boolean claim(Object token) {
    return wait == token && WAIT.compareAndSet(this, token, null);
  }

  /**
   * As {@link #claim}, by the runner of the fiber's isolate, for what is registered only with
   * things of that isolate's own: then only a timer may claim it at the same time.
   */
  public final boolean claimHere(Object token) {
    if (wait != token) {
      return false;
    }
    if (isTimed()) {
      return claim(token);
    }
    WAIT.set(this, null);
    return true;
  }

  /** Whether time may end its present wait. By the runner of its isolate. */
  public final boolean isTimed() {
    Extras e = extras;
    return e != null && e.timer != null;
  }

  /** Whether a wait under {@code token} is still on. */
  public final boolean waitsFor(Object token) {
    return wait == token;
  }

  /** The token of the present wait, or null. */
  public final Object waitToken() {
    return wait;
  }

  /** Whether it waits. */
  public final boolean isWaiting() {
    return wait != null;
  }

  /** Makes it runnable, with what it waited for; by who has claimed its wait. Any thread. */
  public final void wake(Object value) {
    wakeup = value;
    isolate.makeRunnable(this);
  }

  /** As {@link #wake}, by the runner of the fiber's isolate. */
  public final void wakeHere(Object value) {
    wakeup = value;
    isolate.insert(this);
  }

  /** What it was woken with; once. By its runner. */
  public final Object takeWakeup() {
    Object v = wakeup;
    wakeup = null;
    Extras e = extras;
    if (e != null) {
      dropTimer(v == TIMEOUT);
      if (v != null && e.cancel == v) {
        e.take(); // It gets to know now.
      }
    }
    return v;
  }

  /** It has been woken perhaps, but will not go on. By its runner. */
  final void dropWakeup() {
    if (wakeup instanceof Unfinished u) {
      wakeup = null;
      u.finish();
    }
  }

  /** Its wait is over, or it will not go on. By its runner. */
  final void dropTimer(boolean withdraw) {
    Extras e = extras;
    if (e != null && e.timer != null) {
      e.timer.cancel(false);
      e.timer = null;
      if (withdraw) {
        e.timed.withdraw();
      }
      e.timed = null;
      isolate.kernel().externalDone();
    }
  }

  /**
   * Ends the wait under {@code waiter}'s token with {@link #TIMEOUT} after some time. By the
   * running fiber, between {@link #beginWait} and its return. The registration is withdrawn when
   * the fiber goes on: so only runners touch what belongs to an isolate.
   */
  public final void timeout(Waiter waiter, long nanos) {
    Kernel k = isolate.kernel();
    k.externalBegun();
    Extras e = extras();
    e.timed = waiter;
    e.timer =
        k.timers()
            .schedule(
                () -> {
                  if (claim(waiter.token())) {
                    wake(TIMEOUT);
                  }
                },
                Math.max(0, nanos),
                TimeUnit.NANOSECONDS);
  }

  /** A wait that only time, cancellation or an outside event ends. */
  public static final class Sleep extends Waiter {
    /** A wait of {@code fiber}'s. */
    public Sleep(Fiber fiber) {
      super(fiber);
    }

    @Override
    public void withdraw() {}
  }

  // ---- Cancellation -------------------------------------------------------------------------

  /**
   * Asks it to end: a wait ends with {@code reason}; otherwise it finds the reason at its next
   * safepoint ({@link #takeCancel}). Who asks again before that is heard too, one after the other,
   * unless it is for {@linkplain #sameReason the same reason}. Any thread.
   */
  public final void cancel(Object reason) {
    if (isDone()) {
      return;
    }
    extras().add(reason, this);
    if (Worker.currentIsolate() == isolate) {
      endCancelledWait();
      isolate.poke(); // Perhaps it is the one that runs.
    } else {
      isolate.cancelLater(this);
    }
  }

  /** Whether it is enough to end for {@code a} when somebody asks for it with {@code b} too. */
  protected boolean sameReason(Object a, Object b) {
    return a == b;
  }

  /** If it is to end and waits, that ends with the reason. By the runner. */
  final void endCancelledWait() {
    Extras e = extras;
    Object token = wait;
    if (e != null && e.cancel != null && token != null && claim(token)) {
      Object reason = e.take(); // Before it goes on: one request, one reason to end.
      withdraw(token);
      wake(reason);
    }
  }

  /** Takes back what is registered under a token just claimed. */
  static void withdraw(Object token) {
    if (token instanceof Waiter w) {
      w.withdraw();
    }
  }

  /** The first reason to end that it has not heard of, taken away; or null. By its runner. */
  public final Object takeCancel() {
    Extras e = extras;
    return e == null || e.cancel == null ? null : e.take();
  }

  /** Whether somebody has asked it to end. */
  public final boolean isCancelRequested() {
    Extras e = extras;
    return e != null && e.cancel != null;
  }

  // ---- Foreign frames -----------------------------------------------------------------------

  /**
   * Waits on this very Java stack, for fibers that cannot return to the scheduler: another thread
   * takes over what this one carried. After {@link #beginWait} and the registration.
   *
   * @return what it was woken with
   */
  public final Object waitHere() {
    Worker w = Worker.current();
    extras().anchor = w;
    w.anchor(this);
    extras().anchor = null;
    return takeWakeup();
  }

  /** Lets others run, on this very Java stack. */
  public final void yieldHere() {
    wake(null); // It waits for nothing: so nobody can end the wait, and no reason to end is lost.
    waitHere();
  }

  Worker anchor() {
    Extras e = extras;
    return e == null ? null : e.anchor;
  }

  // ---- Properties ---------------------------------------------------------------------------

  private Extras extras() {
    Extras e = extras;
    if (e == null) {
      synchronized (this) {
        e = extras;
        if (e == null) {
          e = new Extras();
          extras = e;
        }
      }
    }
    return e;
  }

  /** The name, or null. */
  public final String name() {
    Extras e = extras;
    return e == null ? null : e.name;
  }

  /** Gives it a name, for people. Any thread. */
  public final void setName(String name) {
    extras().name = name;
  }

  /** Higher runs first; 0 unless set. */
  public final int priority() {
    Extras e = extras;
    return e == null ? 0 : e.priority;
  }

  /** Has it run before those of its isolate with a lower one; none starves. By the runner. */
  public final void setPriority(int priority) {
    extras().priority = priority;
    if (priority != 0) {
      isolate.usePriorities();
    }
  }
}
