package org.elver.lisp.display;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.View;
import org.elver.lisp.text.Buffer;

/**
 * A window: a leaf that shows a buffer, or a combination of windows. Slots are numbered by the
 * constants; NEXT, PREV, CHILD and PARENT link the tree.
 */
public final class Window extends Slots implements Printable {
  public static final int FRAME = 0;
  public static final int PARENT = 1;
  public static final int NEXT = 2;
  public static final int PREV = 3;
  public static final int CHILD = 4;
  public static final int HORIZONTAL = 5;
  public static final int BUFFER = 6;
  public static final int POINT = 7;
  public static final int START = 8;
  public static final int TOP = 9;
  public static final int LEFT = 10;
  public static final int WIDTH = 11;
  public static final int HEIGHT = 12;
  public static final int NEW_PIXEL = 13;
  public static final int NEW_TOTAL = 14;
  public static final int NEW_NORMAL = 15;
  public static final int NORMAL_WIDTH = 16;
  public static final int NORMAL_HEIGHT = 17;
  public static final int HSCROLL = 18;
  public static final int VSCROLL = 19;
  public static final int PARAMETERS = 20;
  public static final int DEDICATED = 21;
  public static final int DISPLAY_TABLE = 22;
  public static final int LEFT_MARGIN = 23;
  public static final int RIGHT_MARGIN = 24;
  public static final int PREV_BUFFERS = 25;
  public static final int NEXT_BUFFERS = 26;
  public static final int USE_TIME = 27;
  public static final int LIMIT = 28;
  public static final int END_TRIGGER = 29;
  public static final int SCROLL_BARS = 30;

  /** Its number, which its printed form shows. */
  public final long number;

  /** Whether it is for the minibuffer. */
  public final boolean mini;

  /** A window with all slots nil. */
  public Window(Context c, long number, boolean mini) {
    super(c, blank(31));
    this.number = number;
    this.mini = mini;
  }

  private Window(Label label, Object[] slots, long number, boolean mini) {
    super(label, slots);
    this.number = number;
    this.mini = mini;
  }

  private static Object[] blank(int n) {
    Object[] slots = new Object[n];
    java.util.Arrays.fill(slots, org.elver.lisp.object.Symbol.NIL);
    return slots;
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Window(label, contents, number, mini);
  }

  @Override
  protected boolean sameKind(Slots other) {
    return other instanceof Window w && w.number == number;
  }

  @Override
  public String printed(View t) {
    Object shown = get(t.c, BUFFER);
    Object name = shown instanceof Buffer b ? b.name(t.c) : shown;
    return "#<window "
        + number
        + (name instanceof LispString s ? " on " + s.toJava(t.c) : "")
        + ">";
  }
}
