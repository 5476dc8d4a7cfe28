package org.elver.lisp.collection;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.object.Comparand;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.TextProperties;

/** Lisp's {@code eql} and {@code equal}, and hashes that agree with them. */
public final class Equal {
  /** How deep cars and elements may be nested. */
  private static final int MAX_DEPTH = 200;

  /** From this depth on, pairs being compared are remembered, so that circles come to an end. */
  private static final int REMEMBER_DEPTH = 10;

  private static final int HASH_DEPTH = 3;
  private static final int HASH_LENGTH = 7;

  private Equal() {}

  /** {@code eql}: identity; numbers by type and value. */
  public static boolean eql(Object a, Object b) {
    if (a == b) {
      return true;
    }
    if (a instanceof Long x) {
      return b instanceof Long y && (long) x == (long) y;
    }
    if (a instanceof Double x) {
      return b instanceof Double y
          && Double.doubleToRawLongBits(x) == Double.doubleToRawLongBits(y);
    }
    return a instanceof BigInteger x && b instanceof BigInteger y && x.equals(y);
  }

  /** {@code equal}. */
  public static boolean equal(Context c, Object a, Object b) {
    if (a == b) {
      return true;
    }
    if (a instanceof Long || a.getClass() != b.getClass()) {
      return eql(a, b) || ((a instanceof Proxy || b instanceof Proxy) && equalTargets(c, a, b));
    }
    return a instanceof LispString s
        ? s.sameText(c, (LispString) b)
        : new Comparison(c, false).same(a, b, 0);
  }

  /** {@code equal} where one at least is a proxy: what they stand for is compared. */
  private static boolean equalTargets(Context c, Object a, Object b) {
    if (Proxy.target(a) == Proxy.target(b)) {
      return true;
    }
    Object x = a instanceof Proxy p ? p.contents(c) : a;
    Object y = b instanceof Proxy p ? p.contents(c) : b;
    return !(x instanceof Proxy) && !(y instanceof Proxy) && equal(c, x, y);
  }

  /** {@code equal-including-properties}. */
  public static boolean equalIncludingProperties(Context c, Object a, Object b) {
    return new Comparison(c, true).same(a, b, 0);
  }

  /** One comparison of two structures. */
  private static final class Comparison implements Comparand.Comparison {
    private final Context c;
    private final boolean properties;
    private int partDepth;
    private IdentityHashMap<Object, List<Object>> compared;

    Comparison(Context c, boolean properties) {
      this.c = c;
      this.properties = properties;
    }

    @Override
    public boolean same(Object a, Object b) {
      return same(a, b, partDepth);
    }

    private boolean same(Object x, Object y, int depth) {
      if (depth > MAX_DEPTH) {
        throw LispSignal.error("Stack overflow in equal");
      }
      Object a = x;
      Object b = y;
      ListCursor walk = null;
      while (true) {
        if (a == b) {
          return true;
        }
        if (a.getClass() != b.getClass()) {
          return (a instanceof Proxy || b instanceof Proxy) && equalTargets(c, a, b);
        }
        if (!(a instanceof Pair p)) {
          return sameAtom(a, b, depth);
        }
        if (depth > REMEMBER_DEPTH && seen(a, b)) {
          return true;
        }
        Pair q = (Pair) b;
        if (walk == null) {
          walk = new ListCursor(a);
        }
        Object car1 = p.first(c);
        Object car2 = q.first(c);
        if (car1 != car2 && !same(car1, car2, depth + 1)) {
          return false;
        }
        walk.next(c, p);
        a = walk.tail;
        b = q.second(c);
      }
    }

    private boolean seen(Object a, Object b) {
      if (compared == null) {
        compared = new IdentityHashMap<>();
      }
      List<Object> with = compared.computeIfAbsent(a, k -> new ArrayList<>(1));
      for (Object o : with) {
        if (o == b) {
          return true;
        }
      }
      with.add(b);
      return false;
    }

    private boolean sameAtom(Object a, Object b, int depth) {
      if (a instanceof LispString s) {
        LispString z = (LispString) b;
        return s.sameText(c, z)
            && (!properties || TextProperties.same(c, s.properties(c), z.properties(c)));
      }
      if (a instanceof Vector v) {
        Vector w = (Vector) b;
        int n = v.length(c);
        if (n != w.length(c) || (depth > REMEMBER_DEPTH && seen(a, b))) {
          return n == w.length(c);
        }
        for (int i = 0; i < n; i++) {
          if (!same(v.get(c, i), w.get(c, i), depth + 1)) {
            return false;
          }
        }
        return true;
      }
      if (a instanceof Record v) {
        Record w = (Record) b;
        int n = v.length(c);
        if (n != w.length(c) || (depth > REMEMBER_DEPTH && seen(a, b))) {
          return n == w.length(c);
        }
        for (int i = 0; i < n; i++) {
          if (!same(v.get(c, i), w.get(c, i), depth + 1)) {
            return false;
          }
        }
        return true;
      }
      if (a instanceof ByteCode v) {
        return sameCode(v, (ByteCode) b, depth);
      }
      if (a instanceof Proxy) {
        return equalTargets(c, a, b);
      }
      if (a instanceof Comparand v) {
        int outer = partDepth;
        partDepth = depth + 1;
        try {
          return v.isEqual(c, b, this);
        } finally {
          partDepth = outer;
        }
      }
      return eql(a, b);
    }

    private boolean sameCode(ByteCode v, ByteCode w, int depth) {
      if (depth > REMEMBER_DEPTH && seen(v, w)) {
        return true;
      }
      Object[] k = v.constants(c);
      Object[] l = w.constants(c);
      if (k.length != l.length
          || v.depth() != w.depth()
          || v.extra().length != w.extra().length
          || !same(v.arglist(), w.arglist(), depth + 1)
          || !java.util.Arrays.equals(v.code(c).bytes(), w.code(c).bytes())) {
        return false;
      }
      for (int i = 0; i < k.length; i++) {
        if (!same(k[i], l[i], depth + 1)) {
          return false;
        }
      }
      for (int i = 0; i < v.extra().length; i++) {
        if (!same(v.extra()[i], w.extra()[i], depth + 1)) {
          return false;
        }
      }
      return true;
    }
  }

  // ---- Hashes -----------------------------------------------------------------------------------

  /** A hash that agrees with {@code eq}. */
  public static int hashEq(Object x) {
    return x instanceof Long l ? Long.hashCode(l) : System.identityHashCode(x);
  }

  /** A hash that agrees with {@link #eql}. */
  public static int hashEql(Object x) {
    if (x instanceof Long l) {
      return Long.hashCode(l);
    }
    if (x instanceof Double d) {
      return Long.hashCode(Double.doubleToRawLongBits(d));
    }
    return x instanceof BigInteger ? x.hashCode() : System.identityHashCode(x);
  }

  /** A hash that agrees with {@link #equal}. */
  public static int hashEqual(Context c, Object x) {
    return x instanceof LispString s ? s.textHash(c) : hash(c, x, 0);
  }

  private static int hash(Context c, Object x, int depth) {
    if (x instanceof LispString s) {
      return s.textHash(c);
    }
    if (x instanceof Pair) {
      int h = 17;
      Object tail = x;
      int n = 0;
      for (; n < HASH_LENGTH && depth < HASH_DEPTH && tail instanceof Pair p; n++) {
        h = 31 * h + hash(c, p.first(c), depth + 1);
        tail = p.second(c);
      }
      return tail instanceof Pair || depth >= HASH_DEPTH ? h : 31 * h + hash(c, tail, depth + 1);
    }
    if (x instanceof Vector v) {
      int n = v.length(c);
      int h = n;
      for (int i = 0; i < Math.min(n, HASH_LENGTH) && depth < HASH_DEPTH; i++) {
        h = 31 * h + hash(c, v.get(c, i), depth + 1);
      }
      return h;
    }
    if (x instanceof Record v) {
      int n = v.length(c);
      int h = n + 7;
      for (int i = 0; i < Math.min(n, HASH_LENGTH) && depth < HASH_DEPTH; i++) {
        h = 31 * h + hash(c, v.get(c, i), depth + 1);
      }
      return h;
    }
    if (x instanceof ByteCode b) {
      return b.constants(c).length * 31 + b.depth();
    }
    if (x instanceof Proxy p) {
      Object y = p.contents(c);
      return y == x ? System.identityHashCode(p.object()) : hash(c, y, depth);
    }
    return x instanceof Comparand v ? v.equalHash(c) : hashEql(x);
  }
}
