package org.elver.lisp.concurrent;

import java.util.Arrays;
import org.elver.lisp.isolate.IsolatePool;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Pools of isolates. */
final class Pools {
  private static final Symbol POOL_P = Symbol.known("isolate-pool-p");

  private Pools() {}

  private static IsolatePool pool(Object x) {
    if (x instanceof IsolatePool p) {
      return p;
    }
    throw LispSignal.wrongType(POOL_P, x);
  }

  @Primitive(
      value = "make-isolate-pool",
      doc =
          "Return a pool of N isolates with fresh heaps for calls of functions.\n"
              + "Each call that is submitted with `pool-submit' runs in a fork of one of them, so"
              + " that\n"
              + "it finds the heap of the boot image, whatever calls before it did.")
  static Object makeIsolatePool(Task t, Object n) {
    if (!(n instanceof Long l) || l < 1 || l > 100_000) {
      throw n instanceof Long
          ? LispSignal.outOfRange(n, 1L, 100_000L)
          : LispSignal.wrongType(Symbol.known("integerp"), n);
    }
    Tasks.isolate(t);
    return IsolatePool.make(t, (int) (long) l);
  }

  @Primitive(value = "isolate-pool-p", doc = "Return t if OBJECT is a pool of isolates.")
  static boolean isolatePoolP(Task t, Object object) {
    return object instanceof IsolatePool;
  }

  @Primitive(
      value = "pool-submit",
      min = 2,
      args = "(POOL FUNCTION &rest ARGS)",
      doc =
          "Have an isolate of POOL call FUNCTION with ARGS; return a promise of the value.\n"
              + "FUNCTION, ARGS and the value are copied.  Signal an error when POOL is closed. "
              + " The heap\n"
              + "is clean: it sees the boot image, and what else it needs of the present"
              + " isolate's\n"
              + "variables, functions and property lists is copied when first touched; what it"
              + " changes\n"
              + "nobody else sees.  The promise fails with `isolate-dead' when the isolates of POOL"
              + " end\n"
              + "before they have begun the call.")
  static Object poolSubmit(Task t, Object[] args) {
    return pool(args[0]).submit(t, Arrays.copyOfRange(args, 1, args.length));
  }

  @Primitive(
      value = "pool-close",
      doc =
          "Close POOL: nothing more can be submitted.\n"
              + "What has been is done; then its isolates end.  Return t if it was open.")
  static boolean poolClose(Task t, Object pool) {
    return pool(pool).close();
  }

  @Primitive(value = "elver--pool-work", doc = "Do what is submitted to POOL, until it is closed.")
  static Object poolWork(Task t, Object pool) {
    return pool(pool).work().resume(t, null);
  }
}
