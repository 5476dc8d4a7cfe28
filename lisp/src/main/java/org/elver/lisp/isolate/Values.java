package org.elver.lisp.isolate;

import org.elver.heap.graph.Freezer;
import org.elver.heap.graph.NotTransferableException;
import org.elver.heap.graph.Parcel;
import org.elver.heap.graph.Passage;
import org.elver.heap.graph.Transfer;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;
import org.elver.lisp.text.Overlay;

/** What values do when they cross from one isolate to another. */
public final class Values {
  /** What cannot pass, and what passes as itself. */
  public static final Passage PASSAGE =
      new Passage() {
        @Override
        public boolean refuses(Object value) {
          return value instanceof LispFiber
              || value instanceof Buffer
              || value instanceof Marker
              || value instanceof Overlay
              || value instanceof NotTransferable;
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
    if (Lisp.isImmediate(value)) {
      return value;
    }
    try {
      return Transfer.pack(t.c, value, PASSAGE);
    } catch (NotTransferableException e) {
      throw new LispSignal(Conditions.NOT_TRANSFERABLE, e.object(), e.getMessage());
    }
  }

  /** {@code value} as something that any isolate may read at any time: frozen. */
  public static Object packFrozen(Task t, Object value) {
    if (Lisp.isImmediate(value)) {
      return value;
    }
    try {
      return Freezer.freeze(t.c, value, PASSAGE);
    } catch (NotTransferableException e) {
      throw new LispSignal(Conditions.NOT_TRANSFERABLE, e.object(), e.getMessage());
    }
  }

  /** A copy of what {@link #packFrozen} made, for the isolate of {@code t}. */
  public static Object unpackCopy(Task t, Object frozen) {
    return frozen;
  }

  /** What {@link #pack} made, as a value of the isolate of {@code t}. */
  public static Object unpack(Task t, Object packed) {
    return packed instanceof Parcel p ? p.unpack(t.c) : packed;
  }
}
