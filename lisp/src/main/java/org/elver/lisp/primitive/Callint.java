package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Calling commands with arguments read as their interactive specifications say. */
final class Callint {
  private static final Symbol COMMANDP = Symbol.known("commandp");
  private static final Symbol CURRENT_PREFIX_ARG = Symbol.known("current-prefix-arg");
  private static final Symbol LAST_PREFIX_ARG = Symbol.known("last-prefix-arg");
  private static final Symbol PREFIX_ARG = Symbol.known("prefix-arg");
  private static final Symbol HISTORY = Symbol.known("command-history");
  private static final Symbol MARK_EVEN = Symbol.known("mark-even-if-inactive");
  private static final Symbol FUNCALL = Symbol.known("funcall-interactively");
  private static final Symbol MINUS = Symbol.known("-");

  private Callint() {}

  static void variables(Task t) {
    Defvars.nil(
        t,
        "command-debug-status command-history current-prefix-arg "
            + "inhibit-mouse-event-check last-prefix-arg mouse-leave-buffer-hook prefix-arg");
    Defvars.t(t, "mark-even-if-inactive");
  }

  @Primitive(
      value = "prefix-numeric-value",
      doc = "Return the number that the raw prefix argument RAW means.")
  static Object prefixNumericValue(Task t, Object raw) {
    if (raw == MINUS) {
      return -1L;
    }
    Object x = raw instanceof Pair p ? p.first(t.c) : raw;
    return Lisp.isInteger(x) ? x : 1L;
  }

  @Primitive(
      value = "funcall-interactively",
      min = 1,
      args = "(FUNCTION &rest ARGS)",
      doc = "Call the first of ARGS with the others, as a command called by the user.")
  static Object funcallInteractively(Task t, Object[] args) {
    return t.invoke(
        new Eval.Passing(), args[0], java.util.Arrays.copyOfRange(args, 1, args.length));
  }

  @Primitive(
      value = "call-interactively",
      min = 1,
      doc =
          "Call the command FUNCTION with arguments read as its interactive form says.\n"
              + "RECORD-FLAG non-nil: record the call in `command-history'.  KEYS is a vector of"
              + " the\n"
              + "events that called it.")
  static Object callInteractively(Task t, Object function, Object recordFlag, Object keys) {
    Object keyVector = Lisp.isTrue(keys) ? keys : Keyboard.thisCommandKeysVector(t);
    if (Lisp.isTrue(keys) && !(keys instanceof Vector)) {
      throw LispSignal.wrongType(Q.VECTORP, keys);
    }
    Object prefix = Variables.orNil(t, CURRENT_PREFIX_ARG);
    Object form =
        function instanceof Symbol
                || t.callNamed("functionp", function) == Symbol.T
                || function instanceof Pair
            ? t.callNamed("interactive-form", function)
            : Symbol.NIL;
    if (!(form instanceof Pair f)) {
      throw LispSignal.wrongType(COMMANDP, function);
    }
    Object spec = Lisp.carSafe(t.c, f.second(t.c));
    List<Object> values;
    List<Object> recorded;
    boolean record = Lisp.isTrue(recordFlag);
    if (spec instanceof LispString text) {
      values = new ArrayList<>();
      recorded = new ArrayList<>();
      record |= read(t, text, values, recorded, prefix, keyVector);
    } else {
      Object lexical =
          Lisp.isTrue(t.callNamed("functionp", function))
                  && t.callNamed("indirect-function", function) instanceof Pair p
                  && p.first(t.c) == Q.CLOSURE
              ? Symbol.T
              : Symbol.NIL;
      Object list = t.callNamed("eval", spec, lexical);
      values = Lisp.elements(t.c, list);
      recorded = new ArrayList<>();
      for (Object v : values) {
        recorded.add(quoted(t, v));
      }
    }
    if (record) {
      Object call = t.cons(function, Lisp.list(t.c, recorded));
      Object history = t.cons(call, Variables.orNil(t, HISTORY));
      Variables.set(t, HISTORY, history);
    }
    Variables.set(t, PREFIX_ARG, Variables.orNil(t, PREFIX_ARG));
    Variables.set(t, LAST_PREFIX_ARG, prefix);
    Object[] args = new Object[values.size() + 1];
    args[0] = function;
    for (int i = 0; i < values.size(); i++) {
      args[i + 1] = values.get(i);
    }
    return t.invoke(new Eval.Passing(), FUNCALL, args);
  }

  private static Object quoted(Task t, Object x) {
    return (x instanceof Symbol s && s != Symbol.NIL && s != Symbol.T && !s.isKeyword(t))
            || x instanceof Pair
        ? t.list(Q.QUOTE, x)
        : x;
  }

  private static long mark(Task t, String message) {
    Object m = t.callNamed("marker-position", t.callNamed("mark-marker"));
    if (!(m instanceof Long l)) {
      throw LispSignal.error(message);
    }
    if (Lisp.isTrue(Variables.orNil(t, Symbol.known("transient-mark-mode")))
        && !Lisp.isTrue(Variables.orNil(t, MARK_EVEN))
        && !Lisp.isTrue(Variables.orNil(t, Q.MARK_ACTIVE))) {
      throw new LispSignal(Q.MARK_INACTIVE);
    }
    return l;
  }

  /** Reads arguments by a specification; returns whether something was asked of the user. */
  private static boolean read(
      Task t,
      LispString spec,
      List<Object> values,
      List<Object> recorded,
      Object prefix,
      Object keys) {
    String text = spec.toJava(t.c);
    int i = 0;
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '*') {
        if (Lisp.isTrue(Variables.orNil(t, Symbol.known("buffer-read-only")))
            && !Lisp.isTrue(Variables.orNil(t, Q.INHIBIT_READ_ONLY))) {
          t.callNamed("barf-if-buffer-read-only");
        }
      } else if (c == '@') {
        // The event was no mouse event: there is no window to select.
      } else if (c == '^') {
        t.callNamed("handle-shift-selection");
      } else {
        break;
      }
    }
    if (i == text.length()) {
      return false;
    }
    boolean asked = false;
    int event = 0;
    for (String part : text.substring(i).split("\n", -1)) {
      if (part.isEmpty()) {
        throw invalid(0);
      }
      int code = part.codePointAt(0);
      Object prompt = LispString.of(t.c, part.substring(Character.charCount(code)));
      if (((LispString) prompt).length(t.c) > 0 && part.indexOf('%') >= 0) {
        List<Object> shown = new ArrayList<>();
        shown.add(prompt);
        shown.addAll(values);
        prompt =
            t.callNamed("apply", t.symbols().intern(t, "format-message"), Lisp.list(t.c, shown));
      }
      boolean silent = false;
      Object constant = null;
      Object v;
      switch (code) {
        case 'a' -> v = completeSymbol(t, prompt, "fboundp");
        case 'b' -> v = Minibuf.readBuffer(t, prompt, t.currentBuffer, Symbol.T, Symbol.NIL);
        case 'B' ->
            v =
                Minibuf.readBuffer(
                    t,
                    prompt,
                    t.callNamed("other-buffer", t.currentBuffer),
                    Symbol.NIL,
                    Symbol.NIL);
        case 'c' -> v = t.callNamed("read-char", prompt);
        case 'C' -> v = Minibuf.readCommand(t, prompt, Symbol.NIL);
        case 'd' -> {
          v = t.callNamed("point");
          constant = t.list(t.symbols().intern(t, "point"));
          silent = true;
        }
        case 'D' ->
            v =
                t.callNamed(
                    "read-directory-name",
                    prompt,
                    Symbol.NIL,
                    Variables.orNil(t, Q.DEFAULT_DIRECTORY),
                    Q.LAMBDA,
                    Symbol.NIL);
        case 'e' -> {
          silent = true;
          Object found = null;
          List<Object> events = Events.keys(t, keys);
          while (event < events.size()) {
            Object e = events.get(event++);
            if (e instanceof Pair) {
              found = e;
              break;
            }
          }
          if (found == null) {
            throw LispSignal.error("command must be bound to an event with parameters");
          }
          v = found;
        }
        case 'f' -> v = t.callNamed("read-file-name", prompt, Symbol.NIL, Symbol.NIL, Q.LAMBDA);
        case 'F' -> v = t.callNamed("read-file-name", prompt);
        case 'G' ->
            v =
                t.callNamed(
                    "read-file-name",
                    prompt,
                    Symbol.NIL,
                    Symbol.NIL,
                    Symbol.NIL,
                    LispString.empty(t.c));
        case 'i' -> {
          v = Symbol.NIL;
          silent = true;
        }
        case 'k', 'K' ->
            v = Keyboard.readKeySequence(t, prompt, Symbol.NIL, Symbol.T, Symbol.NIL, Symbol.NIL);
        case 'm' -> {
          v = mark(t, "The mark is not set now");
          constant = t.list(t.symbols().intern(t, "mark"));
          silent = true;
        }
        case 'M' -> v = Minibuf.readString(t, prompt, Symbol.NIL, Symbol.NIL, Symbol.NIL, Symbol.T);
        case 'n' -> v = t.callNamed("read-number", prompt);
        case 'N' ->
            v =
                prefix != Symbol.NIL
                    ? prefixNumericValue(t, prefix)
                    : t.callNamed("read-number", prompt);
        case 'p' -> {
          v = prefixNumericValue(t, prefix);
          silent = true;
        }
        case 'P' -> {
          v = prefix;
          silent = true;
        }
        case 'r' -> {
          long m = mark(t, "The mark is not set now, so there is no region");
          long p = (Long) t.callNamed("point");
          values.add(Math.min(p, m));
          recorded.add(t.list(t.symbols().intern(t, "region-beginning")));
          v = Math.max(p, m);
          constant = t.list(t.symbols().intern(t, "region-end"));
          silent = true;
        }
        case 's' ->
            v = Minibuf.readString(t, prompt, Symbol.NIL, Symbol.NIL, Symbol.NIL, Symbol.NIL);
        case 'S' ->
            v =
                t.symbols()
                    .intern(
                        t, Lisp.string(t.callNamed("read-no-blanks-input", prompt)).toJava(t.c));
        case 'U' -> {
          v = Symbol.NIL;
          silent = true;
        }
        case 'v' -> v = Minibuf.readVariable(t, prompt, Symbol.NIL);
        case 'x' -> v = t.callNamed("read-minibuffer", prompt);
        case 'X' -> v = t.callNamed("eval", t.callNamed("read-minibuffer", prompt), Symbol.NIL);
        case 'z' -> v = t.callNamed("read-coding-system", prompt);
        case 'Z' -> {
          boolean none = prefix == Symbol.NIL;
          v = none ? Symbol.NIL : t.callNamed("read-non-nil-coding-system", prompt);
          silent = none;
        }
        default -> throw invalid(code);
      }
      asked |= !silent || code == 'Z' || code == 'U';
      values.add(v);
      recorded.add(constant != null ? constant : quoted(t, v));
    }
    return asked;
  }

  private static Object completeSymbol(Task t, Object prompt, String predicate) {
    Object name =
        Minibuf.completingRead(
            t,
            prompt,
            Variables.orNil(t, Q.OBARRAY),
            t.symbols().intern(t, predicate),
            Symbol.T,
            Symbol.NIL,
            Symbol.NIL,
            Symbol.NIL,
            Symbol.NIL);
    return t.symbols().intern(t, Lisp.string(name).toJava(t.c));
  }

  private static LispSignal invalid(int code) {
    return LispSignal.error(
        String.format(
            "Invalid control letter ‘%s’ (#o%03o, #x%04x) in interactive calling string",
            Character.toString(code), code, code));
  }
}
