package org.elver.lisp.machine;

/**
 * The state of a primitive between two calls into Lisp: a frame as data, so that a task can be
 * suspended while {@code mapcar}'s function runs.
 *
 * <p>A primitive starts with {@code return new MapcarFrame(...).resume(t, null)} or {@code return
 * t.invoke(frame, function, args...)}; each time the called function returns, the machine calls
 * {@link #resume} with its value. Fields hold Lisp objects and numbers, never contents resolved
 * from an object. Only the task that the frame is on uses it.
 */
public abstract class NativeFrame implements Cloneable {
  /**
   * Goes on after a call.
   *
   * @param value what the called function returned
   * @return the primitive's value, or {@link Task#CALL} as returned by {@link Task#invoke} or
   *     {@link Task#tail}
   */
  public abstract Object resume(Task t, Object value);

  /**
   * It goes on where the binding stack is higher by {@code bindings} than where it was suspended;
   * overridden where fields hold heights of that stack.
   */
  public void moved(int bindings) {}

  /**
   * A frame in the same state, independent of this one; overridden where fields hold own objects.
   */
  public NativeFrame copy() {
    try {
      return (NativeFrame) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
