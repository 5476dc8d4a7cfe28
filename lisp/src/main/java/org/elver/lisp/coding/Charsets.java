package org.elver.lisp.coding;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Equality;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Table;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** The character sets of a VM, by name and in order of priority. */
public final class Charsets {
  private static final Symbol CHARSETP = Symbol.known("charsetp");
  private static final Symbol CHARSET_LIST = Symbol.known("charset-list");

  // Symbols that no program names: their values are the registry.
  private static final Symbol TABLE = Symbol.known(" charset-table");
  private static final Symbol ORDER = Symbol.known(" charset-ordered-list");
  private static final Symbol COUNT = Symbol.known(" charset-count");
  private static final Symbol PREFERRED = Symbol.known(" charset-preferred-count");
  private static final Symbol ISO = Symbol.known(" charset-iso-table");

  static final Symbol ASCII = Symbol.known("ascii");
  static final Symbol UNICODE = Symbol.known("unicode");
  static final Symbol EMACS = Symbol.known("emacs");
  static final Symbol EIGHT_BIT = Symbol.known("eight-bit");

  private Charsets() {}

  /** Starts an empty registry. */
  public static void initialize(Task t) {
    TABLE.setRawValue(t, new Table(t.c, Equality.IDENTITY, 256));
    ISO.setRawValue(t, Vector.filled(t.c, 10 * 128, Symbol.NIL));
    ORDER.setRawValue(t, Symbol.NIL);
    COUNT.setRawValue(t, 0L);
    PREFERRED.setRawValue(t, 0L);
  }

  /** The name of ASCII. */
  public static Symbol ascii() {
    return ASCII;
  }

  /** The character set of this name (a symbol), or null. */
  public static Charset find(Task t, Object name) {
    return name instanceof Symbol s
            && ((Table) TABLE.rawValue(t)).get(t.c, s, null) instanceof Charset charset
        ? charset
        : null;
  }

  /** The character set that an argument names. */
  public static Charset check(Task t, Object name) {
    Charset c = find(t, name);
    if (c == null) {
      throw LispSignal.wrongType(CHARSETP, name);
    }
    return c;
  }

  /** A new character set's number: that of an earlier one of the name, or the next. */
  static int idFor(Task t, Symbol name) {
    Charset old = find(t, name);
    if (old != null && old.isNamed(name)) {
      return old.id();
    }
    long n = (Long) COUNT.rawValue(t);
    COUNT.setRawValue(t, n + 1);
    return (int) n;
  }

  /** Takes a new character set in. */
  static void add(Task t, Charset charset) {
    boolean isNew = find(t, charset.name()) == null;
    put(t, charset.name(), charset);
    if (charset.isoFinal() >= 0 && charset.dimension() <= 3) {
      setIso(t, charset.dimension(), charset.isoChars(), charset.isoFinal(), charset.name());
    }
    if (isNew) {
      List<Object> order = Lisp.elements(t.c, ORDER.rawValue(t));
      int at = order.size();
      if (!charset.supplementary()) {
        at = 0;
        while (at < order.size() && !check(t, order.get(at)).supplementary()) {
          at++;
        }
      }
      order.add(at, charset.name());
      ORDER.setRawValue(t, Lisp.list(t.c, order));
    }
  }

  private static void put(Task t, Symbol name, Charset charset) {
    ((Table) TABLE.rawValue(t)).put(t.c, name, charset);
    Object list = Variables.orNil(t, CHARSET_LIST);
    for (Object tail = list; tail instanceof Pair p; tail = p.second(t.c)) {
      if (p.first(t.c) == name) {
        return;
      }
    }
    Variables.set(t, CHARSET_LIST, t.cons(name, list));
  }

  /** Makes {@code alias} another name. */
  public static void alias(Task t, Symbol alias, Charset charset) {
    put(t, alias, charset);
  }

  private static int isoIndex(int dimension, int chars, int last) {
    return (dimension * 2 + (chars == 96 ? 1 : 0)) * 128 + (last & 127);
  }

  /** Says which character set an ISO 2022 designation means. */
  public static void setIso(Task t, int dimension, int chars, int last, Symbol name) {
    ((Vector) ISO.rawValue(t)).set(t.c, isoIndex(dimension, chars, last), name);
  }

  /** The name of the character set of an ISO 2022 designation, or nil. */
  public static Object iso(Task t, int dimension, int chars, int last) {
    return ((Vector) ISO.rawValue(t)).get(t.c, isoIndex(dimension, chars, last));
  }

  /** The names in order of priority. */
  public static Object order(Task t) {
    return ORDER.rawValue(t);
  }

  /** Puts names first in the order of priority. */
  public static void prefer(Task t, List<Charset> first) {
    List<Object> order = new ArrayList<>();
    for (Charset c : first) {
      if (!order.contains(c.name())) {
        order.add(c.name());
      }
    }
    PREFERRED.setRawValue(t, (long) order.size());
    for (Object name : Lisp.elements(t.c, order(t))) {
      if (!order.contains(name)) {
        order.add(name);
      }
    }
    ORDER.setRawValue(t, Lisp.list(t.c, order));
  }

  /** The character set of the highest priority that has {@code ch}. */
  public static Charset of(Task t, int ch) {
    if (ch < 128) {
      return check(t, ASCII);
    }
    long preferred = (Long) PREFERRED.rawValue(t);
    long i = 0;
    for (Object tail = order(t); tail instanceof Pair p; tail = p.second(t.c)) {
      if (i++ == preferred && ch <= LispString.MAX_UNICODE) {
        return check(t, UNICODE);
      }
      Charset c = find(t, p.first(t.c));
      if (c != null && c.encode(t, ch) >= 0) {
        return c;
      }
    }
    return check(t, ch < 0x3FFF80 ? EMACS : EIGHT_BIT);
  }

  /** The first of a list of names whose character set has {@code ch}, or null. */
  public static Charset of(Task t, int ch, Object names) {
    for (Object tail = names; tail instanceof Pair p; tail = p.second(t.c)) {
      Charset c = check(t, p.first(t.c));
      if (c.encode(t, ch) >= 0) {
        return c;
      }
    }
    return null;
  }

  /** Defines one of those that exist before any Lisp runs. */
  static void builtIn(
      Task t,
      Symbol symbol,
      int dimension,
      int[] space,
      long min,
      long max,
      int isoFinal,
      boolean ascii,
      boolean supplementary,
      long muleId,
      long offset) {
    Object[] v = new Object[8];
    for (int i = 0; i < 8; i++) {
      v[i] = (long) space[i];
    }
    Object plist =
        t.list(
            Symbol.known(":name"),
            symbol,
            Symbol.known(":dimension"),
            (long) dimension,
            Symbol.known(":code-space"),
            new Vector(t.c, v),
            Symbol.known(":iso-final-char"),
            isoFinal < 0 ? Symbol.NIL : (Object) (long) isoFinal,
            Symbol.known(":emacs-mule-id"),
            muleId < 0 ? Symbol.NIL : (Object) muleId,
            Symbol.known(":ascii-compatible-p"),
            Lisp.bool(ascii),
            Symbol.known(":code-offset"),
            offset);
    add(
        t,
        new Charset(
            t.c,
            new Charset.Definition(
                symbol,
                idFor(t, symbol),
                dimension,
                space,
                min,
                max,
                isoFinal,
                ascii,
                supplementary,
                muleId,
                Charset.Method.OFFSET,
                offset),
            plist,
            Symbol.NIL,
            Symbol.NIL,
            Symbol.NIL,
            Symbol.NIL,
            Symbol.NIL));
  }

  /** Defines those that exist before any Lisp runs. */
  public static void defineBuiltIn(Task t) {
    builtIn(t, ASCII, 1, new int[] {0, 127, 0, 0, 0, 0, 0, 0}, 0, 127, 'B', true, false, 0, 0);
    builtIn(
        t,
        Symbol.known("iso-8859-1"),
        1,
        new int[] {0, 255, 0, 0, 0, 0, 0, 0},
        0,
        255,
        -1,
        true,
        false,
        -1,
        0);
    builtIn(
        t,
        UNICODE,
        3,
        new int[] {0, 255, 0, 255, 0, 16, 0, 0},
        0,
        0x10FFFF,
        -1,
        true,
        false,
        -1,
        0);
    builtIn(
        t, EMACS, 3, new int[] {0, 255, 0, 255, 0, 63, 0, 0}, 0, 0x3FFF7F, -1, true, true, -1, 0);
    builtIn(
        t,
        EIGHT_BIT,
        1,
        new int[] {128, 255, 0, 0, 0, 0, 0, 0},
        128,
        255,
        -1,
        false,
        true,
        -1,
        0x3FFF80);
  }
}
