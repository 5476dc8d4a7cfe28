package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.Categories;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Categories of characters, named by the characters from space to tilde. */
final class Category {
  private static final Symbol CATEGORYP = Symbol.known("categoryp");
  private static final Symbol CATEGORYSETP = Symbol.known("categorysetp");
  private static final Symbol MAKE_BOOL_VECTOR = Symbol.known("make-bool-vector");
  private static final Symbol COPY = Symbol.known("copy-sequence");
  private static final Symbol ASET = Symbol.known("aset");
  private static final Symbol AREF = Symbol.known("aref");
  private static final Symbol LENGTH = Symbol.known("length");
  private static final Symbol MAKE_HASH_TABLE = Symbol.known("make-hash-table");
  private static final Symbol GETHASH = Symbol.known("gethash");
  private static final Symbol PUTHASH = Symbol.known("puthash");

  private static final int FIRST = ' ';
  private static final int LAST = '~';
  private static final int DOCSTRINGS = 0;
  private static final int SETS = 1;

  private Category() {}

  static void variables(Task t) {
    Vm.defvar(t, "word-combining-categories", Symbol.NIL);
    Vm.defvar(t, "word-separating-categories", Symbol.NIL);
    Chartab.putProperty(t, Categories.PURPOSE, CharTable.extraSlotsProperty(), 2L);
    CharTable table = CharTable.make(t.c, Categories.PURPOSE, 2, Symbol.NIL);
    if (t.vm().subr("make-bool-vector") != null) {
      table.setDefault(t.c, newSet(t));
    }
    table.setExtra(t.c, DOCSTRINGS, noDocstrings(t));
    Categories.setStandard(t, table);
  }

  private static Vector noDocstrings(Task t) {
    return Vector.filled(t.c, LAST - FIRST + 1, Symbol.NIL);
  }

  private static Object newSet(Task t) {
    return t.call(MAKE_BOOL_VECTOR, 128L, Symbol.NIL);
  }

  private static int category(Object x) {
    if (x instanceof Long l && l >= FIRST && l <= LAST) {
      return (int) (long) l;
    }
    throw LispSignal.wrongType(CATEGORYP, x);
  }

  private static CharTable table(Task t, Object x) {
    return x == Symbol.NIL ? Categories.current(t) : Categories.check(t.c, x);
  }

  private static Object docstring(Task t, CharTable table, int category) {
    return table.extra(t.c, DOCSTRINGS) instanceof Vector v && v.length(t.c) > category - FIRST
        ? v.get(t.c, category - FIRST)
        : Symbol.NIL;
  }

  @Primitive(
      value = "make-category-set",
      doc = "Return a set, a bool-vector, of the CATEGORIES that a string lists.")
  static Object makeCategorySet(Task t, Object categories) {
    LispString s = Lisp.string(categories);
    if (s.isMultibyte(t.c)) {
      throw LispSignal.error("Multibyte string in ‘make-category-set’");
    }
    Object set = newSet(t);
    for (int ch : s.codeArray(t.c)) {
      if (ch >= FIRST && ch <= LAST) {
        t.call(ASET, set, (long) ch, Symbol.T);
      }
    }
    return set;
  }

  @Primitive(
      value = "define-category",
      min = 2,
      doc = "Define CATEGORY, a character from space to tilde, in TABLE, as DOCSTRING says.")
  static Object define(Task t, Object category, Object docstring, Object table) {
    int ch = category(category);
    Lisp.string(docstring);
    CharTable in = table(t, table);
    if (docstring(t, in, ch) != Symbol.NIL) {
      throw LispSignal.error("Category ‘" + (char) ch + "’ is already defined");
    }
    ((Vector) in.extra(t.c, DOCSTRINGS)).set(t.c, ch - FIRST, docstring);
    return Symbol.NIL;
  }

  @Primitive(
      value = "category-docstring",
      min = 1,
      doc = "Return what was said when CATEGORY was defined in TABLE; nil if it is not.")
  static Object docstringOf(Task t, Object category, Object table) {
    int ch = category(category);
    return docstring(t, table(t, table), ch);
  }

  @Primitive(
      value = "get-unused-category",
      min = 0,
      doc = "Return a category that TABLE does not define, or nil if there is none.")
  static Object unused(Task t, Object table) {
    CharTable in = table(t, table);
    for (int ch = FIRST; ch <= LAST; ch++) {
      if (docstring(t, in, ch) == Symbol.NIL) {
        return (long) ch;
      }
    }
    return Symbol.NIL;
  }

  @Primitive(value = "category-table-p", doc = "Return t if ARG is a category table.")
  static boolean isCategoryTable(Task t, Object arg) {
    return Categories.is(t.c, arg);
  }

  @Primitive(value = "category-table", doc = "Return the current buffer's category table.")
  static Object current(Task t) {
    return Categories.current(t);
  }

  @Primitive(value = "standard-category-table", doc = "Return the category table of new buffers.")
  static Object standard(Task t) {
    return Categories.standard(t);
  }

  @Primitive(
      value = "copy-category-table",
      min = 0,
      doc = "Return a copy of TABLE, by default the standard category table.")
  static Object copy(Task t, Object table) {
    CharTable from = table == Symbol.NIL ? Categories.standard(t) : Categories.check(t.c, table);
    CharTable out = from.duplicate(t.c);
    out.setDefault(t.c, t.call(COPY, from.defaultValue(t.c)));
    out.setExtra(t.c, DOCSTRINGS, t.call(COPY, from.extra(t.c, DOCSTRINGS)));
    return out;
  }

  @Primitive(value = "make-category-table", doc = "Return a category table without categories.")
  static Object make(Task t) {
    CharTable table = CharTable.make(t.c, Categories.PURPOSE, 2, Symbol.NIL);
    Object none = newSet(t);
    table.setAll(t.c, none);
    table.setDefault(t.c, none);
    table.setExtra(t.c, DOCSTRINGS, noDocstrings(t));
    return table;
  }

  @Primitive(value = "set-category-table", doc = "Make TABLE the current buffer's category table.")
  static Object set(Task t, Object table) {
    CharTable to = table == Symbol.NIL ? Categories.standard(t) : Categories.check(t.c, table);
    Categories.setCurrent(t, to);
    return to;
  }

  @Primitive(value = "char-category-set", doc = "Return the set of categories of CHAR.")
  static Object setOf(Task t, Object charArg) {
    return Categories.current(t).ref(t.c, Lisp.character(charArg));
  }

  @Primitive(
      value = "category-set-mnemonics",
      doc = "Return a string of the categories in CATEGORY-SET.")
  static Object mnemonics(Task t, Object categorySet) {
    if (t.call(Q.BOOL_VECTOR_P, categorySet) == Symbol.NIL
        || !Lisp.eq(t.call(LENGTH, categorySet), 128L)) {
      throw LispSignal.wrongType(CATEGORYSETP, categorySet);
    }
    CodeBuffer out = new CodeBuffer();
    for (int ch = FIRST; ch <= LAST; ch++) {
      if (Lisp.isTrue(t.call(AREF, categorySet, (long) ch))) {
        out.append(ch);
      }
    }
    return out.toLisp(t.c, false);
  }

  @Primitive(
      value = "modify-category-entry",
      min = 2,
      doc =
          "Add CATEGORY to the categories of CHARACTER, or of a range (FROM . TO), in TABLE.\n"
              + "RESET non-nil: remove it instead.")
  static Object modify(Task t, Object character, Object category, Object table, Object reset) {
    int from;
    int to;
    if (character instanceof Long) {
      from = Lisp.character(character);
      to = from;
    } else {
      Pair p = Lisp.cons(character);
      from = Lisp.character(p.first(t.c));
      to = Lisp.character(p.second(t.c));
    }
    int ch = category(category);
    CharTable in = table(t, table);
    if (docstring(t, in, ch) == Symbol.NIL) {
      throw LispSignal.error("Undefined category: " + (char) ch);
    }
    boolean add = reset == Symbol.NIL;
    List<Object[]> changes = new ArrayList<>();
    in.forEachRange(
        t.c,
        from,
        to,
        (a, b, set) -> {
          if (Lisp.isTrue(t.call(AREF, set, (long) ch)) != add) {
            changes.add(new Object[] {a, b, set});
          }
        });
    for (Object[] x : changes) {
      Object changed = t.call(COPY, x[2]);
      t.call(ASET, changed, (long) ch, Lisp.bool(add));
      in.setRange(t.c, (Integer) x[0], (Integer) x[1], shared(t, in, changed));
    }
    return Symbol.NIL;
  }

  /** The one set of these elements that the table uses. */
  private static Object shared(Task t, CharTable table, Object set) {
    Object sets = table.extra(t.c, SETS);
    if (sets == Symbol.NIL) {
      sets = t.call(MAKE_HASH_TABLE, Q.K_TEST, Q.EQUAL);
      table.setExtra(t.c, SETS, sets);
    }
    Object known = t.call(GETHASH, set, sets);
    if (known != Symbol.NIL) {
      return known;
    }
    t.call(PUTHASH, set, set, sets);
    return set;
  }
}
