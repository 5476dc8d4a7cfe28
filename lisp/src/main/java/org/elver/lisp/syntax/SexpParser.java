package org.elver.lisp.syntax;

import static org.elver.lisp.syntax.SyntaxTables.*;

/** Parses text forward, keeping account of parentheses, strings and comments. */
public final class SexpParser {
  private final Comments text;

  // Of one parse.
  private ParseState s;
  private int pos;
  private int end;

  /** The syntax of the character before {@link #pos}. */
  private int code;

  /** The beginning of the last expression of this level, complete or not; or -1. */
  private int current;

  /** Parses what {@code text} shows. */
  public SexpParser(Comments text) {
    this.text = text;
  }

  private void next() {
    code = text.codeAt(pos);
    pos++;
    text.poll();
  }

  /**
   * Whether the character before {@link #pos} and the next are a comment starter; the state has it
   * then.
   */
  private boolean startsComment() {
    if (pos >= end || (code & START_FIRST) == 0) {
      return false;
    }
    int second = text.codeAt(pos);
    if ((second & START_SECOND) == 0) {
      return false;
    }
    s.style = Comments.style(second, code);
    s.comment = Comments.nests(code) || Comments.nests(second) ? 1 : -1;
    s.start = pos - 1;
    pos++;
    code = Comments.NONE;
    return true;
  }

  /**
   * Parses from {@code from} to {@code limit}.
   *
   * @param target a depth at which to stop
   * @param stopBefore whether to stop where an expression begins
   * @param stopAtComment 1: to stop behind what begins a comment; -1: also behind what begins or
   *     ends a string or comment
   */
  public void parse(
      ParseState state, int from, int limit, long target, boolean stopBefore, int stopAtComment) {
    s = state;
    pos = from;
    end = limit;
    code = s.previous;
    current = -1;
    s.last = -1;
    run(target, stopBefore, stopAtComment);
    s.position = pos;
    s.previous = (code & (START_FIRST | END_FIRST)) != 0 || s.quoted ? code : Comments.NONE;
  }

  private void run(long target, boolean stopBefore, int stopAtComment) {
    boolean boundaries = stopAtComment == -1;
    boolean startQuoted = s.quoted;
    s.quoted = false;
    if (s.comment != 0) {
      if (!inComment(s.previous) || boundaries) {
        return;
      }
    } else if (s.string >= 0) {
      if (!inString(startQuoted) || boundaries) {
        return;
      }
    } else if (startQuoted) {
      if (!quotedSymbol()) {
        return;
      }
    } else if (startsComment()) {
      if (stopAtComment != 0 || !inComment(0) || boundaries) {
        return;
      }
    }
    while (pos < end) {
      int begin = pos;
      int before = code;
      next();
      int kind = classOf(code);
      int flags = code;
      if (startsComment()) {
        kind = COMMENT;
        flags = 0;
      } else if (kind == COMMENT_FENCE || kind == COMMENT) {
        s.style = kind == COMMENT ? Comments.style(code, 0) : Comments.GENERIC;
        s.comment = kind == COMMENT && Comments.nests(code) ? 1 : -1;
        s.start = begin;
        kind = COMMENT;
      }
      if ((flags & PREFIX) != 0) {
        if (kind == COMMENT) {
          s.comment = 0;
          s.style = 0;
        }
        continue;
      }
      switch (kind) {
        case ESCAPE, CHAR_QUOTE, WORD, SYMBOL -> {
          if (stopBefore) {
            pos = begin;
            code = before;
            return;
          }
          current = begin;
          boolean more = (kind == ESCAPE || kind == CHAR_QUOTE) ? quotedSymbol() : symbol();
          if (!more) {
            return;
          }
          if (s.comment != 0) {
            if (stopAtComment != 0 || !inComment(0) || boundaries) {
              return;
            }
          }
        }
        case COMMENT -> {
          if (stopAtComment != 0 || !inComment(0)) {
            return;
          }
        }
        case OPEN -> {
          if (stopBefore) {
            pos = begin;
            code = before;
            return;
          }
          s.depth++;
          s.push(begin);
          current = -1;
          s.last = -1;
          if (s.depth == target) {
            return;
          }
        }
        case CLOSE -> {
          s.depth--;
          s.least = Math.min(s.least, s.depth);
          if (s.hasLevel()) {
            current = s.pop();
          }
          s.last = current;
          if (s.depth == target) {
            return;
          }
        }
        case STRING, STRING_FENCE -> {
          if (stopBefore) {
            pos = begin;
            code = before;
            return;
          }
          current = begin;
          s.start = begin;
          s.string = kind == STRING ? text.at(begin) : Comments.GENERIC_STRING;
          if (boundaries || !inString(false) || boundaries) {
            return;
          }
        }
        default -> {}
      }
    }
  }

  /** Parses a quoted character and the symbol it is in; false at the end. */
  private boolean quotedSymbol() {
    if (pos >= end) {
      s.quoted = true;
      return false;
    }
    next();
    return symbol();
  }

  /** Parses the rest of a symbol; false when the end quotes what comes. */
  private boolean symbol() {
    while (pos < end) {
      if (startsComment()) {
        return true; // It never becomes complete.
      }
      int kind = text.classAt(pos);
      if (kind == ESCAPE || kind == CHAR_QUOTE) {
        next();
        if (pos >= end) {
          s.quoted = true;
          return false;
        }
      } else if (kind != WORD && kind != SYMBOL && kind != QUOTE) {
        break;
      }
      next();
    }
    s.last = current;
    return true;
  }

  /** Parses the rest of a comment; false when it does not end. */
  private boolean inComment(int previous) {
    boolean found = text.skipComment(pos, end, (int) s.comment, s.style, previous);
    pos = text.outPosition;
    s.comment = text.outNesting;
    code = text.outCode;
    if (found) {
      s.comment = 0;
      s.style = 0;
      code = Comments.NONE;
    }
    return found;
  }

  /** Parses the rest of a string; false when it does not end. */
  private boolean inString(boolean startQuoted) {
    boolean fence = s.string == Comments.GENERIC_STRING;
    boolean quoted = startQuoted;
    while (true) {
      if (quoted) {
        if (pos >= end) {
          s.quoted = true;
          return false;
        }
      } else {
        if (pos >= end) {
          return false;
        }
        int kind = text.classAt(pos);
        if (fence ? kind == STRING_FENCE : kind == STRING && text.at(pos) == s.string) {
          s.string = -1;
          s.last = current;
          next();
          return true;
        }
        if (kind == ESCAPE || kind == CHAR_QUOTE) {
          next();
          quoted = true;
          continue;
        }
      }
      quoted = false;
      next();
    }
  }
}
