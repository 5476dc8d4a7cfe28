package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.display.Frame;
import org.elver.lisp.display.Window;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Selecting windows, what they show, and where. */
final class WindowBuffers {
  private static final Symbol LAMBDA = Q.LAMBDA;
  private static final Symbol SCROLL_FUNCTIONS = Symbol.known("window-scroll-functions");
  private static final Symbol CONFIGURATION_HOOK = Symbol.known("window-configuration-change-hook");
  private static final Symbol LEFT_MARGIN = Symbol.known("left-margin-width");
  private static final Symbol RIGHT_MARGIN = Symbol.known("right-margin-width");
  private static final Symbol VISIBLE = Symbol.known("visible");

  private WindowBuffers() {}

  // ---- Buffers and points
  // -------------------------------------------------------------------------

  /** Runs {@code body} with a buffer current. */
  static Object in(Task t, Object buffer, Task.Body body) {
    HeapObject old = t.currentBuffer;
    if (old == buffer) {
      return body.run();
    }
    t.callNamed("set-buffer", buffer);
    try {
      return body.run();
    } finally {
      if (Lisp.isTrue(t.callNamed("buffer-live-p", old))) {
        t.callNamed("set-buffer", old);
      }
    }
  }

  static Object pointIn(Task t, Object buffer) {
    return in(t, buffer, () -> t.callNamed("point"));
  }

  /** Sets one of the window's markers to a position of its buffer. */
  private static void mark(Task t, Window w, int slot, Object position) {
    Object m = w.get(t.c, slot);
    if (m == Symbol.NIL) {
      m = t.callNamed("make-marker");
      w.set(t.c, slot, m);
    }
    t.callNamed("set-marker", m, position, WindowTree.buffer(t, w));
  }

  private static long marked(Task t, Window w, int slot) {
    Object m = w.get(t.c, slot);
    Object pos = m == Symbol.NIL ? Symbol.NIL : t.callNamed("marker-position", m);
    if (!(pos instanceof Long l)) {
      return 1;
    }
    return (Long)
        in(
            t,
            WindowTree.buffer(t, w),
            () ->
                Math.clamp(
                    l,
                    (long) (Long) t.callNamed("point-min"),
                    (long) (Long) t.callNamed("point-max")));
  }

  static long point(Task t, Window w) {
    return w == WindowTree.selected(t)
        ? (Long) pointIn(t, WindowTree.buffer(t, w))
        : marked(t, w, Window.POINT);
  }

  /** Shows a buffer in a window. */
  static void show(Task t, Window w, Object buffer, boolean keepMargins) {
    w.set(t.c, Window.BUFFER, buffer);
    w.set(t.c, Window.HSCROLL, 0L);
    mark(t, w, Window.POINT, pointIn(t, buffer));
    mark(t, w, Window.START, 1L);
    if (!keepMargins) {
      in(
          t,
          buffer,
          () -> {
            WindowAccess.setMargins(
                t, w, integerOrNil(t, LEFT_MARGIN), integerOrNil(t, RIGHT_MARGIN));
            return Symbol.NIL;
          });
    }
  }

  private static Object integerOrNil(Task t, Symbol s) {
    return Variables.orNil(t, s) instanceof Long l && l >= 0 ? (Object) l : Symbol.NIL;
  }

  /** Makes the buffer of the selected window current, with the window's point. */
  static void enter(Task t, Window w) {
    Object b = WindowTree.buffer(t, w);
    long pos = marked(t, w, Window.POINT);
    t.callNamed("set-buffer", b);
    if (w.get(t.c, Window.POINT) != Symbol.NIL) {
      t.callNamed("goto-char", pos);
    }
  }

  @Primitive(value = "selected-window", doc = "Return the selected window.")
  static Object selectedWindow(Task t) {
    return WindowTree.selected(t);
  }

  @Primitive(
      value = "old-selected-window",
      doc = "Return the window that was selected at the last redisplay.")
  static Object oldSelectedWindow(Task t) {
    return WindowTree.selected(t);
  }

  @Primitive(
      value = "select-window",
      min = 1,
      doc =
          "Select WINDOW and make its buffer current.  Return WINDOW.\n"
              + "NORECORD non-nil: do not count it as used.")
  static Object selectWindow(Task t, Object window, Object norecord) {
    if (!(window instanceof Window w) || !WindowTree.isLeaf(t, w)) {
      throw LispSignal.wrongType(Q.WINDOW_LIVE_P, window);
    }
    if (norecord == Symbol.NIL) {
      w.set(t.c, Window.USE_TIME, WindowTree.tick(t));
    }
    Window old = WindowTree.selected(t);
    if (w != old) {
      mark(t, old, Window.POINT, pointIn(t, WindowTree.buffer(t, old)));
      WindowTree.frame(t).set(t.c, Frame.SELECTED, w);
      enter(t, w);
    }
    if (norecord == Symbol.NIL) {
      record(t, WindowTree.buffer(t, w));
    }
    return w;
  }

  private static void record(Task t, Object buffer) {
    if (t.vm().subr("bury-buffer-internal") != null && t.vm().subr("record-buffer") != null) {
      t.callNamed("record-buffer", buffer);
    }
    Variables.orNil(t, Symbol.known("buffer-list-update-hook"));
    t.callNamed("run-hooks", Symbol.known("buffer-list-update-hook"));
  }

  @Primitive(
      value = "set-window-buffer",
      min = 2,
      doc = "Make WINDOW show BUFFER-OR-NAME.  KEEP-MARGINS non-nil: leave its margins alone.")
  static Object setWindowBuffer(Task t, Object window, Object bufferOrName, Object keepMargins) {
    Window w = WindowTree.live(t, window);
    Object buffer = t.callNamed("get-buffer", bufferOrName);
    if (!Lisp.isTrue(buffer)) {
      throw bufferOrName instanceof LispString s
          ? LispSignal.error("No such buffer: " + s.toJava(t.c))
          : LispSignal.wrongType(Q.BUFFERP, bufferOrName);
    }
    if (!Lisp.isTrue(t.callNamed("buffer-name", buffer))) {
      throw LispSignal.error("Attempt to display deleted buffer");
    }
    Object shown = WindowTree.buffer(t, w);
    if (Lisp.isTrue(shown) && shown != buffer) {
      if (w.get(t.c, Window.DEDICATED) == Symbol.T) {
        throw LispSignal.error(
            "Window is dedicated to ‘"
                + ((LispString) t.callNamed("buffer-name", shown)).toJava(t.c)
                + "’");
      }
      w.set(t.c, Window.DEDICATED, Symbol.NIL);
    }
    show(t, w, buffer, Lisp.isTrue(keepMargins));
    runScrollFunctions(t, w);
    configurationChanged(t);
    return Symbol.NIL;
  }

  static void configurationChanged(Task t) {
    if (Lisp.isTrue(Variables.orNil(t, CONFIGURATION_HOOK))
        && Lisp.isTrue(Variables.orNil(t, Symbol.known("run-hooks")))) {
      t.callNamed("run-hooks", CONFIGURATION_HOOK);
    }
  }

  private static void runScrollFunctions(Task t, Window w) {
    if (Lisp.isTrue(Variables.orNil(t, SCROLL_FUNCTIONS))) {
      t.callNamed("run-hook-with-args", SCROLL_FUNCTIONS, w, marked(t, w, Window.START));
    }
  }

  @Primitive(
      value = "run-window-configuration-change-hook",
      min = 0,
      doc = "Run `window-configuration-change-hook' for FRAME.")
  static Object runConfigurationHook(Task t, Object frame) {
    WindowTree.frame(t, frame);
    t.callNamed("run-hooks", CONFIGURATION_HOOK);
    return Symbol.NIL;
  }

  @Primitive(
      value = "run-window-scroll-functions",
      min = 0,
      doc = "Run `window-scroll-functions' for WINDOW.")
  static Object runScroll(Task t, Object window) {
    runScrollFunctions(t, WindowTree.live(t, window));
    return Symbol.NIL;
  }

  @Primitive(value = "window-point", min = 0, doc = "Return the value of point in WINDOW.")
  static long windowPoint(Task t, Object window) {
    return point(t, WindowTree.live(t, window));
  }

  @Primitive(value = "set-window-point", doc = "Set point in WINDOW to POS.  Return POS.")
  static Object setWindowPoint(Task t, Object window, Object pos) {
    Window w = WindowTree.live(t, window);
    if (w == WindowTree.selected(t)) {
      in(t, WindowTree.buffer(t, w), () -> t.callNamed("goto-char", pos));
    } else {
      mark(t, w, Window.POINT, pos);
    }
    return pos;
  }

  @Primitive(value = "window-start", min = 0, doc = "Return the position where WINDOW begins.")
  static long windowStart(Task t, Object window) {
    return marked(t, WindowTree.live(t, window), Window.START);
  }

  @Primitive(
      value = "set-window-start",
      min = 2,
      doc = "Make WINDOW begin at POS.  NOFORCE non-nil: as far as point stays visible.")
  static Object setWindowStart(Task t, Object window, Object pos, Object noforce) {
    mark(t, WindowTree.live(t, window), Window.START, pos);
    return pos;
  }

  @Primitive(
      value = "window-end",
      min = 0,
      doc = "Return the position where WINDOW ends.  UPDATE non-nil: computed anew.")
  static Object windowEnd(Task t, Object window, Object update) {
    Window w = WindowTree.live(t, window);
    return in(
        t,
        WindowTree.buffer(t, w),
        () -> {
          long start = marked(t, w, Window.START);
          t.callNamed("goto-char", t.callNamed("point"));
          return Lisp.isTrue(update)
              ? lineFrom(t, start, WindowSizes.bodyHeight(t, w))
              : t.callNamed("point-max");
        });
  }

  private static Object lineFrom(Task t, long start, long lines) {
    Object old = t.callNamed("point");
    t.callNamed("goto-char", start);
    t.callNamed("forward-line", lines);
    Object end = t.callNamed("point");
    t.callNamed("goto-char", old);
    return end;
  }

  // ---- Order of windows
  // -----------------------------------------------------------------------------

  private static Window liveOrSelected(Task t, Object x) {
    return WindowTree.live(t, x);
  }

  private static List<Window> candidates(Task t, Object minibuf) {
    List<Window> all = new ArrayList<>(WindowTree.leaves(t, WindowTree.root(t)));
    if (minibuf == Symbol.T || (minibuf != LAMBDA && (Long) t.callNamed("minibuffer-depth") > 0)) {
      all.add(WindowTree.mini(t));
    }
    return all;
  }

  private static Object neighbour(Task t, Object window, Object minibuf, int by) {
    Window w = liveOrSelected(t, window);
    List<Window> all = candidates(t, minibuf);
    int at = all.indexOf(w);
    if (at < 0) {
      return all.isEmpty() ? w : all.get(by > 0 ? 0 : all.size() - 1);
    }
    return all.get(Math.floorMod(at + by, all.size()));
  }

  @Primitive(
      value = "next-window",
      min = 0,
      doc =
          "Return the window after WINDOW.  MINIBUF: t counts the minibuffer always, nil if\n"
              + "it is active, others never.  ALL-FRAMES says which frames to consider.")
  static Object nextWindow(Task t, Object window, Object minibuf, Object allFrames) {
    return neighbour(t, window, minibuf, 1);
  }

  @Primitive(
      value = "previous-window",
      min = 0,
      doc = "Return the window before WINDOW; MINIBUF and ALL-FRAMES are as in `next-window'.")
  static Object previousWindow(Task t, Object window, Object minibuf, Object allFrames) {
    return neighbour(t, window, minibuf, -1);
  }

  private static Object listFrom(Task t, Window w, Object minibuf) {
    List<Window> all = candidates(t, minibuf);
    int at = Math.max(0, all.indexOf(w));
    List<Window> rotated = new ArrayList<>(all.subList(at, all.size()));
    rotated.addAll(all.subList(0, at));
    return Lisp.list(t.c, rotated);
  }

  @Primitive(
      value = "window-list",
      min = 0,
      doc = "Return a list of the windows of FRAME, from WINDOW on.  MINIBUF as in `next-window'.")
  static Object windowList(Task t, Object frame, Object minibuf, Object window) {
    if (frame != Symbol.NIL && !(frame instanceof Frame)) {
      throw LispSignal.error("Window is on a different frame");
    }
    return listFrom(t, liveOrSelected(t, window), minibuf);
  }

  @Primitive(
      value = "window-list-1",
      min = 0,
      doc = "Return a list of windows from WINDOW on; MINIBUF, ALL-FRAMES as in `next-window'.")
  static Object windowList1(Task t, Object window, Object minibuf, Object allFrames) {
    return listFrom(t, liveOrSelected(t, window), minibuf);
  }

  @Primitive(
      value = "get-buffer-window",
      min = 0,
      doc = "Return a window that shows BUFFER-OR-NAME, or nil, on the frames ALL-FRAMES means.")
  static Object getBufferWindow(Task t, Object bufferOrName, Object allFrames) {
    Object buffer =
        Lisp.isTrue(bufferOrName) ? t.callNamed("get-buffer", bufferOrName) : t.currentBuffer;
    if (!Lisp.isTrue(buffer)) {
      return Symbol.NIL;
    }
    Window selected = WindowTree.selected(t);
    if (WindowTree.buffer(t, selected) == buffer) {
      return selected;
    }
    Object minibuf = allFrames == VISIBLE || allFrames == Symbol.T ? Symbol.T : Symbol.NIL;
    for (Object w : Lisp.elements(t.c, listFrom(t, selected, minibuf))) {
      if (WindowTree.buffer(t, (Window) w) == buffer) {
        return w;
      }
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "window-at",
      min = 2,
      doc = "Return the window of FRAME at column X and line Y, or nil.")
  static Object windowAt(Task t, Object x, Object y, Object frame) {
    long col = Lisp.fixnum(x);
    long line = Lisp.fixnum(y);
    List<Window> all = WindowTree.leaves(t, WindowTree.root(t));
    all.add(WindowTree.mini(t));
    for (Window w : all) {
      if (contains(t, w, col, line)) {
        return w;
      }
    }
    return Symbol.NIL;
  }

  private static boolean contains(Task t, Window w, long col, long line) {
    long top = WindowTree.number(t, w, Window.TOP);
    long left = WindowTree.number(t, w, Window.LEFT);
    return line >= top
        && line < top + WindowTree.number(t, w, Window.HEIGHT)
        && col >= left
        && col < left + WindowTree.number(t, w, Window.WIDTH);
  }

  @Primitive(
      value = "coordinates-in-window-p",
      doc = "Return where COORDINATES, (X . Y), are in WINDOW: relative ones, a part, or nil.")
  static Object coordinatesIn(Task t, Object coordinates, Object window) {
    Window w = WindowTree.live(t, window);
    Pair p = Lisp.cons(coordinates);
    double x = number(p.first(t.c));
    double y = number(p.second(t.c));
    if (!contains(t, w, (long) Math.floor(x), (long) Math.floor(y))) {
      return Symbol.NIL;
    }
    long top = WindowTree.number(t, w, Window.TOP);
    if (!w.mini && (long) y == top + WindowTree.number(t, w, Window.HEIGHT) - 1) {
      return Symbol.known("mode-line");
    }
    return t.cons((long) x - WindowTree.number(t, w, Window.LEFT), (long) y - top);
  }

  private static double number(Object x) {
    if (x instanceof Number n) {
      return n.doubleValue();
    }
    throw LispSignal.wrongType(Q.NUMBERP, x);
  }

  // ---- Scrolling
  // ------------------------------------------------------------------------------------

  @Primitive(
      value = "pos-visible-in-window-p",
      min = 0,
      doc = "Return non-nil if position POS is visible in WINDOW: nothing is.")
  static Object posVisible(Task t, Object pos, Object window, Object partially) {
    WindowTree.live(t, window);
    return Symbol.NIL;
  }

  @Primitive(
      value = "recenter",
      min = 0,
      interactive = "P\np",
      doc = "Bring point to the middle of the selected window, or to line ARG.")
  static Object recenter(Task t, Object arg, Object redisplay) {
    Window w = WindowTree.selected(t);
    if (WindowTree.buffer(t, w) != t.currentBuffer) {
      throw LispSignal.error("`recenter'ing a window that does not display current-buffer.");
    }
    return Symbol.NIL;
  }

  private static Object scroll(Task t, Window w, Object arg, int direction) {
    long lines =
        Lisp.isTrue(arg)
            ? (arg == Symbol.known("-")
                ? -Math.max(1, WindowSizes.bodyHeight(t, w) - 2)
                : WindowSizes.prefix(t, arg))
            : Math.max(1, WindowSizes.bodyHeight(t, w) - 2);
    // More than any buffer has, and still a fixnum.
    long n = Math.clamp(lines * direction, -(1L << 60), 1L << 60);
    return in(
        t,
        WindowTree.buffer(t, w),
        () -> {
          Object old = t.callNamed("point");
          Object start = marked(t, w, Window.START);
          t.callNamed("goto-char", start);
          long left = (Long) t.callNamed("forward-line", n);
          Object at = t.callNamed("point");
          if (n > 0 && (left > 0 || at.equals(t.callNamed("point-max")))) {
            t.callNamed("goto-char", old);
            throw new LispSignal(Q.END_OF_BUFFER);
          }
          if (n < 0 && at.equals(start)) {
            t.callNamed("goto-char", old);
            throw new LispSignal(Q.BEGINNING_OF_BUFFER);
          }
          mark(t, w, Window.START, at);
          if (n > 0 && (Long) old < (Long) at) {
            return Symbol.NIL;
          }
          t.callNamed("goto-char", old);
          return Symbol.NIL;
        });
  }

  @Primitive(
      value = "scroll-up",
      min = 0,
      interactive = "^P",
      doc = "Scroll the text up by ARG lines, or nearly a windowful.")
  static Object scrollUp(Task t, Object arg) {
    return scroll(t, WindowTree.selected(t), arg, 1);
  }

  @Primitive(
      value = "scroll-down",
      min = 0,
      interactive = "^P",
      doc = "Scroll the text down by ARG lines, or nearly a windowful.")
  static Object scrollDown(Task t, Object arg) {
    return scroll(t, WindowTree.selected(t), arg, -1);
  }

  @Primitive(
      value = "other-window-for-scrolling",
      doc = "Return the window that `scroll-other-window' scrolls.")
  static Object otherWindowForScrolling(Task t) {
    Window w = (Window) neighbour(t, WindowTree.selected(t), Symbol.NIL, 1);
    if (w == WindowTree.selected(t)) {
      throw LispSignal.error("There is no other window");
    }
    return w;
  }

  @Primitive(
      value = "scroll-other-window",
      min = 0,
      interactive = "P",
      doc = "Scroll the next window up by ARG lines.")
  static Object scrollOther(Task t, Object arg) {
    return scroll(t, (Window) otherWindowForScrolling(t), arg, 1);
  }

  @Primitive(
      value = "scroll-other-window-down",
      min = 0,
      interactive = "P",
      doc = "Scroll the next window down by ARG lines.")
  static Object scrollOtherDown(Task t, Object arg) {
    return scroll(t, (Window) otherWindowForScrolling(t), arg, -1);
  }

  @Primitive(
      value = "move-to-window-line",
      interactive = "P",
      doc = "Move point to line ARG of the selected window, from its end if negative.")
  static Object moveToWindowLine(Task t, Object arg) {
    Window w = WindowTree.selected(t);
    long height = WindowSizes.bodyHeight(t, w);
    long line = Lisp.isTrue(arg) ? WindowSizes.prefix(t, arg) : height / 2;
    if (line < 0) {
      line = Math.max(0, height + line);
    }
    t.callNamed("goto-char", marked(t, w, Window.START));
    return line - (Long) t.callNamed("forward-line", Math.min(line, height - 1));
  }

  @Primitive(
      value = "window-lines-pixel-dimensions",
      min = 0,
      doc = "Return the sizes of the lines that WINDOW displays: none.")
  static Object linesPixelDimensions(
      Task t, Object window, Object first, Object last, Object body, Object inverse, Object left) {
    WindowTree.live(t, window);
    return Symbol.NIL;
  }

  @Primitive(
      value = "force-window-update",
      min = 0,
      doc = "Have OBJECT, a window or buffer, displayed anew.")
  static Object forceUpdate(Task t, Object object) {
    return object == Symbol.NIL
            || object instanceof Window
            || Lisp.isTrue(t.callNamed("get-buffer", object))
        ? Symbol.T
        : Symbol.NIL;
  }

  // ---- Frames' windows
  // ------------------------------------------------------------------------------

  @Primitive(
      value = "frame-root-window",
      min = 0,
      doc = "Return the root window of FRAME-OR-WINDOW's frame.")
  static Object frameRoot(Task t, Object frameOrWindow) {
    frameOf(t, frameOrWindow);
    return WindowTree.root(t);
  }

  private static Frame frameOf(Task t, Object x) {
    return x instanceof Window && WindowTree.isValid(t, x)
        ? WindowTree.frame(t)
        : WindowTree.frame(t, x);
  }

  @Primitive(
      value = "frame-first-window",
      min = 0,
      doc = "Return the top left window of FRAME-OR-WINDOW's frame.")
  static Object frameFirst(Task t, Object frameOrWindow) {
    frameOf(t, frameOrWindow);
    return WindowTree.leaves(t, WindowTree.root(t)).get(0);
  }

  @Primitive(
      value = "frame-selected-window",
      min = 0,
      doc = "Return the selected window of FRAME-OR-WINDOW's frame.")
  static Object frameSelected(Task t, Object frameOrWindow) {
    frameOf(t, frameOrWindow);
    return WindowTree.selected(t);
  }

  @Primitive(
      value = "frame-old-selected-window",
      min = 0,
      doc = "Return the window of FRAME that was selected when last displayed.")
  static Object frameOldSelected(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-frame-selected-window",
      min = 2,
      doc = "Make WINDOW the selected window of FRAME.  NORECORD as in `select-window'.")
  static Object setFrameSelected(Task t, Object frame, Object window, Object norecord) {
    WindowTree.frame(t, frame);
    return selectWindow(t, window, norecord);
  }

  @Primitive(value = "minibuffer-window", min = 0, doc = "Return the minibuffer window of FRAME.")
  static Object minibufferWindow(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return WindowTree.mini(t);
  }

  @Primitive(
      value = "minibuffer-selected-window",
      doc = "Return the window that was selected before the minibuffer was, or nil.")
  static Object minibufferSelected(Task t) {
    return Symbol.NIL;
  }
}
