package org.elver.lisp.compile;

import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** What stands at the head of a function's body: documentation, declarations, how it is called. */
final class Functions {
  private Functions() {}

  /**
   * Takes the documentation and the interactive specification off a body.
   *
   * @param extra gets slots 4 and 5 of the function object, as far as it has them
   * @return the forms that are left
   */
  static Object header(Task t, Object body, List<Object> extra) {
    Object doc = null;
    Object rest = body;
    if (rest instanceof Pair p
        && p.first(t.c) instanceof LispString s
        && p.second(t.c) != Symbol.NIL) {
      doc = s;
      rest = p.second(t.c);
    }
    Object afterDeclare = rest;
    while (afterDeclare instanceof Pair p
        && p.first(t.c) instanceof Pair q
        && q.first(t.c) == Q.DECLARE) {
      afterDeclare = p.second(t.c);
    }
    Object interactive = null;
    if (afterDeclare instanceof Pair p
        && p.first(t.c) instanceof Pair q
        && q.first(t.c) == Q.INTERACTIVE) {
      Object spec = q.second(t.c);
      Object form = Lisp.carSafe(t.c, spec);
      Object modes = Lisp.cdrSafe(t.c, spec);
      interactive =
          modes == Symbol.NIL
              ? form
              : org.elver.heap.object.Vector.class.cast(
                  new org.elver.heap.object.Vector(t.c, form, modes));
      rest = p.second(t.c);
    }
    if (doc != null || interactive != null) {
      extra.add(doc == null ? Symbol.NIL : doc);
    }
    if (interactive != null) {
      extra.add(interactive);
    }
    return rest;
  }
}
