package org.elver.lisp.machine;

/**
 * What is to be done when a binding's extent ends, however it ends: on the binding stack among
 * variable bindings. Runs no Lisp; an {@link Unwind} does. Data, not code with hidden state: it may
 * be copied with the task.
 */
public interface Cleanup {
  /** Restores what was saved. */
  void run(Task t);

  /**
   * For those that restore a variable's value: exchanges it with the present one, because another
   * task is to run, or this one again.
   *
   * @return what restores the value exchanged; others: itself
   */
  default Cleanup swapped(Task t) {
    return this;
  }

  /** Whether it makes the buffer current again that was current when its extent began. */
  default boolean restoresBuffer() {
    return false;
  }
}
