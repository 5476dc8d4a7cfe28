package org.elver.lisp.display;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.View;

/** A terminal: there is only the initial one. */
public final class Terminal extends Slots implements Printable {
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

  @Override
  public String printed(View t) {
    return "#<terminal 0 on " + ((LispString) get(t.c, NAME)).toJava(t.c) + ">";
  }
}
