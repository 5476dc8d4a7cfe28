package org.elver.lisp.machine;

/**
 * The state of a primitive that has bindings of its own on the binding stack: from a height on,
 * which moves where the task goes on with another stack below it.
 */
public abstract class BindingFrame extends NativeFrame {
  private int mark;

  /** A frame whose own bindings are those from the height {@code mark} on. */
  protected BindingFrame(int mark) {
    this.mark = mark;
  }

  /** Takes the frame's bindings back. */
  protected final void unbind(Task t) {
    t.unbindTo(mark);
  }

  @Override
  public void moved(int bindings) {
    mark += bindings;
  }
}
