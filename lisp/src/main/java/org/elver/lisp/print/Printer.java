package org.elver.lisp.print;

import java.math.BigInteger;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.chartable.SubCharTable;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.collection.BoolVector;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.number.NumberText;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.process.LispProcess;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Intervals;
import org.elver.lisp.text.Marker;
import org.elver.lisp.text.Overlay;

/** Prints one object to a buffer of codes. An instance serves one call and one thread. */
public final class Printer {
  /** The depth at which a structure is taken to be circular. */
  private static final int MAX_DEPTH = 200;

  private final Task t;
  private final CodeBuffer out;
  private final boolean escape;

  private final boolean quoted;
  private final boolean gensym;
  private final boolean newlines;
  private final boolean controls;
  private final boolean multibyte;
  private final boolean characters;
  private final long maxLength;
  private final long maxLevel;
  private final String floatFormat;

  /** Labels of what occurs more than once; null: circles are found by {@link #printing}. */
  private final Labels labels;

  private final Object[] printing = new Object[MAX_DEPTH + 1];
  private int depth;
  private int backquotes;

  private Printer(Task t, CodeBuffer out, Object object, boolean escape) {
    this.t = t;
    this.out = out;
    this.escape = escape;
    quoted = flag(Q.PRINT_QUOTED);
    gensym = flag(Q.PRINT_GENSYM);
    newlines = flag(Q.PRINT_ESCAPE_NEWLINES);
    controls = flag(Q.PRINT_ESCAPE_CONTROL_CHARACTERS);
    multibyte = flag(Q.PRINT_ESCAPE_MULTIBYTE);
    characters = flag(Q.PRINT_INTEGERS_AS_CHARACTERS);
    maxLength = limit(Q.PRINT_LENGTH);
    maxLevel = limit(Q.PRINT_LEVEL);
    floatFormat =
        Variables.orNil(t, Q.FLOAT_OUTPUT_FORMAT) instanceof LispString s ? s.toJava(t.c) : null;
    boolean atom =
        object instanceof LispString s
            ? s.properties(t.c) == null && !flag(Q.PRINT_CONTINUOUS_NUMBERING)
            : !(object instanceof org.elver.heap.version.HeapObject);
    labels = !atom && flag(Q.PRINT_CIRCLE) ? Labels.of(t, object) : null;
  }

  private boolean flag(Symbol s) {
    return Lisp.isTrue(Variables.orNil(t, s));
  }

  private long limit(Symbol s) {
    return Variables.orNil(t, s) instanceof Long l && l >= 0 ? l : Long.MAX_VALUE;
  }

  /**
   * Prints {@code object} to {@code out}, as {@code prin1} does or, without escape, {@code princ}.
   */
  public static void print(Task t, CodeBuffer out, Object object, boolean escape) {
    if (object instanceof LispString s && !escape) {
      out.append(t.c, s);
      return;
    }
    new Printer(t, out, object, escape).print(object);
  }

  /** The text that {@code prin1} prints of {@code object}. */
  public static String text(Task t, Object object) {
    CodeBuffer b = new CodeBuffer();
    print(t, b, object, true);
    return b.toString();
  }

  /** Notes in {@code print-number-table} what occurs in {@code object} more than once. */
  public static void preprocess(Task t, Object object) {
    if (Lisp.isTrue(Variables.orNil(t, Q.PRINT_CIRCLE))
        && object instanceof org.elver.heap.version.HeapObject) {
      Labels.note(t, object);
    }
  }

  private void print(Object x) {
    switch (x) {
      case Long n -> number(n);
      case Symbol s when !gensym || s.isInterned(t) -> symbol(s);
      case Double d -> out.append(floatText(d));
      case BigInteger b -> out.append(b.toString());
      case Proxy p -> proxy(p);
      default -> compound(x);
    }
  }

  /** What a proxy stands for: a copy, so that it is printed as it was at one moment. */
  private void proxy(Proxy p) {
    Object contents = contents(p);
    if (contents == p) {
      out.append(p.text(t));
    } else if (contents instanceof LispString s && !escape) {
      out.append(t.c, s);
    } else {
      print(contents);
    }
  }

  /** The contents; {@code p} where it has none, or not any more. */
  private Object contents(Proxy p) {
    try {
      return p.contents(t.c);
    } catch (LispSignal e) {
      if (t.isError(e)) {
        return p; // Errors are printed too: the dead end no printing.
      }
      throw e;
    }
  }

  private void number(long n) {
    if (characters && n >= 0 && n <= LispString.MAX_UNICODE && asCharacter((int) n)) {
      return;
    }
    out.append(Long.toString(n));
  }

  private boolean asCharacter(int c) {
    int index = "\b\t\n\f\r ".indexOf(c);
    if (index >= 0) {
      out.append('?');
      if (escape || c != ' ') {
        out.append('\\').append("btnfrs".charAt(index));
      } else {
        out.append(c);
      }
      return true;
    }
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> {
        return false;
      }
      default -> {
        out.append('?');
        if ("\"\\'()[]{};".indexOf(c) >= 0) {
          out.append('\\');
        }
        out.append(c);
        return true;
      }
    }
  }

  private String floatText(double d) {
    String s = floatFormat == null ? null : NumberText.printWith(floatFormat, d);
    if (s == null) {
      return NumberText.print(d);
    }
    return "%.0f".equals(floatFormat) && s.endsWith(".0") ? s.substring(0, s.length() - 2) : s;
  }

  // ---- Symbols and strings --------------------------------------------------------------------

  private void symbol(Symbol s) {
    String name = s.name();
    if (!escape) {
      out.append(name);
      return;
    }
    if (gensym && !s.isInterned(t)) {
      out.append("#:");
    } else if (name.isEmpty()) {
      out.append("##");
      return;
    }
    boolean plain = true;
    for (int i = 0; i < name.length() && plain; i++) {
      char c = name.charAt(i);
      plain = (c >= 'a' && c <= 'z') || (c == '-' && i > 0);
    }
    if (plain) {
      out.append(name);
      return;
    }
    boolean confusing = isConfusing(name);
    for (int code : LispString.codesOf(name)) {
      if (confusing
          || code <= ' '
          || code == 0xA0
          || (code < 128 && "\"\\';#(),.`[]?".indexOf(code) >= 0)) {
        out.append('\\');
        confusing = false; // Only before the first character.
      }
      out.append(code);
    }
  }

  /** Whether a symbol's name looks like a number. */
  private static boolean isConfusing(String name) {
    int i = name.startsWith("-") || name.startsWith("+") ? 1 : 0;
    if (i >= name.length()) {
      return false;
    }
    char c = name.charAt(i);
    if (!(c >= '0' && c <= '9') && c != '.') {
      return false;
    }
    return NumberText.parse(new CodeBuffer().append(name)) != null;
  }

  private void string(LispString s) {
    if (!escape) {
      out.append(t.c, s);
      return;
    }
    Intervals properties = visible(s);
    if (properties != null) {
      out.append("#(");
    }
    out.append('"');
    int[] codes = s.characters(t.c);
    boolean wide = s.isMultibyte(t.c);
    boolean afterHex = false;
    for (int i = 0; i < codes.length; i++) {
      int c = codes[i];
      boolean hex = false;
      if (c >= 0x3FFF80) {
        octal(c & 0xFF, i + 1 < codes.length ? codes[i + 1] : -1);
      } else if (c > 127 && multibyte && wide) {
        out.append(String.format("\\x%04x", c));
        hex = true;
      } else {
        if (afterHex && c < 128 && Character.digit(c, 16) >= 0) {
          out.append("\\ ");
        }
        if (c == '\n' && newlines) {
          out.append("\\n");
        } else if (c == '\f' && newlines) {
          out.append("\\f");
        } else if (c == '"' || c == '\\') {
          out.append('\\').append(c);
        } else if (controls && (c < ' ' || c == 127)) {
          octal(c, i + 1 < codes.length ? codes[i + 1] : -1);
        } else {
          out.append(c);
        }
      }
      afterHex = hex;
    }
    out.append('"');
    if (properties != null) {
      properties.forEach(
          (from, to, plist) -> {
            if (plist.length > 0) {
              out.append(' ').append(Integer.toString(from)).append(' ');
              out.append(Integer.toString(to)).append(' ');
              print(Lisp.list(t.c, java.util.Arrays.asList(plist)));
            }
          });
      out.append(')');
    }
  }

  private void octal(int c, int next) {
    out.append('\\');
    String s = Integer.toOctalString(c);
    if (next >= '0' && next <= '7') {
      out.append("0".repeat(3 - s.length()));
    }
    out.append(s);
  }

  /** The properties that are printed; null: none. */
  private Intervals visible(LispString s) {
    if (!(s.properties(t.c) instanceof Intervals all)) {
      return null;
    }
    boolean[] any = new boolean[1];
    all.forEach((from, to, plist) -> any[0] |= plist.length > 0);
    return any[0] ? Charsets.shown(t, s, all) : null;
  }

  // ---- Objects with parts ---------------------------------------------------------------------

  private void compound(Object x) {
    if (depth >= MAX_DEPTH) {
      throw LispSignal.error("Apparently circular structure being printed");
    }
    boolean entered =
        x instanceof Pair
            || x instanceof Vector
            || x instanceof Record
            || x instanceof ByteCode
            || x instanceof HashTable
            || x instanceof CharTable
            || x instanceof SubCharTable
            || x instanceof LispString;
    if (labels != null) {
      long n = labels.of(x, depth);
      if (n > 0) {
        out.append('#').append(Long.toString(n)).append('#');
        return;
      }
      if (n < 0) {
        out.append('#').append(Long.toString(-n)).append('=');
        labels.printed(x, -n);
      }
    } else if (entered) {
      for (int i = 0; i < depth; i++) {
        if (printing[i] == x) {
          out.append('#').append(Integer.toString(i));
          return;
        }
      }
    }
    printing[depth++] = x;
    switch (x) {
      case Pair p -> pair(p);
      case LispString s -> string(s);
      case Symbol s -> symbol(s);
      case Vector v -> vector(v);
      case Record r -> slots("#s(", r, 0, ')');
      case CharTable c -> slots("#^[", c, 0, ']');
      case SubCharTable s -> subCharTable(s);
      case HashTable h -> hashTable(h);
      case ByteCode b -> byteCode(b);
      case BoolVector b -> boolVector(b);
      default -> out.append(opaque(x));
    }
    printing[--depth] = null;
  }

  private void pair(Pair p) {
    if (depth > maxLevel) {
      out.append("...");
      return;
    }
    if (quoted && prefixed(p)) {
      return;
    }
    out.append('(');
    Object tail = p;
    Object tortoise = p;
    long power = 2;
    long steps = 2;
    long i = 0;
    if (maxLength == 0) {
      out.append("...)");
      return;
    }
    while (tail instanceof Pair q) {
      if (i > 0) {
        out.append(' ');
        if (i >= maxLength) {
          out.append("...)");
          return;
        }
        if (labels != null && labels.of(q, depth) != 0) {
          out.append(". ");
          print(q);
          out.append(')');
          return;
        }
      }
      i++;
      print(q.first(t.c));
      if ((i & 0xFFF) == 0) {
        t.safepoint();
      }
      tail = q.second(t.c);
      if (tail instanceof Proxy rest && rest.object() instanceof Pair) {
        tail = contents(rest);
      }
      if (--steps == 0) {
        power *= 2;
        steps = power;
        tortoise = tail;
      } else if (tail == tortoise && labels == null) {
        out.append(" . #").append(Long.toString(i >> 1)).append(')');
        return;
      }
    }
    if (tail != Symbol.NIL) {
      out.append(" . ");
      print(tail);
    }
    out.append(')');
  }

  /** Prints {@code (quote x)} and its kin shortly; false when {@code p} is none of them. */
  private boolean prefixed(Pair p) {
    if (!(p.first(t.c) instanceof Symbol head)
        || !(p.second(t.c) instanceof Pair rest)
        || rest.second(t.c) != Symbol.NIL) {
      return false;
    }
    Object x = rest.first(t.c);
    if (head == Q.QUOTE) {
      out.append('\'');
      print(x);
    } else if (head == Q.FUNCTION) {
      out.append("#'");
      print(x);
    } else if (head == Q.BACKQUOTE) {
      out.append('`');
      backquotes++;
      print(x);
      backquotes--;
    } else if (backquotes > 0 && (head == Q.COMMA || head == Q.COMMA_AT)) {
      out.append(head.name());
      backquotes--;
      print(x);
      backquotes++;
    } else {
      return false;
    }
    return true;
  }

  /** Separates element {@code i} of a vector from those before; whether the rest is left out. */
  private boolean cutAt(int i) {
    boolean cut = i >= maxLength;
    if (i > 0 || cut) {
      out.append(cut ? " ..." : " ");
    }
    return cut;
  }

  private void vector(Vector v) {
    out.append('[');
    for (int i = 0; i < v.length(t.c); i++) {
      if (cutAt(i)) {
        break;
      }
      print(v.get(t.c, i));
    }
    out.append(']');
  }

  private void slots(String open, Slots s, int from, char close) {
    out.append(open);
    int n = s.length(t.c);
    for (int i = from; i < n; i++) {
      if (cutAt(i - from)) {
        break;
      }
      print(s.get(t.c, i));
    }
    out.append(close);
  }

  private void subCharTable(SubCharTable s) {
    if (s.depth() == 3) {
      out.append('\n');
    }
    out.append("#^^[").append(Integer.toString(s.depth())).append(' ');
    out.append(Integer.toString(s.minChar()));
    int n = s.length(t.c);
    for (int i = 0; i < n; i++) {
      out.append(' ');
      if (i + 1 >= maxLength) {
        out.append("...");
        break;
      }
      print(s.get(t.c, i));
    }
    out.append(']');
  }

  private void hashTable(HashTable h) {
    out.append("#s(hash-table size ").append(Long.toString(h.size(t.c)));
    out.append(" test ");
    print(h.test());
    if (h.weakness() != Symbol.NIL) {
      out.append(" weakness ");
      print(h.weakness());
    }
    out.append(" rehash-size ");
    print(h.rehashSize());
    out.append(" rehash-threshold ");
    print(h.rehashThreshold());
    if (h.isPure()) {
      out.append(" purecopy t");
    }
    out.append(" data (");
    long i = 0;
    for (long p = h.first(t.c); p >= 0; p = h.next(t.c, p)) {
      Object key = h.keyAt(t.c, p);
      Object value = h.valueAt(t.c, p);
      if (key == null || value == null) {
        continue;
      }
      if (i > 0) {
        out.append(' ');
      }
      if (i++ >= maxLength && maxLength > 0) { // No length at all is no limit, for Emacs.
        out.append("...");
        break;
      }
      print(key);
      out.append(' ');
      print(value);
    }
    out.append("))");
  }

  private void byteCode(ByteCode b) {
    Object[] all = new Object[4 + b.extra().length];
    all[0] = b.arglist();
    all[1] = LispString.unibyte(t.c, b.code(t.c).bytes());
    all[2] = new Vector(t.c, b.constants(t.c).clone());
    all[3] = (long) b.depth();
    System.arraycopy(b.extra(), 0, all, 4, b.extra().length);
    out.append("#[");
    for (int i = 0; i < all.length; i++) {
      if (cutAt(i)) {
        break;
      }
      print(all[i]);
    }
    out.append(']');
  }

  private void boolVector(BoolVector b) {
    int size = b.size();
    out.append("#&").append(Integer.toString(size)).append('"');
    int bytes = (size + 7) / 8;
    boolean cut = bytes > maxLength;
    int n = (int) Math.min(bytes, maxLength);
    for (int i = 0; i < n; i++) {
      int c = 0;
      for (int k = 0; k < 8 && i * 8 + k < size; k++) {
        c |= b.get(t.c, i * 8 + k) ? 1 << k : 0;
      }
      if (c == '\n' && newlines) {
        out.append("\\n");
      } else if (c == '\f' && newlines) {
        out.append("\\f");
      } else if (c > 127 || (controls && (c < ' ' || c == 127))) {
        octal(c, -1);
      } else {
        if (c == '"' || c == '\\') {
          out.append('\\');
        }
        out.append(c);
      }
    }
    out.append(cut ? " ...\"" : "\"");
  }

  private String opaque(Object x) {
    if (x instanceof LispProcess p && !escape) {
      return p.name(t.c);
    }
    if (x instanceof Printable p) {
      return p.printed(t);
    }
    if (x instanceof Subr s) {
      return "#<subr " + s.name() + ">";
    }
    if (x instanceof Buffer b) {
      return b.isLive(t.c) ? (escape ? "#<buffer " + name(b) + ">" : name(b)) : "#<killed buffer>";
    }
    if (x instanceof Marker m) {
      Buffer b = m.buffer(t.c);
      return "#<marker "
          + (m.advances(t.c) ? "(moves after insertion) " : "")
          + (b == null ? "in no buffer>" : "at " + m.charpos(t.c) + " in " + name(b) + ">");
    }
    if (x instanceof Overlay o) {
      Buffer b = o.buffer(t.c);
      return b == null
          ? "#<overlay in no buffer>"
          : "#<overlay from " + o.start(t.c) + " to " + o.end(t.c) + " in " + name(b) + ">";
    }
    if (x instanceof Typed typed) {
      return "#<" + typed.lispType().name() + ">";
    }
    return x == Symbol.UNBOUND
        ? "#<unbound>"
        : "#<" + x.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + ">";
  }

  private String name(Buffer b) {
    return b.name(t.c) instanceof LispString s ? s.toJava(t.c) : "";
  }
}
