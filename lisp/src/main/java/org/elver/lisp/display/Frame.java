package org.elver.lisp.display;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.View;

/** A frame. Slots are numbered by the constants. */
public final class Frame extends Slots implements Printable {
  public static final int NAME = 0;
  public static final int ROOT = 1;
  public static final int SELECTED = 2;
  public static final int MINIBUFFER = 3;
  public static final int PARAMETERS = 4;
  public static final int COLUMNS = 5;
  public static final int LINES = 6;
  public static final int FACES = 7;
  public static final int TERMINAL = 8;
  public static final int FOCUS = 9;
  public static final int VISIBLE = 10;
  public static final int CHANGED = 11;
  public static final int OLD_SELECTED = 12;

  /** A frame with these slots. */
  public Frame(Context c, Object... slots) {
    super(c, slots);
  }

  private Frame(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Frame(label, contents);
  }

  @Override
  public String printed(View t) {
    return "#<frame "
        + ((LispString) get(t.c, NAME)).toJava(t.c)
        + " 0x"
        + Integer.toHexString(System.identityHashCode(this))
        + ">";
  }
}
