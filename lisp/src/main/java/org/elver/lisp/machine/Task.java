package org.elver.lisp.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.code.ByteCode;
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

  private static final VarHandle POLL;

  static {
    try {
      POLL = MethodHandles.lookup().findVarHandle(Task.class, "poll", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The least that {@code max-lisp-eval-depth} counts for, as in GNU Emacs. */
  private static final int LEAST_DEPTH = 100;

  /** How deep Java may be in calls of Lisp from Java, so that its stack suffices. */
  static final int MAX_FOREIGN = 6000;

  /** Instead of the number of foreign frames: none may be added. */
  private static final int REFUSING = Integer.MAX_VALUE;

  private final Vm vm;

  private static final Object[] NO_OBJECTS = {};
  private static final int[] NO_INTS = {};
  private static final Handler[] NO_HANDLERS = {};

  // The value stack; sp is the first free slot. Valid whenever Java code outside the loop runs.
  Object[] stack = NO_OBJECTS;
  int sp;

  // Frames, by number; depth is how many there are.
  Object[] frameFunction = NO_OBJECTS;
  int[] framePc = NO_INTS;
  int[] frameBase = NO_INTS;
  int[] frameArgs = NO_INTS;
  int[] frameBindings = NO_INTS;
  int depth;

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

  // Bindings: pairs of what is bound (a Symbol, Cleanup or Unwind) and what it was.
  Object[] bindings = NO_OBJECTS;
  int bp;

  Handler[] handlers = NO_HANDLERS;
  int hp;

  // How many handlers and bindings lie below the bottom frame: what an error that nobody handles
  // leaves alone.
  int rootHandlers;
  int rootBindings;

  /** Requests to stop at the next safepoint. Written by any thread, atomically; read opaquely. */
  @SuppressWarnings("unused") // through POLL
  private int poll;

  private static final int QUIT = 1;
  private static final int ATTENTION = 2;
  private static final int END = 4;

  /** The exit status, when it is to end. */
  private volatile int endStatus;

  /** What schedules this; null where nothing does: nothing can wait then. The runner's. */
  private Scheduling scheduling;

  /** The current buffer; the text layer's. Each task's own. */
  public HeapObject currentBuffer;

  /** The match data; the search primitives'. Immutable, or null. Each task's own. */
  public Object matchData;

  /** A task of {@code vm} in the isolate of {@code c}. */
  public Task(Vm vm, Context c) {
    super(c, vm.symbols(), Memo.realmOf(vm, c));
    this.vm = vm;
    c.setDriver(this);
  }

  /** A holder of bindings for a task to come, in a context that something else drives. */
  public Task(Vm vm, Context c, Task like) {
    super(c, like);
    this.vm = vm;
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
    frameFunction[depth] = null;
    frameBase[depth] = sp - n;
    frameArgs[depth] = n;
    frameBindings[depth] = bp;
    depth++;
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
  private enum Mode {
    /** The value of what it waits for is delivered. */
    VALUE,
    /** The call that lies on the stack is made. */
    CALL,
    /** The frame on top goes on where it was. */
    PLACE
  }

  /** What a suspended task goes on with: a value, or an exception to be thrown where it waits. */
  private Object resumption;

  private Mode mode = Mode.VALUE;

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
    copy(call, 0, stack, 0, call.length);
    sp = call.length;
    return runAtBottom(call.length - 1);
  }

  private Object runAtBottom(int n) {
    int room = sp + 8;
    for (int i = 0; i < depth; i++) { // Frames count on room that may have been taken.
      if (frameFunction[i] instanceof ByteCode b) {
        room =
            Math.max(
                room,
                frameBase[i] + Math.max(b.maxArgs + 1, frameArgs[i]) + b.code(c).maxDepth + 8);
      }
    }
    ensureStack(room - sp);
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
    resumption = value;
    return runAtBottom(Machine.RESUME);
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
    switched = true;
    return SUSPENDED;
  }

  private boolean switched;

  /** Whether {@link #SUSPENDED}, as a primitive returned it, means {@link #switched}; once. */
  boolean takeSwitched() {
    boolean s = switched;
    switched = false;
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

  // ---- Stacks lent --------------------------------------------------------------------------

  /** The arrays of a task that runs: lent to one after the other by the thread that runs them. */
  public static final class Stacks {
    private Object[] stack = new Object[1024];
    private Object[] frameFunction = new Object[64];
    private int[] framePc = new int[64];
    private int[] frameBase = new int[64];
    private int[] frameArgs = new int[64];
    private int[] frameBindings = new int[64];
    private Object[] bindings = new Object[128];
    private Handler[] handlers = new Handler[16];
  }

  /** Takes a thread's arrays; the task's own must be empty. */
  public void borrow(Stacks s) {
    stack = s.stack;
    frameFunction = s.frameFunction;
    framePc = s.framePc;
    frameBase = s.frameBase;
    frameArgs = s.frameArgs;
    frameBindings = s.frameBindings;
    bindings = s.bindings;
    handlers = s.handlers;
  }

  /** How much of the value stack may still refer to what has been captured. */
  private int used;

  /** How many frames may. */
  private int usedFrames;

  /** Gives the arrays back, grown or not; nothing of the task is in them any more. */
  public void giveBack(Stacks s) {
    Arrays.fill(stack, 0, used, null);
    clearPopped(stack, used);
    used = 0;
    Arrays.fill(frameFunction, 0, usedFrames, null);
    clearPopped(frameFunction, usedFrames);
    usedFrames = 0;
    clearPopped(bindings, bp);
    clearPopped(handlers, hp);
    s.stack = stack;
    s.frameFunction = frameFunction;
    s.framePc = framePc;
    s.frameBase = frameBase;
    s.frameArgs = frameArgs;
    s.frameBindings = frameBindings;
    s.bindings = bindings;
    s.handlers = handlers;
    stack = NO_OBJECTS;
    frameFunction = NO_OBJECTS;
    framePc = NO_INTS;
    frameBase = NO_INTS;
    frameArgs = NO_INTS;
    frameBindings = NO_INTS;
    bindings = NO_OBJECTS;
    handlers = NO_HANDLERS;
  }

  /**
   * Clears what has been popped since the array was last cleared, which pops leave where it is:
   * nobody else is to keep it alive. It ends where some places in a row are empty.
   */
  private static void clearPopped(Object[] array, int from) {
    int empty = 0;
    for (int i = from; i < array.length && empty < 16; i++) {
      if (array[i] == null) {
        empty++;
      } else {
        empty = 0;
        array[i] = null;
      }
    }
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
    hp = 0;
    foreign = 0;
    callArgs = -1;
    pendingFrame = null;
    resumption = null;
    mode = Mode.VALUE;
    rootBindings = 0;
    rootHandlers = 0;
    rooted = false;
    switched = false;
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
    action.accept(currentBuffer);
  }

  // ---- Continuations ------------------------------------------------------------------------

  /** Below what a fiber does lies this handler: errors that nobody else handles end the fiber. */
  private static final Handler ROOT = new Handler(Handler.Kind.JAVA, Symbol.T, 0, 0, 0, 0);

  /**
   * Has conditions that nobody handles leave {@link #start} as exceptions, without the debugger.
   */
  public void handleAll() {
    pushHandler(ROOT);
  }

  static boolean isRoot(Handler h) {
    return h == ROOT;
  }

  /**
   * What a suspended task is in the middle of, as two arrays: the contents of its stacks, and
   * numbers. The task is empty afterwards. Dynamic bindings are in effect still: they are taken
   * back ({@link #swapCapturedOut}) when another task of the isolate is to run, and not before.
   *
   * @param into gets the two arrays
   * @return whether there are dynamic bindings
   */
  public boolean capture(Continuation into) {
    boolean bound = bp > 0;
    Object[] v = contents(sp, depth, bp, hp);
    int[] n = numbers(sp, depth, bp, hp, mode, pendingArgs, into.oldNumbers());
    used = Math.max(used, sp);
    usedFrames = Math.max(usedFrames, depth);
    if (bp > 0) {
      Arrays.fill(bindings, 0, bp, null);
    }
    if (hp > 1) {
      Arrays.fill(handlers, 0, hp, null);
    }
    sp = 0;
    depth = 0;
    bp = 0;
    hp = 0;
    mode = Mode.VALUE;
    into.setContinuation(v, n, currentBuffer, matchData);
    return bound;
  }

  /** Takes back the dynamic bindings of what {@link #capture} captured: another task is to run. */
  public void swapCapturedOut(Object[] v, int[] n) {
    int from = firstBinding(n);
    for (int i = from + bindingSlots(n) - 2; i >= from; i -= 2) {
      swap(v, i);
    }
  }

  /** Where in what {@link #capture} captured the bindings begin. */
  private static int firstBinding(int[] n) {
    int last = n.length - 1;
    return n[last] < 0 ? n[last - 8] + n[last - 7] : (n[last - 1] & 0x1FF) + last - 1;
  }

  private static int bindingSlots(int[] n) {
    int last = n.length - 1;
    return n[last] < 0 ? n[last - 6] : (n[last] & 0x3FF) << 1;
  }

  /**
   * As {@link #capture} of what is below {@code frame}, as if that had been left and waited for its
   * value; all stays here too. Bindings have been swapped out.
   */
  void captureBelow(
      int frame, int mark, int handlerCount, Continuation into, HeapObject buffer, Object match) {
    int top = frameBase[frame] - 1;
    int[] n = numbers(top, frame, mark, handlerCount, Mode.VALUE, 0, null);
    into.setContinuation(contents(top, frame, mark, handlerCount), n, buffer, match);
  }

  /** What lies on the stacks up to some heights. */
  private Object[] contents(int sp, int depth, int bp, int hp) {
    Object[] v = new Object[sp + depth + bp + hp];
    copy(stack, 0, v, 0, sp);
    copy(frameFunction, 0, v, sp, depth);
    if (bp > 0) {
      copy(bindings, 0, v, sp + depth, bp);
    }
    int at = sp + depth + bp;
    for (int i = 0; i < hp; i++) {
      v[at + i] = handlers[i];
    }
    return v;
  }

  /** As {@link System#arraycopy}, which is slow for a few. */
  private static void copy(Object[] from, int start, Object[] to, int at, int n) {
    if (n > 24) {
      System.arraycopy(from, start, to, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[at + i] = from[start + i];
    }
  }

  // The numbers of a continuation: a million tasks have some, and most are small.
  //
  // narrow   frames: a number each: place 12 bits, base 9, arguments + 1: 4, bindings / 2: 7.
  //          Then sp 9 bits, depth 9, handlers 5, args + 1: 4, mode 2; and bindings / 2: 10,
  //          bindings / 2 below the root 10, handlers below the root 8.
  // wide     frames: four numbers each; then sp, depth, bp, handlers, args + 1, the mode,
  //          rootBindings, rootHandlers, -1.
  //
  // The last number is negative in wide ones only.

  private static final int NARROW = 2;
  private static final int WIDE = 9;

  /** The numbers; in {@code old}, if that fits. */
  private int[] numbers(int sp, int depth, int bp, int hp, Mode mode, int args, int[] old) {
    int size = depth + NARROW;
    int[] to = old != null && old.length == size ? old : new int[size];
    int over =
        (sp >>> 9)
            | (depth >>> 9)
            | (hp >>> 5)
            | ((args + 1) >>> 4)
            | (bp >>> 11)
            | (rootBindings >>> 11)
            | (rootHandlers >>> 8);
    for (int i = 0; i < depth; i++) {
      int pc = place(i);
      int base = frameBase[i];
      int given = frameArgs[i] + 1;
      int bound = frameBindings[i] >> 1;
      over |= (pc >>> 12) | (base >>> 9) | (given >>> 4) | (bound >>> 7);
      to[i] = pc | (base << 12) | (given << 21) | (bound << 25);
    }
    if (over != 0) {
      return wideNumbers(sp, depth, bp, hp, mode, args);
    }
    to[depth] = sp | (depth << 9) | (hp << 18) | ((args + 1) << 23) | (mode.ordinal() << 27);
    to[depth + 1] = (bp >> 1) | (rootBindings >> 1 << 10) | (rootHandlers << 20);
    return to;
  }

  private int[] wideNumbers(int sp, int depth, int bp, int hp, Mode mode, int args) {
    int[] to = new int[4 * depth + WIDE];
    int at = 0;
    for (int i = 0; i < depth; i++) {
      to[at++] = place(i);
      to[at++] = frameBase[i];
      to[at++] = frameArgs[i];
      to[at++] = frameBindings[i];
    }
    to[at++] = sp;
    to[at++] = depth;
    to[at++] = bp;
    to[at++] = hp;
    to[at++] = args;
    to[at++] = mode.ordinal();
    to[at++] = rootBindings;
    to[at++] = rootHandlers;
    to[at] = -1;
    return to;
  }

  /** Where a frame of byte-code is; other frames have no place, but what an earlier one left. */
  private int place(int frame) {
    return frameFunction[frame] instanceof ByteCode ? framePc[frame] : 0;
  }

  /** Goes back to what {@link #capture} captured, but for dynamic bindings taken back since. */
  public void restore(Object[] v, int[] n, HeapObject buffer, Object match) {
    if (n[n.length - 1] < 0) {
      restoreWide(n);
    } else {
      restoreNarrow(n);
    }
    currentBuffer = buffer;
    matchData = match;
    copy(v, 0, stack, 0, sp);
    copy(v, sp, frameFunction, 0, depth);
    if (bp > 0) {
      if (bindings.length < bp) {
        bindings = new Object[2 * bp];
      }
      copy(v, sp + depth, bindings, 0, bp);
    }
    if (handlers.length < hp) {
      handlers = new Handler[2 * hp];
    }
    int at = sp + depth + bp;
    for (int i = 0; i < hp; i++) {
      Object h = v[at + i];
      handlers[i] = h == ROOT ? ROOT : (Handler) h;
    }
    depthLimit = 0;
  }

  private void restoreNarrow(int[] n) {
    int d = n.length - NARROW;
    int x = n[d];
    int y = n[d + 1];
    sp = 0;
    ensureStack((x & 0x1FF) + 8);
    sp = x & 0x1FF;
    depth = d;
    hp = x >> 18 & 0x1F;
    pendingArgs = (x >> 23 & 0xF) - 1;
    mode = MODES[x >> 27];
    bp = (y & 0x3FF) << 1;
    rootBindings = (y >> 10 & 0x3FF) << 1;
    rootHandlers = y >> 20;
    if (frameFunction.length < d) {
      newFrames(d);
    }
    for (int i = 0; i < d; i++) {
      int f = n[i];
      framePc[i] = f & 0xFFF;
      frameBase[i] = f >>> 12 & 0x1FF;
      frameArgs[i] = (f >>> 21 & 0xF) - 1;
      frameBindings[i] = f >>> 25 << 1;
    }
  }

  private void restoreWide(int[] n) {
    int at = n.length - WIDE;
    sp = 0;
    ensureStack(n[at] + 8);
    sp = n[at++];
    depth = n[at++];
    bp = n[at++];
    hp = n[at++];
    pendingArgs = n[at++];
    mode = MODES[n[at++]];
    rootBindings = n[at++];
    rootHandlers = n[at];
    if (frameFunction.length < depth) {
      newFrames(depth);
    }
    at = 0;
    for (int i = 0; i < depth; i++) {
      framePc[i] = n[at++];
      frameBase[i] = n[at++];
      frameArgs[i] = n[at++];
      frameBindings[i] = n[at++];
    }
  }

  private void newFrames(int n) {
    int size = Math.max(2 * n, 16);
    frameFunction = new Object[size];
    framePc = new int[size];
    frameBase = new int[size];
    frameArgs = new int[size];
    frameBindings = new int[size];
  }

  private static final Mode[] MODES = Mode.values();

  /**
   * Takes this task's dynamic bindings back while others of the isolate run, as GNU Emacs does when
   * it switches threads: no watchers are told.
   */
  public void swapBindingsOut() {
    for (int i = bp - 2; i >= 0; i -= 2) {
      swap(i);
    }
  }

  /** Makes this task's dynamic bindings again. */
  public void swapBindingsIn() {
    for (int i = 0; i < bp; i += 2) {
      swap(i);
    }
  }

  void swap(int i) {
    swap(bindings, i);
  }

  private void swap(Object[] in, int i) {
    Object key = in[i];
    if (key instanceof Symbol s) {
      Object old = in[i + 1];
      if (s.redirect(this) instanceof Redirect r) {
        in[i + 1] = r.getDefault(this, s);
        r.setDefault(this, s, old);
      } else {
        in[i + 1] = s.rawValueOrOpen(this);
        s.setRawValue(this, old);
      }
    } else if (key instanceof Cleanup c) {
      in[i] = c.swapped(this);
    }
  }

  /**
   * Gives {@code child}, the first task of a fork of this isolate, a copy of this one's dynamic
   * bindings: the values are there already; this is what they hide.
   */
  public void copyBindingsTo(Task child) {
    for (int i = 0; i < bp; i += 2) {
      if (bindings[i] instanceof Symbol) {
        child.pushBinding(bindings[i], bindings[i + 1]);
      }
    }
    child.currentBuffer = currentBuffer;
    child.matchData = matchData;
  }

  /** What the bindings made so far hide, to be given to {@link #restoreBindings}. */
  public Object[] saveBindings() {
    return Arrays.copyOf(bindings, bp);
  }

  /** Has the bindings that {@link #saveBindings} saw, which are there, hide what they hid then. */
  public void restoreBindings(Object[] saved) {
    System.arraycopy(saved, 0, bindings, 0, saved.length);
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
      framePc = Arrays.copyOf(framePc, n);
      frameBase = Arrays.copyOf(frameBase, n);
      frameArgs = Arrays.copyOf(frameArgs, n);
      frameBindings = Arrays.copyOf(frameBindings, n);
    }
  }

  /** Looks at the limit on nesting; called when {@link #depth} reaches {@link #depthLimit}. */
  void checkDepth() {
    checkDepth(0);
  }

  /** As {@link #checkDepth()}, before {@code more} frames come on top. */
  void checkDepth(int more) {
    long limit = Q.MAX_LISP_EVAL_DEPTH.plainValue(this) instanceof Long l ? l : 1600;
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

  // ---- Frames, as backtraces show them ------------------------------------------------------

  /** The number of frames; the innermost is the last. */
  public int frameCount() {
    return depth;
  }

  /** The function of frame {@code i}, as it was called. */
  public Object frameFunction(int i) {
    return stack[frameBase[i] - 1];
  }

  /** The arguments of frame {@code i}, as they are now: those that it was given. */
  public Object[] frameArguments(int i) {
    Object[] all = Arrays.copyOfRange(stack, frameBase[i], frameBase[i] + frameArgs[i]);
    if (!(frameFunction[i] instanceof ByteCode b) || b.minArgs < 0) {
      return all;
    }
    if (b.rest && all.length > b.maxArgs) {
      Object rest = stack[frameBase[i] + b.maxArgs];
      for (int k = b.maxArgs; k < all.length; k++) {
        all[k] = Lisp.carSafe(c, rest);
        rest = Lisp.cdrSafe(c, rest);
      }
    }
    // A closure in list form has its environment in front.
    return Calls.isListedClosure(this, b) ? Arrays.copyOfRange(all, 1, all.length) : all;
  }

  /** Whether frame {@code i} is code of a form being evaluated rather than of a function. */
  public boolean isEvalFrame(int i) {
    return frameFunction[i] instanceof ByteCode
        && frameFunction(i) instanceof ByteCode b
        && b.isForm();
  }

  /** The arguments of the primitive that is running now, with its function first; null: none is. */
  public Object[] runningPrimitive() {
    return callArgs < 0 ? null : Arrays.copyOfRange(stack, sp - callArgs - 1, sp);
  }

  /**
   * The value that the outermost {@code let} of {@code s} has put aside; null when there is none.
   */
  public Object outermostBinding(Symbol s) {
    for (int i = 0; i < bp; i += 2) {
      if (bindings[i] == s) {
        return bindings[i + 1] != Symbol.OPEN
            ? bindings[i + 1]
            : provider() == null ? Symbol.UNBOUND : provider().variable(this, s);
      }
    }
    return null;
  }

  /** The variables bound dynamically, each with its present value, from the innermost. */
  public java.util.List<Object[]> currentBindings() {
    java.util.Set<Object> seen = new java.util.HashSet<>();
    java.util.List<Object[]> all = new java.util.ArrayList<>();
    for (int i = bp - 2; i >= 0; i -= 2) {
      if (bindings[i] instanceof Symbol s && seen.add(s)) {
        all.add(new Object[] {s, s.rawValue(this)});
      }
    }
    return all;
  }

  /** As {@link #outermostBinding}, null or {@link Symbol#OPEN} included; asks nobody. */
  public Object hiddenValue(Symbol s) {
    return hidden(bindings, 0, bp, s);
  }

  /** As {@link #hiddenValue}, of what {@link #capture} captured. */
  public static Object hiddenValue(Object[] v, int[] n, Symbol s) {
    int from = firstBinding(n);
    return hidden(v, from, from + bindingSlots(n), s);
  }

  private static Object hidden(Object[] in, int from, int to, Symbol s) {
    for (int i = from; i < to; i += 2) {
      if (in[i] == s) {
        return in[i + 1];
      }
    }
    return null;
  }

  /** Replaces what {@link #outermostBinding} gives; false when there is none. */
  public boolean setOutermostBinding(Symbol s, Object value) {
    for (int i = 0; i < bp; i += 2) {
      if (bindings[i] == s) {
        bindings[i + 1] = value;
        return true;
      }
    }
    return false;
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

  void pushHandler(Handler h) {
    if (hp == handlers.length) {
      handlers = Arrays.copyOf(handlers, Math.max(hp * 2, 8));
    }
    handlers[hp++] = h;
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

  /** As {@code condition-case} with one clause: for Java code that must go on after an error. */
  public Object handling(Object conditions, Body body, Recovery recovery) {
    int savedHp = hp;
    int savedDepth = depth;
    int savedSp = sp;
    int savedBp = bp;
    int savedCallArgs = callArgs;
    Handler h = new Handler(Handler.Kind.JAVA, conditions, 0, sp, depth, bp);
    pushHandler(h);
    try {
      Object v = body.run();
      hp = savedHp;
      return v;
    } catch (LispSignal s) {
      Object error = Conditions.errorObject(this, s);
      Handler found = Conditions.find(this, error, hp);
      if (found != h) {
        hp = savedHp;
        throw s;
      }
      hp = savedHp;
      depth = savedDepth;
      sp = savedSp;
      unbindTo(savedBp);
      callArgs = savedCallArgs;
      return recovery.run(error);
    }
  }

  /** Throws to the innermost catch of {@code tag}; signals {@code no-catch} when there is none. */
  public RuntimeException thrower(Object tag, Object value) {
    for (int i = hp - 1; i >= 0 && tag != Symbol.NIL; i--) {
      if (handlers[i].kind() == Handler.Kind.CATCH && Lisp.eq(handlers[i].tag(), tag)) {
        return new LispThrow(tag, value);
      }
    }
    return new LispSignal(Q.NO_CATCH, tag, value);
  }

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
    POLL.getAndBitwiseOr(this, QUIT);
  }

  /** Asks the task to look at its {@link Scheduling} at its next safepoint. Any thread. */
  public void attend() {
    POLL.getAndBitwiseOr(this, ATTENTION);
  }

  /**
   * Asks the task to end the program at its next safepoint, with this exit status, as {@code
   * kill-emacs} does. Any thread.
   */
  public void end(int status) {
    endStatus = status;
    POLL.getAndBitwiseOr(this, END);
  }

  /** Whether something waits for a safepoint. Any thread. */
  public boolean polled() {
    return (int) POLL.getOpaque(this) != 0;
  }

  /**
   * To be called now and then by primitives that run long; may signal {@code quit} or what the task
   * is cancelled with, let others run, or run {@code kill-emacs-hook} and end.
   */
  public void safepoint() {
    if ((int) POLL.getOpaque(this) != 0 && atSafepoint()) {
      scheduling.yieldHere(this);
    }
  }

  /** Does what is requested; true: others should run now. */
  private boolean atSafepoint() {
    boolean yields = false;
    if (((int) POLL.getAndBitwiseAnd(this, ~END) & END) != 0) {
      throw ended();
    }
    if (((int) POLL.getAndBitwiseAnd(this, ~ATTENTION) & ATTENTION) != 0 && scheduling != null) {
      yields = scheduling.attend(this);
    }
    if (((int) POLL.getOpaque(this) & QUIT) != 0 && !Lisp.isTrue(Q.INHIBIT_QUIT.rawValue(this))) {
      POLL.getAndBitwiseAnd(this, ~QUIT);
      throw new LispSignal(Q.QUIT);
    }
    return yields;
  }

  /** A safepoint at a jump; true: the run must return, to go on at {@code pc} later. */
  boolean yieldsAt(int pc) {
    if (!atSafepoint()) {
      return false;
    }
    if (!isSuspendable()) {
      scheduling.yieldHere(this);
      return false;
    }
    framePc[depth - 1] = pc;
    mode = Mode.PLACE;
    return true;
  }

  /** A safepoint before a call with {@code n} arguments; true: the run must return. */
  boolean yieldsAtCall(int n) {
    if (!atSafepoint()) {
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

  private Shutdown ended() {
    int status = endStatus;
    try {
      callNamed("kill-emacs", (long) status);
    } catch (LispSignal | LispThrow | StackOverflowError e) {
      return new Shutdown(status); // Whatever a hook does, it is the end.
    }
    return new Shutdown(status);
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
