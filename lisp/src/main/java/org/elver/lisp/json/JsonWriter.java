package org.elver.lisp.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.file.Bytes;
import org.elver.lisp.format.FloatFormat;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Writes Lisp objects as JSON text. */
public final class JsonWriter {
  private static final Symbol VALUE_P = Symbol.known("json-value-p");
  private static final Symbol UTF8_STRING_P = Symbol.known("utf-8-string-p");
  private static final Symbol NO_NULS_P = Symbol.known("string-without-embedded-nulls-p");
  private static final Symbol TOO_DEEP = Symbol.known("json-object-too-deep");
  private static final Symbol OUT_OF_MEMORY = Symbol.known("json-out-of-memory");
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

  /** How a hash table's entries are got: as a list of pairs. */
  public interface Tables {
    /** The entries, or null when {@code x} is no hash table. */
    List<Object[]> entries(Object x);
  }

  private final Task t;
  private final JsonOptions options;
  private final Tables tables;
  private final long limit;
  private final CodeBuffer out = new CodeBuffer();

  /** A writer of one value. */
  public JsonWriter(Task t, JsonOptions options, Tables tables) {
    this.t = t;
    this.options = options;
    this.tables = tables;
    long max = Q.MAX_LISP_EVAL_DEPTH.plainValue(t) instanceof Long l ? l : 1600;
    limit = Math.min(max, 4000) - t.frameCount();
  }

  /** The text of {@code x}. */
  public LispString write(Object x) {
    value(x, 0);
    return out.toLisp(t.c, true);
  }

  private void value(Object x, int depth) {
    t.safepoint();
    if (x == options.nullObject()) {
      out.append("null");
    } else if (x == options.falseObject()) {
      out.append("false");
    } else if (x == Symbol.T) {
      out.append("true");
    } else if (x instanceof Long l) {
      out.append(Long.toString(l));
    } else if (x instanceof BigInteger b) {
      if (b.bitLength() > 63) {
        throw LispSignal.outOfRange(x, LEAST, GREATEST);
      }
      out.append(b.toString());
    } else if (x instanceof Double d) {
      number(d);
    } else if (x instanceof LispString s) {
      text(s);
    } else {
      compound(x, depth + 1);
    }
  }

  private void compound(Object x, int depth) {
    boolean list = x instanceof Pair || x == Symbol.NIL;
    List<Object[]> entries = list || x instanceof Vector ? null : tables.entries(x);
    if (!list && !(x instanceof Vector) && entries == null) {
      throw LispSignal.wrongType(VALUE_P, x);
    }
    if (depth > limit) {
      throw new LispSignal(TOO_DEEP);
    }
    if (x instanceof Vector v) {
      int n = v.length(t.c);
      out.append('[');
      for (int i = 0; i < n && i < v.length(t.c); i++) {
        if (i > 0) {
          out.append(',');
        }
        value(v.get(t.c, i), depth);
      }
      out.append(']');
    } else if (list) {
      out.append('{');
      list(x, depth);
      out.append('}');
    } else {
      out.append('{');
      Set<String> seen = new HashSet<>();
      for (Object[] e : entries) {
        if (!key(Lisp.string(e[0]), seen)) {
          throw LispSignal.wrongType(VALUE_P, x);
        }
        value(e[1], depth);
      }
      out.append('}');
    }
  }

  private void list(Object list, int depth) {
    boolean alist = list instanceof Pair p && p.first(t.c) instanceof Pair;
    Set<String> seen = new HashSet<>();
    Object tail = list;
    Object slow = list;
    boolean step = false;
    while (tail instanceof Pair p) {
      Symbol name;
      Object v;
      if (alist) {
        Pair entry = Lisp.cons(p.first(t.c));
        name = Lisp.symbol(entry.first(t.c));
        v = entry.second(t.c);
      } else {
        name = Lisp.symbol(p.first(t.c));
        tail = p.second(t.c);
        v = Lisp.cons(tail).first(t.c);
      }
      String text = name.name();
      if (!alist && text.startsWith(":")) {
        text = text.substring(1);
      }
      if (key(LispString.of(t.c, text), seen)) {
        value(v, depth);
      }
      tail = ((Pair) tail).second(t.c);
      if (step) {
        slow = ((Pair) slow).second(t.c);
      }
      step = !step;
      if (tail == slow && tail instanceof Pair) {
        throw new LispSignal(Q.CIRCULAR_LIST, list);
      }
    }
    if (tail != Symbol.NIL) {
      throw LispSignal.wrongType(Q.LISTP, list);
    }
  }

  /** Writes a key unless there was the same before. */
  private boolean key(LispString s, Set<String> seen) {
    String name = s.toJava(t.c);
    if (name.indexOf('\0') >= 0) {
      throw LispSignal.wrongType(NO_NULS_P, s);
    }
    boolean first = seen.isEmpty();
    if (!seen.add(name)) {
      return false;
    }
    if (!first) {
      out.append(',');
    }
    text(s);
    out.append(':');
    return true;
  }

  private void number(double d) {
    if (Double.isNaN(d) || Double.isInfinite(d)) {
      throw new LispSignal(OUT_OF_MEMORY);
    }
    String s = FloatFormat.magnitude(new BigDecimal(d), 'g', 17, false);
    int e = s.indexOf('e');
    if (e < 0) {
      s = s.indexOf('.') < 0 ? s + ".0" : s;
    } else {
      s = s.substring(0, e) + "e" + Integer.parseInt(s.substring(e + 1));
    }
    out.append(Double.doubleToRawLongBits(d) < 0 ? "-" : "").append(s);
  }

  private void text(LispString s) {
    int[] chars = s.characters(t.c);
    boolean plain = true;
    for (int ch : chars) {
      plain &= ch <= LispString.MAX_UNICODE && (ch < 0xD800 || ch > 0xDFFF);
    }
    if (!plain) {
      byte[] bytes = Bytes.encode(chars, 0, chars.length);
      CodeBuffer decoded = new CodeBuffer();
      Bytes.decode(bytes, 0, bytes.length, decoded);
      chars = decoded.toArray();
      for (int ch : chars) {
        if (ch > LispString.MAX_UNICODE || (ch >= 0xD800 && ch <= 0xDFFF)) {
          throw LispSignal.wrongType(UTF8_STRING_P, LispString.unibyte(t.c, bytes));
        }
      }
    }
    out.append('"');
    for (int ch : chars) {
      switch (ch) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (ch < 0x20) {
            out.append(String.format(java.util.Locale.ROOT, "\\u%04X", ch));
          } else {
            out.append(ch);
          }
        }
      }
    }
    out.append('"');
  }
}
