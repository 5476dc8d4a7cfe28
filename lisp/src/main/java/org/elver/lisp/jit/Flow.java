package org.elver.lisp.jit;

import java.util.Arrays;
import java.util.BitSet;
import org.elver.lisp.code.Code;
import org.elver.lisp.code.Op;
import org.elver.lisp.machine.Instructions;

/**
 * What is known of code before it runs: at each instruction, how many working values there are, and
 * which of them the stack may not hold yet. A <em>slot</em> is a place on the stack, counted from
 * the first working value; arguments have negative ones.
 */
final class Flow {
  private static final int UNREACHED = Integer.MIN_VALUE;

  /** What is longer has more code than HotSpot compiles in one method. */
  private static final int MAX_INSTRUCTIONS = 1200;

  /** More slots than this are for the loop. */
  private static final int MAX_SLOTS = 200;

  private final int[] insns;

  /** The number of working values before each instruction; {@link #UNREACHED}. */
  private final int[] depth;

  /** Where jumps lead, and entries. */
  private final BitSet leaders = new BitSet();

  /** Where the machine may enter: the beginning, after calls, heads of loops, handlers. */
  private final BitSet entries = new BitSet();

  /** The slots that the stack may not hold before each leader. Slot {@code k} is bit k - lowest. */
  private final BitSet[] dirty;

  private Callees callees;

  private int lowest;
  private int highest;
  private boolean handlers;

  /** A kind of code that is left to the loop. */
  static final class Unsuited extends Exception {
    private static final long serialVersionUID = 1;

    Unsuited(String why) {
      super(why, null, false, false);
    }
  }

  private Flow(Code code) {
    insns = code.insns;
    depth = new int[insns.length];
    Arrays.fill(depth, UNREACHED);
    dirty = new BitSet[insns.length];
  }

  /**
   * Looks at {@code code}.
   *
   * @param switchTargets where the jump table of each {@code switch} leads
   */
  static Flow of(Code code, int[][] switchTargets) throws Unsuited {
    if (code.insns.length > MAX_INSTRUCTIONS) {
      throw new Unsuited("too long");
    }
    Flow f = new Flow(code);
    f.findDepths(switchTargets);
    if (f.highest - f.lowest > MAX_SLOTS || f.highest > code.maxDepth + 8) {
      throw new Unsuited("too many values");
    }
    f.findDirty();
    f.callees = new Callees(f, switchTargets);
    return f;
  }

  int op(int pc) {
    return insns[pc] & 0xFF;
  }

  int operand(int pc) {
    return insns[pc] >>> 8;
  }

  int length() {
    return insns.length;
  }

  boolean isReached(int pc) {
    return depth[pc] != UNREACHED;
  }

  int depth(int pc) {
    return depth[pc];
  }

  boolean isLeader(int pc) {
    return leaders.get(pc);
  }

  /** The entries, in order. */
  BitSet entries() {
    return entries;
  }

  /** The constant that names what the call at {@code pc} calls; -1: it is not known. */
  int callee(int pc) {
    return callees.at(pc);
  }

  int lowest() {
    return lowest;
  }

  int highest() {
    return highest;
  }

  /** Whether handlers are set: what they can see must always be on the stack. */
  boolean hasHandlers() {
    return handlers;
  }

  /** The slots that the stack may not hold before the leader {@code pc}; a copy. */
  BitSet dirtyAt(int pc) {
    return (BitSet) dirty[pc].clone();
  }

  // ---- Depths -------------------------------------------------------------------------------

  private int[] work;
  private int todo;

  private void findDepths(int[][] switchTargets) throws Unsuited {
    work = new int[insns.length];
    entries.set(0);
    reach(0, 0);
    while (todo > 0) {
      int pc = work[--todo];
      int after = walk(pc);
      if (op(pc) == Op.SWITCH && switchTargets[pc] != null) {
        for (int target : switchTargets[pc]) {
          entries.set(target);
          reach(target, after);
        }
      }
    }
    leaders.or(entries);
  }

  /** Looks at what comes after {@code pc}; the depth there. */
  private int walk(int pc) throws Unsuited {
    int d = depth[pc];
    int op = op(pc);
    int target = operand(pc);
    touch(pc, d);
    int after = d + effect(pc);
    highest = Math.max(highest, Math.max(d, after));
    switch (op) {
      case Op.RETURN -> {}
      case Op.GOTO -> jump(pc, target, d);
      case Op.GOTO_IF_NIL, Op.GOTO_IF_NOT_NIL -> {
        jump(pc, target, after);
        reach(pc + 1, after);
      }
      case Op.GOTO_IF_NIL_ELSE_POP, Op.GOTO_IF_NOT_NIL_ELSE_POP -> {
        jump(pc, target, d);
        reach(pc + 1, after);
      }
      case Op.PUSHCATCH, Op.PUSHCONDITIONCASE -> {
        handlers = true;
        entries.set(target);
        reach(target, d);
        reach(pc + 1, after);
      }
      case Op.CALL -> {
        entries.set(pc + 1);
        reach(pc + 1, after);
      }
      default -> reach(pc + 1, after);
    }
    return after;
  }

  private void jump(int from, int target, int d) throws Unsuited {
    leaders.set(target);
    if (target <= from) {
      entries.set(target);
    }
    reach(target, d);
  }

  private void reach(int pc, int d) throws Unsuited {
    if (depth[pc] == UNREACHED) {
      depth[pc] = d;
      work[todo++] = pc;
    } else if (depth[pc] != d) {
      throw new Unsuited("an instruction at different heights");
    }
  }

  /** Which slots below the working values an instruction sees. */
  private void touch(int pc, int d) {
    int operand = operand(pc);
    int low =
        switch (op(pc)) {
          case Op.STACK_REF, Op.STACK_SET -> d - 1 - operand;
          case Op.VARREF, Op.CONSTANT, Op.GOTO, Op.UNBIND, Op.POPHANDLER -> d;
          default -> d + Math.min(effect(pc) - 1, -1);
        };
    lowest = Math.min(lowest, low);
  }

  /** By how much the number of values changes, where control goes on. */
  int effect(int pc) {
    int n = operand(pc);
    return switch (op(pc)) {
      case Op.STACK_REF, Op.CONSTANT, Op.DUP, Op.VARREF -> 1;
      case Op.VARSET,
          Op.VARBIND,
          Op.DISCARD,
          Op.STACK_SET,
          Op.GOTO_IF_NIL,
          Op.GOTO_IF_NOT_NIL,
          Op.GOTO_IF_NIL_ELSE_POP,
          Op.GOTO_IF_NOT_NIL_ELSE_POP,
          Op.RETURN,
          Op.PUSHCATCH,
          Op.PUSHCONDITIONCASE,
          Op.UNWIND_PROTECT,
          Op.CONS,
          Op.LIST2,
          Op.SETCAR,
          Op.SETCDR,
          Op.EQ ->
          -1;
      case Op.LIST3, Op.SWITCH -> -2;
      case Op.LIST4 -> -3;
      case Op.LIST_N, Op.CONCAT_N, Op.INSERT_N -> 1 - n;
      case Op.CALL, Op.DISCARD_N, Op.DISCARD_N_KEEP_TOP -> -n;
      default -> {
        int args = Instructions.arguments(insns[pc]);
        yield args >= 0 ? 1 - args : 0;
      }
    };
  }

  // ---- What the stack does not hold ----------------------------------------------------------

  private void findDirty() {
    boolean changed = true;
    for (int pc = leaders.nextSetBit(0); pc >= 0; pc = leaders.nextSetBit(pc + 1)) {
      dirty[pc] = new BitSet();
    }
    while (changed) {
      changed = false;
      for (int pc = leaders.nextSetBit(0); pc >= 0; pc = leaders.nextSetBit(pc + 1)) {
        if (isReached(pc)) {
          changed |= flow(pc);
        }
      }
    }
  }

  /** Goes from a leader to the next ones; whether anything new came of it. */
  private boolean flow(int leader) {
    boolean changed = false;
    BitSet now = dirtyAt(leader);
    for (int pc = leader; ; pc++) {
      int op = op(pc);
      int target = operand(pc);
      switch (op) {
        case Op.GOTO -> {
          return merge(target, now, depth[pc]) || changed;
        }
        case Op.GOTO_IF_NIL, Op.GOTO_IF_NOT_NIL -> changed |= merge(target, now, depth[pc] - 1);
        case Op.GOTO_IF_NIL_ELSE_POP, Op.GOTO_IF_NOT_NIL_ELSE_POP ->
            changed |= merge(target, now, depth[pc]);
        default -> {}
      }
      step(pc, now);
      if (op == Op.RETURN) {
        return changed;
      }
      if (isLeader(pc + 1)) {
        return merge(pc + 1, now, depth[pc + 1]) || changed;
      }
    }
  }

  private boolean merge(int pc, BitSet more, int d) {
    BitSet clipped = (BitSet) more.clone();
    clipped.clear(d - lowest, Math.max(d - lowest, clipped.length()));
    int before = dirty[pc].cardinality();
    dirty[pc].or(clipped);
    return dirty[pc].cardinality() != before;
  }

  /** How an instruction changes which slots the stack does not hold. */
  void step(int pc, BitSet now) {
    int d = depth[pc];
    int after = d + effect(pc);
    switch (op(pc)) {
      case Op.STACK_SET -> {
        int slot = d - 1 - operand(pc) - lowest;
        if (handlers) {
          now.clear(slot); // Written at once.
        } else {
          now.set(slot);
        }
      }
      case Op.STACK_REF, Op.CONSTANT, Op.DUP, Op.VARREF -> now.set(d - lowest);
      case Op.VARSET,
          Op.DISCARD,
          Op.DISCARD_N,
          Op.GOTO,
          Op.GOTO_IF_NIL,
          Op.GOTO_IF_NOT_NIL,
          Op.GOTO_IF_NIL_ELSE_POP,
          Op.GOTO_IF_NOT_NIL_ELSE_POP,
          Op.RETURN,
          Op.POPHANDLER -> {}
      default -> {
        if (isSynchronizing(pc)) {
          now.clear();
        }
        if (pushes(pc)) {
          now.set(after - 1 - lowest);
        }
      }
    }
    now.clear(after - lowest, Math.max(after - lowest, now.length()));
  }

  /** Whether an instruction leaves a value that is new. */
  boolean pushes(int pc) {
    return switch (op(pc)) {
      case Op.VARBIND,
          Op.UNBIND,
          Op.PUSHCATCH,
          Op.PUSHCONDITIONCASE,
          Op.UNWIND_PROTECT,
          Op.SAVE_EXCURSION,
          Op.SAVE_CURRENT_BUFFER,
          Op.SAVE_CURRENT_BUFFER_OBSOLETE,
          Op.SAVE_RESTRICTION,
          Op.SWITCH ->
          false;
      default -> true;
    };
  }

  /** Whether the stack is brought up to date before an instruction. */
  boolean isSynchronizing(int pc) {
    return switch (op(pc)) {
      case Op.CALL,
          Op.VARBIND,
          Op.UNBIND,
          Op.PUSHCATCH,
          Op.PUSHCONDITIONCASE,
          Op.UNWIND_PROTECT,
          Op.SAVE_EXCURSION,
          Op.SAVE_CURRENT_BUFFER,
          Op.SAVE_CURRENT_BUFFER_OBSOLETE,
          Op.SAVE_RESTRICTION,
          Op.SWITCH,
          Op.SETCAR,
          Op.SETCDR,
          Op.ASET,
          Op.LIST3,
          Op.LIST4,
          Op.LIST_N ->
          true;
      case Op.AREF,
          Op.ADD1,
          Op.SUB1,
          Op.PLUS,
          Op.DIFF,
          Op.MULT,
          Op.EQLSIGN,
          Op.LSS,
          Op.GTR,
          Op.LEQ,
          Op.GEQ ->
          false;
      default -> Instructions.arguments(insns[pc]) >= 0 && !isQuick(op(pc));
    };
  }

  private static boolean isQuick(int op) {
    return op == Op.CAR || op == Op.CDR;
  }
}
