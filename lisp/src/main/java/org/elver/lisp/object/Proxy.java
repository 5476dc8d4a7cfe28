package org.elver.lisp.object;

import org.elver.heap.version.Context;

/**
 * What stands for an object of another isolate. All that is known of it here is what never changes:
 * which object it is, and so of what kind.
 */
public abstract class Proxy {
  /** The object that it stands for: to be tested for its class, and never looked into. */
  public abstract Object object();

  /**
   * What {@code c} may look into in the place of this: in the owner the object itself, elsewhere a
   * copy of how it is now, whose parts that cannot be copied are proxies; or this, where it is such
   * a part itself.
   */
  public abstract Object contents(Context c);

  /** The text that is printed of it, where it is no copy that is printed. */
  public abstract String text(View view);

  /** What {@code x} stands for, or {@code x}: to be tested for its class. */
  public static Object target(Object x) {
    return x instanceof Proxy p ? p.object() : x;
  }
}
