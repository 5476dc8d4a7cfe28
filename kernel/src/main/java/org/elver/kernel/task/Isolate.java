package org.elver.kernel.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs fibers one at a time. One worker at most runs it at any instant.
 *
 * <pre>
 * state     means                                      goes to
 * NEW       nothing has been started in it             IDLE, by who starts its first fiber; QUEUED,
 *                                                      by who posts one, if that starts it
 * IDLE      nothing to do                              QUEUED, by who gives it something
 * QUEUED    in a run queue of the kernel               RUNNING, by the worker that takes it
 * SPENT     in the queue of those that were preempted  RUNNING; QUEUED, by who wakes a fiber
 * RUNNING   a worker runs it                           IDLE, QUEUED or SPENT, by that worker
 * ENDED     nothing runs in it any more
 * RESTING   its worker waits in Java                   RUNNING, by that worker; LENT, by a borrower
 * BORROWED  another thread has it                      IDLE, QUEUED or SPENT, by that thread
 * TAKEN     as BORROWED; it is in a queue              QUEUED, by that thread; BORROWED, by a
 *                                                      worker that finds it in the queue and leaves
 *                                                      it to the borrower
 * LENT      another thread has it                      RESTING, by that thread
 * </pre>
 *
 * <p>One that becomes QUEUED or BORROWED from SPENT stays in the queue of those too: whoever takes
 * it from a queue must {@link #claim} it, and leaves it if that fails.
 *
 * <p>Fields without a note belong to the runner; state's volatile writes and the kernel's queues
 * order one runner before the next.
 */
public abstract class Isolate extends Completion {
  private static final int IDLE = 0;
  private static final int QUEUED = 1;
  private static final int SPENT = 2;
  private static final int RUNNING = 3;
  private static final int ENDED = 4;
  private static final int RESTING = 5;
  private static final int BORROWED = 6;
  private static final int TAKEN = 7;
  private static final int LENT = 8;
  private static final int NEW = 9;

  private static final VarHandle STATE;
  private static final VarHandle INBOX;
  private static final VarHandle CPU;
  private static final VarHandle BEGUN;
  private static final VarHandle CANCELLED;

  static {
    try {
      MethodHandles.Lookup l = MethodHandles.lookup();
      STATE = l.findVarHandle(Isolate.class, "state", int.class);
      INBOX = l.findVarHandle(Isolate.class, "inbox", Fiber.class);
      CPU = l.findVarHandle(Isolate.class, "cpu", long.class);
      BEGUN = l.findVarHandle(Isolate.class, "begunAt", long.class);
      CANCELLED = l.findVarHandle(Isolate.class, "cancelled", Cancelled.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kernel kernel;
  private volatile int state = NEW;

  /** Fibers made runnable by others, newest first. Pushed by any thread, taken by the runner. */
  private volatile Fiber inbox;

  /**
   * Fibers that others have asked to end, whose waits are to be ended; null: none. Pushed by any
   * thread, taken by the runner.
   */
  private volatile Cancelled cancelled;

  private record Cancelled(Fiber fiber, Cancelled next) {}

  // Fibers that can run: those that fibers of this isolate have started or woken, the latest
  // group first; then those that others have woken, or that made room, oldest first.
  private Fiber first;
  private Fiber last;

  /** The last of the first sort; null: there are none. */
  private Fiber lastOfOwn;

  /** The last that the present fiber has started or woken and that is still there; null: none. */
  private Fiber lastOfPresent;

  /** Whether what fibers of this isolate start or wake comes last too. */
  private boolean inOrder;

  /** How many steps there have been. */
  private int turns;

  /** After so many steps those at the end have their turn. */
  private static final int TURNS = 1024;

  // All live fibers.
  private Fiber newest;
  private int count;

  private Fiber current;
  private boolean priorities;
  private int picks;

  /** Why it is to end at once; null: it is not. Written by any thread; read by the runner. */
  private volatile Object killed;

  /** Higher runs first. Written by any thread; read when it is queued. */
  volatile int priority;

  /** The carrier that alone runs it; null: any does. Set before it starts. */
  Carrier ownCarrier;

  /** Nanoseconds spent running. Written by the runner, read by any thread. */
  private long cpu;

  /** When the present run began. Written by the runner, read by any thread. */
  @SuppressWarnings("unused") // through BEGUN
  private long begunAt;

  /** About when it was last put into a queue, by who did so. Read by whoever looks at queues. */
  volatile long queuedAt;

  /** Fibers have been woken from outside since it was last preempted. */
  private boolean fresh;

  protected Isolate(Kernel kernel) {
    this.kernel = kernel;
  }

  /** What schedules it. */
  public final Kernel kernel() {
    return kernel;
  }

  // ---- For its language ---------------------------------------------------------------------

  /** Asks the fiber that runs, if any, to look at what is requested of it. Any thread. */
  protected abstract void poke();

  /** The clock ticks while it runs. By the kernel's clock. */
  protected void tick() {}

  /** It begins to be run by the current thread. */
  protected void entered() {}

  /** It is left by the current thread. */
  protected void left() {}

  /** All its fibers have ended, or it has been killed; it is not complete yet. By the runner. */
  protected abstract void ended(Object killReason);

  /** What {@code f} waits for on its Java stack will not come: that is unwound. By the runner. */
  protected void abandoning(Fiber f) {}

  /** A fiber of it has come to its end. By the runner. */
  protected void fiberEnded(Fiber f) {}

  /**
   * The fiber to run next among those runnable, from the one whose turn it is; by default that one,
   * or by priority. By the runner; null: the isolate has been asked to end meanwhile.
   */
  protected Fiber choose(Fiber oldest) {
    if (!priorities || ++picks % 16 == 0) {
      return oldest; // Now and then the next in turn, so that nobody starves.
    }
    Fiber best = oldest;
    for (Fiber f = oldest.next; f != null; f = f.next) {
      if (f.priority() > best.priority()) {
        best = f;
      }
    }
    return best;
  }

  /** The fiber whose turn is after that of {@code f}: for {@link #choose}. */
  protected static Fiber after(Fiber f) {
    return f.next;
  }

  /**
   * Whether what is posted before anything has been started runs at once; otherwise it does when
   * the isolate is started.
   */
  protected boolean startsByPost() {
    return true;
  }

  /** Whether a fiber that has run for its slice is to make room for others of this isolate. */
  protected boolean isPreemptive() {
    return true;
  }

  final void usePriorities() {
    priorities = true;
  }

  /** Whether all that can run does so in the order in which it was made runnable. By the runner. */
  protected final void setInOrder(boolean on) {
    inOrder = on;
  }

  // ---- Making fibers run --------------------------------------------------------------------

  /** Starts a fiber of this isolate, by its runner or before it has one; else see {@link #post}. */
  public final void start(Fiber f) {
    enlist(f);
    if (state == NEW) {
      STATE.compareAndSet(this, NEW, IDLE); // Who kills it from here on finds the fiber.
    }
    makeRunnable(f);
  }

  /**
   * Starts a fiber from anywhere: it joins the live ones when the runner sees it, or fails when the
   * isolate has ended.
   */
  public final void post(Fiber f) {
    f.older = f; // Marks it as not enlisted.
    pushInbox(f);
  }

  /**
   * Makes a fiber one of the live ones that runs already: on the Java stack of another. By the
   * runner.
   */
  public final void adopt(Fiber f) {
    enlist(f);
  }

  /**
   * A fiber that was {@link #adopt}ed has come to its end, and is complete: the step that ended was
   * this one's. By the runner.
   */
  public final void retire(Fiber f) {
    retired = f;
  }

  private Fiber retired;

  private void enlist(Fiber f) {
    f.older = newest;
    f.newer = null;
    if (newest != null) {
      newest.newer = f;
    }
    newest = f;
    count++;
  }

  private void delist(Fiber f) {
    if (f.newer != null) {
      f.newer.older = f.older;
    } else {
      newest = f.older;
    }
    if (f.older != null) {
      f.older.newer = f.newer;
    }
    f.older = null;
    f.newer = null;
    count--;
  }

  final void makeRunnable(Fiber f) {
    Worker w = Worker.currentOrNull();
    if (w != null && w.isolate == this) {
      insert(f);
    } else {
      pushInbox(f);
    }
  }

  /**
   * Makes a fiber runnable by a fiber of this isolate: it runs soon, and before what that one's
   * creator does, so that a tree of fibers is gone through in depth, with few of them alive.
   */
  final void insert(Fiber f) {
    if (inOrder || f == current) { // Who wakes itself lets others run.
      append(f);
      return;
    }
    Fiber p = lastOfPresent;
    if (p == null) {
      f.next = first;
      first = f;
      if (last == null) {
        last = f;
      }
    } else {
      f.next = p.next;
      p.next = f;
      if (last == p) {
        last = f;
      }
    }
    if (lastOfOwn == p) {
      lastOfOwn = f;
    }
    lastOfPresent = f;
  }

  /** Puts what this isolate's fibers have made runnable behind the rest: that has its turn now. */
  private void rotate() {
    Fiber end = lastOfOwn;
    if (end != null && end != last) {
      last.next = first;
      first = end.next;
      last = end;
      end.next = null;
    }
    lastOfOwn = null;
    lastOfPresent = null;
  }

  private void pushInbox(Fiber f) {
    Fiber head;
    do {
      head = inbox;
      f.next = head;
    } while (!INBOX.compareAndSet(this, head, f));
    if (!(state == NEW && startsByPost() && call(NEW)) && !summon()) {
      if (state == ENDED) {
        failInbox();
      } else if (state == RUNNING && Worker.currentOrNull() == null) {
        kernel.hurry(this);
      }
    }
  }

  /** Has it run soon, if it does not run; false: it does, or will, or never will. Any thread. */
  private boolean summon() {
    for (; ; ) {
      int s = state;
      if (s != IDLE && s != SPENT) {
        return false;
      }
      if (call(s)) {
        return true;
      }
    }
  }

  private boolean call(int from) {
    if (!STATE.compareAndSet(this, from, QUEUED)) {
      return false;
    }
    kernel.enqueue(this);
    return true;
  }

  /** By a worker that has taken it from a queue: whether it is the one to run it. */
  final boolean claim(boolean fromSpent) {
    if (fromSpent) {
      return STATE.compareAndSet(this, SPENT, RUNNING);
    }
    while (!STATE.compareAndSet(this, QUEUED, RUNNING)) {
      int s = state;
      if (s != QUEUED && (s != TAKEN || STATE.compareAndSet(this, TAKEN, BORROWED))) {
        return false; // Whoever has borrowed it puts it back into a queue.
      }
    }
    return true;
  }

  /** What came too late will never run. Any thread, after the end. */
  private void failInbox() {
    Fiber f = (Fiber) INBOX.getAndSet(this, (Fiber) null);
    while (f != null) {
      Fiber after = f.next;
      f.fail(killed);
      f = after;
    }
  }

  /** Has the wait of {@code f} ended, which has been asked to end. Any thread. */
  final void cancelLater(Fiber f) {
    Cancelled head;
    do {
      head = cancelled;
    } while (!CANCELLED.compareAndSet(this, head, new Cancelled(f, head)));
    poke();
    if (!summon() && state == RUNNING && Worker.currentOrNull() == null) {
      kernel.hurry(this);
    }
  }

  /** Ends the waits of those that others have asked to end. By the runner. */
  protected final void endCancelledWaits() {
    fresh = true;
    Cancelled c = (Cancelled) CANCELLED.getAndSet(this, (Cancelled) null);
    while (c != null) {
      c.fiber.endCancelledWait();
      c = c.next;
    }
  }

  final void append(Fiber f) {
    f.next = null;
    if (last == null) {
      first = f;
    } else {
      last.next = f;
    }
    last = f;
  }

  private void drainInbox() {
    if (cancelled != null) {
      endCancelledWaits();
    }
    if (inbox != null) {
      emptyInbox();
    }
  }

  private void emptyInbox() {
    fresh = true;
    Fiber f = (Fiber) INBOX.getAndSet(this, (Fiber) null);
    Fiber oldest = null;
    while (f != null) {
      Fiber after = f.next;
      f.next = oldest;
      oldest = f;
      f = after;
    }
    while (oldest != null) {
      Fiber after = oldest.next;
      if (oldest.older == oldest) {
        enlist(oldest);
      }
      append(oldest);
      oldest = after;
    }
  }

  /** Puts {@code f} at the front of the queue, if it is there: to be run next. By the runner. */
  public final boolean runNext(Fiber f) {
    drainInbox();
    boolean there = f == first;
    for (Fiber p = first; p != null && !there; p = p.next) {
      there = p.next == f;
    }
    if (!there) {
      return false;
    }
    unqueue(f);
    f.next = first;
    first = f;
    if (last == null) {
      last = f;
    }
    if (lastOfOwn == null) {
      lastOfOwn = f;
    }
    lastOfPresent = f;
    return true;
  }

  private void unqueue(Fiber f) {
    Fiber before = null;
    if (f == first) {
      first = f.next;
    } else {
      before = first;
      while (before.next != f) {
        before = before.next;
      }
      before.next = f.next;
    }
    if (f == last) {
      last = before;
    }
    if (f == lastOfOwn) {
      lastOfOwn = before;
    }
    if (f == lastOfPresent) {
      lastOfPresent = before;
    }
    f.next = null;
  }

  // ---- Running ------------------------------------------------------------------------------

  /** Runs fibers until there is nothing to run or the time slice is over; it has been claimed. */
  final void quantum(Worker w, Carrier c) {
    long begun = c.leftAt != 0 ? c.leftAt : System.nanoTime();
    BEGUN.setOpaque(this, begun);
    w.isolate = this;
    c.begin(this, begun);
    entered();
    // From here on whoever asks something of it finds it running, or else we see what is asked.
    VarHandle.fullFence();
    for (; ; ) {
      if (killed != null) {
        end(killed);
        break;
      }
      if (kernel.isClosed()) {
        break; // Who has closed it may not have seen that this runs.
      }
      drainInbox();
      if (first == null) {
        break;
      }
      if ((++turns & (TURNS - 1)) == 0) {
        rotate();
      }
      Fiber f = first;
      if (f.next != null) {
        f = choose(f);
        if (f == null) {
          continue;
        }
      }
      unqueue(f);
      lastOfPresent = null;
      Worker anchor = f.anchor();
      current = f;
      if (anchor != null) {
        account(begun);
        w.ran = Long.MAX_VALUE;
        left();
        w.role.leftAt = 0;
        w.handOver(anchor, this);
        return; // The other one goes on, in the middle of its own call of this method.
      }
      Fiber.Step step = f.run();
      begun = w.sliceStart(begun);
      current = null;
      if (step == Fiber.Step.YIELDED) {
        drainInbox(); // What was woken meanwhile comes first.
        append(f);
      } else if (step == Fiber.Step.ENDED) {
        if (retired != null) {
          f = retired;
          retired = null;
        }
        delist(f);
        fiberEnded(f);
        if (count == 0) {
          drainInbox();
          if (count == 0 && first == null && endsWhenEmpty()) {
            end(null);
            break;
          }
        }
      }
      if (w.role.preempt) {
        rotate();
        break;
      }
    }
    Carrier now = w.role;
    now.leftAt = account(begun);
    w.ran = now.leftAt - begun;
    left();
    if (now.spent) {
      now.wokenNanos = 0;
    } else {
      now.wokenNanos += now.leftAt - begun;
    }
    w.isolate = null;
    now.setRunning(null);
    release();
  }

  /** Whether the isolate ends when its last fiber has: not one that only lives for messages. */
  protected boolean endsWhenEmpty() {
    return true;
  }

  private long account(long begun) {
    long now = System.nanoTime();
    CPU.setOpaque(this, cpu + now - begun);
    return now;
  }

  /** By the worker whose stack waits: another one is to go on with this isolate. */
  final void requeueFromAnchor(Carrier c) {
    if (ownCarrier != null) {
      state = QUEUED;
      ownCarrier.add(this);
      return;
    }
    fresh = true; // Another fiber's turn, not another isolate's.
    release();
  }

  /** Whether the running fiber should make room for others of this isolate. Any thread. */
  final boolean wantsSwitch() {
    return isPreemptive() && (first != null || inbox != null || cancelled != null);
  }

  /** Whether a fiber has been woken from outside that it has not taken up. Any thread. */
  final boolean isCalled() {
    return (inbox != null || cancelled != null) && isPreemptive();
  }

  private void release() {
    if (state == ENDED) {
      return;
    }
    if (first != null && (fresh || priority != 0 || ownCarrier != null)) {
      fresh = false;
      state = QUEUED;
      kernel.enqueue(this);
      return;
    }
    boolean spent = first != null;
    state = spent ? SPENT : IDLE;
    if (inbox != null || killed != null || cancelled != null) {
      summon();
    } else if (spent) {
      kernel.enqueueSpent(this);
    }
  }

  // ---- Borrowing ----------------------------------------------------------------------------

  /** Who waits to have it back from a borrower. Written by the runner before it rests. */
  private Thread rester;

  /**
   * Takes the right to what is this isolate's, from anywhere, if nobody is using it: it has nothing
   * to do, waits for a carrier, or its worker {@link #rest}s. Nobody runs it until {@link
   * #giveBack}, which must follow soon, by the same thread. All that its runners did before is seen
   * by the borrower, and the other way round: each gets the right by a compare-and-set of what the
   * other wrote when giving it up.
   */
  public final boolean tryBorrow() {
    return switch (state) {
      case IDLE -> STATE.compareAndSet(this, IDLE, BORROWED);
      case SPENT -> STATE.compareAndSet(this, SPENT, BORROWED);
      case QUEUED -> STATE.compareAndSet(this, QUEUED, TAKEN);
      case RESTING -> STATE.compareAndSet(this, RESTING, LENT);
      default -> false;
    };
  }

  /** Ends what {@link #tryBorrow} began. */
  public final void giveBack() {
    if (state == LENT) {
      Thread waits = rester; // Before it goes on, and rests again perhaps.
      state = RESTING;
      LockSupport.unpark(waits);
    } else if (!STATE.compareAndSet(this, TAKEN, QUEUED)) {
      fresh = true; // It may have waited long enough: whoever took it from a queue has left it.
      release();
    }
  }

  /**
   * Its worker is about to wait in Java without giving up what it runs: others may borrow the
   * isolate until {@link #goOn}. By the runner.
   */
  public final void rest() {
    rester = Thread.currentThread();
    state = RESTING;
  }

  /** Its worker goes on, when nobody borrows the isolate any more. */
  public final void goOn() {
    while (!STATE.compareAndSet(this, RESTING, RUNNING)) {
      LockSupport.parkNanos(this, 1_000_000);
    }
  }

  /** The fiber that runs now. By the runner. */
  public final Fiber current() {
    return current;
  }

  final void setCurrent(Fiber f) {
    current = f;
  }

  /** The live fibers, oldest first. By the runner. */
  public final List<Fiber> fibers() {
    drainInbox();
    List<Fiber> all = new ArrayList<>(count);
    for (Fiber f = newest; f != null; f = f.older) {
      all.add(f);
    }
    return all.reversed();
  }

  /**
   * The fibers that wait. Any thread, but only sure when nothing runs, as when all have stalled.
   */
  public final List<Fiber> waiting() {
    List<Fiber> all = new ArrayList<>();
    if (state == IDLE) {
      for (Fiber f = newest; f != null; f = f.older) {
        if (f.isWaiting()) {
          all.add(0, f);
        }
      }
    }
    return all;
  }

  /** How many fibers live. By the runner; by others as of some time ago. */
  public final int fiberCount() {
    return count;
  }

  /** Whether others than the running fiber could run now. By the runner. */
  public final boolean hasRunnable() {
    return first != null || inbox != null;
  }

  /** Whether it is running, queued or has something to do. Any thread, as of some time ago. */
  public final boolean isActive() {
    int s = state;
    return s != IDLE && s != ENDED && s != NEW;
  }

  /** Whether it has ended. */
  public final boolean isEnded() {
    return state == ENDED;
  }

  /** Nanoseconds of a carrier's time it has had. */
  public final long cpuNanos() {
    long now = state == RUNNING ? System.nanoTime() - (long) BEGUN.getOpaque(this) : 0;
    return (long) CPU.getOpaque(this) + Math.max(0, now);
  }

  /** Higher runs first; 0 unless set. */
  public final int priority() {
    return priority;
  }

  /** Has it run before those with a lower one, from when it is next queued; none starves. */
  public final void setPriority(int n) {
    priority = n;
  }

  /** Gives it a thread of its own; before it starts. */
  public final void useOwnCarrier() {
    ownCarrier = kernel.newOwnCarrier();
  }

  // ---- Ending -------------------------------------------------------------------------------

  /**
   * Ends it without unwinding anything, at the next safepoint of what runs; as soon as it is
   * started, if it has not been. Any thread.
   */
  public final void requestKill(Object reason) {
    if (killed == null) {
      killed = reason;
    }
    poke();
    summon();
  }

  /** The reason why it is to end at once; null: it is not. */
  public final Object killReason() {
    return killed;
  }

  /** By the runner; {@code reason}: why it is killed, null: all its fibers have ended. */
  private void end(Object reason) {
    // Nobody may hand anything to a fiber that will not take it.
    drainInbox();
    for (Fiber f = newest; f != null; f = f.older) {
      Worker anchor = f.anchor();
      Object token = f.waitToken();
      if (token != null && f.claim(token)) {
        Fiber.withdraw(token);
      }
      f.dropTimer(true);
      f.dropWakeup();
      if (anchor != null) {
        abandoning(f);
        anchor.abandon();
      }
      f.fail(reason);
    }
    newest = null;
    first = null;
    last = null;
    lastOfOwn = null;
    lastOfPresent = null;
    count = 0;
    cancelled = null;
    state = ENDED;
    failInbox();
    if (ownCarrier != null) {
      ownCarrier.retired = true;
    }
    ended(reason);
  }
}
