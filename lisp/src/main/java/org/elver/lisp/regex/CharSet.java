package org.elver.lisp.regex;

import java.util.Arrays;

/** A bracket expression. */
final class CharSet {
  static final int ALPHA = 1;
  static final int ALNUM = 1 << 1;
  static final int BLANK = 1 << 2;
  static final int GRAPH = 1 << 3;
  static final int LOWER = 1 << 4;
  static final int MULTIBYTE = 1 << 5;
  static final int PRINT = 1 << 6;
  static final int PUNCT = 1 << 7;
  static final int SPACE = 1 << 8;
  static final int UPPER = 1 << 9;
  static final int WORD = 1 << 10;

  /** Classes of ASCII characters only; they need no test of others. */
  static final int ASCII = 1 << 11;

  static final int CNTRL = 1 << 12;
  static final int DIGIT = 1 << 13;
  static final int XDIGIT = 1 << 14;

  private static final int ASCII_ONLY = ASCII | CNTRL | DIGIT | XDIGIT;

  /** Classes that a syntax table may change for ASCII characters too. */
  private static final int BY_SYNTAX = SPACE | WORD;

  /** How many equivalents of a character are looked at: a circle that does not close must end. */
  static final int MAX_EQUIVALENTS = 32;

  private final boolean negated;
  private final int classes;
  private final int[] ranges;
  private final CaseFold fold;
  private final long low;
  private final long high;

  /** ASCII characters in {@link #low} and {@link #high} are final only if they need no syntax. */
  private final boolean bySyntax;

  /** A set of classes and of ranges, given as pairs of bounds in any order. */
  CharSet(boolean negated, int classes, int[] ranges, CaseFold fold) {
    this.negated = negated;
    this.classes = classes;
    this.ranges = merge(ranges);
    this.fold = fold;
    bySyntax = (classes & BY_SYNTAX) != 0;
    long[] bits = new long[2];
    for (int ch = 0; ch < 0x80; ch++) {
      if (inRanges(ch) || isAsciiClass(ch)) {
        bits[ch >> 6] |= 1L << ch;
      }
    }
    low = bits[0];
    high = bits[1];
  }

  private static int[] merge(int[] ranges) {
    int n = ranges.length / 2;
    long[] sorted = new long[n];
    for (int i = 0; i < n; i++) {
      sorted[i] = ((long) ranges[2 * i] << 32) | ranges[2 * i + 1];
    }
    Arrays.sort(sorted);
    int[] merged = new int[2 * n];
    int size = 0;
    for (long range : sorted) {
      int from = (int) (range >> 32);
      int to = (int) range;
      if (size > 0 && from <= merged[size - 1] + 1) {
        merged[size - 1] = Math.max(merged[size - 1], to);
      } else {
        merged[size++] = from;
        merged[size++] = to;
      }
    }
    return Arrays.copyOf(merged, size);
  }

  boolean contains(int ch, CharacterRules rules) {
    if (ch < 0x80) {
      boolean in = (((ch < 64 ? low : high) >>> ch) & 1) != 0;
      if (!in && bySyntax) {
        in = hasSyntax(ch, rules);
      }
      return in != negated;
    }
    return (inRanges(ch) || (classes != 0 && isClass(ch, rules))) != negated;
  }

  /** Adds the characters of this set to {@code first}, or more. */
  void addTo(First first) {
    if (bySyntax) {
      first.addAscii();
    } else if (negated) {
      first.add(~low, ~high);
    } else {
      first.add(low, high);
    }
    if (negated || (classes & ~ASCII_ONLY) != 0 || hasOtherRange()) {
      first.addOthers();
    }
  }

  private boolean hasOtherRange() {
    // With case ignored, ASCII characters may have others as equivalents.
    return ranges.length > 0 && (fold != null || ranges[ranges.length - 1] >= 0x80);
  }

  private boolean inRanges(int ch) {
    if (ranges.length == 0) {
      return false;
    }
    if (fold == null) {
      return isBetween(ch);
    }
    int other = ch;
    for (int i = 0; i < MAX_EQUIVALENTS; i++) {
      if (isBetween(other)) {
        return true;
      }
      other = fold.next(other);
      if (other == ch) {
        break;
      }
    }
    return false;
  }

  private boolean isBetween(int ch) {
    int from = 0;
    int to = ranges.length / 2 - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      if (ch < ranges[2 * middle]) {
        to = middle - 1;
      } else if (ch > ranges[2 * middle + 1]) {
        from = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  private boolean isAsciiClass(int ch) {
    boolean letter = (ch | 0x20) >= 'a' && (ch | 0x20) <= 'z';
    boolean digit = ch >= '0' && ch <= '9';
    boolean visible = ch > ' ' && ch < 0x7F;
    int is = ASCII;
    if (letter) {
      is |= ALPHA | ALNUM;
      is |= fold != null ? UPPER | LOWER : ch >= 'a' ? LOWER : UPPER;
      if ((ch | 0x20) <= 'f') {
        is |= XDIGIT;
      }
    }
    if (digit) {
      is |= DIGIT | ALNUM | XDIGIT;
    }
    if (visible) {
      is |= GRAPH | PRINT;
      if (!letter && !digit) {
        is |= PUNCT;
      }
    }
    if (ch == ' ') {
      is |= PRINT | BLANK;
    }
    if (ch == '\t') {
      is |= BLANK;
    }
    if (ch < ' ') {
      is |= CNTRL;
    }
    return (is & classes) != 0;
  }

  private boolean hasSyntax(int ch, CharacterRules rules) {
    int syntax = rules.syntax(ch, -1);
    return ((classes & SPACE) != 0 && syntax == CharacterRules.WHITESPACE)
        || ((classes & WORD) != 0 && syntax == CharacterRules.WORD);
  }

  private boolean isClass(int original, CharacterRules rules) {
    int ch = fold != null ? fold.canon(original) : original;
    if (ch >= Subject.RAW + 0x80) {
      return false; // A raw byte is in no class.
    }
    if ((classes & MULTIBYTE) != 0) {
      return true;
    }
    if ((classes & (SPACE | WORD | PUNCT)) != 0) {
      int syntax = rules.syntax(ch, -1);
      if (((classes & SPACE) != 0 && syntax == CharacterRules.WHITESPACE)
          || ((classes & WORD) != 0 && syntax == CharacterRules.WORD)
          || ((classes & PUNCT) != 0 && syntax != CharacterRules.WORD)) {
        return true;
      }
    }
    if ((classes & UPPER) != 0 && hasCase(ch, original, rules, true)) {
      return true;
    }
    if ((classes & LOWER) != 0 && hasCase(ch, original, rules, false)) {
      return true;
    }
    return (classes & (ALPHA | ALNUM | BLANK | GRAPH | PRINT)) != 0
        && isUnicodeClass(rules.generalCategory(ch));
  }

  private boolean hasCase(int ch, int original, CharacterRules rules, boolean upper) {
    if (fold == null) {
      return upper ? rules.isUpper(ch) : rules.isLower(ch);
    }
    return rules.isUpper(original)
        || rules.isLower(original)
        || rules.isUpper(ch)
        || rules.isLower(ch);
  }

  private boolean isUnicodeClass(int category) {
    return switch (category) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.LETTER_NUMBER ->
          (classes & (ALPHA | ALNUM | GRAPH | PRINT)) != 0;
      case Character.DECIMAL_DIGIT_NUMBER -> (classes & (ALNUM | GRAPH | PRINT)) != 0;
      case Character.SPACE_SEPARATOR -> (classes & (BLANK | PRINT)) != 0;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> (classes & PRINT) != 0;
      case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> (classes & (GRAPH | PRINT)) != 0;
    };
  }

  static int classNamed(String name) {
    return switch (name) {
      case "alnum" -> ALNUM;
      case "alpha" -> ALPHA;
      case "ascii", "unibyte" -> ASCII;
      case "blank" -> BLANK;
      case "cntrl" -> CNTRL;
      case "digit" -> DIGIT;
      case "graph" -> GRAPH;
      case "lower" -> LOWER;
      case "multibyte", "nonascii" -> MULTIBYTE;
      case "print" -> PRINT;
      case "punct" -> PUNCT;
      case "space" -> SPACE;
      case "upper" -> UPPER;
      case "word" -> WORD;
      case "xdigit" -> XDIGIT;
      default -> 0;
    };
  }
}
