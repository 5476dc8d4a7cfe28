package org.elver.lisp.isolate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Scheduling;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/**
 * A look into another isolate: a short piece of Java that reads (or changes) what that one sees,
 * while it is between two instructions. No message and no task of it is involved, and whatever its
 * tasks do — loop, wait, forbid preemption, look into this one — the look takes place soon.
 *
 * <pre>
 * the owner                                how the look takes place
 * idle, queued, resting                    the asker borrows the isolate and looks by itself
 * running                                  the owner's thread looks at its next safepoint, or the
 *                                          asker when the owner can be borrowed before that
 * in an update that must not be seen half  the asker looks at a fork of the state before it
 * killed or ended                          isolate-dead
 * </pre>
 *
 * <p><b>No deadlock.</b> While an asker waits for an owner that runs, its own isolate {@link
 * org.elver.kernel.task.Isolate#rest}s, so that others can borrow that; and a look never asks for
 * another one ({@link Refused}). So whoever holds the right to an isolate gives it back in finite
 * time, or rests.
 *
 * <p><b>Order.</b> Who borrows has the order from the isolate's state. What the owner's thread does
 * for an asker lies between the {@code claim} of the request, which the asker published before, and
 * {@code done}, which the asker reads before it uses what came of it.
 */
public final class Inspection implements Scheduling {
  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(Inspection.class, "claimed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How long the asker spins before it sleeps: an owner that runs Lisp answers in that time. */
  private static final int SPINS = 200;

  /** How long one wait may keep the asker from what is asked of itself, in nanoseconds. */
  private static final long PATIENCE = 5_000_000;

  private final LispIsolate me;
  private final LispFiber asker;
  private final LispIsolate of;
  private final Function<Task, ?> look;
  private final boolean changing;
  private final Thread thread = Thread.currentThread();

  /** The one below in the owner's stack of requests; written before it is there. */
  Inspection next;

  /** Whether somebody looks, or nobody ever will. By compare-and-set; who succeeds does it. */
  @SuppressWarnings("unused") // through CLAIMED
  private volatile boolean claimed;

  // Written by who claimed it, before done.
  private Object value;
  private Throwable error;

  private volatile boolean done;

  /** A look cannot do that: call Lisp, wait, look into a third isolate. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Refused() {
      super("not while looking into another isolate", null, false, false);
    }
  }

  /** The look is over: who asked, or who is looked at, is to end. */
  private static final class Aborted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Aborted() {
      super("ended while looking", null, false, false);
    }
  }

  private Inspection(
      LispIsolate me, LispFiber asker, LispIsolate of, Function<Task, ?> look, boolean changing) {
    this.changing = changing;
    this.me = me;
    this.asker = asker;
    this.of = of;
    this.look = look;
  }

  /** The isolate that is looked at. */
  public LispIsolate owner() {
    return of;
  }

  /**
   * Runs {@code look} with a machine of the isolate {@code of}: now, if that is the one of {@code
   * t}. It must be short, keep nothing of the machine, and give back nothing that {@code t} could
   * read: numbers, symbols, packed values ({@link Values#pack}), or objects to keep for a later
   * look. It may run on another thread than the caller's.
   *
   * @throws LispSignal {@code isolate-dead} when {@code of} has ended; and what {@code look} throws
   * @throws Refused when {@code look} would have to call Lisp, to wait, or to inspect; nothing has
   *     been done then, provided that {@code look} does that first
   */
  public static <R> R run(Task t, LispIsolate of, Function<Task, R> look) {
    return run(t, of, look, false);
  }

  /** As {@link #run}; {@code change} changes what it sees: it waits for the end of an update. */
  public static <R> R change(Task t, LispIsolate of, Function<Task, R> change) {
    return run(t, of, change, true);
  }

  @SuppressWarnings("unchecked")
  private static <R> R run(Task t, LispIsolate of, Function<Task, R> look, boolean changing) {
    if (t.scheduling() instanceof Inspection) {
      throw new Refused();
    }
    LispFiber f = LispFiber.of(t);
    if (f == null) {
      throw LispSignal.error("No scheduler runs this code");
    }
    LispIsolate me = f.lispIsolate();
    if (of == me) {
      return look.apply(t);
    }
    t.irrevocable();
    Inspection i = new Inspection(me, f, of, look, changing);
    while (!i.take(t)) {
      t.safepoint();
      i = new Inspection(me, f, of, look, changing);
    }
    return (R) i.outcome();
  }

  private Object outcome() {
    switch (error) {
      case null -> {
        return value;
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(error);
    }
  }

  /** Has the look take place; false: something is asked of the asker first. */
  private boolean take(Task t) {
    if (of.tryBorrow()) {
      lookAndGiveBack();
    }
    if (!done) {
      me.rest();
      try {
        await(t);
      } finally {
        me.goOn();
      }
    }
    return done && !(error instanceof Aborted);
  }

  private void await(Task t) {
    long begun = System.nanoTime();
    boolean asked = false;
    long pause = 20_000;
    for (int n = 0; !done; n++) {
      if (of.isEnded()) {
        if (claim()) {
          finish(null, new LispSignal(Conditions.ISOLATE_DEAD, of));
        }
      } else if (of.tryBorrow()) {
        lookAndGiveBack();
      } else if (me.kernel().isClosed()) {
        if (claim()) { // Nobody will run the other one any more, nor this one.
          finish(null, new Shutdown(LispIsolate.KILLED));
        }
      } else if (of.looks().sealed() != null && !changing) {
        lookAtSealed();
      } else if (!asked) {
        asked = true;
        of.looks().request(this);
      } else if (me.killReason() != null
          || asker.isCancelRequested()
          || (t.polled() && System.nanoTime() - begun > PATIENCE)) {
        if (claim()) {
          return; // The request stays where it is; nobody will do anything for it.
        }
      }
      if (n < SPINS) {
        Thread.onSpinWait();
      } else if (!done) {
        of.looks().pokeAgain(); // The first time may have been between two runs.
        LockSupport.parkNanos(this, pause);
        pause = Math.min(2 * pause, 1_000_000);
      }
    }
  }

  private boolean claim() {
    return CLAIMED.compareAndSet(this, false, true);
  }

  private void finish(Object v, Throwable e) {
    value = v;
    error = e;
    done = true;
    if (thread != Thread.currentThread()) {
      LockSupport.unpark(thread);
    }
  }

  /** Looks, or has the look taken by what is requested already; the owner has been borrowed. */
  private void lookAndGiveBack() {
    try {
      if (of.looks().sealed() == null) {
        serve();
        of.serve();
      }
    } finally {
      of.giveBack();
    }
    if (!done && !changing && of.looks().sealed() != null) {
      lookAtSealed();
    }
  }

  /** Looks with the owner's own context. By who has the right to the owner. */
  void serve() {
    if (!claim()) {
      return;
    }
    Context c = of.context();
    Object driver = c.driver();
    try {
      Task x = of.looks().inspector();
      c.setDriver(x);
      of.looks().begin(x);
      look(x);
    } catch (RuntimeException | Error e) {
      finish(null, e);
    } finally {
      of.looks().end();
      c.setDriver(driver);
    }
  }

  /** Looks at how the owner was before the update that it is in the middle of. */
  private void lookAtSealed() {
    Sealed s = of.looks().sealed();
    Context c = s == null ? null : s.fork();
    if (c == null) {
      return; // The update is over.
    }
    try {
      if (claim()) {
        hidden = s.hidden();
        Task x = new Task(of.vm(), c);
        Looks.equip(x, null);
        look(x);
      }
    } catch (RuntimeException | Error e) {
      finish(null, e);
    } finally {
      c.end();
    }
  }

  private void look(Task x) {
    x.setScheduling(this);
    x.refuseCalls();
    me.looks().away = x;
    x.attend(); // So that it finds out at its first safepoint what came before.
    Object v = null;
    Throwable e = null;
    try {
      v = look.apply(x);
    } catch (RuntimeException | Error thrown) {
      e = thrown;
    } finally {
      me.looks().away = null;
    }
    x.clear();
    x.setScheduling(null);
    finish(v, e);
  }

  // ---- The scheduling of the machine that looks ---------------------------------------------

  @Override
  public boolean attend(Task x) {
    if (me.killReason() != null || asker.isCancelRequested() || of.killReason() != null) {
      throw new Aborted();
    }
    return false;
  }

  @Override
  public void yieldHere(Task x) {}

  @Override
  public Object waitHere(Task x) {
    throw new Refused();
  }

  @Override
  public void unhandled(Task x, LispSignal s) {}

  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public void prepare(long nanos, Consumer<Runnable> source) {
    throw new Refused();
  }

  @Override
  public void outOfMemory() {}

  @Override
  public RuntimeException refusal() {
    return new Refused();
  }

  /** Signals that a look cannot do what it is about to. */
  static RuntimeException refused() {
    return new Refused();
  }

  /** Whether {@code t} is the machine of a look. */
  public static boolean isLook(Task t) {
    return t.scheduling() instanceof Inspection;
  }

  /** Whether {@code t} runs a task, which may look, or is the machine of a look. */
  public static boolean isScheduled(Task t) {
    return isLook(t) || LispFiber.of(t) != null;
  }

  /** The isolate that {@code t} works in, be it for a look; null: nothing schedules it. */
  public static LispIsolate isolateOf(Task t) {
    return t.scheduling() instanceof Inspection i ? i.of : LispIsolate.of(t);
  }

  /**
   * The global value of {@code s} for the look that {@code x} is used for: not one that a task of
   * the owner has bound.
   *
   * @return null: it is bound nowhere
   */
  public static Object hiddenValue(Task x, Symbol s) {
    Object v = hiddenOrOpen(x, s);
    return v == Symbol.OPEN ? Symbol.UNBOUND : v;
  }

  /** As {@link #hiddenValue}; {@link Symbol#OPEN} where the owner has not asked for it yet. */
  static Object hiddenOrOpen(Task x, Symbol s) {
    if (!(x.scheduling() instanceof Inspection i)) {
      return Bindings.hiddenValue(x, s);
    }
    if (i.hidden != null) {
      for (int k = 0; k < i.hidden.length; k += 2) {
        if (i.hidden[k] == s) {
          return i.hidden[k + 1];
        }
      }
      return null;
    }
    return i.of.hiddenValue(s);
  }

  /** What the owner's bindings hide, at a look at how it was before; else null. */
  private Object[] hidden;
}
