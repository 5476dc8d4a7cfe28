package org.elver.lisp.thread;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/** A mutex: who owns it, and how many times. */
public final class Mutex extends Slots implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("mutex");
  public static final int NAME = 0;
  public static final int OWNER = 1;
  public static final int COUNT = 2;

  /** One with these slots. */
  public Mutex(Context creator, Object... slots) {
    super(creator, slots);
  }

  private Mutex(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Mutex(label, contents);
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<mutex "
        + (get(t.c, NAME) instanceof LispString s
            ? s.toJava(t.c)
            : "0x" + Integer.toHexString(System.identityHashCode(this)))
        + ">";
  }
}
