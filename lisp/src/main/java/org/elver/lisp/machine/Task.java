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

  private final Vm vm;

  // The value stack; sp is the first free slot. Valid whenever Java code outside the loop runs.
  Object[] stack = new Object[1024];
  int sp;

  // Frames, by number; depth is how many there are.
  Object[] frameFunction = new Object[64];
  int[] framePc = new int[64];
  int[] frameBase = new int[64];
  int[] frameArgs = new int[64];
  int[] frameBindings = new int[64];
  int depth;

  /** A depth below which calls need no look at {@code max-lisp-eval-depth}. */
  int depthLimit;

  /** How many runs of the loop are on the Java stack. */
  int foreign;

  /** Arguments of the primitive that is running, below {@code sp}; -1 when none is. */
  int callArgs = -1;

  // What invoke and tail leave for the loop.
  NativeFrame pendingFrame;
  int pendingArgs;

  // Bindings: pairs of what is bound (a Symbol, Cleanup or Unwind) and what it was.
  Object[] bindings = new Object[128];
  int bp;

  Handler[] handlers = new Handler[16];
  int hp;

  /** Requests to stop at the next safepoint. Written by any thread, atomically; read opaquely. */
  @SuppressWarnings("unused") // through POLL
  private int poll;

  private static final int QUIT = 1;
  private static final int END = 2;

  /** The exit status, when it is to end. */
  private volatile int endStatus;

  /** The current buffer; the text layer's. Each task's own. */
  public HeapObject currentBuffer;

  /** The match data; the search primitives'. Immutable, or null. Each task's own. */
  public Object matchData;

  /** A task of {@code vm} in the isolate of {@code c}. */
  public Task(Vm vm, Context c) {
    super(c, vm.symbols());
    this.vm = vm;
    c.setDriver(this);
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
      throw LispSignal.error("Lisp nesting exceeds what Java's stack holds");
    }
    foreign++;
    callArgs = -1;
    try {
      return Machine.run(this, args.length);
    } finally {
      foreign--;
      sp = savedSp;
      depth = savedDepth;
      callArgs = savedCallArgs;
    }
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

  /** What a suspended task goes on with: a value, or an exception to be thrown where it waits. */
  private Object resumption;

  /**
   * Calls a function in a task that does nothing else, so that it may be suspended.
   *
   * @return its value, or {@link #SUSPENDED}
   */
  public Object start(Object function, Object... args) {
    if (depth != 0 || foreign != 0) {
      throw new IllegalStateException("the task is running");
    }
    sp = 0;
    ensureStack(args.length + 8);
    stack[sp++] = function;
    for (Object a : args) {
      stack[sp++] = a;
    }
    return runAtBottom(args.length);
  }

  private Object runAtBottom(int n) {
    int room = sp + 8;
    for (int i = 0; i < depth; i++) { // Frames count on room that trim may have taken.
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
    try {
      return Machine.run(this, n);
    } finally {
      foreign--;
    }
  }

  /**
   * Lets a suspended task go on: what it called returns {@code value}.
   *
   * @return its function's value, or {@link #SUSPENDED} again
   */
  public Object resume(Object value) {
    resumption = value;
    return runAtBottom(Machine.RESUME);
  }

  /** Lets a suspended task go on with a condition signaled where it waits. */
  public Object resumeSignaling(LispSignal condition) {
    resumption = condition;
    return runAtBottom(Machine.RESUME);
  }

  Object takeResumption() {
    Object r = resumption;
    resumption = null;
    if (r instanceof LispSignal s) {
      throw s;
    }
    return r;
  }

  /** Whether all that the task is doing is frames of its own, so that it can be suspended. */
  public boolean isSuspendable() {
    return foreign == 1;
  }

  /**
   * For primitives: have the task suspended; what it is resumed with is the primitive's value. To
   * be returned at once, and only when {@link #isSuspendable}.
   */
  public Object suspend() {
    if (!isSuspendable()) {
      throw new IllegalStateException("foreign frames are on the stack");
    }
    return SUSPENDED;
  }

  /** Gives up what the stacks have in excess of their contents: for a task that may wait long. */
  public void trim() {
    stack = Arrays.copyOf(stack, sp);
    frameFunction = Arrays.copyOf(frameFunction, depth);
    framePc = Arrays.copyOf(framePc, depth);
    frameBase = Arrays.copyOf(frameBase, depth);
    frameArgs = Arrays.copyOf(frameArgs, depth);
    frameBindings = Arrays.copyOf(frameBindings, depth);
    bindings = Arrays.copyOf(bindings, bp);
    handlers = Arrays.copyOf(handlers, hp);
  }

  // ---- Stacks -------------------------------------------------------------------------------

  void ensureStack(int more) {
    if (sp + more > stack.length) {
      stack = Arrays.copyOf(stack, Math.max(stack.length * 2, sp + more));
    }
  }

  void ensureFrames() {
    if (depth == frameFunction.length) {
      int n = Math.max(depth * 2, 16);
      frameFunction = Arrays.copyOf(frameFunction, n);
      framePc = Arrays.copyOf(framePc, n);
      frameBase = Arrays.copyOf(frameBase, n);
      frameArgs = Arrays.copyOf(frameArgs, n);
      frameBindings = Arrays.copyOf(frameBindings, n);
    }
  }

  /** Looks at the limit on nesting; called when {@link #depth} reaches {@link #depthLimit}. */
  void checkDepth() {
    long limit = Q.MAX_LISP_EVAL_DEPTH.plainValue(this) instanceof Long l ? l : 1600;
    limit = Math.max(limit, LEAST_DEPTH);
    if (depth >= limit + (foreignGrace ? LEAST_DEPTH : 0)) {
      throw LispSignal.error("Lisp nesting exceeds ‘max-lisp-eval-depth’");
    }
    depthLimit = (int) Math.min(limit, Integer.MAX_VALUE - 200);
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
        return bindings[i + 1];
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
      pushBinding(s, s.rawValue(this));
      s.setRawValue(this, value);
    } else {
      Variables.bind(this, s, value);
    }
  }

  /** Takes bindings back down to {@code mark}, running cleanups; Lisp ones from Java. */
  public void unbindTo(int mark) {
    while (bp > mark) {
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
   * To be called now and then by primitives that run long; may signal {@code quit}, or run {@code
   * kill-emacs-hook} and end.
   */
  public void safepoint() {
    if ((int) POLL.getOpaque(this) != 0) {
      atSafepoint();
    }
  }

  void atSafepoint() {
    if (((int) POLL.getVolatile(this) & END) != 0) {
      POLL.setVolatile(this, 0);
      throw ended();
    }
    if (Lisp.isTrue(Q.INHIBIT_QUIT.rawValue(this))) {
      return; // Stays requested.
    }
    POLL.setVolatile(this, 0);
    throw new LispSignal(Q.QUIT);
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
