package org.elver.lisp.print;

import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Intervals;

/** Whether the text property {@code charset}, which decoding leaves behind, is printed. */
final class Charsets {
  private static final Symbol CHARSET = Symbol.known("charset");

  private Charsets() {}

  /** The properties that are to be printed; null: none. */
  static Intervals shown(Task t, LispString s, Intervals all) {
    Object how = Variables.orNil(t, Q.PRINT_CHARSET_TEXT_PROPERTY);
    if (how == Symbol.T) {
      return all;
    }
    boolean[] found = new boolean[3];
    int[] characters = how == Symbol.NIL ? null : s.characters(t.c);
    all.forEach(
        (from, to, plist) -> {
          int at = Intervals.indexOf(plist, CHARSET);
          boolean has = at >= 0;
          found[0] |= has;
          found[2] |= has && characters != null && isOdd(t, characters, from, to, plist[at]);
          found[1] |= plist.length > (has ? 2 : 0);
        });
    if (found[2]) {
      return all;
    }
    if (!found[1]) {
      return null;
    }
    // GNU Emacs prints a copy of the string then, and copies have their properties reversed.
    Intervals shown =
        found[0]
            ? Intervals.change(
                all,
                s.length(t.c),
                0,
                s.length(t.c),
                (from, to, plist) -> Intervals.without(plist, CHARSET))
            : all;
    return Intervals.reversed(shown);
  }

  /** Whether one of the characters beyond ASCII has not {@code charset} as its own. */
  private static boolean isOdd(Task t, int[] characters, int from, int to, Object charset) {
    for (int i = from; i < to; i++) {
      if (characters[i] > 127 && t.callNamed("char-charset", (long) characters[i]) != charset) {
        return true;
      }
    }
    return false;
  }
}
