package org.elver.lisp.machine;

import org.elver.heap.object.Pair;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The values of variables, wherever they are: the slow path beside the machine's own. */
public final class Variables {
  private static final Symbol WATCHERS = Symbol.known("watchers");
  private static final Symbol SET = Symbol.known("set");
  private static final Symbol LET = Symbol.known("let");
  private static final Symbol UNLET = Symbol.known("unlet");

  /** A flag of variables that hold integers only. With it goes {@link Symbol#WATCHED}. */
  public static final int INTEGER = 64;

  /** A flag of variables that hold t or nil: anything else becomes t. */
  public static final int BOOLEAN = 128;

  private Variables() {}

  /** What becomes of a value that a variable of a primitive is given; signals when it cannot. */
  private static Object fitted(Task t, Symbol s, Object value) {
    int flags = s.flags(t);
    if ((flags & (INTEGER | BOOLEAN)) == 0 || value == Symbol.UNBOUND) {
      return value;
    }
    if ((flags & BOOLEAN) != 0) {
      return Lisp.bool(Lisp.isTrue(value));
    }
    if (value instanceof java.math.BigInteger b && b.bitLength() > 63) {
      throw new LispSignal(Q.OVERFLOW_ERROR, value);
    }
    if (!Lisp.isInteger(value)) {
      throw LispSignal.wrongType(Q.INTEGERP, value);
    }
    return value;
  }

  private static Object where(Task t, Symbol s, boolean setting) {
    return (s.flags(t) & Symbol.WATCHED) != 0 && s.redirect(t) instanceof Redirect r
        ? r.where(t, s, setting)
        : Symbol.NIL;
  }

  /** Tells watchers that a binding is taken back. */
  public static void notifyUnbound(Task t, Symbol s, Object old, Object where) {
    notify(t, s, old, UNLET, where);
  }

  /** The value, or {@link Symbol#UNBOUND}. */
  public static Object get(Task t, Symbol s) {
    Object v = s.plainValue(t);
    if (v != null) {
      return v;
    }
    return s.redirect(t) instanceof Redirect r ? r.get(t, s) : s.rawValue(t);
  }

  /** The value; signals {@code void-variable} when there is none. */
  public static Object value(Task t, Symbol s) {
    Object v = get(t, s);
    if (v == Symbol.UNBOUND) {
      throw new LispSignal(Q.VOID_VARIABLE, s);
    }
    return v;
  }

  /** The value, or nil: for what Java needs to know of variables that programs may make void. */
  public static Object orNil(Task t, Symbol s) {
    Object v = get(t, s);
    return v == Symbol.UNBOUND ? Symbol.NIL : v;
  }

  /** Sets the value, as {@code setq} does. */
  public static void set(Task t, Symbol s, Object newValue) {
    if (s.setPlainValue(t, newValue)) {
      return;
    }
    if (s.redirect(t) instanceof Alias a) {
      set(t, a.target(), newValue);
      return;
    }
    if (checked(t, s, newValue)) {
      return;
    }
    Object value = fitted(t, s, newValue);
    notify(t, s, value, SET, where(t, s, true));
    if (s.redirect(t) instanceof Redirect r) {
      r.set(t, s, value);
    } else {
      s.setRawValue(t, value);
    }
  }

  /** Signals for a constant; true when there is nothing to do (a keyword set to itself). */
  private static boolean checked(Task t, Symbol s, Object value) {
    if ((s.flags(t) & Symbol.CONSTANT) != 0) {
      if (value == s && s.isKeyword(t)) {
        return true;
      }
      throw new LispSignal(Q.SETTING_CONSTANT, s);
    }
    return false;
  }

  /** The default value, or {@link Symbol#UNBOUND}. */
  public static Object getDefault(Task t, Symbol s) {
    return s.redirect(t) instanceof Redirect r ? r.getDefault(t, s) : s.rawValue(t);
  }

  /** Sets the default value. */
  public static void setDefault(Task t, Symbol s, Object newValue) {
    if (s.redirect(t) instanceof Alias a) {
      setDefault(t, a.target(), newValue);
      return;
    }
    if (checked(t, s, newValue)) {
      return;
    }
    Object value = fitted(t, s, newValue);
    notify(t, s, value, SET);
    if (s.redirect(t) instanceof Redirect r) {
      r.setDefault(t, s, value);
    } else {
      s.setRawValue(t, value);
    }
  }

  /** The variable that {@code s} is an alias of, or itself. */
  public static Symbol indirect(Task t, Symbol s) {
    Symbol v = s;
    while (v.redirect(t) instanceof Alias a) {
      v = a.target();
    }
    return v;
  }

  static void bind(Task t, Symbol s, Object newValue) {
    if (s.redirect(t) instanceof Alias a) {
      t.bind(a.target(), newValue);
      return;
    }
    if ((s.flags(t) & Symbol.CONSTANT) != 0) {
      throw new LispSignal(Q.SETTING_CONSTANT, s);
    }
    Object value = fitted(t, s, newValue);
    notify(t, s, value, LET, where(t, s, false));
    if (s.redirect(t) instanceof Redirect r) {
      r.bind(t, s, value);
    } else {
      t.pushBinding(s, s.rawValueOrOpen(t));
      s.setRawValue(t, value);
    }
  }

  static void unbind(Task t, Symbol s, Object old) {
    notify(t, s, old, UNLET);
    if (s.redirect(t) instanceof Redirect r) {
      r.setDefault(t, s, old); // It became redirected after it was bound.
    } else {
      s.setRawValue(t, old);
    }
  }

  /** Calls the functions that watch {@code s}. */
  public static void notify(Task t, Symbol s, Object value, Symbol operation) {
    notify(t, s, value, operation, Symbol.NIL);
  }

  /** Calls the functions that watch {@code s}; {@code where} is a buffer, or nil. */
  public static void notify(Task t, Symbol s, Object value, Symbol operation, Object where) {
    if ((s.flags(t) & Symbol.WATCHED) == 0) {
      return;
    }
    Object plist = s.plist(t);
    while (plist instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (p.first(t.c) == WATCHERS) {
        for (Object f : Lisp.elements(t.c, q.first(t.c))) {
          t.call(f, s, value == Symbol.UNBOUND ? Symbol.NIL : value, operation, where);
        }
        return;
      }
      plist = q.second(t.c);
    }
  }
}
