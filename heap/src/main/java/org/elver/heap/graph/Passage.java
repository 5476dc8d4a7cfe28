package org.elver.heap.graph;

import org.elver.heap.version.HeapObject;

/**
 * How the values of a language pass from one context to another. Frozen objects are always shared,
 * and so is what is no heap object, unless refused.
 *
 * <p>Implementations are called by many threads at a time.
 */
public interface Passage {
  /** Copies every heap object and refuses nothing. */
  Passage COPY_ALL = new Passage() {};

  /** Whether {@code value} cannot leave its context: a live process, say. */
  default boolean refuses(Object value) {
    return false;
  }

  /** Whether {@code object} passes by reference although it is not frozen. */
  default boolean shares(HeapObject object) {
    return false;
  }

  /** What takes the place of {@code value}, which is not copied, in the copy. */
  default Object instead(Object value) {
    return value;
  }
}
