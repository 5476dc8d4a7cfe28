package org.elver.lisp.load;

import org.elver.heap.object.Pair;
import org.elver.lisp.collection.Equal;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The list of what which file defined, {@code load-history}. */
final class History {
  private History() {}

  /**
   * Takes what {@code current-load-list} gathered into {@code load-history}.
   *
   * @param entire whether it is all of the file, not a part that was evaluated again
   */
  static void record(Task t, Object file, boolean entire) {
    Object current = Variables.orNil(t, Q.CURRENT_LOAD_LIST);
    Object history = Variables.orNil(t, Q.LOAD_HISTORY);
    Object rest = Symbol.NIL;
    boolean found = false;
    for (Object entry : Lisp.elements(t.c, history)) {
      Object name = Lisp.carSafe(t.c, entry);
      if (!found && Equal.equal(t.c, name, file)) {
        found = true;
        if (!entire && entry instanceof Pair p) {
          for (Object x : Lisp.elements(t.c, current)) {
            if (!member(t, x, p)) {
              p.setSecond(t.c, t.cons(x, p.second(t.c)));
            }
          }
          return;
        }
      } else {
        rest = t.cons(entry, rest);
      }
    }
    if (!entire && !found && file == Symbol.NIL) {
      return;
    }
    Object kept = reverse(t, rest);
    Variables.set(t, Q.LOAD_HISTORY, t.cons(reverse(t, current), kept));
  }

  private static boolean member(Task t, Object x, Object list) {
    for (Object tail = list; tail instanceof Pair p; tail = p.second(t.c)) {
      if (Equal.equal(t.c, x, p.first(t.c))) {
        return true;
      }
    }
    return false;
  }

  private static Object reverse(Task t, Object list) {
    Object out = Symbol.NIL;
    for (Object tail = list; tail instanceof Pair p; tail = p.second(t.c)) {
      out = t.cons(p.first(t.c), out);
    }
    return out;
  }
}
