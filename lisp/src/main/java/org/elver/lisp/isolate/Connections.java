package org.elver.lisp.isolate;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.Q;

/**
 * The channels that an isolate's end by an error poisons, which it does not keep. Most isolates
 * have none, one or a few, and many isolates wait at once, so the set is null, the one {@link
 * LispChannel#weakly}, an array of those, or a {@link Many}. For whoever starts or runs the
 * isolate.
 */
final class Connections {
  /** Up to so many are looked through one by one. */
  private static final int FEW = 8;

  private Connections() {}

  /** The set {@code all} with {@code c} in it, if {@code c} may be poisoned. */
  static Object with(Object all, LispChannel c) {
    if (!c.isPoisonable() || c.owner() != null) {
      return all;
    }
    WeakReference<LispChannel> w = c.weakly();
    return switch (all) {
      case null -> w;
      case WeakReference<?> one -> one == w ? one : new Object[] {one, w};
      case Object[] few -> among(few, w);
      default -> {
        ((Many) all).add(w);
        yield all;
      }
    };
  }

  private static Object among(Object[] few, WeakReference<?> w) {
    for (Object x : few) {
      if (x == w) {
        return few;
      }
    }
    for (int i = 0; i < few.length; i++) {
      if (((WeakReference<?>) few[i]).refersTo(null)) {
        few[i] = w;
        return few;
      }
    }
    if (few.length < FEW) {
      Object[] more = Arrays.copyOf(few, few.length + 1);
      more[few.length] = w;
      return more;
    }
    Many many = new Many();
    for (Object x : few) {
      many.add((WeakReference<?>) x);
    }
    many.add(w);
    return many;
  }

  /** A large set, cleared of what is gone each time it has doubled. */
  private static final class Many {
    final Set<WeakReference<?>> all = new HashSet<>();
    private int limit = 4 * FEW;

    void add(WeakReference<?> w) {
      if (all.add(w) && all.size() > limit) {
        all.removeIf(x -> x.refersTo(null));
        limit = Math.max(4 * FEW, 2 * all.size());
      }
    }
  }

  /**
   * The set {@code all} with those among the function and arguments {@code call}, and what the
   * function has captured.
   */
  static Object withAll(Object all, Context view, Object[] call) {
    Object[] set = {all};
    for (Object x : call) {
      if (x instanceof LispChannel c) {
        set[0] = with(set[0], c);
      }
    }
    if (call[0] instanceof ByteCode f) {
      f.forEachReference(view, (r, ordinal) -> set[0] = captured(set[0], view, r));
    } else if (call[0] instanceof Pair p && p.first(view) == Q.CLOSURE) {
      for (Object env = Lisp.carSafe(view, p.second(view));
          env instanceof Pair e;
          env = e.second(view)) {
        set[0] = captured(set[0], view, Lisp.cdrSafe(view, e.first(view)));
      }
    }
    return set[0];
  }

  /** A captured value, or the pair that a captured variable that is set somewhere lives in. */
  private static Object captured(Object all, Context view, Object x) {
    if (x instanceof LispChannel c) {
      return with(all, c);
    }
    if (x instanceof Pair p) {
      if (p.first(view) instanceof LispChannel c) {
        return with(all, c); // Compiled by GNU Emacs: a list of the value.
      }
      if (p.second(view) instanceof LispChannel c) {
        return with(all, c); // Compiled by Elver: an element of an environment.
      }
    }
    return all;
  }

  static void poison(Object all, Object packedError) {
    switch (all) {
      case null -> {}
      case WeakReference<?> one -> poison(one, packedError);
      case Object[] few -> {
        for (Object w : few) {
          poison((WeakReference<?>) w, packedError);
        }
      }
      default -> {
        for (WeakReference<?> w : ((Many) all).all) {
          poison(w, packedError);
        }
      }
    }
  }

  private static void poison(WeakReference<?> w, Object packedError) {
    if (w.get() instanceof LispChannel c) {
      c.poison(packedError);
    }
  }
}
