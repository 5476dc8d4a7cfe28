package org.elver.lisp.jit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.elver.lisp.code.Op;

/**
 * Which constant each call calls, where all ways to it agree: found by following what each slot
 * holds from one leader to the next, until nothing new comes of it.
 */
final class Callees {
  private static final int UNKNOWN = -1;

  private final Flow flow;
  private final int[] callees;

  /** Before each leader that has been reached, the constants that its slots hold. */
  private final int[][] before;

  private final Deque<Integer> todo = new ArrayDeque<>();

  Callees(Flow flow, int[][] switchTargets) {
    this.flow = flow;
    callees = new int[flow.length()];
    Arrays.fill(callees, UNKNOWN);
    before = new int[flow.length()][];
    before[0] = new int[0];
    todo.add(0);
    while (!todo.isEmpty()) {
      follow(todo.remove(), switchTargets);
    }
  }

  /** The constant that the call at {@code pc} calls; -1: it is not known. */
  int at(int pc) {
    return callees[pc];
  }

  private void follow(int leader, int[][] switchTargets) {
    int[] slots = Arrays.copyOf(before[leader], Math.max(flow.highest() + 1, 0));
    for (int pc = leader; ; pc++) {
      int op = flow.op(pc);
      int d = flow.depth(pc);
      int after = d + flow.effect(pc);
      if (op == Op.CALL) {
        int slot = d - flow.operand(pc) - 1;
        callees[pc] = slot >= 0 ? slots[slot] : UNKNOWN;
      }
      step(pc, d, after, slots);
      switch (op) {
        case Op.GOTO, Op.GOTO_IF_NIL_ELSE_POP, Op.GOTO_IF_NOT_NIL_ELSE_POP ->
            merge(flow.operand(pc), slots, d);
        case Op.GOTO_IF_NIL, Op.GOTO_IF_NOT_NIL -> merge(flow.operand(pc), slots, after);
        // What the slots hold when a handler is reached is known by nobody here.
        case Op.PUSHCATCH, Op.PUSHCONDITIONCASE -> merge(flow.operand(pc), slots, 0);
        case Op.SWITCH -> {
          if (switchTargets[pc] != null) {
            for (int target : switchTargets[pc]) {
              merge(target, slots, after);
            }
          }
        }
        default -> {}
      }
      if (op == Op.GOTO || op == Op.RETURN) {
        return;
      }
      if (flow.isLeader(pc + 1)) {
        merge(pc + 1, slots, after);
        return;
      }
    }
  }

  private void step(int pc, int d, int after, int[] slots) {
    int n = flow.operand(pc);
    switch (flow.op(pc)) {
      case Op.CONSTANT -> slots[d] = n;
      case Op.STACK_REF -> slots[d] = d - 1 - n >= 0 ? slots[d - 1 - n] : UNKNOWN;
      case Op.DUP -> slots[d] = d > 0 ? slots[d - 1] : UNKNOWN;
      case Op.STACK_SET, Op.DISCARD_N_KEEP_TOP -> {
        if (d - 1 - n >= 0) {
          slots[d - 1 - n] = slots[d - 1];
        }
      }
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
        if (flow.pushes(pc) && after > 0) {
          slots[after - 1] = UNKNOWN;
        }
      }
    }
  }

  /** {@code slots}, of which {@code known} are known, may be before {@code pc}. */
  private void merge(int pc, int[] slots, int known) {
    int depth = flow.depth(pc);
    int[] old = before[pc];
    int[] now = new int[depth];
    for (int i = 0; i < depth; i++) {
      int c = i < known ? slots[i] : UNKNOWN;
      now[i] = old == null || old[i] == c ? c : UNKNOWN;
    }
    if (old == null || !Arrays.equals(old, now)) {
      before[pc] = now;
      todo.add(pc);
    }
  }
}
