package org.elver.lisp.machine;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Table;
import org.elver.heap.version.FrozenObjectException;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.elver.lisp.code.Op;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The parts of calling, returning and landing that are too rare or too long for the loop. */
final class Calls {
  private static final Symbol FROZEN_OBJECT = Symbol.known("frozen-object");
  private static final Symbol INTERNAL_ERROR = Symbol.known("elver-internal-error");
  private static final Symbol AUTOLOAD_DO_LOAD = Symbol.known("autoload-do-load");

  private Calls() {}

  /**
   * The byte-code function or primitive that the function on the stack under {@code n} arguments
   * means. A closure in list form gets its environment pushed in front of its arguments.
   */
  static Object resolve(Task t, int n) {
    Object called = t.stack[t.sp - n - 1];
    Object f = called;
    for (int autoloads = 0; ; ) {
      f = indirect(t, f);
      if (f == Symbol.NIL) {
        throw new LispSignal(Q.VOID_FUNCTION, called);
      }
      if (f instanceof ByteCode || f instanceof Subr) {
        return f;
      }
      if (f instanceof Proxy p) {
        f = p.contents(t.c); // A copy: it runs here.
        if (f != p) {
          continue;
        }
      }
      if (!(f instanceof Pair p)) {
        throw new LispSignal(Q.INVALID_FUNCTION, called);
      }
      Object head = p.first(t.c);
      if (head == Q.AUTOLOAD && autoloads++ < 10) {
        t.call(AUTOLOAD_DO_LOAD, f, called);
        f = called;
        continue;
      }
      if (head != Q.LAMBDA && head != Q.CLOSURE) {
        throw new LispSignal(Q.INVALID_FUNCTION, called);
      }
      ByteCode b = t.vm().evaluator().compileFunction(t, p);
      if (head == Q.CLOSURE) {
        Object env = Lisp.car(t.c, Lisp.cdr(t.c, p));
        if (env == Symbol.NIL) {
          return b; // Dynamic binding.
        }
        t.ensureStack(1);
        System.arraycopy(t.stack, t.sp - n, t.stack, t.sp - n + 1, n);
        t.stack[t.sp - n] = env;
        t.sp++;
      }
      return b;
    }
  }

  /** Whether it is a closure in list form. */
  static boolean isClosure(Task t, Pair function) {
    return function.first(t.c) == Q.CLOSURE;
  }

  /** Follows symbols' functions; nil at the end when there is none. */
  static Object indirect(Task t, Object f) {
    Object fast = f;
    Object slow = f;
    boolean step = false;
    while (fast instanceof Symbol s && fast != Symbol.NIL) {
      fast = s.function(t);
      if (step) {
        slow = ((Symbol) slow).function(t);
        if (slow == fast && fast instanceof Symbol && fast != Symbol.NIL) {
          throw new LispSignal(Symbol.known("cyclic-function-indirection"), f);
        }
      }
      step = !step;
    }
    return fast;
  }

  /** Fills in missing arguments and gathers the rest. Returns the number of arguments then. */
  static int adjust(Task t, ByteCode b, int n) {
    if (b.minArgs < 0) {
      return n;
    }
    if (n < b.minArgs || (n > b.maxArgs && !b.rest)) {
      throw wrongNumber(t, b, n);
    }
    t.ensureStack(b.maxArgs + 2);
    if (n > b.maxArgs) {
      Object list = Symbol.NIL;
      int sp = t.sp;
      for (int i = n; i > b.maxArgs; i--) {
        list = new Pair(t.c, t.stack[--sp], list);
      }
      t.stack[sp++] = list;
      t.sp = sp;
      return b.maxArgs + 1;
    }
    for (int i = n; i < b.maxArgs; i++) {
      t.stack[t.sp++] = Symbol.NIL;
    }
    if (b.rest) {
      t.stack[t.sp++] = Symbol.NIL;
      return b.maxArgs + 1;
    }
    return b.maxArgs;
  }

  /** Whether it is the code of a closure in list form: its first argument is the environment. */
  static boolean isListedClosure(Task t, ByteCode b) {
    return b.shownArity() != null && Lisp.carSafe(t.c, b.shownArity()) != Q.LAMBDA;
  }

  private static LispSignal wrongNumber(Task t, ByteCode b, int n) {
    if (b.shownArity() != null) {
      // A function in list form: errors show it; its environment is no argument.
      return new LispSignal(
          Q.WRONG_NUMBER_OF_ARGUMENTS, b.shownArity(), (long) (isListedClosure(t, b) ? n - 1 : n));
    }
    return new LispSignal(
        Q.WRONG_NUMBER_OF_ARGUMENTS, t.cons((long) b.minArgs, (long) b.maxArgs), (long) n);
  }

  /** Binds the arguments of a function with dynamic binding; backtraces find them on the stack. */
  static void bindArguments(Task t, ByteCode b, int n) {
    int at = t.sp - n;
    int next = at;
    int end = t.sp;
    boolean optional = false;
    boolean rest = false;
    Object list = b.arglist();
    while (list instanceof Pair p) {
      Symbol s = Lisp.symbol(p.first(t.c));
      list = p.second(t.c);
      if (s == Q.AND_OPTIONAL) {
        optional = true;
      } else if (s == Q.AND_REST) {
        rest = true;
      } else if (rest) {
        Object all = Symbol.NIL;
        for (int i = end - 1; i >= next; i--) {
          all = t.cons(t.stack[i], all);
        }
        next = end;
        t.bind(s, all);
      } else if (next < end) {
        t.bind(s, t.stack[next++]);
      } else if (optional) {
        t.bind(s, Symbol.NIL);
      } else {
        throw new LispSignal(Q.WRONG_NUMBER_OF_ARGUMENTS, shown(b), (long) n);
      }
    }
    if (next < end) {
      throw new LispSignal(Q.WRONG_NUMBER_OF_ARGUMENTS, shown(b), (long) n);
    }
  }

  private static Object shown(ByteCode b) {
    return b.shownArity() != null ? b.shownArity() : b;
  }

  /**
   * After a primitive with {@code n} arguments below {@code sp} returned {@link Task#CALL}: pushes
   * its frame, or takes its arguments off the stack for a tail call. Returns the number of
   * arguments of the call to make.
   */
  static int beginNative(Task t, int sp, int n) {
    NativeFrame f = t.pendingFrame;
    t.pendingFrame = null;
    int m = t.pendingArgs;
    if (f == null) {
      int from = t.sp - m - 1;
      System.arraycopy(t.stack, from, t.stack, sp - n - 1, m + 1);
      t.sp = sp - n - 1 + m + 1;
      return m;
    }
    if (t.depth >= t.depthLimit) {
      t.checkDepth();
    }
    t.ensureFrames();
    t.pushFrame(f, sp - n, n, t.bp);
    return m;
  }

  /**
   * After a primitive with {@code n} arguments below {@code sp} returned {@link Task#SUSPENDED}.
   */
  static void suspendPrimitive(Task t, int sp, int n) {
    if (t.pendingFrame == null) {
      t.sp = sp - n - 1;
      return;
    }
    t.sp = sp;
    if (t.isOwn()) {
      t.pendingArgs = n; // It waits as it is: see Task.settle.
    } else {
      beginNative(t, sp, n);
    }
  }

  /** Pushes a frame that calls {@code unwind} and then takes back {@code left} more bindings. */
  static int beginUnwind(Task t, Object unwind, int left) {
    int sp = t.sp;
    t.ensureStack(4);
    t.stack[sp] = unwind;
    t.ensureFrames();
    t.pushFrame(new Unwinding(left), sp + 1, 0, t.bp - 2 * left);
    t.stack[sp + 1] = unwind;
    t.sp = sp + 2;
    return 0;
  }

  /** Goes on with unbinding after an {@code unwind-protect}'s cleanup forms; has no value. */
  private static final class Unwinding extends NativeFrame {
    private int left;

    Unwinding(int left) {
      this.left = left;
    }

    @Override
    public Object resume(Task t, Object value) {
      while (left > 0) {
        left--;
        Object unwind = t.unbindOne();
        if (unwind != null) {
          return t.invoke(this, unwind);
        }
      }
      return NO_VALUE;
    }
  }

  /** What a frame gives that only works between two instructions. */
  static final Object NO_VALUE = new Object();

  /**
   * Gives {@code value} to the frame on top, and on to the one below while they are native frames
   * that are done with it.
   *
   * @return the value for the byte-code frame on top or, at {@code base}, for the caller in Java;
   *     or {@link Task#CALL}: {@link Task#pendingArgs} arguments are on the stack
   */
  static Object deliver(Task t, int base, Object value) {
    Object v = value;
    while (t.depth > base && t.frameFunction[t.depth - 1] instanceof NativeFrame f) {
      int d = t.depth - 1;
      int sp = t.sp;
      t.callArgs = -1;
      v = f.resume(t, v);
      if (v == Task.CALL) {
        NativeFrame next = t.pendingFrame;
        t.pendingFrame = null;
        if (next == null) { // A tail call: the frame is done.
          int m = t.pendingArgs;
          int from = t.sp - m - 1;
          t.depth = d;
          int to = t.frameBase(d) - 1;
          System.arraycopy(t.stack, from, t.stack, to, m + 1);
          t.sp = to + m + 1;
        } else if (next != f) {
          t.frameFunction[d] = next;
        }
        return Task.CALL;
      }
      if (v == Task.UNWIND) {
        throw t.takeUnwind();
      }
      if (v == Task.SUSPENDED) {
        if (t.pendingFrame != null) {
          t.frameFunction[d] = t.pendingFrame;
          t.pendingFrame = null;
        }
        t.sp = t.frameBase(d) + t.frameArgs(d);
        return v;
      }
      t.depth = d;
      t.frameFunction[d] = null;
      t.sp = t.frameBase(d) - 1;
      if (v == NO_VALUE) {
        // The loop pushes a value: make it the one that is on top already.
        t.sp--;
        v = t.stack[t.sp];
      }
      assert t.sp <= sp;
    }
    return v;
  }

  /** The jump target for {@code switch}: an offset, or nil. */
  static Object jumpTarget(Task t, Object table, Object key) {
    Subr gethash = t.vm().instructionSubrs[Op.SWITCH];
    if (gethash == null) {
      throw LispSignal.error("This VM has no hash tables");
    }
    return gethash.call3(t, key, table, Symbol.NIL);
  }

  /** What a compiler is to know of {@code code}, which the frame on top runs. */
  static Tier.Facts facts(Task t, Code code) {
    Object[] constants = ((ByteCode) t.frameFunction[t.depth - 1]).constants(t.c);
    Subr[] functions = new Subr[constants.length];
    for (int i = 0; i < functions.length; i++) {
      if (constants[i] instanceof Symbol s && s.functionHere(t) instanceof Subr subr) {
        functions[i] = subr;
      }
    }
    return new Tier.Facts(jumpTargets(t, code), functions, t.vm().instructionSubrs);
  }

  /**
   * Where the jump tables of {@code code}, which the frame on top runs, lead now: for each {@code
   * switch} the numbers of instructions; null for other instructions.
   */
  private static int[][] jumpTargets(Task t, Code code) {
    Object[] constants = ((ByteCode) t.frameFunction[t.depth - 1]).constants(t.c);
    int[][] targets = new int[code.insns.length][];
    for (int i = 1; i < targets.length; i++) {
      int before = code.insns[i - 1];
      if ((code.insns[i] & 0xFF) == Op.SWITCH
          && (before & 0xFF) == Op.CONSTANT
          && constants[before >>> 8] instanceof HeapObject hashTable) {
        java.util.BitSet found = new java.util.BitSet();
        hashTable.forEachReference(
            t.c,
            (o, ordinal) -> {
              if (o instanceof Table table) {
                table.forEach(
                    t.c,
                    (key, value) -> {
                      if (value instanceof Long offset && code.isOffset(offset)) {
                        found.set(code.indexOf((int) (long) offset));
                      }
                    });
              }
            });
        targets[i] = found.stream().toArray();
      }
    }
    return targets;
  }

  /** As {@link #asSignal(Throwable)}; who schedules {@code t} is told when memory is exhausted. */
  static LispSignal asSignal(Task t, Throwable e) {
    if (e instanceof OutOfMemoryError && t.scheduling() != null) {
      t.scheduling().outOfMemory();
    }
    return asSignal(e);
  }

  /** What a Java exception means to Lisp; those that are faults of Elver's are marked as such. */
  static LispSignal asSignal(Throwable e) {
    if (e instanceof LispSignal s) {
      return s;
    }
    if (e instanceof FrozenObjectException f) {
      return new LispSignal(FROZEN_OBJECT, f.object());
    }
    if (e instanceof OutOfMemoryError) {
      return new LispSignal(Symbol.known("memory-full"));
    }
    if (e instanceof Shutdown s) {
      throw s;
    }
    if (System.getProperty("elver.debug") != null) {
      e.printStackTrace();
    }
    return new LispSignal(INTERNAL_ERROR, e.toString());
  }

  /**
   * Lets backtraces show the call that failed, of {@code n} arguments, or where that is -1 that
   * which the instruction {@code insn} stands for in evaluated code: byte-compiled code does not
   * tell.
   */
  static void showFailing(Task t, LispSignal s, int n, int insn) {
    if (n >= 0) {
      if (s.symbol() == Q.WRONG_NUMBER_OF_ARGUMENTS
          || s.symbol() == Q.INVALID_FUNCTION
          || s.symbol() == Q.VOID_FUNCTION) {
        t.callArgs = n;
        if (n > 0 && t.stack[t.sp - n - 1] instanceof Pair) {
          // A function in list form has been given its environment already.
          System.arraycopy(t.stack, t.sp - n + 1, t.stack, t.sp - n, n - 1);
          t.sp--;
          t.callArgs = n - 1;
        }
      }
      return;
    }
    String name = Instructions.name(insn & 0xFF);
    int args = Instructions.arguments(insn);
    if (name == null
        || args < 0
        || t.depth == 0
        || !(t.frameFunction[t.depth - 1] instanceof ByteCode b)
        || !b.made(t.c).code().evaluated) {
      return;
    }
    t.ensureStack(args + 1);
    int sp = t.sp;
    System.arraycopy(t.stack, sp - args, t.stack, sp + 1, args);
    t.stack[sp] = t.symbols().intern(t, name);
    t.sp = sp + args + 1;
    t.callArgs = args;
  }

  /**
   * Finds where a condition or throw lands. When that is in a frame from {@code base} up, unwinds
   * to it, pushes its value, and returns the handler; otherwise unwinds to the bottom of the run
   * and throws on.
   */
  static Handler land(Task t, RuntimeException e, int base, int baseHandlers, int baseBindings) {
    RuntimeException ex = e;
    for (; ; ) {
      if (t.isDead()) {
        throw ex;
      }
      try {
        return land1(t, ex, base, baseHandlers, baseBindings);
      } catch (Unlanded u) {
        if (u.cause instanceof LispSignal s) {
          s.setOld();
        }
        throw u.cause;
      } catch (LispSignal | LispThrow inner) {
        ex = inner; // From the debugger, or from cleanup forms: it takes the place of the first.
      } catch (StackOverflowError inner) {
        ex = asSignal(inner);
      }
    }
  }

  private static Handler land1(
      Task t, RuntimeException e, int base, int baseHandlers, int baseBindings) {
    Object value;
    int index;
    if (e instanceof LispSignal s) {
      Object error = Conditions.errorObject(t, s);
      Handler h = Conditions.find(t, error, t.hp);
      Conditions.offer(t, s, error, h);
      value = error;
      index = indexOf(t, h);
    } else {
      LispThrow th = (LispThrow) e;
      value = th.value();
      index = t.hp - 1;
      while (index >= 0
          && !(t.handlers[index].kind() == Handler.Kind.CATCH
              && Lisp.eq(t.handlers[index].tag(), th.tag()))) {
        index--;
      }
    }
    t.callArgs = -1;
    if (index < baseHandlers) {
      t.truncateHandlers(baseHandlers);
      t.unbindTo(baseBindings);
      t.depth = base;
      throw new Unlanded(e);
    }
    Handler h = t.handlers[index];
    Object before = t.inFlight;
    t.inFlight = value;
    try {
      // Step by step: cleanup forms still have the handlers that were there before theirs.
      while (t.hp - 1 > index) {
        t.unbindTo(t.handlers[t.hp - 1].bindings());
        t.truncateHandlers(t.hp - 1);
      }
      t.unbindTo(h.bindings());
      value = t.inFlight;
    } finally {
      t.inFlight = before;
    }
    t.truncateHandlers(index);
    t.depth = h.frame() + 1;
    t.sp = h.sp();
    t.stack[t.sp++] = value;
    return h;
  }

  private static int indexOf(Task t, Handler h) {
    int i = t.hp - 1;
    while (i >= 0 && t.handlers[i] != h) {
      i--;
    }
    return i;
  }

  /** Carries an exception out of a run whose frames have all been unwound. */
  private static final class Unlanded extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final RuntimeException cause;

    Unlanded(RuntimeException cause) {
      super(null, null, false, false);
      this.cause = cause;
    }
  }
}
