package org.elver.lisp.coding;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * A character set: codes, of one to four bytes each in its range, and how they become characters.
 * What its definition says is fixed; slots hold the objects of the definition and what can change.
 */
public final class Charset extends Slots {
  /** How codes become characters. */
  enum Method {
    OFFSET,
    MAP,
    SUBSET,
    SUPERSET
  }

  /** What was said of a character set when it was defined. */
  record Definition(
      Symbol name,
      int id,
      int dimension,
      int[] space,
      long min,
      long max,
      int isoFinal,
      boolean asciiCompatible,
      boolean supplementary,
      long emacsMuleId,
      Method method,
      long offset) {}

  static final int PLIST = 0;
  static final int MAP = 1;
  static final int SUBSET = 2;
  static final int SUPERSET = 3;
  static final int UNIFY_MAP = 4;
  static final int UNIFIED = 5;

  private final Definition d;

  Charset(Context creator, Definition d, Object... slots) {
    super(creator, slots);
    this.d = d;
  }

  private Charset(Label label, Definition d, Object[] slots) {
    super(label, slots);
    this.d = d;
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Charset(label, d, contents);
  }

  @Override
  protected boolean sameKind(Slots other) {
    return other instanceof Charset s && s.d == d;
  }

  public Symbol name() {
    return d.name;
  }

  public int id() {
    return d.id;
  }

  /** The number of bytes of a code. */
  public int dimension() {
    return d.dimension;
  }

  public long min() {
    return d.min;
  }

  public long max() {
    return d.max;
  }

  /** The final byte that designates it in ISO 2022, or -1. */
  public int isoFinal() {
    return d.isoFinal;
  }

  /** 94 or 96: how many values each byte can have in ISO 2022. */
  public int isoChars() {
    return d.space[1] - d.space[0] + 1 == 96 ? 96 : 94;
  }

  public boolean asciiCompatible() {
    return d.asciiCompatible;
  }

  public boolean supplementary() {
    return d.supplementary;
  }

  public long emacsMuleId() {
    return d.emacsMuleId;
  }

  int[] space() {
    return d.space;
  }

  /** The index of a code among all that its range allows, from that of the least; or -1. */
  long index(long code) {
    if (code < d.min || code > d.max) {
      return -1;
    }
    long i = linear(code);
    return i < 0 ? -1 : i - linear(d.min);
  }

  private long linear(long code) {
    long at = 0;
    for (int k = d.dimension - 1; k >= 0; k--) {
      int b = (int) (code >> (8 * k)) & 0xFF;
      if (b < d.space[2 * k] || b > d.space[2 * k + 1]) {
        return -1;
      }
      at = at * (d.space[2 * k + 1] - d.space[2 * k] + 1) + b - d.space[2 * k];
    }
    return at;
  }

  /** The code of an index. */
  long code(long index) {
    long at = index + linear(d.min);
    long code = 0;
    for (int k = 0; k < d.dimension; k++) {
      int n = d.space[2 * k + 1] - d.space[2 * k] + 1;
      code |= (at % n + d.space[2 * k]) << (8 * k);
      at /= n;
    }
    return at != 0 || code > d.max ? -1 : code;
  }

  /** A map and the name of its file; a cache, good as long as the slot has that name. */
  private record Known(LispString source, CharsetMap map) {}

  // Written by any isolate's thread, read by all; immutable.
  private volatile Known known = new Known(null, CharsetMap.EMPTY);

  private CharsetMap map(Task t, int slot) {
    Object source = get(t.c, slot);
    Known k = known;
    if (k.source == source) {
      return k.map;
    }
    if (!(source instanceof LispString name)) {
      return mapOf(t, source);
    }
    CharsetMap map = CharsetMaps.of(t).get(t, this, name);
    if (map.length() > 0) {
      known = new Known(name, map);
    }
    return map;
  }

  /** What a vector says depends on who looks at it. */
  private CharsetMap mapOf(Task t, Object source) {
    Memo memo = Memo.of(t.c);
    CharsetMap map = (CharsetMap) memo.get(Memo.Kind.CHARSET_MAPS, source);
    if (map == null) {
      map = CharsetMaps.of(t).get(t, this, source);
      memo.put(Memo.Kind.CHARSET_MAPS, source, map);
    }
    return map;
  }

  /** What its definition says; the same object for all isolates that see the definition. */
  Object definition() {
    return d;
  }

  boolean isUnified(Task t) {
    return get(t.c, UNIFIED) != Symbol.NIL;
  }

  /** The character of a code, or -1. */
  public int decode(Task t, long code) {
    if (code < d.min || code > d.max) {
      return -1;
    }
    switch (d.method) {
      case SUBSET -> {
        Pair p = (Pair) get(t.c, SUBSET);
        Charset parent = Charsets.find(t, p.first(t.c));
        long[] n = numbers(t, p);
        long c = code - n[2];
        return parent == null || c < n[0] || c > n[1] ? -1 : parent.decode(t, c);
      }
      case SUPERSET -> {
        for (Object tail = get(t.c, SUPERSET); tail instanceof Pair p; tail = p.second(t.c)) {
          Object x = p.first(t.c);
          Charset parent = Charsets.find(t, x instanceof Pair q ? q.first(t.c) : x);
          long offset = x instanceof Pair q && q.second(t.c) instanceof Long l ? l : 0;
          int ch = parent == null ? -1 : parent.decode(t, code - offset);
          if (ch >= 0) {
            return ch;
          }
        }
        return -1;
      }
      case MAP -> {
        long i = index(code);
        return i < 0 ? -1 : map(t, MAP).character(i);
      }
      default -> {
        long i = index(code);
        if (i < 0) {
          return -1;
        }
        if (isUnified(t)) {
          int ch = map(t, UNIFY_MAP).character(i);
          if (ch >= 0) {
            return ch;
          }
        }
        long ch = i + d.offset;
        return ch <= LispString.MAX_CHAR ? (int) ch : -1;
      }
    }
  }

  private long[] numbers(Task t, Pair subset) {
    long[] n = new long[3];
    Object tail = subset.second(t.c);
    for (int i = 0; i < 3 && tail instanceof Pair p; i++) {
      n[i] = p.first(t.c) instanceof Long l ? l : 0;
      tail = p.second(t.c);
    }
    return n;
  }

  /** The code of a character, or -1. */
  public long encode(Task t, int ch) {
    switch (d.method) {
      case SUBSET -> {
        Pair p = (Pair) get(t.c, SUBSET);
        Charset parent = Charsets.find(t, p.first(t.c));
        long code = parent == null ? -1 : parent.encode(t, ch);
        long[] n = numbers(t, p);
        return code < n[0] || code > n[1] || code < 0 ? -1 : code + n[2];
      }
      case SUPERSET -> {
        for (Object tail = get(t.c, SUPERSET); tail instanceof Pair p; tail = p.second(t.c)) {
          Object x = p.first(t.c);
          Charset parent = Charsets.find(t, x instanceof Pair q ? q.first(t.c) : x);
          long offset = x instanceof Pair q && q.second(t.c) instanceof Long l ? l : 0;
          long code = parent == null ? -1 : parent.encode(t, ch);
          if (code >= 0) {
            return code + offset;
          }
        }
        return -1;
      }
      case MAP -> {
        int i = map(t, MAP).index(ch);
        return i < 0 ? -1 : code(i);
      }
      default -> {
        if (ch >= d.offset) {
          long code = code(ch - d.offset);
          if (code >= 0) {
            return code;
          }
        }
        if (isUnified(t)) {
          int i = map(t, UNIFY_MAP).index(ch);
          return i < 0 ? -1 : code(i);
        }
        return -1;
      }
    }
  }

  /** Its own property list. */
  public Object plist(Context c) {
    return get(c, PLIST);
  }

  public void setPlist(Context c, Object x) {
    set(c, PLIST, x);
  }

  /** Has characters beyond Unicode stand for those of Unicode by a map, or no longer. */
  public void unify(Task t, Object map, boolean on) {
    if (!on) {
      set(t.c, UNIFIED, Symbol.NIL);
      return;
    }
    if (d.method != Method.OFFSET || d.offset < 0x110000) {
      throw LispSignal.error("Can’t unify charset: " + d.name.name());
    }
    if (map != Symbol.NIL) {
      if (!CharsetMaps.isSource(map)) {
        throw LispSignal.error("Bad unify-map");
      }
      set(t.c, UNIFY_MAP, map);
    }
    set(t.c, UNIFIED, Symbol.T);
  }

  /** The characters of codes {@code from} to {@code to}, in no order. */
  public int[] characters(Task t, long from, long to) {
    if (d.method == Method.SUBSET) {
      Pair p = (Pair) get(t.c, SUBSET);
      long[] k = numbers(t, p);
      Charset parent = Charsets.find(t, p.first(t.c));
      return parent == null
          ? new int[0]
          : parent.characters(t, Math.max(from - k[2], k[0]), Math.min(to - k[2], k[1]));
    }
    if (d.method == Method.SUPERSET) {
      return ofParents(t, from, to);
    }
    int[] out = new int[64];
    int n = 0;
    long a = Math.max(index(from), 0);
    long b = index(to) >= 0 ? index(to) : linear(d.max) - linear(d.min);
    if (d.method == Method.MAP) {
      b = Math.min(b, map(t, MAP).length() - 1L);
    }
    boolean unified = d.method == Method.OFFSET && isUnified(t);
    for (long i = a; i <= b; i++) {
      int ch = decode(t, code(i));
      if ((i & 0xFFF) == 0) {
        t.safepoint();
      }
      if (ch < 0 || ch > LispString.MAX_CHAR) {
        continue;
      }
      if (n + 1 >= out.length) {
        out = java.util.Arrays.copyOf(out, out.length * 2);
      }
      out[n++] = ch;
      if (unified) {
        out[n++] = (int) Math.min(d.offset + i, LispString.MAX_CHAR);
      }
    }
    return java.util.Arrays.copyOf(out, n);
  }

  private int[] ofParents(Task t, long from, long to) {
    int[] out = new int[0];
    for (Object tail = get(t.c, SUPERSET); tail instanceof Pair p; tail = p.second(t.c)) {
      Object x = p.first(t.c);
      Charset parent = Charsets.find(t, x instanceof Pair q ? q.first(t.c) : x);
      long offset = x instanceof Pair q && q.second(t.c) instanceof Long l ? l : 0;
      if (parent != null) {
        long first = Math.max(from - offset, parent.d.min);
        long last = Math.min(to - offset, parent.d.max);
        if (first <= last) {
          int[] more = parent.characters(t, first, last);
          int n = out.length;
          out = java.util.Arrays.copyOf(out, n + more.length);
          System.arraycopy(more, 0, out, n, more.length);
        }
      }
    }
    return out;
  }

  /** Whether it is of the same name: a later definition replaces an earlier one. */
  boolean isNamed(Object x) {
    return Lisp.eq(x, d.name);
  }
}
