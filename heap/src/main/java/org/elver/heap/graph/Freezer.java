package org.elver.heap.graph;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;

/**
 * Makes immutable copies, which pass between contexts by reference and can be read by any of them.
 */
public final class Freezer {
  private Freezer() {}

  /**
   * An immutable copy of {@code value} and of all that it reaches, as {@code view} sees it now.
   * Parts that are frozen already are shared. Called by the view's thread. O(1) for each slot
   * reached outside frozen parts.
   *
   * @throws NotTransferableException when something reached cannot pass between contexts
   */
  public static Object freeze(Context view, Object value, Passage passage) {
    return Transfer.copyGraph(view, value, passage, Label.frozen(), Transfer.goesByCopy(passage));
  }

  /**
   * As {@link #freeze}, and equal frozen objects become one: of the frozen objects that this method
   * ever returned or reached with this interner and that are still in use, no two have the same
   * contents. Objects on a cycle are frozen but stay themselves.
   */
  public static Object freezeAndIntern(
      Context view, Object value, Passage passage, Interner interner) {
    Predicate<HeapObject> enters =
        o -> o.isFrozen() ? !interner.isCanonical(o) : !passage.shares(o);
    Walk walk = new Walk(view, value, passage, enters);
    List<HeapObject> objects = walk.objects();
    IdentityHashMap<Object, Object> canonical = new IdentityHashMap<>(objects.size());
    UnaryOperator<Object> toCanonical = r -> canonical.getOrDefault(r, r);
    Label label = Label.frozen();
    int[][] referents = walk.referents();
    // Components come with those they refer to first, so that references are canonical by then.
    for (int[] component : new Components(referents).inOrder()) {
      boolean cyclic = component.length > 1 || refersToItself(referents, component[0]);
      for (int i : component) {
        HeapObject o = objects.get(i);
        view.noteRead(o);
        // What is frozen already stays itself when all that it refers to does.
        boolean stays = o.isFrozen() && (cyclic || refersToCanonical(view, o, canonical));
        canonical.put(o, stays ? o : o.copy(view, label));
      }
      for (int i : component) {
        HeapObject o = objects.get(i);
        HeapObject frozen = (HeapObject) canonical.get(o);
        if (frozen != o) {
          frozen.relink(view, toCanonical);
          frozen.rehash(view);
        }
        if (!cyclic) {
          canonical.put(o, interner.intern(frozen));
        }
      }
    }
    return toCanonical.apply(value);
  }

  private static boolean refersToCanonical(
      Context view, HeapObject frozen, IdentityHashMap<Object, Object> canonical) {
    boolean[] all = {true};
    frozen.forEachReference(view, (r, ordinal) -> all[0] &= canonical.getOrDefault(r, r) == r);
    return all[0];
  }

  private static boolean refersToItself(int[][] referents, int i) {
    for (int r : referents[i]) {
      if (r == i) {
        return true;
      }
    }
    return false;
  }
}
