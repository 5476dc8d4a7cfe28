package org.elver.lisp.concurrent;

import org.elver.heap.graph.Freezer;
import org.elver.heap.graph.Interner;
import org.elver.heap.graph.NotTransferableException;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Immutable copies, which pass between isolates by reference. */
final class Freezing {
  private static final Symbol INTERN = Symbol.known(":intern");

  private Freezing() {}

  @Primitive(
      value = "freeze",
      min = 1,
      args = "(OBJECT &key INTERN)",
      doc =
          "Return an immutable copy of OBJECT and of all that it reaches.\n"
              + "Parts that are frozen already are shared.  It passes to other isolates by\n"
              + "reference, and writing to it signals `frozen-object'.  With `:intern t' frozen\n"
              + "objects with the same contents are the same object.")
  static Object freeze(Task t, Object[] args) {
    boolean intern = false;
    if (args.length % 2 == 0) {
      throw LispSignal.error("Missing argument for the last keyword of freeze");
    }
    for (int i = 1; i < args.length; i += 2) {
      if (args[i] != INTERN) {
        throw new LispSignal(
            Symbol.known("error"), "Keyword argument not one of (:intern)", args[i]);
      }
      intern = args[i + 1] != Symbol.NIL;
    }
    Object x = args[0];
    if (Lisp.isImmediate(x)) {
      return x;
    }
    try {
      return intern
          ? Freezer.freezeAndIntern(
              t.c, x, Values.PASSAGE, t.vm().service(Interner.class, Interner::new))
          : Freezer.freeze(t.c, x, Values.PASSAGE);
    } catch (NotTransferableException e) {
      throw Values.notTransferable(t, e);
    }
  }
}
