package org.elver.lisp.isolate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.elver.heap.graph.Copies;
import org.elver.heap.graph.Parcel;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.kernel.task.Completion;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;
import org.elver.kernel.task.Waiter;
import org.elver.kernel.task.Worker;
import org.elver.lisp.file.FileLocks;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.OwnMachines;
import org.elver.lisp.machine.Requests;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Stacks;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;
import org.elver.lisp.print.Console;
import org.elver.lisp.process.Channels;

/**
 * An isolate: a context of the heap, a machine that runs its tasks one at a time, and a mailbox.
 * Immediate fields without a note belong to whoever runs it.
 */
public final class LispIsolate extends Isolate implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("isolate");
  private static final AtomicLong NUMBERS = new AtomicLong();

  /** The exit status of a shutdown that unwinds the Java frames of a killed isolate. */
  static final int KILLED = -1;

  private final Vm vm;
  private final Context context;

  /** This one, for those that must not keep it; null: it has started none. The runner's. */
  private WeakReference<LispIsolate> weakly;

  /** The parent; null for main. Isolates that start their successors and end would be a chain. */
  private final WeakReference<LispIsolate> parent;

  private final long parentNumber;
  private final Roster roster;

  /** Where its own data begin. */
  private final Context.Origin origin;

  // The roster's list.
  LispIsolate newer;
  LispIsolate older;

  private final long number = NUMBERS.getAndIncrement();

  /** Written before it starts. */
  private volatile String name;

  /** The machine that is free for whatever runs next; null: see {@link Workplace}. */
  private Task machine;

  /**
   * In this run, the machine of the tasks that have none of their own; null: none has been needed
   * yet, or it goes with a Java stack.
   */
  private Task shared;

  /**
   * The machine that runs now, or did when nothing of Lisp runs between two tasks. Written by the
   * runner; read by who pokes it, for whom any machine of the isolate is as good.
   */
  private Task running;

  /** What others ask of its machines; null: it has had none. By the runner. */
  private Requests requests;

  /** The machine that runs now waits on its Java stack, and goes with that. */
  private boolean holding;

  private LispFiber root;

  /** What is done in it before its first task's first step; or null. */
  private Consumer<Task> preparation;

  /** The bindings of the spawner, for the first task; null once taken, or none. */
  private Task inherited;

  /** The main isolate, whose machine exists. */
  public LispIsolate(Kernel kernel, Task main) {
    super(kernel);
    this.vm = main.vm();
    this.context = main.c;
    this.parent = null;
    this.parentNumber = -1;
    this.machine = main;
    this.requests = main.requests();
    this.name = "main";
    this.roster = Roster.of(main.vm());
    this.origin = context.origin();
    roster.setMain(this);
  }

  /**
   * A fork of {@code spawner}'s isolate, which its worker makes; to be started with {@link #begin}.
   */
  public LispIsolate(Task spawner) {
    this(of(spawner), spawner, spawner.c.fork());
  }

  /** An isolate below {@code parent} with a context of its own. */
  public LispIsolate(LispIsolate parent, Task spawner, Context context) {
    this(parent, context, parent.asking == null ? null : parent.asking.fork());
    this.inherited = new Task(vm, context, spawner);
    Bindings.copy(spawner, inherited);
  }

  /**
   * An isolate below {@code parent} with a context of its own, which asks for what it has not;
   * {@code asking} is null where that has all there is.
   */
  private LispIsolate(LispIsolate parent, Context context, Asking asking) {
    super(parent.kernel());
    this.vm = parent.vm;
    this.context = context;
    this.parent = parent.weakly();
    this.parentNumber = parent.number;
    this.enclosure = parent.enclosure;
    this.roster = parent.roster;
    this.origin = context.origin();
    this.asking = asking;
  }

  /**
   * An isolate below that of {@code spawner}, with a fresh heap.
   *
   * @param live if not null, variables that it has not are looked at in the parent each time; see
   *     {@link Asking}
   * @param copies what has been copied for it already
   */
  public static LispIsolate fresh(Task spawner, Asking.Wrapper live, Copies copies) {
    LispIsolate parent = of(spawner);
    Context c = FreshWorld.of(spawner.vm()).fork();
    LispIsolate i = new LispIsolate(parent, c, new Asking(parent, live, copies));
    i.fresh = true;
    return i;
  }

  private boolean fresh;

  /** How it gets what it has not; null: its heap is, or began as, a fork of the first world. */
  private Asking asking;

  Asking asking() {
    return asking;
  }

  /**
   * Has it ask {@code whom} for what it has not, to whom {@code copies} have been copied already.
   * Before it starts; for a fork of an isolate with a fresh heap.
   */
  void askInstead(LispIsolate whom, Copies copies) {
    asking = new Asking(whom, null, copies);
  }

  /** Whether those whom it asks for what it has not have {@code feature}. By its runner. */
  public boolean canGet(Task t, Symbol feature) {
    return asking != null && asking.provides(t, feature);
  }

  /**
   * What the variable {@code s} was before its tasks' dynamic bindings that are in effect; null:
   * there are none. By its runner, or who has borrowed it.
   */
  Object hiddenValue(Symbol s) {
    Task t = running;
    return t != null ? Bindings.hiddenValue(t, s) : bound == null ? null : bound.hiddenValue(s);
  }

  /** The isolate that runs {@code t}; null when nothing schedules it. */
  public static LispIsolate of(Task t) {
    return switch (t.scheduling()) {
      case LispFiber f -> f.lispIsolate();
      case Choosing c -> c.isolate();
      case null, default -> null;
    };
  }

  WeakReference<LispIsolate> weakly() {
    if (weakly == null) {
      weakly = new WeakReference<>(this);
    }
    return weakly;
  }

  /** Its heap context; whoever runs it has it, and after its end whoever holds its monitor. */
  public Context context() {
    return context;
  }

  /** The one it was started by; null for main, and when nobody can have that one any more. */
  public LispIsolate parent() {
    return parent == null ? null : parent.get();
  }

  /** Whether the program ends with it. */
  public boolean isMain() {
    return parent == null;
  }

  /** Whether {@code i} started it. */
  public boolean isChildOf(LispIsolate i) {
    return i != null && i.number == parentNumber && i.roster == roster;
  }

  /** All isolates of its VM. */
  public Roster roster() {
    return roster;
  }

  /** Its number: later ones have higher numbers. */
  public long number() {
    return number;
  }

  /** The name that it was given, or one with its number. Any thread. */
  public String isolateName() {
    String n = name;
    return n != null ? n : "isolate-" + number;
  }

  /** Gives it a name; before it starts. */
  public void setIsolateName(String n) {
    name = n;
  }

  /** What it has in place of what belongs to the VM; null: nothing. Set before it starts. */
  private Enclosure enclosure;

  /** What it and those it starts have in place of what belongs to the VM; null: nothing. */
  public Enclosure enclosure() {
    return enclosure;
  }

  /** See {@link org.elver.lisp.machine.Scheduling#inPlaceOf}. */
  <T> T inPlaceOf(Class<T> service) {
    Enclosure e = enclosure;
    return e != null && service == Console.class ? service.cast(e.console()) : null;
  }

  /** Gives it, and those it will start, what else belongs to the VM. Before it starts. */
  public void enclose(Enclosure e) {
    enclosure = e;
  }

  /** The tags of the catches that it was started in; what they are compared with is the same. */
  private Object[] outerCatches = {};

  /**
   * Has throws of its first task to where {@code t} would catch them go there: as the error {@code
   * no-catch} that the first task ends with. Before it starts.
   */
  public void throwTo(Task t) {
    outerCatches = t.catchTags();
    if (t.scheduling() instanceof LispFiber f && f == f.lispIsolate().root) {
      Object[] further = f.lispIsolate().outerCatches;
      int n = outerCatches.length;
      outerCatches = java.util.Arrays.copyOf(outerCatches, n + further.length);
      System.arraycopy(further, 0, outerCatches, n, further.length);
    }
  }

  /** Whether a throw of its first task to {@code tag} goes to who has started it. */
  boolean throwsOutside(Object tag) {
    for (Object o : outerCatches) {
      if (Lisp.eq(o, tag)) {
        return true;
      }
    }
    return false;
  }

  /** The first task. */
  public LispFiber root() {
    return root;
  }

  /** Has {@code p} done in it before its first task's first step; to be called before that. */
  public void prepareWith(Consumer<Task> p) {
    preparation = p;
  }

  /** Starts it with its first task. */
  public void begin(LispFiber first) {
    root = first;
    if (!isMain()) {
      roster.add(this);
    }
    if (limits != null) {
      limits.start();
    }
    start(first);
  }

  // ---- The result ---------------------------------------------------------------------------

  /** What the spawner got by joining; guarded by this. */
  private Object taken;

  private LispIsolate taker;

  /** The value if the isolate of {@code t} has taken it over before; else null. */
  Object takenBy(Task t) {
    return taker != null && taker == of(t) ? taken : null;
  }

  /** What its spawner took over before, and perhaps has changed since; null: not that. */
  private record Taken(LispIsolate by, HeapObject value) {}

  /** What {@link #copyOf} is to copy, when the heap has been given up. By who holds its monitor. */
  Object takenByAnother() {
    return taker != null && taken instanceof HeapObject o ? new Taken(taker, o) : null;
  }

  /** A copy of what another isolate took over. Without its monitor: that one is asked. */
  Object copyOf(Task t, Object takenByAnother) {
    if (!(takenByAnother instanceof Taken x)) {
      throw new LispSignal(Conditions.ISOLATE_DEAD, this);
    }
    if (t.c.sees(x.value)) {
      return x.value; // Forked from the spawner since: it has it.
    }
    if (x.by.isDone()) {
      throw new LispSignal(Conditions.ISOLATE_DEAD, this);
    }
    Object packed = Inspection.run(t, x.by, there -> packedOrNull(there, x.value));
    if (packed == null) {
      throw new LispSignal(Conditions.NOT_TRANSFERABLE, this, Symbol.NIL);
    }
    return Values.unpack(t, packed);
  }

  private static Object packedOrNull(Task there, Object value) {
    try {
      return Values.pack(there, value);
    } catch (LispSignal s) {
      return null; // What it tells is the other isolate's.
    }
  }

  void setTaken(Task t, Object value) {
    taken = value;
    taker = of(t);
  }

  /** Whether its heap is not a fork of its parent's. */
  public boolean isFresh() {
    return fresh;
  }

  /** The value, or the error, packed, where it needs no heap. Written before its end is known. */
  private Parcel small;

  Parcel small() {
    return small;
  }

  /** What is left to do about it when nobody can join it any more; null: nothing. */
  private volatile Cleaner.Cleanable leavings;

  private volatile Leavings left;

  /** Somebody learns how it ended: it need not be reported. Any thread. */
  public void observe() {
    observed = true;
    Leavings l = left;
    if (l != null) {
      l.observed();
    }
  }

  private volatile boolean observed;

  /** Whether errors that nobody learns of are reported. */
  private boolean silent;

  /** Has errors that nobody learns of ignored. To be called before it starts. */
  public void ignoreErrors() {
    silent = true;
  }

  /** Its heap is of no use any more. By who holds its monitor. */
  void released() {
    Cleaner.Cleanable l = leavings;
    if (l != null) {
      leavings = null;
      l.clean();
    }
  }

  /** Whether it ends only with the program. Written by who started it, read by any thread. */
  private volatile boolean serving;

  /** It answers others, and does not end by itself: nobody waits for that. */
  public void serves() {
    serves(List.of());
  }

  /**
   * As {@link #serves()}; who waits for all that is going on waits for what is in {@code work},
   * which any thread may look at.
   */
  public void serves(Collection<? extends Completion> work) {
    this.work = work;
    serving = true;
  }

  /** What it has been asked for and is not done; written before {@code serving}. */
  private Collection<? extends Completion> work = List.of();

  /** Whether it serves together with {@code i}. Any thread. */
  public boolean sharesWork(LispIsolate i) {
    return isServing() && i.isServing() && work == i.work;
  }

  /** What it has been asked for and is not done, if it {@link #isServing}. Any thread. */
  public List<Completion> work() {
    return isServing() ? List.copyOf(work) : List.of();
  }

  /** Whether it answers others, and does not end by itself. Any thread. */
  public boolean isServing() {
    return serving;
  }

  /** Whether all that it does is only tried. */
  private boolean speculating;

  /** Has it end at the first thing that cannot be taken back. Before it starts. */
  public void speculate() {
    speculating = true;
  }

  /** Whether all that it does is only tried. */
  public boolean isSpeculating() {
    return speculating;
  }

  /**
   * What it is about to do cannot be taken back: where all that it does is only tried, it ends
   * instead, and this does not return. By its runner.
   */
  void irrevocable() {
    if (speculating) {
      requestKill(new Results.Killed("irrevocable"));
      throw new Shutdown(KILLED);
    }
  }

  /** Whether its end is an event for its parent only. */
  private boolean sparing;

  /**
   * Has its end poison no channels: it only does a part of what its parent does. Before it starts.
   */
  public void sparePartners() {
    sparing = true;
  }

  // ---- Channels -----------------------------------------------------------------------------

  /** The channels that its end poisons: see {@link Connections}. The runner's. */
  private Object connections;

  // The two used last, which need no other look. The runner's.
  private LispChannel connected;
  private LispChannel connectedBefore;

  /** It uses {@code c}: its end by an error poisons that. By the runner. */
  public void connect(LispChannel c) {
    if (c != connected && c != connectedBefore) {
      connectedBefore = connected;
      connected = c;
      connections = Connections.with(connections, c);
    }
  }

  /**
   * It is to call {@code call[0]} with the rest: the channels among these and what the function has
   * captured, as {@code view} sees it, are its own from the beginning. Before it starts.
   */
  public void connectAll(Context view, Object[] call) {
    connections = Connections.withAll(connections, view, call);
  }

  // ---- Messages -----------------------------------------------------------------------------

  /** Null: nobody has asked for it yet, as in most isolates. Set once, by any thread. */
  private volatile Mailbox mailbox;

  private static final VarHandle MAILBOX;
  private static final VarHandle LOOKS;
  private static final VarHandle RUNNING;
  private static final VarHandle RUNNER;
  private static final VarHandle ALLOCATED;

  static {
    try {
      MethodHandles.Lookup l = MethodHandles.lookup();
      MAILBOX = l.findVarHandle(LispIsolate.class, "mailbox", Mailbox.class);
      LOOKS = l.findVarHandle(LispIsolate.class, "looks", Looks.class);
      RUNNING = l.findVarHandle(LispIsolate.class, "running", Task.class);
      RUNNER = l.findVarHandle(LispIsolate.class, "runner", Worker.class);
      ALLOCATED = l.findVarHandle(LispIsolate.class, "allocated", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What it has been sent. Any thread. */
  public Mailbox mailbox() {
    if (mailbox == null) {
      MAILBOX.compareAndSet(this, null, new Mailbox(this));
    }
    return mailbox;
  }

  private void discardMailbox() {
    if (!MAILBOX.compareAndSet(this, null, Mailbox.CLOSED)) {
      mailbox.discard();
    }
  }

  /** The error that ended it, packed; null: none, or it lives. Written before its end is known. */
  private Object endError;

  /** The error that ended it, as a packed error object; null when nothing but its function did. */
  public Object endError() {
    return isDone() ? endError : null;
  }

  private Object packedError(Object outcome) {
    Task t = running;
    return switch (outcome) {
      case Results.Killed k ->
          Values.pack(
              t,
              t.list(
                  Conditions.ISOLATE_KILLED,
                  LispString.of(t.c, isolateName()),
                  t.symbols().intern(t, k.reason())));
      case LispFiber.Failed f -> Values.packError(t, f.error());
      case Shutdown s -> Values.pack(t, t.list(Symbol.known("kill-emacs"), (long) s.status()));
      case null, default -> Values.pack(t, t.list(Conditions.ISOLATE_DEAD, this));
    };
  }

  // ---- For the kernel -----------------------------------------------------------------------

  @Override
  protected void poke() {
    attend((Task) RUNNING.getAcquire(this));
    Looks l = looks;
    if (l != null) {
      l.poke();
    }
  }

  static void attend(Task t) {
    if (t != null) {
      t.attend();
    }
  }

  @Override
  protected void entered() {
    Task t;
    if (current() instanceof LispFiber f && f.held != null) {
      t = f.held;
      f.held = null;
      shared = t.isOwn() ? null : t;
    } else {
      t = takeShared();
    }
    context.setDriver(t);
    RUNNER.setRelease(this, Worker.currentOrNull());
    RUNNING.setRelease(this, t); // The kernel puts a fence behind it.
  }

  /** A machine for the tasks that have none of their own, with stacks to use. */
  private Task takeShared() {
    Workplace place = Workplace.current();
    Task t = machine != null ? machine : place.takeMachine(context);
    if (t == null) {
      if (requests == null) {
        requests = new Requests();
      }
      t = new Task(vm, context, requests);
      t.setProvider(asking);
    }
    place.takeStacks().lendTo(t);
    shared = t;
    return t;
  }

  /** From here on {@code t}, one of its machines, runs; {@code t}. By the runner. */
  Task use(Task t) {
    if (running != t) {
      context.setDriver(t);
      RUNNING.setRelease(this, t);
    }
    return t;
  }

  /** From here on a machine runs in which no task waits. By the runner, between two tasks. */
  Task useShared() {
    return use(shared != null ? shared : takeShared());
  }

  @Override
  protected void left() {
    Task ran = running;
    Task t = shared;
    shared = null;
    RUNNING.setOpaque(this, null);
    serve(); // Now: the machine's bindings may have been taken back already.
    Worker thread = Worker.currentOrNull();
    RUNNER.setOpaque(this, null);
    // Not at the end of main, when nobody can ask any more: what counts takes Java long to load.
    if (thread != null && !(parent == null && isEnded()) && counts(thread)) {
      long now = Usage.allocatedByThread();
      ALLOCATED.setOpaque(this, allocated + now - thread.allocated); // Only the runner writes it.
      thread.allocated = now;
    }
    boolean held = holding && ran == t;
    holding = false;
    if (held) {
      if (machine == t) {
        machine = null;
      }
    } else if (t != null) {
      if (t.isEmpty()) {
        putAway(t);
      } else {
        machine = isEnded() ? null : t;
      }
    }
  }

  /**
   * Whether what it has allocated is counted now. Of runs that are very short only every fifteenth
   * is, of whichever isolate: to ask Java costs more than they do.
   */
  private boolean counts(Worker thread) {
    if (thread.ran() < SHORT_RUN && limits == null && !isEnded() && ++thread.uncounted < 15) {
      return false;
    }
    thread.uncounted = 0;
    return true;
  }

  /** In so many nanoseconds nothing much is allocated. */
  private static final long SHORT_RUN = 20_000;

  /** Its machine has nothing to do: the thread keeps it, and the stacks. */
  private void putAway(Task t) {
    Workplace place = Workplace.current();
    place.giveStacks(Stacks.takeBackFrom(t));
    if (isMain()) {
      machine = t;
      context.setDriver(t);
    } else if (!isEnded()) {
      machine = null;
      context.setDriver(null);
      t.currentBuffer = null;
      t.matchData = null;
      place.giveMachine(t);
    }
  }

  // ---- Machines of tasks' own ----------------------------------------------------------------

  /** Null: no task has one. By the runner, or who has borrowed it. */
  private OwnMachines ownMachines;

  /** Tasks that have not gone on for long are to give up their machines. */
  private volatile boolean sweeps;

  /** How often it is seen to that they do. */
  private static final long SWEEP_NANOS = 1_000_000_000;

  /** A machine of its own for {@code f}, which is about to go on; null: it gets none. */
  Task admit(Task like, LispFiber f, int captured) {
    if (ownMachines == null) {
      ownMachines = new OwnMachines();
      sweepLater(kernel(), weakly());
    }
    return ownMachines.admit(like, f, captured);
  }

  /** The task that {@code t} runs has ended; it had the machine for itself perhaps. */
  void dropOwn(Task t) {
    if (t.isOwn()) {
      ownMachines.remove(t);
    }
  }

  /** The task that waits in {@code own} gives it up. */
  void giveUp(Task own) {
    ownMachines.giveUp(own);
  }

  private static void sweepLater(Kernel kernel, WeakReference<LispIsolate> of) {
    var _ =
        kernel
            .timers()
            .schedule(
                () -> {
                  LispIsolate i = of.get();
                  if (i == null || i.isEnded() || kernel.isClosed()) {
                    return;
                  }
                  kernel.externalBegun(); // While it is borrowed it seems to have nothing to do.
                  try {
                    if (i.sweepSoon()) {
                      sweepLater(kernel, of);
                    }
                  } finally {
                    kernel.externalDone();
                  }
                },
                SWEEP_NANOS,
                TimeUnit.NANOSECONDS);
  }

  /** Sees to it that they do, here or by the runner; false: none of its tasks has any. */
  private boolean sweepSoon() {
    if (!tryBorrow()) {
      sweeps = true;
      poke();
      return true;
    }
    try {
      sweep();
      if (ownMachines != null && ownMachines.count() > 0) {
        return true;
      }
      ownMachines = null;
      return false;
    } finally {
      giveBack();
    }
  }

  private void sweep() {
    if (ownMachines != null && !isEnded()) {
      ownMachines.sweep();
    }
  }

  // ---- Looks from other isolates ------------------------------------------------------------

  /** Null: nobody has looked, or been looked at, as in most isolates. Set once, by any thread. */
  private volatile Looks looks;

  Looks looks() {
    if (looks == null) {
      LOOKS.compareAndSet(this, null, new Looks(this));
    }
    return looks;
  }

  /** The proxies of its objects. Any thread. */
  public ProxyTable proxies() {
    return looks().proxies;
  }

  /**
   * From here on, until {@link #unseal}, others see how it is now, whatever its tasks do. By its
   * runner, where it is not preempted.
   */
  public void seal(Task t) {
    looks().seal(t);
  }

  /** Others see what has been done since {@link #seal}, all at once. By its runner. */
  public void unseal() {
    looks().unseal();
  }

  /** Serves those who ask to look into this isolate. By its runner, or who has borrowed it. */
  void serve() {
    Looks l = looks;
    if (l != null) {
      l.serve();
    }
    if (sweeps) {
      sweeps = false;
      sweep();
    }
  }

  // ---- Use and limits -----------------------------------------------------------------------

  /** Bytes that its runs have allocated, up to the last one. Written by the runner. */
  private long allocated;

  /** What it must not exceed; null: nothing. Set before it starts. */
  private volatile Limits limits;

  /** Sets its limits; before it starts, by who has its context. */
  public void limit(long timeoutNanos, long memory) {
    limits = new Limits(this, origin, timeoutNanos, memory);
  }

  /** Bytes allocated so far. */
  public long allocated() {
    long now = 0;
    Worker w = Worker.currentOrNull();
    if (w != null && Worker.currentIsolate() == this) {
      now = Usage.allocatedByThread() - w.allocated;
    }
    return (long) ALLOCATED.getOpaque(this) + now;
  }

  /** Bytes of live data of its own, when that was last looked at; -1: never. */
  public long live() {
    Limits l = limits;
    return l == null ? -1 : l.live();
  }

  /**
   * Bytes of live data of its own now: by its runner. What main has made since the start is main's.
   */
  public long measure(Task t) {
    return Usage.live(t, origin, Long.MAX_VALUE);
  }

  /** The thread that runs it; null: none does. Written by the runner. */
  @SuppressWarnings("unused") // through RUNNER
  private Worker runner;

  /** How much memory it takes, as far as that is known without looking. Any thread. */
  long weight() {
    long l = live();
    Worker w = (Worker) RUNNER.getAcquire(this);
    return l >= 0
        ? l
        : (long) ALLOCATED.getOpaque(this) + (w == null ? 0 : Usage.allocatedBy(w) - w.allocated);
  }

  /** Whether it runs now. Any thread. */
  public boolean isRunning() {
    return RUNNING.getAcquire(this) != null;
  }

  /** How many messages wait in its mailbox. Any thread. */
  public int mailboxLength() {
    Mailbox m = mailbox;
    return m == null ? 0 : m.length();
  }

  /**
   * Memory is exhausted: the largest isolate ends, this one at once if that is it. By its runner.
   */
  void outOfMemory() {
    roster.outOfMemory();
    if (killReason() != null) {
      throw new Shutdown(KILLED);
    }
  }

  void checkMemory(Task t) {
    Limits l = limits;
    if (l != null) {
      l.check(t);
    }
  }

  @Override
  protected void tick() {
    Limits l = limits;
    if (l != null && l.wantsLook()) {
      poke();
    }
  }

  /** Its VM. */
  public Vm vm() {
    return vm;
  }

  /** The machine that runs now. */
  Task running() {
    return running;
  }

  /** The machine goes with the Java stack that is about to wait. */
  void hold(LispFiber f, Task t) {
    f.held = t;
    holding = true;
  }

  /** Before a task's first step. */
  void prepare(LispFiber f, Task t) {
    if (f == root && inherited != null) {
      Bindings.copy(inherited, t);
      inherited = null;
    }
    if (f != root || !isMain()) {
      t.handleAll();
    }
    if (f == root && preparation != null) {
      preparation.accept(t);
      preparation = null;
    }
  }

  /** Waits for mutexes and condition variables, oldest first; the runner's. */
  private IdentityHashMap<HeapObject, Deque<Waiter>> queues;

  /** Who waits for what: no queue is empty. By the runner. */
  public IdentityHashMap<HeapObject, Deque<Waiter>> queues() {
    if (queues == null) {
      queues = new IdentityHashMap<>();
    }
    return queues;
  }

  // ---- Bindings left in effect --------------------------------------------------------------

  /**
   * Who waits with its dynamic bindings in effect; null: nobody. They are taken back only when
   * another task is to run: an isolate of one task need not exchange them at all. The runner's.
   */
  private LispFiber bound;

  /** {@code f} waits, and has left its dynamic bindings in effect. */
  void leaveBindings(LispFiber f) {
    bound = f;
  }

  /**
   * {@code f} is to run, or null: anything else that is to see the values outside of tasks.
   *
   * @return whether the bindings of {@code f} are in effect; those of no other task are
   */
  boolean takeBindings(LispFiber f, Task t) {
    LispFiber of = bound;
    bound = null;
    if (of != null && of != f) {
      of.swapOut(t);
    }
    return of != null && of == f;
  }

  // ---- The order of tasks -------------------------------------------------------------------

  /** Null: each when its turn comes, as in most isolates. Made by the runner. */
  private volatile TaskOrder order;

  private TaskOrder order() {
    TaskOrder o = order;
    if (o == null) {
      o = new TaskOrder(this);
      order = o;
    }
    return o;
  }

  @Override
  protected Fiber choose(Fiber oldest) {
    TaskOrder o = order;
    return o == null ? super.choose(oldest) : o.choose(oldest);
  }

  /** As if there were no other order. */
  Fiber chooseByTurn(Fiber oldest) {
    return super.choose(oldest);
  }

  /** The fiber whose turn is after that of {@code f}. */
  static Fiber next(Fiber f) {
    return after(f);
  }

  /**
   * Whether the running task is to let others run; {@code critical}: those of other isolates only.
   */
  boolean makesRoom(boolean critical) {
    if (!Kernel.isPreempted()) {
      return false;
    }
    if (critical || scheduling() != TaskOrder.PREEMPTIVE) {
      order().stay(current()); // Another isolate's turn, not another task's.
    }
    return true;
  }

  /** {@code f} lets others run where GNU Emacs would not: no other thread may. */
  void preempted(LispFiber f) {
    if (f.isThread()) {
      order().hold(f);
    }
  }

  /** {@code f} runs again. */
  void goesOn(LispFiber f) {
    TaskOrder o = order;
    if (o != null) {
      o.goesOn(f);
    }
  }

  /** How the isolate chooses among its tasks: a mode, or a function of Lisp. */
  public Object scheduling() {
    TaskOrder o = order;
    return o == null ? TaskOrder.PREEMPTIVE : o.mode();
  }

  /** Has it choose otherwise. By the runner. */
  public void setScheduling(Object mode) {
    order().setMode(mode);
    setInOrder(mode != TaskOrder.PREEMPTIVE);
  }

  /** Whether {@code mode} is one that is no function. */
  public static boolean isKnownMode(Object mode) {
    return TaskOrder.isKnown(mode);
  }

  @Override
  protected boolean isPreemptive() {
    TaskOrder o = order;
    return o == null || o.isPreemptive();
  }

  // ---- Its end ------------------------------------------------------------------------------

  /** The end of the program was asked for, or of an isolate's Java frames. */
  Fiber.Step shutdown(LispFiber f, Shutdown s) {
    requestKill(s); // The first reason counts.
    f.fail(killReason());
    return Fiber.Step.ENDED;
  }

  /** Others know of it before its first task has been started. */
  @Override
  protected boolean startsByPost() {
    return false;
  }

  @Override
  protected void fiberEnded(Fiber f) {
    if (f == root) {
      ending();
    }
  }

  /** The first task has ended: the others are cancelled. */
  private void ending() {
    for (Fiber f : fibers()) {
      f.cancel(Conditions.taskCancelled());
    }
  }

  @Override
  protected void abandoning(Fiber f) {
    if (f instanceof LispFiber l && l.held != null) {
      l.held.die();
    }
  }

  @Override
  protected void ended(Object killed) {
    Object stopped = killed != null ? killed : killReason();
    boolean limited = false;
    if (limits != null) {
      limits.stop();
      limited = limits.exceeded() != null;
      stopped = limited ? limits.exceeded() : stopped;
      limits = null;
    }
    boolean rest = !limited && stopped instanceof Results.Killed k && k.leavesValue() && hasEnded();
    Object reason = rest ? null : stopped; // Only other tasks have been stopped.
    boolean failed = reason != null || root.isFailed();
    Object outcome = reason != null ? reason : root.outcome();
    discardMailbox();
    if ((failed || stopped != null) && !isMain()) {
      Object error = packedError(failed ? outcome : stopped);
      endError = failed ? error : null;
      if (!sparing) {
        Connections.poison(connections, error);
      }
    }
    inherited = null;
    preparation = null;
    machine = null;
    ownMachines = null;
    if (looks != null) {
      looks.close();
    }
    Channels.of(vm).closeAll(context);
    FileLocks.of(vm).release(context);
    if (!isMain()) {
      leave(failed, outcome);
      roster.remove(this);
      roster.recovered(this);
    }
    if (failed) {
      fail(outcome);
    } else {
      complete(outcome);
    }
  }

  /** Whether its first task has come to its own end, by a value or an error. */
  private boolean hasEnded() {
    return root.isDone() && (!root.isFailed() || root.outcome() instanceof LispFiber.Failed);
  }

  /** Gives up the heap, or sees to it that this is done when nobody can ask for what is in it. */
  private void leave(boolean failed, Object outcome) {
    context.setDriver(null); // Leads here.
    if (!speculating && !isAwaited()) {
      // Whoever holds a heap holds all that its isolate saw, other isolates perhaps, and so on.
      Object value = outcome instanceof LispFiber.Failed f ? f.error() : outcome;
      small = Lisp.isImmediate(value) ? null : Values.packSmall(context, origin, value);
    }
    boolean error = failed && !silent && !observed && Leavings.isError(outcome);
    boolean needed =
        small == null
            && (failed
                ? outcome instanceof LispFiber.Failed
                : speculating || !Lisp.isImmediate(outcome)); // Its changes are wanted, too.
    if (!needed) {
      context.end();
    }
    if (needed || error) {
      Leavings l = new Leavings(this, context, error ? outcome : null, small);
      left = l;
      if (observed) {
        l.observed();
      }
      leavings = roster.cleaner().register(this, l);
    }
  }

  // ---- As an object -------------------------------------------------------------------------

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<isolate " + isolateName() + ">";
  }
}
