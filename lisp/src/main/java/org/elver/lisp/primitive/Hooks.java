package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Running the functions that a variable lists. */
final class Hooks {
  private Hooks() {}

  /** When to stop. */
  private enum Until {
    END,
    SUCCESS,
    FAILURE,
    WRAPPED
  }

  @Primitive(
      value = "run-hooks",
      args = "(&rest HOOKS)",
      doc = "Call the functions in the values of HOOKS, symbols, in order, without arguments.")
  static Object runHooks(Task t, Object[] args) {
    return new AllHooks(args.clone()).resume(t, null);
  }

  @Primitive(
      value = "run-hook-with-args",
      min = 1,
      args = "(HOOK &rest ARGS)",
      doc = "Call the functions in the value of HOOK with ARGS.")
  static Object runHookWithArgs(Task t, Object[] args) {
    return new OneHook(Until.END, args).start(t);
  }

  @Primitive(
      value = "run-hook-with-args-until-success",
      min = 1,
      args = "(HOOK &rest ARGS)",
      doc = "Call the functions in the value of HOOK with ARGS until one returns non-nil.")
  static Object untilSuccess(Task t, Object[] args) {
    return new OneHook(Until.SUCCESS, args).start(t);
  }

  @Primitive(
      value = "run-hook-with-args-until-failure",
      min = 1,
      args = "(HOOK &rest ARGS)",
      doc = "Call the functions in the value of HOOK with ARGS until one returns nil.")
  static Object untilFailure(Task t, Object[] args) {
    return new OneHook(Until.FAILURE, args).start(t);
  }

  @Primitive(
      value = "run-hook-wrapped",
      min = 2,
      args = "(HOOK WRAP-FUNCTION &rest ARGS)",
      doc = "Call WRAP-FUNCTION with each function of HOOK and ARGS until it returns non-nil.")
  static Object wrapped(Task t, Object[] args) {
    return new OneHook(Until.WRAPPED, args).start(t);
  }

  private static final class AllHooks extends NativeFrame {
    private static final Symbol RUN = Symbol.known("run-hook-with-args");
    private final Object[] hooks;
    private int next;

    AllHooks(Object[] hooks) {
      this.hooks = hooks;
    }

    @Override
    public Object resume(Task t, Object value) {
      while (next < hooks.length) {
        Object hook = hooks[next++];
        if (!(hook instanceof Symbol s) || Lisp.isTrue(Variables.orNil(t, s))) {
          return t.invoke(this, RUN, hook);
        }
      }
      return Symbol.NIL;
    }
  }

  private static final class OneHook extends NativeFrame {
    private final Until until;
    private final Object[] args;

    /** What is left of the hook's value, and of its default value once that is being run. */
    private Object rest;

    private Object global = Symbol.NIL;
    private boolean single;
    private boolean started;

    OneHook(Until until, Object[] args) {
      this.until = until;
      this.args = args;
    }

    Object start(Task t) {
      Symbol hook = Lisp.symbol(args[0]);
      Object value = Variables.orNil(t, hook);
      Object none = until == Until.FAILURE ? Symbol.T : Symbol.NIL;
      if (value == Symbol.NIL) {
        return none;
      }
      if (!(value instanceof Pair p) || p.first(t.c) == Q.LAMBDA || p.first(t.c) == Q.CLOSURE) {
        single = true;
        return call(t, value);
      }
      rest = value;
      return resume(t, null);
    }

    private Object call(Task t, Object function) {
      started = true;
      if (until == Until.WRAPPED) {
        Object[] all = args.clone();
        Object wrapper = args[1];
        all[0] = wrapper;
        Object[] given = new Object[args.length - 1];
        given[0] = function;
        System.arraycopy(args, 2, given, 1, args.length - 2);
        return t.invoke(this, wrapper, given);
      }
      return t.invoke(this, function, java.util.Arrays.copyOfRange(args, 1, args.length));
    }

    @Override
    public Object resume(Task t, Object value) {
      if (started) {
        boolean yes = Lisp.isTrue(value);
        if ((until == Until.SUCCESS && yes)
            || (until == Until.FAILURE && !yes)
            || (until == Until.WRAPPED && yes)) {
          return value;
        }
        if (single) {
          return until == Until.END ? Symbol.NIL : value;
        }
      }
      for (; ; ) {
        if (global instanceof Pair g) {
          global = g.second(t.c);
          if (g.first(t.c) != Symbol.T) {
            return call(t, g.first(t.c));
          }
        } else if (rest instanceof Pair p) {
          rest = p.second(t.c);
          if (p.first(t.c) != Symbol.T) {
            return call(t, p.first(t.c));
          }
          Object d = Variables.getDefault(t, Lisp.symbol(args[0]));
          if (d instanceof Pair q && q.first(t.c) != Q.LAMBDA && q.first(t.c) != Q.CLOSURE) {
            global = d;
          } else if (d != Symbol.NIL && d != Symbol.UNBOUND) {
            return call(t, d);
          }
        } else {
          return until == Until.FAILURE ? Symbol.T : Symbol.NIL;
        }
      }
    }
  }
}
