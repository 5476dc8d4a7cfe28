package org.elver.lisp.display;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;

/** A terminal: there is only the initial one. */
public final class Terminal extends Slots {
  public static final int NAME = 0;
  public static final int PARAMETERS = 1;

  /** A terminal. */
  public Terminal(Context c, Object name) {
    super(c, name, org.elver.lisp.object.Symbol.NIL);
  }

  private Terminal(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Terminal(label, contents);
  }
}
