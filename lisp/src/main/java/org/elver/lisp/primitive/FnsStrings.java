package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.collection.BoolVector;
import org.elver.lisp.collection.ListCursor;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.TextProperties;
import org.elver.lisp.text.Buffer;

/** Strings: joining, cutting, comparing, converting. */
final class FnsStrings {
  private FnsStrings() {}

  @Primitive(
      value = "concat",
      doc = "Return a string of the characters of all SEQUENCES.",
      args = "(&rest SEQUENCES)")
  static Object concat(Task t, Object[] args) {
    Context c = t.c;
    long total = 0;
    boolean multibyte = false;
    boolean properties = false;
    Object[] parts = args;
    for (int i = 0; i < parts.length; i++) {
      if (!(parts[i] instanceof LispString s)) {
        if (parts == args) {
          parts = args.clone();
        }
        parts[i] = charactersOf(c, args[i]);
        int[] codes = (int[]) parts[i];
        total += codes.length;
        for (int code : codes) {
          // Raw bytes as characters stay so.
          multibyte |= code > 127;
        }
        continue;
      }
      total += s.length(c);
      boolean wide = s.isMultibyte(c);
      multibyte |= wide;
      properties |= s.properties(c) != null;
    }
    if (total > Integer.MAX_VALUE / 8) {
      throw new LispSignal(Q.OVERFLOW_ERROR);
    }
    int n = (int) total;
    LispString result = multibyte || !allBytes(c, parts) ? wide(c, parts, n) : narrow(c, parts, n);
    if (properties) {
      joinProperties(c, parts, result);
    }
    return result;
  }

  private static boolean allBytes(Context c, Object[] parts) {
    for (Object p : parts) {
      if (p instanceof LispString s && !(s.codes(c) instanceof byte[])) {
        return false;
      }
    }
    return true;
  }

  private static LispString narrow(Context c, Object[] parts, int n) {
    byte[] out = new byte[n];
    int at = 0;
    for (Object p : parts) {
      if (p instanceof LispString s) {
        byte[] b = (byte[]) s.codes(c);
        System.arraycopy(b, 0, out, at, b.length);
        at += b.length;
      } else {
        for (int code : (int[]) p) {
          out[at++] = (byte) code;
        }
      }
    }
    return LispString.unibyte(c, out);
  }

  private static LispString wide(Context c, Object[] parts, int n) {
    int[] out = new int[n];
    int at = 0;
    for (Object p : parts) {
      if (p instanceof LispString s) {
        int m = s.length(c);
        s.getCodes(c, 0, m, out, at);
        if (!s.isMultibyte(c)) {
          for (int i = at; i < at + m; i++) {
            if (out[i] > 127) {
              out[i] += LispString.RAW_BYTE;
            }
          }
        }
        at += m;
      } else {
        int[] codes = (int[]) p;
        System.arraycopy(codes, 0, out, at, codes.length);
        at += codes.length;
      }
    }
    return LispString.of(c, out, true);
  }

  private static void joinProperties(Context c, Object[] parts, LispString result) {
    TextProperties all = null;
    int at = 0;
    for (Object p : parts) {
      int m = p instanceof LispString s ? s.length(c) : ((int[]) p).length;
      if (p instanceof LispString s && s.properties(c) instanceof TextProperties own) {
        all = all == null ? own.after(at) : all.append(at, own);
      }
      at += m;
    }
    result.setProperties(c, all == null ? null : all.append(at, null));
  }

  /** The characters that a list or array of them stands for. */
  private static int[] charactersOf(Context c, Object x) {
    Object[] items = Fns.arrayElements(c, x);
    if (x instanceof BoolVector && items.length > 0) {
      throw LispSignal.wrongType(Q.INTEGERP, items[0]);
    }
    int[] codes = new int[items.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = Lisp.character(items[i]);
    }
    return codes;
  }

  /** The elements of a list with separators between them, joined. */
  static Object joined(Task t, Object list, Object separator) {
    List<Object> all = new ArrayList<>();
    ListCursor l = new ListCursor(list);
    while (l.tail instanceof Pair p) {
      if (!all.isEmpty()) {
        all.add(separator);
      }
      all.add(p.first(t.c));
      l.next(t.c, p);
    }
    if (l.tail != Symbol.NIL) {
      throw LispSignal.wrongType(Q.LISTP, l.tail);
    }
    return concat(t, all.toArray());
  }

  // ---- Cutting ----------------------------------------------------------------------------------

  /** Checks a range of an array of {@code size}; negative indices count from the end. */
  static int[] range(Object array, Object from, Object to, int size) {
    long f = from == Symbol.NIL ? 0 : index(from, size);
    long e = to == Symbol.NIL ? size : index(to, size);
    if (!(0 <= f && f <= e && e <= size)) {
      throw LispSignal.outOfRange(array, from, to);
    }
    return new int[] {(int) f, (int) e};
  }

  private static long index(Object x, int size) {
    if (x instanceof Long l) {
      return l < 0 ? l + size : l;
    }
    throw LispSignal.wrongType(Q.INTEGERP, x);
  }

  @Primitive(
      value = "substring",
      min = 1,
      doc = "Return the part of STRING (or vector) from index FROM to TO; negative: from the end.")
  static Object substring(Task t, Object string, Object from, Object to) {
    Context c = t.c;
    if (string instanceof LispString s) {
      int[] r = range(s, from, to, s.length(c));
      LispString part = s.substring(c, r[0], r[1]);
      if (s.properties(c) instanceof TextProperties p) {
        TextProperties of = p.part(r[0], r[1]);
        if (of != null) {
          part.setProperties(c, of);
        }
      }
      return part;
    }
    if (string instanceof Vector v) {
      int[] r = range(v, from, to, v.length(c));
      Object[] part = new Object[r[1] - r[0]];
      v.copyInto(c, r[0], part, 0, part.length);
      return Lisp.vector(c, part);
    }
    throw LispSignal.wrongType(Q.ARRAYP, string);
  }

  @Primitive(
      value = "substring-no-properties",
      min = 1,
      doc = "Return the part of STRING from index FROM to TO, without text properties.")
  static Object substringNoProperties(Task t, Object string, Object from, Object to) {
    LispString s = Lisp.string(string);
    int[] r = range(s, from, to, s.length(t.c));
    return s.substring(t.c, r[0], r[1]);
  }

  @Primitive(
      value = "object-intervals",
      doc = "Return the text properties of OBJECT: (BEG END PLIST)s.")
  static Object objectIntervals(Task t, Object object) {
    if (object instanceof LispString s) {
      return s.properties(t.c) instanceof TextProperties p ? p.intervals(t.c) : Symbol.NIL;
    }
    if (object instanceof Buffer b) {
      return b.intervals(t.c) == null ? Symbol.NIL : b.intervals(t.c).intervals(t.c);
    }
    throw LispSignal.wrongType(Q.BUFFER_OR_STRING_P, object);
  }

  @Primitive(value = "clear-string", doc = "Fill STRING with null bytes.")
  static Object clearString(Task t, Object string) {
    LispString s = Lisp.string(string);
    s.setAll(t.c, new int[bytes(t.c, s)], false);
    return Symbol.NIL;
  }

  // ---- Bytes and characters
  // -----------------------------------------------------------------------

  /** How many bytes a character takes in Emacs's encoding. */
  static int bytesOf(int code) {
    if (code < 0x80) {
      return 1;
    }
    if (code < 0x800 || code > 0x3FFF7F) {
      return 2;
    }
    return code < 0x10000 ? 3 : code < 0x200000 ? 4 : 5;
  }

  private static int bytes(Context c, LispString s) {
    if (!s.isMultibyte(c)) {
      return s.length(c);
    }
    int n = 0;
    for (int code : s.codeArray(c)) {
      n += bytesOf(code);
    }
    return n;
  }

  @Primitive(
      value = "string-bytes",
      doc = "Return how many bytes STRING takes in Emacs's encoding.")
  static long stringBytes(Task t, Object string) {
    return bytes(t.c, Lisp.string(string));
  }

  // ---- Comparing
  // ----------------------------------------------------------------------------------

  /** A string, or a symbol's name. */
  private static LispString text(Task t, Object x) {
    if (x instanceof LispString s) {
      return s;
    }
    if (x instanceof Symbol s) {
      return LispString.of(t.c, s.name());
    }
    throw LispSignal.wrongType(Q.STRINGP, x);
  }

  @Primitive(
      value = "string-equal",
      doc = "Return t if the strings or symbols S1 and S2 have the same text.")
  static boolean stringEqual(Task t, Object s1, Object s2) {
    LispString a = text(t, s1);
    return a.sameText(t.c, text(t, s2));
  }

  @Primitive(
      value = "string-lessp",
      doc = "Return t if STRING1 comes before STRING2 by character codes.")
  static boolean stringLessp(Task t, Object string1, Object string2) {
    LispString a = text(t, string1);
    LispString b = text(t, string2);
    int n = Math.min(a.length(t.c), b.length(t.c));
    for (int i = 0; i < n; i++) {
      int x = a.get(t.c, i);
      int y = b.get(t.c, i);
      if (x != y) {
        return x < y;
      }
    }
    return a.length(t.c) < b.length(t.c);
  }

  @Primitive(
      value = "string-version-lessp",
      doc = "Return t if STRING1 comes before STRING2, runs of digits being compared as numbers.")
  static boolean stringVersionLessp(Task t, Object string1, Object string2) {
    LispString x = text(t, string1);
    LispString y = text(t, string2);
    int[] a = x.codeArray(t.c);
    int[] b = y.codeArray(t.c);
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      if (isDigit(a[i]) && isDigit(b[j])) {
        int iEnd = digitsEnd(a, i);
        int jEnd = digitsEnd(b, j);
        int r = number(a, i, iEnd).compareTo(number(b, j, jEnd));
        if (r != 0) {
          return r < 0;
        }
        i = iEnd;
        j = jEnd;
      } else {
        if (a[i] != b[j]) {
          return a[i] < b[j];
        }
        i++;
        j++;
      }
    }
    if (i == a.length && j == b.length) {
      // The same but for leading zeros perhaps.
      return stringLessp(t, x, y);
    }
    return j < b.length;
  }

  private static boolean isDigit(int ch) {
    return ch >= '0' && ch <= '9';
  }

  private static int digitsEnd(int[] a, int from) {
    int i = from;
    while (i < a.length && isDigit(a[i])) {
      i++;
    }
    return i;
  }

  private static java.math.BigInteger number(int[] a, int from, int to) {
    return new java.math.BigInteger(new String(a, from, to - from));
  }

  @Primitive(
      value = "string-collate-lessp",
      min = 2,
      doc = "Return t if S1 comes before S2 by the rules of LOCALE, which are those of the codes.")
  static boolean stringCollateLessp(
      Task t, Object s1, Object s2, Object locale, Object ignoreCase) {
    return collate(t, s1, s2, locale, ignoreCase) < 0;
  }

  @Primitive(
      value = "string-collate-equalp",
      min = 2,
      doc = "Return t if S1 and S2 are equal by the rules of LOCALE; IGNORE-CASE: but for case.")
  static boolean stringCollateEqualp(
      Task t, Object s1, Object s2, Object locale, Object ignoreCase) {
    return collate(t, s1, s2, locale, ignoreCase) == 0;
  }

  /** The locales there are; all order by codes. */
  private static final java.util.Set<String> LOCALES =
      java.util.Set.of("", "C", "POSIX", "C.UTF-8", "C.utf8");

  private static int collate(Task t, Object s1, Object s2, Object locale, Object ignoreCase) {
    LispString a = text(t, s1);
    LispString b = text(t, s2);
    if (locale != Symbol.NIL && !LOCALES.contains(Lisp.string(locale).toJava(t.c))) {
      throw LispSignal.error(
          "Invalid locale " + Lisp.string(locale).toJava(t.c) + ": No such file or directory");
    }
    int[] x = a.codeArray(t.c);
    int[] y = b.codeArray(t.c);
    for (int i = 0; i < Math.min(x.length, y.length); i++) {
      int p = ignoreCase != Symbol.NIL ? Character.toLowerCase(x[i]) : x[i];
      int q = ignoreCase != Symbol.NIL ? Character.toLowerCase(y[i]) : y[i];
      if (p != q) {
        return Integer.compare(p, q);
      }
    }
    return Integer.compare(x.length, y.length);
  }

  @Primitive(
      value = "compare-strings",
      min = 6,
      doc =
          "Compare STR1 from START1 to END1 with STR2 from START2 to END2: t if they are equal,\n"
              + "else the number of characters they share at the start, plus 1; negative if STR1 is"
              + " less.\n"
              + "IGNORE-CASE non-nil: compare upcased characters.")
  static Object compareStrings(
      Task t,
      Object str1,
      Object start1,
      Object end1,
      Object str2,
      Object start2,
      Object end2,
      Object ignoreCase) {
    LispString a = Lisp.string(str1);
    LispString b = Lisp.string(str2);
    int la = a.length(t.c);
    int lb = b.length(t.c);
    // An end beyond the string is its end.
    int[] x = range(a, start1, end1 instanceof Long l && l > la ? (Object) (long) la : end1, la);
    int[] y = range(b, start2, end2 instanceof Long l && l > lb ? (Object) (long) lb : end2, lb);
    int[] p = a.characters(t.c);
    int[] q = b.characters(t.c);
    int i = x[0];
    int j = y[0];
    while (i < x[1] && j < y[1]) {
      int c1 = p[i];
      int c2 = q[j];
      if (c1 != c2 && ignoreCase != Symbol.NIL) {
        c1 = upcased(t, c1);
        c2 = upcased(t, c2);
      }
      if (c1 != c2) {
        long shared = i - x[0] + 1L;
        return c1 < c2 ? -shared : shared;
      }
      i++;
      j++;
    }
    if (i < x[1]) {
      return i - x[0] + 1L;
    }
    return j < y[1] ? (Object) (-(i - x[0] + 1L)) : Symbol.T;
  }

  private static int upcased(Task t, int ch) {
    if (ch < 128) {
      return ch >= 'a' && ch <= 'z' ? ch - 32 : ch;
    }
    return t.callNamed("upcase", (long) ch) instanceof Long l ? (int) (long) l : ch;
  }

  @Primitive(
      value = "string-distance",
      min = 2,
      doc =
          "Return how many characters (BYTECOMPARE: bytes) must be changed to make STRING1"
              + " STRING2.")
  static long stringDistance(Task t, Object string1, Object string2, Object bytecompare) {
    LispString a = Lisp.string(string1);
    LispString b = Lisp.string(string2);
    int[] x = bytecompare == Symbol.NIL ? a.codeArray(t.c) : byteCodes(t.c, a);
    int[] y = bytecompare == Symbol.NIL ? b.codeArray(t.c) : byteCodes(t.c, b);
    int[] column = new int[x.length + 1];
    for (int i = 0; i <= x.length; i++) {
      column[i] = i;
    }
    for (int j = 1; j <= y.length; j++) {
      t.safepoint();
      int corner = column[0];
      column[0] = j;
      for (int i = 1; i <= x.length; i++) {
        int old = column[i];
        column[i] =
            Math.min(
                Math.min(column[i] + 1, column[i - 1] + 1),
                corner + (x[i - 1] == y[j - 1] ? 0 : 1));
        corner = old;
      }
    }
    return column[x.length];
  }

  @Primitive(
      value = "string-search",
      min = 2,
      doc = "Return where NEEDLE first is in HAYSTACK from START-POS on; nil if nowhere.")
  static Object stringSearch(Task t, Object needle, Object haystack, Object startPos) {
    LispString n = Lisp.string(needle);
    LispString h = Lisp.string(haystack);
    long from = 0;
    if (startPos != Symbol.NIL) {
      from = Lisp.fixnum(startPos);
      if (from < 0 || from > h.length(t.c)) {
        throw new LispSignal(Q.ARGS_OUT_OF_RANGE, startPos);
      }
    }
    if (n.isMultibyte(t.c) == h.isMultibyte(t.c)
        && n.codes(t.c) instanceof byte[] x
        && h.codes(t.c) instanceof byte[] y) {
      return found(indexOf(y, x, (int) from));
    }
    return found(indexOf(h.characters(t.c), n.characters(t.c), (int) from));
  }

  private static Object found(int i) {
    return i < 0 ? Symbol.NIL : (Object) (long) i;
  }

  private static int indexOf(byte[] in, byte[] what, int from) {
    if (what.length == 0) {
      return from;
    }
    for (int i = from; i <= in.length - what.length; i++) {
      if (in[i] == what[0]
          && java.util.Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }

  private static int indexOf(int[] in, int[] what, int from) {
    if (what.length == 0) {
      return from;
    }
    for (int i = from; i <= in.length - what.length; i++) {
      if (in[i] == what[0]
          && java.util.Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }

  // ---- Unibyte and multibyte --------------------------------------------------------------------

  /**
   * The bytes of Emacs's encoding of characters; those of raw bytes are the bytes if {@code raw}.
   */
  static byte[] internalBytes(int[] codes, boolean raw) {
    byte[] out = new byte[codes.length + 16];
    int n = 0;
    for (int code : codes) {
      if (n + 5 > out.length) {
        out = java.util.Arrays.copyOf(out, out.length * 2);
      }
      if (code > 0x3FFF7F) {
        int b = code - LispString.RAW_BYTE;
        if (raw) {
          out[n++] = (byte) b;
        } else {
          out[n++] = (byte) (0xC0 | ((b >> 6) & 1));
          out[n++] = (byte) (0x80 | (b & 0x3F));
        }
      } else if (code < 0x80) {
        out[n++] = (byte) code;
      } else if (code < 0x800) {
        out[n++] = (byte) (0xC0 | (code >> 6));
        out[n++] = (byte) (0x80 | (code & 0x3F));
      } else if (code < 0x10000) {
        out[n++] = (byte) (0xE0 | (code >> 12));
        out[n++] = (byte) (0x80 | ((code >> 6) & 0x3F));
        out[n++] = (byte) (0x80 | (code & 0x3F));
      } else {
        int lead = code < 0x200000 ? 0xF0 | (code >> 18) : 0xF8;
        out[n++] = (byte) lead;
        if (lead == 0xF8) {
          out[n++] = (byte) (0x80 | ((code >> 18) & 0x0F));
        }
        out[n++] = (byte) (0x80 | ((code >> 12) & 0x3F));
        out[n++] = (byte) (0x80 | ((code >> 6) & 0x3F));
        out[n++] = (byte) (0x80 | (code & 0x3F));
      }
    }
    return java.util.Arrays.copyOf(out, n);
  }

  private static int[] byteCodes(Context c, LispString s) {
    if (!s.isMultibyte(c)) {
      return s.codeArray(c);
    }
    byte[] b = internalBytes(s.codeArray(c), false);
    int[] out = new int[b.length];
    for (int i = 0; i < b.length; i++) {
      out[i] = b[i] & 0xFF;
    }
    return out;
  }

  @Primitive(
      value = "string-as-unibyte",
      doc =
          "Return a unibyte string of the bytes of STRING in Emacs's encoding; raw bytes"
              + " themselves.")
  static Object stringAsUnibyte(Task t, Object string) {
    LispString s = Lisp.string(string);
    return s.isMultibyte(t.c) ? LispString.unibyte(t.c, internalBytes(s.codeArray(t.c), true)) : s;
  }

  @Primitive(
      value = "string-as-multibyte",
      doc =
          "Return a multibyte string of the characters that STRING's bytes are in Emacs's"
              + " encoding.")
  static Object stringAsMultibyte(Task t, Object string) {
    LispString s = Lisp.string(string);
    if (s.isMultibyte(t.c)) {
      return s;
    }
    int[] b = s.codeArray(t.c);
    int[] out = new int[b.length];
    int n = 0;
    for (int i = 0; i < b.length; ) {
      int length = characterLength(b, i);
      if (length == 0) {
        out[n++] = LispString.RAW_BYTE + b[i++];
        continue;
      }
      int code = length == 1 ? b[i] : b[i] & (0x7F >> length);
      for (int k = 1; k < length; k++) {
        code = (code << 6) | (b[i + k] & 0x3F);
      }
      if (length == 2 && b[i] < 0xC2) {
        code = LispString.RAW_BYTE + 0x80 + (code & 0x7F);
      }
      out[n++] = code;
      i += length;
    }
    return LispString.of(t.c, out, 0, n, true);
  }

  /** How many bytes the character at {@code i} takes; 0: the byte is none. */
  private static int characterLength(int[] b, int i) {
    int lead = b[i];
    int n =
        lead < 0x80
            ? 1
            : lead < 0xC0
                ? 0
                : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : lead == 0xF8 ? 5 : 0;
    if (i + n > b.length) {
      return 0;
    }
    for (int k = 1; k < n; k++) {
      if ((b[i + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    if ((n == 3 && lead == 0xE0 && b[i + 1] < 0xA0)
        || (n == 4 && lead == 0xF0 && b[i + 1] < 0x90)) {
      return 0;
    }
    return n == 5 && (b[i + 1] < 0x88 || b[i + 1] > 0x8F) ? 0 : n;
  }

  @Primitive(
      value = "string-to-multibyte",
      doc =
          "Return a multibyte string with the characters of STRING; bytes from 128 on are raw"
              + " bytes.")
  static Object stringToMultibyte(Task t, Object string) {
    LispString s = Lisp.string(string);
    if (s.isMultibyte(t.c)) {
      return s;
    }
    return LispString.of(t.c, s.characters(t.c), true);
  }

  @Primitive(
      value = "string-make-multibyte",
      doc =
          "Return STRING with bytes from 128 on as raw-byte characters; itself if it is all ASCII.")
  static Object stringMakeMultibyte(Task t, Object string) {
    LispString s = Lisp.string(string);
    if (s.isMultibyte(t.c)) {
      return s;
    }
    for (int code : s.codeArray(t.c)) {
      if (code > 127) {
        return stringToMultibyte(t, s);
      }
    }
    return s;
  }

  @Primitive(
      value = "string-make-unibyte",
      doc = "Return a unibyte string of the low eight bits of STRING's characters.")
  static Object stringMakeUnibyte(Task t, Object string) {
    LispString s = Lisp.string(string);
    if (!s.isMultibyte(t.c)) {
      return s;
    }
    int[] codes = s.codeArray(t.c);
    byte[] out = new byte[codes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) codes[i];
    }
    return LispString.unibyte(t.c, out);
  }

  @Primitive(
      value = "string-to-unibyte",
      doc = "Return a unibyte string with the characters of STRING: ASCII and raw bytes only.")
  static Object stringToUnibyte(Task t, Object string) {
    LispString s = Lisp.string(string);
    if (!s.isMultibyte(t.c)) {
      return s;
    }
    int[] codes = s.codeArray(t.c);
    byte[] out = new byte[codes.length];
    for (int i = 0; i < out.length; i++) {
      if (codes[i] > 127 && codes[i] <= 0x3FFF7F) {
        throw LispSignal.error("Can\u2019t convert the " + i + "th character to unibyte");
      }
      out[i] = (byte) codes[i];
    }
    return LispString.unibyte(t.c, out);
  }
}
