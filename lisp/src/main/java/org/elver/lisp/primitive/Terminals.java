package org.elver.lisp.primitive;

import org.elver.lisp.display.Frame;
import org.elver.lisp.display.Terminal;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Terminals: there is the initial one, which is none. */
final class Terminals {
  private static final Symbol TERMINAL_LIVE_P = Symbol.known("terminal-live-p");

  private Terminals() {}

  static void variables(Task t) {
    Defvars.nil(
        t,
        "delete-terminal-functions ring-bell-function resume-tty-functions "
            + "suspend-tty-functions tty-menu-calls-mouse-position-function");
    Defvars.t(t, "system-uses-terminfo visible-cursor");
  }

  static Terminal terminal(Task t, Object x) {
    if (x == Symbol.NIL) {
      return (Terminal) WindowTree.frame(t).get(t.c, Frame.TERMINAL);
    }
    if (x instanceof Terminal terminal) {
      return terminal;
    }
    if (x instanceof Frame f) {
      return (Terminal) f.get(t.c, Frame.TERMINAL);
    }
    throw LispSignal.wrongType(TERMINAL_LIVE_P, x);
  }

  @Primitive(value = "terminal-list", doc = "Return a list of all terminals.")
  static Object terminalList(Task t) {
    return t.list(terminal(t, Symbol.NIL));
  }

  @Primitive(
      value = "terminal-live-p",
      doc = "Return non-nil if OBJECT is a terminal that was not deleted.")
  static Object terminalLiveP(Task t, Object object) {
    return Lisp.bool(object == Symbol.NIL || object instanceof Terminal || object instanceof Frame);
  }

  @Primitive(value = "frame-terminal", min = 0, doc = "Return the terminal of FRAME.")
  static Object frameTerminal(Task t, Object frame) {
    return WindowTree.frame(t, frame).get(t.c, Frame.TERMINAL);
  }

  @Primitive(value = "terminal-name", min = 0, doc = "Return the name of TERMINAL.")
  static Object terminalName(Task t, Object terminal) {
    return terminal(t, terminal).get(t.c, Terminal.NAME);
  }

  @Primitive(
      value = "terminal-parameters",
      min = 0,
      doc = "Return an alist of the parameters of TERMINAL.")
  static Object terminalParameters(Task t, Object terminal) {
    return t.callNamed("copy-alist", terminal(t, terminal).get(t.c, Terminal.PARAMETERS));
  }

  @Primitive(
      value = "terminal-parameter",
      doc = "Return the value of parameter PARAMETER of TERMINAL.")
  static Object terminalParameter(Task t, Object terminal, Object parameter) {
    return Frames.assq(
        t, Lisp.symbol(parameter), terminal(t, terminal).get(t.c, Terminal.PARAMETERS));
  }

  @Primitive(
      value = "set-terminal-parameter",
      doc = "Set parameter PARAMETER of TERMINAL to VALUE; return what it was.")
  static Object setTerminalParameter(Task t, Object terminal, Object parameter, Object value) {
    Terminal x = terminal(t, terminal);
    Object old = Frames.assq(t, parameter, x.get(t.c, Terminal.PARAMETERS));
    x.set(
        t.c, Terminal.PARAMETERS, Frames.put(t, parameter, value, x.get(t.c, Terminal.PARAMETERS)));
    return old;
  }

  @Primitive(value = "delete-terminal", min = 0, doc = "Delete TERMINAL; not the only one.")
  static Object deleteTerminal(Task t, Object terminal, Object force) {
    terminal(t, terminal);
    throw LispSignal.error("Attempt to delete the sole active display terminal");
  }

  @Primitive(value = "tty-type", min = 0, doc = "Return the type of TERMINAL: no real one.")
  static Object ttyType(Task t, Object terminal) {
    terminal(t, terminal);
    return Symbol.NIL;
  }

  @Primitive(
      value = "tty-display-color-p",
      min = 0,
      doc = "Return whether there are colours of TERMINAL: no real one.")
  static Object ttyDisplayColorP(Task t, Object terminal) {
    terminal(t, terminal);
    return Symbol.NIL;
  }

  @Primitive(
      value = "tty-display-color-cells",
      min = 0,
      doc = "Return the number of colours of TERMINAL: no real one.")
  static Object ttyDisplayColorCells(Task t, Object terminal) {
    terminal(t, terminal);
    return 0L;
  }

  @Primitive(
      value = "controlling-tty-p",
      min = 0,
      doc = "Return whether it controls the process of TERMINAL: no real one.")
  static Object controllingTtyP(Task t, Object terminal) {
    terminal(t, terminal);
    return Symbol.NIL;
  }

  @Primitive(
      value = "tty-top-frame",
      min = 0,
      doc = "Return the frame shown of TERMINAL: no real one.")
  static Object ttyTopFrame(Task t, Object terminal) {
    terminal(t, terminal);
    return Symbol.NIL;
  }

  @Primitive(value = "tty-no-underline", min = 0, doc = "Do not use underlines on TERMINAL.")
  static Object ttyNoUnderline(Task t, Object terminal) {
    terminal(t, terminal);
    return Symbol.NIL;
  }

  @Primitive(value = "suspend-tty", min = 0, doc = "Suspend the terminal TTY: no real one.")
  static Object suspendTty(Task t, Object tty) {
    terminal(t, tty);
    throw LispSignal.error("Attempt to suspend a non-text terminal device");
  }

  @Primitive(value = "resume-tty", min = 0, doc = "Resume the terminal TTY: no real one.")
  static Object resumeTty(Task t, Object tty) {
    terminal(t, tty);
    throw LispSignal.error("Attempt to resume a non-text terminal device");
  }

  @Primitive(
      value = "gpm-mouse-start",
      doc = "Open a connection to the console mouse: there is none.")
  static Object gpmMouseStart(Task t) {
    throw LispSignal.error("Gpm-mouse only works in the GNU/Linux console");
  }

  @Primitive(value = "gpm-mouse-stop", doc = "Close the connection to the console mouse.")
  static Object gpmMouseStop(Task t) {
    return Symbol.NIL;
  }
}
