package org.elver.lisp.isolate;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.elver.heap.version.Context;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;
import org.elver.kernel.task.Worker;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

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
  private final LispIsolate parent;
  private final long number = NUMBERS.getAndIncrement();

  /** Written before it starts. */
  private volatile String name;

  /** The machine that is free for whatever runs next; null: none is there. */
  private Task machine;

  /** The machine that runs now. Written by the runner; read by who pokes it. */
  private volatile Task running;

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
    this.machine = main;
    this.name = "main";
  }

  /** A fork of {@code spawner}'s isolate, which its worker makes; to be started with {@link #begin}. */
  public LispIsolate(Task spawner) {
    this(of(spawner), spawner, spawner.c.fork());
  }

  /** An isolate below {@code parent} with a context of its own. */
  public LispIsolate(LispIsolate parent, Task spawner, Context context) {
    super(parent.kernel());
    this.vm = spawner.vm();
    this.context = context;
    this.parent = parent;
    this.inherited = new Task(vm, context, spawner);
    spawner.copyBindingsTo(inherited);
  }

  /** The isolate that runs {@code t}; null when nothing schedules it. */
  public static LispIsolate of(Task t) {
    LispFiber f = LispFiber.of(t);
    return f == null ? null : f.lispIsolate();
  }

  /** Its heap context; whoever runs it has it, and after its end whoever holds its monitor. */
  public Context context() {
    return context;
  }

  public LispIsolate parent() {
    return parent;
  }

  public String isolateName() {
    String n = name;
    return n != null ? n : "isolate-" + number;
  }

  public void setIsolateName(String n) {
    name = n;
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

  void setTaken(Task t, Object value) {
    taken = value;
    taker = of(t);
  }

  /** Whether its heap is not a fork of its parent's. */
  public boolean isFresh() {
    return false;
  }

  /** Its value needs nothing of its heap. */
  void release(Task t) {
    synchronized (this) {
      if (!context.isEnded()) {
        context.end();
      }
    }
  }

  // ---- Channels -----------------------------------------------------------------------------

  /** The channels that its end poisons; the runner's. */
  private final Set<LispChannel> channels = Collections.newSetFromMap(new WeakHashMap<>());

  private LispChannel lastConnected;

  /** It uses {@code c}: its end by an error poisons that. By the runner. */
  public void connect(LispChannel c) {
    if (c != lastConnected) {
      lastConnected = c;
      channels.add(c);
    }
  }

  // ---- For the kernel -----------------------------------------------------------------------

  @Override
  protected void poke() {
    Task t = running;
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
    } else {
      t = machine != null ? machine : new Task(vm, context);
      machine = t;
      t.borrow(stacks());
    }
    context.setDriver(t);
    running = t;
  }

  @Override
  protected void left() {
    Task t = running;
    running = null;
    if (holding) {
      holding = false;
      if (machine == t) {
        machine = null;
      }
    } else {
      Worker w = Worker.currentOrNull();
      if (w != null && t.isEmpty()) {
        Task.Stacks s = w.local instanceof Task.Stacks mine ? mine : new Task.Stacks();
        t.giveBack(s);
        w.local = s;
      }
      machine = t;
    }
  }

  private static Task.Stacks stacks() {
    Worker w = Worker.currentOrNull();
    if (w != null && w.local instanceof Task.Stacks s) {
      w.local = null;
      return s;
    }
    return new Task.Stacks();
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
      inherited.copyBindingsTo(t);
      inherited = null;
    }
    if (f != root || parent != null) {
      t.handleAll();
    }
    if (f == root && preparation != null) {
      preparation.accept(t);
      preparation = null;
    }
  }

  /** Whether the running task is to let others run. */
  boolean makesRoom() {
    return Kernel.isPreempted();
  }

  @Override
  protected boolean isPreemptive() {
    return true;
  }

  /** The end of the program was asked for, or of an isolate's Java frames. */
  Fiber.Step shutdown(LispFiber f, Shutdown s) {
    if (parent == null) {
      f.fail(s);
      requestKill(s);
    } else if (killReason() == null) {
      requestKill(s);
    }
    return Fiber.Step.ENDED;
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
  protected void ended(Object reason) {
    if (reason != null) {
      fail(reason);
    } else if (root.isFailed()) {
      fail(root.outcome());
    } else {
      complete(root.outcome());
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
