package org.elver.lisp.compile;

import java.util.HashMap;
import java.util.Map;
import org.elver.lisp.code.Op;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;

/** Which calls have an instruction of their own. */
final class Primitives {
  /** By name: {instruction, fewest arguments, operands}. */
  private static final Map<Symbol, int[]> BY_NAME = new HashMap<>();

  private static final Symbol LIST = Symbol.known("list");
  private static final Symbol CONCAT = Symbol.known("concat");
  private static final Symbol MINUS = Symbol.known("-");
  private static final Symbol INSERT = Symbol.known("insert");

  static {
    all(
        1,
        new Object[] {
          "symbolp",
          Op.SYMBOLP,
          "consp",
          Op.CONSP,
          "stringp",
          Op.STRINGP,
          "listp",
          Op.LISTP,
          "not",
          Op.NOT,
          "null",
          Op.NOT,
          "car",
          Op.CAR,
          "cdr",
          Op.CDR,
          "length",
          Op.LENGTH,
          "symbol-value",
          Op.SYMBOL_VALUE,
          "symbol-function",
          Op.SYMBOL_FUNCTION,
          "1-",
          Op.SUB1,
          "1+",
          Op.ADD1,
          "goto-char",
          Op.GOTO_CHAR,
          "set-buffer",
          Op.SET_BUFFER,
          "char-syntax",
          Op.CHAR_SYNTAX,
          "match-beginning",
          Op.MATCH_BEGINNING,
          "match-end",
          Op.MATCH_END,
          "upcase",
          Op.UPCASE,
          "downcase",
          Op.DOWNCASE,
          "nreverse",
          Op.NREVERSE,
          "car-safe",
          Op.CAR_SAFE,
          "cdr-safe",
          Op.CDR_SAFE,
          "numberp",
          Op.NUMBERP,
          "integerp",
          Op.INTEGERP
        });
    all(
        2,
        new Object[] {
          "nth",
          Op.NTH,
          "eq",
          Op.EQ,
          "memq",
          Op.MEMQ,
          "cons",
          Op.CONS,
          "aref",
          Op.AREF,
          "set",
          Op.SET,
          "fset",
          Op.FSET,
          "get",
          Op.GET,
          "=",
          Op.EQLSIGN,
          ">",
          Op.GTR,
          "<",
          Op.LSS,
          "<=",
          Op.LEQ,
          ">=",
          Op.GEQ,
          "-",
          Op.DIFF,
          "+",
          Op.PLUS,
          "max",
          Op.MAX,
          "min",
          Op.MIN,
          "*",
          Op.MULT,
          "buffer-substring",
          Op.BUFFER_SUBSTRING,
          "delete-region",
          Op.DELETE_REGION,
          "narrow-to-region",
          Op.NARROW_TO_REGION,
          "string=",
          Op.STRING_EQUAL,
          "string-equal",
          Op.STRING_EQUAL,
          "string<",
          Op.STRING_LESS,
          "string-lessp",
          Op.STRING_LESS,
          "equal",
          Op.EQUAL,
          "nthcdr",
          Op.NTHCDR,
          "elt",
          Op.ELT,
          "member",
          Op.MEMBER,
          "assq",
          Op.ASSQ,
          "setcar",
          Op.SETCAR,
          "setcdr",
          Op.SETCDR,
          "nconc",
          Op.NCONC,
          "/",
          Op.QUO,
          "%",
          Op.REM
        });
    all(
        0,
        new Object[] {
          "point",
          Op.POINT,
          "point-max",
          Op.POINT_MAX,
          "point-min",
          Op.POINT_MIN,
          "following-char",
          Op.FOLLOWING_CHAR,
          "preceding-char",
          Op.PRECEDING_CHAR,
          "current-column",
          Op.CURRENT_COLUMN,
          "eolp",
          Op.EOLP,
          "eobp",
          Op.EOBP,
          "bolp",
          Op.BOLP,
          "bobp",
          Op.BOBP,
          "current-buffer",
          Op.CURRENT_BUFFER,
          "widen",
          Op.WIDEN
        });
    BY_NAME.put(Symbol.known("aset"), new int[] {Op.ASET, 3, 3});
    BY_NAME.put(Symbol.known("substring"), new int[] {Op.SUBSTRING, 1, 3});
    BY_NAME.put(Symbol.known("char-after"), new int[] {Op.CHAR_AFTER, 0, 1});
    BY_NAME.put(Symbol.known("forward-char"), new int[] {Op.FORWARD_CHAR, 0, 1});
    BY_NAME.put(Symbol.known("forward-word"), new int[] {Op.FORWARD_WORD, 0, 1});
    BY_NAME.put(Symbol.known("forward-line"), new int[] {Op.FORWARD_LINE, 0, 1});
    BY_NAME.put(Symbol.known("end-of-line"), new int[] {Op.END_OF_LINE, 0, 1});
    BY_NAME.put(Symbol.known("skip-chars-forward"), new int[] {Op.SKIP_CHARS_FORWARD, 1, 2});
    BY_NAME.put(Symbol.known("skip-chars-backward"), new int[] {Op.SKIP_CHARS_BACKWARD, 1, 2});
    BY_NAME.put(Symbol.known("set-marker"), new int[] {Op.SET_MARKER, 2, 3});
  }

  private Primitives() {}

  private static void all(int args, Object[] table) {
    for (int i = 0; i < table.length; i += 2) {
      BY_NAME.put(Symbol.known((String) table[i]), new int[] {(Integer) table[i + 1], args, args});
    }
  }

  /** The instruction for a call with {@code n} arguments; -1 when there is none. */
  static int instructionOf(Symbol name, int n) {
    int[] e = BY_NAME.get(name);
    if (e != null && n >= e[1] && n <= e[2]) {
      return e[0];
    }
    if (name == MINUS && n == 1) {
      return Op.NEGATE;
    }
    if (name == LIST && n > 0 && n < 256) {
      return n <= 4 ? Op.LIST1 + n - 1 : Op.LIST_N;
    }
    if (name == CONCAT && n >= 2 && n < 256) {
      return n <= 4 ? Op.CONCAT2 + n - 2 : Op.CONCAT_N;
    }
    if (name == INSERT && n == 1) {
      return Op.INSERT;
    }
    return -1;
  }

  /** How many operands the instruction takes; missing ones are nil. */
  static int operandsOf(Symbol name, int n) {
    int[] e = BY_NAME.get(name);
    return e != null && n >= e[1] && n <= e[2] ? e[2] : n;
  }

  /** Whether the name's function still is the primitive. */
  static boolean isOriginal(Task t, Symbol name) {
    Object f = name.function(t);
    if (f instanceof Symbol s && s != Symbol.NIL) {
      f = s.function(t); // An alias, such as string= of string-equal.
    }
    return f instanceof Subr;
  }
}
