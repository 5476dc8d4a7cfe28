package org.elver.lisp.isolate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.elver.heap.graph.Copies;
import org.elver.heap.graph.NotTransferableException;
import org.elver.heap.graph.Parcel;
import org.elver.heap.graph.Passage;
import org.elver.heap.graph.Transfer;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;
import org.elver.lisp.text.Overlay;

/** What values do when they cross from one isolate to another. */
public final class Values {
  /** The types of other things that make sense in their own isolate only. */
  private static final Set<Symbol> STAYING =
      Set.of(
          Symbol.known("mutex"),
          Symbol.known("condition-variable"),
          Symbol.known("thread"),
          Symbol.known("process"));

  /** What cannot pass, and what passes as itself. */
  public static final Passage PASSAGE =
      new Passage() {
        @Override
        public boolean refuses(Object value) {
          return value instanceof LispFiber
              || value instanceof Buffer
              || value instanceof Marker
              || value instanceof Overlay
              || value instanceof NotTransferable
              || (value instanceof Typed x && STAYING.contains(x.lispType()));
        }

        @Override
        public boolean shares(HeapObject object) {
          return object instanceof Symbol || object instanceof Shared;
        }
      };

  /** Heap objects that never pass: live processes, mutexes. */
  public interface NotTransferable {}

  /** Heap objects that pass by reference. */
  public interface Shared {}

  private Values() {}

  /** {@code value} made ready to leave the isolate of {@code t}: itself, or a parcel. */
  public static Object pack(Task t, Object value) {
    if (value instanceof Long) {
      return value; // As most are where time counts.
    }
    if (Lisp.isImmediate(value) && !PASSAGE.refuses(value)) {
      return value;
    }
    try {
      return Transfer.pack(t.c, value, PASSAGE);
    } catch (NotTransferableException e) {
      throw notTransferable(t, e);
    }
  }

  /** Whether {@code value} is the same for everybody, or never changes. */
  public static boolean isShared(Object value) {
    return !PASSAGE.refuses(value)
        && (!(value instanceof HeapObject o) || o.isFrozen() || PASSAGE.shares(o));
  }

  /** {@code value}, of which {@link #PASSAGE} would refuse parts, packed; these are replaced. */
  public static Object packReplacing(Task t, Object value, UnaryOperator<Object> replacement) {
    return Transfer.pack(
        t.c,
        value,
        new Passage() {
          @Override
          public boolean shares(HeapObject object) {
            return PASSAGE.shares(object) || PASSAGE.refuses(object);
          }

          @Override
          public Object instead(Object x) {
            return PASSAGE.refuses(x) ? replacement.apply(x) : x;
          }
        });
  }

  /** As {@link #pack(Task, Object)} for one who has {@code copies} already; they are joined. */
  static Object pack(Task t, Object value, Copies copies) {
    if (Lisp.isImmediate(value) && !PASSAGE.refuses(value)) {
      return value;
    }
    try {
      return Transfer.pack(t.c, value, PASSAGE, copies);
    } catch (NotTransferableException e) {
      throw notTransferable(t, e);
    }
  }

  /** {@code error}, an error object, packed; printed where its data cannot leave. */
  public static Object packError(Task t, Object error) {
    try {
      return pack(t, error);
    } catch (LispSignal s) {
      List<Object> data = new ArrayList<>();
      data.add(Lisp.carSafe(t.c, error) instanceof Symbol x ? x : Q.ERROR);
      for (Object x = Lisp.cdrSafe(t.c, error); x instanceof Pair p; x = p.second(t.c)) {
        data.add(packable(t, p.first(t.c)));
      }
      return pack(t, Lisp.list(t.c, data));
    }
  }

  /** {@code x}, or if that cannot leave the isolate its text. */
  private static Object packable(Task t, Object x) {
    try {
      pack(t, x);
      return x;
    } catch (LispSignal s) {
      try {
        return t.callNamed("prin1-to-string", x);
      } catch (LispSignal e) {
        return LispString.of(t.c, "What cannot pass to another isolate");
      }
    }
  }

  /** A copy of what {@link #pack} made, which may be copied as often as one likes. Any thread. */
  public static Object copyOut(Task t, Object packed) {
    return packed instanceof Parcel p ? p.copy(t.c, PASSAGE) : packed;
  }

  /** The condition for {@code e}: the object, and the references that lead to it from the value. */
  public static LispSignal notTransferable(Task t, NotTransferableException e) {
    List<Object> path = new ArrayList<>();
    for (String s : e.path()) {
      path.add(LispString.of(t.c, s));
    }
    return new LispSignal(Conditions.NOT_TRANSFERABLE, e.object(), Lisp.list(t.c, path));
  }

  /** A copy for the isolate of {@code t} of a value of {@code from}, which the caller holds. */
  static Object copy(Context from, Task t, Object value) {
    try {
      return Transfer.copy(from, t.c, value, PASSAGE);
    } catch (NotTransferableException e) {
      // The object is the other isolate's, and not one that this one may have.
      throw new LispSignal(
          Conditions.NOT_TRANSFERABLE,
          String.valueOf(e.object().getClass().getSimpleName()),
          e.getMessage());
    }
  }

  /**
   * {@code value} packed if it is small and nothing but made by {@code c} since {@code origin}, so
   * that a copy is as good as itself; else null. By who has the context.
   */
  static Parcel packSmall(Context c, Context.Origin origin, Object value) {
    Set<HeapObject> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<HeapObject> todo = new ArrayDeque<>();
    boolean[] small = {true};
    int[] references = {0};
    HeapObject.ReferenceVisitor visitor =
        (x, ordinal) -> {
          if (PASSAGE.refuses(x) || ++references[0] > 8 * SMALL) {
            small[0] = false;
          } else if (x instanceof HeapObject o && !PASSAGE.shares(o) && seen.add(o)) {
            small[0] &= !(o instanceof LispString s) || s.length(c) <= 64 * SMALL;
            small[0] &= seen.size() <= SMALL && !o.isFrozen() && c.madeSince(origin, o);
            todo.push(o);
          }
        };
    visitor.visit(value, 0);
    while (small[0] && !todo.isEmpty()) {
      todo.pop().forEachReference(c, visitor);
    }
    return small[0] ? Transfer.pack(c, value, PASSAGE) : null;
  }

  /** So many objects at most are a small value. */
  private static final int SMALL = 256;

  /** What {@link #pack} made, as a value of the isolate of {@code t}. */
  public static Object unpack(Task t, Object packed) {
    return packed instanceof Parcel p ? p.unpack(t.c) : packed;
  }
}
