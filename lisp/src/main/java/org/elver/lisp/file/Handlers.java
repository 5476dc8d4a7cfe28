package org.elver.lisp.file;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.search.Searches;

/** Lisp functions that take over the operations on files of certain names. */
public final class Handlers {
  private static final Symbol ALIST = Symbol.known("file-name-handler-alist");
  private static final Symbol INHIBITED = Symbol.known("inhibit-file-name-handlers");
  private static final Symbol INHIBITED_OPERATION = Symbol.known("inhibit-file-name-operation");
  private static final Symbol OPERATIONS = Symbol.known("operations");

  private Handlers() {}

  /** The handler of {@code name} for {@code operation}, or nil. */
  public static Object find(Task t, Object name, Object operation) {
    Object tail = Variables.orNil(t, ALIST);
    if (!(tail instanceof Pair)) {
      return Symbol.NIL;
    }
    Object inhibited =
        Variables.orNil(t, INHIBITED_OPERATION) == operation
            ? Variables.orNil(t, INHIBITED)
            : Symbol.NIL;
    LispString string = Lisp.string(name);
    Object best = Symbol.NIL;
    int bestAt = -1;
    while (tail instanceof Pair p) {
      t.safepoint();
      if (p.first(t.c) instanceof Pair entry && entry.first(t.c) instanceof LispString regexp) {
        Object handler = entry.second(t.c);
        if (handles(t, handler, operation)) {
          int at = Searches.find(t, regexp, string, false);
          if (at > bestAt && !memq(t, handler, inhibited)) {
            best = handler;
            bestAt = at;
          }
        }
      }
      tail = p.second(t.c);
    }
    return best;
  }

  private static boolean handles(Task t, Object handler, Object operation) {
    if (!(handler instanceof Symbol s)) {
      return true;
    }
    Object plist = s.plist(t);
    while (plist instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (p.first(t.c) == OPERATIONS) {
        Object operations = q.first(t.c);
        return operations == Symbol.NIL || memq(t, operation, operations);
      }
      plist = q.second(t.c);
    }
    return true;
  }

  private static boolean memq(Task t, Object x, Object list) {
    Object tail = list;
    while (tail instanceof Pair p) {
      if (Lisp.eq(p.first(t.c), x)) {
        return true;
      }
      tail = p.second(t.c);
    }
    return false;
  }

  /**
   * Has the handler of {@code name}, if any, do it: its value, or null when there is no handler.
   */
  public static Object tryCall(Task t, Symbol operation, Object name, Object... args) {
    Object handler = find(t, name, operation);
    if (handler == Symbol.NIL) {
      return null;
    }
    Object[] all = new Object[args.length + 1];
    all[0] = operation;
    System.arraycopy(args, 0, all, 1, args.length);
    return t.call(handler, all);
  }

  /** What a handler that must give a string gave. */
  public static Object string(Object value) {
    if (value instanceof LispString) {
      return value;
    }
    throw LispSignal.error("Invalid handler in ‘file-name-handler-alist’");
  }
}
