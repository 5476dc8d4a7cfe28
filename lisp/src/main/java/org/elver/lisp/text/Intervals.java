package org.elver.lisp.text;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.TextProperties;

/**
 * Text properties of a text or string: a sequence of intervals, each some length and a property
 * list, as an immutable balanced tree. {@code null} stands for a text without properties, whatever
 * its length. Indices count from 0.
 *
 * <p>Neighbours with the same properties stay apart, because GNU Emacs shows where intervals end
 * when it prints strings. A property list is an array of names and values by turns, never changed,
 * in the order that {@code text-properties-at} tells.
 */
@SuppressWarnings("AmbiguousMethodReference") // Here after and before are two methods each.
public final class Intervals implements TextProperties {
  /** No properties. */
  public static final Object[] NONE = {};

  private final Intervals left;
  private final Intervals right;

  /** Of this node's own interval. */
  private final int own;

  private final int total;
  private final int height;
  private final Object[] plist;

  private Intervals(Intervals left, int own, Object[] plist, Intervals right) {
    this.left = left;
    this.right = right;
    this.own = own;
    this.plist = plist;
    total = length(left) + own + length(right);
    height = Math.max(height(left), height(right)) + 1;
  }

  /** One interval; null when it has no length. */
  public static Intervals of(int length, Object... plist) {
    return length == 0 ? null : new Intervals(null, length, plist, null);
  }

  /** The length that it covers; 0 for null. */
  public static int length(Intervals x) {
    return x == null ? 0 : x.total;
  }

  private static int height(Intervals x) {
    return x == null ? 0 : x.height;
  }

  // ---- Balance ---------------------------------------------------------------------------------

  private static Intervals node(Intervals l, int own, Object[] plist, Intervals r) {
    int d = height(l) - height(r);
    if (d > 1) {
      return height(l.left) >= height(l.right)
          ? new Intervals(l.left, l.own, l.plist, new Intervals(l.right, own, plist, r))
          : new Intervals(
              new Intervals(l.left, l.own, l.plist, l.right.left),
              l.right.own,
              l.right.plist,
              new Intervals(l.right.right, own, plist, r));
    }
    if (d < -1) {
      return height(r.right) >= height(r.left)
          ? new Intervals(new Intervals(l, own, plist, r.left), r.own, r.plist, r.right)
          : new Intervals(
              new Intervals(l, own, plist, r.left.left),
              r.left.own,
              r.left.plist,
              new Intervals(r.left.right, r.own, r.plist, r.right));
    }
    return new Intervals(l, own, plist, r);
  }

  private static Intervals join(Intervals l, int own, Object[] plist, Intervals r) {
    if (height(l) > height(r) + 1) {
      return node(l.left, l.own, l.plist, join(l.right, own, plist, r));
    }
    if (height(r) > height(l) + 1) {
      return node(join(l, own, plist, r.left), r.own, r.plist, r.right);
    }
    return node(l, own, plist, r);
  }

  /** One after the other. */
  public static Intervals concat(Intervals l, Intervals r) {
    if (l == null) {
      return r;
    }
    if (r == null) {
      return l;
    }
    Intervals first = r.first();
    return join(l, first.own, first.plist, withoutFirst(r));
  }

  private Intervals first() {
    Intervals x = this;
    while (x.left != null) {
      x = x.left;
    }
    return x;
  }

  private static Intervals withoutFirst(Intervals x) {
    return x.left == null ? x.right : node(withoutFirst(x.left), x.own, x.plist, x.right);
  }

  // ---- Parts -----------------------------------------------------------------------------------

  /** The first {@code at}. */
  public static Intervals before(Intervals x, int at) {
    if (x == null || at <= 0) {
      return null;
    }
    if (at >= x.total) {
      return x;
    }
    int l = length(x.left);
    if (at <= l) {
      return before(x.left, at);
    }
    if (at <= l + x.own) {
      return join(x.left, at - l, x.plist, null);
    }
    return join(x.left, x.own, x.plist, before(x.right, at - l - x.own));
  }

  /** All but the first {@code at}. */
  public static Intervals after(Intervals x, int at) {
    if (x == null || at >= x.total) {
      return null;
    }
    if (at <= 0) {
      return x;
    }
    int l = length(x.left);
    if (at >= l + x.own) {
      return after(x.right, at - l - x.own);
    }
    if (at >= l) {
      return join(null, l + x.own - at, x.plist, x.right);
    }
    return join(after(x.left, at), x.own, x.plist, x.right);
  }

  /** A range; null when {@code x} is. */
  public static Intervals slice(Intervals x, int from, int to) {
    return before(after(x, from), to - Math.max(from, 0));
  }

  /**
   * With {@code n} inserted at {@code at}, of the properties {@code piece} (null: none); {@code x}
   * is of a text of {@code length}.
   */
  public static Intervals insert(Intervals x, int length, int at, int n, Intervals piece) {
    if (n == 0 || (x == null && piece == null)) {
      return x;
    }
    Intervals whole = x == null ? of(length) : x;
    Intervals middle = piece == null ? of(n) : piece;
    return concat(concat(before(whole, at), middle), after(whole, at));
  }

  /**
   * With {@code n} of the properties {@code plist} inserted at {@code at}: a neighbour that has the
   * same grows.
   */
  static Intervals grow(Intervals x, int length, int at, int n, Object[] plist) {
    if (x == null) {
      return plist.length == 0 ? null : insert(null, length, at, n, of(n, plist));
    }
    Interval before = x.find(at - 1);
    Interval after = x.find(at);
    if ((before != null && same(before.plist, plist))
        || (after != null && same(after.plist, plist))) {
      boolean first = before != null && same(before.plist, plist);
      return x.longer(first ? at - 1 : at, n);
    }
    return insert(x, length, at, n, of(n, plist));
  }

  /** With the interval that {@code at} is in longer by {@code n}. */
  private Intervals longer(int at, int n) {
    int l = length(left);
    if (at < l) {
      return new Intervals(left.longer(at, n), own, plist, right);
    }
    return at < l + own
        ? new Intervals(left, own + n, plist, right)
        : new Intervals(left, own, plist, right.longer(at - l - own, n));
  }

  /** Without a range. */
  public static Intervals delete(Intervals x, int from, int to) {
    return x == null ? null : concat(before(x, from), after(x, to));
  }

  /** {@code x}, or null when no interval has properties. */
  public static Intervals pruned(Intervals x) {
    return x == null || !x.hasAny() ? null : x;
  }

  /** As {@link #pruned}, but looks only at a single interval: what a change of text needs. */
  static Intervals pruned1(Intervals x) {
    return x == null || (x.left == null && x.right == null && x.plist.length == 0) ? null : x;
  }

  private boolean hasAny() {
    return plist.length > 0 || (left != null && left.hasAny()) || (right != null && right.hasAny());
  }

  // ---- Looking ---------------------------------------------------------------------------------

  /**
   * An interval of a text.
   *
   * @param start where it begins
   * @param end where it ends
   * @param plist its properties
   */
  public record Interval(int start, int end, Object[] plist) {}

  /** The interval of the code at {@code at}; null beyond the end. */
  public Interval find(int at) {
    if (at < 0 || at >= total) {
      return null;
    }
    Intervals x = this;
    int offset = 0;
    for (; ; ) {
      int l = offset + length(x.left);
      if (at < l) {
        x = x.left;
      } else if (at < l + x.own) {
        return new Interval(l, l + x.own, x.plist);
      } else {
        offset = l + x.own;
        x = x.right;
      }
    }
  }

  /** The properties of the code at {@code at}. */
  public static Object[] at(Intervals x, int at) {
    if (x == null || at < 0 || at >= x.total) {
      return NONE;
    }
    Intervals n = x;
    int rest = at;
    for (; ; ) {
      int l = length(n.left);
      if (rest < l) {
        n = n.left;
      } else if (rest < l + n.own) {
        return n.plist;
      } else {
        rest -= l + n.own;
        n = n.right;
      }
    }
  }

  /** What is done with each interval. */
  public interface Visitor {
    void visit(int start, int end, Object[] plist);
  }

  /** Shows all intervals in order, those without properties too. */
  public void forEach(Visitor visitor) {
    forEach(0, visitor);
  }

  private void forEach(int offset, Visitor visitor) {
    int start = offset + length(left);
    if (left != null) {
      left.forEach(offset, visitor);
    }
    visitor.visit(start, start + own, plist);
    if (right != null) {
      right.forEach(start + own, visitor);
    }
  }

  /** Gives the properties an interval shall have instead; the same array: as before. */
  public interface Change {
    Object[] apply(int start, int end, Object[] plist);
  }

  /** With a range's properties changed; {@code x} is of a text of {@code length}. */
  public static Intervals change(Intervals x, int length, int from, int to, Change change) {
    Intervals whole = x == null ? of(length) : x;
    if (whole == null) {
      return null;
    }
    boolean changed = false;
    int at = from;
    // Intervals that do not change keep their ends, even where these are outside the range.
    Intervals result = before(whole, from);
    int done = from;
    while (at < to) {
      Interval i = whole.find(at);
      int end = Math.min(i.end, to);
      Object[] now = change.apply(at, end, i.plist);
      if (now != i.plist) {
        if (at > done || !changed) {
          result = changed ? concat(result, slice(whole, done, at)) : before(whole, at);
        }
        result = concat(result, of(end - at, now));
        done = end;
        changed = true;
      }
      at = end;
    }
    return changed ? concat(result, after(whole, done)) : x;
  }

  // ---- As functions on strings see them
  // ----------------------------------------------------------

  @Override
  public TextProperties part(int from, int to) {
    return reversed(pruned(slice(this, from, to)));
  }

  @Override
  public TextProperties append(int length, TextProperties others) {
    Intervals mine = total < length ? concat(this, of(length - total)) : this;
    return concat(mine, reversed((Intervals) others));
  }

  @Override
  public TextProperties after(int length) {
    return concat(of(length), reversed(this));
  }

  @Override
  public Object intervals(Context c) {
    java.util.List<Object> all = new java.util.ArrayList<>();
    forEach(
        (from, to, p) ->
            all.add(
                new Pair(
                    c,
                    (long) from,
                    new Pair(
                        c,
                        (long) to,
                        new Pair(c, Lisp.list(c, java.util.Arrays.asList(p)), Symbol.NIL)))));
    return Lisp.list(c, all);
  }

  @Override
  public boolean isSame(Context c, TextProperties other) {
    Intervals x = (Intervals) other;
    int n = Math.max(total, length(x));
    for (int i = 0; i < n; ) {
      Interval a = find(i);
      Interval b = x == null ? null : x.find(i);
      if (!same(a == null ? NONE : a.plist, b == null ? NONE : b.plist)) {
        return false;
      }
      i = Math.min(a == null ? n : a.end, b == null ? n : b.end);
    }
    return true;
  }

  /** Whether both have the same properties everywhere; null: none. */
  public static boolean same(Intervals a, Intervals b) {
    if (a == b) {
      return true;
    }
    return a == null ? pruned(b) == null : b == null ? pruned(a) == null : a.isSame(null, b);
  }

  // ---- References ------------------------------------------------------------------------------

  @Override
  public void forEachValue(Consumer<Object> visitor) {
    for (Object o : plist) {
      visitor.accept(o);
    }
    if (left != null) {
      left.forEachValue(visitor);
    }
    if (right != null) {
      right.forEachValue(visitor);
    }
  }

  @Override
  public Intervals map(UnaryOperator<Object> replacement) {
    Object[] now = plist.clone();
    for (int i = 0; i < now.length; i++) {
      now[i] = replacement.apply(now[i]);
    }
    return new Intervals(
        left == null ? null : left.map(replacement),
        own,
        now,
        right == null ? null : right.map(replacement));
  }

  // ---- Property lists --------------------------------------------------------------------------

  /** The index of a property's value, or -1. */
  public static int indexOf(Object[] plist, Object property) {
    for (int i = 0; i < plist.length; i += 2) {
      if (Lisp.eq(plist[i], property)) {
        return i + 1;
      }
    }
    return -1;
  }

  /** A property's value, or nil. */
  public static Object value(Object[] plist, Object property) {
    int i = indexOf(plist, property);
    return i < 0 ? Symbol.NIL : plist[i];
  }

  /** With a property set: a new one becomes the first. The same array when it is so already. */
  public static Object[] with(Object[] plist, Object property, Object value) {
    int i = indexOf(plist, property);
    if (i >= 0) {
      if (Lisp.eq(plist[i], value)) {
        return plist;
      }
      Object[] now = plist.clone();
      now[i] = value;
      return now;
    }
    Object[] now = new Object[plist.length + 2];
    now[0] = property;
    now[1] = value;
    System.arraycopy(plist, 0, now, 2, plist.length);
    return now;
  }

  /** Without a property. The same array when it has none of that name. */
  public static Object[] without(Object[] plist, Object property) {
    int i = indexOf(plist, property);
    if (i < 0) {
      return plist;
    }
    if (plist.length == 2) {
      return NONE;
    }
    Object[] now = new Object[plist.length - 2];
    System.arraycopy(plist, 0, now, 0, i - 1);
    System.arraycopy(plist, i + 1, now, i - 1, plist.length - i - 1);
    return now;
  }

  /** Whether both have the same properties with {@code eq} values, in whatever order. */
  public static boolean same(Object[] a, Object[] b) {
    if (a == b) {
      return true;
    }
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i += 2) {
      int j = indexOf(b, a[i]);
      if (j < 0 || !Lisp.eq(a[i + 1], b[j])) {
        return false;
      }
    }
    return true;
  }

  /** With its property lists in the opposite order: what copying strings does to them. */
  public static Intervals reversed(Intervals x) {
    if (x == null) {
      return null;
    }
    Object[] p = x.plist;
    if (p.length > 2) {
      p = new Object[x.plist.length];
      for (int i = 0; i < p.length; i += 2) {
        p[i] = x.plist[p.length - 2 - i];
        p[i + 1] = x.plist[p.length - 1 - i];
      }
    }
    return new Intervals(reversed(x.left), x.own, p, reversed(x.right));
  }
}
