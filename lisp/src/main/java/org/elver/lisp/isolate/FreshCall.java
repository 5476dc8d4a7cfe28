package org.elver.lisp.isolate;

import org.elver.heap.graph.Copies;
import org.elver.heap.object.Vector;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;

/**
 * A call that an isolate with a fresh heap is to make: a function and arguments, copied.
 *
 * @param packed a vector of them
 * @param copies what has been copied for that, so that it is not copied again
 */
public record FreshCall(Object packed, Copies copies) {
  /**
   * {@code call}, of the isolate of {@code t}; signals {@code not-transferable} where that cannot
   * leave it.
   */
  public static FreshCall pack(Task t, Object[] call) {
    Copies copies = new Copies();
    return new FreshCall(Values.pack(t, Lisp.vector(t.c, call.clone()), copies), copies);
  }

  /** An isolate below that of {@code t}, which packed this, for it; see {@link LispIsolate}. */
  public LispIsolate isolate(Task t, Asking.Wrapper live) {
    return LispIsolate.fresh(t, live, copies);
  }

  /** Its first task. */
  public LispFiber fiber(LispIsolate i) {
    return fiber(i, FreshWorld.of(i.vm()).buffer());
  }

  /** A task of {@code i} that makes the call. */
  LispFiber fiber(LispIsolate i, HeapObject buffer) {
    return new LispFiber(i, buffer, (LispFiber.Message) this::open);
  }

  private Object[] open(Task t) {
    Vector v = (Vector) Values.unpack(t, packed);
    Object[] call = new Object[v.length(t.c)];
    v.copyInto(t.c, 0, call, 0, call.length);
    return call;
  }
}
