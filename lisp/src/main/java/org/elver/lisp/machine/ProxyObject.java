package org.elver.lisp.machine;

import org.elver.lisp.object.Proxy;

/** A proxy as an argument of primitives. */
public abstract class ProxyObject extends Proxy {
  /**
   * Does what {@code s} would do with {@code args}, had not this been {@code args[index]}.
   *
   * @param resumable whether what a primitive may return in place of a value is understood
   * @return as {@link Subr#call}
   */
  public abstract Object call(Task t, Subr s, Object[] args, int index, boolean resumable);

  /**
   * A new list of the elements of the list that this stands for; a dotted one ends as that does.
   */
  public abstract Object elements(Task t);

  /**
   * Whether {@code s}, which says nil of this as its first argument, might say something else of
   * the object.
   */
  public abstract boolean isAskedBy(Subr s);
}
