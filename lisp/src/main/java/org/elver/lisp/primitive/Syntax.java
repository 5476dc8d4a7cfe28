package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.syntax.SyntaxTables;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.LocalVariable;

/** Syntax tables and their entries. */
final class Syntax {
  private Syntax() {}

  static void variables(Task t) {
    Chartab.putProperty(t, SyntaxTables.PURPOSE, CharTable.extraSlotsProperty(), 0L);
    SyntaxTables.initialize(t);
    Defvars.nil(
        t,
        "comment-end-can-be-escaped multibyte-syntax-as-symbol parse-sexp-ignore-comments"
            + " parse-sexp-lookup-properties words-include-escapes");
    Defvars.t(t, "comment-use-syntax-ppss open-paren-in-column-0-is-defun-start");
    Vm.defvar(t, "syntax-propertize--done", -1L);
    for (String s :
        new String[] {
          "comment-end-can-be-escaped",
          "multibyte-syntax-as-symbol",
          "parse-sexp-ignore-comments",
          "syntax-propertize--done"
        }) {
      LocalVariable.makeAutomatic(t, t.symbols().intern(t, s));
    }
    Symbol word = Symbol.known("find-word-boundary-function-table");
    Vm.defvar(t, word, CharTable.make(t.c, Symbol.NIL, 0, Symbol.NIL));
  }

  private static CharTable table(Task t, Object x) {
    return x == Symbol.NIL ? SyntaxTables.current(t) : SyntaxTables.check(t.c, x);
  }

  @Primitive(value = "syntax-table-p", doc = "Return t if OBJECT is a syntax table.")
  static boolean isTable(Task t, Object object) {
    return SyntaxTables.is(t.c, object);
  }

  @Primitive(value = "syntax-table", doc = "Return the current buffer's syntax table.")
  static Object current(Task t) {
    return SyntaxTables.current(t);
  }

  @Primitive(
      value = "standard-syntax-table",
      doc = "Return the syntax table of buffers that have no other.")
  static Object standard(Task t) {
    return SyntaxTables.standard(t);
  }

  @Primitive(
      value = "copy-syntax-table",
      min = 0,
      doc =
          "Return a copy of syntax table TABLE (default: the standard one).\n"
              + "It inherits from TABLE's parent, or from the standard table.")
  static Object copy(Task t, Object table) {
    CharTable from =
        table == Symbol.NIL ? SyntaxTables.standard(t) : SyntaxTables.check(t.c, table);
    CharTable copy = from.duplicate(t.c);
    copy.setDefault(t.c, Symbol.NIL);
    if (copy.parent(t.c) == Symbol.NIL) {
      copy.setParent(t.c, SyntaxTables.standard(t));
    }
    return copy;
  }

  @Primitive(value = "set-syntax-table", doc = "Make TABLE the current buffer's syntax table.")
  static Object set(Task t, Object table) {
    Buffer.current(t).setSlot(t.c, Buffer.SYNTAX_TABLE, SyntaxTables.check(t.c, table));
    return table;
  }

  @Primitive(
      value = "char-syntax",
      doc =
          "Return the character that stands for the syntax class of CHARACTER in the current\n"
              + "syntax table.")
  static long charSyntax(Task t, Object character) {
    int ch = Lisp.character(character);
    int code = SyntaxTables.code(t.c, SyntaxTables.current(t), ch);
    return SyntaxTables.DESIGNATORS.charAt(code & 15);
  }

  @Primitive(
      value = "syntax-class-to-char",
      doc = "Return the character that stands for the class of number SYNTAX.")
  static long classToChar(Task t, Object syntax) {
    long n = Lisp.fixnum(syntax);
    if (n < 0 || n >= SyntaxTables.CLASSES) {
      throw LispSignal.outOfRange((long) SyntaxTables.CLASSES - 1, syntax);
    }
    return SyntaxTables.DESIGNATORS.charAt((int) n);
  }

  @Primitive(
      value = "matching-paren",
      doc = "Return the parenthesis that matches CHARACTER, or nil.")
  static Object matchingParen(Task t, Object character) {
    int ch = Lisp.character(character);
    Object entry = SyntaxTables.current(t).ref(t.c, ch);
    int kind = SyntaxTables.code(t.c, entry) & 0xFFFF;
    return kind == SyntaxTables.OPEN || kind == SyntaxTables.CLOSE
        ? SyntaxTables.match(t.c, entry)
        : Symbol.NIL;
  }

  @Primitive(
      value = "string-to-syntax",
      doc =
          "Return the entry of syntax tables that STRING describes: a class's character, the\n"
              + "matching character or space, and flags.")
  static Object parse(Task t, Object string) {
    return SyntaxTables.parse(t, Lisp.string(string));
  }

  @Primitive(
      value = "modify-syntax-entry",
      min = 2,
      doc =
          "Set the syntax of CHAR, or of a range (MIN . MAX), as the string NEWENTRY describes,\n"
              + "in SYNTAX-TABLE (default: the current one).\n"
              + "The first character is the class: space or - whitespace, w word, _ symbol, .\n"
              + "punctuation, ( ) parentheses, \" string quote, $ paired delimiter, ' prefix, \\"
              + " escape,\n"
              + "/ character quote, < > comment start and end, ! | generic comment and string\n"
              + "delimiters, @ inherit. The second is the matching character or space. Then flags:"
              + " 1 2\n"
              + "3 4 (first and second character of comment starters and enders), b c (style), n\n"
              + "(nested), p (prefix).",
      interactive = "cSet syntax for character: \nsSet syntax for %s to: ")
  static Object modify(Task t, Object ch, Object newentry, Object syntaxTable) {
    int from;
    int to;
    if (ch instanceof Pair p) {
      from = Lisp.character(p.first(t.c));
      to = Lisp.character(p.second(t.c));
    } else {
      from = Lisp.character(ch);
      to = from;
    }
    CharTable table = table(t, syntaxTable);
    Object entry = SyntaxTables.parse(t, Lisp.string(newentry));
    table.setRange(t.c, from, to, entry);
    return Symbol.NIL;
  }

  @Primitive(
      value = "internal-describe-syntax-value",
      doc = "Insert a description of SYNTAX, an entry of a syntax table, at point.")
  static Object describe(Task t, Object syntax) {
    Editing.insert(t, description(t, syntax));
    return syntax;
  }

  private static String description(Task t, Object syntax) {
    if (syntax == Symbol.NIL) {
      return "default";
    }
    if (syntax instanceof CharTable) {
      return "deeper char-table ...";
    }
    if (!(syntax instanceof Pair p
        && p.first(t.c) instanceof Long l
        && (p.second(t.c) == Symbol.NIL || Lisp.isCharacter(p.second(t.c)))
        && l >= 0
        && (l & 0xFFFF) < SyntaxTables.CLASSES)) {
      return "invalid";
    }
    int code = (int) (long) l;
    int kind = code & 0xFFFF;
    Object match = p.second(t.c);
    CodeBuffer s = new CodeBuffer();
    s.append(SyntaxTables.DESIGNATORS.charAt(kind));
    s.append(match == Symbol.NIL ? ' ' : (int) (long) match);
    String flags = "1234pbcn";
    int[] bits = {
      SyntaxTables.START_FIRST,
      SyntaxTables.START_SECOND,
      SyntaxTables.END_FIRST,
      SyntaxTables.END_SECOND,
      SyntaxTables.PREFIX,
      SyntaxTables.STYLE_B,
      SyntaxTables.STYLE_C,
      SyntaxTables.NESTED
    };
    for (int i = 0; i < bits.length; i++) {
      if ((code & bits[i]) != 0) {
        s.append(flags.charAt(i));
      }
    }
    s.append("\twhich means: ").append(CLASS_NAMES[kind]);
    if (match != Symbol.NIL) {
      s.append(", matches ").append((int) (long) match);
    }
    for (int i = 0; i < 4; i++) {
      if ((code & bits[i]) != 0) {
        s.append(",\n\t  is the ")
            .append(i % 2 == 0 ? "first" : "second")
            .append(" character of a comment-")
            .append(i < 2 ? "start" : "end")
            .append(" sequence");
      }
    }
    if ((code & SyntaxTables.STYLE_B) != 0) {
      s.append(" (comment style b)");
    }
    if ((code & SyntaxTables.STYLE_C) != 0) {
      s.append(" (comment style c)");
    }
    if ((code & SyntaxTables.NESTED) != 0) {
      s.append(" (nestable)");
    }
    if ((code & SyntaxTables.PREFIX) != 0) {
      s.append(",\n\t  is a prefix character for ‘backward-prefix-chars’");
    }
    return s.toString();
  }

  private static final String[] CLASS_NAMES = {
    "whitespace",
    "punctuation",
    "word",
    "symbol",
    "open",
    "close",
    "prefix",
    "string",
    "math",
    "escape",
    "charquote",
    "comment",
    "endcomment",
    "inherit",
    "comment fence",
    "string fence"
  };
}
