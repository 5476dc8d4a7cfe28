package org.elver.lisp.object;

/**
 * What lies in a symbol's slot until somebody looks: the contents can be made then. Never seen by
 * Lisp. What is made is the same for all who see the slot, so it may be made by any of them.
 */
public final class Late {
  /** Makes the contents. */
  public interface Source {
    /** The contents; called once. */
    Object make();
  }

  private Source source;

  // Written once under the lock of this object, after what it refers to is complete.
  private volatile Object contents;

  /** Contents that {@code source} will make. */
  public Late(Source source) {
    this.source = source;
  }

  /** The contents. */
  public Object get() {
    Object x = contents;
    if (x == null) {
      synchronized (this) {
        x = contents;
        if (x == null) {
          x = source.make();
          contents = x;
          source = null;
        }
      }
    }
    return x;
  }
}
