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
    boolean[] found = new boolean[2];
    all.forEach(
        (from, to, plist) -> {
          boolean has = Intervals.indexOf(plist, CHARSET) >= 0;
          found[0] |= has;
          found[1] |= plist.length > (has ? 2 : 0);
        });
    if (how != Symbol.NIL && found[0] && !isAscii(t, s)) {
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

  private static boolean isAscii(Task t, LispString s) {
    for (int c : s.characters(t.c)) {
      if (c > 127) {
        return false;
      }
    }
    return true;
  }
}
