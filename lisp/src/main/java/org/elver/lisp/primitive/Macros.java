package org.elver.lisp.primitive;

import java.util.List;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Keyboard macros. */
final class Macros {
  private static final Symbol DEFINING = Symbol.known("defining-kbd-macro");
  private static final Symbol EXECUTING = Symbol.known("executing-kbd-macro");
  private static final Symbol INDEX = Symbol.known("executing-kbd-macro-index");
  private static final Symbol LAST = Symbol.known("last-kbd-macro");
  private static final Symbol RECORDED = Symbol.known(" recorded-kbd-macro");
  private static final Symbol TERMINATION = Symbol.known("kbd-macro-termination-hook");
  private static final Symbol APPEND = Symbol.known("append");

  private Macros() {}

  static void variables(Task t) {
    Defvars.nil(
        t, "defining-kbd-macro executing-kbd-macro kbd-macro-termination-hook " + "last-kbd-macro");
    Defvars.integers(t, "executing-kbd-macro-index 0");
    RECORDED.setRawValue(t, Symbol.NIL);
  }

  /** Records an event. */
  static void note(Task t, Object event) {
    RECORDED.setRawValue(t, t.cons(event, RECORDED.rawValue(t)));
  }

  private static void say(Task t, String text) {
    t.callNamed("message", LispString.of(t.c, text));
  }

  @Primitive(
      value = "start-kbd-macro",
      min = 1,
      interactive = "P",
      doc = "Record what is typed as a keyboard macro.  APPEND non-nil: add to the last one.")
  static Object start(Task t, Object append, Object noExec) {
    if (Lisp.isTrue(Variables.orNil(t, DEFINING))) {
      throw LispSignal.error("Already defining kbd macro");
    }
    if (Lisp.isTrue(append)) {
      Object old = Variables.orNil(t, LAST);
      if (!(old instanceof LispString || old instanceof org.elver.heap.object.Vector)) {
        throw LispSignal.wrongType(Q.ARRAYP, old);
      }
      List<Object> last = Events.keys(t, old);
      RECORDED.setRawValue(t, Lisp.list(t.c, last.reversed()));
      Variables.set(t, DEFINING, APPEND);
      say(t, "Appending to kbd macro...");
    } else {
      RECORDED.setRawValue(t, Symbol.NIL);
      Variables.set(t, DEFINING, Symbol.T);
      say(t, "Defining kbd macro...");
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "end-kbd-macro",
      min = 0,
      interactive = "p",
      doc = "Finish recording a keyboard macro; then execute it REPEAT - 1 times.")
  static Object end(Task t, Object repeat, Object loopfunc) {
    if (!Lisp.isTrue(Variables.orNil(t, DEFINING))) {
      throw LispSignal.error("Not defining kbd macro");
    }
    Variables.set(t, DEFINING, Symbol.NIL);
    List<Object> events = Lisp.elements(t.c, RECORDED.rawValue(t)).reversed();
    boolean plain = true;
    int[] codes = new int[events.size()];
    for (int i = 0; i < codes.length; i++) {
      plain &= events.get(i) instanceof Long l && l >= 0 && l < 128;
      codes[i] = plain ? (int) (long) (Long) events.get(i) : 0;
    }
    Variables.set(
        t, LAST, plain ? LispString.of(t.c, codes, false) : new Vector(t.c, events.toArray()));
    say(t, "Keyboard macro defined");
    if (repeat instanceof Long n && n > 1) {
      execute(t, Variables.orNil(t, LAST), n - 1, loopfunc);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "cancel-kbd-macro-events",
      doc = "Forget the events recorded for this command.")
  static Object cancel(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "store-kbd-macro-event", doc = "Record EVENT in the keyboard macro.")
  static Object store(Task t, Object event) {
    if (Lisp.isTrue(Variables.orNil(t, DEFINING))) {
      note(t, event);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "call-last-kbd-macro",
      min = 0,
      interactive = "p",
      doc = "Execute the last keyboard macro PREFIX times; LOOPFUNC is as in `execute-kbd-macro'.")
  static Object callLast(Task t, Object prefix, Object loopfunc) {
    if (Lisp.isTrue(Variables.orNil(t, DEFINING))) {
      throw LispSignal.error("Can't execute anonymous macro while defining one");
    }
    if (!Lisp.isTrue(Variables.orNil(t, LAST))) {
      throw LispSignal.error("No kbd macro has been defined");
    }
    return execute(t, Variables.orNil(t, LAST), prefix, loopfunc);
  }

  @Primitive(
      value = "execute-kbd-macro",
      min = 1,
      doc =
          "Execute MACRO, a string or vector of events, COUNT times; 0 means until an error.\n"
              + "LOOPFUNC is called before each time; nil from it ends.")
  static Object execute(Task t, Object macro, Object count, Object loopfunc) {
    Object m = t.callNamed("indirect-function", macro, Symbol.T);
    if (!(m instanceof LispString) && !(m instanceof Vector)) {
      throw LispSignal.error("Keyboard macros must be strings or vectors");
    }
    long times = Lisp.isTrue(count) ? WindowSizes.prefix(t, count) : 1;
    int mark = t.bindingMark();
    t.bind(EXECUTING, m);
    t.bind(INDEX, 0L);
    Object oldReal = Variables.orNil(t, Symbol.known("real-this-command"));
    try {
      for (long i = 0; times == 0 || i < times; i++) {
        t.safepoint();
        Variables.set(t, EXECUTING, m);
        Variables.set(t, INDEX, 0L);
        if (Lisp.isTrue(loopfunc) && !Lisp.isTrue(t.call(loopfunc))) {
          break;
        }
        Keyboard.commands(t);
        if (Events.keys(t, m).isEmpty()) {
          break;
        }
      }
    } finally {
      t.unbindTo(mark);
      Variables.set(t, Symbol.known("real-this-command"), oldReal);
      if (Lisp.isTrue(Variables.orNil(t, TERMINATION))) {
        t.callNamed("run-hooks", TERMINATION);
      }
    }
    return Symbol.NIL;
  }
}
