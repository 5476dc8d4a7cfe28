package org.elver.lisp.machine;

import java.util.Map;
import org.elver.lisp.code.Op;

/** The instructions that stand for a call of a primitive, and how many arguments each takes. */
public final class Instructions {
  /** Arguments per instruction; -1 for those that the loop handles itself. */
  static final byte[] ARGS = new byte[256];

  private static final String[] NAMES = new String[256];

  static {
    java.util.Arrays.fill(ARGS, (byte) -1);
    put(Op.NTH, "nth", 2);
    put(Op.MEMQ, "memq", 2);
    put(Op.LENGTH, "length", 1);
    put(Op.AREF, "aref", 2);
    put(Op.ASET, "aset", 3);
    put(Op.SYMBOL_VALUE, "symbol-value", 1);
    put(Op.SYMBOL_FUNCTION, "symbol-function", 1);
    put(Op.SET, "set", 2);
    put(Op.FSET, "fset", 2);
    put(Op.GET, "get", 2);
    put(Op.SUBSTRING, "substring", 3);
    put(Op.CONCAT2, "concat", 2);
    put(Op.CONCAT3, "concat", 3);
    put(Op.CONCAT4, "concat", 4);
    put(Op.SUB1, "1-", 1);
    put(Op.ADD1, "1+", 1);
    put(Op.EQLSIGN, "=", 2);
    put(Op.GTR, ">", 2);
    put(Op.LSS, "<", 2);
    put(Op.LEQ, "<=", 2);
    put(Op.GEQ, ">=", 2);
    put(Op.DIFF, "-", 2);
    put(Op.NEGATE, "-", 1);
    put(Op.PLUS, "+", 2);
    put(Op.MAX, "max", 2);
    put(Op.MIN, "min", 2);
    put(Op.MULT, "*", 2);
    put(Op.POINT, "point", 0);
    put(Op.GOTO_CHAR, "goto-char", 1);
    put(Op.INSERT, "insert", 1);
    put(Op.POINT_MAX, "point-max", 0);
    put(Op.POINT_MIN, "point-min", 0);
    put(Op.CHAR_AFTER, "char-after", 1);
    put(Op.FOLLOWING_CHAR, "following-char", 0);
    put(Op.PRECEDING_CHAR, "preceding-char", 0);
    put(Op.CURRENT_COLUMN, "current-column", 0);
    put(Op.INDENT_TO, "indent-to", 1);
    put(Op.EOLP, "eolp", 0);
    put(Op.EOBP, "eobp", 0);
    put(Op.BOLP, "bolp", 0);
    put(Op.BOBP, "bobp", 0);
    put(Op.CURRENT_BUFFER, "current-buffer", 0);
    put(Op.SET_BUFFER, "set-buffer", 1);
    put(Op.INTERACTIVE_P, "interactive-p", 0);
    put(Op.FORWARD_CHAR, "forward-char", 1);
    put(Op.FORWARD_WORD, "forward-word", 1);
    put(Op.SKIP_CHARS_FORWARD, "skip-chars-forward", 2);
    put(Op.SKIP_CHARS_BACKWARD, "skip-chars-backward", 2);
    put(Op.FORWARD_LINE, "forward-line", 1);
    put(Op.CHAR_SYNTAX, "char-syntax", 1);
    put(Op.BUFFER_SUBSTRING, "buffer-substring", 2);
    put(Op.DELETE_REGION, "delete-region", 2);
    put(Op.NARROW_TO_REGION, "narrow-to-region", 2);
    put(Op.WIDEN, "widen", 0);
    put(Op.END_OF_LINE, "end-of-line", 1);
    put(Op.SET_MARKER, "set-marker", 3);
    put(Op.MATCH_BEGINNING, "match-beginning", 1);
    put(Op.MATCH_END, "match-end", 1);
    put(Op.UPCASE, "upcase", 1);
    put(Op.DOWNCASE, "downcase", 1);
    put(Op.STRING_EQUAL, "string-equal", 2);
    put(Op.STRING_LESS, "string-lessp", 2);
    put(Op.EQUAL, "equal", 2);
    put(Op.NTHCDR, "nthcdr", 2);
    put(Op.ELT, "elt", 2);
    put(Op.MEMBER, "member", 2);
    put(Op.ASSQ, "assq", 2);
    put(Op.NREVERSE, "nreverse", 1);
    put(Op.NCONC, "nconc", 2);
    put(Op.QUO, "/", 2);
    put(Op.REM, "%", 2);
    put(Op.CONCAT_N, "concat", 0);
    put(Op.INSERT_N, "insert", 0);
  }

  private Instructions() {}

  /** The function that an instruction calls, as one wrote it; null when it is none. */
  static String name(int op) {
    return switch (op) {
      case Op.CAR -> "car";
      case Op.CDR -> "cdr";
      default -> NAMES[op];
    };
  }

  /**
   * How many arguments the instruction {@code insn} gives the primitive that it stands for; -1: it
   * stands for none.
   */
  public static int arguments(int insn) {
    int op = insn & 0xFF;
    return switch (op) {
      case Op.CAR, Op.CDR -> 1;
      case Op.CONCAT_N, Op.INSERT_N -> insn >>> 8;
      default -> ARGS[op];
    };
  }

  private static void put(int op, String name, int args) {
    NAMES[op] = name;
    ARGS[op] = (byte) args;
  }

  /** Finds the primitives. Those that are missing stay null. */
  static void link(Map<String, Subr> subrs, Subr[] table) {
    for (int op = 0; op < 256; op++) {
      if (NAMES[op] != null) {
        table[op] = subrs.get(NAMES[op]);
      }
    }
    table[Op.SWITCH] = subrs.get("gethash");
  }
}
