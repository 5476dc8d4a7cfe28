package org.elver.heap.graph;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;

/**
 * Copies values from one context to another. Sharing and cycles inside one value are kept; frozen
 * objects and what the {@link Passage} shares pass by reference.
 */
public final class Transfer {
  private Transfer() {}

  /**
   * Copies {@code value} as {@code sender} sees it now. Called by the sender's thread. O(1) for
   * each slot reached.
   *
   * @throws NotTransferableException when something reached cannot pass
   */
  public static Parcel pack(Context sender, Object value, Passage passage) {
    Label label = Label.detached();
    return new Parcel(label, copyGraph(sender, value, passage, label, goesByCopy(passage)));
  }

  /**
   * As {@link #pack(Context, Object, Passage)}, for a receiver that has copies of some objects
   * already: they are what copies of others refer to, whatever has become of the originals. All
   * that is copied is added.
   */
  public static Parcel pack(Context sender, Object value, Passage passage, Copies copies) {
    Label label = Label.detached();
    Predicate<HeapObject> enters = goesByCopy(passage).and(o -> copies.get(o) == null);
    return new Parcel(label, copyGraph(sender, value, passage, label, enters, copies));
  }

  /**
   * Copies {@code value} as {@code from} sees it into {@code to}. The caller holds both.
   *
   * @throws NotTransferableException when something reached cannot pass
   */
  public static Object copy(Context from, Context to, Object value, Passage passage) {
    return pack(from, value, passage).unpack(to);
  }

  static Predicate<HeapObject> goesByCopy(Passage passage) {
    return o -> !o.isFrozen() && !passage.shares(o);
  }

  /** Copies what {@code enters} admits, from {@code value} on, to new objects under a label. */
  static Object copyGraph(
      Context view, Object value, Passage passage, Label label, Predicate<HeapObject> enters) {
    return copyGraph(view, value, passage, label, enters, null);
  }

  private static Object copyGraph(
      Context view,
      Object value,
      Passage passage,
      Label label,
      Predicate<HeapObject> enters,
      Copies known) {
    List<HeapObject> objects = new Walk(view, value, passage, enters).objects();
    IdentityHashMap<Object, Object> copies = new IdentityHashMap<>(objects.size());
    for (HeapObject o : objects) {
      view.noteRead(o);
      copies.put(o, o.copy(view, label));
    }
    UnaryOperator<Object> toCopy =
        r -> {
          Object copy = copies.get(r);
          if (copy == null && known != null && r instanceof HeapObject o) {
            copy = known.get(o);
          }
          return copy != null ? copy : passage.instead(r);
        };
    for (HeapObject o : objects) {
      ((HeapObject) copies.get(o)).relink(view, toCopy);
    }
    for (HeapObject o : objects) {
      ((HeapObject) copies.get(o)).rehash(view);
    }
    if (known != null) {
      known.addAll(copies);
    }
    return toCopy.apply(value);
  }
}
