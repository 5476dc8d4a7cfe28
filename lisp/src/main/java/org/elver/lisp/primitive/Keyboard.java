package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Blocking;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Undo;

/** Input events, key sequences and command loops. There is no keyboard: events are unread ones. */
final class Keyboard {
  private static final Symbol FUNCTION_KEYS = Symbol.known("local-function-key-map");
  private static final Symbol KEY_TRANSLATION = Symbol.known("key-translation-map");
  private static final Symbol UNREAD = Symbol.known("unread-command-events");
  private static final Symbol MACRO = Symbol.known("executing-kbd-macro");
  private static final Symbol MACRO_INDEX = Symbol.known("executing-kbd-macro-index");
  private static final Symbol LAST_EVENT = Symbol.known("last-command-event");
  private static final Symbol LAST_INPUT = Symbol.known("last-input-event");
  private static final Symbol THIS_COMMAND = Symbol.known("this-command");
  private static final Symbol LAST_COMMAND = Symbol.known("last-command");
  private static final Symbol KEYS = Symbol.known(" this-command-keys");
  private static final Symbol SINGLE_KEYS = Symbol.known(" this-single-command-keys");
  private static final Symbol RECENT = Symbol.known(" recent-keys");
  private static final Symbol DEPTH = Symbol.known(" recursive-edit-depth");
  private static final Symbol DEFINING = Symbol.known("defining-kbd-macro");
  private static final Symbol EXIT = Symbol.known("exit");
  private static final Symbol PREFIX_ARG = Symbol.known("prefix-arg");
  private static final Symbol CURRENT_PREFIX_ARG = Symbol.known("current-prefix-arg");

  private Keyboard() {}

  static void variables(Task t) {
    Defvars.t(
        t,
        "attempt-orderly-shutdown-on-fatal-signal attempt-stack-overflow-recovery "
            + "menu-prompting select-active-regions");
    Defvars.integers(
        t,
        "auto-save-interval 300 auto-save-timeout 30 double-click-fuzz 3 "
            + "double-click-time 500 echo-keystrokes 1 extra-keyboard-modifiers 0 help-char 8 "
            + "menu-prompt-more-char 32 meta-prefix-char 27 minibuffer-message-timeout 2 "
            + "num-input-keys 0 num-nonmacro-input-events 0 polling-period 2");
    Defvars.nil(
        t,
        "auto-save-no-message cannot-suspend current-minibuffer-command "
            + "deactivate-mark deferred-action-function deferred-action-list delayed-warnings-list "
            + "disable-point-adjustment echo-area-clear-hook enable-disabled-menus-and-buttons "
            + "global-disable-point-adjustment help-event-list help-form input-method-function "
            + "input-method-previous-message last-command last-command-event last-event-frame "
            + "last-input-event last-nonmenu-event last-repeatable-command "
            + "lucid-menu-bar-dirty-flag menu-bar-final-items overriding-local-map "
            + "overriding-local-map-menu-flag overriding-terminal-local-map post-command-hook "
            + "pre-command-hook prefix-help-command real-last-command real-this-command "
            + "saved-region-selection show-help-function system-key-alist "
            + "tab-bar-separator-image-expression this-command this-command-keys-shift-translated "
            + "this-original-command throw-on-input timer-idle-list timer-list "
            + "tool-bar-separator-image-expression top-level track-mouse tty-erase-char "
            + "unread-command-events unread-input-method-events unread-post-input-method-events "
            + "local-function-key-map while-no-input-ignore-events");
    Defvars.symbols(
        t, "debug-on-event sigusr2 command-error-function " + "command-error-default-function");
    Defvars.string(t, "internal--top-level-message", "Back to top level");
    Vm.defvar(
        t,
        "selection-inhibit-update-commands",
        t.list(
            t.symbols().intern(t, "handle-switch-frame"),
            t.symbols().intern(t, "handle-select-window")));
    for (String map :
        new String[] {"function-key-map", "input-decode-map", "key-translation-map"}) {
      Vm.defvar(t, map, t.list(Keymap.KEYMAP));
    }
    Vm.defvar(
        t,
        "local-function-key-map",
        t.cons(Keymap.KEYMAP, Variables.orNil(t, t.symbols().intern(t, "function-key-map"))));
    Vm.defvar(t, "special-event-map", t.list(Keymap.KEYMAP));
    Vm.defvar(
        t,
        "keyboard-translate-table",
        CharTable.make(t.c, t.symbols().intern(t, "keyboard-translate-table"), 0, Symbol.NIL));
    KEYS.setRawValue(t, Symbol.NIL);
    SINGLE_KEYS.setRawValue(t, Symbol.NIL);
    RECENT.setRawValue(t, Symbol.NIL);
    DEPTH.setRawValue(t, 0L);
  }

  // ---- Events -----------------------------------------------------------------------------------

  /** Whether an event can be read without waiting. */
  static boolean pending(Task t) {
    return Variables.orNil(t, UNREAD) instanceof Pair;
  }

  private static final Symbol THREAD_EVENTS = Symbol.known(" thread-events");

  /** What other threads have signaled in the main one is said. */
  private static void threadEvents(Task t) {
    Object events = THREAD_EVENTS.rawValue(t);
    if (events instanceof Pair) {
      THREAD_EVENTS.setRawValue(t, Symbol.NIL);
      for (Object e : Lisp.elements(t.c, events)) {
        t.callNamed("thread-handle-event", e);
      }
    }
  }

  /** The next unread event; null when there is none. */
  private static Object unread(Task t) {
    if (!(Variables.orNil(t, UNREAD) instanceof Pair p)) {
      return null;
    }
    Variables.set(t, UNREAD, p.second(t.c));
    Object e = p.first(t.c);
    if (e instanceof Pair q && q.first(t.c) == Symbol.T) {
      return q.second(t.c);
    }
    if (e instanceof Pair q && q.first(t.c) == Symbol.known("no-record")) {
      return q.second(t.c);
    }
    return e;
  }

  /** The next event of the keyboard macro that is being executed; null when there is none. */
  private static Object fromMacro(Task t) {
    Object macro = Variables.orNil(t, MACRO);
    if (!(macro instanceof LispString) && !(macro instanceof Vector)) {
      return null;
    }
    List<Object> keys = Events.keys(t, macro);
    int at = Variables.orNil(t, MACRO_INDEX) instanceof Long l ? (int) (long) l : 0;
    if (at >= keys.size()) {
      throw new End();
    }
    Variables.set(t, MACRO_INDEX, at + 1L);
    return keys.get(at);
  }

  /** The end of a keyboard macro, for the loop that executes it. */
  private static final class End extends RuntimeException {
    private static final long serialVersionUID = 1;

    End() {
      super("end of keyboard macro", null, false, false);
    }
  }

  /**
   * Reads an event: an unread one, or the macro's; otherwise waits, for ever when {@code seconds}
   * is negative, as there is no keyboard. Null when the time is up.
   */
  static Object readEvent(Task t, double seconds) {
    long end = System.nanoTime() + (long) (Math.min(seconds, 1e9) * 1e9);
    for (; ; ) {
      threadEvents(t);
      Object e = unread(t);
      if (e == null) {
        e = fromMacro(t);
      }
      if (e != null) {
        Variables.set(t, LAST_INPUT, e);
        note(t, e);
        return e;
      }
      if (seconds != 0) {
        Blocking.requireAllowed(t);
      }
      if (seconds >= 0 && System.nanoTime() >= end) {
        return null;
      }
      double left = seconds < 0 ? 0.05 : (end - System.nanoTime()) / 1e9;
      Timers.waitFor(t, Math.max(0, Math.min(left, 0.05)));
    }
  }

  private static void note(Task t, Object event) {
    KEYS.setRawValue(t, append(t, KEYS, event));
    RECENT.setRawValue(t, append(t, RECENT, event));
    if (Lisp.isTrue(Variables.orNil(t, DEFINING))) {
      Macros.note(t, event);
    }
  }

  private static Object append(Task t, Symbol list, Object event) {
    List<Object> all = Lisp.elements(t.c, list.rawValue(t));
    all.add(event);
    return Lisp.list(t.c, all.size() > 300 ? all.subList(all.size() - 300, all.size()) : all);
  }

  /** Reads an event for read-event and its like; nil when the time is up. */
  private static final Symbol INHIBIT_INTERACTION = Symbol.known("inhibit-interaction");

  private static final Symbol INHIBITED_INTERACTION = Symbol.known("inhibited-interaction");

  static Object read(Task t, Object prompt, Object seconds) {
    if (Lisp.isTrue(Variables.orNil(t, INHIBIT_INTERACTION))) {
      throw new LispSignal(INHIBITED_INTERACTION);
    }
    if (prompt instanceof LispString && Lisp.isTrue(prompt)) {
      t.callNamed("message", LispString.of(t.c, "%s"), prompt);
    }
    Object e;
    try {
      e = readEvent(t, Lisp.isTrue(seconds) ? Display.number(seconds) : -1);
    } catch (End end) {
      return -1L;
    }
    return e == null ? Symbol.NIL : e;
  }

  @Primitive(
      value = "input-pending-p",
      min = 0,
      doc = "Return t if an event can be read without waiting.  CHECK-TIMERS: run timers first.")
  static boolean inputPending(Task t, Object checkTimers) {
    if (Lisp.isTrue(checkTimers)) {
      Timers.waitFor(t, 0);
    }
    return pending(t);
  }

  @Primitive(value = "discard-input", doc = "Forget the events that are waiting.")
  static Object discard(Task t) {
    Variables.set(t, UNREAD, Symbol.NIL);
    return Symbol.NIL;
  }

  @Primitive(
      value = "current-idle-time",
      doc = "Return for how long there was no input, or nil: Emacs is not idle.")
  static Object idleTime(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "recent-keys",
      min = 0,
      doc = "Return a vector of the last events.  INCLUDE-CMDS: with the commands they ran.")
  static Object recentKeys(Task t, Object includeCmds) {
    return new Vector(t.c, Lisp.elements(t.c, RECENT.rawValue(t)).toArray());
  }

  @Primitive(
      value = "lossage-size",
      min = 0,
      doc = "Return, or set to ARG, the number of events that `recent-keys' remembers.")
  static Object lossageSize(Task t, Object arg) {
    if (!Lisp.isTrue(arg)) {
      return LOSSAGE.rawValue(t) instanceof Long l ? l : 300L;
    }
    if (!(arg instanceof Long n) || n < 0) {
      throw new LispSignal(Q.USER_ERROR, "Value must be a positive integer");
    }
    if (n < 100) {
      throw new LispSignal(Q.USER_ERROR, "Value must be >= 100");
    }
    LOSSAGE.setRawValue(t, n);
    return n;
  }

  private static final Symbol LOSSAGE = Symbol.known(" lossage-size");

  private static Object keysOf(Task t, Symbol list, boolean vector) {
    List<Object> all = Lisp.elements(t.c, list.rawValue(t));
    if (!vector) {
      int[] codes = new int[all.size()];
      boolean plain = true;
      for (int i = 0; i < codes.length; i++) {
        plain &= all.get(i) instanceof Long l && (l & ~(Events.META | 0x7F)) == 0;
        if (plain) {
          long l = (Long) all.get(i);
          codes[i] = (int) ((l & Events.META) != 0 ? (l & 0x7F) | 0x80 : l);
        }
      }
      if (plain) {
        return LispString.of(t.c, codes, false);
      }
    }
    return new Vector(t.c, all.toArray());
  }

  @Primitive(
      value = "this-command-keys",
      doc = "Return the key sequence of this command, prefix arguments included.")
  static Object thisCommandKeys(Task t) {
    return keysOf(t, KEYS, false);
  }

  @Primitive(value = "this-command-keys-vector", doc = "As `this-command-keys', a vector.")
  static Object thisCommandKeysVector(Task t) {
    return keysOf(t, KEYS, true);
  }

  @Primitive(
      value = "this-single-command-keys",
      doc = "Return the key sequence of this command as a vector, without prefix arguments.")
  static Object thisSingleKeys(Task t) {
    return keysOf(t, SINGLE_KEYS, true);
  }

  @Primitive(
      value = "this-single-command-raw-keys",
      doc = "Return the raw events of this command as a vector.")
  static Object thisRawKeys(Task t) {
    return keysOf(t, SINGLE_KEYS, true);
  }

  @Primitive(
      value = "set--this-command-keys",
      doc = "Make KEYS, a string, what `this-command-keys' returns.")
  static Object setKeys(Task t, Object keys) {
    KEYS.setRawValue(t, Lisp.list(t.c, Events.keys(t, Lisp.string(keys))));
    return Symbol.NIL;
  }

  @Primitive(
      value = "clear-this-command-keys",
      min = 0,
      doc = "Forget the keys of this command, and the recent ones unless KEEP-RECORD.")
  static Object clearKeys(Task t, Object keepRecord) {
    KEYS.setRawValue(t, Symbol.NIL);
    if (!Lisp.isTrue(keepRecord)) {
      RECENT.setRawValue(t, Symbol.NIL);
    }
    return Symbol.NIL;
  }

  // ---- Key sequences
  // ------------------------------------------------------------------------------

  /** Reads events until they are a complete key; null at the end of a macro. */
  private static List<Object> readKeys(Task t, Object prompt) {
    List<Object> keys = new ArrayList<>();
    if (prompt instanceof LispString s && s.length(t.c) > 0 && !pending(t)) {
      t.callNamed("message", LispString.of(t.c, "%s"), prompt);
    }
    KEYS.setRawValue(t, Symbol.NIL);
    for (; ; ) {
      Object e;
      try {
        e = readEvent(t, -1);
      } catch (End end) {
        if (keys.isEmpty()) {
          return null;
        }
        break;
      }
      keys.add(e);
      Object key = new Vector(t.c, keys.toArray());
      Object binding = ActiveMaps.keyBinding(t, key, Symbol.T, Symbol.T, Symbol.NIL);
      boolean unbound = !Lisp.isTrue(binding) || binding instanceof Long;
      int translated = unbound ? translate(t, keys, FUNCTION_KEYS, prompt) : 0;
      if (translated == 0) {
        translated = translate(t, keys, KEY_TRANSLATION, prompt);
      }
      if (translated > 0) {
        key = new Vector(t.c, keys.toArray());
        binding = ActiveMaps.keyBinding(t, key, Symbol.T, Symbol.T, Symbol.NIL);
      } else if (translated < 0 && unbound) {
        continue;
      }
      if (Keymap.keymapOrNull(t, binding, true) == null) {
        // A shifted letter without binding means the letter.
        if (binding == Symbol.NIL && e instanceof Long l && l >= 'A' && l <= 'Z') {
          keys.set(keys.size() - 1, l + 32);
          Object lower =
              ActiveMaps.keyBinding(
                  t, new Vector(t.c, keys.toArray()), Symbol.T, Symbol.T, Symbol.NIL);
          if (Keymap.keymapOrNull(t, lower, true) != null) {
            continue;
          }
          if (lower == Symbol.NIL) {
            keys.set(keys.size() - 1, l);
          }
        }
        break;
      }
    }
    SINGLE_KEYS.setRawValue(t, Lisp.list(t.c, keys));
    Variables.set(t, LAST_EVENT, keys.get(keys.size() - 1));
    return keys;
  }

  /**
   * Puts what a map of translations says in the place of the last keys.
   *
   * @return 1 if it did; -1 if they may be the beginning of something that it translates; otherwise
   *     0
   */
  private static int translate(Task t, List<Object> keys, Symbol map, Object prompt) {
    Object m = Variables.orNil(t, map);
    if (Keymap.keymapOrNull(t, m, true) == null) {
      return 0;
    }
    int result = 0;
    for (int from = 0; from < keys.size(); from++) {
      List<Object> last = keys.subList(from, keys.size());
      Object v = Keymap.lookupKey(t, m, new Vector(t.c, last.toArray()), Symbol.NIL);
      if (Lisp.isTrue(t.callNamed("functionp", v))) {
        v = t.call(v, prompt);
      }
      if (v instanceof Vector || v instanceof LispString) {
        List<Object> instead = Lisp.elements(t.c, t.callNamed("append", v, Symbol.NIL));
        last.clear();
        keys.addAll(instead);
        return 1;
      }
      if (Keymap.keymapOrNull(t, v, true) != null) {
        result = -1;
      }
    }
    return result;
  }

  @Primitive(
      value = "read-key-sequence",
      min = 1,
      doc = "Read a key sequence, with PROMPT, and return it as a string or vector.")
  static Object readKeySequence(
      Task t,
      Object prompt,
      Object continueEcho,
      Object dontDowncase,
      Object canReturnSwitchFrame,
      Object cmdLoop) {
    if (readKeys(t, prompt) == null) {
      return LispString.empty(t.c);
    }
    return keysOf(t, SINGLE_KEYS, false);
  }

  @Primitive(
      value = "read-key-sequence-vector",
      min = 1,
      doc = "Read a key sequence, with PROMPT, and return it as a vector.")
  static Object readKeySequenceVector(
      Task t,
      Object prompt,
      Object continueEcho,
      Object dontDowncase,
      Object canReturnSwitchFrame,
      Object cmdLoop) {
    if (readKeys(t, prompt) == null) {
      return new Vector(t.c);
    }
    return keysOf(t, SINGLE_KEYS, true);
  }

  // ---- Command loops
  // --------------------------------------------------------------------------------

  /** Reads and runs commands until a macro ends; a throw to {@code exit} ends it otherwise. */
  static void commands(Task t) {
    for (; ; ) {
      t.safepoint();
      Object buffer = WindowTree.buffer(t, WindowTree.selected(t));
      if (buffer != t.currentBuffer) {
        t.callNamed("set-buffer", buffer);
      }
      Undo.rememberPoint(t);
      List<Object> keys = readKeys(t, Symbol.NIL);
      if (keys == null) {
        return;
      }
      Object key = new Vector(t.c, keys.toArray());
      Object command = ActiveMaps.keyBinding(t, key, Symbol.T, Symbol.NIL, Symbol.NIL);
      Variables.set(t, THIS_COMMAND, command);
      Variables.set(t, Symbol.known("real-this-command"), command);
      Variables.set(t, Symbol.known("this-original-command"), command);
      Variables.set(t, Symbol.known("deactivate-mark"), Symbol.NIL);
      t.callNamed("run-hooks", Symbol.known("pre-command-hook"));
      if (!Lisp.isTrue(Variables.orNil(t, THIS_COMMAND))) {
        t.callNamed("undefined");
      } else {
        if (!Lisp.isTrue(Variables.orNil(t, PREFIX_ARG))) {
          t.callNamed("undo-auto--add-boundary");
        }
        Variables.set(t, CURRENT_PREFIX_ARG, Variables.orNil(t, PREFIX_ARG));
        t.callNamed("command-execute", Variables.orNil(t, THIS_COMMAND));
      }
      t.callNamed("run-hooks", Symbol.known("post-command-hook"));
      Variables.set(t, LAST_COMMAND, Variables.orNil(t, THIS_COMMAND));
      Variables.set(
          t,
          Symbol.known("real-last-command"),
          Variables.orNil(t, Symbol.known("real-this-command")));
      KEYS.setRawValue(t, Symbol.NIL);
    }
  }

  @Primitive(value = "recursion-depth", doc = "Return how many recursive edits are in progress.")
  static Object recursionDepth(Task t) {
    return DEPTH.rawValue(t);
  }

  @Primitive(
      value = "recursive-edit",
      interactive = "",
      doc = "Read and run commands until `exit-recursive-edit' or `abort-recursive-edit'.")
  static Object recursiveEdit(Task t) {
    int mark = t.bindingMark();
    long depth = (Long) DEPTH.rawValue(t);
    t.bind(DEPTH, depth + 1);
    try {
      Object loop =
          t.callNamed(
              "eval",
              t.list(
                  Q.CATCH,
                  t.list(Q.QUOTE, EXIT),
                  t.list(t.symbols().intern(t, "internal--command-loop"))),
              Symbol.T);
      if (loop == Symbol.T) {
        throw new LispSignal(Q.QUIT);
      }
      if (loop instanceof LispString s) {
        throw LispSignal.error(s.toJava(t.c));
      }
      if (Lisp.isTrue(loop) && Lisp.isTrue(t.callNamed("functionp", loop))) {
        t.call(loop);
      }
      return Symbol.NIL;
    } finally {
      t.unbindTo(mark);
    }
  }

  @Primitive(
      value = "internal--command-loop",
      doc = "Read and run commands; errors are shown and do not end the loop.")
  static Object commandLoop(Task t) {
    for (; ; ) {
      t.handling(
          t.list(Q.ERROR, Q.QUIT),
          () -> {
            commands(t);
            return Symbol.NIL;
          },
          error -> {
            t.callNamed("command-error-default-function", error, LispString.empty(t.c), Symbol.NIL);
            return Symbol.NIL;
          });
      if (Lisp.isTrue(Variables.orNil(t, MACRO))) {
        return Symbol.NIL;
      }
    }
  }

  @Primitive(
      value = "exit-recursive-edit",
      interactive = "",
      doc = "Leave the innermost recursive edit or minibuffer.")
  static Object exitRecursiveEdit(Task t) {
    return leave(t, Symbol.NIL);
  }

  @Primitive(
      value = "abort-recursive-edit",
      interactive = "",
      doc = "Quit the command that asked for this recursive edit or minibuffer.")
  static Object abortRecursiveEdit(Task t) {
    return leave(t, Symbol.T);
  }

  private static Object leave(Task t, Object value) {
    if ((Long) DEPTH.rawValue(t) > 0) {
      throw t.thrower(EXIT, value);
    }
    throw new LispSignal(Q.USER_ERROR, "No recursive edit is in progress");
  }

  @Primitive(value = "top-level", interactive = "", doc = "Leave all recursive edits.")
  static Object topLevel(Task t) {
    throw t.thrower(Q.TOP_LEVEL, Symbol.NIL);
  }

  @Primitive(
      value = "command-error-default-function",
      doc =
          "Show the error DATA after CONTEXT; in batch mode, end the program with it.\n"
              + "SIGNAL is the function that signalled it, or nil.")
  static Object commandError(Task t, Object data, Object context, Object signal) {
    LispString before = Lisp.string(context);
    Object message = t.callNamed("error-message-string", data);
    t.callNamed("message", LispString.of(t.c, "%s%s"), before, message);
    if (Lisp.isTrue(Variables.orNil(t, Q.NONINTERACTIVE))) {
      t.callNamed("kill-emacs", 255L);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "internal--track-mouse",
      doc = "Call BODYFUN with motion of the mouse reported as events.")
  static Object trackMouse(Task t, Object bodyfun) {
    int mark = t.bindingMark();
    t.bind(Symbol.known("track-mouse"), Symbol.T);
    try {
      return t.call(bodyfun);
    } finally {
      t.unbindTo(mark);
    }
  }

  @Primitive(value = "internal-handle-focus-in", doc = "Handle EVENT: a frame got the focus.")
  static Object focusIn(Task t, Object event) {
    if (!(event instanceof Pair p) || p.first(t.c) != Symbol.known("focus-in")) {
      throw LispSignal.error("invalid focus-in event");
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "suspend-emacs",
      min = 0,
      interactive = "",
      doc = "Stop Emacs; STUFFSTRING is put into the terminal's input.")
  static Object suspend(Task t, Object stuffstring) {
    throw LispSignal.error("Cannot suspend without a terminal");
  }

  @Primitive(
      value = "open-dribble-file",
      interactive = "FOpen dribble file: ",
      doc = "Write all keyboard input to FILE; nil stops that.")
  static Object openDribble(Task t, Object file) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "current-input-mode",
      doc = "Return (INTERRUPT FLOW META QUIT), how the keyboard is read.")
  static Object currentInputMode(Task t) {
    return t.list(Symbol.T, Symbol.NIL, Symbol.T, 7L);
  }

  @Primitive(
      value = "set-input-mode",
      min = 3,
      doc = "Set how the keyboard is read: INTERRUPT, FLOW, META and QUIT.")
  static Object setInputMode(Task t, Object interrupt, Object flow, Object meta, Object quit) {
    return Symbol.NIL;
  }

  @Primitive(value = "set-input-interrupt-mode", doc = "Set whether input is by INTERRUPT.")
  static Object setInterruptMode(Task t, Object interrupt) {
    return Symbol.NIL;
  }

  @Primitive(value = "set-input-meta-mode", min = 1, doc = "Set whether TERMINAL has a META key.")
  static Object setMetaMode(Task t, Object meta, Object terminal) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-output-flow-control",
      min = 1,
      doc = "Set whether TERMINAL uses FLOW control.")
  static Object setFlowControl(Task t, Object flow, Object terminal) {
    return Symbol.NIL;
  }

  @Primitive(value = "set-quit-char", doc = "Set the character that quits to QUIT.")
  static Object setQuitChar(Task t, Object quit) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "posn-at-x-y",
      min = 2,
      doc = "Return the position at X, Y of FRAME-OR-WINDOW.  WHOLE: fringes count.")
  static Object posnAtXy(Task t, Object x, Object y, Object frameOrWindow, Object whole) {
    Lisp.fixnum(x);
    Lisp.fixnum(y);
    return Symbol.NIL;
  }

  @Primitive(
      value = "posn-at-point",
      min = 0,
      doc = "Return the screen position of POS in WINDOW, or nil: it is not visible.")
  static Object posnAtPoint(Task t, Object pos, Object window) {
    WindowTree.live(t, window);
    if (pos != Symbol.NIL) {
      org.elver.lisp.text.Buffer.position(t, pos);
    }
    return Symbol.NIL;
  }
}
