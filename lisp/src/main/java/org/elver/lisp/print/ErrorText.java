package org.elver.lisp.print;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Error objects as messages for users. */
public final class ErrorText {
  private static final Symbol SUBSTITUTE = Symbol.known("substitute-command-keys");

  private ErrorText() {}

  /** Adds the message for {@code error}, {@code (SYMBOL . DATA)}, to {@code out}. */
  public static void print(Task t, CodeBuffer out, Object error) {
    Object name = Lisp.car(t.c, error);
    Object data = error;
    Object message;
    boolean fileError = false;
    if (name == Q.ERROR) {
      data = Lisp.cdrSafe(t.c, error);
      message = Lisp.carSafe(t.c, data);
    } else {
      Symbol s = Lisp.symbol(name);
      message = get(t, s, Q.ERROR_MESSAGE);
      if (message != Symbol.NIL && SUBSTITUTE.function(t) != Symbol.NIL) {
        message = t.call(SUBSTITUTE, message);
      }
      for (Object x = get(t, s, Q.ERROR_CONDITIONS); x instanceof Pair p; x = p.second(t.c)) {
        fileError |= p.first(t.c) == Q.FILE_ERROR;
      }
    }
    Object tail = Lisp.cdrSafe(t.c, data);
    if (fileError && tail instanceof Pair p) {
      message = p.first(t.c);
      tail = p.second(t.c);
    }
    int start = out.length();
    if (message instanceof LispString s) {
      out.append(t.c, s);
    } else {
      out.append("peculiar error");
    }
    // A message that is empty, as that of user-error, is nothing to be set apart from the data.
    String separator = out.length() > start ? ": " : "";
    boolean plain = fileError || name == Q.END_OF_FILE || name == Q.USER_ERROR;
    // Brent's: the hare meets the tortoise, which waits ever longer, only in a circle.
    Object tortoise = tail;
    long steps = 0;
    long wait = 2;
    while (tail instanceof Pair p) {
      out.append(separator);
      separator = ", ";
      Printer.print(t, out, p.first(t.c), !plain);
      tail = p.second(t.c);
      if (tail == tortoise && tail instanceof Pair) {
        throw new LispSignal(Q.CIRCULAR_LIST, error);
      }
      if (++steps == wait) {
        tortoise = tail;
        wait *= 2;
      }
    }
  }

  private static Object get(Task t, Symbol s, Symbol property) {
    Object plist = s.plist(t);
    while (plist instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (p.first(t.c) == property) {
        return q.first(t.c);
      }
      plist = q.second(t.c);
    }
    return Symbol.NIL;
  }
}
