package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.syntax.BufferSyntax;
import org.elver.lisp.syntax.SkipSet;
import org.elver.lisp.syntax.SyntaxTables;
import org.elver.lisp.syntax.Words;
import org.elver.lisp.text.Buffer;

/** Moving point over words, and over characters of a kind. */
final class SyntaxMotion {
  private static final Symbol CONSTRAIN = Symbol.known("constrain-to-field");

  private SyntaxMotion() {}

  @Primitive(
      value = "forward-word",
      min = 0,
      doc =
          "Move point forward over ARG words (default 1), backward if negative.\n"
              + "Returns t, or nil when an end of the accessible text or field stops it.",
      interactive = "^p")
  static boolean forwardWord(Task t, Object arg) {
    long n = arg == Symbol.NIL ? 1 : Lisp.fixnum(arg);
    Buffer b = Buffer.current(t);
    int wanted = Words.scan(t, b.point(t.c), n);
    int pos = wanted >= 0 ? wanted : n > 0 ? b.zv(t.c) : b.begv(t.c);
    if (CONSTRAIN.function(t) != Symbol.NIL
        && t.call(CONSTRAIN, (long) pos, (long) b.point(t.c), Symbol.NIL, Symbol.NIL, Symbol.NIL)
            instanceof Long l) {
      pos = Math.clamp(l, b.begv(t.c), b.zv(t.c));
    }
    b.setPoint(t.c, pos);
    return pos == wanted;
  }

  private static int limit(Task t, Buffer b, Object lim, boolean forward) {
    if (lim == Symbol.NIL) {
      return forward ? b.zv(t.c) : b.begv(t.c);
    }
    return Math.clamp(Buffer.position(t, lim), b.begv(t.c), b.zv(t.c));
  }

  /** Whether a character, at a position, is skipped. */
  private interface Skipped {
    boolean test(int ch, int pos);
  }

  private static Object skip(Task t, BufferSyntax s, Object lim, boolean forward, Skipped skipped) {
    Buffer b = Buffer.current(t);
    int start = b.point(t.c);
    int limit = limit(t, b, lim, forward);
    int pos = start;
    if (forward) {
      while (pos < limit && skipped.test(s.at(pos), pos)) {
        pos++;
      }
    } else {
      while (pos > limit && skipped.test(s.at(pos - 1), pos - 1)) {
        pos--;
      }
    }
    b.setPoint(t.c, pos);
    return (long) pos - start;
  }

  private static Object skipChars(Task t, Object string, Object lim, boolean forward) {
    SkipSet set = new SkipSet(t, Lisp.string(string));
    return skip(t, new BufferSyntax(t), lim, forward, (ch, pos) -> set.has(ch));
  }

  private static Object skipSyntax(Task t, Object syntax, Object lim, boolean forward) {
    LispString s = Lisp.string(syntax);
    int n = s.length(t.c);
    boolean negated = n > 0 && s.get(t.c, 0) == '^';
    int bits = 0;
    for (int i = negated ? 1 : 0; i < n; i++) {
      int kind = SyntaxTables.classOfDesignator(s.get(t.c, i));
      bits |= kind < 0 ? 0 : 1 << kind;
    }
    int wanted = negated ? ~bits : bits;
    BufferSyntax view = new BufferSyntax(t);
    return skip(
        t, view, lim, forward, (ch, pos) -> ((wanted >>> (view.syntax(ch, pos) & 31)) & 1) != 0);
  }

  @Primitive(
      value = "skip-chars-forward",
      min = 1,
      doc =
          "Move point forward over characters in STRING, stopping at LIM; return the distance.\n"
              + "STRING is like the inside of brackets in a regular expression; \\ quotes - ^ \\.")
  static Object skipCharsForward(Task t, Object string, Object lim) {
    return skipChars(t, string, lim, true);
  }

  @Primitive(
      value = "skip-chars-backward",
      min = 1,
      doc =
          "Move point backward over characters in STRING, stopping at LIM; return the distance,\n"
              + "zero or negative. STRING is as in `skip-chars-forward'.")
  static Object skipCharsBackward(Task t, Object string, Object lim) {
    return skipChars(t, string, lim, false);
  }

  @Primitive(
      value = "skip-syntax-forward",
      min = 1,
      doc =
          "Move point forward over characters of the classes in SYNTAX, stopping at LIM; return\n"
              + "the distance. If SYNTAX starts with ^, over those of other classes.")
  static Object skipSyntaxForward(Task t, Object syntax, Object lim) {
    return skipSyntax(t, syntax, lim, true);
  }

  @Primitive(
      value = "skip-syntax-backward",
      min = 1,
      doc =
          "Move point backward over characters of the classes in SYNTAX, stopping at LIM; return\n"
              + "the distance, zero or negative. If SYNTAX starts with ^, over those of other"
              + " classes.")
  static Object skipSyntaxBackward(Task t, Object syntax, Object lim) {
    return skipSyntax(t, syntax, lim, false);
  }
}
