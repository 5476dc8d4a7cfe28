package org.elver.lisp.syntax;

import static org.elver.lisp.syntax.SyntaxTables.*;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Moving over balanced expressions and in and out of parentheses. */
public final class Sexps extends Comments {
  private static final Symbol IGNORE = Symbol.known("parse-sexp-ignore-comments");
  private static final Symbol AS_SYMBOL = Symbol.known("multibyte-syntax-as-symbol");

  private final boolean ignoreComments;
  private final boolean asSymbol;

  /** Whether single words, symbols and strings count as expressions. */
  private final boolean sexps;

  private int position;
  private long depth;
  private long least;
  private long lastGood;

  /** Whether inside of paired delimiters. */
  private boolean inMath;

  private Sexps(Task t, boolean sexps) {
    super(t);
    this.sexps = sexps;
    ignoreComments = Lisp.isTrue(Variables.orNil(t, IGNORE));
    asSymbol = Lisp.isTrue(Variables.orNil(t, AS_SYMBOL));
  }

  /** Where {@code count} expressions after (before) {@code from} end; nil at the end of a list. */
  public static Object scan(Task t, long from, long count, long depth, boolean sexps) {
    Sexps s = new Sexps(t, sexps);
    s.position = Math.clamp(from, s.begv, s.zv);
    s.depth = depth;
    s.least = Math.min(depth, 0);
    s.lastGood = s.position;
    for (long n = count; n > 0; n--) {
      if (!s.forward()) {
        return s.atEnd();
      }
    }
    for (long n = count; n < 0; n++) {
      if (!s.backward()) {
        return s.atEnd();
      }
    }
    return (long) s.position;
  }

  private Object atEnd() {
    if (depth != 0) {
      throw unbalanced();
    }
    return Symbol.NIL;
  }

  private LispSignal unbalanced() {
    return new LispSignal(Q.SCAN_ERROR, "Unbalanced parentheses", lastGood, (long) position);
  }

  private void checkDepth() {
    if (depth < least) {
      throw new LispSignal(
          Q.SCAN_ERROR, "Containing expression ends prematurely", lastGood, (long) position);
    }
  }

  private int classOf(int ch, int code) {
    return asSymbol && ch >= 128 ? SYMBOL : SyntaxTables.classOf(code);
  }

  private int kindAt(int pos) {
    int ch = at(pos);
    return classOf(ch, code(ch, pos));
  }

  private boolean forward() {
    while (position < zv) {
      poll();
      int ch = at(position);
      int code = code(ch, position);
      int kind = classOf(ch, code);
      boolean nested = nests(code);
      int style = style(code, 0);
      if (depth == least) {
        lastGood = position;
      }
      position++;
      if (position < zv && (code & START_FIRST) != 0 && ignoreComments) {
        int next = codeAt(position);
        if ((next & START_SECOND) != 0) {
          kind = COMMENT;
          style = style(next, code);
          nested |= nests(next);
          position++;
        }
      }
      if ((code & PREFIX) != 0) {
        continue;
      }
      switch (kind) {
        case ESCAPE, CHAR_QUOTE, WORD, SYMBOL -> {
          if (kind == ESCAPE || kind == CHAR_QUOTE) {
            skipQuoted();
          }
          if (depth == 0 && sexps) {
            forwardSymbol();
            return true;
          }
        }
        case COMMENT, COMMENT_FENCE -> {
          if (ignoreComments) {
            boolean found =
                skipComment(position, zv, nested ? 1 : -1, kind == COMMENT ? style : GENERIC, 0);
            if (!found && depth == 0) {
              position = outPosition;
              return true;
            }
            position = outPosition;
            if (!found) {
              throw unbalanced();
            }
          }
        }
        case MATH -> {
          if (sexps) {
            if (position < zv && at(position) == ch) {
              position++;
            }
            inMath = !inMath;
            if (inMath ? opened() : closed()) {
              return true;
            }
          }
        }
        case OPEN -> {
          if (opened()) {
            return true;
          }
        }
        case CLOSE -> {
          if (closed()) {
            return true;
          }
        }
        case STRING, STRING_FENCE -> {
          forwardString(kind, ch);
          if (depth == 0 && sexps) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  private boolean opened() {
    return ++depth == 0;
  }

  private boolean closed() {
    depth--;
    if (depth == 0) {
      return true;
    }
    checkDepth();
    return false;
  }

  private void skipQuoted() {
    if (position >= zv) {
      throw unbalanced();
    }
    position++;
  }

  private void forwardSymbol() {
    while (position < zv) {
      poll();
      switch (kindAt(position)) {
        case ESCAPE, CHAR_QUOTE -> {
          position++;
          skipQuoted();
        }
        case WORD, SYMBOL, QUOTE -> position++;
        default -> {
          return;
        }
      }
    }
  }

  private void forwardString(int kind, int delimiter) {
    while (true) {
      if (position >= zv) {
        throw unbalanced();
      }
      poll();
      int ch = at(position);
      int found = classOf(ch, code(ch, position));
      if (found == kind && (kind == STRING_FENCE || ch == delimiter)) {
        position++;
        return;
      }
      position++;
      if (found == ESCAPE || found == CHAR_QUOTE) {
        position++;
      }
    }
  }

  private boolean backward() {
    while (position > begv) {
      poll();
      position--;
      int ch = at(position);
      int code = code(ch, position);
      int kind = classOf(ch, code);
      if (depth == least) {
        lastGood = position;
      }
      int style = kind == END_COMMENT ? style(code, 0) : 0;
      boolean nested = nests(code);
      if (position > begv && (code & END_SECOND) != 0 && ignoreComments) {
        int before = codeAt(position - 1);
        if ((before & END_FIRST) != 0 && !isQuoted(position - 1)) {
          kind = END_COMMENT;
          position--;
          style = style(before, code);
          nested |= nests(before);
        }
      }
      if (kind != END_COMMENT && isQuoted(position)) {
        position--;
        kind = WORD;
      } else if ((code & PREFIX) != 0) {
        continue;
      }
      switch (kind) {
        case WORD, SYMBOL, ESCAPE, CHAR_QUOTE -> {
          if (depth == 0 && sexps) {
            backwardSymbol();
            return true;
          }
        }
        case MATH -> {
          if (sexps) {
            if (position > begv && at(position - 1) == ch) {
              position--;
            }
            inMath = !inMath;
            if (inMath ? opened() : closed()) {
              return true;
            }
          }
        }
        case CLOSE -> {
          if (opened()) {
            return true;
          }
        }
        case OPEN -> {
          if (closed()) {
            return true;
          }
        }
        case END_COMMENT -> {
          if (ignoreComments) {
            int start = commentStart(position, begv, nested, style);
            if (start >= 0) {
              position = start;
            }
          }
        }
        case COMMENT_FENCE, STRING_FENCE -> {
          int start = fenceBefore(position, kind);
          if (start < 0) {
            position = begv;
            throw unbalanced();
          }
          position = start;
          if (kind == STRING_FENCE && depth == 0 && sexps) {
            return true;
          }
        }
        case STRING -> {
          backwardString(ch);
          if (depth == 0 && sexps) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  private void backwardSymbol() {
    while (position > begv) {
      poll();
      int kind = kindAt(position - 1);
      if (kind == END_COMMENT) {
        return; // That cannot be quoted.
      }
      if (isQuoted(position - 1)) {
        position -= 2;
        continue;
      }
      if (kind != WORD && kind != SYMBOL && kind != QUOTE) {
        return;
      }
      position--;
    }
  }

  private void backwardString(int delimiter) {
    while (true) {
      if (position <= begv) {
        throw unbalanced();
      }
      poll();
      position--;
      int ch = at(position);
      if (ch == delimiter && classOf(ch, code(ch, position)) == STRING && !isQuoted(position)) {
        return;
      }
    }
  }

  /** Where the prefix characters before a position begin. */
  public static int prefixStart(Task t, int from) {
    BufferSyntax s = new BufferSyntax(t);
    int pos = from;
    while (pos > s.begv) {
      int code = s.codeAt(pos - 1);
      if ((SyntaxTables.classOf(code) != QUOTE && (code & PREFIX) == 0) || s.isQuoted(pos - 1)) {
        break;
      }
      pos--;
      s.poll();
    }
    return pos;
  }
}
