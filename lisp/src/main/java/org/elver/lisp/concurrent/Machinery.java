package org.elver.lisp.concurrent;

import java.lang.management.ManagementFactory;
import org.elver.kernel.task.Kernel;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Program;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** What the VM and its isolates are asked to do, and what they tell about themselves. */
final class Machinery {
  private static final Symbol FUNCTIONP = Symbol.known("functionp");

  private Machinery() {}

  @Primitive(
      value = "isolate-set-scheduling",
      doc =
          "Have the current isolate choose among its tasks as MODE says; return MODE.\n"
              + "`preemptive': each runs for a while, in turn; `cooperative': they switch only"
              + " where\n"
              + "they yield or wait; `exclusive': one runs to its end, others when it waits; a\n"
              + "function: called with the list of the runnable tasks, it returns the next one. "
              + " It\n"
              + "must not wait; after an error in it, or another value, the next in turn runs.")
  static Object isolateSetScheduling(Task t, Object mode) {
    LispIsolate i = Tasks.isolate(t);
    if (!LispIsolate.isKnownMode(mode)
        && (mode == Symbol.NIL || !Lisp.isTrue(t.call(FUNCTIONP, mode)))) {
      throw LispSignal.wrongType(FUNCTIONP, mode);
    }
    i.setScheduling(mode);
    return mode;
  }

  @Primitive(
      value = "vm-set-carriers",
      doc =
          "Have N isolates run at once, from 1 to 1024; return N.\n"
              + "Those that run go on: carriers are retired when they have come to the end of their"
              + " slices.\n"
              + "More than the machine's cores make sense rarely.")
  static Object vmSetCarriers(Task t, Object n) {
    long carriers = Lisp.fixnum(n);
    if (carriers < 1 || carriers > Program.MAX_CARRIERS) {
      throw new LispSignal(Q.ARGS_OUT_OF_RANGE, n, 1L, (long) Program.MAX_CARRIERS);
    }
    Tasks.isolate(t).kernel().setCarriers((int) carriers);
    return n;
  }

  @Primitive(
      value = "vm-stats",
      min = 0,
      doc =
          "Return what the VM tells about itself, as a property list.\n"
              + "`:heap-used', bytes; `:carriers'; `:isolates' and `:tasks' that live; `:switches',"
              + " how often\n"
              + "a carrier took up an isolate; `:forks'; `:objects-copied', versions of objects"
              + " made\n"
              + "because another isolate might see the old ones; `:uptime', seconds.  GC non-nil:\n"
              + "collect garbage first.")
  static Object vmStats(Task t, Object gc) {
    LispIsolate me = Tasks.isolate(t);
    if (gc != Symbol.NIL) {
      System.gc();
    }
    Kernel k = me.kernel();
    Runtime r = Runtime.getRuntime();
    long tasks = 0;
    for (LispIsolate i : me.roster().all()) {
      tasks += i.fiberCount();
    }
    return t.list(
        Symbol.known(":heap-used"),
        r.totalMemory() - r.freeMemory(),
        Symbol.known(":carriers"),
        (long) k.carriers(),
        Symbol.known(":isolates"),
        (long) me.roster().size(),
        Symbol.known(":tasks"),
        tasks,
        Symbol.known(":switches"),
        k.quanta(),
        Symbol.known(":forks"),
        t.c.heap().forks(),
        Symbol.known(":objects-copied"),
        t.c.heap().copies(),
        Symbol.known(":uptime"),
        ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
  }
}
