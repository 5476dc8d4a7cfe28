package org.elver.lisp.syntax;

import java.util.Arrays;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** What parsing from one position to another found out about the latter. */
public final class ParseState {
  /** As many open parentheses are remembered, as in GNU Emacs. */
  private static final int MAX_LEVELS = 99;

  /** The depth in parentheses. */
  long depth;

  /** The least depth met. */
  long least;

  /** The delimiter of the string it is in, or -1. */
  int string = -1;

  /** How many comments it is in, -1 for one that does not nest. */
  long comment;

  /** The style of the comment. */
  int style;

  /** Whether the next character is quoted. */
  boolean quoted;

  /** The beginning of the last complete expression at this level, or -1. */
  int last = -1;

  /** The beginning of the string or comment. */
  int start = -1;

  /** The syntax of the character before, if it may begin a delimiter of two; else NONE. */
  int previous = Comments.NONE;

  /** Where parsing stopped. */
  int position;

  private int[] levels = new int[8];
  private int size;

  /** Of a place outside of everything. */
  public ParseState() {}

  /** Of a list as {@link #toLisp} makes it; nil: outside of everything. */
  public ParseState(Task t, Object list) {
    Object rest = Lisp.list(list);
    Object[] items = new Object[11];
    for (int i = 0; i < items.length; i++) {
      items[i] = Lisp.car(t.c, rest);
      rest = Lisp.cdr(t.c, rest);
    }
    if (items[0] instanceof Long l) {
      depth = l;
    }
    least = depth;
    if (items[3] != Symbol.NIL) {
      string = Lisp.isCharacter(items[3]) ? Lisp.character(items[3]) : Comments.GENERIC_STRING;
    }
    if (items[4] != Symbol.NIL) {
      comment = items[4] instanceof Long l ? l : -1;
    }
    quoted = items[5] != Symbol.NIL;
    if (items[7] != Symbol.NIL) {
      style =
          items[7] instanceof Long l && l >= 0 && l <= Comments.GENERIC
              ? (int) (long) l
              : Comments.GENERIC;
    }
    if (items[8] instanceof Long l) {
      start = Math.clamp(l, -1, Integer.MAX_VALUE);
    }
    if (items[10] instanceof Long l) {
      previous = (int) (long) l;
    }
    for (Object level : Lisp.elements(t.c, items[9])) {
      if (!(level instanceof Long l)) {
        throw LispSignal.wrongType(Q.FIXNUMP, level);
      }
      push(Math.clamp(l, -1, Integer.MAX_VALUE));
    }
  }

  /** Opens a level whose parenthesis is at a position. */
  void push(int pos) {
    if (size == MAX_LEVELS) {
      return;
    }
    if (size == levels.length) {
      levels = Arrays.copyOf(levels, 2 * size);
    }
    levels[size++] = pos;
  }

  /** Whether a level is open. */
  boolean hasLevel() {
    return size > 0;
  }

  /** Closes a level; returns where it began. */
  int pop() {
    return levels[--size];
  }

  /** Where parsing stopped. */
  public int position() {
    return position;
  }

  private static Object orNil(int pos) {
    return pos < 0 ? Symbol.NIL : (Object) (long) pos;
  }

  /** The list that {@code parse-partial-sexp} returns. */
  public Object toLisp(Task t) {
    Object all = Symbol.NIL;
    for (int i = size - 1; i >= 0; i--) {
      all = new Pair(t.c, (long) levels[i], all);
    }
    return t.list(
        depth,
        size == 0 ? Symbol.NIL : orNil(levels[size - 1]),
        orNil(last),
        string < 0
            ? Symbol.NIL
            : string == Comments.GENERIC_STRING ? Symbol.T : (Object) (long) string,
        comment < 0 ? Symbol.T : comment == 0 ? Symbol.NIL : (Object) comment,
        Lisp.bool(quoted),
        least,
        style == 0
            ? Symbol.NIL
            : style == Comments.GENERIC ? SyntaxTables.PURPOSE : (Object) (long) style,
        comment != 0 || string >= 0 ? orNil(start) : Symbol.NIL,
        all,
        previous == Comments.NONE ? Symbol.NIL : (Object) (long) previous);
  }
}
