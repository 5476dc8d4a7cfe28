package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** Making function objects. */
final class Closures {
  private static final Symbol BYTE_CODE_FUNCTION_P = Symbol.known("byte-code-function-p");

  private Closures() {}

  @Primitive(
      value = "make-closure",
      min = 1,
      args = "(PROTOTYPE &rest CLOSURE-VARS)",
      doc = "Return a copy of the function PROTOTYPE with CLOSURE-VARS as its first constants.")
  static Object makeClosure(Task t, Object[] args) {
    if (!(args[0] instanceof ByteCode b)) {
      throw LispSignal.wrongType(BYTE_CODE_FUNCTION_P, args[0]);
    }
    if (args.length - 1 > b.constants(t.c).length) {
      throw LispSignal.error("Closure vars do not fit in constvec");
    }
    return b.close(t.c, args, 1, args.length - 1);
  }

  @Primitive(
      value = "fetch-bytecode",
      doc = "Return OBJECT; the code of functions comes when it is needed.")
  static Object fetchBytecode(Task t, Object object) {
    return object;
  }

  @Primitive(
      value = "make-byte-code",
      min = 4,
      args = "(ARGLIST BYTE-CODE CONSTANTS DEPTH &optional DOCSTRING INTERACTIVE-SPEC &rest MORE)",
      doc = "Return a function object made of its parts.")
  static Object makeByteCode(Task t, Object[] args) {
    boolean good =
        (args[0] instanceof Long || args[0] == Symbol.NIL || args[0] instanceof Pair)
            && args[1] instanceof LispString
            && args[2] instanceof Vector
            && args[3] instanceof Long depth
            && depth >= 0;
    if (!good) {
      throw LispSignal.error("Invalid byte-code object");
    }
    return Eval.byteCode(
        t, args[0], args[1], args[2], args[3], java.util.Arrays.copyOfRange(args, 4, args.length));
  }

  @Primitive(
      value = "function-equal",
      doc = "Return t if F1 and F2 come from the same source, be it with other variables around.")
  static boolean functionEqual(Task t, Object f1, Object f2) {
    if (Lisp.eq(f1, f2)) {
      return true;
    }
    return f1 instanceof ByteCode a && f2 instanceof ByteCode b && a.sameSource(t.c, b);
  }
}
