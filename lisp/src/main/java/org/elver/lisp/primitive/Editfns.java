package org.elver.lisp.primitive;

import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferLife;
import org.elver.lisp.text.BufferVariable;

/** Point, narrowing, and reading the text of the current buffer. */
final class Editfns {
  private static final Symbol FONTIFY_FUNCTIONS = Symbol.known("buffer-access-fontify-functions");
  private static final Symbol FONTIFIED_PROPERTY = Symbol.known("buffer-access-fontified-property");

  private Editfns() {}

  static void variables(Task t) {
    Vm.defvar(t, "binary-as-unsigned", Symbol.NIL);
    Vm.defvar(t, FONTIFIED_PROPERTY, Symbol.NIL);
    Vm.defvar(t, FONTIFY_FUNCTIONS, Symbol.NIL);
    Vm.defvar(t, "inhibit-field-text-motion", Symbol.NIL);
  }

  // ---- Point and narrowing
  // -------------------------------------------------------------------------

  @Primitive(value = "point", doc = "Return point, as a number.")
  static long point(Task t) {
    return Buffer.current(t).point(t.c);
  }

  @Primitive(value = "point-min", doc = "Return the first accessible position.")
  static long pointMin(Task t) {
    return Buffer.current(t).begv(t.c);
  }

  @Primitive(value = "point-max", doc = "Return the last accessible position.")
  static long pointMax(Task t) {
    return Buffer.current(t).zv(t.c);
  }

  @Primitive(
      value = "goto-char",
      interactive = "(goto-char--read-natnum-interactive \"Go to char: \")",
      doc = "Set point to POSITION, a number or marker; return POSITION.")
  static Object gotoChar(Task t, Object position) {
    Buffer b = Buffer.current(t);
    long p = Buffer.position(t, position);
    b.setPoint(t.c, (int) Math.clamp(p, (long) b.begv(t.c), (long) b.zv(t.c)));
    return position;
  }

  @Primitive(
      value = "narrow-to-region",
      interactive = "r",
      doc = "Make only the text between START and END accessible.")
  static Object narrowToRegion(Task t, Object start, Object end) {
    long a = Buffer.position(t, start);
    long z = Buffer.position(t, end);
    if (a > z) {
      long x = a;
      a = z;
      z = x;
    }
    Buffer b = Buffer.current(t);
    if (a < 1 || z > b.z(t.c)) {
      throw LispSignal.outOfRange(start, end);
    }
    b.setNarrowing(t.c, (int) a, (int) z);
    b.setPoint(t.c, Math.clamp(b.point(t.c), (int) a, (int) z));
    return Symbol.NIL;
  }

  @Primitive(value = "widen", interactive = "", doc = "Make all text accessible.")
  static Object widen(Task t) {
    Buffer.current(t).widen(t.c);
    return Symbol.NIL;
  }

  @Primitive(
      value = "buffer-size",
      min = 0,
      doc = "Return the number of characters in BUFFER, narrowing aside.")
  static long bufferSize(Task t, Object buffer) {
    return Buffer.orCurrent(t, buffer).z(t.c) - 1L;
  }

  // ---- Characters
  // ------------------------------------------------------------------------------------

  @Primitive(
      value = "char-after",
      min = 0,
      doc = "Return the character after position POS (default point), or nil at the end.")
  static Object charAfter(Task t, Object pos) {
    Buffer b = Buffer.current(t);
    long p = pos == Symbol.NIL ? b.point(t.c) : Buffer.position(t, pos);
    return p < b.begv(t.c) || p >= b.zv(t.c) ? Symbol.NIL : (Object) (long) b.charAt(t.c, (int) p);
  }

  @Primitive(
      value = "char-before",
      min = 0,
      doc = "Return the character before position POS (default point), or nil at the beginning.")
  static Object charBefore(Task t, Object pos) {
    Buffer b = Buffer.current(t);
    long p = pos == Symbol.NIL ? b.point(t.c) : Buffer.position(t, pos);
    return p <= b.begv(t.c) || p > b.zv(t.c)
        ? Symbol.NIL
        : (Object) (long) b.charAt(t.c, (int) p - 1);
  }

  @Primitive(value = "following-char", doc = "Return the character after point, or 0 at the end.")
  static long followingChar(Task t) {
    Buffer b = Buffer.current(t);
    int p = b.point(t.c);
    return p >= b.zv(t.c) ? 0 : b.charAt(t.c, p);
  }

  @Primitive(
      value = "preceding-char",
      doc = "Return the character before point, or 0 at the beginning.")
  static long precedingChar(Task t) {
    Buffer b = Buffer.current(t);
    int p = b.point(t.c);
    return p <= b.begv(t.c) ? 0 : b.charAt(t.c, p - 1);
  }

  @Primitive(value = "bobp", doc = "Return t if point is at the beginning of the accessible text.")
  static boolean bobp(Task t) {
    Buffer b = Buffer.current(t);
    return b.point(t.c) == b.begv(t.c);
  }

  @Primitive(value = "eobp", doc = "Return t if point is at the end of the accessible text.")
  static boolean eobp(Task t) {
    Buffer b = Buffer.current(t);
    return b.point(t.c) == b.zv(t.c);
  }

  @Primitive(value = "bolp", doc = "Return t if point is at the beginning of a line.")
  static boolean bolp(Task t) {
    Buffer b = Buffer.current(t);
    int p = b.point(t.c);
    return p == b.begv(t.c) || b.charAt(t.c, p - 1) == '\n';
  }

  @Primitive(value = "eolp", doc = "Return t if point is at the end of a line.")
  static boolean eolp(Task t) {
    Buffer b = Buffer.current(t);
    int p = b.point(t.c);
    return p == b.zv(t.c) || b.charAt(t.c, p) == '\n';
  }

  @Primitive(
      value = "gap-position",
      doc = "Return the position of the gap; it has no meaning here.")
  static long gapPosition(Task t) {
    return 1;
  }

  @Primitive(value = "gap-size", doc = "Return the size of the gap; it has no meaning here.")
  static long gapSize(Task t) {
    return 20;
  }

  // ---- Parts of the text
  // -----------------------------------------------------------------------------

  /** Two positions of the current buffer's accessible text; signals with the buffer otherwise. */
  static int[] region(Task t, Object start, Object end) {
    long a = Buffer.position(t, start);
    long z = Buffer.position(t, end);
    Buffer b = Buffer.current(t);
    long from = Math.min(a, z);
    long to = Math.max(a, z);
    if (from < b.begv(t.c) || to > b.zv(t.c)) {
      throw LispSignal.outOfRange(b, start, end);
    }
    return new int[] {(int) from, (int) to};
  }

  private static LispString string(Task t, int from, int to) {
    fontify(t, from, to);
    return Buffer.current(t).substring(t.c, from, to, true);
  }

  /** Calls the functions that give text its properties when it is looked at. */
  private static void fontify(Task t, int from, int to) {
    if (Variables.orNil(t, FONTIFY_FUNCTIONS) == Symbol.NIL) {
      return;
    }
    Object property = Variables.orNil(t, FONTIFIED_PROPERTY);
    if (property == Symbol.NIL
        || t.callNamed("text-property-any", (long) from, (long) to, property, Symbol.NIL)
            != Symbol.NIL) {
      t.callNamed("run-hook-with-args", FONTIFY_FUNCTIONS, (long) from, (long) to);
    }
  }

  @Primitive(
      value = "buffer-string",
      doc = "Return the accessible text of the current buffer, with its properties.")
  static Object bufferString(Task t) {
    Buffer b = Buffer.current(t);
    return string(t, b.begv(t.c), b.zv(t.c));
  }

  @Primitive(
      value = "buffer-substring",
      doc = "Return the text from START to END of the current buffer, with its properties.")
  static Object bufferSubstring(Task t, Object start, Object end) {
    int[] r = region(t, start, end);
    return string(t, r[0], r[1]);
  }

  @Primitive(
      value = "buffer-substring-no-properties",
      doc = "Return the text from START to END of the current buffer, without properties.")
  static Object bufferSubstringNoProperties(Task t, Object start, Object end) {
    int[] r = region(t, start, end);
    return Buffer.current(t).substring(t.c, r[0], r[1], false);
  }

  @Primitive(
      value = "compare-buffer-substrings",
      doc =
          "Compare text of two buffers; return 0, or how many characters match plus one, negative\n"
              + "if the first text is less.  A nil buffer is the current one, nil bounds are its"
              + " ends.\n"
              + "Heeds `case-fold-search'.")
  static long compareBufferSubstrings(
      Task t,
      Object buffer1,
      Object start1,
      Object end1,
      Object buffer2,
      Object start2,
      Object end2) {
    Buffer a = compared(t, buffer1);
    int[] x = bounds(t, a, start1, end1);
    Buffer b = compared(t, buffer2);
    int[] y = bounds(t, b, start2, end2);
    boolean fold = BufferVariable.CASE_FOLD_SEARCH.in(t, Buffer.current(t)) != Symbol.NIL;
    int n = Math.min(x[1] - x[0], y[1] - y[0]);
    for (int i = 0; i < n; i++) {
      int c = a.characterAt(t.c, x[0] + i);
      int d = b.characterAt(t.c, y[0] + i);
      if (fold && c != d) {
        c = folded(t, c);
        d = folded(t, d);
      }
      if (c != d) {
        return c < d ? -1L - i : i + 1L;
      }
      if ((i & 0xFFF) == 0xFFF) {
        t.safepoint();
      }
    }
    if (n < x[1] - x[0]) {
      return n + 1L;
    }
    return n < y[1] - y[0] ? -n - 1L : 0;
  }

  private static Buffer compared(Task t, Object x) {
    if (x == Symbol.NIL) {
      return Buffer.current(t);
    }
    Buffer b = Buffers.named(t, x);
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Selecting deleted buffer");
    }
    return b;
  }

  private static int[] bounds(Task t, Buffer b, Object start, Object end) {
    long from = start == Symbol.NIL ? b.begv(t.c) : Buffer.position(t, start);
    long to = end == Symbol.NIL ? b.zv(t.c) : Buffer.position(t, end);
    long x = Math.min(from, to);
    long y = Math.max(from, to);
    if (x < b.begv(t.c) || y > b.zv(t.c)) {
      throw LispSignal.outOfRange(start, end);
    }
    return new int[] {(int) x, (int) y};
  }

  private static int folded(Task t, int c) {
    return c < 128
        ? (c >= 'A' && c <= 'Z' ? c + 32 : c)
        : CaseTables.downcase(t.c, CaseTables.current(t), c);
  }

  // ---- Lines
  // -----------------------------------------------------------------------------------------

  /** Where the line {@code n - 1} lines below that of {@code from} begins. */
  static int lineStart(Task t, Buffer b, int from, long n) {
    return Cmds.lineBeginning(t, b, from, n);
  }

  @Primitive(
      value = "line-beginning-position",
      min = 0,
      doc =
          "Return the position of the first character on the line N - 1 lines below point,\n"
              + "within point's field.")
  static Object lineBeginningPosition(Task t, Object n) {
    long k = Cmds.lines(n);
    Buffer b = Buffer.current(t);
    int p = lineStart(t, b, b.point(t.c), k);
    return Fields.constrain(t, p, (long) b.point(t.c), Lisp.bool(k != 1), Symbol.T, Symbol.NIL);
  }

  @Primitive(
      value = "line-end-position",
      min = 0,
      doc = "Return the position of the end of the line N - 1 lines below point, within its field.")
  static Object lineEndPosition(Task t, Object n) {
    long k = Cmds.lines(n);
    Buffer b = Buffer.current(t);
    int p = Cmds.lineEnd(t, b, b.point(t.c), k);
    return Fields.constrain(t, p, (long) b.point(t.c), Symbol.NIL, Symbol.T, Symbol.NIL);
  }

  // ---- Bytes of Emacs's own encoding
  // -----------------------------------------------------------------

  @Primitive(
      value = "position-bytes",
      doc = "Return the byte position of character position POSITION, or nil outside the text.")
  static Object positionBytes(Task t, Object position) {
    long p = Buffer.position(t, position);
    Buffer b = Buffer.current(t);
    if (p < b.begv(t.c) || p > b.zv(t.c)) {
      return Symbol.NIL;
    }
    return bytesBefore(t, b, (int) p) + 1;
  }

  private static long bytesBefore(Task t, Buffer b, int pos) {
    if (!b.isMultibyte(t.c)) {
      return pos - 1L;
    }
    var cursor = b.codes(t.c).cursor(t.c, 0);
    long n = 0;
    for (int i = 1; i < pos; i++) {
      n += BufferLife.width(cursor.next());
    }
    return n;
  }

  @Primitive(
      value = "byte-to-position",
      doc = "Return the character position of byte position BYTEPOS, or nil outside the text.")
  static Object byteToPosition(Task t, Object bytepos) {
    long p = Lisp.fixnum(bytepos);
    Buffer b = Buffer.current(t);
    if (p < 1) {
      return Symbol.NIL;
    }
    int n = b.z(t.c) - 1;
    if (!b.isMultibyte(t.c)) {
      return p > n + 1 ? Symbol.NIL : (Object) p;
    }
    var cursor = b.codes(t.c).cursor(t.c, 0);
    long at = 1;
    for (int i = 1; i <= n; i++) {
      int w = BufferLife.width(cursor.next());
      if (p < at + w) {
        return (long) i;
      }
      at += w;
    }
    return p == at ? (Object) (n + 1L) : Symbol.NIL;
  }

  // ---- Characters as such
  // ----------------------------------------------------------------------------

  @Primitive(value = "char-to-string", doc = "Return a string of the one character CHAR.")
  static Object charToString(Task t, Object character) {
    int c = Lisp.character(character);
    return LispString.of(t.c, new int[] {c}, c > 127);
  }

  @Primitive(value = "byte-to-string", doc = "Return a unibyte string of the one byte BYTE.")
  static Object byteToString(Task t, Object b) {
    long x = Lisp.fixnum(b);
    if (x < 0 || x > 255) {
      throw LispSignal.error("Invalid byte");
    }
    return LispString.unibyte(t.c, new byte[] {(byte) x});
  }

  @Primitive(
      value = "string-to-char",
      doc = "Return the first character of STRING, 0 if it is empty.")
  static long stringToChar(Task t, Object string) {
    LispString s = Lisp.string(string);
    return s.length(t.c) == 0 ? 0 : s.get(t.c, 0);
  }

  @Primitive(
      value = "char-equal",
      doc =
          "Return t if C1 and C2 are the same character; case matters if `case-fold-search' is"
              + " nil.")
  static boolean charEqual(Task t, Object c1, Object c2) {
    int a = Lisp.character(c1);
    int b = Lisp.character(c2);
    if (a == b) {
      return true;
    }
    Buffer current = Buffer.current(t);
    if (BufferVariable.CASE_FOLD_SEARCH.in(t, current) == Symbol.NIL) {
      return false;
    }
    if (!current.isMultibyte(t.c)) {
      a = a >= 128 && a < 256 ? a + LispString.RAW_BYTE : a;
      b = b >= 128 && b < 256 ? b + LispString.RAW_BYTE : b;
    }
    return folded(t, a) == folded(t, b);
  }

  @Primitive(
      value = "ngettext",
      doc = "Return MSGID if N is 1, else MSGID-PLURAL: the form for N things.")
  static Object ngettext(Task t, Object msgid, Object msgidPlural, Object n) {
    Lisp.string(msgid);
    Lisp.string(msgidPlural);
    if (!Lisp.isInteger(n)) {
      throw LispSignal.wrongType(Q.INTEGERP, n);
    }
    return n.equals(1L) ? msgid : msgidPlural;
  }
}
