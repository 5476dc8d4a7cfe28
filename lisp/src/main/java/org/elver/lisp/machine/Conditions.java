package org.elver.lisp.machine;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Which handler takes a condition. */
final class Conditions {
  private static final Symbol BACKTRACE = Symbol.known("backtrace-on-error-noninteractive");

  private Conditions() {}

  /** The error object, {@code (SYMBOL . DATA)}. */
  static Object errorObject(Task t, LispSignal s) {
    Object data = s.data(t.c);
    return s.symbol() == Symbol.NIL ? data : new Pair(t.c, s.symbol(), data);
  }

  /** The innermost of the lowest {@code n} handlers that takes {@code error}; or null. */
  static Handler find(Task t, Object error, int n) {
    Object symbol = Lisp.carSafe(t.c, error);
    Object conditions = conditionsOf(t, symbol);
    for (int i = n - 1; i >= 0; i--) {
      Handler h = t.handlers[i];
      if (h.kind() != Handler.Kind.CATCH && matches(t.c, h.tag(), conditions)) {
        return h;
      }
    }
    return null;
  }

  /** The value of the symbol's {@code error-conditions}; a list of itself when it has none. */
  static Object conditionsOf(Task t, Object symbol) {
    if (symbol instanceof Symbol s) {
      Object plist = s.plist(t);
      while (plist instanceof Pair p && p.second(t.c) instanceof Pair q) {
        if (p.first(t.c) == Q.ERROR_CONDITIONS) {
          return q.first(t.c);
        }
        plist = q.second(t.c);
      }
    }
    return Symbol.NIL;
  }

  /**
   * Whether a clause for {@code wanted} (t, a condition, or a list of them) takes the condition.
   */
  static boolean matches(Context c, Object wanted, Object conditions) {
    if (wanted == Symbol.T) {
      return true;
    }
    if (wanted instanceof Pair) {
      Object w = wanted;
      while (w instanceof Pair p) {
        if (p.first(c) == Symbol.T || memq(c, p.first(c), conditions)) {
          return true;
        }
        w = p.second(c);
      }
      return false;
    }
    return wanted != Symbol.NIL && memq(c, wanted, conditions);
  }

  private static boolean memq(Context c, Object x, Object list) {
    Object tail = list;
    int guard = 0;
    while (tail instanceof Pair p && guard++ < 10_000) {
      if (p.first(c) == x) {
        return true;
      }
      tail = p.second(c);
    }
    return false;
  }

  /**
   * Offers a condition to the debugger, where {@code debug-on-error} and its kin ask for that,
   * before anything is unwound.
   */
  static void offer(Task t, LispSignal s, Object error, Handler h) {
    if (s.isOffered() || (h == null && t.rooted)) {
      return;
    }
    s.setOffered();
    Object hook = Q.SIGNAL_HOOK_FUNCTION.rawValue(t);
    if (hook != Symbol.UNBOUND && Lisp.isTrue(hook) && s.symbol() != Symbol.NIL) {
      t.call(hook, s.symbol(), s.data(t.c));
    }
    Object symbol = Lisp.carSafe(t.c, error);
    boolean quit = symbol == Q.QUIT;
    Object wish = (quit ? Q.DEBUG_ON_QUIT : Q.DEBUG_ON_ERROR).rawValue(t);
    boolean always = Lisp.isTrue(Q.DEBUG_ON_SIGNAL.rawValue(t));
    if (h != null && Task.isRoot(h)) {
      if (t.scheduling() != null) {
        t.scheduling().unhandled(t, s);
      }
      return;
    }
    if (wish == Symbol.NIL || wish == Symbol.UNBOUND) {
      if (h == null) {
        backtrace(t, error);
      }
      return;
    }
    boolean asks = h == null || (h.tag() instanceof Pair && memq(t.c, Q.DEBUG, h.tag()));
    if (!asks && !always) {
      return;
    }
    if (Lisp.isTrue(Q.INHIBIT_DEBUGGER.rawValue(t))) {
      return;
    }
    if (wish instanceof Pair && !matches(t.c, wish, conditionsOf(t, symbol))) {
      return;
    }
    Object debugger = Q.DEBUGGER.rawValue(t);
    if (debugger == Symbol.UNBOUND || debugger == Symbol.NIL) {
      return;
    }
    int mark = t.bindingMark();
    boolean grace = t.foreignGrace;
    t.foreignGrace = true;
    try {
      t.bind(Q.INHIBIT_DEBUGGER, Symbol.T);
      t.bind(Q.DEBUG_ON_ERROR, Symbol.NIL);
      t.call(debugger, Q.ERROR, error);
    } finally {
      t.foreignGrace = grace;
      t.unbindTo(mark);
    }
  }

  /**
   * In batch mode an error that nobody handles is shown by the debugger, which ends the program.
   */
  private static void backtrace(Task t, Object error) {
    if (!Lisp.isTrue(Variables.orNil(t, Q.NONINTERACTIVE))
        || !Lisp.isTrue(Variables.orNil(t, BACKTRACE))
        || Lisp.isTrue(Q.INHIBIT_DEBUGGER.rawValue(t))
        || Q.DEBUG.function(t) == Symbol.NIL) {
      return;
    }
    int mark = t.bindingMark();
    boolean grace = t.foreignGrace;
    t.foreignGrace = true;
    try {
      t.bind(Q.DEBUGGER, Q.DEBUG);
      if (System.getProperty("elver.debug") != null) {
        t.callNamed("elver--show-backtrace", Q.ERROR, error);
      }
      t.bind(Q.INHIBIT_DEBUGGER, Symbol.T);
      t.call(Q.DEBUG, Q.ERROR, error);
    } finally {
      t.foreignGrace = grace;
      t.unbindTo(mark);
    }
  }
}
