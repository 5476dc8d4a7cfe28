package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Vector;
import org.elver.lisp.display.Frame;
import org.elver.lisp.display.Window;
import org.elver.lisp.display.WindowConfiguration;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Saving the windows of a frame, and bringing them back. */
final class WindowConfigurations {
  private static final Symbol WINDOW_CONFIGURATION_P = Symbol.known("window-configuration-p");
  private static final Symbol SCROLL_WINDOW = Symbol.known("minibuffer-scroll-window");

  private WindowConfigurations() {}

  private static WindowConfiguration check(Object x) {
    if (x instanceof WindowConfiguration c) {
      return c;
    }
    throw LispSignal.wrongType(WINDOW_CONFIGURATION_P, x);
  }

  @Primitive(
      value = "window-configuration-p",
      doc = "Return t if OBJECT is a window configuration.")
  static boolean isConfiguration(Task t, Object object) {
    return object instanceof WindowConfiguration;
  }

  @Primitive(
      value = "window-configuration-frame",
      doc = "Return the frame that the window configuration CONFIG is for.")
  static Object frameOf(Task t, Object config) {
    return check(config).get(t.c, WindowConfiguration.FRAME);
  }

  @Primitive(
      value = "current-window-configuration",
      min = 0,
      doc = "Return the windows of FRAME as they are now, for `set-window-configuration'.")
  static Object current(Task t, Object frame) {
    Frame f = WindowTree.frame(t, frame);
    List<Object> saved = new ArrayList<>();
    List<Window> windows = WindowTree.all(t, WindowTree.root(t));
    windows.add(WindowTree.mini(t));
    for (Window w : windows) {
      saved.add(w);
      Object[] slots = new Object[w.length(t.c)];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = w.get(t.c, i);
      }
      if (WindowTree.isLeaf(t, w)) {
        slots[Window.BUFFER] = WindowTree.buffer(t, w);
        Object point = t.callNamed("make-marker");
        t.callNamed("set-marker", point, WindowBuffers.point(t, w), slots[Window.BUFFER]);
        slots[Window.POINT] = point;
        if (slots[Window.START] != Symbol.NIL) {
          slots[Window.START] = t.callNamed("copy-marker", slots[Window.START]);
        }
      }
      saved.add(new Vector(t.c, slots));
    }
    return new WindowConfiguration(
        t.c,
        f,
        WindowTree.selected(t),
        t.currentBuffer,
        WindowTree.root(t),
        WindowTree.vector(t, saved),
        Variables.orNil(t, SCROLL_WINDOW));
  }

  @Primitive(
      value = "set-window-configuration",
      min = 1,
      doc =
          "Make the windows be as CONFIGURATION says.  The point of the current buffer stays.\n"
              + "DONT-SET-FRAME: do not select its frame.  DONT-SET-MINIWINDOW: leave the"
              + " minibuffer.")
  static Object restore(
      Task t, Object configuration, Object dontSetFrame, Object dontSetMiniwindow) {
    WindowConfiguration config = check(configuration);
    Object current = config.get(t.c, WindowConfiguration.CURRENT);
    if (!Lisp.isTrue(t.callNamed("buffer-live-p", current))) {
      current = Symbol.NIL;
    }
    Object keptPoint = current == t.currentBuffer ? t.callNamed("point") : Symbol.NIL;
    Window selected = WindowTree.selected(t);
    // What is selected now keeps its point in its own marker.
    if (WindowTree.isLeaf(t, selected)) {
      WindowBuffers.setWindowStart(t, selected, WindowBuffers.windowStart(t, selected), Symbol.NIL);
    }
    Vector saved = (Vector) config.get(t.c, WindowConfiguration.WINDOWS);
    List<Window> before = WindowTree.all(t, WindowTree.root(t));
    List<Window> restored = new ArrayList<>();
    for (int i = 0; i < saved.length(t.c); i += 2) {
      Window w = (Window) saved.get(t.c, i);
      Vector slots = (Vector) saved.get(t.c, i + 1);
      restored.add(w);
      Object shown = w.get(t.c, Window.BUFFER);
      Object useTime = w.get(t.c, Window.USE_TIME);
      if (w.mini && Lisp.isTrue(dontSetMiniwindow)) {
        continue;
      }
      for (int k = 0; k < slots.length(t.c); k++) {
        w.set(t.c, k, slots.get(t.c, k));
      }
      w.set(t.c, Window.USE_TIME, useTime);
      Object buffer = slots.get(t.c, Window.BUFFER);
      if (!Lisp.isTrue(buffer)) {
        continue;
      }
      if (!Lisp.isTrue(t.callNamed("buffer-live-p", buffer))) {
        boolean live = shown != Symbol.NIL && Lisp.isTrue(t.callNamed("buffer-live-p", shown));
        w.set(t.c, Window.DEDICATED, Symbol.NIL);
        w.set(t.c, Window.POINT, Symbol.NIL);
        w.set(t.c, Window.START, Symbol.NIL);
        WindowBuffers.show(
            t,
            w,
            live ? shown : t.callNamed("get-buffer-create", ActiveMaps.string(t, "*scratch*")),
            true);
      } else {
        // The configuration may be used again: its markers stay its own.
        w.set(t.c, Window.POINT, t.callNamed("copy-marker", w.get(t.c, Window.POINT)));
        if (w.get(t.c, Window.START) != Symbol.NIL) {
          w.set(t.c, Window.START, t.callNamed("copy-marker", w.get(t.c, Window.START)));
        }
      }
    }
    List<Window> gone = new ArrayList<>(before);
    gone.removeAll(restored);
    WindowSizes.kill(t, gone);
    Frame f = WindowTree.frame(t);
    f.set(t.c, Frame.ROOT, config.get(t.c, WindowConfiguration.ROOT));
    Window select = (Window) config.get(t.c, WindowConfiguration.SELECTED);
    f.set(t.c, Frame.SELECTED, select);
    Variables.set(t, SCROLL_WINDOW, config.get(t.c, WindowConfiguration.SCROLL_WINDOW));
    WindowBuffers.enter(t, select);
    if (current != Symbol.NIL) {
      t.callNamed("set-buffer", current);
      if (keptPoint != Symbol.NIL) {
        t.callNamed("goto-char", keptPoint);
      }
    }
    WindowBuffers.configurationChanged(t);
    return Symbol.T;
  }

  @Primitive(
      value = "compare-window-configurations",
      doc = "Return t if the window configurations X and Y are the same but for scrolling.")
  static boolean same(Task t, Object x, Object y) {
    Vector a = (Vector) check(x).get(t.c, WindowConfiguration.WINDOWS);
    Vector b = (Vector) check(y).get(t.c, WindowConfiguration.WINDOWS);
    if (a.length(t.c) != b.length(t.c)
        || check(x).get(t.c, WindowConfiguration.SELECTED)
            != check(y).get(t.c, WindowConfiguration.SELECTED)) {
      return false;
    }
    int[] compared = {
      Window.PARENT,
      Window.NEXT,
      Window.BUFFER,
      Window.TOP,
      Window.LEFT,
      Window.WIDTH,
      Window.HEIGHT,
      Window.HSCROLL,
      Window.LEFT_MARGIN,
      Window.RIGHT_MARGIN,
      Window.DISPLAY_TABLE
    };
    for (int i = 0; i < a.length(t.c); i += 2) {
      if (a.get(t.c, i) != b.get(t.c, i)) {
        return false;
      }
      Vector p = (Vector) a.get(t.c, i + 1);
      Vector q = (Vector) b.get(t.c, i + 1);
      for (int k : compared) {
        if (!Lisp.eq(p.get(t.c, k), q.get(t.c, k))) {
          return false;
        }
      }
    }
    return true;
  }
}
