package org.elver.lisp.syntax;

import static org.elver.lisp.syntax.SyntaxTables.*;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;

/** Finding where comments end and begin, in the current buffer. */
public class Comments extends BufferSyntax {
  /** The style of comments between generic delimiters. */
  public static final int GENERIC = 257;

  /** What stands for the delimiter of strings between generic delimiters. */
  public static final int GENERIC_STRING = 258;

  /** No syntax: of a character that was used up as part of a delimiter. */
  static final int NONE = CLASSES;

  private static final Symbol CAN_BE_ESCAPED = Symbol.known("comment-end-can-be-escaped");
  private static final Symbol USE_PPSS = Symbol.known("comment-use-syntax-ppss");
  private static final Symbol PPSS = Symbol.known("syntax-ppss");
  private static final Symbol TOPLEVEL = Symbol.known("syntax-ppss-toplevel-pos");
  private static final Symbol COLUMN_0 = Symbol.known("open-paren-in-column-0-is-defun-start");

  private final boolean canBeEscaped;

  // Where skipping stopped, and how.

  /** The position. */
  int outPosition;

  /** How many comments were open there; -1: one that does not nest. */
  int outNesting;

  /** The syntax of the character before, or {@link #NONE}. */
  int outCode;

  /** For the current buffer. */
  public Comments(Task t) {
    super(t);
    canBeEscaped = Lisp.isTrue(Variables.orNil(t, CAN_BE_ESCAPED));
  }

  /** The style of a comment by its delimiter: of two characters, or one and 0. */
  static int style(int code, int other) {
    return ((code & STYLE_B) != 0 ? 1 : 0) | (((code | other) & STYLE_C) != 0 ? 2 : 0);
  }

  static boolean nests(int code) {
    return (code & NESTED) != 0;
  }

  private static boolean isEscape(int code) {
    int kind = classOf(code);
    return kind == ESCAPE || kind == CHAR_QUOTE;
  }

  // ---- Forward
  // -----------------------------------------------------------------------------------

  /**
   * Skips from inside a comment behind its end. Returns whether there is one before {@code stop};
   * sets the {@code out} fields either way.
   *
   * @param nesting how many nesting comments are open; -1: in a comment that does not nest
   * @param previous the syntax of the character before, if it may begin a delimiter, or 0
   */
  boolean skipComment(int from, int stop, int nesting, int style, int previous) {
    int pos = from;
    int depth = nesting;
    int code = previous;
    boolean resumed = (code & (START_FIRST | END_FIRST)) != 0;
    while (true) {
      if (!resumed) {
        if (pos >= stop) {
          return stopped(pos, depth, code, false);
        }
        poll();
        int before = code;
        code = codeAt(pos);
        pos++;
        switch (classOf(code)) {
          case END_COMMENT:
            if (style(code, 0) == style
                && (nests(code) ? depth > 0 && --depth == 0 : depth < 0)
                && !(canBeEscaped && isEscape(before))) {
              return stopped(pos, depth, code, true);
            }
            break;
          case COMMENT_FENCE:
            if (style == GENERIC) {
              return stopped(pos, depth, code, true);
            }
            break;
          case COMMENT:
            if (nests(code) && style(code, 0) == style) {
              depth++;
            }
            break;
          case ESCAPE, CHAR_QUOTE:
            if (canBeEscaped) {
              if (pos >= stop) {
                return stopped(pos, depth, code, false);
              }
              pos++;
              code = NONE;
            }
            break;
          default:
        }
      }
      resumed = false;
      if (pos < stop && (code & (END_FIRST | START_FIRST)) != 0) {
        int next = codeAt(pos);
        boolean nested = nests(code) || nests(next);
        if ((code & END_FIRST) != 0
            && (next & END_SECOND) != 0
            && style(code, next) == style
            && (nested ? depth > 0 : depth < 0)) {
          depth--;
          pos++;
          code = NONE;
          if (depth <= 0) {
            return stopped(pos, depth, code, true);
          }
        } else if (nested
            && depth > 0
            && (code & START_FIRST) != 0
            && (next & START_SECOND) != 0
            && style(next, code) == style) {
          depth++;
          pos++;
          code = NONE;
        }
      }
    }
  }

  private boolean stopped(int pos, int depth, int code, boolean found) {
    outPosition = pos;
    outNesting = depth;
    boolean matters =
        isEscape(code) || (code & END_FIRST) != 0 || (depth > 0 && (code & START_FIRST) != 0);
    outCode = matters ? code : NONE;
    return found;
  }

  // ---- Backward
  // ----------------------------------------------------------------------------------

  /**
   * Finds the beginning of the comment whose ender begins at {@code from}; -1 when that ends none.
   */
  int commentStart(int from, int stop, boolean nested, int style) {
    if (canBeEscaped && isQuoted(from)) {
      return -1;
    }
    int start = guessedStart(from, stop, nested, style);
    return start == UNSURE ? parsedStart(from, nested, style) : start;
  }

  private static final int UNSURE = -2;

  /**
   * Looks backward for the beginning. What it finds is sure only if nothing between can be read in
   * two ways.
   */
  private int guessedStart(int from, int stop, boolean nested, int style) {
    boolean columns =
        Variables.orNil(t, USE_PPSS) == Symbol.NIL && Lisp.isTrue(Variables.orNil(t, COLUMN_0));
    int quote = -1;
    boolean mixed = false;
    int candidate = -1;
    int depth = 1;
    int code = 0;
    int pos = from;
    while (pos > stop) {
      poll();
      pos--;
      final int next = code;
      int ch = at(pos);
      code = code(ch, pos);
      int kind = classOf(code);
      boolean starts2 =
          (code & START_FIRST) != 0
              && (next & START_SECOND) != 0
              && style(next, code) == style
              && (nests(next) || nests(code)) == nested;
      boolean ends2 = (code & END_FIRST) != 0 && (next & END_SECOND) != 0;
      boolean starts = starts2 || kind == COMMENT;
      if (pos > stop && (starts || ends2)) {
        int before = codeAt(pos - 1);
        if (((starts || nested) && (code & END_SECOND) != 0 && (before & END_FIRST) != 0)
            || ((ends2 || nested) && (code & START_SECOND) != 0 && (before & START_FIRST) != 0)) {
          return UNSURE; // Delimiters that overlap.
        }
      }
      if (starts2 && candidate < 0 && pos == from - 1 && next == 0) {
        starts2 = false;
      }
      if (ends2) {
        kind = END_COMMENT;
      } else if (starts2) {
        kind = COMMENT;
      } else if (kind == COMMENT && (style(code, 0) != style || nests(code) != nested)) {
        continue;
      }
      if ((canBeEscaped || kind != END_COMMENT) && isQuoted(pos)) {
        continue;
      }
      switch (kind) {
        case STRING_FENCE, COMMENT_FENCE, STRING -> {
          int delimiter =
              kind == STRING_FENCE ? GENERIC_STRING : kind == COMMENT_FENCE ? GENERIC : ch;
          int key = kind == STRING ? delimiter : -10 - delimiter;
          if (quote == -1) {
            quote = key;
          } else if (quote == key) {
            quote = -1;
          } else {
            mixed = true; // Two kinds of delimiters.
          }
        }
        case COMMENT -> {
          if (quote != -1 || mixed) {
            return UNSURE;
          }
          if (!nested) {
            candidate = pos;
          } else if (--depth <= 0) {
            return pos;
          }
        }
        case END_COMMENT -> {
          boolean same =
              (ends2 ? style(code, next) : style(code, 0)) == style
                  && ((ends2 && nests(next)) || nests(code)) == nested;
          if (same) {
            if (nested) {
              depth++;
            } else {
              return candidate; // What is before belongs to this other one.
            }
          } else if (candidate >= 0 || ch != '\n') {
            mixed = true;
          }
        }
        case OPEN -> {
          if (columns && (pos == stop || at(pos - 1) == '\n')) {
            return candidate;
          }
        }
        default -> {}
      }
    }
    return candidate;
  }

  /** Finds the beginning by parsing from a place that is outside of comments and strings. */
  private int parsedStart(int end, boolean nested, int style) {
    int from = outside(end);
    while (from < end) {
      ParseState s = new ParseState();
      new SexpParser(this).parse(s, from, end, Long.MIN_VALUE, false, 0);
      if (s.comment == (nested ? 1 : -1) && s.style == style) {
        return s.start;
      }
      if (s.comment == 0) {
        return -1;
      }
      from = s.start + 2; // Perhaps it is in the comment that the end is in.
    }
    return -1;
  }

  /** A position before {@code pos}, or itself, that is in no comment and no string. */
  private int outside(int pos) {
    if (Lisp.isTrue(Variables.orNil(t, USE_PPSS)) && PPSS.function(t) != Symbol.NIL) {
      Buffer b = Buffer.current(t);
      long ticks = b.charsModiff(t.c);
      int point = b.point(t.c);
      Object state = t.call(PPSS, (long) pos);
      if (b.charsModiff(t.c) != ticks) {
        throw LispSignal.error("syntax-ppss modified the buffer!");
      }
      Object top = t.call(TOPLEVEL, state);
      afterLisp();
      b.setPoint(t.c, Math.clamp(point, b.begv(t.c), b.zv(t.c)));
      return top instanceof Long l ? Math.clamp(l, begv, pos) : pos;
    }
    if (!Lisp.isTrue(Variables.orNil(t, COLUMN_0))) {
      return begv;
    }
    for (int p = pos; p > begv; p--) {
      if ((p == begv || at(p - 1) == '\n') && p < zv && classAt(p) == OPEN) {
        return p;
      }
      poll();
    }
    return begv;
  }

  // ---- Both
  // --------------------------------------------------------------------------------------

  /**
   * Skips {@code count} comments from {@code from}, backward if negative, with space between them.
   */
  public boolean skipComments(int from, long count) {
    int pos = from;
    for (long n = count; n > 0; n--) {
      if (!forwardComment(pos)) {
        return false;
      }
      pos = outPosition;
    }
    for (long n = count; n < 0; n++) {
      if (!backwardComment(pos)) {
        return false;
      }
      pos = outPosition;
    }
    outPosition = pos;
    return true;
  }

  /** Where {@link #skipComments} stopped. */
  public final int position() {
    return outPosition;
  }

  private boolean forwardComment(int from) {
    int pos = from;
    while (pos < zv) {
      int begin = pos;
      int ch = at(pos);
      int code = code(ch, pos);
      pos++;
      int kind = classOf(code);
      boolean nested = nests(code);
      int style = style(code, 0);
      if (pos < zv && (code & START_FIRST) != 0) {
        int next = codeAt(pos);
        if ((next & START_SECOND) != 0) {
          kind = COMMENT;
          style = style(next, code);
          nested |= nests(next);
          pos++;
        }
      }
      if (kind == COMMENT_FENCE) {
        style = GENERIC;
      } else if (kind == WHITESPACE || (kind == END_COMMENT && ch == '\n')) {
        poll();
        continue;
      } else if (kind != COMMENT) {
        outPosition = begin;
        return false;
      }
      return skipComment(pos, zv, nested ? 1 : -1, style, 0);
    }
    outPosition = pos;
    return false;
  }

  private boolean backwardComment(int from) {
    int pos = from;
    while (pos > begv) {
      pos--;
      int ch = at(pos);
      int code = code(ch, pos);
      int kind = classOf(code);
      boolean quoted = isQuoted(pos);
      int end = pos;
      int style = kind == END_COMMENT ? style(code, 0) : 0;
      boolean nested = nests(code);
      if (pos > begv && (code & END_SECOND) != 0) {
        int before = codeAt(pos - 1);
        if ((before & END_FIRST) != 0 && !isQuoted(pos - 1)) {
          kind = END_COMMENT;
          pos--;
          style = style(before, code);
          nested |= nests(before);
        }
      }
      if (kind == COMMENT_FENCE) {
        int start = fenceBefore(pos, COMMENT_FENCE);
        if (start >= 0) {
          outPosition = start;
          return true;
        }
      } else if (kind == END_COMMENT) {
        int start = commentStart(pos, begv, nested, style);
        if (start >= 0) {
          outPosition = start;
          return true;
        }
        if (ch == '\n') {
          pos = end; // Then it is white space.
          continue;
        }
      } else if (kind == WHITESPACE && !quoted) {
        poll();
        continue;
      }
      outPosition = end + 1;
      return false;
    }
    outPosition = pos;
    return false;
  }

  /** The last unquoted character of a class before a position; -1 when there is none. */
  final int fenceBefore(int pos, int kind) {
    for (int p = pos - 1; p >= begv; p--) {
      if (classAt(p) == kind && !isQuoted(p)) {
        return p;
      }
      poll();
    }
    return -1;
  }
}
