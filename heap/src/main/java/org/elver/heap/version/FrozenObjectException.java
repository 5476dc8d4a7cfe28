package org.elver.heap.version;

/**
 * A write to an object that was frozen: it is immutable and shared. Copy it and change the copy.
 */
public final class FrozenObjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient HeapObject object;

  FrozenObjectException(HeapObject object) {
    super("Frozen object, write to a copy of it instead: " + object.getClass().getSimpleName());
    this.object = object;
  }

  /** The object that was to be changed. */
  public HeapObject object() {
    return object;
  }
}
