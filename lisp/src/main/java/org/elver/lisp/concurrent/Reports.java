package org.elver.lisp.concurrent;

import org.elver.lisp.isolate.Leavings;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Errors of isolates that nobody asks for. */
final class Reports {
  private static final Symbol FUNCTIONS = Symbol.known("isolate-error-functions");

  private Reports() {}

  static void variables(Task t) {
    Vm.defvar(t, FUNCTIONS, Symbol.NIL);
  }

  @Primitive(
      value = "elver--isolate-failed",
      doc = "Call `isolate-error-functions' with what REPORT says: the name and the condition.")
  static Object isolateFailed(Task t, Object report) {
    if (!(report instanceof Leavings.Report failure)) {
      throw LispSignal.wrongType(Symbol.known("elver--report-p"), report);
    }
    Object[] r = failure.unpack(t);
    return t.tail(t.vm().subr("run-hook-with-args"), FUNCTIONS, r[0], r[1]);
  }
}
