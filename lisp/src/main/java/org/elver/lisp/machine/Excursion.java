package org.elver.lisp.machine;

/**
 * What the text layer does for the instructions that save a buffer's state. The VM's text layer
 * registers one as a service.
 */
public interface Excursion {
  /** Saves the current buffer and its point: {@code save-excursion}. */
  Cleanup saveExcursion(Task t);

  /** Saves which buffer is current. */
  Cleanup saveCurrentBuffer(Task t);

  /** Saves the narrowing of the current buffer. */
  Cleanup saveRestriction(Task t);
}
