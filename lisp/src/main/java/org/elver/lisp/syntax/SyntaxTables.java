package org.elver.lisp.syntax;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;

/**
 * Syntax tables: char-tables of pairs, a number and a matching character or nil. The lowest 16 bits
 * of the number are the class, those above are flags.
 */
public final class SyntaxTables {
  public static final int WHITESPACE = 0;
  public static final int PUNCTUATION = 1;
  public static final int WORD = 2;
  public static final int SYMBOL = 3;
  public static final int OPEN = 4;
  public static final int CLOSE = 5;
  public static final int QUOTE = 6;
  public static final int STRING = 7;
  public static final int MATH = 8;
  public static final int ESCAPE = 9;
  public static final int CHAR_QUOTE = 10;
  public static final int COMMENT = 11;
  public static final int END_COMMENT = 12;
  public static final int INHERIT = 13;
  public static final int COMMENT_FENCE = 14;
  public static final int STRING_FENCE = 15;

  /** The number of classes. */
  public static final int CLASSES = 16;

  /** What describes each class. */
  public static final String DESIGNATORS = " .w_()'\"$\\/<>@!|";

  // Flags: first and second character of starters and enders of comments of two characters.
  public static final int START_FIRST = 1 << 16;
  public static final int START_SECOND = 1 << 17;
  public static final int END_FIRST = 1 << 18;
  public static final int END_SECOND = 1 << 19;
  public static final int PREFIX = 1 << 20;
  public static final int STYLE_B = 1 << 21;
  public static final int NESTED = 1 << 22;
  public static final int STYLE_C = 1 << 23;

  private static final String FLAGS = "1234pbnc";

  /** The purpose of syntax tables. */
  public static final Symbol PURPOSE = Symbol.known("syntax-table");

  private static final Symbol STANDARD = Symbol.known(" standard-syntax-table");

  /** Its value is a vector of the pairs shared by all entries without flags and match. */
  private static final Symbol CODES = Symbol.known(" syntax-code-object");

  private SyntaxTables() {}

  // ---- Tables ----------------------------------------------------------------------------------

  /** Makes the standard table, as it is before Lisp changes it. */
  public static void initialize(Task t) {
    Object[] codes = new Object[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      codes[i] = t.cons((long) i, Symbol.NIL);
    }
    CODES.setRawValue(t, new Vector(t.c, codes));
    CharTable table = CharTable.make(t.c, PURPOSE, 0, codes[WHITESPACE]);
    table.setRange(t.c, 0, ' ' - 1, codes[PUNCTUATION]);
    table.setChar(t.c, 127, codes[PUNCTUATION]);
    each(t, table, "\t\n\f\r", codes[WHITESPACE]);
    table.setRange(t.c, 'a', 'z', codes[WORD]);
    table.setRange(t.c, 'A', 'Z', codes[WORD]);
    table.setRange(t.c, '0', '9', codes[WORD]);
    each(t, table, "$%", codes[WORD]);
    for (String pair : new String[] {"()", "[]", "{}"}) {
      int open = pair.charAt(0);
      int close = pair.charAt(1);
      table.setChar(t.c, open, t.cons((long) OPEN, (long) close));
      table.setChar(t.c, close, t.cons((long) CLOSE, (long) open));
    }
    table.setChar(t.c, '"', codes[STRING]);
    table.setChar(t.c, '\\', codes[ESCAPE]);
    each(t, table, "_-+*/&|<>=", codes[SYMBOL]);
    each(t, table, ".,;:?!#@~^'`", codes[PUNCTUATION]);
    table.setRange(t.c, 128, LispString.MAX_CHAR, codes[WORD]);
    STANDARD.setRawValue(t, table);
  }

  private static void each(Task t, CharTable table, String characters, Object entry) {
    for (int i = 0; i < characters.length(); i++) {
      table.setChar(t.c, characters.charAt(i), entry);
    }
  }

  /** The standard table. */
  public static CharTable standard(Task t) {
    return (CharTable) STANDARD.rawValue(t);
  }

  /** The table of a buffer. */
  public static CharTable of(Task t, Buffer b) {
    return b.slot(t.c, Buffer.SYNTAX_TABLE) instanceof CharTable x ? x : standard(t);
  }

  /** The table of the current buffer. */
  public static CharTable current(Task t) {
    return of(t, Buffer.current(t));
  }

  /** Whether {@code x} is a syntax table. */
  public static boolean is(Context c, Object x) {
    return x instanceof CharTable table && table.purpose(c) == PURPOSE;
  }

  /** The argument as a syntax table. */
  public static CharTable check(Context c, Object x) {
    if (is(c, x)) {
      return (CharTable) x;
    }
    throw LispSignal.wrongType(Q.SYNTAX_TABLE_P, x);
  }

  // ---- Entries ---------------------------------------------------------------------------------

  /** The class and flags that an entry says; whitespace when it is none. */
  public static int code(Context c, Object entry) {
    return entry instanceof Pair p && p.first(c) instanceof Long l ? (int) (long) l : WHITESPACE;
  }

  /** The class of a code with flags. */
  public static int classOf(int code) {
    return code & 0xFFFF;
  }

  /** Class and flags of a character by a table. */
  public static int code(Context c, CharTable table, int ch) {
    return code(c, table.ref(c, ch));
  }

  /** The character that an entry says to match, or nil. */
  public static Object match(Context c, Object entry) {
    return entry instanceof Pair p ? p.second(c) : Symbol.NIL;
  }

  /** The class that a designator stands for, or -1. */
  public static int classOfDesignator(int ch) {
    return switch (ch) {
      case '-' -> WHITESPACE;
      case 'W' -> WORD;
      default -> ch < 128 ? DESIGNATORS.indexOf(ch) : -1;
    };
  }

  /** The entry that a description stands for; nil for one that inherits. */
  public static Object parse(Task t, LispString description) {
    int[] s = description.characters(t.c);
    int kind = s.length == 0 ? -1 : classOfDesignator(s[0]);
    if (kind < 0) {
      int ch = s.length == 0 ? 0 : s[0];
      throw LispSignal.error(
          "Invalid syntax description letter: "
              + new String(new int[] {ch > LispString.MAX_UNICODE ? 0xFFFD : ch}, 0, 1));
    }
    if (kind == INHERIT) {
      return Symbol.NIL;
    }
    Object match = s.length > 1 && s[1] != ' ' ? (Object) (long) s[1] : Symbol.NIL;
    int flags = 0;
    for (int i = 2; i < s.length; i++) {
      int flag = s[i] < 128 ? FLAGS.indexOf(s[i]) : -1;
      if (flag >= 0) {
        flags |= START_FIRST << flag;
      }
    }
    if (flags == 0 && match == Symbol.NIL) {
      return ((Vector) CODES.rawValue(t)).get(t.c, kind);
    }
    return t.cons((long) (kind | flags), match);
  }
}
