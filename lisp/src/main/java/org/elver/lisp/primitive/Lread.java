package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Vector;
import org.elver.lisp.load.BufferInput;
import org.elver.lisp.load.FileForms;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.read.CodeInput;
import org.elver.lisp.read.FileInput;
import org.elver.lisp.read.FunctionInput;
import org.elver.lisp.read.Obarrays;
import org.elver.lisp.read.Reader;
import org.elver.lisp.read.Substitution;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;

/** Reading objects, and tables of symbols. */
final class Lread {
  private static final Symbol READ_CHAR = Symbol.known("read-char");
  private static final Symbol READ_MINIBUFFER = Symbol.known("read-minibuffer");
  private static final Symbol GET_FILE_CHAR = Symbol.known("get-file-char");

  private Lread() {}

  static void variables(Task t) {
    Obarrays.define(t);
    for (String name :
        new String[] {
          "values",
          "standard-input",
          "read-with-symbol-positions",
          "read-symbol-positions-list",
          "read-symbol-shorthands",
          "lread--unescaped-character-literals"
        }) {
      Vm.defvar(t, name, Symbol.NIL);
    }
    Vm.defvar(t, Q.STANDARD_INPUT, Symbol.T);
    Vm.defvar(t, Q.READ_CIRCLE, Symbol.T);
    Vm.defvar(t, Q.LEXICAL_BINDING, Symbol.NIL);
  }

  // ---- Reading --------------------------------------------------------------------------------

  @Primitive(
      value = "read",
      min = 0,
      doc =
          "Read one Lisp object from STREAM and return it.\n"
              + "STREAM is a buffer, a marker, a string, a function, t or nil (`standard-input').")
  static Object read(Task t, Object stream) {
    Object from = stream == Symbol.NIL ? Variables.orNil(t, Q.STANDARD_INPUT) : stream;
    if (from == Symbol.T || from == READ_CHAR) {
      return t.tail(READ_MINIBUFFER, LispString.of(t.c, "Lisp expression: "));
    }
    return readFrom(t, from instanceof Proxy p ? p.contents(t.c) : from);
  }

  @Primitive(
      value = "read-from-string",
      min = 1,
      doc =
          "Read the object that the text of STRING from START to END begins with.\n"
              + "Return a pair of the object and the index where reading ended.")
  static Object readFromString(Task t, Object string, Object start, Object end) {
    LispString s = Lisp.string(string);
    int n = s.length(t.c);
    long to = index(end, n, n);
    long from = index(start, 0, n);
    if (from < 0 || from > to || to > n) {
      throw LispSignal.outOfRange(string, start, end);
    }
    CodeInput in = new CodeInput(s.characters(t.c), (int) from, (int) to);
    Object v = new Reader(t, in).read();
    return t.cons(v, (long) in.position());
  }

  private static long index(Object x, int whenNil, int n) {
    if (x == Symbol.NIL) {
      return whenNil;
    }
    if (!(x instanceof Long l)) {
      throw LispSignal.wrongType(Q.INTEGERP, x);
    }
    return l < 0 ? l + n : l;
  }

  @Primitive(
      value = "lread--substitute-object-in-subtree",
      doc =
          "In all that OBJECT consists of, put OBJECT where PLACEHOLDER is.\n"
              + "COMPLETED tells what need not be looked at: t, everything but conses and vectors.")
  static Object substitute(Task t, Object object, Object placeholder, Object completed) {
    Substitution.apply(t, object, placeholder, object);
    return Symbol.NIL;
  }

  // ---- Symbols by name ------------------------------------------------------------------------

  @Primitive(
      value = "intern",
      min = 1,
      doc = "Return the symbol called STRING in OBARRAY (default: the main one), made if need be.")
  static Object intern(Task t, Object string, Object obarray) {
    Vector v = Obarrays.of(t, obarray);
    return Obarrays.intern(t, v, Obarrays.name(t, string));
  }

  @Primitive(
      value = "intern-soft",
      min = 1,
      doc =
          "Return the symbol called NAME in OBARRAY, or nil if there is none.\n"
              + "NAME may be a symbol: then it is returned if it is that symbol.")
  static Object internSoft(Task t, Object name, Object obarray) {
    Vector v = Obarrays.of(t, obarray);
    String text = name instanceof Symbol s ? s.name() : Obarrays.name(t, name);
    Symbol found = Obarrays.find(t, v, text);
    return found == null || (name instanceof Symbol && name != found) ? Symbol.NIL : found;
  }

  @Primitive(
      value = "unintern",
      min = 1,
      doc =
          "Remove the symbol called NAME from OBARRAY; return t if it was there.\n"
              + "NAME may be a symbol: then only that symbol is removed.")
  static boolean unintern(Task t, Object name, Object obarray) {
    Vector v = Obarrays.of(t, obarray);
    String text = name instanceof Symbol s ? s.name() : Obarrays.name(t, name);
    return Obarrays.remove(t, v, text, name);
  }

  @Primitive(
      value = "mapatoms",
      min = 1,
      doc = "Call FUNCTION with each symbol of OBARRAY (default: the main one).")
  static Object mapatoms(Task t, Object function, Object obarray) {
    List<Object> all = new ArrayList<>();
    Obarrays.forEach(t, Obarrays.of(t, obarray), all::add);
    return new Each(function, all.toArray()).resume(t, null);
  }

  /** Calls a function with one object after another; the value is nil. */
  private static final class Each extends NativeFrame {
    private final Object function;
    private final Object[] items;
    private int next;

    Each(Object function, Object[] items) {
      this.function = function;
      this.items = items;
    }

    @Override
    public Object resume(Task t, Object value) {
      return next == items.length ? Symbol.NIL : t.invoke(this, function, items[next++]);
    }
  }

  private static Object readFrom(Task t, Object from) {
    if (from instanceof Buffer || from instanceof Marker) {
      Buffer b = from instanceof Marker m ? m.buffer(t.c) : (Buffer) from;
      if (b == null) {
        throw LispSignal.error("Marker does not point anywhere");
      }
      if (!b.isLive(t.c)) {
        throw LispSignal.error("Reading from killed buffer");
      }
      int at = from instanceof Marker m ? m.charpos(t.c) : b.point(t.c);
      BufferInput in = new BufferInput(t, b, Math.max(at, b.begv(t.c)), b.zv(t.c));
      try {
        return new Reader(t, in).read();
      } finally {
        if (from instanceof Marker m) {
          m.set(t.c, b, in.position());
        } else {
          b.setPoint(t.c, in.position());
        }
      }
    }
    if (from instanceof LispString s) {
      return new Reader(t, new CodeInput(s.characters(t.c), 0, s.length(t.c))).read();
    }
    if (from == GET_FILE_CHAR) {
      FileInput in = FileForms.current(t);
      if (in != null) {
        return new Reader(t, in).read();
      }
    }
    return new Reader(t, new FunctionInput(t, from)).read();
  }
}
