package org.elver.lisp.machine;

/**
 * A frame below which a task's stacks can be cut: what is above it is then a {@link Segment}, which
 * may be put on top of another such frame. The machine's notes are for one place on the stacks.
 */
public abstract class Delimiter extends NativeFrame {
  /** How many handlers lie below. */
  int handlers;

  /** How high the binding stack is with what was bound for this frame. */
  int bindings;

  /** How many runs of the loop were on the Java stack. */
  int foreign;

  /** Notes where it is about to be put: after all that is bound for it. By the primitive. */
  public final void notePlace(Task t) {
    handlers = t.hp;
    bindings = t.bp;
    foreign = t.foreign;
  }

  /** Whether there are no Java frames below it: what lies there is data. */
  public final boolean isAtBottomRun() {
    return foreign == 1;
  }
}
