package org.elver.lisp.jit;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.elver.lisp.code.Op;
import org.elver.lisp.machine.Instructions;
import org.elver.lisp.machine.Subr;

/**
 * Emits the method of a {@code org.elver.lisp.machine.Compiled}. Each slot is a local variable;
 * what an instruction cannot do in the common way is at the end of the method, out of the way.
 */
final class Generator {
  private static final String MACHINE = "org.elver.lisp.machine.";
  private static final ClassDesc OBJECT = ConstantDescs.CD_Object;
  private static final ClassDesc OBJECTS = OBJECT.arrayType();
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final ClassDesc BOOLEAN = ConstantDescs.CD_boolean;
  private static final ClassDesc VOID = ConstantDescs.CD_void;
  private static final ClassDesc SHORTS = ConstantDescs.CD_short.arrayType();
  private static final ClassDesc TASK = ClassDesc.of(MACHINE + "Task");
  private static final ClassDesc COMPILED = ClassDesc.of(MACHINE + "Compiled");
  private static final ClassDesc SUBR = ClassDesc.of(MACHINE + "Subr");
  private static final ClassDesc SUBRS = SUBR.arrayType();
  private static final ClassDesc SIGNAL = ClassDesc.of("org.elver.lisp.object.LispSignal");
  private static final ClassDesc OPS = ClassDesc.of(MACHINE + "CompiledOps");
  private static final ClassDesc SYMBOL = ClassDesc.of("org.elver.lisp.object.Symbol");
  private static final ClassDesc CONTEXT = ClassDesc.of("org.elver.heap.version.Context");

  // Local variables; slots follow.
  private static final int TASK_VAR = 1;
  private static final int CONSTANTS = 2;
  private static final int ORIGIN = 3;
  private static final int ENTRY = 4;
  private static final int STACK = 5;
  private static final int CONTEXT_VAR = 6;
  private static final int FRAME = 7;
  private static final int SLOTS = 8;

  private final Flow flow;
  private final Direct direct;
  private final CodeBuilder b;
  private final Label[] labels;
  private final List<Runnable> later = new ArrayList<>();

  /** What the stack does not hold, at the instruction being emitted. */
  private BitSet dirty = new BitSet();

  private Generator(Flow flow, Direct direct, CodeBuilder b) {
    this.flow = flow;
    this.direct = direct;
    this.b = b;
    labels = new Label[flow.length()];
  }

  /** The class file. */
  static byte[] generate(Flow flow, Direct direct) {
    ClassDesc self = ClassDesc.of(MACHINE + "Compiled$Code");
    return ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS)
        .build(
            self,
            c ->
                c.withFlags(ClassFile.ACC_FINAL)
                    .withSuperclass(COMPILED)
                    .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        MethodTypeDesc.of(VOID, SHORTS, SUBRS),
                        0,
                        b ->
                            b.aload(0)
                                .aload(1)
                                .aload(2)
                                .invokespecial(
                                    COMPILED,
                                    ConstantDescs.INIT_NAME,
                                    MethodTypeDesc.of(VOID, SHORTS, SUBRS))
                                .return_())
                    .withMethodBody(
                        "run",
                        MethodTypeDesc.of(OBJECT, TASK, OBJECTS, INT, INT),
                        ClassFile.ACC_PROTECTED,
                        b -> new Generator(flow, direct, b).emit()));
  }

  /** The length of the method {@code run} in a class file. */
  static int methodSize(byte[] classFile) {
    return ClassFile.of().parse(classFile).methods().stream()
        .filter(m -> m.methodName().equalsString("run"))
        .mapToInt(m -> m.findAttribute(Attributes.code()).orElseThrow().codeLength())
        .sum();
  }

  private void emit() {
    for (int pc = 0; pc < labels.length; pc++) {
      if (flow.isReached(pc) && flow.isLeader(pc)) {
        labels[pc] = b.newLabel();
      }
    }
    b.aload(TASK_VAR).getfield(TASK, "c", CONTEXT).astore(CONTEXT_VAR);
    b.aload(TASK_VAR).getfield(TASK, "depth", INT).iconst_1().isub().istore(FRAME);
    loadStack();
    for (int slot = flow.lowest(); slot <= flow.highest(); slot++) {
      if (slot < 0) {
        load(slot);
      } else {
        b.aconst_null().astore(local(slot));
      }
    }
    enter();
    boolean falls = false;
    for (int pc = 0; pc < labels.length; pc++) {
      if (!flow.isReached(pc)) {
        falls = false;
        continue;
      }
      if (labels[pc] != null) {
        b.labelBinding(labels[pc]);
        dirty = flow.dirtyAt(pc);
      } else if (!falls) {
        throw new IllegalStateException("an instruction that nothing leads to");
      }
      emit(pc);
      flow.step(pc, dirty);
      int op = flow.op(pc);
      falls = op != Op.GOTO && op != Op.RETURN;
    }
    for (int i = 0; i < later.size(); i++) {
      later.get(i).run();
    }
  }

  /** Goes to the entry asked for, with the working values that it needs. */
  private void enter() {
    List<SwitchCase> cases = new ArrayList<>();
    BitSet entries = flow.entries();
    int number = 0;
    for (int pc = entries.nextSetBit(0); pc >= 0; pc = entries.nextSetBit(pc + 1)) {
      if (!flow.isReached(pc)) {
        continue;
      }
      Label begin = labels[pc];
      if (flow.depth(pc) > 0) {
        begin = b.newLabel();
        Label stub = begin;
        int at = pc;
        later.add(
            () -> {
              b.labelBinding(stub);
              for (int slot = 0; slot < flow.depth(at); slot++) {
                load(slot);
              }
              b.goto_(labels[at]);
            });
      }
      cases.add(SwitchCase.of(number++, begin));
    }
    b.iload(ENTRY).tableswitch(labels[0], cases);
  }

  /** The number of the entry at each place; -1: none. In the order of {@link #enter}. */
  static short[] entryNumbers(Flow flow) {
    short[] numbers = new short[flow.length()];
    short number = 0;
    for (int pc = 0; pc < numbers.length; pc++) {
      numbers[pc] = flow.entries().get(pc) && flow.isReached(pc) ? number++ : -1;
    }
    return numbers;
  }

  // ---- Slots --------------------------------------------------------------------------------

  private int local(int slot) {
    return SLOTS + slot - flow.lowest();
  }

  private void loadStack() {
    b.aload(TASK_VAR).getfield(TASK, "stack", OBJECTS).astore(STACK);
  }

  private void place(int slot) {
    b.iload(ORIGIN);
    if (slot != 0) {
      b.loadConstant(slot).iadd();
    }
  }

  private void load(int slot) {
    b.aload(STACK);
    place(slot);
    b.aaload().astore(local(slot));
  }

  /** Writes slots to the stack. */
  private void spill(BitSet which) {
    int from = which.nextSetBit(0);
    while (from >= 0) {
      int to = Math.min(which.nextClearBit(from), from + 4);
      b.aload(STACK);
      place(from + flow.lowest());
      ClassDesc[] types = new ClassDesc[2 + to - from];
      types[0] = OBJECTS;
      types[1] = INT;
      for (int i = from; i < to; i++) {
        b.aload(SLOTS + i);
        types[2 + i - from] = OBJECT;
      }
      b.invokestatic(OPS, "spill", MethodTypeDesc.of(VOID, types));
      from = which.nextSetBit(to);
    }
  }

  /** Brings the stack, its height and the frame's place to where the loop would have them. */
  private void synchronize(BitSet which, int pc, int depth) {
    spill(which);
    b.aload(TASK_VAR);
    place(depth);
    b.iload(FRAME).loadConstant(pc);
    b.invokestatic(OPS, "at", MethodTypeDesc.of(VOID, TASK, INT, INT, INT));
  }

  /** A place that leaves the instruction at {@code pc} to the machine's loop. */
  private Label leaving(int pc) {
    Label here = b.newLabel();
    BitSet which = (BitSet) dirty.clone();
    later.add(
        () -> {
          b.labelBinding(here);
          spill(which);
          b.aload(TASK_VAR);
          place(flow.depth(pc));
          b.iload(FRAME).loadConstant(pc);
          b.invokestatic(OPS, "leave", MethodTypeDesc.of(VOID, TASK, INT, INT, INT));
          b.aconst_null().areturn();
        });
    return here;
  }

  private void constant(int index) {
    b.aload(CONSTANTS).loadConstant(index).aaload();
  }

  private void nil() {
    b.getstatic(SYMBOL, "NIL", SYMBOL);
  }

  /** Calls one of the functions that take and give objects. */
  private void operate(String name, ClassDesc... types) {
    b.invokestatic(OPS, name, MethodTypeDesc.of(OBJECT, types));
  }

  // ---- Instructions -------------------------------------------------------------------------

  private void emit(int pc) {
    int n = flow.operand(pc);
    int d = flow.depth(pc);
    switch (flow.op(pc)) {
      case Op.STACK_REF -> b.aload(local(d - 1 - n)).astore(local(d));
      case Op.DUP -> b.aload(local(d - 1)).astore(local(d));
      case Op.CONSTANT -> {
        constant(n);
        b.astore(local(d));
      }
      case Op.DISCARD, Op.DISCARD_N -> {}
      case Op.DISCARD_N_KEEP_TOP -> b.aload(local(d - 1)).astore(local(d - 1 - n));
      case Op.STACK_SET -> {
        int slot = d - 1 - n;
        b.aload(local(d - 1)).astore(local(slot));
        if (flow.hasHandlers()) {
          BitSet one = new BitSet();
          one.set(slot - flow.lowest());
          spill(one);
        }
      }
      case Op.VARREF -> variable(pc, n, d);
      case Op.VARSET -> setVariable(pc, n, d);
      case Op.VARBIND -> {
        synchronize(dirty, pc + 1, d - 1);
        constant(n);
        b.aload(local(d - 1)).aload(TASK_VAR);
        b.invokestatic(OPS, "bind", MethodTypeDesc.of(VOID, OBJECT, OBJECT, TASK));
        loadStack();
      }
      case Op.UNBIND -> {
        Label leaves = leaving(pc);
        synchronize(dirty, pc + 1, d);
        b.aload(TASK_VAR).loadConstant(n);
        b.invokestatic(OPS, "unbind", MethodTypeDesc.of(BOOLEAN, TASK, INT));
        b.ifeq(leaves);
        loadStack();
      }
      case Op.CALL -> call(pc, n, d);
      case Op.RETURN -> b.aload(local(d - 1)).areturn();
      case Op.GOTO -> {
        poll(pc, n);
        b.goto_(labels[n]);
      }
      case Op.GOTO_IF_NIL, Op.GOTO_IF_NIL_ELSE_POP -> branch(pc, n, d, true);
      case Op.GOTO_IF_NOT_NIL, Op.GOTO_IF_NOT_NIL_ELSE_POP -> branch(pc, n, d, false);
      case Op.PUSHCATCH -> handler("pushCatch", pc, n, d);
      case Op.PUSHCONDITIONCASE -> handler("pushConditions", pc, n, d);
      case Op.POPHANDLER ->
          b.aload(TASK_VAR).invokestatic(OPS, "popHandler", MethodTypeDesc.of(VOID, TASK));
      case Op.SWITCH -> {
        synchronize(dirty, pc + 1, d);
        b.aload(local(d - 2)).aload(local(d - 1)).aload(TASK_VAR);
        place(d - 2);
        b.iload(FRAME);
        b.invokestatic(OPS, "jump", MethodTypeDesc.of(BOOLEAN, OBJECT, OBJECT, TASK, INT, INT));
        Label stays = b.newLabel();
        b.ifeq(stays).aconst_null().areturn().labelBinding(stays);
        loadStack();
      }
      case Op.UNWIND_PROTECT,
          Op.SAVE_EXCURSION,
          Op.SAVE_CURRENT_BUFFER,
          Op.SAVE_CURRENT_BUFFER_OBSOLETE,
          Op.SAVE_RESTRICTION -> {
        synchronize(dirty, pc + 1, d);
        b.aload(TASK_VAR).loadConstant(flow.op(pc));
        b.invokestatic(OPS, "rare", MethodTypeDesc.of(VOID, TASK, INT));
        loadStack();
      }
      case Op.CAR -> one("car", pc, d, true, true);
      case Op.CDR -> one("cdr", pc, d, true, true);
      case Op.CAR_SAFE -> one("carSafe", pc, d, true, true);
      case Op.CDR_SAFE -> one("cdrSafe", pc, d, true, true);
      case Op.LIST1 -> one("list", pc, d, true, false);
      case Op.NOT -> one("not", pc, d, false, false);
      case Op.SYMBOLP -> one("symbolp", pc, d, false, false);
      case Op.CONSP -> one("consp", pc, d, false, false);
      case Op.STRINGP -> one("stringp", pc, d, false, false);
      case Op.LISTP -> one("listp", pc, d, false, false);
      case Op.NUMBERP -> one("numberp", pc, d, false, false);
      case Op.INTEGERP -> one("integerp", pc, d, false, false);
      case Op.ADD1 -> one("add1", pc, d, false, true);
      case Op.SUB1 -> one("sub1", pc, d, false, true);
      case Op.CONS -> two("cons", pc, d, true, false);
      case Op.EQ -> two("eq", pc, d, false, false);
      case Op.PLUS -> two("plus", pc, d, false, true);
      case Op.DIFF -> two("diff", pc, d, false, true);
      case Op.MULT -> two("mult", pc, d, false, true);
      case Op.EQLSIGN -> two("eqlsign", pc, d, false, true);
      case Op.LSS -> two("lss", pc, d, false, true);
      case Op.GTR -> two("gtr", pc, d, false, true);
      case Op.LEQ -> two("leq", pc, d, false, true);
      case Op.GEQ -> two("geq", pc, d, false, true);
      case Op.AREF -> two("aref", pc, d, true, true);
      case Op.SETCAR -> {
        Label leaves = leaving(pc);
        synchronize(dirty, pc + 1, d);
        two("setcar", d, true, leaves);
      }
      case Op.SETCDR -> {
        Label leaves = leaving(pc);
        synchronize(dirty, pc + 1, d);
        two("setcdr", d, true, leaves);
      }
      case Op.ASET -> {
        Label leaves = leaving(pc);
        synchronize(dirty, pc + 1, d);
        b.aload(local(d - 3)).aload(local(d - 2)).aload(local(d - 1)).aload(CONTEXT_VAR);
        operate("aset", OBJECT, OBJECT, OBJECT, CONTEXT);
        result(local(d - 3), leaves);
      }
      case Op.LIST2 -> {
        b.aload(local(d - 2)).aload(local(d - 1)).aload(CONTEXT_VAR);
        operate("list", OBJECT, CONTEXT);
        b.aload(CONTEXT_VAR);
        operate("cons", OBJECT, OBJECT, CONTEXT);
        b.astore(local(d - 2));
      }
      case Op.LIST3 -> list(pc, d, 3);
      case Op.LIST4 -> list(pc, d, 4);
      case Op.LIST_N -> list(pc, d, n);
      default -> primitive(pc, d);
    }
  }

  private void variable(int pc, int n, int d) {
    Label slow = b.newLabel();
    Label join = b.newLabel();
    constant(n);
    b.aload(TASK_VAR);
    operate("variable", OBJECT, TASK);
    b.astore(local(d)).aload(local(d)).ifnull(slow).labelBinding(join);
    BitSet which = (BitSet) dirty.clone();
    later.add(
        () -> {
          b.labelBinding(slow);
          synchronize(which, pc + 1, d);
          constant(n);
          b.aload(TASK_VAR);
          operate("variableAnywhere", OBJECT, TASK);
          b.astore(local(d));
          loadStack();
          b.goto_(join);
        });
  }

  private void setVariable(int pc, int n, int d) {
    Label slow = b.newLabel();
    Label join = b.newLabel();
    constant(n);
    b.aload(local(d - 1)).aload(TASK_VAR);
    b.invokestatic(OPS, "setVariable", MethodTypeDesc.of(BOOLEAN, OBJECT, OBJECT, TASK));
    b.ifeq(slow).labelBinding(join);
    BitSet which = (BitSet) dirty.clone();
    later.add(
        () -> {
          b.labelBinding(slow);
          synchronize(which, pc + 1, d);
          constant(n);
          b.aload(local(d - 1)).aload(TASK_VAR);
          b.invokestatic(OPS, "setVariableAnywhere", MethodTypeDesc.of(VOID, OBJECT, OBJECT, TASK));
          loadStack();
          b.goto_(join);
        });
  }

  private void call(int pc, int n, int d) {
    synchronize(dirty, pc + 1, d);
    int value = local(d - n - 1);
    Label goesOn = b.newLabel();
    Label otherwise = b.newLabel();
    Label stops = b.newLabel();
    Subr s = direct.called(pc);
    if (s != null) {
      constant(flow.callee(pc));
      b.aload(TASK_VAR);
      primitive(s);
      b.loadConstant(n);
      b.invokestatic(OPS, "begins", MethodTypeDesc.of(BOOLEAN, OBJECT, TASK, SUBR, INT));
      b.ifeq(otherwise);
      invoke(s, n, d, "ended", "failed");
      b.astore(value).aload(value).ifnull(stops);
      b.labelBinding(goesOn);
      loadStack();
      later.add(
          () -> {
            b.labelBinding(otherwise);
            b.aload(TASK_VAR).loadConstant(n);
            operate("call", TASK, INT);
            b.astore(value).aload(value).ifnonnull(goesOn);
            b.labelBinding(stops).aconst_null().areturn();
          });
      return;
    }
    b.aload(TASK_VAR).loadConstant(n);
    operate("call", TASK, INT);
    b.astore(value).aload(value).ifnonnull(goesOn).aconst_null().areturn();
    b.labelBinding(goesOn);
    loadStack();
  }

  private void primitive(Subr s) {
    b.aload(0).getfield(COMPILED, "primitives", SUBRS);
    b.loadConstant(direct.number(s)).aaload();
  }

  /**
   * Calls {@code s} itself, with {@code n} arguments that are on top, and then {@code ended} or
   * {@code failed}: what that returns is left on Java's stack.
   */
  private void invoke(Subr s, int n, int d, String ended, String failed) {
    int bindings = SLOTS + flow.highest() + 1 - flow.lowest();
    b.aload(TASK_VAR).getfield(TASK, "bp", INT).istore(bindings);
    Label from = b.newLabel();
    Label to = b.newLabel();
    Label join = b.newLabel();
    b.labelBinding(from);
    b.aload(TASK_VAR);
    List<ClassDesc> types = new ArrayList<>();
    types.add(TASK);
    if (s.maxArgs() == Subr.MANY) {
      b.aload(STACK);
      place(d);
      b.loadConstant(n);
      b.invokestatic(OPS, "arguments", MethodTypeDesc.of(OBJECTS, OBJECTS, INT, INT));
      types.add(OBJECTS);
    } else {
      for (int i = 0; i < s.maxArgs(); i++) {
        if (i < n) {
          b.aload(local(d - n + i));
        } else {
          nil();
        }
        types.add(OBJECT);
      }
    }
    Subr.Direct target = s.direct();
    b.invokestatic(ClassDesc.of(target.owner()), target.method(), MethodTypeDesc.of(OBJECT, types));
    b.labelBinding(to);
    outcome(s, n, d);
    operate(ended, OBJECT, TASK, OBJECTS, INT, INT, SUBR);
    b.labelBinding(join);
    later.add(
        () -> {
          Label handler = b.newLabel();
          b.labelBinding(handler);
          outcome(s, n, d);
          b.iload(bindings);
          operate(failed, SIGNAL, TASK, OBJECTS, INT, INT, SUBR, INT);
          b.goto_(join);
          b.exceptionCatch(from, to, handler, SIGNAL);
        });
  }

  /** What is said of a call after its value, or what it has signaled. */
  private void outcome(Subr s, int n, int d) {
    b.aload(TASK_VAR).aload(STACK);
    place(d);
    b.loadConstant(n);
    primitive(s);
  }

  private void poll(int pc, int target) {
    if (target <= pc) {
      b.aload(TASK_VAR).invokevirtual(TASK, "polled", MethodTypeDesc.of(BOOLEAN));
      b.ifne(leaving(pc));
    }
  }

  private void branch(int pc, int target, int d, boolean ifNil) {
    b.aload(local(d - 1));
    nil();
    if (target > pc) {
      if (ifNil) {
        b.if_acmpeq(labels[target]);
      } else {
        b.if_acmpne(labels[target]);
      }
      return;
    }
    Label goesOn = b.newLabel();
    if (ifNil) {
      b.if_acmpne(goesOn);
    } else {
      b.if_acmpeq(goesOn);
    }
    poll(pc, target);
    b.goto_(labels[target]).labelBinding(goesOn);
  }

  private void handler(String name, int pc, int target, int d) {
    synchronize(dirty, pc + 1, d);
    b.aload(local(d - 1)).aload(TASK_VAR).loadConstant(target);
    place(d - 1);
    b.iload(FRAME);
    b.invokestatic(OPS, name, MethodTypeDesc.of(VOID, OBJECT, TASK, INT, INT, INT));
  }

  private void one(String name, int pc, int d, boolean context, boolean partial) {
    Label leaves = partial ? leaving(pc) : null;
    b.aload(local(d - 1));
    if (context) {
      b.aload(CONTEXT_VAR);
      operate(name, OBJECT, CONTEXT);
    } else {
      operate(name, OBJECT);
    }
    result(local(d - 1), leaves);
  }

  private void two(String name, int pc, int d, boolean context, boolean partial) {
    two(name, d, context, partial ? leaving(pc) : null);
  }

  private void two(String name, int d, boolean context, Label leaves) {
    b.aload(local(d - 2)).aload(local(d - 1));
    if (context) {
      b.aload(CONTEXT_VAR);
      operate(name, OBJECT, OBJECT, CONTEXT);
    } else {
      operate(name, OBJECT, OBJECT);
    }
    result(local(d - 2), leaves);
  }

  /** Keeps the value on top; where it is null, the operands are to be there still. */
  private void result(int variable, Label leaves) {
    if (leaves == null) {
      b.astore(variable);
      return;
    }
    Label fine = b.newLabel();
    b.dup().ifnonnull(fine).pop().goto_(leaves);
    b.labelBinding(fine).astore(variable);
  }

  private void list(int pc, int d, int n) {
    synchronize(dirty, pc + 1, d);
    b.aload(STACK);
    place(d - n);
    b.loadConstant(n).aload(CONTEXT_VAR);
    operate("list", OBJECTS, INT, INT, CONTEXT);
    b.astore(local(d - n));
  }

  private void primitive(int pc, int d) {
    int args = Instructions.arguments(flow.op(pc) | flow.operand(pc) << 8);
    if (args < 0) {
      b.goto_(leaving(pc));
      return;
    }
    synchronize(dirty, pc + 1, d);
    Subr s = direct.instruction(pc);
    if (s != null) {
      invoke(s, args, d, "instructionEnded", "instructionFailed");
    } else {
      b.aload(TASK_VAR).loadConstant(flow.op(pc)).loadConstant(args);
      operate("instruction", TASK, INT, INT);
    }
    b.astore(local(d - args));
    loadStack();
  }
}
