package org.elver.lisp.syntax;

import java.util.Arrays;
import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** The set of characters that a string for {@code skip-chars-forward} describes. */
public final class SkipSet {
  private static final Symbol GENERAL_CATEGORY = Symbol.known("unicode-category-table");
  private static final String[] CLASSES = {
    "alpha",
    "alnum",
    "blank",
    "graph",
    "lower",
    "multibyte",
    "print",
    "punct",
    "space",
    "upper",
    "word",
    "ascii",
    "cntrl",
    "digit",
    "xdigit",
    "nonascii",
    "unibyte"
  };
  private static final int ALPHA = 0;
  private static final int ALNUM = 1;
  private static final int BLANK = 2;
  private static final int GRAPH = 3;
  private static final int PRINT = 6;

  private final Task t;
  private final boolean negated;
  private int[] ranges = new int[8];
  private int size;
  private int classes;
  private long low;
  private long high;

  /** ASCII characters whose bits are known to be final. */
  private long knownLow;

  private long knownHigh;

  /** Reads a description. */
  public SkipSet(Task t, LispString description) {
    this.t = t;
    int[] s = description.characters(t.c);
    int i = 0;
    negated = s.length > 0 && s[0] == '^';
    if (negated) {
      i++;
    }
    while (i < s.length) {
      int ch = s[i++];
      if (ch == '[' && i < s.length && s[i] == ':') {
        int end = i + 1;
        while (end < s.length && s[end] >= 'a' && s[end] <= 'z') {
          end++;
        }
        if (end + 1 < s.length && s[end] == ':' && s[end + 1] == ']') {
          classes |= 1 << classNamed(new String(s, i + 1, end - i - 1));
          i = end + 2;
          continue;
        }
      }
      if (ch == '\\') {
        if (i == s.length) {
          break;
        }
        ch = s[i++];
      }
      if (i + 1 < s.length && s[i] == '-') {
        int to = s[i + 1];
        i += 2;
        if (to == '\\' && i < s.length) {
          to = s[i++];
        }
        if (ch < 128 && to > LispString.RAW_BYTE) {
          add(ch, 127);
          ch = LispString.RAW_BYTE + 128;
        }
        add(ch, to);
      } else {
        add(ch, ch);
      }
    }
  }

  private static int classNamed(String name) {
    int i = Arrays.asList(CLASSES).indexOf(name);
    if (i < 0) {
      throw LispSignal.error("Invalid ISO C character class");
    }
    return i;
  }

  private void add(int from, int to) {
    if (from > to) {
      return;
    }
    if (size == ranges.length) {
      ranges = Arrays.copyOf(ranges, 2 * size);
    }
    ranges[size++] = from;
    ranges[size++] = to;
  }

  /** Whether the set has a character. */
  public boolean has(int ch) {
    if (ch < 128) {
      long bit = 1L << ch;
      if (ch < 64) {
        if ((knownLow & bit) == 0) {
          knownLow |= bit;
          low |= find(ch) ? bit : 0;
        }
        return (low & bit) != 0;
      }
      if ((knownHigh & bit) == 0) {
        knownHigh |= bit;
        high |= find(ch) ? bit : 0;
      }
      return (high & bit) != 0;
    }
    return find(ch);
  }

  private boolean find(int ch) {
    for (int i = 0; i < size; i += 2) {
      if (ch >= ranges[i] && ch <= ranges[i + 1]) {
        return !negated;
      }
    }
    return isInClass(ch) != negated;
  }

  private boolean isInClass(int ch) {
    for (int bits = classes; bits != 0; bits &= bits - 1) {
      if (is(ch, Integer.numberOfTrailingZeros(bits))) {
        return true;
      }
    }
    return false;
  }

  private boolean is(int ch, int kind) {
    boolean ascii = ch < 128;
    int lower = ch | 0x20;
    return switch (CLASSES[kind]) {
      case "alpha" -> ascii ? lower >= 'a' && lower <= 'z' : isUnicode(ch, ALPHA);
      case "alnum" -> ascii ? (lower >= 'a' && lower <= 'z') || isDigit(ch) : isUnicode(ch, ALNUM);
      case "blank" -> ascii ? ch == ' ' || ch == '\t' : isUnicode(ch, BLANK);
      case "graph" -> ascii ? ch > ' ' && ch < 127 : isUnicode(ch, GRAPH);
      case "print" -> ascii ? ch >= ' ' && ch < 127 : isUnicode(ch, PRINT);
      case "lower" -> !isUpper(ch) && CaseTables.upcase(t.c, CaseTables.current(t), ch) != ch;
      case "upper" -> isUpper(ch);
      case "multibyte" -> ch >= 256;
      case "unibyte" -> ch < 256;
      case "ascii" -> ascii;
      case "nonascii" -> !ascii;
      case "punct" ->
          ascii
              ? ch > ' ' && ch < 127 && !(lower >= 'a' && lower <= 'z') && !isDigit(ch)
              : syntax(ch) != SyntaxTables.WORD;
      case "space" -> syntax(ch) == SyntaxTables.WHITESPACE;
      case "word" -> syntax(ch) == SyntaxTables.WORD;
      case "cntrl" -> ch < ' ';
      case "digit" -> isDigit(ch);
      default -> isDigit(ch) || (lower >= 'a' && lower <= 'f' && ascii);
    };
  }

  private static boolean isDigit(int ch) {
    return ch >= '0' && ch <= '9';
  }

  private boolean isUpper(int ch) {
    return CaseTables.downcase(t.c, CaseTables.current(t), ch) != ch;
  }

  private int syntax(int ch) {
    return SyntaxTables.classOf(SyntaxTables.code(t.c, SyntaxTables.current(t), ch));
  }

  /** Whether the general category, by Emacs's number, is of a class. */
  private boolean isUnicode(int ch, int kind) {
    int category =
        Variables.orNil(t, GENERAL_CATEGORY) instanceof CharTable table
                && table.ref(t.c, ch) instanceof Long l
            ? (int) (long) l
            : 0;
    boolean letter = (category >= 1 && category <= 8) || category == 10;
    return switch (kind) {
      case ALPHA -> letter;
      case ALNUM -> letter || category == 9;
      case BLANK -> category == 23;
      case GRAPH ->
          category != 0
              && category != 26
              && category != 28
              && category != 30
              && !(category >= 23 && category <= 25);
      default -> category != 0 && category != 26 && category != 28 && category != 30;
    };
  }
}
