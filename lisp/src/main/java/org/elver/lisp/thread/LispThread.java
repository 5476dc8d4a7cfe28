package org.elver.lisp.thread;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/** A thread. */
public final class LispThread extends Slots implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("thread");
  public static final int NAME = 0;

  /** One with these slots. */
  public LispThread(Context creator, Object... slots) {
    super(creator, slots);
  }

  private LispThread(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new LispThread(label, contents);
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<thread "
        + (get(t.c, NAME) instanceof LispString s
            ? s.toJava(t.c)
            : "0x" + Integer.toHexString(System.identityHashCode(this)))
        + ">";
  }
}
