package org.elver.lisp.coding;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Makes character sets of what Lisp says of them. */
public final class CharsetDefinition {
  private CharsetDefinition() {}

  /** Defines a character set by the 17 arguments of {@code define-charset-internal}. */
  public static void define(Task t, Object[] a) {
    Symbol name = Lisp.symbol(a[0]);
    long dimension = Lisp.natnum(a[1]);
    if (dimension < 1 || dimension > 4) {
      throw LispSignal.outOfRange(a[1], 1L, 4L);
    }
    if (!(a[2] instanceof Vector v)) {
      throw LispSignal.wrongType(Q.VECTORP, a[2]);
    }
    int[] space = new int[8];
    long min = 0;
    long max = 0;
    for (int i = 0; i < 4; i++) {
      if (2 * i + 1 >= v.length(t.c)) {
        break;
      }
      long lo = Lisp.natnum(v.get(t.c, 2 * i));
      long hi = Lisp.natnum(v.get(t.c, 2 * i + 1));
      if (lo > hi || hi > 255) {
        throw LispSignal.error("Invalid :code-space value");
      }
      space[2 * i] = (int) lo;
      space[2 * i + 1] = (int) hi;
      if (i < dimension) {
        min |= lo << (8 * i);
        max |= hi << (8 * i);
      }
    }
    min = a[3] == Symbol.NIL ? min : code(t, a[3]);
    max = a[4] == Symbol.NIL ? max : code(t, a[4]);
    Charset.Method method;
    long offset = 0;
    Object subset = Symbol.NIL;
    Object superset = Symbol.NIL;
    Object map = Symbol.NIL;
    if (a[11] != Symbol.NIL) {
      method = Charset.Method.OFFSET;
      offset = Lisp.natnum(a[11]);
    } else if (a[12] != Symbol.NIL) {
      method = Charset.Method.MAP;
      map = a[12];
    } else if (a[13] != Symbol.NIL) {
      method = Charset.Method.SUBSET;
      subset = a[13];
      Charset parent = Charsets.check(t, Lisp.car(t.c, subset));
      subset = t.cons(parent.name(), Lisp.cdr(t.c, subset));
    } else if (a[14] != Symbol.NIL) {
      method = Charset.Method.SUPERSET;
      superset = a[14];
      for (Object x : Lisp.elements(t.c, superset)) {
        Charsets.check(t, x instanceof Pair p ? p.first(t.c) : x);
      }
    } else {
      throw LispSignal.error("None of :code-offset, :map, :parents are specified");
    }
    int isoFinal = a[5] == Symbol.NIL ? -1 : (int) Lisp.natnum(a[5]);
    if (isoFinal >= 0 && (isoFinal < '0' || isoFinal > 127)) {
      throw LispSignal.error("Invalid iso-final-char: " + isoFinal);
    }
    long mule = a[7] == Symbol.NIL ? -1 : Lisp.natnum(a[7]);
    Charset.Definition d =
        new Charset.Definition(
            name,
            Charsets.idFor(t, name),
            (int) dimension,
            space,
            min,
            max,
            isoFinal,
            a[8] != Symbol.NIL,
            a[9] != Symbol.NIL,
            mule,
            method,
            offset);
    Charsets.add(t, new Charset(t.c, d, a[16], map, subset, superset, a[15], Symbol.NIL));
  }

  private static long code(Task t, Object x) {
    if (x instanceof Pair p
        && p.first(t.c) instanceof Long high
        && p.second(t.c) instanceof Long low) {
      return (high << 16) + low;
    }
    return Lisp.natnum(x);
  }
}
