package org.elver.lisp.primitive;

import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;

/** Composition of characters, as far as there is any without a display: text properties. */
final class Composite {
  private static final Symbol COMPOSITION = Symbol.known("composition");
  private static final Symbol PUT_TEXT_PROPERTY = Symbol.known("put-text-property");
  private static final Symbol GET_TEXT_PROPERTY = Symbol.known("get-text-property");
  private static final Symbol NEXT_CHANGE = Symbol.known("next-single-property-change");
  private static final Symbol PREVIOUS_CHANGE = Symbol.known("previous-single-property-change");
  private static final Symbol POINT_MIN = Symbol.known("point-min");
  private static final Symbol POINT_MAX = Symbol.known("point-max");
  private static final Symbol CURRENT_BUFFER = Symbol.known("current-buffer");
  private static final Symbol TERMINAL = Symbol.known("locale-coding-system");

  private Composite() {}

  static void variables(Task t) {
    Symbol table = Symbol.known("composition-function-table");
    Vm.defvar(t, "compose-chars-after-function", Symbol.known("compose-chars-after"));
    Vm.defvar(t, "auto-composition-mode", Symbol.T);
    Vm.defvar(t, "auto-composition-function", Symbol.NIL);
    Vm.defvar(t, table, CharTable.make(t.c, Symbol.NIL, 0, Symbol.NIL));
    Vm.defvar(t, "auto-composition-emoji-eligible-codepoints", Symbol.NIL);
    Vm.defvar(t, "unibyte-display-via-language-environment", Symbol.NIL);
  }

  @Primitive(value = "clear-composition-cache", doc = "Forget what is known of compositions.")
  static Object clearCache(Task t) {
    return Symbol.NIL;
  }

  private static Object property(
      Task t, Object start, Object end, Object components, Object function) {
    Object key =
        t.cons((Long) end - (Long) start, components == Symbol.NIL ? Symbol.NIL : components);
    return t.cons(key, function);
  }

  private static void checkComponents(Object components) {
    if (components != Symbol.NIL
        && !(components instanceof Long)
        && !(components instanceof Vector)
        && !(components instanceof LispString)
        && !(components instanceof org.elver.heap.object.Pair)) {
      throw LispSignal.wrongType(Q.VECTORP, components);
    }
  }

  @Primitive(
      value = "compose-region-internal",
      min = 2,
      doc = "Give the text between START and END the composition of COMPONENTS.")
  static Object composeRegion(
      Task t, Object start, Object end, Object components, Object function) {
    checkComponents(components);
    long a = Buffer.position(t, start);
    long b = Buffer.position(t, end);
    Object from = Math.min(a, b);
    Object to = Math.max(a, b);
    if ((Long) from < (Long) t.call(POINT_MIN) || (Long) to > (Long) t.call(POINT_MAX)) {
      throw LispSignal.outOfRange(t.call(CURRENT_BUFFER), start, end);
    }
    t.call(
        PUT_TEXT_PROPERTY,
        from,
        to,
        COMPOSITION,
        property(t, from, to, components, function),
        Symbol.NIL);
    return Symbol.NIL;
  }

  @Primitive(
      value = "compose-string-internal",
      min = 3,
      doc = "Give the part START to END of STRING the composition of COMPONENTS; return STRING.")
  static Object composeString(
      Task t, Object string, Object start, Object end, Object components, Object function) {
    LispString s = Lisp.string(string);
    long from = integer(start);
    long to = integer(end);
    if (from < 0 || from > to || to > s.length(t.c)) {
      throw LispSignal.outOfRange(s, start, end);
    }
    t.call(
        PUT_TEXT_PROPERTY,
        start,
        end,
        COMPOSITION,
        property(t, start, end, components, function),
        s);
    return s;
  }

  private static long integer(Object x) {
    if (!Lisp.isInteger(x)) {
      throw LispSignal.wrongType(Q.INTEGERP, x);
    }
    return x instanceof Long l ? l : -1;
  }

  @Primitive(
      value = "find-composition-internal",
      doc =
          "Return information about the composition at or near POS in STRING or the buffer.\n"
              + "LIMIT says how far to look; DETAIL-P non-nil: tell components too.")
  static Object find(Task t, Object pos, Object limit, Object string, Object detailP) {
    long at = Buffer.position(t, pos);
    long until = limit == Symbol.NIL ? 0 : Buffer.position(t, limit);
    Object object = string;
    long min;
    long max;
    if (string == Symbol.NIL) {
      min = (Long) t.call(POINT_MIN);
      max = (Long) t.call(POINT_MAX);
      if (at < min || at > max) {
        throw LispSignal.outOfRange(t.call(CURRENT_BUFFER), pos);
      }
    } else {
      min = 0;
      max = Lisp.string(string).length(t.c);
      if (at < 0 || at > max) {
        throw LispSignal.outOfRange(string, pos);
      }
    }
    Object value = at < max ? t.call(GET_TEXT_PROPERTY, at, COMPOSITION, object) : Symbol.NIL;
    if (value == Symbol.NIL && limit != Symbol.NIL) {
      Object next =
          until > at
              ? t.call(NEXT_CHANGE, at, COMPOSITION, object, limit)
              : at > min ? t.call(PREVIOUS_CHANGE, at, COMPOSITION, object, limit) : at;
      if (next instanceof Long n && n != at) {
        at = (Long) limit > at ? n : n - 1;
        value =
            at >= min && at < max ? t.call(GET_TEXT_PROPERTY, at, COMPOSITION, object) : Symbol.NIL;
      }
    }
    if (value == Symbol.NIL) {
      return Symbol.NIL;
    }
    Object start =
        at + 1 <= max ? t.call(PREVIOUS_CHANGE, at + 1, COMPOSITION, object, min) : (Object) at;
    Object end = t.call(NEXT_CHANGE, at, COMPOSITION, object, max);
    long length = (Long) end - (Long) start;
    boolean valid =
        value instanceof org.elver.heap.object.Pair p
            && p.first(t.c) instanceof org.elver.heap.object.Pair key
            && Lisp.eq(key.first(t.c), length);
    if (detailP == Symbol.NIL || !valid) {
      return t.list(start, end, Lisp.bool(valid));
    }
    org.elver.heap.object.Pair p = (org.elver.heap.object.Pair) value;
    Object components = ((org.elver.heap.object.Pair) p.first(t.c)).second(t.c);
    Object shown = components;
    if (components == Symbol.NIL) {
      Object text =
          string == Symbol.NIL
              ? t.call(Symbol.known("buffer-substring-no-properties"), start, end)
              : t.call(Symbol.known("substring"), string, start, end);
      shown = t.call(Symbol.known("vconcat"), text);
    } else if (components instanceof Long || components instanceof LispString) {
      shown =
          t.call(
              Symbol.known("vconcat"),
              components instanceof Long ? t.list(components) : components);
    }
    return t.list(start, end, shown, Lisp.bool(!(components instanceof Vector)), p.second(t.c), 1L);
  }

  @Primitive(
      value = "composition-get-gstring",
      doc = "Return the glyph-string of characters FROM to TO of STRING or the buffer.")
  static Object glyphString(Task t, Object from, Object to, Object fontObject, Object string) {
    if (fontObject != Symbol.NIL) {
      Terminals.terminal(t, fontObject);
    }
    int[] codes;
    if (string == Symbol.NIL) {
      LispString s = (LispString) t.call(Symbol.known("buffer-substring-no-properties"), from, to);
      codes = s.codeArray(t.c);
    } else {
      LispString s = Lisp.string(string);
      long a = integer(from);
      long b = integer(to);
      if (a < 0 || a > b || b > s.length(t.c)) {
        throw LispSignal.outOfRange(s, from, to);
      }
      codes = s.substring(t.c, (int) a, (int) b).codeArray(t.c);
    }
    if (codes.length == 0) {
      throw LispSignal.error("Attempt to shape zero-length text");
    }
    Object[] header = new Object[codes.length + 1];
    header[0] = TERMINAL.rawValue(t) == Symbol.UNBOUND ? Symbol.NIL : TERMINAL.rawValue(t);
    Object[] all = new Object[Math.max(codes.length, 8) + 2];
    java.util.Arrays.fill(all, Symbol.NIL);
    for (int i = 0; i < codes.length; i++) {
      long ch = codes[i];
      header[i + 1] = ch;
      long w = org.elver.lisp.chartable.Width.of(t, codes[i]);
      all[i + 2] = new Vector(t.c, (long) i, (long) i, ch, ch, w, 0L, w, 1L, 0L, Symbol.NIL);
    }
    all[0] = new Vector(t.c, header);
    return new Vector(t.c, all);
  }
}
