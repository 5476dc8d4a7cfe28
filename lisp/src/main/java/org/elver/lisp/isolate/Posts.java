package org.elver.lisp.isolate;

import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;

/**
 * Messages that run: a function with its arguments, packed, and called in the isolate it is for.
 */
public final class Posts {
  private Posts() {}

  /**
   * Has {@code call[0]} called with the rest in {@code to}, by a task of its own.
   *
   * @return what will have the value
   */
  public static LispPromise post(Task t, LispIsolate to, Object... call) {
    Object packed = Values.pack(t, Lisp.vector(t.c, call.clone()));
    LispPromise promise = new LispPromise();
    LispFiber f = new LispFiber(to, null, (LispFiber.Message) receiver -> opened(receiver, packed));
    promise.follow(f);
    to.post(f);
    return promise;
  }

  private static Object[] opened(Task t, Object packed) {
    Vector call = (Vector) Values.unpack(t, packed);
    Object[] result = new Object[call.length(t.c)];
    call.copyInto(t.c, 0, result, 0, result.length);
    return result;
  }
}
