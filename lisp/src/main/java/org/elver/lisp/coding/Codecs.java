package org.elver.lisp.coding;

import org.elver.heap.object.Pair;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;

/** Chooses what converts for a coding system. */
final class Codecs {
  private static final Symbol BIG = Symbol.known("big");
  private static final Symbol TRANSLATION_TABLE = Symbol.known("translation-table");
  private static final Symbol GET = Symbol.known("get");

  private Codecs() {}

  static Codec of(Task t, CodingSystem x) {
    Object first = x.special(t.c, 0);
    return switch (x.type(t.c)) {
      case UTF_8 ->
          new Utf8(
              first == Symbol.NIL
                  ? Utf8.Signature.NONE
                  : first instanceof Pair ? Utf8.Signature.DETECT : Utf8.Signature.REQUIRED);
      case UTF_16 ->
          new Utf16(
              first instanceof Pair,
              Lisp.isTrue(first),
              x.special(t.c, 1) == BIG,
              x.defaultChar(t.c));
      case CHARSET -> new CharsetCodec(t, x.charsets(t.c), x.defaultChar(t.c));
      case ISO_2022 -> new Iso2022(t, x);
      case EMACS_MULE -> new EmacsMule(t);
      case SHIFT_JIS -> new Kanji(t, x.charsets(t.c), false, x.defaultChar(t.c));
      case BIG5 -> new Kanji(t, x.charsets(t.c), true, x.defaultChar(t.c));
      case RAW_TEXT, UNDECIDED, CCL -> new Codec.Raw();
    };
  }

  /** Replaces characters as a translation table, a name of one or a list of them says. */
  static void translate(Task t, Object table, int[] codes) {
    Object x = table;
    if (x instanceof Symbol s && s != Symbol.NIL) {
      x = t.call(GET, s, TRANSLATION_TABLE);
    }
    if (x instanceof Pair) {
      for (Object one : Lisp.elements(t.c, x)) {
        translate(t, one, codes);
      }
    } else if (x instanceof CharTable map) {
      for (int i = 0; i < codes.length; i++) {
        if (map.ref(t.c, codes[i]) instanceof Long l) {
          codes[i] = (int) (long) l;
        }
      }
    }
  }
}
