package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Vector;
import org.elver.lisp.display.Frame;
import org.elver.lisp.display.Terminal;
import org.elver.lisp.display.Window;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The frame, its windows, and how they are linked: what the window and frame primitives share. */
final class WindowTree {
  private static final Symbol FRAME = Symbol.known(" selected-frame");
  private static final Symbol COUNT = Symbol.known(" window-count");
  private static final Symbol TICKS = Symbol.known(" window-ticks");
  static final Symbol WINDOW_VALID_P = Symbol.known("window-valid-p");

  private WindowTree() {}

  /** Makes the initial frame. */
  static void start(Task t) {
    COUNT.setRawValue(t, 0L);
    TICKS.setRawValue(t, 1L);
    Terminal terminal = new Terminal(t.c, LispString.of(t.c, "initial_terminal"));
    Frame f =
        new Frame(
            t.c,
            LispString.of(t.c, "F1"),
            Symbol.NIL,
            Symbol.NIL,
            Symbol.NIL,
            Symbol.NIL,
            80L,
            25L,
            Symbol.NIL,
            terminal,
            Symbol.NIL,
            Symbol.T,
            Symbol.NIL,
            Symbol.NIL);
    Window root = make(t, f, false);
    Window mini = make(t, f, true);
    // Their buffers do not exist yet: names stand for them until buffers are set.
    root.set(t.c, Window.BUFFER, LispString.of(t.c, "*scratch*"));
    mini.set(t.c, Window.BUFFER, LispString.of(t.c, " *Minibuf-0*"));
    root.set(t.c, Window.NEXT, mini);
    mini.set(t.c, Window.PREV, root);
    place(t, root, 0, 0, 80, 24);
    place(t, mini, 24, 0, 80, 1);
    root.set(t.c, Window.USE_TIME, 1L);
    f.set(t.c, Frame.ROOT, root);
    f.set(t.c, Frame.SELECTED, root);
    f.set(t.c, Frame.MINIBUFFER, mini);
    f.set(t.c, Frame.FACES, org.elver.lisp.collection.HashTable.of(t.c, Q.EQ, 65));
    f.set(t.c, Frame.PARAMETERS, t.list(t.cons(Symbol.known("minibuffer"), Symbol.T)));
    FRAME.setRawValue(t, f);
  }

  static Frame frame(Task t) {
    return (Frame) FRAME.rawValue(t);
  }

  static Frame frame(Task t, Object x) {
    if (x == Symbol.NIL) {
      return frame(t);
    }
    if (x instanceof Frame f) {
      return f;
    }
    throw LispSignal.wrongType(Q.FRAME_LIVE_P, x);
  }

  static Window make(Task t, Frame f, boolean mini) {
    long n = (Long) COUNT.rawValue(t) + 1;
    COUNT.setRawValue(t, n);
    Window w = new Window(t.c, n, mini);
    w.set(t.c, Window.FRAME, f);
    for (int i :
        new int[] {
          Window.TOP,
          Window.LEFT,
          Window.WIDTH,
          Window.HEIGHT,
          Window.NEW_PIXEL,
          Window.NEW_TOTAL,
          Window.NEW_NORMAL,
          Window.HSCROLL,
          Window.VSCROLL,
          Window.LEFT_MARGIN,
          Window.RIGHT_MARGIN,
          Window.USE_TIME
        }) {
      w.set(t.c, i, 0L);
    }
    w.set(t.c, Window.NORMAL_WIDTH, 1.0);
    w.set(t.c, Window.NORMAL_HEIGHT, 1.0);
    return w;
  }

  static void place(Task t, Window w, long top, long left, long width, long height) {
    w.set(t.c, Window.TOP, top);
    w.set(t.c, Window.LEFT, left);
    w.set(t.c, Window.WIDTH, width);
    w.set(t.c, Window.HEIGHT, height);
  }

  static Window selected(Task t) {
    return (Window) frame(t).get(t.c, Frame.SELECTED);
  }

  static Window mini(Task t) {
    return (Window) frame(t).get(t.c, Frame.MINIBUFFER);
  }

  static Window root(Task t) {
    return (Window) frame(t).get(t.c, Frame.ROOT);
  }

  static long tick(Task t) {
    long n = (Long) TICKS.rawValue(t) + 1;
    TICKS.setRawValue(t, n);
    return n;
  }

  static Window at(Task t, Window w, int slot) {
    return w.get(t.c, slot) instanceof Window x ? x : null;
  }

  static long number(Task t, Window w, int slot) {
    return w.get(t.c, slot) instanceof Long l ? l : 0;
  }

  static boolean isLeaf(Task t, Window w) {
    return w.get(t.c, Window.BUFFER) != Symbol.NIL;
  }

  static boolean isValid(Task t, Object x) {
    return x instanceof Window w && (isLeaf(t, w) || w.get(t.c, Window.CHILD) != Symbol.NIL);
  }

  /** A live window; nil means the selected one. */
  static Window live(Task t, Object x) {
    if (x == Symbol.NIL) {
      return selected(t);
    }
    if (x instanceof Window w && isLeaf(t, w)) {
      return w;
    }
    throw LispSignal.wrongType(Q.WINDOW_LIVE_P, x);
  }

  /** A window that is in a tree; nil means the selected one. */
  static Window valid(Task t, Object x) {
    if (x == Symbol.NIL) {
      return selected(t);
    }
    if (isValid(t, x)) {
      return (Window) x;
    }
    throw LispSignal.wrongType(WINDOW_VALID_P, x);
  }

  static Window any(Task t, Object x) {
    if (x == Symbol.NIL) {
      return selected(t);
    }
    if (x instanceof Window w) {
      return w;
    }
    throw LispSignal.wrongType(Q.WINDOWP, x);
  }

  /** The buffer it shows; nil for a combination. */
  static Object buffer(Task t, Window w) {
    Object b = w.get(t.c, Window.BUFFER);
    return b instanceof LispString name ? t.callNamed("get-buffer-create", name) : b;
  }

  /** The leaves under a window, in order. */
  static List<Window> leaves(Task t, Window w) {
    List<Window> out = new ArrayList<>();
    gather(t, w, out, false);
    return out;
  }

  static List<Window> all(Task t, Window w) {
    List<Window> out = new ArrayList<>();
    gather(t, w, out, true);
    return out;
  }

  private static void gather(Task t, Window w, List<Window> out, boolean combinations) {
    Window child = at(t, w, Window.CHILD);
    if (child == null || combinations) {
      out.add(w);
    }
    while (child != null) {
      gather(t, child, out, combinations);
      child = at(t, child, Window.NEXT);
    }
  }

  static List<Window> children(Task t, Window w) {
    List<Window> out = new ArrayList<>();
    for (Window c = at(t, w, Window.CHILD); c != null; c = at(t, c, Window.NEXT)) {
      out.add(c);
    }
    return out;
  }

  static boolean isHorizontal(Task t, Window w) {
    return Lisp.isTrue(w.get(t.c, Window.HORIZONTAL));
  }

  /** Links the children of a combination anew. */
  static void setChildren(Task t, Window parent, List<Window> children) {
    Window prev = null;
    for (Window c : children) {
      c.set(t.c, Window.PARENT, parent);
      c.set(t.c, Window.PREV, prev == null ? Symbol.NIL : prev);
      c.set(t.c, Window.NEXT, Symbol.NIL);
      if (prev != null) {
        prev.set(t.c, Window.NEXT, c);
      }
      prev = c;
    }
    parent.set(t.c, Window.CHILD, children.isEmpty() ? Symbol.NIL : children.get(0));
  }

  /** Puts {@code fresh} where {@code old} is in the tree, with its size. */
  static void replace(Task t, Window old, Window fresh) {
    Window parent = at(t, old, Window.PARENT);
    for (int i :
        new int[] {
          Window.TOP,
          Window.LEFT,
          Window.WIDTH,
          Window.HEIGHT,
          Window.NORMAL_WIDTH,
          Window.NORMAL_HEIGHT,
          Window.NEW_PIXEL,
          Window.NEW_NORMAL
        }) {
      fresh.set(t.c, i, old.get(t.c, i));
    }
    if (parent != null) {
      List<Window> all = children(t, parent);
      all.set(all.indexOf(old), fresh);
      setChildren(t, parent, all);
    } else {
      setRoot(t, fresh);
    }
  }

  static void setRoot(Task t, Window w) {
    Frame f = frame(t);
    Window mini = mini(t);
    w.set(t.c, Window.PARENT, Symbol.NIL);
    w.set(t.c, Window.PREV, Symbol.NIL);
    w.set(t.c, Window.NEXT, mini);
    mini.set(t.c, Window.PREV, w);
    f.set(t.c, Frame.ROOT, w);
  }

  // ---- Sizes ----------------------------------------------------------------------------------

  /** Whether the new sizes under a window fit together. */
  static boolean fits(Task t, Window w, boolean horizontal) {
    long size = number(t, w, Window.NEW_PIXEL);
    List<Window> children = children(t, w);
    if (children.isEmpty()) {
      return size >= (horizontal ? 2 : 1);
    }
    long sum = 0;
    for (Window c : children) {
      long s = number(t, c, Window.NEW_PIXEL);
      sum += s;
      if ((isHorizontal(t, w) != horizontal && s != size) || !fits(t, c, horizontal)) {
        return false;
      }
    }
    return isHorizontal(t, w) != horizontal || sum == size;
  }

  /** Makes the new sizes the sizes, and moves the windows to where they are then. */
  static void apply(Task t, Window w, boolean horizontal) {
    w.set(t.c, horizontal ? Window.WIDTH : Window.HEIGHT, w.get(t.c, Window.NEW_PIXEL));
    Object normal = w.get(t.c, Window.NEW_NORMAL);
    if (Lisp.isNumber(normal) && normal instanceof Double) {
      w.set(t.c, horizontal ? Window.NORMAL_WIDTH : Window.NORMAL_HEIGHT, normal);
    }
    int edgeSlot = horizontal ? Window.LEFT : Window.TOP;
    long edge = number(t, w, edgeSlot);
    for (Window c : children(t, w)) {
      c.set(t.c, edgeSlot, edge);
      apply(t, c, horizontal);
      if (isHorizontal(t, w) == horizontal) {
        edge += number(t, c, horizontal ? Window.WIDTH : Window.HEIGHT);
      }
    }
  }

  /** Gives windows the size of a frame that changed, in proportion. */
  static void resizeRoot(Task t, long columns, long lines) {
    Window root = root(t);
    Window mini = mini(t);
    long top = topMargin(t);
    scale(
        t,
        root,
        top,
        0,
        columns,
        lines - top + (top > 0 ? top : 0) - number(t, mini, Window.HEIGHT));
    place(
        t,
        mini,
        top + lines - number(t, mini, Window.HEIGHT),
        0,
        columns,
        number(t, mini, Window.HEIGHT));
  }

  private static void scale(Task t, Window w, long top, long left, long width, long height) {
    place(t, w, top, left, width, height);
    List<Window> children = children(t, w);
    boolean horizontal = isHorizontal(t, w);
    long rest = horizontal ? width : height;
    for (int i = 0; i < children.size(); i++) {
      Window c = children.get(i);
      double normal =
          c.get(t.c, horizontal ? Window.NORMAL_WIDTH : Window.NORMAL_HEIGHT) instanceof Double d
              ? d
              : 1.0 / children.size();
      long size =
          i == children.size() - 1
              ? rest
              : Math.max(1, Math.round(normal * (horizontal ? width : height)));
      rest -= size;
      scale(t, c, top, left, horizontal ? size : width, horizontal ? height : size);
      if (horizontal) {
        left += size;
      } else {
        top += size;
      }
    }
  }

  static long topMargin(Task t) {
    return 1;
  }

  /** A vector of these. */
  static Vector vector(Task t, List<Object> items) {
    return new Vector(t.c, items.toArray());
  }
}
