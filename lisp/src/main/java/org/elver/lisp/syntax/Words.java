package org.elver.lisp.syntax;

import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Symbol;

/** Moving over words. */
public final class Words extends BufferSyntax {
  private static final Symbol INCLUDE_ESCAPES = Symbol.known("words-include-escapes");
  private static final Symbol FUNCTIONS = Symbol.known("find-word-boundary-function-table");
  private static final Symbol FUNCTIONP = Symbol.known("functionp");

  private final boolean escapes;
  private final CharTable functions;

  private Words(Task t) {
    super(t);
    escapes = Lisp.isTrue(Variables.orNil(t, INCLUDE_ESCAPES));
    functions = Variables.orNil(t, FUNCTIONS) instanceof CharTable x ? x : null;
  }

  /**
   * Where {@code count} words after {@code from} end, or, if negative, as many before it begin; -1
   * when there are fewer in the accessible text.
   */
  public static int scan(Task t, int from, long count) {
    Words w = new Words(t);
    int pos = from;
    for (long n = count; n > 0 && pos >= 0; n--) {
      pos = w.forward(pos);
    }
    for (long n = count; n < 0 && pos >= 0; n++) {
      pos = w.backward(pos);
    }
    return pos;
  }

  private boolean isWord(int pos) {
    int kind = classAt(pos);
    return kind == SyntaxTables.WORD
        || (escapes && (kind == SyntaxTables.ESCAPE || kind == SyntaxTables.CHAR_QUOTE));
  }

  /** What a function for the character says about the word; or 0. */
  private long boundary(int ch, int pos, int limit) {
    Object f = functions == null ? Symbol.NIL : functions.ref(t.c, ch);
    if (f == Symbol.NIL || !Lisp.isTrue(t.call(FUNCTIONP, f))) {
      return 0;
    }
    Object to = t.call(f, (long) pos, (long) limit);
    afterLisp();
    return to instanceof Long l ? l : 0;
  }

  private int forward(int from) {
    int pos = from;
    while (true) {
      if (pos >= zv) {
        return -1;
      }
      if (isWord(pos)) {
        break;
      }
      pos++;
    }
    int ch = at(pos);
    long to = boundary(ch, pos, zv);
    if (to > pos + 1 && to <= zv) {
      return (int) to;
    }
    pos++;
    for (; pos < zv && isWord(pos); pos++) {
      int next = at(pos);
      if (WordBoundary.isBetween(t, ch, next)) {
        break;
      }
      ch = next;
    }
    return pos;
  }

  private int backward(int from) {
    int pos = from;
    while (true) {
      if (pos <= begv) {
        return -1;
      }
      pos--;
      if (isWord(pos)) {
        break;
      }
    }
    int ch = at(pos);
    long to = boundary(ch, pos, begv);
    if (to >= begv && to < pos) {
      return (int) to;
    }
    for (; pos > begv && isWord(pos - 1); pos--) {
      int previous = at(pos - 1);
      if (WordBoundary.isBetween(t, previous, ch)) {
        break;
      }
      ch = previous;
    }
    return pos;
  }
}
