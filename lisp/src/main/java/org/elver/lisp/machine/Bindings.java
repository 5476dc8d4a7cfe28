package org.elver.lisp.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.elver.lisp.object.Symbol;

/**
 * The dynamic bindings of a task as a whole: exchanged when tasks are switched, copied, looked at.
 * To bind and unbind single variables is the task's ({@link Task#bind}).
 */
public final class Bindings {
  private Bindings() {}

  // ---- Exchanging ---------------------------------------------------------------------------

  /**
   * Takes a task's dynamic bindings back while others of the isolate run, as GNU Emacs does when it
   * switches threads: no watchers are told.
   */
  public static void swapOut(Task t) {
    for (int i = t.bp - 2; i >= 0; i -= 2) {
      swap(t, t.bindings, i);
    }
  }

  /** Makes a task's dynamic bindings again. */
  public static void swapIn(Task t) {
    for (int i = 0; i < t.bp; i += 2) {
      swap(t, t.bindings, i);
    }
  }

  /** Exchanges what one binding, at {@code i} of a stack of bindings, hides with what is. */
  static void swap(Task t, Object[] in, int i) {
    Object key = in[i];
    if (key instanceof Symbol s) {
      Object old = in[i + 1];
      if (s.redirect(t) instanceof Redirect r) {
        in[i + 1] = r.getDefault(t, s);
        r.setDefault(t, s, old);
      } else {
        in[i + 1] = s.rawValueOrOpen(t);
        s.setRawValue(t, old);
      }
    } else if (key instanceof Cleanup c) {
      in[i] = c.swapped(t);
    }
  }

  // ---- Copying ------------------------------------------------------------------------------

  /**
   * Gives {@code child}, the first task of a fork of the isolate of {@code t}, a copy of that one's
   * dynamic bindings: the values are there already; this is what they hide.
   */
  public static void copy(Task t, Task child) {
    for (int i = 0; i < t.bp; i += 2) {
      if (t.bindings[i] instanceof Symbol) {
        child.pushBinding(t.bindings[i], t.bindings[i + 1]);
      }
    }
    child.currentBuffer = t.currentBuffer;
    child.matchData = t.matchData;
  }

  /** What the bindings made so far hide, to be given to {@link #restore}. */
  public static Object[] save(Task t) {
    return Arrays.copyOf(t.bindings, t.bp);
  }

  /** Has the bindings that {@link #save} saw, which are there, hide what they hid then. */
  public static void restore(Task t, Object[] saved) {
    System.arraycopy(saved, 0, t.bindings, 0, saved.length);
  }

  // ---- Looking ------------------------------------------------------------------------------

  /**
   * The value that the outermost {@code let} of {@code s} has put aside; null when there is none.
   */
  public static Object outermost(Task t, Symbol s) {
    Object v = hiddenValue(t, s);
    return v != Symbol.OPEN
        ? v
        : t.provider() == null ? Symbol.UNBOUND : t.provider().variable(t, s);
  }

  /** Replaces what {@link #outermost} gives; false when there is none. */
  public static boolean setOutermost(Task t, Symbol s, Object value) {
    for (int i = 0; i < t.bp; i += 2) {
      if (t.bindings[i] == s) {
        t.bindings[i + 1] = value;
        return true;
      }
    }
    return false;
  }

  /** The variables bound dynamically, each with its present value, from the innermost. */
  public static List<Object[]> current(Task t) {
    Set<Object> seen = new HashSet<>();
    List<Object[]> all = new ArrayList<>();
    for (int i = t.bp - 2; i >= 0; i -= 2) {
      if (t.bindings[i] instanceof Symbol s && seen.add(s)) {
        all.add(new Object[] {s, s.rawValue(t)});
      }
    }
    return all;
  }

  /** As {@link #outermost}, null or {@link Symbol#OPEN} included; asks nobody. */
  public static Object hiddenValue(Task t, Symbol s) {
    return hidden(t.bindings, 0, t.bp, s);
  }

  static Object hidden(Object[] in, int from, int to, Symbol s) {
    for (int i = from; i < to; i += 2) {
      if (in[i] == s) {
        return in[i + 1];
      }
    }
    return null;
  }
}
