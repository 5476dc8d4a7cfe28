package org.elver.kernel.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The scheduler: carriers that run isolates.
 *
 * <pre>
 * who waits for a carrier                              in
 * woken by an isolate that runs                        the queue of that one's carrier
 * woken by other threads: timers, files, programs      arrivals
 * preempted at the end of its slice                    spent
 * has a priority                                       due
 * </pre>
 *
 * <p>A carrier takes from its queue and from arrivals in turn, and what was preempted when there is
 * nothing in these, or when what was in these has had a slice of its time: so whoever has waited
 * runs soon, and nobody starves. What had used up a slice before is preempted early when somebody
 * was woken. So a fiber that a timer wakes waits for the rest of one slice at most, however many
 * others are busy, and for those that were woken before it.
 *
 * <p>A waking carrier costs the waker microseconds, and two isolates that answer each other run
 * best on one carrier: so an isolate made runnable by another's worker goes to that worker's queue,
 * and an idle carrier is woken only when that queue gets longer than one, or by the idle one that
 * looks around every now and then while any carrier is busy.
 */
public final class Kernel {
  /** How long an isolate runs while others wait. */
  static final long SLICE = 5_000_000;

  /** How long what has used up a slice before runs while others have been woken. */
  private static final long SHORT_SLICE = 1_000_000;

  /** How often the clock looks. */
  private static final long TICK = 2_000_000;

  /** How often an idle carrier looks around while others are busy. */
  private static final long GLANCE = 100_000;

  /** Why isolates end that run when the kernel is closed. */
  private static final Object CLOSED = "the kernel has been closed";

  private final long stackSize;

  /** Guarded by itself. */
  private final List<Carrier> carriers = new ArrayList<>();

  /** The same, for reading: replaced as a whole, never changed. */
  private volatile Carrier[] all = {};

  /** All that have not been given up: those, the retired that are still busy, isolates' own. */
  private final CopyOnWriteArrayList<Carrier> held = new CopyOnWriteArrayList<>();

  /** The quanta after which a stall was last reported. */
  private final AtomicLong reported = new AtomicLong(-1);

  /** Isolates made runnable by threads that are no workers. */
  private final ConcurrentLinkedQueue<Isolate> arrivals = new ConcurrentLinkedQueue<>();

  /** Isolates that were preempted; some have been put elsewhere since, and are taken up there. */
  private final ConcurrentLinkedQueue<Isolate> spent = new ConcurrentLinkedQueue<>();

  /** Isolates with a priority, by the time at which they are due, made unique. */
  private final ConcurrentSkipListMap<Long, Isolate> due = new ConcurrentSkipListMap<>();

  private final AtomicLong ticket = new AtomicLong();

  /** Workers that have a carrier and nothing to run; any thread takes one to wake it. */
  private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();

  /** Workers that wait on their Java stacks, and for which fibers. */
  private final ConcurrentHashMap<Worker, Fiber> anchored = new ConcurrentHashMap<>();

  /** Workers without a carrier. */
  private final ConcurrentLinkedQueue<Worker> spares = new ConcurrentLinkedQueue<>();

  /** Whether some idle worker looks around: one does. */
  private final java.util.concurrent.atomic.AtomicBoolean lookout =
      new java.util.concurrent.atomic.AtomicBoolean();

  /** How many timers, operations outside and the like may still wake somebody. */
  private final AtomicLong external = new AtomicLong();

  /** How many isolates were taken up by carriers that have been given up. */
  private final AtomicLong quantaBefore = new AtomicLong();

  /** Null: nobody has asked for them yet. Set once, under this one's monitor. */
  private volatile ScheduledThreadPoolExecutor timers;

  /** How many carriers there are to be. Written by any thread. */
  private volatile int wanted;

  /** Written once, by any thread: threads end when they see it. */
  private volatile boolean closed;

  /** What is to be done when all wait for each other; null: nothing. */
  private volatile Runnable onStall;

  /**
   * What has gone wrong here or in a language. Completed by a worker; who waits for main sees it.
   */
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();

  /** Null: it has not been started. Guarded by {@code carriers}. */
  private Thread clock;

  /** How many threads have been made: for their names. Guarded by this. */
  private int workers;

  /**
   * A kernel that starts threads as they are needed.
   *
   * @param carriers how many isolates may run at once
   * @param stackSize the size of Java's stack of each worker, in bytes
   */
  public Kernel(int carriers, long stackSize) {
    this.stackSize = stackSize;
    this.wanted = carriers;
  }

  long stackSize() {
    return stackSize;
  }

  /** Whether {@link #close} has been called. */
  public boolean isClosed() {
    return closed;
  }

  /** Ends what runs, and takes up nothing new: threads end. Any thread. */
  public void close() {
    closed = true;
    for (Carrier c : held) {
      Isolate i = c.running();
      if (i != null && !i.isDone()) {
        i.requestKill(CLOSED);
      }
    }
    for (Worker w : idle) {
      LockSupport.unpark(w);
    }
    for (Worker w : spares) {
      LockSupport.unpark(w);
    }
    ScheduledThreadPoolExecutor t = timers;
    if (t != null) {
      t.shutdownNow();
    }
    abandonAnchored();
  }

  // ---- Workers that wait ----------------------------------------------------------------------

  /** {@code w} is to wait on its Java stack until {@code f} goes on. By itself. */
  void addAnchored(Worker w, Fiber f) {
    anchored.put(w, f);
    if (closed) {
      abandonAnchored(); // Who closes it may not have seen this one.
    }
  }

  void removeAnchored(Worker w) {
    anchored.remove(w);
  }

  /** What they wait for will not come: their stacks are unwound. */
  private void abandonAnchored() {
    for (Map.Entry<Worker, Fiber> e : anchored.entrySet()) {
      Fiber f = e.getValue();
      if (anchored.remove(e.getKey(), f)) {
        f.isolate().abandoning(f);
        e.getKey().abandon();
      }
    }
  }

  // ---- Carriers -----------------------------------------------------------------------------

  /** How many isolates may run at once. */
  public int carriers() {
    return wanted;
  }

  /** Adds carriers, or retires some when what they run has had its time slice. Any thread. */
  public void setCarriers(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("at least one carrier is needed");
    }
    wanted = n;
    synchronized (carriers) {
      while (carriers.size() > n) {
        carriers.remove(carriers.size() - 1).retired = true;
      }
      all = carriers.toArray(new Carrier[0]);
    }
    wakeAll();
  }

  /** The carrier goes: its queue is given to others. By its worker. */
  void retire(Carrier c) {
    for (Isolate i = c.poll(); i != null; i = c.poll()) {
      arrivals.add(i);
    }
    quantaBefore.addAndGet(c.quanta());
    held.remove(c);
    wakeAll();
  }

  private void wakeAll() {
    for (Worker w = idle.poll(); w != null; w = idle.poll()) {
      LockSupport.unpark(w);
    }
    grow();
  }

  /** Starts one more worker with a carrier, if there may be more. */
  private boolean grow() {
    Carrier c;
    synchronized (carriers) {
      if (carriers.size() >= wanted || closed) {
        return false;
      }
      c = new Carrier(false);
      enroll(c);
    }
    startClock();
    giveRole(c);
    return true;
  }

  /** Has {@code c} take what the others will not take up soon, and the others what it will not. */
  void enroll(Carrier c) {
    synchronized (carriers) {
      carriers.add(c);
      all = carriers.toArray(new Carrier[0]);
    }
  }

  Carrier newOwnCarrier() {
    Carrier c = new Carrier(true);
    giveRole(c);
    startClock();
    return c;
  }

  private void giveRole(Carrier c) {
    held.addIfAbsent(c);
    Worker spare = spares.poll();
    if (spare != null) {
      spare.role = c;
      LockSupport.unpark(spare);
    } else {
      newWorker(c).start();
    }
  }

  private synchronized Worker newWorker(Carrier c) {
    return new Worker(this, "elver worker " + ++workers, c);
  }

  /** Another thread takes {@code c}, and {@code i} goes back into its queue. */
  void replace(Carrier c, Isolate i) {
    i.requeueFromAnchor(c);
    giveRole(c);
  }

  /** Waits for a carrier; false when the kernel is closed or there are spares enough. */
  boolean waitAsSpare(Worker w) {
    if (spares.size() > 16) {
      return false;
    }
    spares.add(w);
    while (w.role == null) {
      if (closed) {
        return false;
      }
      LockSupport.park(this);
    }
    return true;
  }

  // ---- Queues -------------------------------------------------------------------------------

  /** Puts an isolate that has been woken into a queue. Any thread. */
  void enqueue(Isolate i) {
    if (i.ownCarrier != null) {
      i.ownCarrier.add(i);
      wakeAllIdle();
      return;
    }
    int priority = i.priority;
    if (priority != 0) {
      putDue(due, System.nanoTime() - priority * 20_000_000L, ticket.incrementAndGet(), i);
      wakeOne();
      return;
    }
    Worker w = Worker.currentOrNull();
    Carrier c = w == null ? null : w.role;
    if (c != null && !c.own && !c.retired) {
      i.queuedAt = c.sliceStart();
      if (c.add(i)) {
        wakeOne();
      }
    } else {
      i.queuedAt = System.nanoTime();
      arrivals.add(i);
      if (!wakeOne()) {
        makeRoom(i.queuedAt, null);
      }
    }
  }

  /**
   * Adds {@code i}, at a key that no other has: time in units of 1,024 ns, then a ticket, or what
   * is free next.
   */
  static void putDue(ConcurrentMap<Long, Isolate> due, long at, long ticket, Isolate i) {
    long key = (at & ~0x3FFL) | (ticket & 0x3FF);
    while (due.putIfAbsent(key, i) != null) {
      key++;
    }
  }

  /** Puts an isolate that has used up its slice into a queue. By its worker. */
  void enqueueSpent(Isolate i) {
    i.queuedAt = System.nanoTime();
    spent.add(i);
  }

  /** A fiber of {@code i}, which runs, has been woken from outside. Any thread. */
  void hurry(Isolate i) {
    makeRoom(System.nanoTime(), i);
  }

  /**
   * Preempts what has run for long: that of one carrier, or {@code only}. What has just begun is
   * left to the clock.
   */
  private void makeRoom(long now, Isolate only) {
    for (Carrier c : held) {
      Isolate i = c.running();
      if (i != null
          && (only == null ? c.spent && !c.own : i == only && i.isCalled())
          && now - c.sliceStart() > SHORT_SLICE
          && !c.preempt) {
        c.preempt = true;
        i.poke();
        return;
      }
    }
  }

  private void wakeAllIdle() {
    for (Worker w = idle.poll(); w != null; w = idle.poll()) {
      LockSupport.unpark(w);
    }
  }

  /** Has one more carrier look at the queues; false: all are busy. */
  private boolean wakeOne() {
    return wakeIdle() || (all.length < wanted && grow());
  }

  /** Has an idle worker look at the queues; false: there is none. */
  private boolean wakeIdle() {
    Worker w = idle.poll();
    if (w != null) {
      LockSupport.unpark(w);
    }
    return w != null;
  }

  /** The next isolate for {@code c}, claimed; waits for one; null: look again. */
  Isolate next(Worker w, Carrier c) {
    if (c.parked) {
      c.parked = false;
    }
    Isolate i = look(c);
    if (i != null) {
      return i;
    }
    c.leftAt = 0; // It will have been long ago.
    idle.add(w);
    i = look(c); // What came before we could be seen as idle.
    if (i != null) {
      if (!idle.remove(w)) {
        wakeIdle(); // It was woken for something else, perhaps.
      }
      return i;
    }
    if (!c.own && isAnyRunning() && lookout.compareAndSet(false, true)) {
      long pause = GLANCE;
      while (!closed && idle.contains(w)) {
        LockSupport.parkNanos(this, pause);
        i = look(c);
        if (i != null) {
          break;
        }
        if (!isAnyRunning()) {
          break;
        }
        pause = Math.min(pause + GLANCE, 1_000_000);
      }
      lookout.set(false);
      idle.remove(w);
      if (i != null) {
        wakeIdle(); // The next one is to look around.
      }
      return i;
    }
    c.parked = true;
    if (!checkStall() && !closed && !c.retired) {
      LockSupport.parkNanos(this, 50_000_000);
    }
    idle.remove(w);
    return null;
  }

  private boolean isAnyRunning() {
    for (Carrier c : all) {
      if (c.running() != null) {
        return true;
      }
    }
    return false;
  }

  /** What {@code c} is to run next, claimed; or null. By its worker. */
  Isolate look(Carrier c) {
    if (c.own) {
      return taken(c, c.poll());
    }
    if (!due.isEmpty()) {
      Isolate i = takeDue(c);
      if (i != null) {
        return i;
      }
    }
    if (c.wokenNanos > SLICE) {
      c.wokenNanos = 0;
      Isolate i = takeSpent(c);
      if (i != null) {
        return i;
      }
    }
    Isolate i = (++c.picks & 1) == 0 ? arrivals.poll() : null;
    if (i == null) {
      i = c.poll();
    }
    if (i == null) {
      i = arrivals.poll();
    }
    if (i != null) {
      return taken(c, i);
    }
    Carrier[] others = all;
    if (others.length > 1) {
      long now = System.nanoTime();
      for (int k = 0; k < others.length; k++) {
        Carrier o = others[Math.floorMod(c.picks + k, others.length)];
        if (o != c && (i = o.steal(now)) != null) {
          return taken(c, i);
        }
      }
    }
    i = takeSpent(c);
    if (i == null) {
      var e = due.pollFirstEntry();
      i = e == null ? null : taken(c, e.getValue());
    }
    return i;
  }

  /** By the worker that took {@code i} from a queue of isolates that have been woken. */
  private static Isolate taken(Carrier c, Isolate i) {
    if (i == null || !i.claim(false)) {
      return null;
    }
    if (c.spent) {
      c.spent = false;
    }
    return i;
  }

  private Isolate takeSpent(Carrier c) {
    for (Isolate i = spent.poll(); i != null; i = spent.poll()) {
      if (i.claim(true)) {
        c.spent = true;
        return i;
      }
    }
    return null;
  }

  /**
   * The first of those with a priority, if it counts as having waited longer than those without
   * that are to run next.
   */
  private Isolate takeDue(Carrier c) {
    var e = due.firstEntry();
    if (e == null) {
      return null;
    }
    long at = e.getKey();
    return isNewer(c.peek(), at)
            && isNewer(arrivals.peek(), at)
            && isNewer(spent.peek(), at)
            && due.remove(e.getKey(), e.getValue())
        ? taken(c, e.getValue())
        : null;
  }

  private static boolean isNewer(Isolate i, long than) {
    return i == null || i.queuedAt - than >= 0;
  }

  /** Whether anything waits for a carrier. */
  private boolean isAnythingQueued() {
    return !spent.isEmpty() || !due.isEmpty() || isAnythingWoken();
  }

  private boolean isAnythingWoken() {
    if (!arrivals.isEmpty()) {
      return true;
    }
    for (Carrier c : all) {
      if (!c.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  // ---- Time ---------------------------------------------------------------------------------

  private void tick() {
    while (!closed) {
      boolean busy = false;
      long now = System.nanoTime();
      boolean woken = isAnythingWoken();
      boolean queued = woken || isAnythingQueued();
      for (Carrier c : held) {
        Isolate i = c.running();
        if (i != null) {
          busy = true;
          i.tick();
          long slice = c.spent && ((woken && !c.own) || i.isCalled()) ? SHORT_SLICE : SLICE;
          if (now - c.sliceStart() > slice && ((queued && !c.own) || i.wantsSwitch())) {
            c.preempt = true;
            i.poke();
          }
        }
      }
      LockSupport.parkNanos(this, busy ? TICK : 10 * TICK);
    }
  }

  /** Starts the clock, which makes what has run long enough let others run. */
  public void startClock() {
    synchronized (carriers) {
      if (clock == null) {
        clock = new Thread(this::tick, "elver clock");
        clock.setDaemon(true);
        clock.start();
      }
    }
  }

  /** Whether the fiber that the current worker runs has had its time. */
  public static boolean isPreempted() {
    Worker w = Worker.currentOrNull();
    Carrier c = w == null ? null : w.role;
    return c != null && c.preempt;
  }

  /**
   * What runs things later: nothing any more when the kernel is closed. What such a thing throws is
   * a fault, as what reaches a worker is. Any thread.
   */
  public ScheduledThreadPoolExecutor timers() {
    ScheduledThreadPoolExecutor t = timers;
    if (t == null) {
      synchronized (this) {
        t = timers;
        if (t == null) {
          t = new Timers();
          timers = t;
          if (closed) {
            t.shutdownNow(); // Who closed it has not seen this one.
          }
        }
      }
    }
    return t;
  }

  private final class Timers extends ScheduledThreadPoolExecutor {
    Timers() {
      super(
          1,
          r -> {
            Thread t = new Thread(r, "elver timers");
            t.setDaemon(true);
            return t;
          },
          new DiscardPolicy()); // Who begins to wait when all is closed waits for nothing.
      setRemoveOnCancelPolicy(true);
    }

    @Override
    protected void afterExecute(Runnable r, Throwable thrown) {
      super.afterExecute(r, thrown);
      if (r instanceof Future<?> f && f.state() == Future.State.FAILED) {
        failed(f.exceptionNow());
      }
    }
  }

  // ---- Stalls -------------------------------------------------------------------------------

  /** Something outside has been asked to wake a fiber. */
  public void externalBegun() {
    external.incrementAndGet();
  }

  /** It has done so, or never will. */
  public void externalDone() {
    external.decrementAndGet();
  }

  /** Has {@code action} run when no fiber runs and nothing outside can wake one. */
  public void onStall(Runnable action) {
    onStall = action;
  }

  /**
   * By an idle worker. One look can miss an isolate that is handed from queue to carrier to queue
   * while it looks; but then a quantum begins between the two looks, or lasts during one.
   *
   * @return whether time has passed: somebody may have tried to wake the worker
   */
  private boolean checkStall() {
    Runnable r = onStall;
    if (r == null) {
      return false;
    }
    long seen = quanta();
    long last = reported.get();
    if (last == seen || !isStalled()) {
      return false;
    }
    LockSupport.parkNanos(this, 5_000_000);
    if (isStalled() && quanta() == seen && !closed && reported.compareAndSet(last, seen)) {
      r.run();
    }
    return true;
  }

  /**
   * Queues first: see {@link Carrier#parked}. Outside last: it is done after what it wakes is
   * queued.
   */
  private boolean isStalled() {
    if (external.get() != 0 || !arrivals.isEmpty() || !spent.isEmpty() || !due.isEmpty()) {
      return false;
    }
    for (Carrier c : held) {
      if (!c.isEmpty()) {
        return false;
      }
    }
    for (Carrier c : held) {
      if (!c.parked) {
        return false;
      }
    }
    return external.get() == 0;
  }

  // ---- Running ------------------------------------------------------------------------------

  /**
   * Runs until {@code main} has ended; the calling thread only waits.
   *
   * @throws IllegalStateException if a worker has failed, with what it failed with as its cause
   */
  public void await(Isolate main) throws InterruptedException {
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    main.whenDone(
        new Completion.Callback() {
          @Override
          public void done(Object value, boolean failed) {
            ended.complete(null);
          }
        });
    var _ = fault.thenAccept(ended::complete);
    try {
      Throwable why = ended.get();
      if (why != null) {
        throw new IllegalStateException("a worker has failed", why);
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e); // It is never completed so.
    }
  }

  /**
   * What nobody caught has reached a worker: a fault of the kernel or of a language, after which
   * nothing can be relied on. It must not end as a carrier less and a program that hangs. Any
   * thread.
   */
  void failed(Throwable why) {
    fault.complete(why);
  }

  /** How many isolates have been taken up so far. */
  public long quanta() {
    long n = quantaBefore.get();
    for (Carrier c : held) {
      n += c.quanta();
    }
    return n;
  }
}
