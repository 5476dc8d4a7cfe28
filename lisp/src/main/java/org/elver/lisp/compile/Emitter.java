package org.elver.lisp.compile;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.elver.lisp.code.Op;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Makes the byte-code of one function. */
final class Emitter {
  private static final Symbol MAKE_CLOSURE = Symbol.known("make-closure");
  private static final Symbol CLOSURE = Symbol.known("closure");
  private static final Symbol EVAL_LATE = Symbol.known("elver--eval-late");
  private static final int MANY_JUMPS = 0xFFFF;

  private final Task t;
  private final Function function;
  private final boolean evaluated;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Object> constants = new ArrayList<>();
  private final IdentityHashMap<Object, Integer> byIdentity = new IdentityHashMap<>();
  private final Map<Object, Integer> byNumber = new HashMap<>();
  private final List<int[]> jumps = new ArrayList<>(); // {position of the operand, label}
  private final List<Integer> labels = new ArrayList<>();
  private int depth;
  private int maxDepth;

  Emitter(Task t, Function function, boolean evaluated) {
    this.t = t;
    this.function = function;
    this.evaluated = evaluated;
    for (Var v : function.captured) {
      constants.add(Symbol.NIL); // Filled in by make-closure.
      assert v != null;
    }
  }

  /**
   * The function.
   *
   * @param arglist its first slot
   * @param environmentVariable the first argument when that is an environment list, else null
   * @param environmentConstant the environment list when it is known already
   */
  ByteCode emit(
      Object arglist, Var environmentVariable, Object environmentConstant, Object[] extra) {
    if (environmentVariable != null) {
      environmentVariable.slot = depth++;
    }
    for (Var v : function.arguments) {
      v.slot = depth++;
    }
    int arguments = depth;
    for (int i = 0; i < function.environment.size(); i++) {
      Var v = function.environment.get(i);
      int index = function.environmentIndex.get(i);
      if (environmentVariable != null) {
        constant((long) index);
        ref(environmentVariable.slot);
        op(Op.NTH, -1);
      } else {
        Object pair = environmentConstant;
        for (int k = 0; k < index; k++) {
          pair = Lisp.cdr(t.c, pair);
        }
        constant(Lisp.car(t.c, pair));
      }
      v.slot = depth - 1;
    }
    for (Var v : function.arguments) {
      if (v.isBoxed()) {
        constant(v.name);
        ref(v.slot);
        op(Op.CONS, -1);
        stackSet(v.slot);
      }
    }
    value(function.body);
    op(Op.RETURN, -1);
    byte[] code = bytes.toByteArray();
    if (code.length > MANY_JUMPS) {
      throw LispSignal.error("Function too large to compile");
    }
    for (int[] j : jumps) {
      int target = labels.get(j[1]);
      code[j[0]] = (byte) target;
      code[j[0] + 1] = (byte) (target >> 8);
    }
    int stack = maxDepth - arguments + 2;
    return new ByteCode(
        t.c,
        arglist,
        Code.decode(code, maxDepth + 2, evaluated),
        constants.toArray(),
        Math.max(stack, 1),
        extra);
  }

  // ---- Instructions -------------------------------------------------------------------------

  private void adjust(int n) {
    depth += n;
    if (depth > maxDepth) {
      maxDepth = depth;
    }
  }

  private void op(int op, int effect) {
    bytes.write(op);
    adjust(effect);
  }

  private void wide(int op, int operand, int effect) {
    bytes.write(op);
    bytes.write(operand);
    bytes.write(operand >> 8);
    adjust(effect);
  }

  /** One of the first eight groups: operand in the instruction, a byte, or two. */
  private void small(int op, int operand, int effect) {
    if (operand < 6) {
      op(op + operand, effect);
    } else if (operand < 256) {
      bytes.write(op + 6);
      bytes.write(operand);
      adjust(effect);
    } else {
      wide(op + 7, operand, effect);
    }
  }

  private int constantIndex(Object x) {
    Integer i;
    if (x instanceof Long) {
      i = byNumber.get(x);
    } else {
      i = byIdentity.get(x);
    }
    if (i == null) {
      i = constants.size();
      if (i > 0xFFFF) {
        throw LispSignal.error("Function has too many constants to compile");
      }
      constants.add(x);
      if (x instanceof Long) {
        byNumber.put(x, i);
      } else {
        byIdentity.put(x, i);
      }
    }
    return i;
  }

  private void constant(Object x) {
    constantAt(constantIndex(x));
  }

  private void constantAt(int i) {
    if (i < 64) {
      op(Op.CONSTANT + i, 1);
    } else {
      wide(Op.CONSTANT2, i, 1);
    }
  }

  private void ref(int slot) {
    int n = depth - 1 - slot;
    if (n == 0) {
      op(Op.DUP, 1);
    } else {
      small(Op.STACK_REF, n, 1);
    }
  }

  /** Pops the top into a slot. */
  private void stackSet(int slot) {
    int n = depth - 1 - slot;
    if (n < 256) {
      bytes.write(Op.STACK_SET);
      bytes.write(n);
      adjust(-1);
    } else {
      wide(Op.STACK_SET2, n, -1);
    }
  }

  private int label() {
    labels.add(-1);
    return labels.size() - 1;
  }

  private void place(int label) {
    labels.set(label, bytes.size());
  }

  private void jump(int op, int label, int effect) {
    bytes.write(op);
    jumps.add(new int[] {bytes.size(), label});
    bytes.write(0);
    bytes.write(0);
    adjust(effect);
  }

  private void discardUnder(int n) {
    int left = n;
    while (left > 0) {
      int k = Math.min(left, 127);
      bytes.write(Op.DISCARD_N);
      bytes.write(0x80 | k);
      adjust(-k);
      left -= k;
    }
  }

  private void discard(int n) {
    for (int i = 0; i < n; i++) {
      op(Op.DISCARD, -1);
    }
  }

  // ---- Forms --------------------------------------------------------------------------------

  private void value(Node n) {
    emit(n, true);
  }

  private void effect(Node n) {
    emit(n, false);
  }

  private void drop(boolean wanted) {
    if (!wanted) {
      op(Op.DISCARD, -1);
    }
  }

  private void emit(Node node, boolean wanted) {
    switch (node) {
      case Node.Const c -> {
        if (wanted) {
          constant(c.value());
        }
      }
      case Node.Local l -> {
        if (wanted) {
          read(l.variable());
        }
      }
      case Node.Global g -> {
        small(Op.VARREF, constantIndex(g.name()), 1);
        drop(wanted);
      }
      case Node.SetLocal s -> setLocal(s, wanted);
      case Node.SetGlobal s -> {
        value(s.value());
        if (wanted) {
          op(Op.DUP, 1);
        }
        small(Op.VARSET, constantIndex(s.name()), -1);
      }
      case Node.Progn p -> {
        List<Node> forms = p.forms();
        if (forms.isEmpty()) {
          if (wanted) {
            constant(Symbol.NIL);
          }
          return;
        }
        for (int i = 0; i < forms.size() - 1; i++) {
          effect(forms.get(i));
        }
        emit(forms.get(forms.size() - 1), wanted);
      }
      case Node.Prog1 p -> {
        emit(p.first(), wanted);
        effect(p.rest());
      }
      case Node.If i -> emitIf(i, wanted);
      case Node.And a -> chain(a.forms(), true, wanted);
      case Node.Or o -> chain(o.forms(), false, wanted);
      case Node.While w -> {
        int top = label();
        int end = label();
        place(top);
        if (!(w.test() instanceof Node.Const c && Lisp.isTrue(c.value()))) {
          value(w.test());
          jump(Op.GOTO_IF_NIL, end, -1);
        }
        effect(w.body());
        jump(Op.GOTO, top, 0);
        place(end);
        if (wanted) {
          constant(Symbol.NIL);
        }
      }
      case Node.Let l -> let(l, wanted);
      case Node.Lambda l -> {
        lambda(l, false);
        drop(wanted);
      }
      case Node.Listed l -> {
        constant(CLOSURE);
        environment(l.environment());
        constant(l.tail());
        op(Op.CONS, -1);
        op(Op.CONS, -1);
        drop(wanted);
      }
      case Node.Late l -> {
        constant(EVAL_LATE);
        constant(l.form());
        environment(l.environment());
        small(Op.CALL, 2, -2);
        drop(wanted);
      }
      case Node.Call c -> call(c, wanted);
      case Node.CallValue c -> {
        value(c.function());
        for (Node a : c.arguments()) {
          value(a);
        }
        small(Op.CALL, c.arguments().size(), -c.arguments().size());
        drop(wanted);
      }
      case Node.Catch c -> {
        value(c.tag());
        int end = label();
        jump(Op.PUSHCATCH, end, -1);
        value(c.body());
        op(Op.POPHANDLER, 0);
        place(end);
        drop(wanted);
      }
      case Node.UnwindProtect u -> {
        lambda((Node.Lambda) u.cleanup(), true);
        op(Op.UNWIND_PROTECT, -1);
        value(u.body());
        small(Op.UNBIND, 1, 0);
        drop(wanted);
      }
      case Node.ConditionCase c -> {
        conditionCase(c);
        drop(wanted);
      }
      case Node.Save s -> {
        op(s.op(), 0);
        value(s.body());
        small(Op.UNBIND, 1, 0);
        drop(wanted);
      }
    }
  }

  private void emitIf(Node.If i, boolean wanted) {
    Node test = i.test();
    int jump = Op.GOTO_IF_NIL;
    while (test instanceof Node.Call c
        && c.arguments().size() == 1
        && Primitives.instructionOf(c.name(), 1) == Op.NOT) {
      test = c.arguments().get(0);
      jump = jump == Op.GOTO_IF_NIL ? Op.GOTO_IF_NOT_NIL : Op.GOTO_IF_NIL;
    }
    int otherwise = label();
    value(test);
    jump(jump, otherwise, -1);
    emit(i.then(), wanted);
    boolean nothing = !wanted && i.otherwise() instanceof Node.Const;
    if (nothing) {
      place(otherwise);
      return;
    }
    int end = label();
    jump(Op.GOTO, end, 0);
    if (wanted) {
      depth--;
    }
    place(otherwise);
    emit(i.otherwise(), wanted);
    place(end);
  }

  private void chain(List<Node> forms, boolean and, boolean wanted) {
    if (forms.isEmpty()) {
      if (wanted) {
        constant(and ? Symbol.T : Symbol.NIL);
      }
      return;
    }
    int end = label();
    for (int i = 0; i < forms.size() - 1; i++) {
      value(forms.get(i));
      if (wanted) {
        jump(and ? Op.GOTO_IF_NIL_ELSE_POP : Op.GOTO_IF_NOT_NIL_ELSE_POP, end, -1);
      } else {
        jump(and ? Op.GOTO_IF_NIL : Op.GOTO_IF_NOT_NIL, end, -1);
      }
    }
    emit(forms.get(forms.size() - 1), wanted);
    place(end);
  }

  private void setLocal(Node.SetLocal s, boolean wanted) {
    Var v = s.variable();
    if (v.isBoxed()) {
      box(v);
      value(s.value());
      op(Op.SETCDR, -1);
      drop(wanted);
      return;
    }
    value(s.value());
    if (wanted) {
      op(Op.DUP, 1);
    }
    stackSet(v.slot);
  }

  /** Pushes the pair of a boxed variable. */
  private void box(Var v) {
    if (v.owner == function) {
      ref(v.slot);
    } else {
      constantAt(function.indexOf(v));
    }
  }

  private void read(Var v) {
    if (v.owner == function) {
      ref(v.slot);
    } else {
      constantAt(function.indexOf(v));
    }
    if (v.isBoxed()) {
      op(Op.CDR_SAFE, 0);
    }
  }

  private void let(Node.Let l, boolean wanted) {
    int start = depth;
    int special = 0;
    for (Node.Binding b : l.bindings()) {
      Var v = b.variable();
      if (v != null) {
        if (v.isBoxed()) {
          constant(v.name);
        }
        value(b.value());
        if (v.isBoxed()) {
          op(Op.CONS, -1);
        }
        v.slot = depth - 1;
      } else {
        value(b.value());
        if (l.sequential()) {
          small(Op.VARBIND, constantIndex(b.name()), -1);
          special++;
        }
      }
    }
    if (!l.sequential()) {
      int slot = start;
      for (Node.Binding b : l.bindings()) {
        if (b.variable() == null) {
          ref(slot);
          small(Op.VARBIND, constantIndex(b.name()), -1);
          special++;
        }
        slot++;
      }
    }
    int locals = depth - start;
    emit(l.body(), wanted);
    if (special > 0) {
      if (special < 6) {
        op(Op.UNBIND + special, 0);
      } else {
        small(Op.UNBIND, special, 0);
      }
    }
    if (wanted) {
      discardUnder(locals);
    } else {
      discard(locals);
    }
  }

  private void lambda(Node.Lambda l, boolean form) {
    Function f = l.function();
    Emitter inner = new Emitter(t, f, evaluated);
    ByteCode prototype = inner.emit(l.arglist(), null, null, l.extra().toArray());
    if (form) {
      prototype.asForm();
    }
    if (f.captured.isEmpty()) {
      constant(prototype);
      return;
    }
    constant(MAKE_CLOSURE);
    constant(prototype);
    for (Var v : f.captured) {
      box(v);
    }
    small(Op.CALL, 1 + f.captured.size(), -1 - f.captured.size());
  }

  /** Pushes an environment list: pairs of the variables in scope, then the one given. */
  private void environment(Node.Environment e) {
    int n = e.entries().size();
    for (Object x : e.entries()) {
      if (x instanceof Var v) {
        box(v);
      } else {
        constant(x);
      }
    }
    if (e.tailVariable() != null) {
      box(e.tailVariable());
    } else {
      constant(e.tail());
    }
    for (int i = 0; i < n; i++) {
      op(Op.CONS, -1);
    }
  }

  private void call(Node.Call c, boolean wanted) {
    int n = c.arguments().size();
    int op =
        evaluated && !Primitives.isOriginal(t, c.name())
            ? -1
            : Primitives.instructionOf(c.name(), n);
    if (op >= 0) {
      for (Node a : c.arguments()) {
        value(a);
      }
      for (int i = n; i < Primitives.operandsOf(c.name(), n); i++) {
        constant(Symbol.NIL);
      }
      int operands = Primitives.operandsOf(c.name(), n);
      if (op == Op.LIST_N || op == Op.CONCAT_N || op == Op.INSERT_N) {
        bytes.write(op);
        bytes.write(n);
        adjust(1 - operands);
      } else {
        op(op, 1 - operands);
      }
      drop(wanted);
      return;
    }
    constant(c.name());
    for (Node a : c.arguments()) {
      value(a);
    }
    small(Op.CALL, n, -n);
    drop(wanted);
  }

  private void conditionCase(Node.ConditionCase c) {
    List<Node.Clause> clauses = c.clauses();
    int n = clauses.size();
    int[] landing = new int[n];
    int start = depth;
    for (int i = n - 1; i >= 0; i--) {
      landing[i] = label();
      constant(clauses.get(i).conditions());
      jump(Op.PUSHCONDITIONCASE, landing[i], -1);
    }
    int end = label();
    value(c.body());
    for (int i = 0; i < n; i++) {
      op(Op.POPHANDLER, 0);
    }
    if (c.success() != null) {
      bound(c.name(), c.successVariable(), c.success());
    }
    jump(Op.GOTO, end, 0);
    for (int i = 0; i < n; i++) {
      depth = start + 1;
      place(landing[i]);
      for (int k = i + 1; k < n; k++) {
        op(Op.POPHANDLER, 0);
      }
      bound(c.name(), c.variable(), clauses.get(i).body());
      jump(Op.GOTO, end, 0);
    }
    depth = start + 1;
    place(end);
  }

  /** With the value on top of the stack bound to a variable, if there is one, evaluates a body. */
  private void bound(Symbol name, Var v, Node body) {
    if (name == null) {
      op(Op.DISCARD, -1);
      value(body);
      return;
    }
    if (v == null) {
      small(Op.VARBIND, constantIndex(name), -1);
      value(body);
      small(Op.UNBIND, 1, 0);
      return;
    }
    int slot = depth - 1;
    if (v.isBoxed()) {
      constant(v.name);
      ref(slot);
      op(Op.CONS, -1);
      stackSet(slot);
    }
    v.slot = slot;
    value(body);
    discardUnder(1);
  }
}
