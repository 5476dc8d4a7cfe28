package org.elver.lisp.primitive;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The conditions that primitives signal: what they are kinds of, and their messages. */
final class DataErrors {
  /** Name, message, and what else it is a kind of besides {@code error}. */
  private static final String[][] ERRORS = {
    {"wrong-length-argument", "Wrong length argument"},
    {"wrong-type-argument", "Wrong type argument"},
    {"args-out-of-range", "Args out of range"},
    {"void-function", "Symbol's function definition is void"},
    {"cyclic-function-indirection", "Symbol's chain of function indirections contains a loop"},
    {"cyclic-variable-indirection", "Symbol's chain of variable indirections contains a loop"},
    {"circular-list", "List contains a loop"},
    {"void-variable", "Symbol's value as variable is void"},
    {"setting-constant", "Attempt to set a constant symbol"},
    {"trapping-constant", "Attempt to trap writes to a constant symbol"},
    {"invalid-function", "Invalid function"},
    {"invalid-arity", "Invalid function arity"},
    {"wrong-number-of-arguments", "Wrong number of arguments"},
    {"no-catch", "No catch for tag"},
    {"end-of-file", "End of file during parsing"},
    {"arith-error", "Arithmetic error"},
    {"range-error", "Arithmetic range error", "arith-error"},
    {"domain-error", "Arithmetic domain error", "arith-error"},
    {"singularity-error", "Arithmetic singularity error", "domain-error", "arith-error"},
    {"overflow-error", "Arithmetic overflow error", "range-error", "arith-error"},
    {"underflow-error", "Arithmetic underflow error", "range-error", "arith-error"},
    {"beginning-of-buffer", "Beginning of buffer"},
    {"end-of-buffer", "End of buffer"},
    {"buffer-read-only", "Buffer is read-only"},
    {"text-read-only", "Text is read-only", "buffer-read-only"},
    {"mark-inactive", "The mark is not active now"},
    {"user-error", ""},
    {"scan-error", "Scan error"},
    {"search-failed", "Search failed"},
    {"user-search-failed", "Search failed", "user-error", "search-failed"},
    {"invalid-regexp", "Invalid regexp"},
    {"invalid-read-syntax", "Invalid read syntax"},
    {"coding-system-error", "Invalid coding system"},
    {"inhibited-interaction", "User interaction while inhibited"},
    {"protected-field", "Attempt to modify a protected field"},
    {"file-error", "File error"},
    {"file-already-exists", "File already exists", "file-error"},
    {"file-date-error", "Cannot set file date", "file-error"},
    {"file-missing", "File is missing", "file-error"},
    {"remote-file-error", "Remote file error", "file-error"},
    {"file-notify-error", "File notification error"},
    {"frozen-object", "Attempt to change an immutable object"},
    {"memory-full", "Memory exhausted"},
    {"elver-internal-error", "Internal error"},
    {"operation-timeout", "Operation timed out"},
    {"isolate-error", "Error in isolate"},
    {"isolate-killed", "Isolate was killed"},
    {"isolate-dead", "Isolate has ended"},
    {"channel-closed", "Channel is closed"},
    {"channel-poisoned", "Channel is poisoned"},
    {"deadlock-error", "Deadlock: every task waits"},
    {"wait-forbidden", "Waiting is not allowed here"},
    {"not-transferable", "Cannot pass to another isolate"},
    {"not-forkable", "Cannot be forked"},
    {"goroutine-error", "Goroutine error"},
    {"proxy-locked", "Proxy is locked"},
  };

  private DataErrors() {}

  /** Defines all. */
  static void define(Task t) {
    define(t, Q.ERROR, t.list(Q.ERROR), "error");
    define(t, Q.QUIT, t.list(Q.QUIT), "Quit");
    // Like quit no error, so that ignore-errors lets it through.
    Symbol cancelled = t.symbols().intern(t, "task-cancelled");
    define(t, cancelled, t.list(cancelled), "Task was cancelled");
    Symbol minibufferQuit = t.symbols().intern(t, "minibuffer-quit");
    define(t, minibufferQuit, t.list(minibufferQuit, Q.QUIT), "Quit");
    for (String[] e : ERRORS) {
      Object conditions = t.list(Q.ERROR);
      for (int i = e.length - 1; i >= 2; i--) {
        conditions = t.cons(t.symbols().intern(t, e[i]), conditions);
      }
      Symbol s = t.symbols().intern(t, e[0]);
      define(t, s, t.cons(s, conditions), e[1]);
    }
  }

  private static void define(Task t, Symbol s, Object conditions, String message) {
    Fns.put(t, s, Q.ERROR_CONDITIONS, conditions);
    Fns.put(t, s, Q.ERROR_MESSAGE, LispString.of(t.c, message));
  }
}
