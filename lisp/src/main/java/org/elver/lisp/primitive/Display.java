package org.elver.lisp.primitive;

import org.elver.lisp.collection.HashTable;
import org.elver.lisp.display.Window;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.Console;
import org.elver.lisp.text.Buffer;

/** Redisplay and what depends on it: without a display, mostly nothing. */
final class Display {
  private static final Symbol STATE = Symbol.known(" frame-and-buffer-state");

  private Display() {}

  static void variables(Task t) {
    Defvars.integers(t, "baud-rate 0");
    Defvars.nil(
        t,
        "cursor-in-echo-area glyph-table initial-window-system inverse-video "
            + "no-redraw-on-reenter standard-display-table tab-bar-position visible-bell "
            + "window-system window-system-version");
    Defvars.t(t, "redisplay-dont-pause");
    Defvars.nil(
        t,
        "fast-but-imprecise-scrolling minibuffer-scroll-window other-window-scroll-buffer"
            + " scroll-preserve-screen-position temp-buffer-show-function"
            + " window-buffer-change-functions window-combination-resize"
            + " window-configuration-change-hook window-point-insertion-type"
            + " window-resize-pixelwise window-selection-change-functions"
            + " window-size-change-functions window-state-change-functions"
            + " window-state-change-hook");
    Defvars.t(t, "auto-window-vscroll mode-line-in-non-selected-windows");
    Defvars.integers(t, "next-screen-context-lines 2");
    Defvars.symbols(t, "recenter-redisplay tty window-combination-limit window-size");
    Vm.defvar(
        t, "window-persistent-parameters", t.list(t.cons(Symbol.known("clone-of"), Symbol.T)));
    xdisp(t);
  }

  private static void xdisp(Task t) {
    Defvars.t(
        t,
        "auto-hscroll-mode auto-raise-tab-bar-buttons auto-raise-tool-bar-buttons"
            + " auto-resize-tab-bars auto-resize-tool-bars display-fill-column-indicator-column"
            + " display-hourglass display-line-numbers-current-absolute"
            + " make-cursor-line-fully-visible nobreak-char-display"
            + " redisplay-adhoc-scroll-in-resize-mini-windows redisplay-skip-initial-frame"
            + " scroll-minibuffer-conservatively");
    Defvars.nil(
        t,
        "bidi-inhibit-bpa blink-cursor-alist clear-message-function display-fill-column-indicator"
            + " display-fill-column-indicator-character display-line-numbers"
            + " display-line-numbers-widen display-line-numbers-width display-raw-bytes-as-hex"
            + " fontification-functions global-mode-string highlight-nonselected-windows"
            + " inhibit-bidi-mirroring inhibit-eval-during-redisplay inhibit-free-realized-faces"
            + " inhibit-menubar-update inhibit-redisplay line-number-display-limit line-prefix"
            + " menu-bar-update-hook menu-updating-frame mode-line-compact mouse-autoselect-window"
            + " mouse-fine-grained-tracking multiple-frames nobreak-char-ascii-display"
            + " overlay-arrow-position redisplay--inhibit-bidi redisplay-end-trigger-functions"
            + " redisplay-skip-fontification-on-input set-message-function show-trailing-whitespace"
            + " tab-bar--dragging-in-progress tool-bar-style"
            + " unibyte-display-via-language-environment window-scroll-functions"
            + " word-wrap-by-category wrap-prefix x-stretch-cursor pre-redisplay-function"
            + " glyphless-char-display");
    for (String name :
        new String[] {"debug-on-message", "inhibit-message", "message-truncate-lines"}) {
      if (Variables.get(t, t.symbols().intern(t, name)) == Symbol.UNBOUND) {
        Vm.defvar(t, name, Symbol.NIL);
      }
    }
    Defvars.integers(
        t,
        "display-line-numbers-major-tick 0 display-line-numbers-minor-tick 0 "
            + "display-line-numbers-offset 0 hourglass-delay 1 hscroll-margin 5 hscroll-step 0 "
            + "line-number-display-limit-width 200 message-log-max 1000 overline-margin 2 "
            + "scroll-conservatively 0 scroll-margin 0 scroll-step 0 tab-bar-button-margin 1 "
            + "tab-bar-button-relief 1 tool-bar-button-margin 4 tool-bar-button-relief 1 "
            + "tool-bar-max-label-size 14 truncate-partial-width-windows 50 "
            + "underline-minimum-offset 1");
    Defvars.symbols(
        t,
        "resize-mini-windows grow-only tab-bar-border internal-border-width "
            + "tool-bar-border internal-border-width void-text-area-pointer arrow");
    Defvars.string(t, "overlay-arrow-string", "=>");
    Vm.defvar(t, "display-pixels-per-inch", 72.0);
    Vm.defvar(t, "max-mini-window-height", 0.25);
    Vm.defvar(t, "maximum-scroll-margin", 0.25);
    Vm.defvar(
        t, "overlay-arrow-variable-list", t.list(t.symbols().intern(t, "overlay-arrow-position")));
    for (String name : new String[] {"frame-title-format", "icon-title-format"}) {
      Vm.defvar(
          t,
          name,
          t.list(
              t.symbols().intern(t, "multiple-frames"),
              LispString.of(t.c, "%b"),
              t.list(
                  LispString.of(t.c, ""),
                  LispString.of(t.c, "%b - GNU Emacs at "),
                  t.symbols().intern(t, "system-name"))));
    }
    Vm.defvar(t, "redisplay--all-windows-cause", HashTable.of(t.c, Q.EQL, 65));
    Vm.defvar(t, "redisplay--mode-lines-cause", HashTable.of(t.c, Q.EQL, 65));
    Vm.defvar(
        t,
        "glyphless-char-display",
        org.elver.lisp.chartable.CharTable.make(
            t.c, t.symbols().intern(t, "glyphless-char-display"), 1, Symbol.NIL));
    Vm.defvar(
        t,
        "ignore-relative-composition",
        org.elver.lisp.chartable.CharTable.make(
            t.c, t.symbols().intern(t, "ignore-relative-composition"), 0, Symbol.NIL));
    Vm.defvar(
        t,
        "use-default-ascent",
        org.elver.lisp.chartable.CharTable.make(
            t.c, t.symbols().intern(t, "use-default-ascent"), 0, Symbol.NIL));
  }

  @Primitive(
      value = "ding",
      min = 0,
      doc = "Ring the bell.  ARG non-nil: do not end a keyboard macro.")
  static Object ding(Task t, Object arg) {
    if (!Lisp.isTrue(arg) && Lisp.isTrue(Variables.orNil(t, Symbol.known("executing-kbd-macro")))) {
      throw LispSignal.error("Keyboard macro terminated by a command ringing the bell");
    }
    Console.of(t).outBytes(new byte[] {7});
    return Symbol.NIL;
  }

  @Primitive(
      value = "redisplay",
      min = 0,
      doc = "Display what changed: nothing without a display.  FORCE: whatever is waiting.")
  static Object redisplay(Task t, Object force) {
    return Symbol.T;
  }

  @Primitive(
      value = "redraw-display",
      interactive = "",
      doc = "Display everything anew: does nothing.")
  static Object redrawDisplay(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "redraw-frame", min = 0, doc = "Display FRAME anew: does nothing.")
  static Object redrawFrame(Task t, Object frame) {
    WindowTree.frame(t, frame);
    return Symbol.NIL;
  }

  @Primitive(value = "internal-show-cursor", doc = "Show the cursor in WINDOW if SHOW is non-nil.")
  static Object internalShowCursor(Task t, Object window, Object show) {
    WindowTree.live(t, window);
    return Symbol.NIL;
  }

  @Primitive(
      value = "internal-show-cursor-p",
      min = 0,
      doc = "Return t if the cursor is shown in WINDOW.")
  static Object internalShowCursorP(Task t, Object window) {
    WindowTree.live(t, window);
    return Symbol.T;
  }

  @Primitive(
      value = "display--update-for-mouse-movement",
      doc = "Handle movement of the mouse to MOUSE-X, MOUSE-Y.")
  static Object displayUpdateForMouseMovement(Task t, Object mouseX, Object mouseY) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "open-termscript",
      interactive = "FOpen termscript file: ",
      doc = "Write what goes to the terminal to FILE too: there is no terminal.")
  static Object openTermscript(Task t, Object file) {
    throw LispSignal.error("Current frame is not on a tty device");
  }

  @Primitive(value = "send-string-to-terminal", min = 1, doc = "Write STRING to TERMINAL as it is.")
  static Object sendStringToTerminal(Task t, Object string, Object terminal) {
    byte[] bytes =
        Lisp.string(string).toJava(t.c).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Console console = Console.of(t);
    console.outBytes(bytes);
    console.flush();
    return Symbol.NIL;
  }

  @Primitive(
      value = "frame-or-buffer-changed-p",
      min = 0,
      doc = "Return t if frames or buffers changed since the last call for VARIABLE.")
  static Object frameOrBufferChangedP(Task t, Object variable) {
    Symbol s = Lisp.isTrue(variable) ? Lisp.symbol(variable) : STATE;
    java.util.List<Object> now = new java.util.ArrayList<>();
    now.add(WindowTree.frame(t));
    for (Object b : Lisp.elements(t.c, t.callNamed("buffer-list"))) {
      now.add(b);
      now.add(t.callNamed("buffer-modified-p", b));
    }
    Object list = Lisp.list(t.c, now);
    if (Lisp.isTrue(t.callNamed("equal", list, Variables.orNil(t, s)))) {
      return Symbol.NIL;
    }
    Variables.set(t, s, list);
    return Symbol.T;
  }

  @Primitive(
      value = "sleep-for",
      min = 1,
      doc = "Wait SECONDS, which may be a float, and MILLISECONDS; timers run meanwhile.")
  static Object sleepFor(Task t, Object seconds, Object milliseconds) {
    double d = number(seconds);
    if (Lisp.isTrue(milliseconds)) {
      d += Lisp.fixnum(milliseconds) / 1000.0;
    }
    return Timers.sleep(t, d);
  }

  static double number(Object x) {
    if (x instanceof Number n) {
      return n.doubleValue();
    }
    throw LispSignal.wrongType(Q.NUMBERP, x);
  }

  @Primitive(
      value = "format-mode-line",
      min = 1,
      doc = "Return the text that FORMAT specifies for a mode line: empty without a display.")
  static Object formatModeLine(Task t, Object format, Object face, Object window, Object buffer) {
    WindowTree.live(t, window);
    if (Lisp.isTrue(buffer) && !Lisp.isTrue(t.callNamed("bufferp", buffer))) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    return LispString.of(t.c, "");
  }

  @Primitive(
      value = "invisible-p",
      doc =
          "Return non-nil if POS-OR-PROP, a position or value of `invisible', makes text"
              + " invisible.")
  static Object invisibleP(Task t, Object posOrProp) {
    Object prop = posOrProp;
    if (prop instanceof Long || Lisp.isTrue(t.callNamed("markerp", prop))) {
      prop = t.callNamed("get-char-property", prop, Symbol.known("invisible"));
    }
    Object spec = Variables.orNil(t, Symbol.known("buffer-invisibility-spec"));
    if (spec == Symbol.T) {
      return prop;
    }
    Object tail = spec;
    while (tail instanceof org.elver.heap.object.Pair p) {
      Object x = p.first(t.c);
      if (matches(t, x, prop)) {
        return x instanceof org.elver.heap.object.Pair q && Lisp.isTrue(q.second(t.c))
            ? (Object) 1L
            : Symbol.T;
      }
      tail = p.second(t.c);
    }
    return Symbol.NIL;
  }

  private static boolean matches(Task t, Object element, Object prop) {
    Object head = element instanceof org.elver.heap.object.Pair p ? p.first(t.c) : element;
    if (Lisp.isTrue(prop) && Lisp.eq(head, prop)) {
      return true;
    }
    Object tail = prop;
    while (tail instanceof org.elver.heap.object.Pair p) {
      if (Lisp.eq(p.first(t.c), head)) {
        return true;
      }
      tail = p.second(t.c);
    }
    return false;
  }

  @Primitive(value = "line-pixel-height", doc = "Return the height of the line at point: 1.")
  static Object linePixelHeight(Task t) {
    return 1L;
  }

  @Primitive(
      value = "window-text-pixel-size",
      min = 0,
      doc = "Return the size that text of WINDOW takes on display: none.")
  static Object windowTextPixelSize(
      Task t, Object window, Object from, Object to, Object xLimit, Object yLimit, Object mode) {
    WindowTree.live(t, window);
    return t.cons(0L, 0L);
  }

  @Primitive(
      value = "current-bidi-paragraph-direction",
      min = 0,
      doc = "Return the direction of the paragraph at point in BUFFER.")
  static Object currentBidiParagraphDirection(Task t, Object buffer) {
    if (buffer != Symbol.NIL && !(buffer instanceof Buffer)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    return Symbol.known("left-to-right");
  }

  @Primitive(
      value = "bidi-resolved-levels",
      min = 0,
      doc = "Return the bidirectional levels of screen line VPOS: nothing is displayed.")
  static Object bidiResolvedLevels(Task t, Object vpos) {
    if (vpos != Symbol.NIL) {
      Lisp.fixnum(vpos);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "bidi-find-overridden-directionality",
      min = 2,
      doc = "Return a position between FROM and TO in OBJECT with overridden direction, or nil.")
  static Object bidiFindOverriddenDirectionality(Task t, Object from, Object to, Object object) {
    if (object == Symbol.NIL || object instanceof Buffer || object instanceof Window) {
      Buffer b = object instanceof Buffer x ? x : Buffer.current(t);
      long start = Buffer.position(t, from);
      long end = Buffer.position(t, to);
      if (Math.min(start, end) < b.begv(t.c) || Math.max(start, end) > b.zv(t.c)) {
        throw LispSignal.outOfRange(b, from, to);
      }
    } else {
      Lisp.string(object);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "move-point-visually",
      doc = "Move point by one character to the right if DIRECTION is positive, else left.")
  static Object movePointVisually(Task t, Object direction) {
    t.callNamed("forward-char", Lisp.fixnum(direction) > 0 ? 1L : -1L);
    return t.callNamed("point");
  }

  @Primitive(
      value = "display--line-is-continued-p",
      doc = "Return t if the line at point is continued: it is not displayed.")
  static Object displayLineIsContinuedP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-buffer-redisplay",
      doc = "Watch SYMBOL for changes of display; NEWVAL, OP and WHERE as for watchers.")
  static Object setBufferRedisplay(Task t, Object symbol, Object newval, Object op, Object where) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "menu-bar-menu-at-x-y",
      min = 2,
      doc = "Return the menu at X, Y of FRAME: none.")
  static Object menuBarMenuAtXY(Task t, Object x, Object y, Object frame) {
    return Symbol.NIL;
  }

  @Primitive(value = "x-popup-menu", doc = "Pop up MENU at POSITION: there is no display.")
  static Object xPopupMenu(Task t, Object position, Object menu) {
    return Symbol.NIL;
  }

  @Primitive(value = "x-popup-dialog", min = 2, doc = "Pop up a dialog: there is no display.")
  static Object xPopupDialog(Task t, Object position, Object contents, Object header) {
    throw LispSignal.error("Window system is not in use or not initialized");
  }
}
