package org.elver.lisp.casing;

import org.elver.heap.object.Pair;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * One conversion of text: how, and by which tables. Used up by one pass over characters in order;
 * knows whether the last was in a word.
 */
public final class Casing {
  /** What is done with letters. */
  public enum Kind {
    UPCASE,
    DOWNCASE,
    /** First letters of words to title case, others to lower case. */
    CAPITALIZE,
    /** First letters of words to title case. */
    INITIALS
  }

  private static final int CAPITAL_SIGMA = 0x3A3;
  private static final int FINAL_SIGMA = 0x3C2;
  private static final int WORD = 2;
  private static final int INHERIT = 13;
  private static final long PREFIX = 1 << 20;

  private static final Symbol PROPERTY_TABLE = Symbol.known("unicode-property-table-internal");
  private static final Symbol TITLECASE = Symbol.known("titlecase");
  private static final Symbol SPECIAL_UP = Symbol.known("special-uppercase");
  private static final Symbol SPECIAL_DOWN = Symbol.known("special-lowercase");
  private static final Symbol SPECIAL_TITLE = Symbol.known("special-titlecase");
  private static final Symbol SYNTAX_TABLE = Symbol.known("syntax-table");
  private static final Symbol STANDARD_SYNTAX = Symbol.known("standard-syntax-table");

  private final Task t;
  private final Kind kind;
  private final CharTable down;
  private final boolean inBuffer;
  private final boolean[] asked = new boolean[5];
  private final Object[] tables = new Object[5];
  private boolean inWord;

  /** A conversion by the case table {@code down}. */
  public Casing(Task t, Kind kind, CharTable down, boolean inBuffer) {
    this.t = t;
    this.kind = kind;
    this.down = down;
    this.inBuffer = inBuffer;
  }

  /** A table that is only needed for some texts, and may have to be loaded; or null. */
  private CharTable table(int i, Symbol function, Object... args) {
    if (!asked[i]) {
      asked[i] = true;
      tables[i] = t.call(function, args);
    }
    return tables[i] instanceof CharTable x ? x : null;
  }

  private long syntax(int ch) {
    CharTable table = table(0, SYNTAX_TABLE);
    Object entry = table == null ? Symbol.NIL : table.ref(t.c, ch);
    if (entry instanceof Pair p && p.first(t.c) instanceof Long code) {
      if ((code & 0xFFFF) == INHERIT) {
        CharTable standard = table(1, STANDARD_SYNTAX);
        entry = standard == null ? Symbol.NIL : standard.ref(t.c, ch);
        return entry instanceof Pair q && q.first(t.c) instanceof Long std ? std : 0;
      }
      return code;
    }
    return 0;
  }

  private boolean isWord(int ch) {
    return (syntax(ch) & 0xFFFF) == WORD;
  }

  /** What the next letter is to become, or null for as it is; keeps account of words. */
  private Kind step(int ch) {
    if (kind == Kind.UPCASE || kind == Kind.DOWNCASE) {
      if (kind == Kind.DOWNCASE && inScopeOfSigma) {
        inWord = isWord(ch);
      }
      return kind;
    }
    boolean was = inWord;
    long syntax = syntax(ch);
    inWord = (syntax & 0xFFFF) == WORD && (!inBuffer || was || (syntax & PREFIX) == 0);
    if (!was) {
      return Kind.CAPITALIZE;
    }
    return kind == Kind.CAPITALIZE ? Kind.DOWNCASE : null;
  }

  /** Set when the text has a capital sigma: only then words matter when downcasing. */
  private boolean inScopeOfSigma;

  /** Converts one character by itself, without special rules. */
  public int character(int ch) {
    Kind k = step(ch);
    return k == null ? ch : simple(k, ch);
  }

  private int simple(Kind k, int ch) {
    if (k == Kind.DOWNCASE) {
      return CaseTables.downcase(t.c, down, ch);
    }
    if (k == Kind.CAPITALIZE) {
      CharTable title = ch < 128 ? null : table(2, PROPERTY_TABLE, TITLECASE);
      if (title != null && title.ref(t.c, ch) instanceof Long l) {
        return (int) (long) l;
      }
    }
    return CaseTables.upcase(t.c, down, ch);
  }

  private Object special(Kind k, int ch) {
    if (ch < 128) {
      return Symbol.NIL;
    }
    CharTable table =
        k == Kind.UPCASE
            ? table(3, PROPERTY_TABLE, SPECIAL_UP)
            : k == Kind.DOWNCASE
                ? table(4, PROPERTY_TABLE, SPECIAL_DOWN)
                : table(3, PROPERTY_TABLE, SPECIAL_TITLE);
    return table == null ? Symbol.NIL : table.ref(t.c, ch);
  }

  /** Converts characters, with the special rules that may make several of one. */
  public CodeBuffer characters(int[] text) {
    CodeBuffer out = new CodeBuffer(text.length + 8);
    characters(text, out, new int[text.length + 1]);
    return out;
  }

  /** As {@link #characters(int[])}; {@code at}: where each one's result begins. */
  public void characters(int[] text, CodeBuffer out, int[] at) {
    for (int ch : text) {
      inScopeOfSigma |= ch == CAPITAL_SIGMA;
    }
    for (int i = 0; i < text.length; i++) {
      at[i] = out.length();
      int ch = text[i];
      boolean was = inWord;
      Kind k = step(ch);
      if (k == null) {
        out.append(ch);
        continue;
      }
      if (special(k, ch) instanceof LispString s) {
        out.append(t.c, s);
        continue;
      }
      int cased = simple(k, ch);
      if (was
          && ch == CAPITAL_SIGMA
          && cased != ch
          && k == Kind.DOWNCASE
          && (i + 1 == text.length || !isWord(text[i + 1]))) {
        cased = FINAL_SIGMA;
      }
      out.append(cased);
      if ((i & 0xFFFF) == 0) {
        t.safepoint();
      }
    }
    at[text.length] = out.length();
  }

  /** Converts one character to exactly one, where text must keep its length (bytes). */
  public int single(int ch) {
    int cased = character(ch);
    return Lisp.isCharacter((long) cased) ? cased : ch;
  }
}
