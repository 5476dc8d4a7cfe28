package org.elver.lisp.display;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.View;

/** The windows of a frame as they were: WINDOWS is a vector of each window and then its slots. */
public final class WindowConfiguration extends Slots implements Printable {
  public static final int FRAME = 0;
  public static final int SELECTED = 1;
  public static final int CURRENT = 2;
  public static final int ROOT = 3;
  public static final int WINDOWS = 4;
  public static final int SCROLL_WINDOW = 5;

  /** A configuration with these slots. */
  public WindowConfiguration(Context c, Object... slots) {
    super(c, slots);
  }

  private WindowConfiguration(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new WindowConfiguration(label, contents);
  }

  @Override
  public String printed(View t) {
    return "#<window-configuration>";
  }
}
