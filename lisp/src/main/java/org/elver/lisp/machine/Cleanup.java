package org.elver.lisp.machine;

/**
 * What is to be done when a binding's extent ends, however it ends: on the binding stack among
 * variable bindings. Runs no Lisp; an {@link Unwind} does. Data, not code with hidden state: it may
 * be copied with the task.
 */
public interface Cleanup {
  /** Restores what was saved. */
  void run(Task t);
}
