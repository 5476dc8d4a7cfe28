package org.elver.lisp.machine;

import java.util.Arrays;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.View;

/**
 * One thread of Lisp execution, as data: value stack, frames, bindings, handlers. The thread that
 * runs it owns all of it; only {@link #interrupt} may be called by others.
 *
 * <p>Layout of a frame on the value stack: the function as it was called, its arguments ({@code
 * frameBase} points at the first), then the function's working values. Frames of byte-code
 * functions and of resumable primitives ({@link NativeFrame}) are alike; a primitive that calls
 * Lisp from Java shows as a frame while it does.
 */
public final class Task extends View {
  /** What a primitive returns after {@link #invoke} or {@link #tail}; never a Lisp value. */
  public static final Object CALL =
      new Object() {
        @Override
        public String toString() {
          return "#<call>";
        }
      };

  /** What a primitive returns after {@link #unwind}; never a Lisp value. */
  public static final Object UNWIND =
      new Object() {
        @Override
        public String toString() {
          return "#<unwind>";
        }
      };

  /**
   * Match data of a task that must not depend on those that it began with, since they may change
   * yet.
   */
  public static final Object UNKNOWN_MATCH =
      new Object() {
        @Override
        public String toString() {
          return "#<unknown match>";
        }
      };

  /** What {@link #start} and {@link #resume} return when the task waits; never a Lisp value. */
  public static final Object SUSPENDED =
      new Object() {
        @Override
        public String toString() {
          return "#<suspended>";
        }
      };

  /** The least that {@code max-lisp-eval-depth} counts for, as in GNU Emacs. */
  private static final int LEAST_DEPTH = 100;

  /** What {@code max-lisp-eval-depth} is unless a program sets it. */
  private static final int USUAL_DEPTH = 1600;

  /** How deep Java may be in calls of Lisp from Java, so that its stack suffices. */
  static final int MAX_FOREIGN = 6000;

  /** Instead of the number of foreign frames: none may be added. */
  private static final int REFUSING = Integer.MAX_VALUE;

  private final Vm vm;

  // The value stack; sp is the first free slot. Valid whenever Java code outside the loop runs.
  Object[] stack = Stacks.NO_OBJECTS;
  int sp;

  /**
   * So many numbers belong to a frame. They lie in a row: each call writes, and each switch to
   * another task reads, all of those of a frame.
   */
  static final int FRAME = 4;

  /** Among them: the instruction to go on at. */
  static final int PC = 0;

  /** Among them: where on the value stack its arguments begin. */
  static final int BASE = 1;

  /** Among them: how many arguments it was given. */
  static final int ARGS = 2;

  /** Among them: how high the binding stack was. */
  static final int BINDINGS = 3;

  // Frames, by number; depth is how many there are. The numbers of frame d are at FRAME * d + PC
  // and so on. Both arrays have room for as many frames.
  Object[] frameFunction = Stacks.NO_OBJECTS;
  int[] frames = Stacks.NO_INTS;
  int depth;

  /** Whose arrays these are; null: nobody else's. */
  Stacks stacks;

  /** What the thread has lent, be it used yet or not. Null: nothing. */
  Stacks shared;

  /** Whether something may be left in those. */
  boolean lentUsed;

  /** A depth below which calls need no look at {@code max-lisp-eval-depth}. */
  int depthLimit;

  /** How many runs of the loop are on the Java stack. */
  int foreign;

  /** How many frames lie below the run of the loop that is innermost on the Java stack. */
  int runBase;

  /** Whether errors that nobody handles leave the run as exceptions, without the debugger. */
  boolean rooted;

  /** Arguments of the primitive that is running, below {@code sp}; -1 when none is. */
  int callArgs = -1;

  // What invoke and tail leave for the loop.
  NativeFrame pendingFrame;
  int pendingArgs;

  // What compiled code that returns null leaves for the loop: see Compiled.
  int left;
  Object leftValue;
  int leftSp;

  /** What came out of compiled code that was entered without the loop; for the loop to throw. */
  Throwable thrown;

  /** How many runs of compiled code are on the Java stack. */
  int nested;

  // Bindings: pairs of what is bound (a Symbol, Cleanup or Unwind) and what it was.
  Object[] bindings = Stacks.NO_OBJECTS;
  int bp;

  // Handlers; hp is how many there are. Whoever makes them fewer clears what is above: from hp on
  // there is nothing but null, so that a task that waits need not look whether pops left something.
  Handler[] handlers = Stacks.NO_HANDLERS;
  int hp;

  // How many handlers and bindings lie below the bottom frame: what an error that nobody handles
  // leaves alone.
  int rootHandlers;
  int rootBindings;

  /** Who alone uses this machine, and waits in it; null: it is for whoever runs. */
  private final Continuation owner;

  /** Whether the owner waits in it; otherwise it runs, or is no more. */
  private boolean parked;

  /** Whether the owner has gone on since this was last cleared: see {@link OwnMachines}. */
  boolean switched;

  /** Its number among those. */
  int place;

  /** What others ask for, of whichever machine of the isolate runs. */
  final Requests requests;

  /** What schedules this; null where nothing does: nothing can wait then. The runner's. */
  private Scheduling scheduling;

  /** The current buffer; the text layer's. Each task's own. */
  public HeapObject currentBuffer;

  /** The match data; the search primitives'. Immutable, or null. Each task's own. */
  public Object matchData;

  /** A task of {@code vm} in the isolate of {@code c}. */
  public Task(Vm vm, Context c) {
    this(vm, c, new Requests());
  }

  /** One of several of one isolate, of which others ask the same. */
  public Task(Vm vm, Context c, Requests requests) {
    super(c, vm.symbols(), Memo.realmOf(vm, c));
    this.vm = vm;
    this.requests = requests;
    this.owner = null;
    c.setDriver(this);
  }

  /** A holder of bindings for a task to come, in a context that something else drives. */
  public Task(Vm vm, Context c, Task like) {
    super(c, like);
    this.vm = vm;
    this.requests = new Requests();
    this.owner = null;
  }

  /** A machine beside {@code like}, for what {@code owner} does, with these stacks. */
  Task(Task like, Continuation owner, Stacks own) {
    super(like.c, like);
    this.vm = like.vm;
    this.requests = like.requests;
    this.owner = owner;
    own.load(this);
  }

  /** What others ask of it. */
  public Requests requests() {
    return requests;
  }

  /** The task that runs in a context now. */
  public static Task of(Context c) {
    return (Task) c.driver();
  }

  /** The VM. */
  public Vm vm() {
    return vm;
  }

  // ---- Calls from Java ----------------------------------------------------------------------

  /**
   * Calls a Lisp function from Java and waits for its value. The Java frames in between cannot be
   * suspended as data: primitives that call back for long should be resumable ({@link
   * NativeFrame}).
   */
  public Object call(Object function, Object... args) {
    int savedSp = sp;
    int savedCallArgs = callArgs;
    int savedDepth = depth;
    if (savedCallArgs >= 0) {
      showPrimitive(savedCallArgs);
    }
    ensureStack(args.length + 8);
    stack[sp++] = function;
    for (Object a : args) {
      stack[sp++] = a;
    }
    if (foreign >= MAX_FOREIGN) {
      throw foreign == REFUSING
          ? scheduling.refusal()
          : LispSignal.error("Lisp nesting exceeds what Java's stack holds");
    }
    foreign++;
    callArgs = -1;
    int savedRunBase = runBase;
    runBase = depth;
    try {
      return Machine.run(this, args.length);
    } finally {
      foreign--;
      runBase = savedRunBase;
      sp = savedSp;
      depth = savedDepth;
      callArgs = savedCallArgs;
    }
  }

  /** Has calls of Lisp throw {@link Scheduling#refusal}, until {@link #abandon}. */
  public void refuseCalls() {
    foreign = REFUSING;
  }

  /** Takes back what Java code that has thrown an exception left behind; runs no Lisp. */
  public void clear() {
    while (bp > 0) {
      unbindOne();
    }
    abandon();
  }

  /** As {@link #call}, of a symbol's function; for calls of Lisp's own functions by name. */
  public Object callNamed(String function, Object... args) {
    return call(symbols().intern(this, function), args);
  }

  /** Calls a macro's or other function's like {@code call}; null where it signals. */
  private void showPrimitive(int n) {
    ensureFrames();
    pushFrame(null, sp - n, n, bp);
  }

  /**
   * For resumable primitives: have {@code function} called, and {@code frame} resumed with its
   * value. To be returned at once.
   */
  public Object invoke(NativeFrame frame, Object function, Object... args) {
    ensureStack(args.length + 8);
    stack[sp++] = function;
    for (Object a : args) {
      stack[sp++] = a;
    }
    pendingFrame = frame;
    pendingArgs = args.length;
    return CALL;
  }

  /** For primitives: have {@code function} called; its value is the primitive's. Return at once. */
  public Object tail(Object function, Object... args) {
    return invoke(null, function, args);
  }

  // ---- Suspension ---------------------------------------------------------------------------

  /** How a suspended task goes on. */
  enum Mode {
    /** The value of what it waits for is delivered. */
    VALUE,
    /** The call that lies on the stack is made. */
    CALL,
    /** The frame on top goes on where it was. */
    PLACE
  }

  /** What a suspended task goes on with: a value, or an exception to be thrown where it waits. */
  private Object resumption;

  Mode mode = Mode.VALUE;

  /** What schedules this task, or null. */
  public Scheduling scheduling() {
    return scheduling;
  }

  /** Names what schedules this task. */
  public void setScheduling(Scheduling s) {
    scheduling = s;
  }

  /**
   * Calls a function in a task that does nothing else, so that it may be suspended.
   *
   * @return its value, or {@link #SUSPENDED}
   */
  public Object start(Object function, Object... args) {
    Object[] call = new Object[args.length + 1];
    call[0] = function;
    System.arraycopy(args, 0, call, 1, args.length);
    return startCall(call);
  }

  /** As {@link #start}, of {@code call[0]} with the rest. */
  public Object startCall(Object[] call) {
    if (depth != 0 || foreign != 0) {
      throw new IllegalStateException("the task is running");
    }
    sp = 0;
    rootHandlers = hp;
    rootBindings = bp;
    ensureStack(call.length + 8);
    Captured.copy(call, 0, stack, 0, call.length);
    sp = call.length;
    return runAtBottom(call.length - 1);
  }

  private Object runAtBottom(int n) {
    foreign++;
    callArgs = -1;
    runBase = 0;
    try {
      return Machine.run(this, n);
    } finally {
      foreign--;
    }
  }

  /**
   * Lets a suspended task go on: what it called returns {@code value}; an exception is thrown where
   * it waits.
   *
   * @return its function's value, or {@link #SUSPENDED} again
   */
  public Object resume(Object value) {
    if (mode != Mode.VALUE || value instanceof RuntimeException) {
      settle();
      resumption = value;
      return runAtBottom(Machine.RESUME);
    }
    foreign++;
    callArgs = -1;
    runBase = 0;
    try {
      return Machine.resume(this, value);
    } finally {
      foreign--;
    }
  }

  /** Throws what came out of compiled code; returns nothing. */
  RuntimeException takeThrown() {
    Throwable e = thrown;
    thrown = null;
    if (e instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) e;
  }

  /** Lets a suspended task go on with a condition signaled where it waits. */
  public Object resumeSignaling(LispSignal condition) {
    return resume(condition);
  }

  /**
   * What a resumed run begins with.
   *
   * @return {@link #CALL}: make the call on the stack; {@link #SUSPENDED}: go on at the frame's
   *     place; otherwise the value to deliver
   */
  Object takeResumption() {
    Object r = resumption;
    Mode m = mode;
    resumption = null;
    mode = Mode.VALUE;
    if (r instanceof RuntimeException e) {
      throw e;
    }
    return switch (m) {
      case VALUE -> r;
      case CALL -> CALL;
      case PLACE -> SUSPENDED;
    };
  }

  /** Whether the suspended task only lets others run. */
  public boolean isYielded() {
    return mode != Mode.VALUE;
  }

  /** Whether all that the task is doing is frames of its own, so that it can be suspended. */
  public boolean isSuspendable() {
    return foreign == 1;
  }

  /** How many foreign frames are on the stack: calls of Lisp from Java. */
  public int foreignFrames() {
    return Math.max(0, foreign - 1);
  }

  /**
   * For primitives: have the task suspended; what it is resumed with is the primitive's value. To
   * be returned at once, and only when {@link #isSuspendable}.
   */
  public Object suspend() {
    return suspend(null);
  }

  /**
   * For primitives that have exchanged what is on the stacks: the frame now on top goes on with
   * {@code value}. To be returned at once.
   */
  public Object switched(Object value) {
    resumption = value;
    mode = Mode.VALUE;
    exchanged = true;
    return SUSPENDED;
  }

  private boolean exchanged;

  /** Whether {@link #SUSPENDED}, as a primitive returned it, means {@link #switched}. */
  boolean isSwitched() {
    return exchanged;
  }

  /** As {@link #isSwitched}; once. */
  boolean takeSwitched() {
    boolean s = exchanged;
    exchanged = false;
    return s;
  }

  /** As {@link #suspend()}; {@code frame} is resumed with what the task is resumed with. */
  public Object suspend(NativeFrame frame) {
    if (!isSuspendable()) {
      throw new IllegalStateException("foreign frames are on the stack");
    }
    pendingFrame = frame;
    return SUSPENDED;
  }

  /**
   * For primitives, after the running fiber has been registered with what it waits for: waits. To
   * be returned at once.
   *
   * @param frame is resumed with what the fiber is woken with; null: that is the primitive's value
   */
  public Object park(NativeFrame frame) {
    if (isSuspendable()) {
      return suspend(frame);
    }
    Object v = scheduling.waitHere(this);
    if (v instanceof RuntimeException e) {
      throw e;
    }
    return frame == null ? v : frame.resume(this, v);
  }

  /** How much of the value stack may still refer to what has been captured. */
  int used;

  /** How many frames may. */
  int usedFrames;

  // ---- A task's own machine -----------------------------------------------------------------

  /** Who alone uses this machine; null: it is for whoever runs. */
  Continuation owner() {
    return owner;
  }

  /** Whether one task alone uses this machine. */
  public boolean isOwn() {
    return owner != null;
  }

  /** Whether its owner waits in it. */
  public boolean isParked() {
    return parked;
  }

  /** With more room on its value stack than this, no task waits in a machine of its own. */
  private static final int LARGE = 1024;

  /** Whether its stacks have grown so large that its owner is to do without. */
  public boolean isLarge() {
    return stack.length > LARGE;
  }

  /**
   * What the owner is doing is suspended, and waits in this machine as it is. Dynamic bindings are
   * in effect still: see {@link Captured#capture}.
   *
   * @return whether there are dynamic bindings
   */
  public boolean park() {
    Object[] a = stack;
    for (int i = sp; i < a.length && a[i] != null; i++) {
      a[i] = null; // Cleared at each wait: nothing is behind an empty place.
    }
    Stacks.clearPopped(frameFunction, depth);
    parked = true;
    return bp > 0;
  }

  /** The owner is about to go on. */
  public void unpark() {
    parked = false;
    switched = true;
    forgetHighLimit();
  }

  /**
   * A primitive that waits in a machine of its own has no frame yet: commonly it goes on before
   * anybody looks, and needs none. Gives it one.
   */
  void settle() {
    NativeFrame f = pendingFrame;
    if (f != null) {
      pendingFrame = null;
      ensureFrames();
      pushFrame(f, sp - pendingArgs, pendingArgs, bp);
    }
  }

  /** Takes back the dynamic bindings of who waits in this: another task is to run. */
  public void swapOut(Task running) {
    for (int i = bp - 2; i >= 0; i -= 2) {
      Bindings.swap(running, bindings, i);
    }
  }

  /** As {@link Bindings#hiddenValue}, of who waits in this. */
  public Object hiddenValueOf(Symbol s) {
    return Bindings.hidden(bindings, 0, bp, s);
  }

  /** Whether what it had been doing is done or captured. */
  public boolean isEmpty() {
    return sp == 0 && depth == 0 && bp == 0 && hp == 0;
  }

  /** Forgets what it was doing, without unwinding. */
  public void abandon() {
    sp = 0;
    depth = 0;
    bp = 0;
    truncateHandlers(0);
    foreign = 0;
    callArgs = -1;
    pendingFrame = null;
    resumption = null;
    mode = Mode.VALUE;
    rootBindings = 0;
    rootHandlers = 0;
    rooted = false;
    exchanged = false;
    nested = 0;
    leftValue = null;
  }

  /** Shows {@code action} what the task is using: all that lies on its stacks. By its runner. */
  public void forEachRoot(java.util.function.Consumer<Object> action) {
    for (int i = 0; i < sp; i++) {
      action.accept(stack[i]);
    }
    for (int i = 0; i < depth; i++) {
      action.accept(frameFunction[i]);
    }
    for (int i = 0; i < bp; i++) {
      action.accept(bindings[i]);
    }
    action.accept(pendingFrame);
    action.accept(currentBuffer);
  }

  // ---- Stacks -------------------------------------------------------------------------------

  void ensureStack(int more) {
    if (sp + more > stack.length) {
      stack = Arrays.copyOf(stack, Math.max(Math.max(stack.length * 2, 64), sp + more));
    }
  }

  void ensureFrames() {
    ensureFrames(1);
  }

  void ensureFrames(int more) {
    if (depth + more > frameFunction.length) {
      int n = Math.max((depth + more) * 2, 16);
      frameFunction = Arrays.copyOf(frameFunction, n);
      frames = Arrays.copyOf(frames, FRAME * n);
    }
  }

  /** Pushes a frame that has no place, for which there is room. */
  void pushFrame(Object function, int base, int args, int bindingMark) {
    int d = depth++;
    frameFunction[d] = function;
    frames[FRAME * d + BASE] = base;
    frames[FRAME * d + ARGS] = args;
    frames[FRAME * d + BINDINGS] = bindingMark;
  }

  /** Where on the value stack the arguments of frame {@code d} begin. */
  int frameBase(int d) {
    return frames[FRAME * d + BASE];
  }

  /** How many arguments frame {@code d} was given. */
  int frameArgs(int d) {
    return frames[FRAME * d + ARGS];
  }

  /** Another task goes on, for which the limit may be lower than it was for the last one. */
  void forgetHighLimit() {
    if (depthLimit > USUAL_DEPTH) {
      depthLimit = 0;
    }
  }

  /** Looks at the limit on nesting; called when {@link #depth} reaches {@link #depthLimit}. */
  void checkDepth() {
    checkDepth(0);
  }

  /** As {@link #checkDepth()}, before {@code more} frames come on top. */
  void checkDepth(int more) {
    long limit = Q.MAX_LISP_EVAL_DEPTH.plainValue(this) instanceof Long l ? l : USUAL_DEPTH;
    limit = Math.max(limit, LEAST_DEPTH);
    if (depth + more >= limit + (foreignGrace ? LEAST_DEPTH : 0)) {
      throw LispSignal.error("Lisp nesting exceeds ‘max-lisp-eval-depth’");
    }
    depthLimit = (int) Math.min(limit, Integer.MAX_VALUE - 200);
  }

  /** What runs on a Java stack that is being thrown away must not go on, nor touch the heap. */
  private volatile boolean dead;

  /**
   * What it is doing is over: its isolate has been ended while its Java stack waited. Any thread.
   */
  public void die() {
    dead = true;
  }

  /** Whether {@link #die} has been called. */
  public boolean isDead() {
    return dead;
  }

  /**
   * Runs {@code body} with more nesting allowed than programs have, when it looks at too deep a
   * one.
   */
  public void withGrace(Runnable body) {
    boolean grace = foreignGrace;
    foreignGrace = true;
    try {
      body.run();
    } finally {
      foreignGrace = grace;
    }
  }

  /** More nesting is allowed while the debugger runs, so that it can look at too deep a nesting. */
  boolean foreignGrace;

  /** The number of frames; the innermost is the last. */
  public int frameCount() {
    return depth;
  }

  // ---- Bindings -----------------------------------------------------------------------------

  /** How high the binding stack is: to be given to {@link #unbindTo}. */
  public int bindingMark() {
    return bp;
  }

  /** Pushes an entry; {@code key} is a Symbol, Cleanup or Unwind. */
  void pushBinding(Object key, Object old) {
    if (bp + 2 > bindings.length) {
      checkBindings();
      bindings = Arrays.copyOf(bindings, Math.max(bindings.length * 2, 32));
    }
    bindings[bp++] = key;
    bindings[bp++] = old;
  }

  private void checkBindings() {
    long limit = Q.MAX_SPECPDL_SIZE.plainValue(this) instanceof Long l ? l : 2500;
    // Each Lisp call of GNU Emacs takes an entry too; here only bindings do.
    if (bp / 2 >= Math.max(limit, 400)) {
      throw LispSignal.error("Variable binding depth exceeds max-specpdl-size");
    }
  }

  /** Has {@code cleanup} run when the present extent ends. */
  public void onUnbind(Cleanup cleanup) {
    pushBinding(cleanup, null);
  }

  /** Whether a cleanup that waits for the end of its extent is one that {@code test} says. */
  public boolean anyCleanup(java.util.function.Predicate<Cleanup> test) {
    for (int i = bp - 2; i >= 0; i -= 2) {
      if (bindings[i] instanceof Cleanup c && test.test(c)) {
        return true;
      }
    }
    return false;
  }

  /** Has {@code function} called when the present extent ends. */
  public void onUnbindCall(Object function) {
    pushBinding(new Unwind(function), null);
  }

  /** Binds a variable dynamically, as {@code let} does. */
  public void bind(Symbol s, Object value) {
    int flags = s.flags(this);
    if ((flags & (Symbol.CONSTANT | Symbol.REDIRECTED | Symbol.WATCHED)) == 0) {
      pushBinding(s, s.rawValueOrOpen(this));
      s.setRawValue(this, value);
    } else {
      Variables.bind(this, s, value);
    }
  }

  /** Takes bindings back down to {@code mark}, running cleanups; Lisp ones from Java. */
  public void unbindTo(int mark) {
    while (bp > mark) {
      if (dead) {
        bp = mark;
        return;
      }
      Object unwind = unbindOne();
      if (unwind != null) {
        call(unwind);
      }
    }
  }

  /**
   * Takes the top binding back.
   *
   * @return a Lisp function that must be called then; or null
   */
  Object unbindOne() {
    bp -= 2;
    Object key = bindings[bp];
    Object old = bindings[bp + 1];
    bindings[bp] = null;
    bindings[bp + 1] = null;
    if (key instanceof Symbol s) {
      if ((s.flags(this) & (Symbol.WATCHED | Symbol.REDIRECTED)) == 0) {
        s.setRawValue(this, old);
      } else {
        Variables.unbind(this, s, old);
      }
      return null;
    }
    if (key instanceof Cleanup cleanup) {
      cleanup.run(this);
      return null;
    }
    return ((Unwind) key).function();
  }

  // ---- Handlers -----------------------------------------------------------------------------

  /** Below what a fiber does lies this handler: errors that nobody else handles end the fiber. */
  static final Handler ROOT = new Handler(Handler.Kind.JAVA, Symbol.T, 0, 0, 0, 0);

  /**
   * Has conditions that nobody handles leave {@link #start} as exceptions, without the debugger.
   */
  public void handleAll() {
    pushHandler(ROOT);
  }

  static boolean isRoot(Handler h) {
    return h == ROOT;
  }

  void pushHandler(Handler h) {
    if (hp == handlers.length) {
      handlers = Arrays.copyOf(handlers, Math.max(hp * 2, 8));
    }
    handlers[hp++] = h;
  }

  /** Takes handlers off, but for the lowest {@code n}. */
  void truncateHandlers(int n) {
    while (hp > n) {
      handlers[--hp] = null;
    }
  }

  /** Java code that runs with a handler for conditions below it. */
  public interface Body {
    /** Runs. */
    Object run();
  }

  /** What is done with a condition that {@link #handling} stopped: {@code (SYMBOL . DATA)}. */
  public interface Recovery {
    /** Gives the value instead. */
    Object run(Object error);
  }

  /**
   * As {@code condition-case} with one clause: for Java code that must go on after an error. What
   * somebody else has asked for ({@link LispSignal#isAsked}) passes, unless everything is handled.
   */
  public Object handling(Object conditions, Body body, Recovery recovery) {
    int savedHp = hp;
    int savedDepth = depth;
    int savedSp = sp;
    int savedBp = bp;
    int savedCallArgs = callArgs;
    Handler h = new Handler(Handler.Kind.JAVA, conditions, 0, sp, depth, bp);
    pushHandler(h);
    Object error;
    try {
      return body.run();
    } catch (LispSignal s) {
      error = Conditions.errorObject(this, s);
      if ((s.isAsked() && conditions != Symbol.T) || Conditions.find(this, error, hp) != h) {
        throw s;
      }
    } finally {
      truncateHandlers(savedHp);
    }
    depth = savedDepth;
    sp = savedSp;
    unbindTo(savedBp);
    callArgs = savedCallArgs;
    return recovery.run(error);
  }

  /**
   * Whether {@code s} is an error, and not a quit or a cancellation: these pass whoever goes on
   * after errors.
   */
  public boolean isError(LispSignal s) {
    Object error = Conditions.errorObject(this, s);
    return Conditions.matches(c, Q.ERROR, Conditions.conditionsOf(this, Lisp.carSafe(c, error)));
  }

  /** Throws to the innermost catch of {@code tag}; signals {@code no-catch} when there is none. */
  public RuntimeException thrower(Object tag, Object value) {
    for (int i = hp - 1; i >= 0 && tag != Symbol.NIL; i--) {
      if (handlers[i].kind() == Handler.Kind.CATCH && Lisp.eq(handlers[i].tag(), tag)) {
        return new LispThrow(tag, value);
      }
    }
    return scheduling != null
            && ((tag == Q.TOP_LEVEL && scheduling.catchesTopLevel())
                || (tag != Symbol.NIL && scheduling.catchesOutside(tag)))
        ? new LispThrow(tag, value)
        : new LispSignal(Q.NO_CATCH, tag, value);
  }

  /** The tags of the catches that the task is in. */
  public Object[] catchTags() {
    java.util.Set<Object> tags =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    for (int i = 0; i < hp; i++) {
      if (handlers[i].kind() == Handler.Kind.CATCH) {
        tags.add(handlers[i].tag());
      }
    }
    return tags.toArray();
  }

  /**
   * The error object or thrown value that is on its way to a handler while {@link Cleanup}s run;
   * null: none is. One that takes back what it refers to may put what it was in its place.
   */
  public Object inFlight;

  private RuntimeException pendingUnwind;

  /**
   * For primitives whose business is to throw: as throwing {@code e}, a {@link LispSignal} or
   * {@link LispThrow}, but cheaper. To be returned at once.
   */
  public Object unwind(RuntimeException e) {
    pendingUnwind = e;
    return UNWIND;
  }

  RuntimeException takeUnwind() {
    RuntimeException e = pendingUnwind;
    pendingUnwind = null;
    return e;
  }

  // ---- Safepoints ---------------------------------------------------------------------------

  /** Asks the task to quit ({@code C-g}) at its next safepoint. Any thread. */
  public void interrupt() {
    Safepoint.request(this, Safepoint.QUIT);
  }

  /** Asks the task to look at its {@link Scheduling} at its next safepoint. Any thread. */
  public void attend() {
    Safepoint.request(this, Safepoint.ATTENTION);
  }

  /**
   * Asks the task to end the program at its next safepoint, with this exit status, as {@code
   * kill-emacs} does. Any thread.
   */
  public void end(int status) {
    requests.endStatus = status;
    Safepoint.request(this, Safepoint.END);
  }

  /** Whether something waits for a safepoint. Any thread. */
  public boolean polled() {
    return Safepoint.isRequested(this);
  }

  /**
   * To be called now and then by primitives that run long; may signal {@code quit} or what the task
   * is cancelled with, let others run, or run {@code kill-emacs-hook} and end.
   */
  public void safepoint() {
    if (Safepoint.isRequested(this) && Safepoint.attend(this)) {
      scheduling.yieldHere(this);
    }
  }

  /** A safepoint at a jump; true: the run must return, to go on at {@code pc} later. */
  boolean yieldsAt(int pc) {
    if (!Safepoint.attend(this)) {
      return false;
    }
    if (!isSuspendable()) {
      scheduling.yieldHere(this);
      return false;
    }
    frames[FRAME * (depth - 1) + PC] = pc;
    mode = Mode.PLACE;
    return true;
  }

  /** A safepoint before a call with {@code n} arguments; true: the run must return. */
  boolean yieldsAtCall(int n) {
    if (!Safepoint.attend(this)) {
      return false;
    }
    if (!isSuspendable()) {
      scheduling.yieldHere(this);
      return false;
    }
    pendingArgs = n;
    mode = Mode.CALL;
    return true;
  }

  /** Takes the first {@code m} arguments of the pending call off the stack. */
  void takeBackArguments(int m) {
    if (m > 0) {
      System.arraycopy(stack, sp - pendingArgs + m, stack, sp - pendingArgs, pendingArgs - m);
      sp -= m;
      pendingArgs -= m;
    }
  }

  /**
   * To be called before what cannot be undone, or depends on what is outside the heap. Does not
   * return where what the task does may yet have to be undone.
   */
  public void irrevocable() {
    if (scheduling != null) {
      scheduling.irrevocable(this);
    }
  }

  // ---- Lists, the commonest thing to make ---------------------------------------------------

  /** A new pair. */
  public Pair cons(Object first, Object second) {
    return new Pair(c, first, second);
  }

  /** A new list. */
  public Object list(Object... items) {
    Object list = Symbol.NIL;
    for (int i = items.length - 1; i >= 0; i--) {
      list = new Pair(c, items[i], list);
    }
    return list;
  }
}
