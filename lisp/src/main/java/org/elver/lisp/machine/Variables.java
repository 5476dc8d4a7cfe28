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

  private Variables() {}

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
  public static void set(Task t, Symbol s, Object value) {
    if (s.setPlainValue(t, value)) {
      return;
    }
    if (checked(t, s, value)) {
      return;
    }
    notify(t, s, value, SET);
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
  public static void setDefault(Task t, Symbol s, Object value) {
    if (checked(t, s, value)) {
      return;
    }
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

  static void bind(Task t, Symbol s, Object value) {
    if ((s.flags(t) & Symbol.CONSTANT) != 0) {
      throw new LispSignal(Q.SETTING_CONSTANT, s);
    }
    notify(t, s, value, LET);
    if (s.redirect(t) instanceof Redirect r) {
      r.bind(t, s, value);
    } else {
      t.pushBinding(s, s.rawValue(t));
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
