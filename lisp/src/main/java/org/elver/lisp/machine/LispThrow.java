package org.elver.lisp.machine;

/** A {@code throw} on its way to a catch that is known to exist, or to the top level. */
public final class LispThrow extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Object tag;
  private final transient Object value;

  LispThrow(Object tag, Object value) {
    super("throw", null, false, false);
    this.tag = tag;
    this.value = value;
  }

  /** The catch tag. */
  public Object tag() {
    return tag;
  }

  /** The value thrown. */
  public Object value() {
    return value;
  }
}
