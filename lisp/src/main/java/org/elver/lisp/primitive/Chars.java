package org.elver.lisp.primitive;

import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.chartable.Width;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Characters: their codes, bytes, modifiers and widths. */
final class Chars {
  private static final long SHIFT = 1 << 25;
  private static final long CONTROL = 1 << 26;
  private static final long MODIFIERS = 0x3FL << 22;

  private static final Symbol MULTIBYTE = Symbol.known("enable-multibyte-characters");
  private static final Symbol CHAR_AFTER = Symbol.known("char-after");
  private static final Symbol POINT = Symbol.known("point");
  private static final Symbol POINT_MIN = Symbol.known("point-min");
  private static final Symbol POINT_MAX = Symbol.known("point-max");

  private Chars() {}

  static void variables(Task t) {
    Object[] none = new Object[16];
    java.util.Arrays.fill(none, Symbol.NIL);
    Vm.defvar(t, "translation-table-vector", new Vector(t.c, none));
    CharTable fill = CharTable.make(t.c, Symbol.known("auto-fill-chars"), 0, Symbol.NIL);
    fill.setChar(t.c, ' ', Symbol.T);
    fill.setChar(t.c, '\n', Symbol.T);
    Vm.defvar(t, "auto-fill-chars", fill);
    CharTable width = CharTable.make(t.c, Symbol.NIL, 0, 1L);
    width.setRange(t.c, 0x80, 0x9F, 4L);
    width.setRange(t.c, 0x3FFF80, LispString.MAX_CHAR, 4L);
    Vm.defvar(t, "char-width-table", width);
    CharTable printable = CharTable.make(t.c, Symbol.NIL, 0, Symbol.NIL);
    printable.setRange(t.c, 32, 126, Symbol.T);
    printable.setRange(t.c, 160, 0x3FFF7F, Symbol.T);
    Vm.defvar(t, "printable-chars", printable);
    Symbol script = Symbol.known("char-script-table");
    Chartab.putProperty(t, script, CharTable.extraSlotsProperty(), 1L);
    Vm.defvar(t, "char-script-table", CharTable.make(t.c, script, 1, Symbol.NIL));
    Vm.defvar(t, "script-representative-chars", Symbol.NIL);
    Vm.defvar(t, "unicode-category-table", Symbol.NIL);
  }

  @Primitive(value = "characterp", min = 1, doc = "Return t if OBJECT is a character.")
  static boolean isCharacter(Task t, Object object, Object ignore) {
    return Lisp.isCharacter(object);
  }

  @Primitive(value = "max-char", doc = "Return the greatest character.")
  static int maxChar(Task t) {
    return LispString.MAX_CHAR;
  }

  @Primitive(
      value = "unibyte-char-to-multibyte",
      doc = "Return the character that stands for the byte CH in multibyte text.")
  static Object toMultibyte(Task t, Object ch) {
    int c = Lisp.character(ch);
    if (c >= 256) {
      throw LispSignal.error("Not a unibyte character: " + c);
    }
    return (long) (c < 128 ? c : c + LispString.RAW_BYTE);
  }

  @Primitive(
      value = "multibyte-char-to-unibyte",
      doc = "Return the byte that the character CH stands for, or -1.")
  static Object toUnibyte(Task t, Object ch) {
    int c = Lisp.character(ch);
    if (c < 256) {
      return ch;
    }
    return c >= 0x3FFF80 ? (long) (c & 0xFF) : -1L;
  }

  @Primitive(
      value = "char-resolve-modifiers",
      doc = "Return CHAR with modifiers resolved into it as far as that can be.")
  static Object resolveModifiers(Task t, Object charArg) {
    long c = Lisp.fixnum(charArg);
    if ((c & ~MODIFIERS) < 0 || (c & ~MODIFIERS) > 127) {
      return charArg;
    }
    long base = c & 0xFF;
    if ((c & SHIFT) != 0) {
      if (base >= 'A' && base <= 'Z') {
        c &= ~SHIFT;
      } else if (base >= 'a' && base <= 'z') {
        c = (c & ~SHIFT) - 32;
      } else if (base <= 32) {
        c &= ~SHIFT;
      }
    }
    base = c & 0xFF;
    if ((c & CONTROL) != 0) {
      if (base == ' ') {
        c &= ~0x7FL & ~CONTROL;
      } else if (base == '?') {
        c = 127 | (c & ~0x7FL & ~CONTROL);
      } else if (((base & 0x5F) >= 'A' && (base & 0x5F) <= 'Z') || (base >= '@' && base <= '_')) {
        c &= 31 | (~0x7FL & ~CONTROL);
      }
    }
    return Lisp.integer(c);
  }

  @Primitive(value = "char-width", doc = "Return the number of columns that CHAR takes.")
  static int charWidth(Task t, Object charArg) {
    return Width.of(t, Lisp.character(charArg));
  }

  @Primitive(
      value = "string-width",
      min = 1,
      doc = "Return the number of columns that STRING takes, or the part of it FROM to TO.")
  static Object stringWidth(Task t, Object string, Object from, Object to) {
    LispString s = Lisp.string(string);
    int n = s.length(t.c);
    int a = index(s, from, 0, n, from, to);
    int b = index(s, to, n, n, from, to);
    if (a > b) {
      throw LispSignal.outOfRange(s, from, to);
    }
    return Width.of(t, s, a, b);
  }

  private static int index(LispString s, Object i, int missing, int n, Object from, Object to) {
    if (i == Symbol.NIL) {
      return missing;
    }
    if (!(i instanceof Long l)) {
      throw LispSignal.wrongType(Q.INTEGERP, i);
    }
    long at = l < 0 ? l + n : l;
    if (at < 0 || at > n) {
      throw LispSignal.outOfRange(s, from, to);
    }
    return (int) at;
  }

  @Primitive(value = "string", args = "(&rest CHARACTERS)", doc = "Return a string of CHARACTERS.")
  static Object string(Task t, Object[] characters) {
    int[] codes = new int[characters.length];
    boolean ascii = true;
    for (int i = 0; i < codes.length; i++) {
      codes[i] = Lisp.character(characters[i]);
      ascii &= codes[i] < 128;
    }
    return LispString.of(t.c, codes, !ascii);
  }

  @Primitive(
      value = "unibyte-string",
      args = "(&rest BYTES)",
      doc = "Return a unibyte string of BYTES.")
  static Object unibyteString(Task t, Object[] bytes) {
    byte[] b = new byte[bytes.length];
    for (int i = 0; i < b.length; i++) {
      if (!Lisp.isInteger(bytes[i])) {
        throw LispSignal.wrongType(Q.INTEGERP, bytes[i]);
      }
      if (!(bytes[i] instanceof Long l && l >= 0 && l < 256)) {
        throw LispSignal.outOfRange(bytes[i], 0L, 255L);
      }
      b[i] = (byte) (long) l;
    }
    return LispString.unibyte(t.c, b);
  }

  @Primitive(
      value = "get-byte",
      min = 0,
      doc =
          "Return the byte at POSITION (default: point) of the current buffer, or of STRING.\n"
              + "Signal an error for a character that stands for no byte.")
  static Object getByte(Task t, Object position, Object string) {
    int ch;
    if (string == Symbol.NIL) {
      Object at = position == Symbol.NIL ? t.call(POINT) : position;
      Object after = t.call(CHAR_AFTER, at);
      if (after == Symbol.NIL) {
        if (position == Symbol.NIL) {
          return 0L;
        }
        throw LispSignal.outOfRange(position, t.call(POINT_MIN), t.call(POINT_MAX));
      }
      ch = Lisp.character(after);
      if (ch < 256 && !Lisp.isTrue(Variables.orNil(t, MULTIBYTE))) {
        return after;
      }
    } else {
      LispString s = Lisp.string(string);
      long i = position == Symbol.NIL ? 0 : Lisp.natnum(position);
      if (i >= s.length(t.c) && (position != Symbol.NIL || s.length(t.c) > 0)) {
        throw LispSignal.outOfRange(s, position);
      }
      ch = s.length(t.c) == 0 ? 0 : s.get(t.c, (int) i);
      if (!s.isMultibyte(t.c)) {
        return (long) ch;
      }
    }
    if (ch >= 128 && ch < 0x3FFF80) {
      throw LispSignal.error("Not an ASCII nor an 8-bit character: " + ch);
    }
    return (long) (ch & 0xFF);
  }
}
