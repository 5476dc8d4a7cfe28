package org.elver.lisp.primitive;

import java.util.Arrays;
import org.elver.heap.object.Vector;
import org.elver.lisp.coding.CclMachine;
import org.elver.lisp.coding.Encoder;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Programs of the Code Conversion Language. */
final class Ccl {
  private static final Symbol PROGRAMS = Symbol.known(" ccl-program-table");
  private static final Symbol MAPS = Symbol.known("code-conversion-map-vector");
  private static final Symbol INDEX = Symbol.known("ccl-program-idx");
  private static final Symbol MAP = Symbol.known("code-conversion-map");
  private static final Symbol MAP_ID = Symbol.known("code-conversion-map-id");
  private static final Symbol GET = Symbol.known("get");
  private static final Symbol PUT = Symbol.known("put");

  private Ccl() {}

  static void variables(Task t) {
    PROGRAMS.setRawValue(t, new Vector(t.c));
    Vm.defvar(t, MAPS, Vector.filled(t.c, 16, Symbol.NIL));
    Vm.defvar(t, "font-ccl-encoder-alist", Symbol.NIL);
    Vm.defvar(t, "translation-hash-table-vector", Symbol.NIL);
  }

  /** The code of a program, a vector or a registered name; null when it is none. */
  private static Vector program(Task t, Object x) {
    Object code = x;
    if (x instanceof Symbol) {
      Object i = t.call(GET, x, INDEX);
      Vector all = (Vector) PROGRAMS.rawValue(t);
      if (!(i instanceof Long at) || at < 0 || at >= all.length(t.c)) {
        return null;
      }
      code = all.get(t.c, (int) (long) at);
    }
    return code instanceof Vector v && CclMachine.isProgram(t, v) ? v : null;
  }

  @Primitive(
      value = "ccl-program-p",
      doc = "Return t if OBJECT is a compiled CCL program, or the name of a registered one.")
  static boolean isProgram(Task t, Object object) {
    return object instanceof Symbol s
        ? t.call(GET, s, INDEX) instanceof Long
        : object instanceof Vector v && CclMachine.isProgram(t, v);
  }

  @Primitive(
      value = "register-ccl-program",
      doc = "Register the compiled CCL program CCL-PROG as NAME; return its number.")
  static Object register(Task t, Object name, Object cclProg) {
    Lisp.symbol(name);
    if (cclProg != Symbol.NIL && !(cclProg instanceof Vector)) {
      throw LispSignal.wrongType(Q.VECTORP, cclProg);
    }
    Vector all = (Vector) PROGRAMS.rawValue(t);
    Object old = t.call(GET, name, INDEX);
    if (old instanceof Long i && i >= 0 && i < all.length(t.c)) {
      all.set(t.c, (int) (long) i, cclProg);
      return old;
    }
    Object index = (long) all.length(t.c);
    all.add(t.c, cclProg);
    t.call(PUT, name, INDEX, index);
    return index;
  }

  @Primitive(
      value = "register-code-conversion-map",
      doc = "Register MAP, a vector, as the code conversion map SYMBOL; return its number.")
  static Object registerMap(Task t, Object symbol, Object map) {
    Lisp.symbol(symbol);
    if (!(map instanceof Vector)) {
      throw LispSignal.wrongType(Q.VECTORP, map);
    }
    Vector all = (Vector) Variables.value(t, MAPS);
    int n = all.length(t.c);
    int i = 0;
    while (i < n
        && all.get(t.c, i) instanceof org.elver.heap.object.Pair p
        && p.first(t.c) != symbol) {
      i++;
    }
    if (i == n) {
      Object[] more = new Object[n * 2];
      Arrays.fill(more, Symbol.NIL);
      all.copyInto(t.c, 0, more, 0, n);
      all = new Vector(t.c, more);
      Variables.set(t, MAPS, all);
    }
    all.set(t.c, i, t.cons(symbol, map));
    t.call(PUT, symbol, MAP, map);
    t.call(PUT, symbol, MAP_ID, (long) i);
    return (long) i;
  }

  private static void load(Task t, CclMachine machine, Vector status) {
    for (int i = 0; i < 8; i++) {
      machine.setRegister(i, status.get(t.c, i) instanceof Long l ? (int) (long) l : 0);
    }
  }

  private static void store(Task t, CclMachine machine, Vector status) {
    for (int i = 0; i < 8; i++) {
      status.set(t.c, i, (long) machine.register(i));
    }
  }

  @Primitive(
      value = "ccl-execute",
      doc = "Run CCL-PROG with registers from REG, a vector of eight integers, and set those.")
  static Object execute(Task t, Object cclProg, Object reg) {
    Vector code = program(t, cclProg);
    if (code == null) {
      throw LispSignal.error("Invalid CCL program");
    }
    if (!(reg instanceof Vector registers)) {
      throw LispSignal.wrongType(Q.VECTORP, reg);
    }
    if (registers.length(t.c) != 8) {
      throw LispSignal.error("Length of vector REGISTERS is not 8");
    }
    CclMachine machine = new CclMachine(t, code, new int[0], true, x -> program(t, x));
    load(t, machine, registers);
    machine.run(0);
    if (machine.failed()) {
      throw LispSignal.error("Error in CCL program at code numbered " + machine.position());
    }
    store(t, machine, registers);
    return Symbol.NIL;
  }

  @Primitive(
      value = "ccl-execute-on-string",
      min = 3,
      doc =
          "Run CCL-PROGRAM on STRING with STATUS, a vector of registers and a position; return\n"
              + "what it writes.  CONTINUE: STRING is not the last; UNIBYTE-P: return bytes.")
  static Object executeOnString(
      Task t, Object cclProgram, Object status, Object string, Object continueP, Object unibyteP) {
    Vector code = program(t, cclProgram);
    if (code == null) {
      throw LispSignal.error("Invalid CCL program");
    }
    if (!(status instanceof Vector state)) {
      throw LispSignal.wrongType(Q.VECTORP, status);
    }
    if (state.length(t.c) != 9) {
      throw LispSignal.error("Length of vector STATUS is not 9");
    }
    LispString s = Lisp.string(string);
    CclMachine machine =
        new CclMachine(t, code, s.codeArray(t.c), continueP == Symbol.NIL, x -> program(t, x));
    load(t, machine, state);
    machine.run(state.get(t.c, 8) instanceof Long at ? (int) (long) at : 0);
    if (machine.failed()) {
      throw LispSignal.error("Error in CCL program at code numbered " + machine.position());
    }
    store(t, machine, state);
    state.set(t.c, 8, (long) machine.position());
    int[] out = machine.output();
    if (unibyteP != Symbol.NIL) {
      byte[] bytes = new byte[out.length];
      for (int i = 0; i < out.length; i++) {
        bytes[i] = (byte) out[i];
      }
      return LispString.unibyte(t.c, bytes);
    }
    boolean ascii = Encoder.internalBytes(out).length == out.length;
    return LispString.of(t.c, out, !ascii);
  }
}
