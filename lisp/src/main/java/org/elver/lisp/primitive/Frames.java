package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.display.Frame;
import org.elver.lisp.display.Window;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Frames: there is one, of a text terminal without a screen. */
final class Frames {
  private Frames() {}

  static void variables(Task t) {
    WindowTree.start(t);
    Defvars.nil(
        t,
        "after-delete-frame-functions default-frame-alist default-frame-scroll-bars "
            + "default-minibuffer-frame delete-frame-functions focus-follows-mouse "
            + "frame-resize-pixelwise frame-size-history menu-bar-mode mouse-position-function "
            + "move-frame-functions resize-mini-frames tab-bar-mode tool-bar-mode "
            + "tooltip-reuse-hidden-frame");
    Defvars.t(
        t,
        "frame-inhibit-implied-resize make-pointer-invisible mouse-highlight "
            + "scroll-bar-adjust-thumb-portion");
    Defvars.symbols(t, "iconify-child-frame iconify-top-level");
    Vm.defvar(t, "terminal-frame", WindowTree.frame(t));
  }

  /** The value for a key in an alist; nil when it has none. */
  static Object assq(Task t, Object key, Object alist) {
    Object tail = alist;
    while (tail instanceof Pair p) {
      if (p.first(t.c) instanceof Pair q && Lisp.eq(q.first(t.c), key)) {
        return q.second(t.c);
      }
      tail = p.second(t.c);
    }
    return Symbol.NIL;
  }

  /** The alist with a value changed in it, or added in front. */
  static Object put(Task t, Object key, Object value, Object alist) {
    Object tail = alist;
    while (tail instanceof Pair p) {
      if (p.first(t.c) instanceof Pair q && Lisp.eq(q.first(t.c), key)) {
        q.setSecond(t.c, value);
        return alist;
      }
      tail = p.second(t.c);
    }
    return t.cons(t.cons(key, value), alist);
  }

  private static boolean has(Task t, Symbol key, Object alist) {
    Object tail = alist;
    while (tail instanceof Pair p) {
      if (p.first(t.c) instanceof Pair q && q.first(t.c) == key) {
        return true;
      }
      tail = p.second(t.c);
    }
    return false;
  }

  private static Symbol s(String name) {
    return Symbol.known(name);
  }

  private static Object string(Task t, String x) {
    return LispString.of(t.c, x);
  }

  private static Object parameters(Task t, Frame f) {
    Object all = t.callNamed("copy-alist", f.get(t.c, Frame.PARAMETERS));
    if (!has(t, s("foreground-color"), all)) {
      all = put(t, s("foreground-color"), string(t, "unspecified-fg"), all);
    }
    if (!has(t, s("background-color"), all)) {
      all = put(t, s("background-color"), string(t, "unspecified-bg"), all);
    }
    all = put(t, s("font"), string(t, "tty"), all);
    all = put(t, s("name"), f.get(t.c, Frame.NAME), all);
    all = put(t, s("height"), f.get(t.c, Frame.LINES), all);
    all = put(t, s("width"), f.get(t.c, Frame.COLUMNS), all);
    all = put(t, s("modeline"), Symbol.T, all);
    all = put(t, s("unsplittable"), Symbol.NIL, all);
    Object buffers = assq(t, s("buffer-list"), f.get(t.c, Frame.PARAMETERS));
    all =
        put(
            t,
            s("buffer-list"),
            Lisp.isTrue(buffers) ? buffers : t.list(WindowTree.buffer(t, WindowTree.selected(t))),
            all);
    all =
        put(
            t,
            s("buried-buffer-list"),
            assq(t, s("buried-buffer-list"), f.get(t.c, Frame.PARAMETERS)),
            all);
    all = put(t, s("menu-bar-lines"), 1L, all);
    return put(t, s("tab-bar-lines"), 0L, all);
  }

  @Primitive(
      value = "frame-parameters",
      min = 0,
      doc = "Return an alist of the parameters of FRAME.")
  static Object frameParameters(Task t, Object frame) {
    return parameters(t, WindowTree.frame(t, frame));
  }

  @Primitive(value = "frame-parameter", doc = "Return the value of parameter PARAMETER of FRAME.")
  static Object frameParameter(Task t, Object frame, Object parameter) {
    Frame f = WindowTree.frame(t, frame);
    return assq(t, Lisp.symbol(parameter), parameters(t, f));
  }

  @Primitive(
      value = "modify-frame-parameters",
      doc = "Set parameters of FRAME: ALIST has their names and values.")
  static Object modifyFrameParameters(Task t, Object frame, Object alist) {
    Frame f = WindowTree.frame(t, frame);
    for (Object entry : Lisp.elements(t.c, alist).reversed()) {
      Object key = Lisp.car(t.c, entry);
      Object value = Lisp.cdr(t.c, entry);
      if (key == s("name") && value instanceof LispString) {
        f.set(t.c, Frame.NAME, value);
      }
      if (key instanceof Symbol) {
        f.set(t.c, Frame.PARAMETERS, put(t, key, value, f.get(t.c, Frame.PARAMETERS)));
      }
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "framep",
      doc = "Return t if OBJECT is a frame (of a text terminal; other symbols for others).")
  static Object framep(Task t, Object object) {
    return Lisp.bool(object instanceof Frame);
  }

  @Primitive(
      value = "frame-live-p",
      doc = "Return non-nil if OBJECT is a frame that was not deleted.")
  static Object frameLiveP(Task t, Object object) {
    return Lisp.bool(object instanceof Frame);
  }

  @Primitive(
      value = "window-system",
      min = 0,
      doc = "Return the window system of FRAME: nil, a text terminal.")
  static Object windowSystem(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(value = "frame-list", doc = "Return a list of all frames.")
  static Object frameList(Task t) {
    return t.list(WindowTree.frame(t));
  }

  @Primitive(value = "visible-frame-list", doc = "Return a list of all visible frames.")
  static Object visibleFrameList(Task t) {
    return t.list(WindowTree.frame(t));
  }

  @Primitive(value = "selected-frame", doc = "Return the selected frame.")
  static Object selectedFrame(Task t) {
    return WindowTree.frame(t);
  }

  @Primitive(value = "old-selected-frame", doc = "Return the frame selected at the last redisplay.")
  static Object oldSelectedFrame(Task t) {
    return WindowTree.frame(t);
  }

  @Primitive(
      value = "last-nonminibuffer-frame",
      doc = "Return the frame last selected that has more than a minibuffer.")
  static Object lastNonminibufferFrame(Task t) {
    return WindowTree.frame(t);
  }

  @Primitive(
      value = "select-frame",
      min = 1,
      interactive = "e",
      doc = "Select FRAME.  NORECORD non-nil: do not count that.")
  static Object selectFrame(Task t, Object frame, Object norecord) {
    if (!(frame instanceof Frame)) {
      throw LispSignal.wrongType(Q.FRAME_LIVE_P, frame);
    }
    return frame;
  }

  @Primitive(
      value = "handle-switch-frame",
      interactive = "^e",
      doc = "Handle EVENT, a switch to another frame.")
  static Object handleSwitchFrame(Task t, Object event) {
    return WindowTree.frame(t);
  }

  @Primitive(
      value = "next-frame",
      min = 0,
      doc = "Return the frame after FRAME; MINIFRAME says which to consider.")
  static Object nextFrame(Task t, Object frame, Object miniframe) {
    WindowTree.frame(t, frame);
    return WindowTree.frame(t);
  }

  @Primitive(
      value = "previous-frame",
      min = 0,
      doc = "Return the frame before FRAME; MINIFRAME says which to consider.")
  static Object previousFrame(Task t, Object frame, Object miniframe) {
    WindowTree.frame(t, frame);
    return WindowTree.frame(t);
  }

  @Primitive(value = "frame-parent", min = 0, doc = "Return the parent of FRAME: none.")
  static Object frameParent(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(
      value = "frame-ancestor-p",
      doc = "Return non-nil if ANCESTOR is an ancestor of DESCENDANT.")
  static Object frameAncestorP(Task t, Object ancestor, Object descendant) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "frame-focus",
      min = 0,
      doc = "Return the frame that input to FRAME goes to, or nil.")
  static Object frameFocus(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(
      value = "redirect-frame-focus",
      min = 1,
      doc = "Have input to FRAME go to FOCUS-FRAME.")
  static Object redirectFrameFocus(Task t, Object frame, Object focusFrame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(value = "frame-visible-p", doc = "Return t if FRAME is visible.")
  static Object frameVisibleP(Task t, Object frame) {
    if (!(frame instanceof Frame)) {
      throw LispSignal.wrongType(Q.FRAME_LIVE_P, frame);
    }
    return Symbol.T;
  }

  @Primitive(value = "make-frame-visible", min = 0, interactive = "", doc = "Make FRAME visible.")
  static Object makeFrameVisible(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return WindowTree.frame(t);
  }

  @Primitive(value = "raise-frame", min = 0, interactive = "", doc = "Bring FRAME to the front.")
  static Object raiseFrame(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(value = "lower-frame", min = 0, interactive = "", doc = "Send FRAME to the back.")
  static Object lowerFrame(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(
      value = "iconify-frame",
      min = 0,
      interactive = "",
      doc = "Make FRAME an icon: does nothing on a text terminal.")
  static Object iconifyFrame(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(
      value = "make-frame-invisible",
      min = 0,
      interactive = "",
      doc = "Make FRAME invisible; not the only visible one, unless FORCE.")
  static Object makeFrameInvisible(Task t, Object frame, Object force) {
    WindowTree.frame(t, frame);
    if (!Lisp.isTrue(force)) {
      throw LispSignal.error("Attempt to make invisible the sole visible or iconified frame");
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "delete-frame",
      min = 0,
      interactive = "",
      doc = "Delete FRAME; not the only one.")
  static Object deleteFrame(Task t, Object frame, Object force) {
    WindowTree.frame(t, frame);
    throw LispSignal.error(
        Lisp.isTrue(force)
            ? "Attempt to delete the only frame"
            : "Attempt to delete the sole visible or iconified frame");
  }

  @Primitive(
      value = "make-terminal-frame",
      doc = "Make a frame on a text terminal, with the parameters PARMS: there is no terminal.")
  static Object makeTerminalFrame(Task t, Object parms) {
    throw LispSignal.error("Unknown terminal type");
  }

  @Primitive(
      value = "frame-after-make-frame",
      doc = "Say that FRAME was MADE: whether its windows may change.")
  static Object frameAfterMakeFrame(Task t, Object frame, Object made) {
    WindowTree.frame(t, frame);
    return made;
  }

  @Primitive(value = "frame--set-was-invisible", doc = "Say whether FRAME WAS-INVISIBLE.")
  static Object frameSetWasInvisible(Task t, Object frame, Object wasInvisible) {
    WindowTree.frame(t, frame);
    return wasInvisible;
  }

  @Primitive(
      value = "frame-window-state-change",
      min = 0,
      doc = "Return t if the state of a window of FRAME is said to have changed.")
  static Object frameWindowStateChange(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.CHANGED);
  }

  @Primitive(
      value = "set-frame-window-state-change",
      min = 0,
      doc = "Say that the state of a window of FRAME changed if ARG is non-nil.")
  static Object setFrameWindowStateChange(Task t, Object frame, Object arg) {
    Object x = Lisp.bool(Lisp.isTrue(arg));
    WindowTree.frame(t, frame).set(t.c, Frame.CHANGED, x);
    return x;
  }

  @Primitive(value = "frame-char-height", min = 0, doc = "Return the height of a character: 1.")
  static Object frameCharHeight(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 1L;
  }

  @Primitive(value = "frame-char-width", min = 0, doc = "Return the width of a character: 1.")
  static Object frameCharWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 1L;
  }

  @Primitive(value = "frame-scale-factor", min = 0, doc = "Return the scale factor of FRAME.")
  static Object frameScaleFactor(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 1.0;
  }

  @Primitive(
      value = "frame-pointer-visible-p",
      min = 0,
      doc = "Return t if the mouse pointer is shown.")
  static Object framePointerVisibleP(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.T;
  }

  @Primitive(value = "frame-position", min = 0, doc = "Return the position of FRAME, (X . Y).")
  static Object framePosition(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return t.cons(0L, 0L);
  }

  @Primitive(
      value = "frame-bottom-divider-width",
      min = 0,
      doc = "Return the bottom divider width of FRAME: 0.")
  static Object frameBottomDividerWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(
      value = "frame-child-frame-border-width",
      min = 0,
      doc = "Return the child frame border width of FRAME: 0.")
  static Object frameChildFrameBorderWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(value = "frame-fringe-width", min = 0, doc = "Return the fringe width of FRAME: 0.")
  static Object frameFringeWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(
      value = "frame-internal-border-width",
      min = 0,
      doc = "Return the internal border width of FRAME: 0.")
  static Object frameInternalBorderWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(
      value = "frame-right-divider-width",
      min = 0,
      doc = "Return the right divider width of FRAME: 0.")
  static Object frameRightDividerWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(
      value = "frame-scroll-bar-height",
      min = 0,
      doc = "Return the scroll bar height of FRAME: 0.")
  static Object frameScrollBarHeight(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(
      value = "frame-scroll-bar-width",
      min = 0,
      doc = "Return the scroll bar width of FRAME: 0.")
  static Object frameScrollBarWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(
      value = "tool-bar-pixel-width",
      min = 0,
      doc = "Return the tool bar pixel width of FRAME: 0.")
  static Object toolBarPixelWidth(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return 0L;
  }

  @Primitive(value = "frame-native-width", min = 0, doc = "Return the width of FRAME in columns.")
  static Object frameNativeWidth(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.COLUMNS);
  }

  @Primitive(value = "frame-text-cols", min = 0, doc = "Return the width of FRAME in columns.")
  static Object frameTextCols(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.COLUMNS);
  }

  @Primitive(value = "frame-text-width", min = 0, doc = "Return the width of FRAME in columns.")
  static Object frameTextWidth(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.COLUMNS);
  }

  @Primitive(value = "frame-total-cols", min = 0, doc = "Return the width of FRAME in columns.")
  static Object frameTotalCols(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.COLUMNS);
  }

  @Primitive(value = "frame-native-height", min = 0, doc = "Return the height of FRAME in lines.")
  static Object frameNativeHeight(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.LINES);
  }

  @Primitive(value = "frame-text-height", min = 0, doc = "Return the height of FRAME in lines.")
  static Object frameTextHeight(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.LINES);
  }

  @Primitive(value = "frame-text-lines", min = 0, doc = "Return the height of FRAME in lines.")
  static Object frameTextLines(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.LINES);
  }

  @Primitive(value = "frame-total-lines", min = 0, doc = "Return the height of FRAME in lines.")
  static Object frameTotalLines(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.LINES);
  }

  @Primitive(
      value = "set-frame-height",
      min = 2,
      doc = "Give the windows of FRAME a height of HEIGHT lines in all.")
  static Object setFrameHeight(
      Task t, Object frame, Object height, Object pretend, Object pixelwise) {
    Frame f = WindowTree.frame(t, frame);
    WindowTree.resizeRoot(t, (Long) f.get(t.c, Frame.COLUMNS), Lisp.fixnum(height));
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-frame-width",
      min = 2,
      doc = "Give the windows of FRAME a width of WIDTH columns in all.")
  static Object setFrameWidth(
      Task t, Object frame, Object width, Object pretend, Object pixelwise) {
    WindowTree.frame(t, frame);
    WindowTree.resizeRoot(
        t, Lisp.fixnum(width), WindowTree.number(t, WindowTree.root(t), Window.HEIGHT));
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-frame-size",
      min = 3,
      doc = "Give the windows of FRAME WIDTH columns and HEIGHT lines in all.")
  static Object setFrameSize(Task t, Object frame, Object width, Object height, Object pixelwise) {
    WindowTree.frame(t, frame);
    WindowTree.resizeRoot(t, Lisp.fixnum(width), Lisp.fixnum(height));
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-frame-position",
      doc = "Set the position of FRAME to X and Y: does nothing on a text terminal.")
  static Object setFramePosition(Task t, Object frame, Object x, Object y) {
    WindowTree.frame(t, frame);
    return Symbol.T;
  }

  @Primitive(
      value = "mouse-position",
      doc = "Return the frame and position of the mouse: it has none.")
  static Object mousePosition(Task t) {
    return t.list(WindowTree.frame(t), Symbol.NIL);
  }

  @Primitive(
      value = "mouse-pixel-position",
      doc = "Return the frame and position of the mouse: it has none.")
  static Object mousePixelPosition(Task t) {
    return t.list(WindowTree.frame(t), Symbol.NIL);
  }

  @Primitive(value = "set-mouse-position", doc = "Move the mouse to X, Y in FRAME: there is none.")
  static Object setMousePosition(Task t, Object frame, Object x, Object y) {
    if (!(frame instanceof Frame)) {
      throw LispSignal.wrongType(Q.FRAME_LIVE_P, frame);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-mouse-pixel-position",
      doc = "Move the mouse to X, Y in FRAME: there is none.")
  static Object setMousePixelPosition(Task t, Object frame, Object x, Object y) {
    if (!(frame instanceof Frame)) {
      throw LispSignal.wrongType(Q.FRAME_LIVE_P, frame);
    }
    return Symbol.NIL;
  }

  @Primitive(value = "x-focus-frame", min = 1, doc = "Give FRAME the input focus.")
  static Object xFocusFrame(Task t, Object frame, Object noactivate) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }
}
