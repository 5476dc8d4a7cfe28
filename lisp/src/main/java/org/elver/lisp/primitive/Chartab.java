package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Char-tables, and the tables of Unicode properties. */
final class Chartab {
  private static final Symbol PROPERTIES = Symbol.known("char-code-property-alist");
  private static final Symbol GET = Symbol.known("get");
  private static final Symbol LOAD = Symbol.known("load");

  private Chartab() {}

  static void variables(Task t) {
    Vm.defvar(t, PROPERTIES, Symbol.NIL);
    putProperty(t, Symbol.known("char-code-property-table"), CharTable.extraSlotsProperty(), 5L);
  }

  /** Puts a symbol property, before there is Lisp to do it. */
  static void putProperty(Task t, Symbol s, Symbol property, Object value) {
    s.setPlist(t, t.cons(property, t.cons(value, s.plist(t))));
  }

  @Primitive(
      value = "make-char-table",
      min = 1,
      doc =
          "Return a new char-table for PURPOSE, a symbol, with INIT everywhere.\n"
              + "The property `char-table-extra-slots' of PURPOSE says how many extra slots it"
              + " has.")
  static Object makeCharTable(Task t, Object purpose, Object init) {
    Object n = t.call(GET, Lisp.symbol(purpose), CharTable.extraSlotsProperty());
    long extras = n == Symbol.NIL ? 0 : Lisp.natnum(n);
    if (extras > CharTable.MAX_EXTRAS) {
      throw LispSignal.outOfRange(n, Symbol.NIL);
    }
    return CharTable.make(t.c, purpose, (int) extras, init);
  }

  @Primitive(value = "char-table-subtype", doc = "Return the purpose of CHAR-TABLE.")
  static Object subtype(Task t, Object charTable) {
    return CharTable.check(charTable).purpose(t.c);
  }

  @Primitive(
      value = "char-table-parent",
      doc = "Return the char-table that CHAR-TABLE inherits values from, or nil.")
  static Object parent(Task t, Object charTable) {
    return CharTable.check(charTable).parent(t.c);
  }

  @Primitive(
      value = "set-char-table-parent",
      doc = "Let CHAR-TABLE inherit values that it lacks from PARENT, a char-table or nil.")
  static Object setParent(Task t, Object charTable, Object parent) {
    CharTable table = CharTable.check(charTable);
    if (parent != Symbol.NIL) {
      Object p = CharTable.check(parent);
      while (p instanceof CharTable q) {
        if (q == table) {
          throw LispSignal.error("Loop in parent chain");
        }
        p = q.parent(t.c);
      }
    }
    table.setParent(t.c, parent);
    return parent;
  }

  private static int extra(Task t, CharTable table, Object n) {
    long i = Lisp.fixnum(n);
    if (i < 0 || i >= table.extras(t.c)) {
      throw LispSignal.outOfRange(table, n);
    }
    return (int) i;
  }

  @Primitive(value = "char-table-extra-slot", doc = "Return extra slot N of CHAR-TABLE.")
  static Object extraSlot(Task t, Object charTable, Object n) {
    CharTable table = CharTable.check(charTable);
    return table.extra(t.c, extra(t, table, n));
  }

  @Primitive(value = "set-char-table-extra-slot", doc = "Set extra slot N of CHAR-TABLE to VALUE.")
  static Object setExtraSlot(Task t, Object charTable, Object n, Object value) {
    CharTable table = CharTable.check(charTable);
    table.setExtra(t.c, extra(t, table, n), value);
    return value;
  }

  @Primitive(
      value = "char-table-range",
      doc =
          "Return the value in CHAR-TABLE for RANGE: a character, a range (FROM . TO) of them,\n"
              + "which must have the same value, or nil for the default value.")
  static Object range(Task t, Object charTable, Object range) {
    CharTable table = CharTable.check(charTable);
    if (range == Symbol.NIL) {
      return table.defaultValue(t.c);
    }
    if (Lisp.isCharacter(range)) {
      return table.ref(t.c, Lisp.character(range));
    }
    if (range instanceof Pair p) {
      int from = Lisp.character(p.first(t.c));
      Lisp.character(p.second(t.c));
      return table.ref(t.c, from);
    }
    throw LispSignal.error("Invalid RANGE argument to ‘char-table-range’");
  }

  @Primitive(
      value = "set-char-table-range",
      doc =
          "Set the value in CHAR-TABLE for the characters in RANGE to VALUE.\n"
              + "RANGE is a character, a range (FROM . TO), t for all, or nil for the default"
              + " value.")
  static Object setRange(Task t, Object charTable, Object range, Object value) {
    CharTable table = CharTable.check(charTable);
    if (range == Symbol.T) {
      table.setAll(t.c, value);
    } else if (range == Symbol.NIL) {
      table.setDefault(t.c, value);
    } else if (Lisp.isCharacter(range)) {
      table.setChar(t.c, Lisp.character(range), value);
    } else if (range instanceof Pair p) {
      int from = Lisp.character(p.first(t.c));
      table.setRange(t.c, from, Lisp.character(p.second(t.c)), value);
    } else {
      throw LispSignal.error("Invalid RANGE argument to ‘set-char-table-range’");
    }
    return value;
  }

  @Primitive(
      value = "optimize-char-table",
      min = 1,
      doc =
          "Make CHAR-TABLE smaller where neighbours have the same value by TEST (default `equal').")
  static Object optimize(Task t, Object charTable, Object test) {
    CharTable table = CharTable.check(charTable);
    Object by = test == Symbol.NIL ? Q.EQUAL : test;
    table.optimize(
        t.c,
        (a, b) ->
            Lisp.eq(a, b)
                || (by != Q.EQ
                    && !(a instanceof Symbol && b instanceof Symbol && by == Q.EQUAL)
                    && Lisp.isTrue(t.call(by, a, b))));
    return Symbol.NIL;
  }

  @Primitive(
      value = "map-char-table",
      doc =
          "Call FUNCTION with each character, or range (FROM . TO) of them, and its value in\n"
              + "CHAR-TABLE, where that is not nil.")
  static Object map(Task t, Object function, Object charTable) {
    CharTable table = CharTable.check(charTable);
    List<Object> calls = new ArrayList<>();
    boolean decode = table.isPropertyTable(t.c) && table.extra(t.c, 1) instanceof Long;
    table.forEachRange(
        t.c,
        (from, to, value) -> {
          if (value != Symbol.NIL) {
            calls.add(from == to ? (Object) (long) from : t.cons((long) from, (long) to));
            calls.add(decode ? decoded(t, table, value) : value);
          }
        });
    return new Each(function, calls.toArray()).resume(t, Symbol.NIL);
  }

  /** Calls a function with two arguments at a time. */
  private static final class Each extends NativeFrame {
    private final Object function;
    private final Object[] arguments;
    private int next;

    Each(Object function, Object[] arguments) {
      this.function = function;
      this.arguments = arguments;
    }

    @Override
    public Object resume(Task t, Object value) {
      if (next == arguments.length) {
        return Symbol.NIL;
      }
      next += 2;
      return t.invoke(this, function, arguments[next - 2], arguments[next - 1]);
    }
  }

  // ---- Unicode properties -------------------------------------------------------------------

  @Primitive(
      value = "unicode-property-table-internal",
      doc = "Return the char-table of Unicode property PROP, loading it when needed; or nil.")
  static Object propertyTable(Task t, Object prop) {
    return table(t, prop);
  }

  private static Object table(Task t, Object prop) {
    Object entry = assq(t, prop, Variables.orNil(t, PROPERTIES));
    if (!(entry instanceof Pair p)) {
      return Symbol.NIL;
    }
    Object value = p.second(t.c);
    if (value instanceof LispString file) {
      int mark = t.bindingMark();
      try {
        t.call(
            LOAD,
            LispString.of(t.c, "international/" + file.toJava(t.c)),
            Symbol.T,
            Symbol.T,
            Symbol.T,
            Symbol.T);
      } finally {
        t.unbindTo(mark);
      }
      entry = assq(t, prop, Variables.orNil(t, PROPERTIES));
      value = Lisp.cdrSafe(t.c, entry);
      if (value instanceof CharTable table) {
        table.expand(t.c);
      }
    }
    return value instanceof CharTable table
            && table.isPropertyTable(t.c)
            && Lisp.eq(table.extra(t.c, 0), prop)
        ? table
        : Symbol.NIL;
  }

  private static Object assq(Task t, Object key, Object alist) {
    for (Object tail = alist; tail instanceof Pair p; tail = p.second(t.c)) {
      if (p.first(t.c) instanceof Pair entry && Lisp.eq(entry.first(t.c), key)) {
        return entry;
      }
    }
    return Symbol.NIL;
  }

  private static CharTable property(Task t, Object charTable) {
    CharTable table = CharTable.check(charTable);
    if (!table.isPropertyTable(t.c)) {
      throw LispSignal.error("Invalid Unicode property table");
    }
    return table;
  }

  /** Values of most tables are indices into a vector; characters and functions' are themselves. */
  private static Object decoded(Task t, CharTable table, Object value) {
    return table.extra(t.c, 1) instanceof Long
            && table.extra(t.c, 4) instanceof Vector v
            && value instanceof Long i
            && i >= 0
            && i < v.length(t.c)
        ? v.get(t.c, (int) (long) i)
        : value;
  }

  @Primitive(
      value = "get-unicode-property-internal",
      doc = "Return the value of character CH in CHAR-TABLE, a table of a Unicode property.")
  static Object get(Task t, Object charTable, Object ch) {
    CharTable table = CharTable.check(charTable);
    int character = Lisp.character(ch);
    property(t, charTable);
    return decoded(t, table, table.ref(t.c, character));
  }

  @Primitive(
      value = "put-unicode-property-internal",
      doc = "Set the value of character CH in CHAR-TABLE, a table of a Unicode property, to VALUE.")
  static Object put(Task t, Object charTable, Object ch, Object value) {
    CharTable table = CharTable.check(charTable);
    int character = Lisp.character(ch);
    property(t, charTable);
    table.setChar(t.c, character, encoded(t, table, value));
    return Symbol.NIL;
  }

  private static Object encoded(Task t, CharTable table, Object value) {
    if (!(table.extra(t.c, 2) instanceof Long encoder)) {
      return value;
    }
    if (encoder == 0) {
      if (value != Symbol.NIL && !Lisp.isCharacter(value)) {
        throw LispSignal.wrongType(Q.INTEGERP, value);
      }
      return value;
    }
    if (encoder == 2) {
      Lisp.fixnum(value);
    }
    if (!(table.extra(t.c, 4) instanceof Vector v)) {
      return value;
    }
    int n = v.length(t.c);
    for (int i = 0; i < n; i++) {
      if (Lisp.eq(v.get(t.c, i), value)) {
        return (long) i;
      }
    }
    if (encoder != 2) {
      throw new LispSignal(Q.WRONG_TYPE_ARGUMENT, "Unicode property value", value);
    }
    Object[] longer = new Object[n + 1];
    v.copyInto(t.c, 0, longer, 0, n);
    longer[n] = value;
    table.setExtra(t.c, 4, new Vector(t.c, longer));
    return (long) n;
  }
}
