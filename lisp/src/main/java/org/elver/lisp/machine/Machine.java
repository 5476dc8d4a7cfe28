package org.elver.lisp.machine;

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
 * The loop that runs byte-code. Lisp calls of Lisp stay inside one activation of it: a call pushes
 * a frame of the task and the loop goes on with that.
 *
 * <p>HotSpot compiles no method of more than 8,000 bytes of byte-code: {@link #run} stays well
 * below that; what is rare or slow is in methods of its own.
 */
final class Machine {
  /** Instead of a number of arguments: the task was suspended and goes on. */
  static final int RESUME = -2;

  /** Instead of a number of arguments: {@link Task#left} says what compiled code has left. */
  static final int LEFT = -6;

  /** Instead of a number of arguments: compiled code runs. */
  private static final int COMPILED = -4;

  /** What a frame whose compiled code has come to its end goes on with. */
  private static final int[] END = {Op.RETURN};

  private Machine() {}

  /**
   * Calls the function that lies on the task's stack under {@code nargs} arguments, and runs until
   * it returns.
   *
   * @param nargs the number of arguments; {@link #RESUME} to go on with a suspended task, {@link
   *     #LEFT} where compiled code has left one
   * @return the value, or {@link Task#SUSPENDED}
   * @throws LispSignal when a condition is not handled by a frame above those that were there
   *     before
   * @throws LispThrow when a throw goes to a catch below
   */
  static Object run(Task t, int nargs) {
    final int base = nargs < 0 ? 0 : t.depth;
    final int baseHandlers = nargs < 0 ? t.rootHandlers : t.hp;
    final int baseBindings = nargs < 0 ? t.rootBindings : t.bp;
    final Context c = t.c;
    final Subr[] instructionSubrs = t.vm().instructionSubrs;
    final int nested = t.nested;
    Object[] stack = t.stack;
    int sp = t.sp;
    int[] insns = null;
    Object[] consts = null;
    int pc = 0;
    // Arguments of the call to make next, RESUME or LEFT; -1: go on with the frame on top.
    int n = nargs;
    for (; ; ) {
      try {
        for (; ; ) {
          if (n == LEFT) {
            stack = t.stack;
            n = t.left;
            sp = n >= 0 && t.leftValue != null ? t.leftSp : t.sp;
            pc = 0;
            if (n == Compiled.THROW) {
              n = COMPILED;
              throw t.takeThrown();
            }
            if (t.depth > 0 && t.frameFunction[t.depth - 1] instanceof ByteCode b) {
              ByteCode.Made made = b.made(c);
              insns = made.insns();
              consts = made.constants();
              pc = t.frames[Task.FRAME * (t.depth - 1) + Task.PC];
            } // Otherwise a primitive has exchanged the stacks.
            if (n == Compiled.RETURN) {
              stack[sp++] = t.leftValue;
              t.leftValue = null;
              insns = END;
              pc = 0;
              n = Compiled.INTERPRET;
            }
          }
          if (n == RESUME) {
            stack = t.stack;
            Object value = t.takeResumption();
            boolean inPlace = value == Task.SUSPENDED;
            if (value != Task.CALL && !inPlace) {
              value = Calls.deliver(t, base, value);
              stack = t.stack;
            }
            sp = t.sp;
            if (value == Task.CALL) {
              n = t.pendingArgs;
              if (t.depth > base && t.frameFunction[t.depth - 1] instanceof ByteCode b) {
                ByteCode.Made made = b.made(c);
                insns = made.insns();
                consts = made.constants();
                pc = t.frames[Task.FRAME * (t.depth - 1) + Task.PC];
              }
              continue;
            }
            if (!inPlace && (value == Task.SUSPENDED || t.depth == base)) {
              return value;
            }
            ByteCode b = (ByteCode) t.frameFunction[t.depth - 1];
            ByteCode.Made made = b.made(c);
            insns = made.insns();
            consts = made.constants();
            pc = t.frames[Task.FRAME * (t.depth - 1) + Task.PC];
            if (!inPlace) {
              stack[sp++] = value;
            }
            n = -1;
          } else if (n >= 0) {
            if (t.depth > base) {
              t.frames[Task.FRAME * (t.depth - 1) + Task.PC] = pc;
            }
            Object value = t.leftValue;
            Object f = null;
            int asked = n;
            if (value == null) {
              f = stack[sp - n - 1];
              if (f instanceof Symbol s) {
                f = s.function(t);
              }
              if (!(f instanceof ByteCode b && b.minArgs >= 0) && !(f instanceof Subr)) {
                t.sp = sp;
                f = Calls.resolve(t, n);
                stack = t.stack;
                n += t.sp - sp;
                sp = t.sp;
              }
            }
            if (f instanceof ByteCode b) {
              t.sp = sp;
              if (t.polled() && t.yieldsAtCall(n)) {
                t.takeBackArguments(n - asked); // Given again when the call is made.
                return Task.SUSPENDED;
              }
              int given = n;
              if (n != b.maxArgs || b.rest) {
                n = Calls.adjust(t, b, n);
                sp = t.sp;
              }
              ByteCode.Made made = b.made(c);
              Code code = made.code();
              if (sp + code.maxDepth + 8 > t.stack.length) {
                t.ensureStack(code.maxDepth + 8);
              }
              stack = t.stack;
              int d = t.depth;
              if (d >= t.depthLimit) {
                t.checkDepth();
              }
              if (d == t.frameFunction.length) {
                t.ensureFrames();
              }
              t.frameFunction[d] = b;
              int[] frames = t.frames;
              frames[Task.FRAME * d + Task.BASE] = sp - n;
              frames[Task.FRAME * d + Task.ARGS] = given;
              frames[Task.FRAME * d + Task.BINDINGS] = t.bp;
              t.depth = d + 1;
              if (b.minArgs < 0) {
                Calls.bindArguments(t, b, n);
              }
              insns = code.insns;
              consts = made.constants();
              pc = 0;
              n = -1;
              if (code.executable == null) {
                heat(t, code);
              }
              continue;
            }
            // A primitive.
            if (value == null) {
              t.sp = sp;
              t.callArgs = n;
              value = ProxyCalls.call(t, (Subr) f, stack, sp - n, n, true);
              t.callArgs = -1;
            } else {
              t.leftValue = null; // Compiled code has called it.
            }
            if (value == Task.CALL) {
              n = Calls.beginNative(t, sp, n);
              stack = t.stack;
              sp = t.sp;
              continue;
            }
            stack = t.stack;
            if (value == Task.SUSPENDED) {
              if (t.takeSwitched()) {
                n = RESUME;
                pc = 0;
                sp = t.sp;
                continue;
              }
              Calls.suspendPrimitive(t, sp, n);
              return value;
            }
            sp -= n + 1;
            if (value == Task.UNWIND) {
              // As the handlers below, but without the cost of a Java exception.
              t.sp = sp + n + 1;
              t.callArgs = n;
              n = -1;
              pc = 0; // What comes from here is no fault of an instruction.
              Handler h = Calls.land(t, t.takeUnwind(), base, baseHandlers, baseBindings);
              ByteCode.Made made = ((ByteCode) t.frameFunction[h.frame()]).made(c);
              insns = made.insns();
              consts = made.constants();
              pc = h.pc();
              stack = t.stack;
              sp = t.sp;
              n = -1;
              continue;
            }
            // Deliver the value to the frame on top: native frames until one of byte-code.
            if (t.depth == base || !(t.frameFunction[t.depth - 1] instanceof ByteCode)) {
              t.sp = sp;
              n = -1;
              pc = 0;
              value = Calls.deliver(t, base, value);
              if (value == Task.CALL) {
                n = t.pendingArgs;
                stack = t.stack;
                sp = t.sp;
                continue;
              }
              if (value == Task.SUSPENDED || t.depth == base) {
                return value;
              }
              ByteCode b = (ByteCode) t.frameFunction[t.depth - 1];
              ByteCode.Made made = b.made(c);
              insns = made.insns();
              consts = made.constants();
              pc = t.frames[Task.FRAME * (t.depth - 1) + Task.PC];
              stack = t.stack;
              sp = t.sp;
            }
            stack[sp++] = value;
            n = -1;
          }
          // The present frame is one of byte-code: run it until it calls or returns.
          if (n != Compiled.INTERPRET) {
            int d = t.depth - 1;
            ByteCode b = (ByteCode) t.frameFunction[d];
            ByteCode.Made made = b.made(c);
            if (made.code().executable instanceof Compiled k && k.entry(pc) >= 0) {
              t.sp = sp;
              n = COMPILED;
              int origin = CompiledOps.origin(t, b, d);
              Object value = k.run(t, made.constants(), origin, k.entry(pc));
              stack = t.stack;
              if (value != null) {
                sp = origin;
                stack[sp++] = value;
                insns = END;
                pc = 0;
              } else {
                n = LEFT;
                continue;
              }
            }
          }
          n = -1;
          interpret:
          for (; ; ) {
            int insn = insns[pc++];
            switch (insn & 0xFF) {
              case Op.STACK_REF -> {
                stack[sp] = stack[sp - 1 - (insn >>> 8)];
                sp++;
              }
              case Op.CONSTANT -> stack[sp++] = consts[insn >>> 8];
              case Op.VARREF -> {
                Symbol s = (Symbol) consts[insn >>> 8];
                Object v = s.plainValue(t);
                if (v == null) {
                  t.sp = sp;
                  v = Variables.value(t, s);
                }
                stack[sp++] = v;
              }
              case Op.VARSET -> {
                Symbol s = (Symbol) consts[insn >>> 8];
                Object v = stack[--sp];
                if (!s.setPlainValue(t, v)) {
                  t.sp = sp;
                  Variables.set(t, s, v);
                  stack = t.stack;
                }
              }
              case Op.VARBIND -> {
                t.sp = --sp;
                t.bind((Symbol) consts[insn >>> 8], stack[sp]);
                stack = t.stack;
              }
              case Op.CALL -> {
                n = insn >>> 8;
                break interpret;
              }
              case Op.RETURN -> {
                Object value = stack[--sp];
                int d = t.depth - 1;
                if (t.bp != t.frames[Task.FRAME * d + Task.BINDINGS]) {
                  t.sp = sp;
                  t.unbindTo(t.frames[Task.FRAME * d + Task.BINDINGS]);
                  stack = t.stack;
                }
                sp = t.frames[Task.FRAME * d + Task.BASE] - 1;
                t.depth = d;
                if (d > base && t.frameFunction[d - 1] instanceof ByteCode b) {
                  stack[sp++] = value;
                  ByteCode.Made made = b.made(c);
                  insns = made.insns();
                  consts = made.constants();
                  pc = t.frames[Task.FRAME * (d - 1) + Task.PC];
                  if (made.code().executable != null) {
                    break interpret;
                  }
                  continue;
                }
                t.sp = sp;
                if (d == base) {
                  return value;
                }
                value = Calls.deliver(t, base, value);
                stack = t.stack;
                sp = t.sp;
                if (value == Task.CALL) {
                  n = t.pendingArgs;
                  break interpret;
                }
                if (value == Task.SUSPENDED || t.depth == base) {
                  return value;
                }
                ByteCode b = (ByteCode) t.frameFunction[t.depth - 1];
                ByteCode.Made made = b.made(c);
                insns = made.insns();
                consts = made.constants();
                pc = t.frames[Task.FRAME * (t.depth - 1) + Task.PC];
                stack[sp++] = value;
                break interpret;
              }
              case Op.GOTO -> {
                int target = insn >>> 8;
                if (target < pc) {
                  if (t.polled()) {
                    t.sp = sp;
                    if (t.yieldsAt(target)) {
                      return Task.SUSPENDED;
                    }
                  }
                  if (isCompiled(t, c)) {
                    pc = target;
                    break interpret;
                  }
                }
                pc = target;
              }
              case Op.GOTO_IF_NIL -> {
                if (stack[--sp] == Symbol.NIL) {
                  int from = pc;
                  pc = insn >>> 8;
                  if (pc < from) {
                    if (t.polled()) {
                      t.sp = sp;
                      if (t.yieldsAt(pc)) {
                        return Task.SUSPENDED;
                      }
                    }
                    if (isCompiled(t, c)) {
                      break interpret;
                    }
                  }
                }
              }
              case Op.GOTO_IF_NOT_NIL -> {
                if (stack[--sp] != Symbol.NIL) {
                  int from = pc;
                  pc = insn >>> 8;
                  if (pc < from) {
                    if (t.polled()) {
                      t.sp = sp;
                      if (t.yieldsAt(pc)) {
                        return Task.SUSPENDED;
                      }
                    }
                    if (isCompiled(t, c)) {
                      break interpret;
                    }
                  }
                }
              }
              case Op.GOTO_IF_NIL_ELSE_POP -> {
                if (stack[sp - 1] == Symbol.NIL) {
                  if (insn >>> 8 < pc && t.polled()) {
                    t.sp = sp;
                    if (t.yieldsAt(insn >>> 8)) {
                      return Task.SUSPENDED;
                    }
                  }
                  pc = insn >>> 8;
                } else {
                  sp--;
                }
              }
              case Op.GOTO_IF_NOT_NIL_ELSE_POP -> {
                if (stack[sp - 1] != Symbol.NIL) {
                  if (insn >>> 8 < pc && t.polled()) {
                    t.sp = sp;
                    if (t.yieldsAt(insn >>> 8)) {
                      return Task.SUSPENDED;
                    }
                  }
                  pc = insn >>> 8;
                } else {
                  sp--;
                }
              }
              case Op.DISCARD -> sp--;
              case Op.DUP -> {
                stack[sp] = stack[sp - 1];
                sp++;
              }
              case Op.STACK_SET -> {
                // The operand counts from the top, the value itself included.
                Object v = stack[--sp];
                stack[sp - (insn >>> 8)] = v;
              }
              case Op.DISCARD_N -> sp -= insn >>> 8;
              case Op.DISCARD_N_KEEP_TOP -> {
                Object v = stack[sp - 1];
                sp -= insn >>> 8;
                stack[sp - 1] = v;
              }
              case Op.CAR -> {
                Object x = stack[sp - 1];
                if (x instanceof Pair p) {
                  stack[sp - 1] = p.first(c);
                } else if (x != Symbol.NIL) {
                  t.sp = sp;
                  x = ProxyCalls.car(t, x);
                  stack = t.stack;
                  stack[sp - 1] = x;
                }
              }
              case Op.CDR -> {
                Object x = stack[sp - 1];
                if (x instanceof Pair p) {
                  stack[sp - 1] = p.second(c);
                } else if (x != Symbol.NIL) {
                  t.sp = sp;
                  x = ProxyCalls.cdr(t, x);
                  stack = t.stack;
                  stack[sp - 1] = x;
                }
              }
              case Op.CAR_SAFE -> {
                Object x = stack[sp - 1];
                if (x instanceof Pair p) {
                  stack[sp - 1] = p.first(c);
                } else {
                  t.sp = sp;
                  x = ProxyCalls.safe(t, x, "car");
                  stack = t.stack;
                  stack[sp - 1] = x;
                }
              }
              case Op.CDR_SAFE -> {
                Object x = stack[sp - 1];
                if (x instanceof Pair p) {
                  stack[sp - 1] = p.second(c);
                } else {
                  t.sp = sp;
                  x = ProxyCalls.safe(t, x, "cdr");
                  stack = t.stack;
                  stack[sp - 1] = x;
                }
              }
              case Op.CONS -> {
                sp--;
                stack[sp - 1] = new Pair(c, stack[sp - 1], stack[sp]);
              }
              case Op.LIST1 -> stack[sp - 1] = new Pair(c, stack[sp - 1], Symbol.NIL);
              case Op.LIST2 -> {
                sp--;
                stack[sp - 1] = new Pair(c, stack[sp - 1], new Pair(c, stack[sp], Symbol.NIL));
              }
              case Op.LIST3 -> sp = list(c, stack, sp, 3);
              case Op.LIST4 -> sp = list(c, stack, sp, 4);
              case Op.LIST_N -> sp = list(c, stack, sp, insn >>> 8);
              case Op.SETCAR -> {
                sp--;
                if (stack[sp - 1] instanceof Pair p) {
                  p.setFirst(c, stack[sp]);
                  stack[sp - 1] = stack[sp];
                } else {
                  t.sp = sp + 1;
                  Object v = ProxyCalls.set(t, stack[sp - 1], stack[sp], "setcar");
                  stack = t.stack;
                  stack[sp - 1] = v;
                }
              }
              case Op.SETCDR -> {
                sp--;
                if (stack[sp - 1] instanceof Pair p) {
                  p.setSecond(c, stack[sp]);
                  stack[sp - 1] = stack[sp];
                } else {
                  t.sp = sp + 1;
                  Object v = ProxyCalls.set(t, stack[sp - 1], stack[sp], "setcdr");
                  stack = t.stack;
                  stack[sp - 1] = v;
                }
              }
              case Op.EQ -> {
                sp--;
                stack[sp - 1] = Lisp.eq(stack[sp - 1], stack[sp]) ? Symbol.T : Symbol.NIL;
              }
              case Op.NOT -> stack[sp - 1] = stack[sp - 1] == Symbol.NIL ? Symbol.T : Symbol.NIL;
              case Op.SYMBOLP ->
                  stack[sp - 1] =
                      stack[sp - 1] instanceof Symbol
                          ? Symbol.T
                          : ProxyCalls.isKind(stack[sp - 1], Symbol.class);
              case Op.CONSP ->
                  stack[sp - 1] =
                      stack[sp - 1] instanceof Pair
                          ? Symbol.T
                          : ProxyCalls.isKind(stack[sp - 1], Pair.class);
              case Op.STRINGP ->
                  stack[sp - 1] =
                      stack[sp - 1] instanceof LispString
                          ? Symbol.T
                          : ProxyCalls.isKind(stack[sp - 1], LispString.class);
              case Op.LISTP ->
                  stack[sp - 1] =
                      stack[sp - 1] instanceof Pair || stack[sp - 1] == Symbol.NIL
                          ? Symbol.T
                          : ProxyCalls.isKind(stack[sp - 1], Pair.class);
              case Op.NUMBERP ->
                  stack[sp - 1] = Lisp.isNumber(stack[sp - 1]) ? Symbol.T : Symbol.NIL;
              case Op.INTEGERP ->
                  stack[sp - 1] = Lisp.isInteger(stack[sp - 1]) ? Symbol.T : Symbol.NIL;
              case Op.ADD1 -> {
                if (stack[sp - 1] instanceof Long x && x < Lisp.MOST_POSITIVE_FIXNUM) {
                  stack[sp - 1] = x + 1;
                } else {
                  sp = instruction(t, instructionSubrs, Op.ADD1, sp, 1);
                  stack = t.stack;
                }
              }
              case Op.SUB1 -> {
                if (stack[sp - 1] instanceof Long x && x > Lisp.MOST_NEGATIVE_FIXNUM) {
                  stack[sp - 1] = x - 1;
                } else {
                  sp = instruction(t, instructionSubrs, Op.SUB1, sp, 1);
                  stack = t.stack;
                }
              }
              case Op.PLUS -> {
                if (stack[sp - 2] instanceof Long x && stack[sp - 1] instanceof Long y) {
                  long r = x + y;
                  if (Lisp.isFixnum(r)) {
                    stack[--sp - 1] = r;
                    continue;
                  }
                }
                sp = arithmetic(t, instructionSubrs, Op.PLUS, sp);
                stack = t.stack;
              }
              case Op.DIFF -> {
                if (stack[sp - 2] instanceof Long x && stack[sp - 1] instanceof Long y) {
                  long r = x - y;
                  if (Lisp.isFixnum(r)) {
                    stack[--sp - 1] = r;
                    continue;
                  }
                }
                sp = arithmetic(t, instructionSubrs, Op.DIFF, sp);
                stack = t.stack;
              }
              case Op.MULT -> {
                sp = arithmetic(t, instructionSubrs, Op.MULT, sp);
                stack = t.stack;
              }
              case Op.EQLSIGN -> {
                if (stack[sp - 2] instanceof Long x && stack[sp - 1] instanceof Long y) {
                  stack[--sp - 1] = (long) x == (long) y ? Symbol.T : Symbol.NIL;
                } else {
                  sp = arithmetic(t, instructionSubrs, Op.EQLSIGN, sp);
                  stack = t.stack;
                }
              }
              case Op.LSS -> {
                if (stack[sp - 2] instanceof Long x && stack[sp - 1] instanceof Long y) {
                  stack[--sp - 1] = x < y ? Symbol.T : Symbol.NIL;
                } else {
                  sp = arithmetic(t, instructionSubrs, Op.LSS, sp);
                  stack = t.stack;
                }
              }
              case Op.GTR -> {
                if (stack[sp - 2] instanceof Long x && stack[sp - 1] instanceof Long y) {
                  stack[--sp - 1] = x > y ? Symbol.T : Symbol.NIL;
                } else {
                  sp = arithmetic(t, instructionSubrs, Op.GTR, sp);
                  stack = t.stack;
                }
              }
              case Op.LEQ -> {
                if (stack[sp - 2] instanceof Long x && stack[sp - 1] instanceof Long y) {
                  stack[--sp - 1] = x <= y ? Symbol.T : Symbol.NIL;
                } else {
                  sp = arithmetic(t, instructionSubrs, Op.LEQ, sp);
                  stack = t.stack;
                }
              }
              case Op.GEQ -> {
                if (stack[sp - 2] instanceof Long x && stack[sp - 1] instanceof Long y) {
                  stack[--sp - 1] = x >= y ? Symbol.T : Symbol.NIL;
                } else {
                  sp = arithmetic(t, instructionSubrs, Op.GEQ, sp);
                  stack = t.stack;
                }
              }
              case Op.AREF -> {
                if (stack[sp - 2] instanceof Vector v
                    && stack[sp - 1] instanceof Long i
                    && i >= 0
                    && i < v.length(c)) {
                  stack[--sp - 1] = v.get(c, (int) (long) i);
                } else {
                  sp = instruction(t, instructionSubrs, Op.AREF, sp, 2);
                  stack = t.stack;
                }
              }
              case Op.ASET -> {
                if (stack[sp - 3] instanceof Vector v
                    && stack[sp - 2] instanceof Long i
                    && i >= 0
                    && i < v.length(c)) {
                  v.set(c, (int) (long) i, stack[sp - 1]);
                  sp -= 2;
                  stack[sp - 1] = stack[sp + 1];
                } else {
                  sp = instruction(t, instructionSubrs, Op.ASET, sp, 3);
                  stack = t.stack;
                }
              }
              case Op.UNBIND -> {
                int mark = t.bp - 2 * (insn >>> 8);
                t.sp = sp;
                Object unwind = null;
                while (t.bp > mark && unwind == null) {
                  unwind = t.unbindOne();
                }
                stack = t.stack;
                if (unwind != null) {
                  // Call it; then come back here for the rest.
                  int left = (t.bp - mark) / 2;
                  n = Calls.beginUnwind(t, unwind, left);
                  t.frames[Task.FRAME * (t.depth - 2) + Task.PC] = pc;
                  stack = t.stack;
                  sp = t.sp;
                  break interpret;
                }
              }
              case Op.POPHANDLER -> t.handlers[--t.hp] = null;
              case Op.PUSHCATCH, Op.PUSHCONDITIONCASE -> {
                Object tag = stack[--sp];
                t.pushHandler(
                    new Handler(
                        (insn & 0xFF) == Op.PUSHCATCH
                            ? Handler.Kind.CATCH
                            : Handler.Kind.CONDITIONS,
                        tag,
                        insn >>> 8,
                        sp,
                        t.depth - 1,
                        t.bp));
              }
              case Op.SWITCH -> {
                t.sp = sp - 2;
                Object target = Calls.jumpTarget(t, stack[sp - 1], stack[sp - 2]);
                sp -= 2;
                if (target instanceof Long offset) {
                  ByteCode b = (ByteCode) t.frameFunction[t.depth - 1];
                  pc = b.code(c).indexOf((int) (long) offset);
                }
              }
              case Op.CONCAT_N, Op.INSERT_N -> {
                sp = instruction(t, instructionSubrs, insn & 0xFF, sp, insn >>> 8);
                stack = t.stack;
              }
              default -> {
                int op = insn & 0xFF;
                int args = Instructions.ARGS[op];
                t.sp = sp;
                sp = args >= 0 ? instruction(t, instructionSubrs, op, sp, args) : rare(t, op, sp);
                stack = t.stack;
              }
            }
          }
        }
      } catch (LispSignal | LispThrow e) {
        if (n == COMPILED) {
          n = -1;
          sp = t.sp;
          pc = t.frames[Task.FRAME * (t.depth - 1) + Task.PC];
          if (t.frameFunction[t.depth - 1] instanceof ByteCode b) {
            insns = b.made(c).insns();
          } else {
            pc = 0;
          }
        }
        t.nested = nested;
        t.sp = sp;
        if (t.callArgs < 0 && e instanceof LispSignal s) {
          Calls.showFailing(t, s, n, n == -1 && pc > 0 ? insns[pc - 1] : 0);
        }
        Handler h = Calls.land(t, e, base, baseHandlers, baseBindings);
        ByteCode b = (ByteCode) t.frameFunction[h.frame()];
        ByteCode.Made made = b.made(c);
        insns = made.insns();
        consts = made.constants();
        pc = h.pc();
        stack = t.stack;
        sp = t.sp;
        n = -1;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        if (n == COMPILED) {
          sp = CompiledOps.top(t, base);
        }
        t.nested = nested;
        t.leftValue = null;
        t.sp = sp;
        Handler h = Calls.land(t, Calls.asSignal(t, e), base, baseHandlers, baseBindings);
        ByteCode b = (ByteCode) t.frameFunction[h.frame()];
        ByteCode.Made made = b.made(c);
        insns = made.insns();
        consts = made.constants();
        pc = h.pc();
        stack = t.stack;
        sp = t.sp;
        n = -1;
      }
    }
  }

  /**
   * Lets a suspended task go on with the value of what it waits for: as {@link #run}, but what
   * commonly happens, that compiled code goes on until it waits again, is done without the loop.
   *
   * @return its function's value, or {@link Task#SUSPENDED}
   */
  static Object resume(Task t, Object woken) {
    try {
      Object value = woken; // Which may be null: frames know what that means.
      boolean left = false;
      if (t.pendingFrame != null) {
        value = returned(t, woken);
        left = value == null;
      }
      if (!left && (t.depth == 0 || !(t.frameFunction[t.depth - 1] instanceof ByteCode))) {
        value = Calls.deliver(t, 0, value);
        if (value == Task.SUSPENDED || (t.depth == 0 && value != Task.CALL)) {
          return value;
        }
      }
      if (value == Task.CALL) {
        t.left = t.pendingArgs;
      } else if (!left) {
        t.stack[t.sp++] = value;
        int d = t.depth - 1;
        ByteCode b = (ByteCode) t.frameFunction[d];
        ByteCode.Made made = b.made(t.c);
        int pc = t.frames[Task.FRAME * d + Task.PC];
        if (made.code().executable instanceof Compiled k && k.entry(pc) >= 0) {
          int origin = CompiledOps.origin(t, b, d);
          value = k.run(t, made.constants(), origin, k.entry(pc));
          if (value != null) {
            t.sp = origin;
            t.left = Compiled.RETURN;
            t.leftValue = value;
          } else if (t.leftValue == Task.SUSPENDED && !t.isSwitched()) {
            t.leftValue = null;
            Calls.suspendPrimitive(t, t.leftSp, t.left);
            return Task.SUSPENDED;
          }
        } else {
          t.left = Compiled.JUMP;
        }
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      t.nested = 0; // What was compiled has been left, too.
      t.left = Compiled.THROW;
      t.thrown = e;
    }
    return run(t, LEFT);
  }

  /**
   * The primitive that waits without a frame returns now, as any does: its value, which has taken
   * the place of its arguments; null: it is left to the loop what comes of it.
   */
  private static Object returned(Task t, Object woken) {
    NativeFrame f = t.pendingFrame;
    t.pendingFrame = null;
    int n = t.pendingArgs;
    int sp = t.sp;
    t.callArgs = n;
    Object value = CompiledOps.returned(t, f.resume(t, woken), sp, n);
    if (value != null) {
      t.sp = sp - n - 1;
    }
    return value;
  }

  /** Counts that {@code code} has been entered or has jumped back: often, and it is compiled. */
  private static void heat(Task t, Code code) {
    int heat = code.heat;
    if (heat >= 0) {
      code.heat = heat + 1;
      if (heat == t.vm().tier().threshold()) {
        t.vm().tier().request(code, Calls.facts(t, code));
      }
    }
  }

  /** At a jump back: whether there is compiled code to go on with. */
  private static boolean isCompiled(Task t, Context c) {
    Code code = ((ByteCode) t.frameFunction[t.depth - 1]).made(c).code();
    if (code.executable != null) {
      return true;
    }
    heat(t, code);
    return false;
  }

  private static int list(Context c, Object[] stack, int sp, int n) {
    Object list = Symbol.NIL;
    int at = sp;
    for (int i = 0; i < n; i++) {
      list = new Pair(c, stack[--at], list);
    }
    stack[at] = list;
    return at + 1;
  }

  /** Floats, and products of fixnums; everything else is the primitive's. */
  private static int arithmetic(Task t, Subr[] subrs, int op, int sp) {
    Object r = arithmetic(op, t.stack[sp - 2], t.stack[sp - 1]);
    if (r == null) {
      return instruction(t, subrs, op, sp, 2);
    }
    t.stack[sp - 2] = r;
    return sp - 1;
  }

  /** The result when one is a float and the other that or a fixnum, or of a small product. */
  static Object arithmetic(int op, Object a, Object b) {
    if ((a instanceof Double || a instanceof Long)
        && (b instanceof Double || b instanceof Long)
        && (a instanceof Double || b instanceof Double)) {
      boolean exact =
          op < Op.PLUS && op >= Op.EQLSIGN && op <= Op.GEQ && a.getClass() != b.getClass();
      if (!exact) {
        double x = ((Number) a).doubleValue();
        double y = ((Number) b).doubleValue();
        return switch (op) {
          case Op.PLUS -> (Object) (x + y);
          case Op.DIFF -> x - y;
          case Op.MULT -> x * y;
          case Op.EQLSIGN -> Lisp.bool(x == y);
          case Op.LSS -> Lisp.bool(x < y);
          case Op.GTR -> Lisp.bool(x > y);
          case Op.LEQ -> Lisp.bool(x <= y);
          default -> Lisp.bool(x >= y);
        };
      }
    }
    if (op == Op.MULT && a instanceof Long x && b instanceof Long y) {
      long high = Math.multiplyHigh(x, y);
      long low = x * y;
      if (((high == 0 && low >= 0) || (high == -1 && low < 0)) && Lisp.isFixnum(low)) {
        return low;
      }
    }
    return null;
  }

  /** Calls the primitive that an instruction stands for; none of them calls Lisp resumably. */
  private static int instruction(Task t, Subr[] subrs, int op, int sp, int n) {
    Subr s = subrs[op];
    if (s == null) {
      throw LispSignal.error("Byte-code instruction " + op + " has no primitive");
    }
    t.sp = sp;
    Object value = ProxyCalls.call(t, s, t.stack, sp - n, n, false);
    t.stack[sp - n] = value;
    return sp - n + 1;
  }

  static int rare(Task t, int op, int sp) {
    switch (op) {
      case Op.UNWIND_PROTECT -> {
        t.onUnbindCall(t.stack[--sp]);
        return sp;
      }
      case Op.SAVE_EXCURSION -> {
        t.onUnbind(excursion(t).saveExcursion(t));
        return sp;
      }
      case Op.SAVE_CURRENT_BUFFER, Op.SAVE_CURRENT_BUFFER_OBSOLETE -> {
        t.onUnbind(excursion(t).saveCurrentBuffer(t));
        return sp;
      }
      case Op.SAVE_RESTRICTION -> {
        t.onUnbind(excursion(t).saveRestriction(t));
        return sp;
      }
      default -> throw LispSignal.error("Invalid byte-code instruction " + op);
    }
  }

  private static Excursion excursion(Task t) {
    return t.vm()
        .service(
            Excursion.class,
            () -> {
              throw LispSignal.error("This VM has no buffers");
            });
  }
}
