package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.collection.ListCursor;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.TextProperties;

/** Strings: joining, cutting, comparing, converting. */
final class FnsStrings {
  private FnsStrings() {}

  @Primitive(value = "concat", doc = "Return a string of the characters of all SEQUENCES.",
      args = "(&rest SEQUENCES)")
  static Object concat(Task t, Object[] args) {
    Context c = t.c;
    long total = 0;
    boolean multibyte = false;
    boolean high = false;
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
      high |= !wide;
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
    result.setProperties(c, all);
  }

  /** The characters that a list or array of them stands for. */
  private static int[] charactersOf(Context c, Object x) {
    Object[] items = Fns.arrayElements(c, x);
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
    if (x instanceof java.math.BigInteger) {
      return Long.MAX_VALUE / 2;
    }
    throw LispSignal.wrongType(Q.INTEGERP, x);
  }

  @Primitive(value = "substring", min = 1,
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
      return new Vector(c, part);
    }
    throw LispSignal.wrongType(Q.ARRAYP, string);
  }

  @Primitive(value = "substring-no-properties", min = 1,
      doc = "Return the part of STRING from index FROM to TO, without text properties.")
  static Object substringNoProperties(Task t, Object string, Object from, Object to) {
    LispString s = Lisp.string(string);
    int[] r = range(s, from, to, s.length(t.c));
    return s.substring(t.c, r[0], r[1]);
  }

  @Primitive(value = "object-intervals", doc = "Return the text properties of OBJECT: (BEG END PLIST)s.")
  static Object objectIntervals(Task t, Object object) {
    if (object instanceof LispString s) {
      return s.properties(t.c) instanceof TextProperties p ? p.intervals(t.c) : Symbol.NIL;
    }
    throw LispSignal.wrongType(Q.BUFFER_OR_STRING_P, object);
  }

  @Primitive(value = "clear-string", doc = "Fill STRING with null bytes.")
  static Object clearString(Task t, Object string) {
    LispString s = Lisp.string(string);
    s.setAll(t.c, new int[bytes(t.c, s)], false);
    return Symbol.NIL;
  }

  // ---- Bytes and characters -----------------------------------------------------------------------

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

  @Primitive(value = "string-bytes", doc = "Return how many bytes STRING takes in Emacs's encoding.")
  static long stringBytes(Task t, Object string) {
    return bytes(t.c, Lisp.string(string));
  }

  // ---- Comparing ----------------------------------------------------------------------------------

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

  @Primitive(value = "string-equal", doc = "Return t if the strings or symbols S1 and S2 have the same text.")
  static boolean stringEqual(Task t, Object s1, Object s2) {
    LispString a = text(t, s1);
    return a.sameText(t.c, text(t, s2));
  }

  @Primitive(value = "string-lessp", doc = "Return t if STRING1 comes before STRING2 by character codes.")
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
}
