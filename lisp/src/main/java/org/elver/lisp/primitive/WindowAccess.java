package org.elver.lisp.primitive;

import org.elver.lisp.display.Window;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;

/** What windows are like: getting and setting their attributes. */
final class WindowAccess {
  private WindowAccess() {}

  @Primitive(value = "windowp", doc = "Return t if OBJECT is a window.")
  static boolean windowp(Task t, Object object) {
    return object instanceof Window;
  }

  @Primitive(
      value = "window-valid-p",
      doc = "Return t if OBJECT is a window that has not been deleted.")
  static boolean windowValidP(Task t, Object object) {
    return WindowTree.isValid(t, object);
  }

  @Primitive(value = "window-live-p", doc = "Return t if OBJECT is a window that shows a buffer.")
  static boolean windowLiveP(Task t, Object object) {
    return object instanceof Window w && WindowTree.isLeaf(t, w);
  }

  @Primitive(value = "window-frame", min = 0, doc = "Return the frame of WINDOW.")
  static Object windowFrame(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.FRAME);
  }

  @Primitive(value = "window-parent", min = 0, doc = "Return the parent of WINDOW, or nil.")
  static Object windowParent(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.PARENT);
  }

  @Primitive(
      value = "window-next-sibling",
      min = 0,
      doc = "Return the sibling after WINDOW, or nil.")
  static Object windowNextSibling(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.NEXT);
  }

  @Primitive(
      value = "window-prev-sibling",
      min = 0,
      doc = "Return the sibling before WINDOW, or nil.")
  static Object windowPrevSibling(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.PREV);
  }

  @Primitive(
      value = "window-top-child",
      min = 0,
      doc = "Return the first child of WINDOW if its children are one above the other, else nil.")
  static Object windowTopChild(Task t, Object window) {
    Window w = WindowTree.valid(t, window);
    return !WindowTree.isHorizontal(t, w) ? w.get(t.c, Window.CHILD) : Symbol.NIL;
  }

  @Primitive(
      value = "window-left-child",
      min = 0,
      doc = "Return the first child of WINDOW if its children are side by side, else nil.")
  static Object windowLeftChild(Task t, Object window) {
    Window w = WindowTree.valid(t, window);
    return WindowTree.isHorizontal(t, w) ? w.get(t.c, Window.CHILD) : Symbol.NIL;
  }

  @Primitive(value = "window-buffer", min = 0, doc = "Return the buffer that WINDOW shows, or nil.")
  static Object windowBuffer(Task t, Object window) {
    return WindowTree.buffer(t, WindowTree.any(t, window));
  }

  @Primitive(
      value = "window-minibuffer-p",
      min = 0,
      doc = "Return t if WINDOW is a minibuffer window.")
  static boolean windowMinibufferP(Task t, Object window) {
    return WindowTree.valid(t, window).mini;
  }

  @Primitive(
      value = "window-total-height",
      min = 0,
      doc = "Return the total height of WINDOW.  ROUND makes no difference here.")
  static Object windowTotalHeight(Task t, Object window, Object round) {
    return WindowTree.valid(t, window).get(t.c, Window.HEIGHT);
  }

  @Primitive(
      value = "window-total-width",
      min = 0,
      doc = "Return the total width of WINDOW.  ROUND makes no difference here.")
  static Object windowTotalWidth(Task t, Object window, Object round) {
    return WindowTree.valid(t, window).get(t.c, Window.WIDTH);
  }

  @Primitive(value = "window-pixel-height", min = 0, doc = "Return the pixel height of WINDOW.")
  static Object windowPixelHeight(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.HEIGHT);
  }

  @Primitive(value = "window-pixel-width", min = 0, doc = "Return the pixel width of WINDOW.")
  static Object windowPixelWidth(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.WIDTH);
  }

  @Primitive(value = "window-pixel-top", min = 0, doc = "Return the pixel top of WINDOW.")
  static Object windowPixelTop(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.TOP);
  }

  @Primitive(value = "window-pixel-left", min = 0, doc = "Return the pixel left of WINDOW.")
  static Object windowPixelLeft(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.LEFT);
  }

  @Primitive(value = "window-top-line", min = 0, doc = "Return the top line of WINDOW.")
  static Object windowTopLine(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.TOP);
  }

  @Primitive(value = "window-left-column", min = 0, doc = "Return the left column of WINDOW.")
  static Object windowLeftColumn(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.LEFT);
  }

  @Primitive(value = "window-new-pixel", min = 0, doc = "Return the new pixel of WINDOW.")
  static Object windowNewPixel(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.NEW_PIXEL);
  }

  @Primitive(value = "window-new-total", min = 0, doc = "Return the new total of WINDOW.")
  static Object windowNewTotal(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.NEW_TOTAL);
  }

  @Primitive(value = "window-new-normal", min = 0, doc = "Return the new normal of WINDOW.")
  static Object windowNewNormal(Task t, Object window) {
    return WindowTree.valid(t, window).get(t.c, Window.NEW_NORMAL);
  }

  @Primitive(
      value = "window-normal-size",
      min = 0,
      doc = "Return WINDOW's height, or width if HORIZONTAL, as part of its parent's.")
  static Object windowNormalSize(Task t, Object window, Object horizontal) {
    return WindowTree.valid(t, window)
        .get(t.c, Lisp.isTrue(horizontal) ? Window.NORMAL_WIDTH : Window.NORMAL_HEIGHT);
  }

  @Primitive(
      value = "window-body-height",
      min = 0,
      doc = "Return the number of lines of text that fit in WINDOW.")
  static long windowBodyHeight(Task t, Object window, Object pixelwise) {
    return WindowSizes.bodyHeight(t, WindowTree.live(t, window));
  }

  @Primitive(
      value = "window-text-height",
      min = 0,
      doc = "Return the number of lines of text that fit in WINDOW.")
  static long windowTextHeight(Task t, Object window, Object pixelwise) {
    return WindowSizes.bodyHeight(t, WindowTree.live(t, window));
  }

  @Primitive(
      value = "window-body-width",
      min = 0,
      doc = "Return the number of columns of text that fit in WINDOW.")
  static long windowBodyWidth(Task t, Object window, Object pixelwise) {
    return WindowSizes.bodyWidth(t, WindowTree.live(t, window));
  }

  @Primitive(
      value = "window-text-width",
      min = 0,
      doc = "Return the number of columns of text that fit in WINDOW.")
  static long windowTextWidth(Task t, Object window, Object pixelwise) {
    return WindowSizes.bodyWidth(t, WindowTree.live(t, window));
  }

  @Primitive(
      value = "window-mode-line-height",
      min = 0,
      doc = "Return the height of the mode line of WINDOW.")
  static Object windowModeLineHeight(Task t, Object window) {
    return WindowTree.live(t, window).mini ? 0L : 1L;
  }

  @Primitive(
      value = "window-header-line-height",
      min = 0,
      doc = "Return the header line height of WINDOW: there is none.")
  static Object windowHeaderLineHeight(Task t, Object window) {
    WindowTree.live(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-tab-line-height",
      min = 0,
      doc = "Return the tab line height of WINDOW: there is none.")
  static Object windowTabLineHeight(Task t, Object window) {
    WindowTree.live(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-bottom-divider-width",
      min = 0,
      doc = "Return the bottom divider width of WINDOW: there is none.")
  static Object windowBottomDividerWidth(Task t, Object window) {
    WindowTree.live(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-right-divider-width",
      min = 0,
      doc = "Return the right divider width of WINDOW: there is none.")
  static Object windowRightDividerWidth(Task t, Object window) {
    WindowTree.live(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-scroll-bar-height",
      min = 0,
      doc = "Return the scroll bar height of WINDOW: there is none.")
  static Object windowScrollBarHeight(Task t, Object window) {
    WindowTree.live(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-scroll-bar-width",
      min = 0,
      doc = "Return the scroll bar width of WINDOW: there is none.")
  static Object windowScrollBarWidth(Task t, Object window) {
    WindowTree.live(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-old-pixel-height",
      min = 0,
      doc = "Return the old pixel height of WINDOW, as it was last displayed: never.")
  static Object windowOldPixelHeight(Task t, Object window) {
    WindowTree.valid(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-old-pixel-width",
      min = 0,
      doc = "Return the old pixel width of WINDOW, as it was last displayed: never.")
  static Object windowOldPixelWidth(Task t, Object window) {
    WindowTree.valid(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-old-body-pixel-height",
      min = 0,
      doc = "Return the old body pixel height of WINDOW, as it was last displayed: never.")
  static Object windowOldBodyPixelHeight(Task t, Object window) {
    WindowTree.valid(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-old-body-pixel-width",
      min = 0,
      doc = "Return the old body pixel width of WINDOW, as it was last displayed: never.")
  static Object windowOldBodyPixelWidth(Task t, Object window) {
    WindowTree.valid(t, window);
    return 0L;
  }

  @Primitive(
      value = "window-old-buffer",
      min = 0,
      doc = "Return the buffer WINDOW showed when last displayed: never.")
  static Object windowOldBuffer(Task t, Object window) {
    WindowTree.live(t, window);
    return Symbol.NIL;
  }

  @Primitive(
      value = "window-old-point",
      min = 0,
      doc = "Return the point of WINDOW when last displayed.")
  static Object windowOldPoint(Task t, Object window) {
    WindowTree.live(t, window);
    return 1L;
  }

  @Primitive(
      value = "window-line-height",
      min = 0,
      doc = "Return the height of a line on display: nothing is.")
  static Object windowLineHeight(Task t, Object line, Object window) {
    WindowTree.live(t, window);
    return Symbol.NIL;
  }

  @Primitive(value = "window-hscroll", min = 0, doc = "Return how many columns WINDOW is scrolled.")
  static Object windowHscroll(Task t, Object window) {
    return WindowTree.live(t, window).get(t.c, Window.HSCROLL);
  }

  @Primitive(
      value = "set-window-hscroll",
      doc = "Scroll WINDOW by NCOL columns from the left margin.")
  static Object setWindowHscroll(Task t, Object window, Object ncol) {
    long n = Math.max(0, Lisp.fixnum(ncol));
    WindowTree.live(t, window).set(t.c, Window.HSCROLL, n);
    return n;
  }

  @Primitive(
      value = "scroll-left",
      min = 0,
      interactive = "^P\\np",
      doc = "Scroll the selected window ARG columns to the left.")
  static Object scrollLeft(Task t, Object arg, Object setminimum) {
    Window w = WindowTree.selected(t);
    long n = Lisp.isTrue(arg) ? WindowSizes.prefix(t, arg) : WindowSizes.bodyWidth(t, w) - 2;
    return setWindowHscroll(t, w, WindowTree.number(t, w, Window.HSCROLL) + n);
  }

  @Primitive(
      value = "scroll-right",
      min = 0,
      interactive = "^P\\np",
      doc = "Scroll the selected window ARG columns to the right.")
  static Object scrollRight(Task t, Object arg, Object setminimum) {
    Window w = WindowTree.selected(t);
    long n = Lisp.isTrue(arg) ? WindowSizes.prefix(t, arg) : WindowSizes.bodyWidth(t, w) - 2;
    return setWindowHscroll(t, w, WindowTree.number(t, w, Window.HSCROLL) - n);
  }

  @Primitive(
      value = "window-vscroll",
      min = 0,
      doc = "Return how far WINDOW is scrolled vertically within a line.")
  static Object windowVscroll(Task t, Object window, Object pixelsp) {
    WindowTree.live(t, window);
    return 0L;
  }

  @Primitive(
      value = "set-window-vscroll",
      min = 2,
      doc = "Scroll WINDOW within a line: does nothing on text terminals.")
  static Object setWindowVscroll(Task t, Object window, Object vscroll, Object pixelsp) {
    WindowTree.live(t, window);
    if (!Lisp.isNumber(vscroll)) {
      throw org.elver.lisp.object.LispSignal.wrongType(org.elver.lisp.object.Q.NUMBERP, vscroll);
    }
    return 0L;
  }

  @Primitive(
      value = "window-dedicated-p",
      min = 0,
      doc = "Return whether it is dedicated to its buffer, of WINDOW.")
  static Object windowDedicatedP(Task t, Object window) {
    return WindowTree.live(t, window).get(t.c, Window.DEDICATED);
  }

  @Primitive(
      value = "set-window-dedicated-p",
      doc = "Set whether it is dedicated to its buffer, of WINDOW to FLAG.")
  static Object setWindowDedicatedP(Task t, Object window, Object flag) {
    WindowTree.live(t, window).set(t.c, Window.DEDICATED, flag);
    return flag;
  }

  @Primitive(value = "window-display-table", min = 0, doc = "Return the display table of WINDOW.")
  static Object windowDisplayTable(Task t, Object window) {
    return WindowTree.live(t, window).get(t.c, Window.DISPLAY_TABLE);
  }

  @Primitive(value = "set-window-display-table", doc = "Set the display table of WINDOW to TABLE.")
  static Object setWindowDisplayTable(Task t, Object window, Object table) {
    WindowTree.live(t, window).set(t.c, Window.DISPLAY_TABLE, table);
    return table;
  }

  @Primitive(
      value = "window-redisplay-end-trigger",
      min = 0,
      doc = "Return the end trigger of WINDOW.")
  static Object windowRedisplayEndTrigger(Task t, Object window) {
    return WindowTree.live(t, window).get(t.c, Window.END_TRIGGER);
  }

  @Primitive(
      value = "set-window-redisplay-end-trigger",
      doc = "Set the end trigger of WINDOW to VALUE.")
  static Object setWindowRedisplayEndTrigger(Task t, Object window, Object value) {
    WindowTree.live(t, window).set(t.c, Window.END_TRIGGER, value);
    return value;
  }

  @Primitive(
      value = "window-next-buffers",
      min = 0,
      doc = "Return the list of buffers shown next of WINDOW.")
  static Object windowNextBuffers(Task t, Object window) {
    return WindowTree.live(t, window).get(t.c, Window.NEXT_BUFFERS);
  }

  @Primitive(
      value = "set-window-next-buffers",
      doc = "Set the list of buffers shown next of WINDOW to BUFFERS.")
  static Object setWindowNextBuffers(Task t, Object window, Object buffers) {
    WindowTree.live(t, window).set(t.c, Window.NEXT_BUFFERS, buffers);
    return buffers;
  }

  @Primitive(
      value = "window-prev-buffers",
      min = 0,
      doc = "Return the list of buffers shown before of WINDOW.")
  static Object windowPrevBuffers(Task t, Object window) {
    return WindowTree.live(t, window).get(t.c, Window.PREV_BUFFERS);
  }

  @Primitive(
      value = "set-window-prev-buffers",
      doc = "Set the list of buffers shown before of WINDOW to BUFFERS.")
  static Object setWindowPrevBuffers(Task t, Object window, Object buffers) {
    WindowTree.live(t, window).set(t.c, Window.PREV_BUFFERS, buffers);
    return buffers;
  }

  @Primitive(
      value = "window-use-time",
      min = 0,
      doc = "Return when WINDOW was last selected, as a count.")
  static Object windowUseTime(Task t, Object window) {
    return WindowTree.live(t, window).get(t.c, Window.USE_TIME);
  }

  @Primitive(
      value = "window-bump-use-time",
      min = 0,
      doc = "Mark WINDOW as the one used most recently after the selected one.")
  static Object windowBumpUseTime(Task t, Object window) {
    Window w = WindowTree.live(t, window);
    if (w == WindowTree.selected(t)) {
      return Symbol.NIL;
    }
    long n = WindowTree.tick(t);
    WindowTree.selected(t).set(t.c, Window.USE_TIME, n);
    w.set(t.c, Window.USE_TIME, n - 1);
    return n - 1;
  }

  @Primitive(
      value = "window-combination-limit",
      doc = "Return the combination limit of WINDOW, an internal window.")
  static Object windowCombinationLimit(Task t, Object window) {
    Window w = validOne(t, window);
    if (w.get(t.c, Window.CHILD) == Symbol.NIL) {
      throw org.elver.lisp.object.LispSignal.error(
          "Combination limit is meaningful for internal windows only");
    }
    return w.get(t.c, Window.LIMIT);
  }

  @Primitive(
      value = "set-window-combination-limit",
      doc = "Set the combination limit of WINDOW, an internal window, to LIMIT.")
  static Object setWindowCombinationLimit(Task t, Object window, Object limit) {
    Window w = validOne(t, window);
    if (w.get(t.c, Window.CHILD) == Symbol.NIL) {
      throw org.elver.lisp.object.LispSignal.error(
          "Combination limit is meaningful for internal windows only");
    }
    w.set(t.c, Window.LIMIT, limit);
    return limit;
  }

  private static Window validOne(Task t, Object x) {
    if (x == Symbol.NIL) {
      throw org.elver.lisp.object.LispSignal.wrongType(WindowTree.WINDOW_VALID_P, x);
    }
    return WindowTree.valid(t, x);
  }

  @Primitive(
      value = "window-parameters",
      min = 0,
      doc = "Return an alist of the parameters of WINDOW.")
  static Object windowParameters(Task t, Object window) {
    return t.callNamed("copy-alist", WindowTree.valid(t, window).get(t.c, Window.PARAMETERS));
  }

  @Primitive(value = "window-parameter", doc = "Return the value of parameter PARAMETER of WINDOW.")
  static Object windowParameter(Task t, Object window, Object parameter) {
    return Frames.assq(t, parameter, WindowTree.any(t, window).get(t.c, Window.PARAMETERS));
  }

  @Primitive(value = "set-window-parameter", doc = "Set parameter PARAMETER of WINDOW to VALUE.")
  static Object setWindowParameter(Task t, Object window, Object parameter, Object value) {
    Window w = WindowTree.any(t, window);
    w.set(t.c, Window.PARAMETERS, Frames.put(t, parameter, value, w.get(t.c, Window.PARAMETERS)));
    return value;
  }

  @Primitive(
      value = "window-margins",
      min = 0,
      doc = "Return the widths of the margins of WINDOW, (LEFT . RIGHT), nil for 0.")
  static Object windowMargins(Task t, Object window) {
    Window w = WindowTree.live(t, window);
    return t.cons(margin(t, w, Window.LEFT_MARGIN), margin(t, w, Window.RIGHT_MARGIN));
  }

  private static Object margin(Task t, Window w, int slot) {
    long n = WindowTree.number(t, w, slot);
    return n == 0 ? Symbol.NIL : (Object) n;
  }

  /** Sets the margins; returns whether they changed. */
  static boolean setMargins(Task t, Window w, Object left, Object right) {
    long l = Lisp.isTrue(left) ? Lisp.natnum(left) : 0;
    long r = Lisp.isTrue(right) ? Lisp.natnum(right) : 0;
    if (l == WindowTree.number(t, w, Window.LEFT_MARGIN)
        && r == WindowTree.number(t, w, Window.RIGHT_MARGIN)) {
      return false;
    }
    w.set(t.c, Window.LEFT_MARGIN, l);
    w.set(t.c, Window.RIGHT_MARGIN, r);
    return true;
  }

  @Primitive(
      value = "set-window-margins",
      min = 2,
      doc =
          "Set the widths of the margins of WINDOW; nil means none.\n"
              + "Return t if anything changed.")
  static boolean setWindowMargins(Task t, Object window, Object leftWidth, Object rightWidth) {
    return setMargins(t, WindowTree.live(t, window), leftWidth, rightWidth);
  }

  @Primitive(
      value = "set-window-fringes",
      min = 2,
      doc = "Set the fringes of WINDOW: text terminals have none.")
  static Object setWindowFringes(
      Task t,
      Object window,
      Object leftWidth,
      Object rightWidth,
      Object outsideMargins,
      Object persistent) {
    WindowTree.live(t, window);
    return Symbol.NIL;
  }

  @Primitive(
      value = "window-fringes",
      min = 0,
      doc = "Return the fringes of WINDOW: text terminals have none.")
  static Object windowFringes(Task t, Object window) {
    WindowTree.live(t, window);
    return t.list(0L, 0L, Symbol.NIL, Symbol.NIL);
  }

  @Primitive(
      value = "set-window-scroll-bars",
      min = 1,
      doc = "Set the scroll bars of WINDOW: text terminals have none.")
  static Object setWindowScrollBars(
      Task t,
      Object window,
      Object width,
      Object verticalType,
      Object height,
      Object horizontalType,
      Object persistent) {
    WindowTree.live(t, window);
    return Symbol.NIL;
  }

  @Primitive(
      value = "window-scroll-bars",
      min = 0,
      doc = "Return the scroll bars of WINDOW: text terminals have none.")
  static Object windowScrollBars(Task t, Object window) {
    WindowTree.live(t, window);
    return t.list(Symbol.NIL, 0L, Symbol.T, Symbol.NIL, 0L, Symbol.T, Symbol.NIL);
  }

  @Primitive(
      value = "set-window-new-normal",
      min = 1,
      doc = "Set the new normal size of WINDOW to SIZE.")
  static Object setWindowNewNormal(Task t, Object window, Object size) {
    WindowTree.valid(t, window).set(t.c, Window.NEW_NORMAL, size);
    return size;
  }

  @Primitive(
      value = "set-window-new-pixel",
      min = 2,
      doc = "Set the new size of WINDOW to SIZE; ADD non-nil: add SIZE to it.")
  static Object setWindowNewPixel(Task t, Object window, Object size, Object add) {
    Window w = WindowTree.valid(t, window);
    long n = Lisp.fixnum(size) + (Lisp.isTrue(add) ? WindowTree.number(t, w, Window.NEW_PIXEL) : 0);
    w.set(t.c, Window.NEW_PIXEL, n);
    return n;
  }

  @Primitive(
      value = "set-window-new-total",
      min = 2,
      doc = "Set the new size of WINDOW to SIZE; ADD non-nil: add SIZE to it.")
  static Object setWindowNewTotal(Task t, Object window, Object size, Object add) {
    Window w = WindowTree.valid(t, window);
    long n = Lisp.fixnum(size) + (Lisp.isTrue(add) ? WindowTree.number(t, w, Window.NEW_TOTAL) : 0);
    w.set(t.c, Window.NEW_TOTAL, n);
    return n;
  }
}
