package org.elver.lisp.thread;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/** A condition variable. */
public final class ConditionVariable extends Slots implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("condition-variable");
  public static final int MUTEX = 0;
  public static final int NAME = 1;

  /** One with these slots. */
  public ConditionVariable(Context creator, Object... slots) {
    super(creator, slots);
  }

  private ConditionVariable(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new ConditionVariable(label, contents);
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<condvar "
        + (get(t.c, NAME) instanceof LispString s
            ? s.toJava(t.c)
            : "0x" + Integer.toHexString(System.identityHashCode(this)))
        + ">";
  }
}
