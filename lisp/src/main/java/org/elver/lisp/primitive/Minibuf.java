package org.elver.lisp.primitive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.elver.heap.object.Pair;
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
import org.elver.lisp.print.Console;
import org.elver.lisp.text.Buffer;

/** Reading in the minibuffer, which in batch mode is reading lines of standard input. */
final class Minibuf {
  private static final Symbol READ_BUFFER_FUNCTION = Symbol.known("read-buffer-function");
  private static final Symbol INHIBIT = Symbol.known("inhibit-interaction");
  private static final Symbol INHIBITED = Symbol.known("inhibited-interaction");
  private static final Symbol COMPLETING_READ = Symbol.known("completing-read-function");
  private static final Symbol COMMANDP = Symbol.known("commandp");

  private Minibuf() {}

  static void variables(Task t) {
    Defvars.nil(
        t,
        "completion-ignore-case completion-regexp-list enable-recursive-minibuffers "
            + "history-delete-duplicates inhibit-interaction minibuffer-allow-text-properties "
            + "minibuffer-auto-raise minibuffer-completing-file-name minibuffer-completion-confirm "
            + "minibuffer-completion-predicate minibuffer-completion-table minibuffer-exit-hook "
            + "minibuffer-help-form minibuffer-history-position minibuffer-setup-hook "
            + "read-buffer-completion-ignore-case read-buffer-function read-expression-history "
            + "read-hide-char minibuffer-completion-confirm");
    Defvars.t(
        t,
        "history-add-new-input minibuffer-follows-selected-frame "
            + "read-minibuffer-restore-windows");
    Defvars.integers(t, "history-length 100");
    Defvars.symbols(t, "minibuffer-history-variable minibuffer-history");
    Vm.defvar(t, "minibuffer-prompt-properties", t.list(Symbol.known("read-only"), Symbol.T));
    for (String name : new String[] {"minibuffer-history", "buffer-name-history"}) {
      Vm.defvar(t, name, Symbol.NIL);
    }
  }

  /**
   * Standard input, a byte at a time: others may read it too. One task at a time; its own fields
   * are that one's.
   */
  static final class Input {
    private final InputStream in = System.in;

    /** So many bytes can be read without waiting. */
    private int ready;

    /** A byte being waited for, maybe by a task that has been interrupted since. */
    private CompletableFuture<Integer> awaited;

    /** Done when who reads a line is; null: nobody does. Guarded by this. */
    private CompletableFuture<Void> reader;

    /** The next line without its end; null at the end of input. */
    byte[] line(Task t) throws IOException {
      CompletableFuture<Void> me = new CompletableFuture<>();
      for (CompletableFuture<Void> before = enter(me); before != null; before = enter(me)) {
        Blocking.await(t, before); // No monitor: who reads may need this very thread to go on.
      }
      try {
        return read(t, new ByteArrayOutputStream());
      } finally {
        leave(me);
      }
    }

    private synchronized CompletableFuture<Void> enter(CompletableFuture<Void> me) {
      if (reader == null) {
        reader = me;
        return null;
      }
      return reader;
    }

    private void leave(CompletableFuture<Void> me) {
      synchronized (this) {
        reader = null;
      }
      me.complete(null);
    }

    private byte[] read(Task t, ByteArrayOutputStream out) throws IOException {
      int b = read(t);
      if (b < 0) {
        return null;
      }
      while (b >= 0 && b != '\n') {
        out.write(b);
        b = read(t);
      }
      ready = 0; // Others may read before the next line.
      return out.toByteArray();
    }

    private int read(Task t) throws IOException {
      if (awaited == null && ready == 0) {
        ready = in.available();
      }
      if (awaited == null && ready > 0) {
        ready--;
        return in.read();
      }
      if (awaited == null) {
        awaited = Blocking.start(in::read);
      }
      int b = Blocking.await(t, awaited);
      awaited = null;
      return b;
    }
  }

  private static Object readLine(Task t, Object prompt) {
    Console console = Console.of(t);
    if (prompt instanceof LispString s) {
      byte[] bytes = s.toJava(t.c).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      console.outBytes(bytes);
      console.flush();
    }
    byte[] line;
    try {
      line = console.isCaptured() ? null : t.vm().service(Input.class, Input::new).line(t);
    } catch (IOException e) {
      line = null;
    }
    if (line == null) {
      throw new LispSignal(Q.END_OF_FILE, "Error reading from stdin");
    }
    return LispString.of(t.c, new String(line, java.nio.charset.StandardCharsets.UTF_8));
  }

  @Primitive(
      value = "read-from-minibuffer",
      min = 1,
      doc =
          "Read a string from the minibuffer with PROMPT; in batch mode, a line of input.\n"
              + "READ non-nil: read a Lisp object from it.  INITIAL-CONTENTS, KEYMAP, HIST,"
              + " DEFAULT-VALUE\n"
              + "and INHERIT-INPUT-METHOD matter to interactive use.")
  static Object readFromMinibuffer(
      Task t,
      Object prompt,
      Object initialContents,
      Object keymap,
      Object read,
      Object hist,
      Object defaultValue,
      Object inheritInputMethod) {
    Lisp.string(prompt);
    if (Lisp.isTrue(Variables.orNil(t, INHIBIT))) {
      throw new LispSignal(INHIBITED);
    }
    Object line = readLine(t, prompt);
    if (!Lisp.isTrue(read)) {
      return line;
    }
    LispString text = (LispString) line;
    if (text.length(t.c) == 0) {
      Object d = defaultValue instanceof Pair p ? p.first(t.c) : defaultValue;
      if (d instanceof LispString s) {
        text = s;
      }
    }
    Object result = t.callNamed("read-from-string", text);
    int end = (int) (long) (Long) Lisp.cdr(t.c, result);
    for (int i = end; i < text.length(t.c); i++) {
      int c = text.get(t.c, i);
      if (c != ' ' && c != '\t' && c != '\n') {
        throw LispSignal.error("Trailing garbage following expression");
      }
    }
    return Lisp.car(t.c, result);
  }

  @Primitive(
      value = "read-string",
      min = 1,
      doc = "Read a string with PROMPT.  An empty one is replaced by DEFAULT-VALUE if non-nil.")
  static Object readString(
      Task t,
      Object prompt,
      Object initialInput,
      Object history,
      Object defaultValue,
      Object inheritInputMethod) {
    Object v =
        readFromMinibuffer(
            t,
            prompt,
            initialInput,
            Symbol.NIL,
            Symbol.NIL,
            history,
            defaultValue,
            inheritInputMethod);
    if (v instanceof LispString s && s.length(t.c) == 0 && Lisp.isTrue(defaultValue)) {
      return defaultValue instanceof Pair p ? p.first(t.c) : defaultValue;
    }
    return v;
  }

  @Primitive(
      value = "read-command",
      min = 1,
      doc = "Read the name of a command with PROMPT; return the symbol.")
  static Object readCommand(Task t, Object prompt, Object defaultValue) {
    return readSymbol(t, prompt, COMMANDP, defaultValue, "command-history");
  }

  @Primitive(
      value = "read-variable",
      min = 1,
      doc = "Read the name of a user option with PROMPT; return the symbol.")
  static Object readVariable(Task t, Object prompt, Object defaultValue) {
    return readSymbol(
        t, prompt, Symbol.known("custom-variable-p"), defaultValue, "custom-variable-history");
  }

  private static Object readSymbol(
      Task t, Object prompt, Symbol predicate, Object defaultValue, String history) {
    Object d =
        defaultValue instanceof Symbol s && s != Symbol.NIL
            ? t.callNamed("symbol-name", s)
            : defaultValue;
    Object name =
        completingRead(
            t,
            prompt,
            Variables.orNil(t, Q.OBARRAY),
            predicate,
            Symbol.T,
            Symbol.NIL,
            t.symbols().intern(t, history),
            d,
            Symbol.NIL);
    return name == Symbol.NIL ? name : t.symbols().intern(t, Lisp.string(name).toJava(t.c));
  }

  @Primitive(
      value = "read-buffer",
      min = 1,
      doc =
          "Read the name of a buffer with PROMPT; an empty line means DEF.\n"
              + "REQUIRE-MATCH and PREDICATE are as in `completing-read'.")
  static Object readBuffer(
      Task t, Object prompt, Object def, Object requireMatch, Object predicate) {
    Object d = Lisp.isTrue(t.callNamed("bufferp", def)) ? t.callNamed("buffer-name", def) : def;
    Object function = Variables.orNil(t, READ_BUFFER_FUNCTION);
    if (Lisp.isTrue(function)) {
      return Lisp.isTrue(predicate)
          ? t.call(function, prompt, d, requireMatch, predicate)
          : t.call(function, prompt, d, requireMatch);
    }
    Object shown = prompt;
    if (Lisp.isTrue(d) && prompt instanceof LispString) {
      Object first = d instanceof Pair p ? p.first(t.c) : d;
      shown =
          t.callNamed(
              "format-prompt",
              LispString.of(t.c, "%s"),
              first,
              t.callNamed(
                  "replace-regexp-in-string",
                  LispString.of(t.c, ": \\'"),
                  LispString.empty(t.c),
                  prompt));
    }
    int mark = t.bindingMark();
    t.bind(
        Symbol.known("completion-ignore-case"),
        Variables.orNil(t, Symbol.known("read-buffer-completion-ignore-case")));
    try {
      return completingRead(
          t,
          shown,
          Symbol.known("internal-complete-buffer"),
          predicate,
          requireMatch,
          Symbol.NIL,
          Symbol.known("buffer-name-history"),
          d,
          Symbol.NIL);
    } finally {
      t.unbindTo(mark);
    }
  }

  @Primitive(
      value = "completing-read",
      min = 2,
      doc =
          "Read a string with PROMPT and completion from COLLECTION, entries with PREDICATE.\n"
              + "The function `completing-read-function' does it, with all arguments.")
  static Object completingRead(
      Task t,
      Object prompt,
      Object collection,
      Object predicate,
      Object requireMatch,
      Object initialInput,
      Object hist,
      Object def,
      Object inheritInputMethod) {
    return t.call(
        Variables.value(t, COMPLETING_READ),
        prompt,
        collection,
        predicate,
        requireMatch,
        initialInput,
        hist,
        def,
        inheritInputMethod);
  }

  @Primitive(
      value = "minibufferp",
      min = 0,
      doc = "Return t if BUFFER is a minibuffer.  LIVE non-nil: an active one.")
  static boolean minibufferp(Task t, Object buffer, Object live) {
    if (buffer != Symbol.NIL && !(buffer instanceof LispString || buffer instanceof Buffer)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    Object b = Lisp.isTrue(buffer) ? t.callNamed("get-buffer", buffer) : t.currentBuffer;
    Object name = Lisp.isTrue(b) ? t.callNamed("buffer-name", b) : Symbol.NIL;
    return name instanceof LispString s
        && s.toJava(t.c).startsWith(" *Minibuf-")
        && !Lisp.isTrue(live);
  }

  @Primitive(value = "minibuffer-depth", doc = "Return how many minibuffers are active.")
  static Object depth(Task t) {
    return 0L;
  }

  @Primitive(value = "minibuffer-prompt", doc = "Return the prompt of the minibuffer, or nil.")
  static Object minibufferPrompt(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "minibuffer-prompt-end",
      doc = "Return where the prompt in the current buffer, a minibuffer, ends.")
  static Object promptEnd(Task t) {
    return t.callNamed("point-min");
  }

  @Primitive(
      value = "minibuffer-contents",
      doc = "Return the text of the current buffer, without the prompt of a minibuffer.")
  static Object contents(Task t) {
    return t.callNamed("buffer-string");
  }

  @Primitive(
      value = "minibuffer-contents-no-properties",
      doc = "As `minibuffer-contents', without text properties.")
  static Object contentsPlain(Task t) {
    return t.callNamed(
        "buffer-substring-no-properties", t.callNamed("point-min"), t.callNamed("point-max"));
  }

  @Primitive(
      value = "active-minibuffer-window",
      doc = "Return the window of the active minibuffer, or nil.")
  static Object activeWindow(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "set-minibuffer-window", doc = "Make WINDOW the one for the minibuffer.")
  static Object setWindow(Task t, Object window) {
    if (!WindowTree.any(t, window).mini) {
      throw LispSignal.error("Window is not a minibuffer window");
    }
    return window;
  }

  @Primitive(
      value = "innermost-minibuffer-p",
      min = 0,
      doc = "Return t if BUFFER is the innermost active minibuffer.")
  static Object innermost(Task t, Object buffer) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "minibuffer-innermost-command-loop-p",
      min = 0,
      doc = "Return t if BUFFER is a minibuffer of the innermost command loop.")
  static Object innermostLoop(Task t, Object buffer) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "abort-minibuffers",
      interactive = "",
      doc = "Leave the minibuffer that is current, and those within it.")
  static Object abort(Task t) {
    if (!minibufferp(t, Symbol.NIL, Symbol.NIL)) {
      throw LispSignal.error("Not in a minibuffer");
    }
    throw LispSignal.error("Not in a minibuffer");
  }
}
