package org.elver.lisp.coding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elver.heap.object.Equality;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Table;
import org.elver.heap.object.Vector;
import org.elver.lisp.coding.CodingSystem.Attributes;
import org.elver.lisp.coding.CodingSystem.Category;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The coding systems of a VM, by name, and the order in which detection tries them. */
public final class CodingSystems {
  private static final Symbol TABLE = Symbol.known(" coding-system-table");
  private static final Symbol PRIORITY = Symbol.known(" coding-category-order");
  private static final Symbol BY_CATEGORY = Symbol.known(" coding-category-systems");
  private static final Symbol LIST = Symbol.known("coding-system-list");
  private static final Symbol ALIST = Symbol.known("coding-system-alist");
  private static final Symbol CATEGORY_LIST = Symbol.known("coding-category-list");
  private static final Symbol CODING_SYSTEM_P = Symbol.known("coding-system-p");
  private static final Symbol DEFINE_FORM = Symbol.known("coding-system-define-form");
  private static final Symbol UNIX = Symbol.known("unix");
  private static final Symbol DOS = Symbol.known("dos");
  private static final Symbol MAC = Symbol.known("mac");
  private static final Symbol BIG = Symbol.known("big");
  private static final Symbol ISO_2022 = Symbol.known("iso-2022");
  private static final Symbol GET = Symbol.known("get");
  private static final Symbol EVAL = Symbol.known("eval");
  private static final Symbol PUT = Symbol.known("put");
  private static final Symbol EMACS_MULE = Symbol.known("emacs-mule");

  static final Symbol NO_CONVERSION = Symbol.known("no-conversion");
  static final Symbol UNDECIDED = Symbol.known("undecided");

  private static final List<String> SUFFIXES = List.of("-unix", "-dos", "-mac");

  private CodingSystems() {}

  /** Starts a registry with the coding systems that exist before any Lisp runs. */
  public static void initialize(Task t) {
    TABLE.setRawValue(t, new Table(t.c, Equality.IDENTITY, 2048));
    Object order = Symbol.NIL;
    Object list = Symbol.NIL;
    Category[] all = Category.values();
    for (int i = all.length - 1; i >= 0; i--) {
      order = t.cons((long) i, order);
      list = t.cons(all[i].symbol(), list);
      Vm.defvar(t, all[i].symbol(), Symbol.NIL);
    }
    PRIORITY.setRawValue(t, order);
    BY_CATEGORY.setRawValue(t, Vector.filled(t.c, all.length, Symbol.NIL));
    Vm.defvar(t, CATEGORY_LIST, list);
    builtIn(
        t,
        NO_CONVERSION,
        '=',
        Symbol.known("raw-text"),
        Symbol.NIL,
        Symbol.T,
        "Do no conversion: characters are the bytes.",
        UNIX,
        0L);
    builtIn(
        t,
        UNDECIDED,
        '-',
        UNDECIDED,
        t.list(Charsets.ASCII),
        Symbol.NIL,
        "No conversion when encoding, automatic detection when decoding.",
        Symbol.NIL,
        Symbol.NIL);
  }

  private static void builtIn(
      Task t,
      Symbol name,
      char mnemonic,
      Symbol type,
      Object charsets,
      Object unibyte,
      String doc,
      Object eol,
      Object defaultChar) {
    List<Object> plist = new ArrayList<>();
    plist.addAll(
        List.of(
            Symbol.known(":name"),
            name,
            Symbol.known(":mnemonic"),
            (long) mnemonic,
            Symbol.known(":coding-type"),
            type,
            Symbol.known(":ascii-compatible-p"),
            Symbol.T));
    if (defaultChar != Symbol.NIL) {
      plist.addAll(List.of(Symbol.known(":default-char"), defaultChar));
    } else {
      plist.addAll(List.of(Symbol.known(":charset-list"), charsets));
    }
    plist.addAll(
        List.of(
            Symbol.known(":for-unibyte"),
            unibyte,
            Symbol.known(":docstring"),
            LispString.of(t.c, doc),
            Symbol.known(":eol-type"),
            eol));
    define(
        t,
        new Object[] {
          name,
          (long) mnemonic,
          type,
          charsets,
          Symbol.T,
          Symbol.NIL,
          Symbol.NIL,
          Symbol.NIL,
          Symbol.NIL,
          defaultChar,
          unibyte,
          t.list(plist.toArray()),
          eol,
          Symbol.NIL,
          Symbol.NIL,
          Symbol.NIL
        });
  }

  /** The coding system of this name, a symbol, where nil means no conversion; or null. */
  public static CodingSystem find(Task t, Object name) {
    if (!(name instanceof Symbol s)) {
      return null;
    }
    Symbol key = s == Symbol.NIL ? NO_CONVERSION : s;
    return ((Table) TABLE.rawValue(t)).get(t.c, key, null) instanceof CodingSystem x ? x : null;
  }

  /** As {@link #find}, but also defines one that Lisp has said how to define when wanted. */
  public static CodingSystem autoload(Task t, Object name) {
    CodingSystem x = find(t, name);
    if (x == null && name instanceof Symbol s) {
      Object form = t.call(GET, s, DEFINE_FORM);
      if (form != Symbol.NIL) {
        t.call(PUT, s, DEFINE_FORM, Symbol.NIL);
        t.call(EVAL, form, Symbol.NIL);
        x = find(t, name);
      }
    }
    return x;
  }

  /** The coding system that an argument names. */
  public static CodingSystem check(Task t, Object name) {
    CodingSystem x = autoload(t, name);
    if (x != null) {
      return x;
    }
    throw name instanceof Symbol
        ? new LispSignal(Q.CODING_SYSTEM_ERROR, name)
        : LispSignal.wrongType(Q.SYMBOLP, name);
  }

  /** As {@link #check}, for those queries that want a coding system by type. */
  static LispSignal notOne(Object name) {
    return LispSignal.wrongType(CODING_SYSTEM_P, name);
  }

  private static void enter(Task t, Symbol name, CodingSystem x) {
    ((Table) TABLE.rawValue(t)).put(t.c, name, x);
    Object list = Variables.orNil(t, LIST);
    boolean known = false;
    for (Object tail = list; tail instanceof Pair p && !known; tail = p.second(t.c)) {
      known = p.first(t.c) == name;
    }
    if (!known) {
      Variables.set(t, LIST, t.cons(name, list));
      Object entry = t.cons(LispString.of(t.c, name.name()), Symbol.NIL);
      Variables.set(t, ALIST, t.cons(entry, Variables.orNil(t, ALIST)));
    }
  }

  private static Symbol[] variants(Task t, Symbol name) {
    Symbol[] out = new Symbol[3];
    for (int i = 0; i < 3; i++) {
      out[i] = t.symbols().intern(t, name.name() + SUFFIXES.get(i));
    }
    return out;
  }

  /** Defines a coding system by the arguments of {@code define-coding-system-internal}. */
  public static void define(Task t, Object[] a) {
    Symbol name = Lisp.symbol(a[0]);
    Lisp.character(a[1]);
    Symbol typeName = Lisp.symbol(a[2]);
    CodingSystem.Type type =
        switch (typeName.name()) {
          case "raw-text" -> CodingSystem.Type.RAW_TEXT;
          case "undecided" -> CodingSystem.Type.UNDECIDED;
          case "utf-8" -> CodingSystem.Type.UTF_8;
          case "utf-16" -> CodingSystem.Type.UTF_16;
          case "charset" -> CodingSystem.Type.CHARSET;
          case "iso-2022" -> CodingSystem.Type.ISO_2022;
          case "emacs-mule" -> CodingSystem.Type.EMACS_MULE;
          case "shift-jis" -> CodingSystem.Type.SHIFT_JIS;
          case "big5" -> CodingSystem.Type.BIG5;
          case "ccl" -> CodingSystem.Type.CCL;
          default -> throw LispSignal.error("Invalid coding system type: " + typeName.name());
        };
    Object charsets = a[3];
    if (charsets instanceof Pair) {
      List<Object> names = Lisp.elements(t.c, charsets);
      names.forEach(x -> Charsets.check(t, x));
      charsets = Lisp.list(t.c, names);
    } else if (charsets instanceof Symbol s && s != Symbol.NIL) {
      if (s != ISO_2022 && s != EMACS_MULE) {
        throw LispSignal.error("Invalid charset-list");
      }
    }
    Object[] special = new Object[4];
    Arrays.fill(special, Symbol.NIL);
    for (int i = 0; i < 4 && 13 + i < a.length; i++) {
      special[i] = a[13 + i];
    }
    Object ascii = a[4];
    Category category =
        switch (type) {
          case RAW_TEXT -> Category.RAW_TEXT;
          case UNDECIDED -> Category.UNDECIDED;
          case CHARSET -> Category.CHARSET;
          case EMACS_MULE -> Category.EMACS_MULE;
          case SHIFT_JIS -> Category.SJIS;
          case BIG5 -> Category.BIG5;
          case CCL -> Category.CCL;
          case UTF_8 ->
              special[0] == Symbol.NIL
                  ? Category.UTF_8
                  : special[0] instanceof Pair ? Category.UTF_8_AUTO : Category.UTF_8_SIG;
          case UTF_16 ->
              special[0] instanceof Pair
                  ? Category.UTF_16_AUTO
                  : special[0] == Symbol.NIL
                      ? special[1] == BIG ? Category.UTF_16_BE_NOSIG : Category.UTF_16_LE_NOSIG
                      : special[1] == BIG ? Category.UTF_16_BE : Category.UTF_16_LE;
          case ISO_2022 -> isoCategory(t, charsets, special);
        };
    switch (type) {
      case RAW_TEXT, EMACS_MULE, UNDECIDED -> ascii = Symbol.T;
      case UTF_8 -> ascii = Lisp.bool(category == Category.UTF_8 || ascii != Symbol.NIL);
      case CHARSET -> {
        Object first = Lisp.carSafe(t.c, charsets);
        for (Object tail = charsets; tail instanceof Pair p; tail = p.second(t.c)) {
          if (Charsets.check(t, p.first(t.c)).asciiCompatible()) {
            ascii = Symbol.T;
          }
        }
        if (first == Symbol.NIL) {
          throw LispSignal.error("Invalid :charset-list");
        }
      }
      case SHIFT_JIS, BIG5 -> {
        Charset first = Charsets.find(t, Lisp.carSafe(t.c, charsets));
        if (first != null && first.asciiCompatible()) {
          ascii = Symbol.T;
        }
      }
      case ISO_2022 -> {
        if (category != Category.ISO_8_1 && category != Category.ISO_8_2) {
          ascii = Symbol.NIL;
        }
      }
      case UTF_16 -> ascii = Symbol.NIL;
      default -> {}
    }
    Object defaultChar = a[9] == Symbol.NIL ? 32L : (Object) (long) Lisp.character(a[9]);
    Object plist =
        t.cons(
            Symbol.known(":ascii-compatible-p"),
            t.cons(ascii, t.cons(Symbol.known(":category"), t.cons(category.symbol(), a[11]))));
    Object[] slots = {
      plist,
      charsets,
      a[5],
      a[6],
      a[7],
      a[8],
      defaultChar,
      ascii,
      special[0],
      special[1],
      special[2],
      special[3]
    };
    Attributes attributes = new Attributes(t.c, name, type, category, slots);
    Object eol = a[12];
    if (eol == Symbol.NIL) {
      Symbol[] variants = variants(t, name);
      for (int i = 0; i < 3; i++) {
        enter(t, variants[i], new CodingSystem(t.c, attributes, t.list(variants[i]), (long) i));
      }
      eol = new Vector(t.c, (Object[]) variants);
    } else {
      eol = eol == DOS ? 1L : eol == MAC ? 2L : 0L;
    }
    enter(t, name, new CodingSystem(t.c, attributes, t.list(name), eol));
    Vector systems = (Vector) BY_CATEGORY.rawValue(t);
    Object now = systems.get(t.c, category.ordinal());
    if (now == Symbol.NIL) {
      systems.set(t.c, category.ordinal(), name);
      Variables.set(t, category.symbol(), name);
    }
  }

  private static Category isoCategory(Task t, Object charsets, Object[] special) {
    long flags = special[3] instanceof Long l ? l : 0;
    boolean locking = (flags & Iso2022.LOCKING_SHIFT) != 0;
    if ((flags & Iso2022.SEVEN_BITS) != 0) {
      return locking
          ? Category.ISO_7_ELSE
          : charsets == ISO_2022 ? Category.ISO_7 : Category.ISO_7_TIGHT;
    }
    Charset right =
        special[0] instanceof Vector v && v.length(t.c) > 1
            ? Charsets.find(t, v.get(t.c, 1))
            : null;
    if (locking || charsets == ISO_2022 || right == null) {
      return Category.ISO_8_ELSE;
    }
    return right.dimension() == 1 ? Category.ISO_8_1 : Category.ISO_8_2;
  }

  /** Makes {@code alias} another name of a coding system. */
  public static void alias(Task t, Symbol alias, Object name) {
    CodingSystem x = check(t, name);
    List<Object> names = Lisp.elements(t.c, x.aliases(t.c));
    if (!names.contains(alias)) {
      names.add(alias);
      x.setAliases(t.c, Lisp.list(t.c, names));
    }
    if (x.eol(t.c) instanceof Vector v) {
      Symbol[] variants = variants(t, alias);
      for (int i = 0; i < 3; i++) {
        alias(t, variants[i], v.get(t.c, i));
      }
    }
    enter(t, alias, x);
  }

  /** Categories in order of priority. */
  static List<Category> priorities(Task t) {
    List<Category> out = new ArrayList<>();
    for (Object i : Lisp.elements(t.c, PRIORITY.rawValue(t))) {
      out.add(Category.values()[(int) (long) (Long) i]);
    }
    return out;
  }

  /** The name of the coding system that stands for a category, or nil. */
  static Object ofCategory(Task t, Category category) {
    return ((Vector) BY_CATEGORY.rawValue(t)).get(t.c, category.ordinal());
  }

  /** The names of the coding systems of categories, in order of priority. */
  public static List<Object> priorityList(Task t) {
    List<Object> out = new ArrayList<>();
    for (Category category : priorities(t)) {
      CodingSystem x = find(t, ofCategory(t, category));
      if (x != null && ofCategory(t, category) != Symbol.NIL) {
        out.add(x.base(t.c));
      }
    }
    return out;
  }

  /** Gives the categories of these coding systems the highest priorities. */
  public static void prefer(Task t, Object[] names) {
    List<Category> order = new ArrayList<>();
    List<Object> systems = new ArrayList<>();
    for (Object name : names) {
      CodingSystem x = check(t, name);
      Category category = x.category(t.c);
      if (!order.contains(category)) {
        order.add(category);
        systems.add(name);
      }
    }
    Vector byCategory = (Vector) BY_CATEGORY.rawValue(t);
    for (int i = 0; i < order.size(); i++) {
      byCategory.set(t.c, order.get(i).ordinal(), systems.get(i));
      Variables.set(t, order.get(i).symbol(), systems.get(i));
    }
    for (Category c : priorities(t)) {
      if (!order.contains(c)) {
        order.add(c);
      }
    }
    List<Object> numbers = new ArrayList<>();
    List<Object> symbols = new ArrayList<>();
    for (Category c : order) {
      numbers.add((long) c.ordinal());
      symbols.add(c.symbol());
    }
    PRIORITY.setRawValue(t, Lisp.list(t.c, numbers));
    Variables.set(t, CATEGORY_LIST, Lisp.list(t.c, symbols));
  }

  /** The variant of the coding system {@code name} with end of line 0, 1 or 2; or itself. */
  public static Object variant(Task t, Object name, int eol) {
    CodingSystem x = find(t, name);
    return x != null && x.eol(t.c) instanceof Vector v ? v.get(t.c, eol) : name;
  }

  /** Changes an attribute that {@code coding-system-put} knows. */
  public static void put(Task t, CodingSystem x, String key, Object value) {
    int slot =
        switch (key) {
          case ":charset-list" -> Attributes.CHARSETS;
          case ":decode-translation-table" -> Attributes.DECODE_TABLE;
          case ":encode-translation-table" -> Attributes.ENCODE_TABLE;
          case ":post-read-conversion" -> Attributes.POST_READ;
          case ":pre-write-conversion" -> Attributes.PRE_WRITE;
          case ":default-char" -> Attributes.DEFAULT_CHAR;
          case ":ascii-compatible-p" -> Attributes.ASCII_COMPATIBLE;
          default -> -1;
        };
    if (slot == Attributes.DEFAULT_CHAR) {
      Lisp.character(value);
    }
    if (slot >= 0) {
      x.attributes(t.c).set(t.c, slot, value);
    }
  }
}
