package org.elver.lisp.jit;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.code.Op;
import org.elver.lisp.machine.Instructions;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Tier;

/**
 * Which primitives compiled code calls without a dispatch: those that instructions stand for, and
 * those that functions in constants name when the code is compiled. Of the latter each call looks
 * whether that is still so.
 */
final class Direct {
  private final Flow flow;
  private final Tier.Facts facts;
  private final List<Subr> primitives = new ArrayList<>();

  /** For the code of {@code flow}; null: none. */
  Direct(Flow flow, Tier.Facts facts) {
    this.flow = flow;
    this.facts = facts;
  }

  /** Calls nothing directly. */
  static Direct none() {
    return new Direct(null, null);
  }

  /** What {@link #number} has counted. */
  Subr[] primitives() {
    return primitives.toArray(new Subr[0]);
  }

  /** The number of {@code s} among those that the code calls. */
  int number(Subr s) {
    int i = primitives.indexOf(s);
    if (i < 0) {
      i = primitives.size();
      primitives.add(s);
    }
    return i;
  }

  /** What the call at {@code pc} calls, by its name in a constant; null: that is not known. */
  Subr called(int pc) {
    if (flow == null) {
      return null;
    }
    int constant = flow.callee(pc);
    return constant < 0 || constant >= facts.functions().length
        ? null
        : suited(facts.functions()[constant], flow.operand(pc));
  }

  /** What the instruction at {@code pc} stands for; null: that is called otherwise. */
  Subr instruction(int pc) {
    if (flow == null || flow.op(pc) == Op.SWITCH) {
      return null;
    }
    int args = Instructions.arguments(flow.op(pc) | flow.operand(pc) << 8);
    return args < 0 ? null : suited(facts.instructions()[flow.op(pc)], args);
  }

  private static Subr suited(Subr s, int args) {
    return s != null && s.direct() != null && s.takes(args) ? s : null;
  }
}
