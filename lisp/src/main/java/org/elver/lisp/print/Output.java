package org.elver.lisp.print;

import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Excursions;
import org.elver.lisp.text.Marker;

/** Where printed text goes: buffers, markers, functions, standard output. */
public final class Output {
  private static final Symbol EXTERNAL = Symbol.known("external-debugging-output");

  private Output() {}

  /** The destination that an argument means: nil is {@code standard-output}. */
  public static Object destination(Task t, Object argument) {
    return argument == Symbol.NIL ? Variables.orNil(t, Q.STANDARD_OUTPUT) : argument;
  }

  /** Prints the text to a destination given by {@link #destination}. */
  public static void write(Task t, Object destination, CodeBuffer text) {
    int[] codes = text.toArray();
    if (destination == Symbol.T || destination == Symbol.NIL) {
      Console.of(t).out(codes, codes.length);
    } else if (destination instanceof Buffer b) {
      insert(t, b, null, codes);
    } else if (destination instanceof Marker m) {
      Buffer b = m.buffer(t.c);
      if (b == null) {
        throw LispSignal.error("Marker does not point anywhere");
      }
      insert(t, b, m, codes);
    } else if (destination == EXTERNAL && EXTERNAL.function(t) == t.vm().subr(EXTERNAL.name())) {
      Console.of(t).debug(codes, codes.length);
    } else {
      for (int c : codes) {
        t.call(destination, (long) c);
      }
    }
  }

  private static void insert(Task t, Buffer b, Marker m, int[] codes) {
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Selecting deleted buffer");
    }
    int mark = t.bindingMark();
    try {
      if (Buffer.current(t) != b) {
        t.onUnbind(new Excursions().saveCurrentBuffer(t));
        b.select(t);
      }
      int old = b.point(t.c);
      int start = old;
      if (m != null) {
        start = m.charpos(t.c);
        if (start < b.begv(t.c) || start > b.zv(t.c)) {
          throw new LispSignal(Q.ERROR, "Marker is outside the accessible part of the buffer", m);
        }
        b.setPoint(t.c, start);
      }
      LispString s = LispString.of(t.c, codes, true);
      Editing.insert(t, s);
      if (m != null && b.isLive(t.c)) {
        int end = b.point(t.c);
        m.set(t.c, b, end);
        b.setPoint(t.c, old >= start ? old + (end - start) : old);
      }
    } finally {
      t.unbindTo(mark);
    }
  }

  /** Whether a destination is at the beginning of a line. */
  public static boolean isAtLineStart(Task t, Object destination) {
    if (destination == Symbol.T || destination == Symbol.NIL) {
      return Console.of(t).isAtLineStart();
    }
    Buffer b = destination instanceof Buffer x ? x : null;
    int at = 0;
    if (b != null) {
      at = b.point(t.c);
    } else if (destination instanceof Marker m) {
      b = m.buffer(t.c);
      at = m.charpos(t.c);
    }
    if (b == null) {
      if (destination instanceof Long || destination instanceof LispString) {
        throw new LispSignal(Q.INVALID_FUNCTION, destination);
      }
      throw new LispSignal(Q.ERROR, "Unsupported function argument", destination);
    }
    return at <= b.begv(t.c) || b.charAt(t.c, at - 1) == '\n';
  }
}
