package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.display.Frame;
import org.elver.lisp.display.Window;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Splitting, deleting and resizing windows. */
final class WindowSizes {
  private static final Symbol LIMIT = Symbol.known("window-combination-limit");
  private static final Symbol LEFT = Symbol.known("left");
  private static final Symbol RIGHT = Symbol.known("right");
  private static final Symbol ABOVE = Symbol.known("above");

  private WindowSizes() {}

  static long bodyHeight(Task t, Window w) {
    return WindowTree.number(t, w, Window.HEIGHT) - (w.mini ? 0 : 1);
  }

  static long bodyWidth(Task t, Window w) {
    long right = WindowTree.number(t, w, Window.LEFT) + WindowTree.number(t, w, Window.WIDTH);
    // A column divides it from the window at its right.
    long divider = right < (Long) WindowTree.frame(t).get(t.c, Frame.COLUMNS) ? 1 : 0;
    return WindowTree.number(t, w, Window.WIDTH)
        - divider
        - WindowTree.number(t, w, Window.LEFT_MARGIN)
        - WindowTree.number(t, w, Window.RIGHT_MARGIN);
  }

  static long prefix(Task t, Object arg) {
    return t.callNamed("prefix-numeric-value", arg) instanceof Long l ? l : 1;
  }

  @Primitive(
      value = "window-resize-apply",
      min = 0,
      doc =
          "Give the windows of FRAME their new sizes, heights or, if HORIZONTAL, widths.\n"
              + "Return t if the sizes fit together; otherwise do nothing.")
  static boolean resizeApply(Task t, Object frame, Object horizontal) {
    WindowTree.frame(t, frame);
    Window root = WindowTree.root(t);
    boolean h = Lisp.isTrue(horizontal);
    if (WindowTree.number(t, root, Window.NEW_PIXEL)
            != WindowTree.number(t, root, h ? Window.WIDTH : Window.HEIGHT)
        || !WindowTree.fits(t, root, h)) {
      return false;
    }
    WindowTree.apply(t, root, h);
    return true;
  }

  @Primitive(
      value = "window-resize-apply-total",
      min = 0,
      doc = "Give the windows of FRAME their new total sizes, which are their sizes here.")
  static Object resizeApplyTotal(Task t, Object frame, Object horizontal) {
    WindowTree.frame(t, frame);
    Window root = WindowTree.root(t);
    Window mini = WindowTree.mini(t);
    if (!Lisp.isTrue(horizontal)) {
      long top = WindowTree.topMargin(t);
      shift(t, root, top - WindowTree.number(t, root, Window.TOP));
      mini.set(t.c, Window.TOP, top + WindowTree.number(t, root, Window.HEIGHT));
    }
    return Symbol.T;
  }

  private static void shift(Task t, Window root, long by) {
    if (by != 0) {
      for (Window w : WindowTree.all(t, root)) {
        w.set(t.c, Window.TOP, WindowTree.number(t, w, Window.TOP) + by);
      }
    }
  }

  @Primitive(
      value = "split-window-internal",
      doc =
          "Make a window of PIXEL-SIZE beside OLD at SIDE, NORMAL-SIZE of its parent's size.\n"
              + "The new sizes of OLD and of others must have been set.")
  static Object split(Task t, Object old, Object pixelSize, Object side, Object normalSize) {
    Window o = WindowTree.valid(t, old);
    long size = Lisp.fixnum(pixelSize);
    boolean horizontal = side == Symbol.T || side == LEFT || side == RIGHT;
    if (o.mini) {
      throw LispSignal.error("Attempt to split minibuffer window");
    }
    if (size < (horizontal ? 2 : 1)) {
      throw LispSignal.error("Size of new window too small (after split)");
    }
    Window parent = WindowTree.at(t, o, Window.PARENT);
    boolean own =
        Variables.orNil(t, LIMIT) == Symbol.T
            || parent == null
            || WindowTree.isHorizontal(t, parent) != horizontal;
    long total = WindowTree.number(t, o, horizontal ? Window.WIDTH : Window.HEIGHT);
    if (own) {
      if (WindowTree.number(t, o, Window.NEW_PIXEL) + size != total
          || !WindowTree.fits(t, o, horizontal)) {
        throw LispSignal.error("Sum of sizes of old and new window don’t fit");
      }
    } else {
      long sum = size;
      for (Window c : WindowTree.children(t, parent)) {
        sum += WindowTree.number(t, c, Window.NEW_PIXEL);
      }
      if (sum != WindowTree.number(t, parent, horizontal ? Window.WIDTH : Window.HEIGHT)) {
        throw LispSignal.error("Sum of sizes of old and new window don’t fit");
      }
    }
    Frame f = WindowTree.frame(t);
    Window reference = WindowTree.isLeaf(t, o) ? o : firstLeaf(t, o);
    if (own) {
      Window p = WindowTree.make(t, f, false);
      p.set(t.c, Window.HORIZONTAL, Lisp.bool(horizontal));
      WindowTree.replace(t, o, p);
      p.set(t.c, Window.NEW_PIXEL, total);
      p.set(t.c, Window.NEW_NORMAL, 0L);
      p.set(t.c, Window.LIMIT, Lisp.bool(Variables.orNil(t, LIMIT) == Symbol.T));
      List<Window> only = new ArrayList<>();
      only.add(o);
      WindowTree.setChildren(t, p, only);
      o.set(t.c, horizontal ? Window.NORMAL_HEIGHT : Window.NORMAL_WIDTH, 1.0);
      parent = p;
    }
    Window n = WindowTree.make(t, f, false);
    for (int i :
        new int[] {
          Window.TOP,
          Window.LEFT,
          Window.WIDTH,
          Window.HEIGHT,
          Window.NORMAL_WIDTH,
          Window.NORMAL_HEIGHT,
          Window.LEFT_MARGIN,
          Window.RIGHT_MARGIN,
          Window.DISPLAY_TABLE
        }) {
      n.set(
          t.c,
          i,
          (i == Window.LEFT_MARGIN || i == Window.DISPLAY_TABLE || i == Window.RIGHT_MARGIN
                  ? reference
                  : o)
              .get(t.c, i));
    }
    n.set(t.c, horizontal ? Window.NORMAL_HEIGHT : Window.NORMAL_WIDTH, 1.0);
    n.set(t.c, Window.NEW_PIXEL, size);
    n.set(t.c, Window.NEW_NORMAL, normalSize);
    List<Window> all = WindowTree.children(t, parent);
    int at = all.indexOf(o);
    all.add(side == ABOVE || side == LEFT ? at : at + 1, n);
    WindowTree.setChildren(t, parent, all);
    parent.set(t.c, Window.NEW_PIXEL, parent.get(t.c, horizontal ? Window.WIDTH : Window.HEIGHT));
    Object parentNormal = parent.get(t.c, Window.NEW_NORMAL);
    parent.set(t.c, Window.NEW_NORMAL, 0L);
    WindowTree.apply(t, parent, horizontal);
    parent.set(t.c, Window.NEW_NORMAL, parentNormal);
    WindowBuffers.show(t, n, WindowTree.buffer(t, reference), true);
    n.set(t.c, Window.USE_TIME, 0L);
    return n;
  }

  private static Window firstLeaf(Task t, Window w) {
    return WindowTree.leaves(t, w).get(0);
  }

  @Primitive(
      value = "delete-window-internal",
      doc = "Delete WINDOW.  The new sizes of its siblings must have been set.")
  static Object delete(Task t, Object window) {
    Window w = WindowTree.any(t, window);
    if (!WindowTree.isValid(t, w)) {
      return Symbol.NIL;
    }
    Window parent = WindowTree.at(t, w, Window.PARENT);
    if (parent == null) {
      throw LispSignal.error("Attempt to delete minibuffer or sole ordinary window");
    }
    boolean horizontal = WindowTree.isHorizontal(t, parent);
    List<Window> old = WindowTree.children(t, parent);
    List<Window> rest = new ArrayList<>(old);
    rest.remove(w);
    WindowTree.setChildren(t, parent, rest);
    Window root = WindowTree.root(t);
    if (!WindowTree.fits(t, root, horizontal)
        || WindowTree.number(t, root, Window.NEW_PIXEL)
            != WindowTree.number(t, root, horizontal ? Window.WIDTH : Window.HEIGHT)) {
      WindowTree.setChildren(t, parent, old);
      throw LispSignal.error("Deletion failed");
    }
    List<Window> gone = WindowTree.all(t, w);
    boolean selectedGone = gone.contains(WindowTree.selected(t));
    WindowTree.apply(t, root, horizontal);
    kill(t, gone);
    if (rest.size() == 1) {
      Window only = rest.get(0);
      parent.set(t.c, Window.CHILD, Symbol.NIL);
      WindowTree.replace(t, parent, only);
      // Both combine the same way: the children move up.
      Window grand = WindowTree.at(t, only, Window.PARENT);
      if (grand != null
          && only.get(t.c, Window.CHILD) != Symbol.NIL
          && WindowTree.isHorizontal(t, grand) == WindowTree.isHorizontal(t, only)
          && !Lisp.isTrue(only.get(t.c, Window.LIMIT))) {
        List<Window> up = WindowTree.children(t, grand);
        int at = up.indexOf(only);
        up.remove(at);
        List<Window> children = WindowTree.children(t, only);
        boolean h = WindowTree.isHorizontal(t, grand);
        int slot = h ? Window.NORMAL_WIDTH : Window.NORMAL_HEIGHT;
        double factor = only.get(t.c, slot) instanceof Double d ? d : 1.0;
        for (Window c : children) {
          c.set(t.c, slot, (c.get(t.c, slot) instanceof Double d ? d : 1.0) * factor);
        }
        up.addAll(at, children);
        WindowTree.setChildren(t, grand, up);
        only.set(t.c, Window.CHILD, Symbol.NIL);
      }
    }
    if (selectedGone) {
      Window best = null;
      for (Window leaf : WindowTree.leaves(t, WindowTree.root(t))) {
        if (best == null
            || WindowTree.number(t, leaf, Window.USE_TIME)
                > WindowTree.number(t, best, Window.USE_TIME)) {
          best = leaf;
        }
      }
      WindowTree.frame(t).set(t.c, Frame.SELECTED, best);
      WindowBuffers.enter(t, best);
    }
    return Symbol.NIL;
  }

  /** Makes windows dead, their points kept with their buffers. */
  static void kill(Task t, List<Window> gone) {
    for (Window w : gone) {
      w.set(t.c, Window.BUFFER, Symbol.NIL);
      w.set(t.c, Window.CHILD, Symbol.NIL);
      w.set(t.c, Window.PARENT, Symbol.NIL);
      w.set(t.c, Window.NEXT, Symbol.NIL);
      w.set(t.c, Window.PREV, Symbol.NIL);
    }
  }

  @Primitive(
      value = "delete-other-windows-internal",
      min = 0,
      interactive = "",
      doc = "Make WINDOW fill the place of ROOT, by default the whole frame.")
  static Object deleteOthers(Task t, Object window, Object root) {
    Window w = WindowTree.valid(t, window);
    Window r = Lisp.isTrue(root) ? WindowTree.valid(t, root) : WindowTree.root(t);
    if (w == r) {
      return Symbol.NIL;
    }
    if (w.mini) {
      throw LispSignal.error("Can't expand minibuffer to full frame");
    }
    List<Window> within = WindowTree.all(t, w);
    List<Window> gone = new ArrayList<>(WindowTree.all(t, r));
    if (!gone.contains(w)) {
      throw LispSignal.error("Window is not a descendant of root");
    }
    gone.removeAll(within);
    boolean selectedGone = gone.contains(WindowTree.selected(t));
    long width = WindowTree.number(t, r, Window.WIDTH);
    long height = WindowTree.number(t, r, Window.HEIGHT);
    long top = WindowTree.number(t, r, Window.TOP);
    long left = WindowTree.number(t, r, Window.LEFT);
    WindowTree.replace(t, r, w);
    kill(t, gone);
    WindowTree.place(t, w, top, left, width, height);
    if (w.get(t.c, Window.CHILD) != Symbol.NIL) {
      w.set(t.c, Window.NEW_PIXEL, width);
      rescale(t, w, width, height);
    }
    if (selectedGone) {
      Window leaf = firstLeaf(t, w);
      WindowTree.frame(t).set(t.c, Frame.SELECTED, leaf);
      WindowBuffers.enter(t, leaf);
    }
    return Symbol.NIL;
  }

  private static void rescale(Task t, Window w, long width, long height) {
    for (Window c : WindowTree.children(t, w)) {
      WindowTree.place(
          t,
          c,
          WindowTree.number(t, w, Window.TOP),
          WindowTree.number(t, w, Window.LEFT),
          width,
          height);
    }
  }

  @Primitive(
      value = "resize-mini-window-internal",
      doc = "Give the minibuffer WINDOW its new size.")
  static Object resizeMini(Task t, Object window) {
    Window w = WindowTree.live(t, window);
    if (!w.mini) {
      throw LispSignal.error("Not a valid minibuffer window");
    }
    Window root = WindowTree.root(t);
    if (WindowTree.number(t, w, Window.NEW_PIXEL) > 0 && WindowTree.fits(t, root, false)) {
      WindowTree.apply(t, root, false);
      w.set(t.c, Window.HEIGHT, w.get(t.c, Window.NEW_PIXEL));
      w.set(
          t.c,
          Window.TOP,
          WindowTree.number(t, root, Window.TOP) + WindowTree.number(t, root, Window.HEIGHT));
    }
    return Symbol.NIL;
  }
}
