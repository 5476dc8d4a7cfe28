package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.casing.Casing;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Hooks;

/** Changing the case of characters, strings and text in buffers. */
final class Casefiddle {
  /** Modifier bits of events, which conversion keeps. */
  private static final long MODIFIERS = 0x3FL << 22;

  private static final Symbol EXTRACT = Symbol.known("region-extract-function");
  private static final Symbol FORWARD_WORD = Symbol.known("forward-word");

  private Casefiddle() {}

  private static Object convert(Task t, Casing.Kind kind, Object x) {
    Casing casing = new Casing(t, kind, CaseTables.completed(t), false);
    if (x instanceof Long l && l >= 0) {
      if (l > (MODIFIERS | LispString.MAX_CHAR)) {
        return x;
      }
      int ch = (int) (l & ~MODIFIERS);
      int cased = casing.character(ch);
      return cased == ch ? x : (Object) ((l & MODIFIERS) | cased);
    }
    if (!(x instanceof LispString s)) {
      throw LispSignal.wrongType(Q.CHAR_OR_STRING_P, x);
    }
    if (s.isMultibyte(t.c)) {
      return LispString.of(t.c, casing.characters(s.codeArray(t.c)).toArray(), true);
    }
    int[] codes = s.codeArray(t.c);
    for (int i = 0; i < codes.length; i++) {
      int ch = codes[i] < 128 ? codes[i] : codes[i] + LispString.RAW_BYTE;
      int cased = casing.single(ch);
      if (cased != ch && cased < 128) {
        codes[i] = cased;
      }
    }
    LispString out = LispString.of(t.c, codes, false);
    if (s.properties(t.c) instanceof org.elver.lisp.object.TextProperties p) {
      out.setProperties(t.c, p.part(0, s.length(t.c)));
    }
    return out;
  }

  @Primitive(value = "upcase", doc = "Return OBJECT, a character or string, in upper case.")
  static Object upcase(Task t, Object object) {
    return convert(t, Casing.Kind.UPCASE, object);
  }

  @Primitive(value = "downcase", doc = "Return OBJECT, a character or string, in lower case.")
  static Object downcase(Task t, Object object) {
    return convert(t, Casing.Kind.DOWNCASE, object);
  }

  @Primitive(
      value = "capitalize",
      doc =
          "Return OBJECT, a character or string, with words capitalized: first characters in\n"
              + "title case, others in lower case.")
  static Object capitalize(Task t, Object object) {
    return convert(t, Casing.Kind.CAPITALIZE, object);
  }

  @Primitive(
      value = "upcase-initials",
      doc =
          "Return OBJECT, a character or string, with the first characters of words in title case.")
  static Object upcaseInitials(Task t, Object object) {
    return convert(t, Casing.Kind.INITIALS, object);
  }

  // ---- Text of buffers ----------------------------------------------------------------------

  /** Converts a region; returns the position behind it. */
  private static int convertRegion(Task t, Casing.Kind kind, int from, int to) {
    Buffer b = Buffer.current(t);
    if (from == to) {
      return to;
    }
    Editing.prepare(t, from, to);
    int end = Math.min(to, b.zv(t.c));
    boolean multibyte = b.isMultibyte(t.c);
    int[] text = b.codes(t.c, from, end);
    if (!multibyte) {
      for (int i = 0; i < text.length; i++) {
        text[i] += text[i] >= 128 ? LispString.RAW_BYTE : 0;
      }
    }
    Casing casing = new Casing(t, kind, CaseTables.completed(t), true);
    CodeBuffer out = new CodeBuffer(text.length + 8);
    int[] at = new int[text.length + 1];
    casing.characters(text, out, at);
    int first = -1;
    int last = -1;
    for (int i = 0; i < text.length; i++) {
      if (at[i + 1] - at[i] != 1 || out.get(at[i]) != text[i]) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    Editing.startChange(t, b, true);
    Editing.recordReplacement(t, b, from, b.substring(t.c, from, end, true), out.length());
    if (first < 0) {
      return end;
    }
    int[] codes = out.toArray();
    for (int i = last; i >= first; i--) {
      if (at[i + 1] - at[i] != 1 || codes[at[i]] != text[i]) {
        Editing.expand(t, b, from + i, java.util.Arrays.copyOfRange(codes, at[i], at[i + 1]));
      }
    }
    Hooks.after(t, from + first, last + 1 - first, at[last + 1] - at[first]);
    return from + out.length();
  }

  private static Object region(
      Task t, Casing.Kind kind, Object beg, Object end, Object noncontiguous) {
    if (noncontiguous == Symbol.NIL) {
      int[] r = Editfns.region(t, beg, end);
      convertRegion(t, kind, r[0], r[1]);
      return Symbol.NIL;
    }
    Object bounds = t.call(Variables.orNil(t, EXTRACT), Symbol.known("bounds"));
    for (Object tail = bounds; tail instanceof Pair p; tail = p.second(t.c)) {
      Pair one = Lisp.cons(p.first(t.c));
      int[] r = Editfns.region(t, one.first(t.c), one.second(t.c));
      convertRegion(t, kind, r[0], r[1]);
    }
    return Symbol.NIL;
  }

  private static Object words(Task t, Casing.Kind kind, Object arg) {
    long n = Lisp.fixnum(arg);
    Buffer b = Buffer.current(t);
    int point = b.point(t.c);
    t.call(FORWARD_WORD, n);
    int far = b.point(t.c);
    b.setPoint(t.c, point);
    int end = convertRegion(t, kind, Math.min(point, far), Math.max(point, far));
    b.setPoint(t.c, Math.min(end, b.zv(t.c)));
    return Symbol.NIL;
  }

  @Primitive(
      value = "upcase-region",
      min = 2,
      interactive = "(list (region-beginning) (region-end) (region-noncontiguous-p))",
      doc =
          "Convert the region from BEG to END to upper case.\n"
              + "REGION-NONCONTIGUOUS-P non-nil: the parts of the region instead.")
  static Object upcaseRegion(Task t, Object beg, Object end, Object regionNoncontiguousP) {
    return region(t, Casing.Kind.UPCASE, beg, end, regionNoncontiguousP);
  }

  @Primitive(
      value = "downcase-region",
      min = 2,
      interactive = "(list (region-beginning) (region-end) (region-noncontiguous-p))",
      doc =
          "Convert the region from BEG to END to lower case.\n"
              + "REGION-NONCONTIGUOUS-P non-nil: the parts of the region instead.")
  static Object downcaseRegion(Task t, Object beg, Object end, Object regionNoncontiguousP) {
    return region(t, Casing.Kind.DOWNCASE, beg, end, regionNoncontiguousP);
  }

  @Primitive(
      value = "capitalize-region",
      min = 2,
      interactive = "(list (region-beginning) (region-end) (region-noncontiguous-p))",
      doc =
          "Capitalize the words of the region from BEG to END.\n"
              + "REGION-NONCONTIGUOUS-P non-nil: the parts of the region instead.")
  static Object capitalizeRegion(Task t, Object beg, Object end, Object regionNoncontiguousP) {
    return region(t, Casing.Kind.CAPITALIZE, beg, end, regionNoncontiguousP);
  }

  @Primitive(
      value = "upcase-initials-region",
      min = 2,
      interactive = "(list (region-beginning) (region-end) (region-noncontiguous-p))",
      doc =
          "Upcase the initials of the words of the region from BEG to END.\n"
              + "REGION-NONCONTIGUOUS-P non-nil: the parts of the region instead.")
  static Object upcaseInitialsRegion(Task t, Object beg, Object end, Object regionNoncontiguousP) {
    return region(t, Casing.Kind.INITIALS, beg, end, regionNoncontiguousP);
  }

  @Primitive(
      value = "upcase-word",
      interactive = "p",
      doc = "Convert the next ARG words to upper case, moving over them.")
  static Object upcaseWord(Task t, Object arg) {
    return words(t, Casing.Kind.UPCASE, arg);
  }

  @Primitive(
      value = "downcase-word",
      interactive = "p",
      doc = "Convert the next ARG words to lower case, moving over them.")
  static Object downcaseWord(Task t, Object arg) {
    return words(t, Casing.Kind.DOWNCASE, arg);
  }

  @Primitive(
      value = "capitalize-word",
      interactive = "p",
      doc = "Capitalize the next ARG words, moving over them.")
  static Object capitalizeWord(Task t, Object arg) {
    return words(t, Casing.Kind.CAPITALIZE, arg);
  }
}
