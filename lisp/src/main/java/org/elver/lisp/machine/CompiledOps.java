package org.elver.lisp.machine;

import java.util.Arrays;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.elver.lisp.code.Op;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * What compiled code calls, by name: see {@link Compiled}. Functions that return null, or false,
 * leave to the machine's loop what is not common: they have done nothing then.
 */
final class CompiledOps {
  /** How many runs of compiled code may lie on one another on a task's Java stack. */
  private static final int MAX_NESTED = 256;

  private CompiledOps() {}

  // ---- State --------------------------------------------------------------------------------

  /** Puts the frame's place and the height of the stack where the loop has them. */
  static void at(Task t, int sp, int frame, int pc) {
    t.sp = sp;
    t.frames[Task.FRAME * frame + Task.PC] = pc;
  }

  /** Leaves the instruction at {@code pc} to the loop. */
  static void leave(Task t, int sp, int frame, int pc) {
    t.sp = sp;
    t.frames[Task.FRAME * frame + Task.PC] = pc;
    t.left = Compiled.INTERPRET;
  }

  static void spill(Object[] stack, int at, Object a) {
    stack[at] = a;
  }

  static void spill(Object[] stack, int at, Object a, Object b) {
    stack[at] = a;
    stack[at + 1] = b;
  }

  static void spill(Object[] stack, int at, Object a, Object b, Object c) {
    stack[at] = a;
    stack[at + 1] = b;
    stack[at + 2] = c;
  }

  static void spill(Object[] stack, int at, Object a, Object b, Object c, Object d) {
    stack[at] = a;
    stack[at + 1] = b;
    stack[at + 2] = c;
    stack[at + 3] = d;
  }

  // ---- Calls --------------------------------------------------------------------------------

  /**
   * Makes the call whose {@code count} arguments lie below {@code t.sp}.
   *
   * @return its value; null: it is left to the loop, or something that it called is
   */
  static Object call(Task t, int count) {
    int n = count;
    Object[] stack = t.stack;
    int sp = t.sp;
    Object f = stack[sp - n - 1];
    if (f instanceof Symbol s) {
      f = s.function(t);
    }
    if (f instanceof Subr s) {
      t.callArgs = n;
      Object v = ProxyCalls.call(t, s, stack, sp - n, n, true);
      return returned(t, v, sp, n);
    }
    if (f instanceof Pair p && Calls.isClosure(t, p)) { // Its environment becomes an argument.
      f = Calls.resolve(t, n);
      stack = t.stack;
      n += t.sp - sp;
      sp = t.sp;
    }
    if (f instanceof ByteCode b) {
      ByteCode.Made made = b.made(t.c);
      Code code = made.code();
      int depth = t.depth;
      if (code.executable instanceof Compiled k
          && n >= b.minArgs
          && n <= b.maxArgs
          && t.nested < MAX_NESTED
          && depth < t.depthLimit
          && depth < t.frameFunction.length
          && sp + b.maxArgs + code.maxDepth + 16 <= stack.length
          && !t.polled()) {
        int base = sp - n;
        for (int given = n; given < b.maxArgs; given++) {
          stack[sp++] = Symbol.NIL;
        }
        if (b.rest) {
          stack[sp++] = Symbol.NIL;
        }
        t.frameFunction[depth] = b;
        int bindings = t.bp;
        int[] frames = t.frames;
        frames[Task.FRAME * depth + Task.BASE] = base;
        frames[Task.FRAME * depth + Task.ARGS] = n;
        frames[Task.FRAME * depth + Task.BINDINGS] = bindings;
        t.depth = depth + 1;
        t.nested++;
        Object v = k.run(t, made.constants(), sp, 0);
        t.nested--;
        if (v != null) {
          if (t.bp != bindings) {
            // What comes from here is no fault of an instruction.
            t.frames[Task.FRAME * depth + Task.PC] = 0;
            t.unbindTo(bindings);
          }
          t.depth = depth;
        }
        return v;
      }
    }
    if (n != count) { // Given again when the loop makes the call.
      System.arraycopy(stack, sp - n + 1, stack, sp - n, count);
      t.sp = sp - 1;
    }
    t.left = count;
    return null;
  }

  /** Makes the call of a primitive that an instruction stands for. */
  static Object instruction(Task t, int op, int n) {
    Subr s = t.vm().instructionSubrs[op];
    return ProxyCalls.call(t, s, t.stack, t.sp - n, n, false);
  }

  /**
   * Whether {@code symbol} names {@code s} now; then that, which has {@code n} arguments, is what
   * runs from here on.
   */
  static boolean begins(Object symbol, Task t, Subr s, int n) {
    if (symbol instanceof Symbol x && x.function(t) == s) {
      t.callArgs = n;
      return true;
    }
    return false;
  }

  /**
   * The primitive {@code s}, called directly, has returned {@code v}. Its {@code n} arguments lie
   * on {@code stack} below {@code sp}.
   *
   * @return as {@link #call}
   */
  static Object ended(Object v, Task t, Object[] stack, int sp, int n, Subr s) {
    if (v == Symbol.NIL) {
      v = ProxyCalls.nil(t, s, stack, sp - n, n, true);
    }
    return returned(t, v, sp, n);
  }

  /**
   * A primitive, with {@code n} arguments below {@code sp}, has returned {@code v}: that, if it is
   * a value; null: it is left to the loop what comes of it.
   */
  static Object returned(Task t, Object v, int sp, int n) {
    t.callArgs = -1;
    if (v == Task.CALL || v == Task.SUSPENDED || v == Task.UNWIND) {
      t.left = n;
      t.leftValue = v;
      t.leftSp = sp;
      return null;
    }
    return v;
  }

  /** As {@link #ended}, of one that has signaled {@code e} instead, and may only have a value. */
  static Object failed(LispSignal e, Task t, Object[] stack, int sp, int n, Subr s, int bindings) {
    return ended(
        ProxyCalls.failed(t, s, stack, sp - n, n, sp, bindings, e, true), t, stack, sp, n, s);
  }

  /**
   * As {@link #ended}, of the primitive that an instruction stands for; the value is never null.
   */
  static Object instructionEnded(Object v, Task t, Object[] stack, int sp, int n, Subr s) {
    return v == Symbol.NIL ? ProxyCalls.nil(t, s, stack, sp - n, n, false) : v;
  }

  /** As {@link #failed}, of the primitive that an instruction stands for. */
  static Object instructionFailed(
      LispSignal e, Task t, Object[] stack, int sp, int n, Subr s, int bindings) {
    return ProxyCalls.failed(t, s, stack, sp - n, n, sp, bindings, e, false);
  }

  /** The arguments of a primitive that takes any number. */
  static Object[] arguments(Object[] stack, int sp, int n) {
    return Arrays.copyOfRange(stack, sp - n, sp);
  }

  /** Where on the stack the working values of frame {@code d} begin. */
  static int origin(Task t, ByteCode b, int d) {
    return t.frameBase(d) + (b.minArgs < 0 ? t.frameArgs(d) : b.maxArgs + (b.rest ? 1 : 0));
  }

  /** A height of the stack above all that the frame on top has there. */
  static int top(Task t, int base) {
    int d = t.depth - 1;
    if (d >= base && t.frameFunction[d] instanceof ByteCode b) {
      return Math.min(origin(t, b, d) + b.made(t.c).code().maxDepth + 1, t.stack.length - 8);
    }
    return t.sp;
  }

  // ---- Variables ----------------------------------------------------------------------------

  static Object variable(Object symbol, Task t) {
    return ((Symbol) symbol).plainValue(t);
  }

  static Object variableAnywhere(Object symbol, Task t) {
    return Variables.value(t, (Symbol) symbol);
  }

  static boolean setVariable(Object symbol, Object value, Task t) {
    return ((Symbol) symbol).setPlainValue(t, value);
  }

  static void setVariableAnywhere(Object symbol, Object value, Task t) {
    Variables.set(t, (Symbol) symbol, value);
  }

  static void bind(Object symbol, Object value, Task t) {
    t.bind((Symbol) symbol, value);
  }

  /** Takes bindings back; false: Lisp must be called for that. */
  static boolean unbind(Task t, int count) {
    int mark = t.bp - 2 * count;
    for (int i = t.bp - 2; i >= mark; i -= 2) {
      if (t.bindings[i] instanceof Unwind) {
        return false;
      }
    }
    while (t.bp > mark) {
      t.unbindOne();
    }
    return true;
  }

  // ---- Handlers -----------------------------------------------------------------------------

  static void pushCatch(Object tag, Task t, int pc, int sp, int frame) {
    t.pushHandler(new Handler(Handler.Kind.CATCH, tag, pc, sp, frame, t.bp));
  }

  static void pushConditions(Object tag, Task t, int pc, int sp, int frame) {
    t.pushHandler(new Handler(Handler.Kind.CONDITIONS, tag, pc, sp, frame, t.bp));
  }

  static void popHandler(Task t) {
    t.handlers[--t.hp] = null;
  }

  // ---- Rare instructions ---------------------------------------------------------------------

  static void rare(Task t, int op) {
    t.sp = Machine.rare(t, op, t.sp);
  }

  /** The place that a jump table leads to: left to the loop, which finds its entry; or false. */
  static boolean jump(Object key, Object table, Task t, int sp, int frame) {
    if (!(Calls.jumpTarget(t, table, key) instanceof Long offset)) {
      return false;
    }
    t.sp = sp;
    ByteCode b = (ByteCode) t.frameFunction[frame];
    t.frames[Task.FRAME * frame + Task.PC] = b.code(t.c).indexOf((int) (long) offset);
    t.left = Compiled.JUMP;
    return true;
  }

  // ---- Lists --------------------------------------------------------------------------------

  static Object car(Object x, Context c) {
    return x instanceof Pair p ? p.first(c) : x == Symbol.NIL ? x : null;
  }

  static Object cdr(Object x, Context c) {
    return x instanceof Pair p ? p.second(c) : x == Symbol.NIL ? x : null;
  }

  static Object carSafe(Object x, Context c) {
    return x instanceof Pair p ? p.first(c) : x instanceof ProxyObject ? null : Symbol.NIL;
  }

  static Object cdrSafe(Object x, Context c) {
    return x instanceof Pair p ? p.second(c) : x instanceof ProxyObject ? null : Symbol.NIL;
  }

  static Object setcar(Object x, Object v, Context c) {
    if (x instanceof Pair p) {
      p.setFirst(c, v);
      return v;
    }
    return null;
  }

  static Object setcdr(Object x, Object v, Context c) {
    if (x instanceof Pair p) {
      p.setSecond(c, v);
      return v;
    }
    return null;
  }

  static Object cons(Object a, Object b, Context c) {
    return new Pair(c, a, b);
  }

  static Object list(Object a, Context c) {
    return new Pair(c, a, Symbol.NIL);
  }

  static Object list(Object[] stack, int at, int n, Context c) {
    Object list = Symbol.NIL;
    for (int i = at + n - 1; i >= at; i--) {
      list = new Pair(c, stack[i], list);
    }
    return list;
  }

  // ---- Vectors ------------------------------------------------------------------------------

  static Object aref(Object array, Object index, Context c) {
    return array instanceof Vector v && index instanceof Long i && i >= 0 && i < v.length(c)
        ? v.get(c, (int) (long) i)
        : null;
  }

  static Object aset(Object array, Object index, Object x, Context c) {
    if (array instanceof Vector v && index instanceof Long i && i >= 0 && i < v.length(c)) {
      v.set(c, (int) (long) i, x);
      return x;
    }
    return null;
  }

  // ---- Predicates ---------------------------------------------------------------------------

  static Object eq(Object a, Object b) {
    return Lisp.eq(a, b) ? Symbol.T : Symbol.NIL;
  }

  static Object not(Object x) {
    return x == Symbol.NIL ? Symbol.T : Symbol.NIL;
  }

  static Object symbolp(Object x) {
    return x instanceof Symbol ? Symbol.T : ProxyCalls.isKind(x, Symbol.class);
  }

  static Object consp(Object x) {
    return x instanceof Pair ? Symbol.T : ProxyCalls.isKind(x, Pair.class);
  }

  static Object stringp(Object x) {
    return x instanceof LispString ? Symbol.T : ProxyCalls.isKind(x, LispString.class);
  }

  static Object listp(Object x) {
    return x instanceof Pair || x == Symbol.NIL ? Symbol.T : ProxyCalls.isKind(x, Pair.class);
  }

  static Object numberp(Object x) {
    return Lisp.isNumber(x) ? Symbol.T : Symbol.NIL;
  }

  static Object integerp(Object x) {
    return Lisp.isInteger(x) ? Symbol.T : Symbol.NIL;
  }

  // ---- Numbers ------------------------------------------------------------------------------

  static Object add1(Object x) {
    return x instanceof Long l && l < Lisp.MOST_POSITIVE_FIXNUM ? (Object) (l + 1) : null;
  }

  static Object sub1(Object x) {
    return x instanceof Long l && l > Lisp.MOST_NEGATIVE_FIXNUM ? (Object) (l - 1) : null;
  }

  static Object plus(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      long r = x + y;
      return Lisp.isFixnum(r) ? (Object) r : null;
    }
    return Machine.arithmetic(Op.PLUS, a, b);
  }

  static Object diff(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      long r = x - y;
      return Lisp.isFixnum(r) ? (Object) r : null;
    }
    return Machine.arithmetic(Op.DIFF, a, b);
  }

  static Object mult(Object a, Object b) {
    return Machine.arithmetic(Op.MULT, a, b);
  }

  static Object eqlsign(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return (long) x == (long) y ? Symbol.T : Symbol.NIL;
    }
    return Machine.arithmetic(Op.EQLSIGN, a, b);
  }

  static Object lss(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return x < y ? Symbol.T : Symbol.NIL;
    }
    return Machine.arithmetic(Op.LSS, a, b);
  }

  static Object gtr(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return x > y ? Symbol.T : Symbol.NIL;
    }
    return Machine.arithmetic(Op.GTR, a, b);
  }

  static Object leq(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return x <= y ? Symbol.T : Symbol.NIL;
    }
    return Machine.arithmetic(Op.LEQ, a, b);
  }

  static Object geq(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return x >= y ? Symbol.T : Symbol.NIL;
    }
    return Machine.arithmetic(Op.GEQ, a, b);
  }
}
