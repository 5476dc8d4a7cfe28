package org.elver.heap.graph;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Savepoint;

/** Hands the result of a finished context to the one that forked it, without copying. */
public final class Join {
  private Join() {}

  /**
   * Ends {@code child} and returns its {@code value} as a value of {@code parent}'s.
   *
   * <p>Objects that the child made become the parent's where they lie. An older object comes back
   * as itself if the child changed neither it nor anything that the value reaches through it; else
   * a new object with the child's contents comes back in its place, and the older one stays as it
   * is in the parent. O(1) when the child changed no older object; else O(1) for each slot that the
   * value reaches. The caller holds both contexts.
   *
   * @throws IllegalStateException unless {@link Context#canAdopt}; {@link Transfer#copy} then, and
   *     end the child
   */
  public static Object adopt(Context parent, Context child, Object value, Passage passage) {
    if (!parent.canAdopt(child)) {
      throw new IllegalStateException("only a child whose own forks have ended can be adopted");
    }
    if (!child.hasChangedOlderObjects()) {
      parent.adopt(child);
      return value;
    }
    Walk walk = new Walk(child, value, Passage.COPY_ALL, Transfer.goesByCopy(passage));
    List<HeapObject> objects = walk.objects();
    boolean[] stale = reachChanged(o -> !child.created(o) && child.changed(o), walk);
    IdentityHashMap<Object, Object> replacements = new IdentityHashMap<>();
    Label label = Label.of(parent);
    for (int i = 0; i < stale.length; i++) {
      HeapObject o = objects.get(i);
      if (stale[i]) {
        // An object of the child's stays itself, but has to refer to the new objects.
        replacements.put(o, child.created(o) ? o : o.copy(child, label));
      }
    }
    parent.adopt(child);
    return relink(parent, replacements, value);
  }

  /**
   * Rolls {@code c} back to {@code s}, its innermost savepoint, and returns {@code value} as what
   * it was before: as with {@link #adopt}, what was made since is itself, and an older object that
   * was changed comes back as a new one with the changed contents. O(1) for each object that is
   * undone, and, where there is one, for each slot that the value reaches.
   */
  public static Object rollback(Context c, Savepoint s, Object value, Passage passage) {
    if (!(value instanceof HeapObject) || !c.hasChangedSince(s)) {
      c.rollback(s);
      return value;
    }
    Walk walk = new Walk(c, value, Passage.COPY_ALL, Transfer.goesByCopy(passage));
    List<HeapObject> objects = walk.objects();
    boolean[] stale = reachChanged(o -> c.isOlderThan(s, o) && c.changedSince(s, o), walk);
    IdentityHashMap<Object, Object> replacements = new IdentityHashMap<>();
    Label label = Label.of(c);
    for (int i = 0; i < stale.length; i++) {
      HeapObject o = objects.get(i);
      if (stale[i]) {
        replacements.put(o, c.isOlderThan(s, o) ? o.copy(c, label) : o);
      }
    }
    c.rollback(s);
    return relink(c, replacements, value);
  }

  /** Has the replacements refer to each other instead of to what they replace. */
  private static Object relink(
      Context c, IdentityHashMap<Object, Object> replacements, Object value) {
    UnaryOperator<Object> current = r -> replacements.getOrDefault(r, r);
    for (Object o : replacements.values()) {
      ((HeapObject) o).relink(c, current);
    }
    for (Object o : replacements.values()) {
      ((HeapObject) o).rehash(c);
    }
    return current.apply(value);
  }

  /** Which objects of the walk are older ones that were changed, or reach such a one. */
  private static boolean[] reachChanged(Predicate<HeapObject> changed, Walk walk) {
    List<HeapObject> objects = walk.objects();
    boolean[] stale = new boolean[objects.size()];
    IntList todo = new IntList();
    for (int i = 0; i < stale.length; i++) {
      HeapObject o = objects.get(i);
      if (changed.test(o)) {
        stale[i] = true;
        todo.add(i);
      }
    }
    int[][] referrers = walk.referrers();
    while (!todo.isEmpty()) {
      for (int r : referrers[todo.removeLast()]) {
        if (!stale[r]) {
          stale[r] = true;
          todo.add(r);
        }
      }
    }
    return stale;
  }
}
