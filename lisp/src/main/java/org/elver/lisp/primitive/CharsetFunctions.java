package org.elver.lisp.primitive;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.coding.Charset;
import org.elver.lisp.coding.CharsetDefinition;
import org.elver.lisp.coding.Charsets;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Character sets. */
final class CharsetFunctions {
  private static final Symbol CHAR_AFTER = Symbol.known("char-after");
  private static final Symbol POINT = Symbol.known("point");
  private static final Symbol SUBSTRING = Symbol.known("buffer-substring-no-properties");
  private static final Symbol CHARSET_LIST = Symbol.known(":charset-list");

  private CharsetFunctions() {}

  static void variables(Task t) {
    Vm.defvar(t, "charset-list", Symbol.NIL);
    Vm.defvar(
        t, "charset-map-path", t.list(LispString.of(t.c, "/usr/share/emacs/28.2/etc/charsets")));
    Vm.defvar(t, "inhibit-load-charset-map", Symbol.NIL);
    Vm.defvar(t, "current-iso639-language", Symbol.NIL);
    Charsets.initialize(t);
    Charsets.defineBuiltIn(t);
  }

  @Primitive(value = "charsetp", doc = "Return t if OBJECT names a character set.")
  static boolean isCharset(Task t, Object object) {
    return Charsets.find(t, object) != null;
  }

  @Primitive(
      value = "define-charset-internal",
      args = "(NAME &rest ATTRIBUTES)",
      min = 17,
      doc = "Define a character set; only for `define-charset'.")
  static Object define(Task t, Object[] args) {
    if (args.length != 17) {
      throw new LispSignal(
          Q.WRONG_NUMBER_OF_ARGUMENTS, Symbol.known("define-charset-internal"), (long) args.length);
    }
    Lisp.symbol(args[0]);
    if (!(args[2] instanceof org.elver.heap.object.Vector)) {
      throw LispSignal.wrongType(Q.ARRAYP, args[2]);
    }
    CharsetDefinition.define(t, args);
    return Symbol.NIL;
  }

  @Primitive(
      value = "define-charset-alias",
      doc = "Make ALIAS another name of the character set CHARSET.")
  static Object alias(Task t, Object alias, Object charset) {
    Charset c = Charsets.check(t, charset);
    Charsets.alias(t, Lisp.symbol(alias), c);
    return Symbol.NIL;
  }

  @Primitive(value = "charset-plist", doc = "Return the property list of CHARSET.")
  static Object plist(Task t, Object charset) {
    return Charsets.check(t, charset).plist(t.c);
  }

  @Primitive(value = "set-charset-plist", doc = "Set the property list of CHARSET to PLIST.")
  static Object setPlist(Task t, Object charset, Object plist) {
    Charsets.check(t, charset).setPlist(t.c, plist);
    return plist;
  }

  @Primitive(
      value = "unify-charset",
      min = 1,
      doc =
          "Have characters of CHARSET be those of Unicode, by UNIFY-MAP or its own map.\n"
              + "DEUNIFY non-nil: no longer.")
  static Object unify(Task t, Object charset, Object unifyMap, Object deunify) {
    Charsets.check(t, charset).unify(t, unifyMap, deunify == Symbol.NIL);
    return Symbol.NIL;
  }

  private static void checkIso(Object dimension, Object chars, Object last) {
    long d = Lisp.fixnum(dimension);
    if (d < 1 || d > 3) {
      throw LispSignal.error("Invalid DIMENSION " + d + ", it should be 1, 2, or 3");
    }
    long n = Lisp.fixnum(chars);
    if (n != 94 && n != 96) {
      throw LispSignal.error("Invalid CHARS " + n + ", it should be 94 or 96");
    }
    int f = Lisp.character(last);
    if (f < '0' || f > '~') {
      throw LispSignal.error(
          "Invalid FINAL-CHAR ‘"
              + Character.toString(Math.min(f, LispString.MAX_UNICODE))
              + "’, it should be ‘0’..‘~’");
    }
  }

  @Primitive(
      value = "get-unused-iso-final-char",
      doc = "Return a final byte that designates no character set of DIMENSION and CHARS yet.")
  static Object unusedFinal(Task t, Object dimension, Object chars) {
    checkIso(dimension, chars, (long) '0');
    for (int f = '0'; f <= '?'; f++) {
      if (Charsets.iso(t, Lisp.clampedInt(dimension), Lisp.clampedInt(chars), f) == Symbol.NIL) {
        return (long) f;
      }
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "declare-equiv-charset",
      doc = "Let a designation of DIMENSION, CHARS and FINAL-CHAR mean CHARSET.")
  static Object declareEquivalent(
      Task t, Object dimension, Object chars, Object finalChar, Object charset) {
    Charset c = Charsets.check(t, charset);
    checkIso(dimension, chars, finalChar);
    Charsets.setIso(
        t, Lisp.clampedInt(dimension), Lisp.clampedInt(chars), Lisp.character(finalChar), c.name());
    return Symbol.NIL;
  }

  @Primitive(
      value = "iso-charset",
      doc = "Return the character set that DIMENSION, CHARS and FINAL-CHAR designate, or nil.")
  static Object isoCharset(Task t, Object dimension, Object chars, Object finalChar) {
    checkIso(dimension, chars, finalChar);
    return Charsets.iso(
        t, Lisp.clampedInt(dimension), Lisp.clampedInt(chars), Lisp.character(finalChar));
  }

  @Primitive(value = "charset-id-internal", min = 0, doc = "Return the number of CHARSET.")
  static int id(Task t, Object charset) {
    return Charsets.check(t, charset).id();
  }

  /** A code: an integer, a float that is one, or a pair of integers. */
  private static long code(Task t, Object x) {
    if (x instanceof Long l && l >= 0) {
      return l;
    }
    if (x instanceof Double d && d >= 0 && d < 1L << 40 && d == Math.rint(d)) {
      return (long) (double) d;
    }
    if (x instanceof Pair p && p.first(t.c) instanceof Long high && high >= 0 && high < 1L << 24) {
      Object rest = p.second(t.c) instanceof Pair q ? q.first(t.c) : p.second(t.c);
      if (rest instanceof Long low && low >= 0 && low < 1L << 16) {
        return (high << 16) + low;
      }
    }
    if (x instanceof BigInteger b && b.signum() > 0) {
      return Long.MAX_VALUE;
    }
    throw LispSignal.error("Not an in-range integer, integral float, or cons of integers");
  }

  @Primitive(
      value = "decode-char",
      doc = "Return the character that CODE-POINT of CHARSET stands for, or nil.")
  static Object decodeChar(Task t, Object charset, Object codePoint) {
    Charset c = Charsets.check(t, charset);
    int ch = c.decode(t, code(t, codePoint));
    return ch < 0 ? Symbol.NIL : (Object) (long) ch;
  }

  @Primitive(value = "encode-char", doc = "Return the code of CH in CHARSET, or nil.")
  static Object encodeChar(Task t, Object ch, Object charset) {
    Charset c = Charsets.check(t, charset);
    long code = c.encode(t, Lisp.character(ch));
    return code < 0 ? Symbol.NIL : (Object) code;
  }

  @Primitive(
      value = "make-char",
      min = 1,
      doc = "Return the character of CHARSET whose code has the bytes CODE1 to CODE4.")
  static Object makeChar(
      Task t, Object charset, Object code1, Object code2, Object code3, Object code4) {
    Charset c = Charsets.check(t, charset);
    Object[] bytes = {code1, code2, code3, code4};
    int n = c.dimension();
    long code = 0;
    if (code1 == Symbol.NIL) {
      code = c.min();
    } else {
      for (int i = 0; i < n; i++) {
        long b;
        if (bytes[i] == Symbol.NIL) {
          b = c.min() >> (8 * (n - 1 - i)) & 0xFF;
        } else {
          b = Lisp.natnum(bytes[i]);
          if (b > 255) {
            throw LispSignal.outOfRange(255L, bytes[i]);
          }
        }
        code = code << 8 | b;
      }
    }
    if (c.isoFinal() >= 0) {
      code &= 0x7F7F7F7F;
    }
    int ch = c.decode(t, code);
    if (ch < 0) {
      throw LispSignal.error("Invalid code(s)");
    }
    return (long) ch;
  }

  @Primitive(
      value = "split-char",
      doc = "Return a list of the character set of CH and the bytes of its code there.")
  static Object splitChar(Task t, Object ch) {
    int character = Lisp.character(ch);
    Charset c = Charsets.of(t, character);
    long code = c.encode(t, character);
    Object list = Symbol.NIL;
    for (int i = 0; i < c.dimension(); i++) {
      list = t.cons(code & 0xFF, list);
      code >>= 8;
    }
    return t.cons(c.name(), list);
  }

  @Primitive(
      value = "char-charset",
      min = 1,
      doc =
          "Return the character set of the highest priority that has CH.\n"
              + "RESTRICTION, a list of character sets or a coding system, limits which.")
  static Object charCharset(Task t, Object ch, Object restriction) {
    int character = Lisp.character(ch);
    if (restriction == Symbol.NIL) {
      return Charsets.of(t, character).name();
    }
    Object names =
        restriction instanceof Pair
            ? restriction
            : CodingFunctions.get(t, restriction, CHARSET_LIST);
    if (!(names instanceof Pair) && names != Symbol.NIL) {
      return Charsets.of(t, character).name();
    }
    Charset c = Charsets.of(t, character, names);
    return c == null ? Symbol.NIL : c.name();
  }

  @Primitive(
      value = "charset-after",
      min = 0,
      doc = "Return the character set of the character at POS, by default point.")
  static Object charsetAfter(Task t, Object pos) {
    Object ch = t.call(CHAR_AFTER, pos == Symbol.NIL ? t.call(POINT) : pos);
    if (!(ch instanceof Long l)) {
      return Symbol.NIL;
    }
    return Charsets.of(t, (int) (long) l).name();
  }

  private static Object found(Task t, LispString s) {
    List<Charset> all = new ArrayList<>();
    int[] codes = s.characters(t.c);
    java.util.BitSet seen = new java.util.BitSet();
    for (int ch : codes) {
      int key = ch < 128 ? 0 : ch >= 0x3FFF80 ? 0x3FFF80 : ch;
      if (!seen.get(key)) {
        seen.set(key);
        Charset c = Charsets.of(t, ch);
        if (!all.contains(c)) {
          all.add(c);
        }
      }
    }
    all.sort((a, b) -> Integer.compare(a.id(), b.id()));
    return Lisp.list(t.c, all.stream().map(Charset::name).toList());
  }

  @Primitive(
      value = "find-charset-string",
      min = 1,
      doc =
          "Return the character sets of the characters in STR.\n"
              + "TABLE is a translation table applied first.")
  static Object findString(Task t, Object str, Object table) {
    return found(t, Lisp.string(str));
  }

  @Primitive(
      value = "find-charset-region",
      min = 2,
      doc =
          "Return the character sets of the characters between BEG and END.\n"
              + "TABLE is a translation table applied first.")
  static Object findRegion(Task t, Object beg, Object end, Object table) {
    LispString s = (LispString) t.call(SUBSTRING, beg, end);
    return s.length(t.c) == 0 ? t.list(Charsets.ascii()) : found(t, s);
  }

  @Primitive(
      value = "charset-priority-list",
      min = 0,
      doc = "Return character sets in order of priority; HIGHESTP non-nil: the first.")
  static Object priorities(Task t, Object highestp) {
    Object order = Charsets.order(t);
    return highestp == Symbol.NIL
        ? Lisp.list(t.c, Lisp.elements(t.c, order))
        : Lisp.car(t.c, order);
  }

  @Primitive(
      value = "set-charset-priority",
      args = "(&rest CHARSETS)",
      min = 1,
      doc = "Give CHARSETS the highest priorities.")
  static Object setPriority(Task t, Object[] charsets) {
    List<Charset> all = new ArrayList<>();
    for (Object x : charsets) {
      all.add(Charsets.check(t, x));
    }
    Charsets.prefer(t, all);
    return Symbol.NIL;
  }

  @Primitive(value = "sort-charsets", doc = "Sort CHARSETS, a list, by priority, changing it.")
  static Object sort(Task t, Object charsets) {
    List<Object> order = Lisp.elements(t.c, Charsets.order(t));
    List<Object> all = Lisp.elements(t.c, charsets);
    for (int i = 0; i < all.size(); i++) {
      all.set(i, Charsets.check(t, all.get(i)).name());
    }
    all.sort((a, b) -> Integer.compare(order.indexOf(a), order.indexOf(b)));
    int i = 0;
    for (Object tail = charsets; tail instanceof Pair p; tail = p.second(t.c)) {
      p.setFirst(t.c, all.get(i++));
    }
    return charsets;
  }

  @Primitive(value = "clear-charset-maps", doc = "Forget maps of character sets read from files.")
  static Object clearMaps(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "map-charset-chars",
      min = 2,
      doc =
          "Call FUNCTION with each range (FROM . TO) of characters of CHARSET and ARG.\n"
              + "FROM-CODE and TO-CODE limit the codes.")
  static Object map(
      Task t, Object function, Object charset, Object arg, Object fromCode, Object toCode) {
    Charset c = Charsets.check(t, charset);
    long from = fromCode == Symbol.NIL ? c.min() : Math.max(code(t, fromCode), c.min());
    long to = toCode == Symbol.NIL ? c.max() : Math.min(code(t, toCode), c.max());
    int[] characters = c.characters(t, from, to);
    Arrays.sort(characters);
    List<Object> ranges = new ArrayList<>();
    for (int i = 0; i < characters.length; ) {
      int j = i;
      while (j + 1 < characters.length && characters[j + 1] <= characters[j] + 1) {
        j++;
      }
      ranges.add(t.cons((long) characters[i], (long) characters[j]));
      i = j + 1;
    }
    return new EachRange(function, ranges.toArray(), arg).resume(t, Symbol.NIL);
  }

  private static final class EachRange extends NativeFrame {
    private final Object function;
    private final Object[] ranges;
    private final Object argument;
    private int next;

    EachRange(Object function, Object[] ranges, Object argument) {
      this.function = function;
      this.ranges = ranges;
      this.argument = argument;
    }

    @Override
    public Object resume(Task t, Object value) {
      return next == ranges.length
          ? Symbol.NIL
          : t.invoke(this, function, ranges[next++], argument);
    }
  }
}
