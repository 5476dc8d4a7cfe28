package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Excursion;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferLife;
import org.elver.lisp.text.BufferList;
import org.elver.lisp.text.BufferVariable;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Excursions;
import org.elver.lisp.text.LocalVariable;
import org.elver.lisp.text.Undo;

/** Buffers as such: making, naming, listing, selecting, killing them; their local variables. */
final class Buffers {
  private static final Symbol MAJOR_MODE = Symbol.known("major-mode");
  private static final Symbol MODE_CLASS = Symbol.known("mode-class");
  private static final Symbol SPECIAL = Symbol.known("special");
  private static final Symbol FUNDAMENTAL_MODE = Symbol.known("fundamental-mode");
  private static final Symbol INITIAL_MAJOR_MODE = Symbol.known("initial-major-mode");
  private static final Symbol KILL_ALL_HOOK = Symbol.known("change-major-mode-hook");
  private static final Symbol RUN_HOOKS = Symbol.known("run-hooks");

  private Buffers() {}

  static void variables(Task t) {
    BufferVariable.define(t);
    t.vm().service(Excursion.class, Excursions::new);
    for (String s :
        new String[] {
          "after-change-functions",
          "before-change-functions",
          "buffer-list-update-hook",
          "change-major-mode-hook",
          "first-change-hook",
          "inhibit-read-only",
          "kill-buffer-delete-auto-save-files",
          "transient-mark-mode",
          "combine-after-change-calls",
          "inhibit-modification-hooks",
          "deactivate-mark"
        }) {
      Vm.defvar(t, s, Symbol.NIL);
    }
    Vm.defvar(t, "delete-auto-save-files", Symbol.T);
    Vm.defvar(t, "kill-buffer-query-functions", Symbol.NIL);
    Symbol.known("kill-buffer-hook")
        .setFlags(t, Symbol.known("kill-buffer-hook").flags(t) | Symbol.SPECIAL);
    Symbol.known("kill-buffer-hook").setRawValue(t, Symbol.NIL);
    LocalVariable.makePermanent(t, Symbol.known("kill-buffer-hook"));
    for (BufferVariable v : BufferVariable.permanentOnes()) {
      LocalVariable.makePermanent(t, v.symbol());
    }
    Buffer scratch = BufferList.create(t, LispString.of(t.c, "*scratch*"));
    BufferVariable.UNDO_LIST.setIn(t, scratch, Symbol.NIL);
    scratch.select(t);
    String here = System.getProperty("user.dir");
    BufferVariable.DIRECTORY.setIn(
        t, scratch, LispString.of(t.c, here.endsWith("/") ? here : here + "/"));
    BufferList.create(t, LispString.of(t.c, " *Minibuf-0*"));
    Buffer messages = BufferList.create(t, LispString.of(t.c, "*Messages*"));
    BufferVariable.UNDO_LIST.setIn(t, messages, Symbol.T);
    Undo.rememberPoint(t);
  }

  /** A buffer argument: a live buffer or the name of one; nil: the current one. */
  static Buffer named(Task t, Object x) {
    if (x == Symbol.NIL) {
      return Buffer.current(t);
    }
    Object b = getBuffer(t, x);
    if (b instanceof Buffer found) {
      return found;
    }
    if (x instanceof LispString s) {
      throw LispSignal.error("No buffer named " + s.toJava(t.c));
    }
    throw LispSignal.wrongType(Q.STRINGP, x);
  }

  // ---- Making and finding
  // ------------------------------------------------------------------------

  @Primitive(
      value = "get-buffer",
      doc = "Return the buffer named BUFFER-OR-NAME, or nil; a buffer stands for itself.")
  static Object getBuffer(Task t, Object bufferOrName) {
    if (bufferOrName instanceof Buffer) {
      return bufferOrName;
    }
    Buffer b = BufferList.find(t, Lisp.string(bufferOrName));
    return b == null ? Symbol.NIL : b;
  }

  @Primitive(
      value = "get-buffer-create",
      min = 1,
      doc =
          "Return the buffer named BUFFER-OR-NAME, made if there is none.\n"
              + "INHIBIT-BUFFER-HOOKS non-nil: hooks for buffers are never run for a new one.")
  static Object getBufferCreate(Task t, Object bufferOrName, Object inhibitBufferHooks) {
    Object found = getBuffer(t, bufferOrName);
    if (found != Symbol.NIL) {
      return found;
    }
    LispString name = (LispString) bufferOrName;
    if (name.length(t.c) == 0) {
      throw LispSignal.error("Empty string for buffer name is not allowed");
    }
    Buffer b = BufferList.create(t, name);
    b.setSlot(t.c, Buffer.INHIBIT_HOOKS, Lisp.bool(Lisp.isTrue(inhibitBufferHooks)));
    if (inhibitBufferHooks == Symbol.NIL) {
      BufferLife.runListHook(t);
    }
    return b;
  }

  @Primitive(
      value = "make-indirect-buffer",
      min = 2,
      doc =
          "Make and return a buffer named NAME that shows the text of BASE-BUFFER.\n"
              + "CLONE non-nil: it gets BASE-BUFFER's state; INHIBIT-BUFFER-HOOKS as in\n"
              + "`get-buffer-create'.",
      interactive = "bMake indirect buffer (to buffer): \nBName of indirect buffer: ")
  static Object makeIndirectBuffer(
      Task t, Object baseBuffer, Object name, Object clone, Object inhibitBufferHooks) {
    LispString s = Lisp.string(name);
    if (BufferList.find(t, s) != null) {
      throw LispSignal.error("Buffer name ‘" + s.toJava(t.c) + "’ is in use");
    }
    if (s.length(t.c) == 0) {
      throw LispSignal.error("Empty string for buffer name is not allowed");
    }
    Object base = getBuffer(t, baseBuffer);
    if (base == Symbol.NIL) {
      throw LispSignal.error("No such buffer: ‘" + ((LispString) baseBuffer).toJava(t.c) + "’");
    }
    if (!((Buffer) base).isLive(t.c)) {
      throw LispSignal.error("Base buffer has been killed");
    }
    Buffer b = BufferLife.indirect(t, (Buffer) base, s, Lisp.isTrue(clone));
    b.setSlot(t.c, Buffer.INHIBIT_HOOKS, Lisp.bool(Lisp.isTrue(inhibitBufferHooks)));
    if (inhibitBufferHooks == Symbol.NIL) {
      BufferLife.runListHook(t);
    }
    return b;
  }

  @Primitive(
      value = "generate-new-buffer-name",
      min = 1,
      doc =
          "Return a name that no buffer has: NAME itself, or with a number appended.\n"
              + "A name that equals IGNORE is good though a buffer has it.")
  static Object generateNewBufferName(Task t, Object name, Object ignore) {
    LispString s = Lisp.string(name);
    if (ignore != Symbol.NIL && ignore instanceof LispString i && i.sameText(t.c, s)) {
      return name;
    }
    if (BufferList.find(t, s) == null) {
      return name;
    }
    String base = s.toJava(t.c);
    if (base.startsWith(" ")) {
      String hidden =
          base + "-" + Math.floorMod(FnsFeatures.next(t), 1_000_000); // The same in each run.
      LispString x = LispString.of(t.c, hidden);
      if (BufferList.find(t, x) == null) {
        return x;
      }
      base = hidden;
    }
    for (int i = 2; ; i++) {
      LispString x = LispString.of(t.c, base + "<" + i + ">");
      if ((ignore instanceof LispString j && j.sameText(t.c, x)) || BufferList.find(t, x) == null) {
        return x;
      }
    }
  }

  @Primitive(
      value = "get-file-buffer",
      doc = "Return the buffer that visits the file FILENAME, or nil.")
  static Object getFileBuffer(Task t, Object filename) {
    Lisp.string(filename);
    Object expanded = t.callNamed("expand-file-name", filename);
    Object handler =
        t.callNamed("find-file-name-handler", expanded, Symbol.known("get-file-buffer"));
    if (handler != Symbol.NIL) {
      Object x = t.call(handler, Symbol.known("get-file-buffer"), expanded);
      return x instanceof Buffer ? x : Symbol.NIL;
    }
    for (Object l = BufferList.all(t); l instanceof Pair p; l = p.second(t.c)) {
      Buffer b = (Buffer) p.first(t.c);
      if (BufferVariable.FILE_NAME.in(t, b) instanceof LispString s
          && s.sameText(t.c, (LispString) expanded)) {
        return b;
      }
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "rename-buffer",
      min = 1,
      doc =
          "Change the current buffer's name to NEWNAME, and return that.\n"
              + "If another buffer has it that is an error, or with UNIQUE non-nil another is"
              + " found.",
      interactive =
          "(list (read-string \"Rename buffer (to new name): \" nil 'buffer-name-history"
              + " (buffer-name (current-buffer))) current-prefix-arg)")
  static Object renameBuffer(Task t, Object newname, Object unique) {
    LispString s = Lisp.string(newname);
    if (s.length(t.c) == 0) {
      throw LispSignal.error("Empty string is invalid as a buffer name");
    }
    Buffer b = Buffer.current(t);
    Buffer other = BufferList.find(t, s);
    if (other != null) {
      if (unique == Symbol.NIL && other == b) {
        return b.name(t.c);
      }
      if (unique == Symbol.NIL) {
        throw LispSignal.error("Buffer name ‘" + s.toJava(t.c) + "’ is in use");
      }
      s = (LispString) generateNewBufferName(t, s, b.name(t.c));
    }
    LispString own = LispString.of(t.c, s.codeArray(t.c), s.isMultibyte(t.c));
    b.setSlot(t.c, Buffer.NAME, own);
    if (b.slot(t.c, Buffer.INHIBIT_HOOKS) == Symbol.NIL) {
      BufferLife.runListHook(t);
    }
    if (BufferVariable.FILE_NAME.in(t, b) == Symbol.NIL
        && BufferVariable.AUTO_SAVE_FILE_NAME.in(t, b) != Symbol.NIL) {
      t.callNamed("rename-auto-save-file");
    }
    return own;
  }

  // ---- Asking
  // ------------------------------------------------------------------------------------

  @Primitive(value = "buffer-live-p", doc = "Return t if OBJECT is a buffer that was not killed.")
  static boolean bufferLiveP(Task t, Object object) {
    return object instanceof Buffer b && b.isLive(t.c);
  }

  @Primitive(value = "current-buffer", doc = "Return the current buffer.")
  static Object currentBuffer(Task t) {
    return Buffer.current(t);
  }

  @Primitive(
      value = "set-buffer",
      doc = "Make the buffer BUFFER-OR-NAME current, for editing; return it.")
  static Object setBuffer(Task t, Object bufferOrName) {
    Object x = getBuffer(t, bufferOrName);
    if (x == Symbol.NIL) {
      throw LispSignal.error("No buffer named " + ((LispString) bufferOrName).toJava(t.c));
    }
    Buffer b = (Buffer) x;
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Selecting deleted buffer");
    }
    b.select(t);
    return b;
  }

  @Primitive(
      value = "buffer-list",
      min = 0,
      doc = "Return a list of all live buffers; FRAME's buffers first, if it is a frame.")
  static Object bufferList(Task t, Object frame) {
    return Lisp.list(t.c, Lisp.elements(t.c, BufferList.all(t)));
  }

  @Primitive(
      value = "buffer-name",
      min = 0,
      doc = "Return the name of BUFFER, or nil if it was killed.")
  static Object bufferName(Task t, Object buffer) {
    return Buffer.orCurrent(t, buffer).name(t.c);
  }

  @Primitive(
      value = "buffer-file-name",
      min = 0,
      doc = "Return the name of the file that BUFFER visits, or nil.")
  static Object bufferFileName(Task t, Object buffer) {
    return BufferVariable.FILE_NAME.in(t, Buffer.orCurrent(t, buffer));
  }

  @Primitive(
      value = "buffer-base-buffer",
      min = 0,
      doc = "Return the base buffer of the indirect buffer BUFFER, or nil if it is none.")
  static Object bufferBaseBuffer(Task t, Object buffer) {
    return Buffer.orCurrent(t, buffer).slot(t.c, Buffer.BASE);
  }

  @Primitive(
      value = "buffer-modified-p",
      min = 0,
      doc = "Return t if BUFFER was modified since it was last saved or visited.")
  static boolean bufferModifiedP(Task t, Object buffer) {
    return Buffer.orCurrent(t, buffer).isModified(t.c);
  }

  @Primitive(
      value = "force-mode-line-update",
      min = 0,
      doc = "Have mode lines redisplayed: the current buffer's, or with ALL non-nil everyone's.")
  static Object forceModeLineUpdate(Task t, Object all) {
    return all;
  }

  @Primitive(
      value = "set-buffer-modified-p",
      doc = "Mark the current buffer as modified or not, by FLAG.")
  static Object setBufferModifiedP(Task t, Object flag) {
    restoreBufferModifiedP(t, flag);
    return Symbol.NIL;
  }

  @Primitive(
      value = "restore-buffer-modified-p",
      doc = "As `set-buffer-modified-p', without redisplay of mode lines.")
  static Object restoreBufferModifiedP(Task t, Object flag) {
    Buffer.current(t).setModified(t.c, Lisp.isTrue(flag));
    return flag;
  }

  @Primitive(
      value = "buffer-modified-tick",
      min = 0,
      doc = "Return BUFFER's counter of modifications.")
  static long bufferModifiedTick(Task t, Object buffer) {
    return Buffer.orCurrent(t, buffer).modiff(t.c);
  }

  @Primitive(
      value = "buffer-chars-modified-tick",
      min = 0,
      doc = "Return BUFFER's counter of modifications as it was at the last change of characters.")
  static long bufferCharsModifiedTick(Task t, Object buffer) {
    return Buffer.orCurrent(t, buffer).charsModiff(t.c);
  }

  // ---- Order of buffers, killing
  // -----------------------------------------------------------------

  @Primitive(value = "bury-buffer-internal", doc = "Move BUFFER to the end of the buffer list.")
  static Object buryBufferInternal(Task t, Object buffer) {
    if (!(buffer instanceof Buffer b)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    if (b.isLive(t.c)) {
      BufferList.append(t, b);
      if (b.slot(t.c, Buffer.INHIBIT_HOOKS) == Symbol.NIL) {
        BufferLife.runListHook(t);
      }
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "other-buffer",
      min = 0,
      doc =
          "Return the first buffer of the list that is not BUFFER and not hidden.\n"
              + "VISIBLE-OK non-nil: one shown in a window of FRAME will do.")
  static Object otherBuffer(Task t, Object buffer, Object visibleOk, Object frame) {
    Object visible = Symbol.NIL;
    Buffer shown = visibleOk == Symbol.NIL ? shownBuffer(t) : null;
    for (Object l = BufferList.all(t); l instanceof Pair p; l = p.second(t.c)) {
      Buffer b = (Buffer) p.first(t.c);
      if (b == buffer || isHidden(t, b)) {
        continue;
      }
      if (b != shown) {
        return b;
      }
      if (visible == Symbol.NIL) {
        visible = b;
      }
    }
    return visible != Symbol.NIL ? visible : scratch(t);
  }

  private static Buffer shownBuffer(Task t) {
    return t.vm().subr("window-buffer") != null
            && t.call(t.vm().subr("window-buffer"), Symbol.NIL) instanceof Buffer b
        ? b
        : null;
  }

  private static boolean isHidden(Task t, Buffer b) {
    return b.name(t.c) instanceof LispString s && s.length(t.c) > 0 && s.get(t.c, 0) == ' ';
  }

  private static Object scratch(Task t) {
    Buffer b = BufferList.find(t, "*scratch*");
    if (b == null) {
      b = (Buffer) getBufferCreate(t, LispString.of(t.c, "*scratch*"), Symbol.NIL);
      setBufferMajorMode(t, b);
    }
    return b;
  }

  @Primitive(
      value = "kill-buffer",
      min = 0,
      interactive = "bKill buffer: ",
      doc =
          "Kill the buffer BUFFER-OR-NAME; return t if it was killed.\n"
              + "Runs `kill-buffer-query-functions' and `kill-buffer-hook'.")
  static Object killBuffer(Task t, Object bufferOrName) {
    Object x = bufferOrName == Symbol.NIL ? Buffer.current(t) : getBuffer(t, bufferOrName);
    if (x == Symbol.NIL) {
      throw LispSignal.error("No buffer named " + ((LispString) bufferOrName).toJava(t.c));
    }
    return Lisp.bool(
        BufferLife.kill(t, (Buffer) x, b -> (Buffer) otherBuffer(t, b, Symbol.T, Symbol.NIL)));
  }

  @Primitive(
      value = "buffer-swap-text",
      doc = "Exchange the texts of the current buffer and BUFFER, with all that belongs to them.")
  static Object bufferSwapText(Task t, Object buffer) {
    if (!(buffer instanceof Buffer b)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Cannot swap a dead buffer's text");
    }
    BufferLife.swap(t, Buffer.current(t), b);
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-buffer-multibyte",
      doc =
          "Make the current buffer multibyte, or with nil FLAG unibyte; its bytes stay the same.\n"
              + "FLAG `to': each byte becomes a character.")
  static Object setBufferMultibyte(Task t, Object flag) {
    BufferLife.setMultibyte(t, Buffer.current(t), flag);
    return flag;
  }

  // ---- Variables
  // ---------------------------------------------------------------------------------

  @Primitive(
      value = "buffer-local-value",
      doc = "Return the value of VARIABLE in BUFFER: its own there, or the default.")
  static Object bufferLocalValue(Task t, Object variable, Object buffer) {
    Symbol s = Lisp.symbol(variable);
    if (!(buffer instanceof Buffer b)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    Object v = LocalVariable.valueIn(t, s, b);
    if (v == Symbol.UNBOUND) {
      throw new LispSignal(Q.VOID_VARIABLE, s);
    }
    return v;
  }

  @Primitive(
      value = "buffer-local-variables",
      min = 0,
      doc = "Return an alist of BUFFER's own variables and values; a symbol is one without value.")
  static Object bufferLocalVariables(Task t, Object buffer) {
    return LocalVariable.list(t, Buffer.orCurrent(t, buffer));
  }

  @Primitive(
      value = "kill-all-local-variables",
      doc =
          "Run `change-major-mode-hook', then drop the current buffer's variables that are not\n"
              + "permanent, its keymap, syntax table and so on.")
  static Object killAllLocalVariables(Task t) {
    t.call(RUN_HOOKS, KILL_ALL_HOOK);
    LocalVariable.killAll(t, Buffer.current(t));
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-buffer-major-mode",
      doc = "Set BUFFER's major mode as it is for new buffers: by the default of `major-mode'.")
  static Object setBufferMajorMode(Task t, Object buffer) {
    if (!(buffer instanceof Buffer b)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Attempt to set major mode for a dead buffer");
    }
    Object function;
    if (b.name(t.c) instanceof LispString s && s.toJava(t.c).equals("*scratch*")) {
      function = Variables.orNil(t, INITIAL_MAJOR_MODE);
    } else {
      function = MAJOR_MODE.rawValue(t);
      Buffer c = Buffer.current(t);
      Object mode = BufferVariable.MAJOR_MODE.in(t, c);
      if (function == Symbol.NIL
          && mode instanceof Symbol m
          && t.callNamed("get", m, MODE_CLASS) != SPECIAL) {
        function = mode;
      }
    }
    if (function == Symbol.NIL || function == FUNDAMENTAL_MODE) {
      return Symbol.NIL;
    }
    Buffer old = Buffer.current(t);
    b.select(t);
    try {
      t.call(function);
    } finally {
      if (old.isLive(t.c)) {
        old.select(t);
      }
    }
    return Symbol.NIL;
  }

  // ---- Undo, read-only, erasing
  // ------------------------------------------------------------------

  @Primitive(
      value = "buffer-enable-undo",
      min = 0,
      interactive = "",
      doc = "Start recording changes of BUFFER for undoing, if they are not recorded.")
  static Object bufferEnableUndo(Task t, Object buffer) {
    Buffer b = named(t, buffer);
    if (BufferVariable.UNDO_LIST.in(t, b) == Symbol.T) {
      BufferVariable.UNDO_LIST.setIn(t, b, Symbol.NIL);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "undo-boundary",
      doc = "Mark where a group of changes ends that are undone together.")
  static Object undoBoundary(Task t) {
    Undo.boundary(t);
    return Symbol.NIL;
  }

  @Primitive(
      value = "barf-if-buffer-read-only",
      min = 0,
      doc =
          "Signal `buffer-read-only' if the current buffer is read-only, and the text at POSITION\n"
              + "does not inhibit that.")
  static Object barfIfBufferReadOnly(Task t, Object position) {
    int pos = -1;
    if (position != Symbol.NIL) {
      long p = Lisp.fixnum(position);
      Buffer b = Buffer.current(t);
      if (p < b.begv(t.c)) {
        throw LispSignal.outOfRange(position, position);
      }
      pos = (int) Math.min(p, b.zv(t.c));
    }
    Editing.requireWritable(t, pos);
    return Symbol.NIL;
  }

  @Primitive(
      value = "erase-buffer",
      interactive = "*",
      doc = "Delete all text of the current buffer, ending narrowing.")
  static Object eraseBuffer(Task t) {
    Editing.erase(t);
    return Symbol.NIL;
  }

  @Primitive(
      value = "combine-after-change-execute",
      doc = "Call `after-change-functions' for changes that were gathered so far.")
  static Object combineAfterChangeExecute(Task t) {
    org.elver.lisp.text.Hooks.execute(t);
    return Symbol.NIL;
  }
}
