package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** Lisp functions that take part in code conversion; they work on a buffer. */
final class Conversion {
  private static final Symbol GENERATE = Symbol.known("generate-new-buffer");
  private static final Symbol CURRENT = Symbol.known("current-buffer");
  private static final Symbol SET = Symbol.known("set-buffer");
  private static final Symbol KILL = Symbol.known("kill-buffer");
  private static final Symbol INSERT = Symbol.known("insert");
  private static final Symbol GOTO = Symbol.known("goto-char");
  private static final Symbol STRING = Symbol.known("buffer-string");
  private static final Symbol POINT_MIN = Symbol.known("point-min");
  private static final Symbol POINT_MAX = Symbol.known("point-max");

  private Conversion() {}

  private interface Step {
    void run();
  }

  private static Object inBuffer(Task t, LispString text, Step step) {
    Object saved = t.call(CURRENT);
    Object work = t.call(GENERATE, LispString.of(t.c, " *code-conversion-work*"));
    try {
      t.call(SET, work);
      t.call(INSERT, text);
      t.call(GOTO, 1L);
      step.run();
      return t.call(STRING);
    } finally {
      Object now = t.call(CURRENT);
      t.call(SET, saved);
      if (now != work && now != saved) {
        t.call(KILL, now);
      }
      t.call(KILL, work);
    }
  }

  /** The text after the function called for decoded text has changed it. */
  static Object postRead(Task t, Object function, LispString text) {
    Object used = Variables.orNil(t, CodingFunctions.LAST_USED);
    Object out = inBuffer(t, text, () -> t.call(function, (long) text.length(t.c)));
    Variables.set(t, CodingFunctions.LAST_USED, used);
    return out;
  }

  /** The text after the functions called for text to be encoded have changed it. */
  static Object preWrite(Task t, Object function, LispString text) {
    return inBuffer(
        t,
        text,
        () -> {
          Object functions = function instanceof Pair ? function : t.list(function);
          for (Object tail = functions; tail instanceof Pair p; tail = p.second(t.c)) {
            t.call(p.first(t.c), t.call(POINT_MIN), t.call(POINT_MAX));
          }
        });
  }
}
