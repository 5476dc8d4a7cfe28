package org.elver.lisp.primitive;

import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.casing.Casing;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;

/** Changing the case of characters, strings and text in buffers. */
final class Casefiddle {
  /** Modifier bits of events, which conversion keeps. */
  private static final long MODIFIERS = 0x3FL << 22;

  private Casefiddle() {}

  private static Object convert(Task t, Casing.Kind kind, Object x) {
    Casing casing = new Casing(t, kind, CaseTables.current(t), false);
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
    if (s.properties(t.c) != null) {
      out.setProperties(t.c, s.properties(t.c));
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

  @Primitive(value = "capitalize",
      doc = "Return OBJECT, a character or string, with words capitalized: first characters in\n"
          + "title case, others in lower case.")
  static Object capitalize(Task t, Object object) {
    return convert(t, Casing.Kind.CAPITALIZE, object);
  }

  @Primitive(value = "upcase-initials",
      doc = "Return OBJECT, a character or string, with the first characters of words in title case.")
  static Object upcaseInitials(Task t, Object object) {
    return convert(t, Casing.Kind.INITIALS, object);
  }
}
