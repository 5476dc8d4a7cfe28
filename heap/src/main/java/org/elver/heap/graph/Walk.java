package org.elver.heap.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;

/**
 * The part of a graph that one context sees from a value on, breadth first: its objects in order of
 * discovery, and the references between them.
 *
 * <p>The view must not change meanwhile; that is so when the view's thread walks, or a thread that
 * holds a view that has finished.
 */
final class Walk {
  private final Context view;
  private final Predicate<HeapObject> enters;
  private final Passage passage;

  private final IdentityHashMap<HeapObject, Integer> numbers = new IdentityHashMap<>();
  private final List<HeapObject> objects = new ArrayList<>();
  private final IntList firstSeenIn = new IntList();
  private final IntList firstSeenAt = new IntList();

  // References between the objects: reference i goes from sources[i] to targets[i].
  private final IntList sources = new IntList();
  private final IntList targets = new IntList();

  /**
   * Walks what {@code view} sees from {@code value}.
   *
   * @param enters which objects belong to the walk; the others are where it stops
   * @throws NotTransferableException on the first value that {@code passage} refuses
   */
  Walk(Context view, Object value, Passage passage, Predicate<HeapObject> enters) {
    this.view = view;
    this.passage = passage;
    this.enters = enters;
    see(value, -1, 0);
    for (int i = 0; i < objects.size(); i++) {
      int from = i;
      objects.get(i).forEachReference(view, (reference, ordinal) -> see(reference, from, ordinal));
    }
  }

  private void see(Object reference, int from, int ordinal) {
    if (passage.refuses(reference)) {
      throw new NotTransferableException(reference, path(from, ordinal));
    }
    if (!(reference instanceof HeapObject object) || !enters.test(object)) {
      return;
    }
    Integer number = numbers.get(object);
    if (number == null) {
      number = objects.size();
      numbers.put(object, number);
      objects.add(object);
      firstSeenIn.add(from);
      firstSeenAt.add(ordinal);
    }
    if (from >= 0) {
      sources.add(from);
      targets.add(number);
    }
  }

  private List<String> path(int from, int ordinal) {
    List<String> names = new ArrayList<>();
    int at = ordinal;
    for (int i = from; i >= 0; i = firstSeenIn.get(i)) {
      names.add(objects.get(i).referenceName(view, at));
      at = firstSeenAt.get(i);
    }
    Collections.reverse(names);
    return names;
  }

  /** The objects, in order of discovery. */
  List<HeapObject> objects() {
    return objects;
  }

  /** For each object those that refer to it; by number. */
  int[][] referrers() {
    return adjacency(targets, sources);
  }

  /** For each object those that it refers to; by number. */
  int[][] referents() {
    return adjacency(sources, targets);
  }

  private int[][] adjacency(IntList from, IntList to) {
    int[] counts = new int[objects.size()];
    for (int i = 0; i < from.size(); i++) {
      counts[from.get(i)]++;
    }
    int[][] result = new int[objects.size()][];
    for (int i = 0; i < result.length; i++) {
      result[i] = new int[counts[i]];
    }
    for (int i = from.size() - 1; i >= 0; i--) {
      int f = from.get(i);
      result[f][--counts[f]] = to.get(i);
    }
    return result;
  }
}
