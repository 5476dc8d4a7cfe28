package org.elver.lisp.text;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The functions that are told of changes: of hooks, text properties and overlays. */
public final class Hooks {
  static final Symbol INHIBIT = Symbol.known("inhibit-modification-hooks");
  private static final Symbol BEFORE = Symbol.known("before-change-functions");
  private static final Symbol AFTER = Symbol.known("after-change-functions");
  private static final Symbol FIRST = Symbol.known("first-change-hook");
  private static final Symbol RUN_HOOKS = Symbol.known("run-hooks");
  private static final Symbol RUN_HOOK_WITH_ARGS = Symbol.known("run-hook-with-args");
  private static final Symbol COMBINE = Symbol.known("combine-after-change-calls");
  private static final Symbol COMBINED = Symbol.known(" combined-after-changes");
  private static final Symbol CALLS = Symbol.known(" overlay-hooks");
  private static final Symbol READ_ONLY = Symbol.known("read-only");
  private static final Symbol INHIBIT_READ_ONLY = Symbol.known("inhibit-read-only");
  private static final Symbol MODIFICATION_HOOKS = Symbol.known("modification-hooks");
  private static final Symbol IN_FRONT_HOOKS = Symbol.known("insert-in-front-hooks");
  private static final Symbol BEHIND_HOOKS = Symbol.known("insert-behind-hooks");

  private Hooks() {}

  private static boolean inhibited(Task t) {
    return Editing.isSet(t, INHIBIT);
  }

  /** Whether a hook variable has functions to call. */
  private static boolean hasFunctions(Task t, Symbol hook) {
    return Editing.isSet(t, hook);
  }

  /** Runs a change hook; if a function signals, the hook is emptied and the error goes on. */
  private static void run(Task t, Symbol hook, Object... args) {
    Object[] all = new Object[args.length + 1];
    all[0] = hook;
    System.arraycopy(args, 0, all, 1, args.length);
    boolean done = false;
    try {
      t.call(RUN_HOOK_WITH_ARGS, all);
      done = true;
    } finally {
      if (!done) {
        Variables.set(t, hook, Symbol.NIL);
      }
    }
  }

  /** Before characters of a range change; returns where {@code from} is after the hooks. */
  static int before(Task t, int from, int to) {
    if (inhibited(t)) {
      return from;
    }
    Buffer b = Buffer.current(t);
    boolean first = !b.isModified(t.c) && hasFunctions(t, FIRST);
    boolean hook = hasFunctions(t, BEFORE);
    boolean overlays = Overlay.any(t.c, b);
    if (!first && !hook && !overlays) {
      return from;
    }
    // Three as in GNU Emacs, where the undo list may show them.
    Marker place = new Marker(t.c, b, from, false);
    Marker start = new Marker(t.c, b, from, false);
    Marker end = new Marker(t.c, b, to, false);
    int mark = t.bindingMark();
    t.bind(INHIBIT, Symbol.T);
    try {
      if (first) {
        t.call(RUN_HOOKS, FIRST);
      }
      if (hook) {
        run(t, BEFORE, (long) start.charpos(t.c), (long) end.charpos(t.c));
      }
      if (overlays) {
        int a = start.charpos(t.c);
        int z = end.charpos(t.c);
        overlays(t, a, z, false, (long) a, (long) z);
      }
      return b.isLive(t.c) ? place.charpos(t.c) : from;
    } finally {
      place.detach(t.c);
      start.detach(t.c);
      end.detach(t.c);
      t.unbindTo(mark);
    }
  }

  /** After {@code deleted} characters at {@code at} were replaced by {@code inserted} ones. */
  public static void after(Task t, int at, int deleted, int inserted) {
    if (inhibited(t)) {
      return;
    }
    Buffer b = Buffer.current(t);
    boolean hook = hasFunctions(t, AFTER);
    boolean overlays = Overlay.any(t.c, b);
    boolean combine = Editing.isSet(t, COMBINE) && !hasFunctions(t, BEFORE) && !overlays;
    if (combine) {
      Object pending = COMBINED.rawValue(t);
      Pair p = pending instanceof Pair q && q.first(t.c) == b ? q : t.cons(b, Symbol.NIL);
      if (pending != p) {
        execute(t);
      }
      Object change =
          t.list(
              (long) at - 1,
              (long) b.z(t.c) - (at - deleted + inserted) - deleted + deleted,
              (long) inserted - deleted);
      COMBINED.setRawValue(t, t.cons(b, t.cons(change, p.second(t.c))));
      return;
    }
    execute(t);
    boolean properties = deleted == 0 && b.intervals(t.c) != null;
    if (!hook && !overlays && !properties) {
      return;
    }
    int mark = t.bindingMark();
    t.bind(INHIBIT, Symbol.T);
    try {
      long end = (long) at + inserted;
      if (hook) {
        run(t, AFTER, (long) at, end, (long) deleted);
      }
      if (overlays) {
        overlays(t, at, (int) end, true, (long) at, end, (long) deleted);
      }
      if (properties) {
        inserted(t, b, at, (int) end);
      }
    } finally {
      t.unbindTo(mark);
    }
  }

  /** Tells of the changes that {@code combine-after-change-calls} gathered, as one. */
  public static void execute(Task t) {
    if (!(COMBINED.rawValue(t) instanceof Pair p)) {
      return;
    }
    COMBINED.setRawValue(t, Symbol.NIL);
    Buffer b = (Buffer) p.first(t.c);
    if (!b.isLive(t.c)) {
      return;
    }
    long beg = b.z(t.c) - 1L;
    long end = beg;
    long change = 0;
    for (Object l = p.second(t.c); l instanceof Pair q; l = q.second(t.c)) {
      Object[] e = Lisp.elements(t.c, q.first(t.c)).toArray();
      beg = Math.min(beg, (long) e[0]);
      end = Math.min(end, (long) e[1]);
      change += (long) e[2];
    }
    long from = 1 + beg;
    long to = b.z(t.c) - end;
    Buffer old = Buffer.current(t);
    int mark = t.bindingMark();
    b.select(t);
    try {
      after(t, (int) from, (int) (to - from - change), (int) (to - from));
    } finally {
      t.unbindTo(mark);
      old.select(t);
    }
  }

  // ---- Text properties
  // ---------------------------------------------------------------------------

  private static boolean allowed(Task t, Object readOnly) {
    Object inhibit = Variables.orNil(t, INHIBIT_READ_ONLY);
    if (inhibit == Symbol.NIL) {
      return false;
    }
    if (!(inhibit instanceof Pair)) {
      return true;
    }
    for (Object l = inhibit; l instanceof Pair p; l = p.second(t.c)) {
      if (Lisp.eq(p.first(t.c), readOnly)) {
        return true;
      }
    }
    return false;
  }

  private static LispSignal readOnly(Object value) {
    return value instanceof LispString
        ? new LispSignal(Q.TEXT_READ_ONLY, value)
        : new LispSignal(Q.TEXT_READ_ONLY);
  }

  /** Signals for read-only text, and calls modification hooks of text that is going to change. */
  static void verifyProperties(Task t, Buffer b, int from, int to) {
    Intervals all = b.intervals(t.c);
    if (from == to) {
      Object[] before = from > 1 ? Intervals.at(all, from - 2) : Intervals.NONE;
      Object[] after = Intervals.at(all, from - 1);
      Object value = Properties.get(t, after, READ_ONLY);
      if (value != Symbol.NIL && !allowed(t, value) && Stickiness.isFront(t, after, READ_ONLY)) {
        throw readOnly(value);
      }
      value = Properties.get(t, before, READ_ONLY);
      if (value != Symbol.NIL && !allowed(t, value) && Stickiness.isRear(t, before, READ_ONLY)) {
        throw readOnly(value);
      }
      return;
    }
    List<Object> hooks = new ArrayList<>();
    boolean calls = !inhibited(t);
    Object last = Symbol.NIL;
    for (int at = from - 1; at < to - 1; ) {
      Intervals.Interval i = all.find(at);
      Object value = Properties.get(t, i.plist(), READ_ONLY);
      if (value != Symbol.NIL && !allowed(t, value)) {
        throw readOnly(value);
      }
      if (calls) {
        Object h = Properties.get(t, i.plist(), MODIFICATION_HOOKS);
        if (h != Symbol.NIL && h != last) {
          hooks.add(h);
          last = h;
        }
      }
      at = i.end();
    }
    for (Object h : hooks) {
      callAll(t, h, (long) from, (long) to);
    }
  }

  private static void inserted(Task t, Buffer b, int from, int to) {
    Intervals all = b.intervals(t.c);
    Object behind =
        from > 1 ? Properties.get(t, Intervals.at(all, from - 2), BEHIND_HOOKS) : Symbol.NIL;
    Object front = Properties.get(t, Intervals.at(all, to - 1), IN_FRONT_HOOKS);
    callAll(t, behind, (long) from, (long) to);
    if (front != behind) {
      callAll(t, front, (long) from, (long) to);
    }
  }

  private static void callAll(Task t, Object functions, Object... args) {
    Object l = functions;
    while (l instanceof Pair p) {
      t.call(p.first(t.c), args);
      l = p.second(t.c);
    }
  }

  // ---- Overlays
  // ----------------------------------------------------------------------------------

  private static void overlays(Task t, int from, int to, boolean after, Object... args) {
    Buffer b = Buffer.current(t);
    if (!after) {
      Object calls = Symbol.NIL;
      for (Overlay o : Overlay.all(t.c, b)) {
        int start = o.start(t.c);
        int end = o.end(t.c);
        if (from == to && from == start) {
          calls = withHook(t, calls, o, IN_FRONT_HOOKS);
        }
        if (from == to && from == end) {
          calls = withHook(t, calls, o, BEHIND_HOOKS);
        }
        if (to > start && from < end) {
          calls = withHook(t, calls, o, MODIFICATION_HOOKS);
        }
      }
      // The same functions are called after the change, wherever the overlays are then.
      CALLS.setRawValue(t, t.cons(b, calls));
    }
    if (!(CALLS.rawValue(t) instanceof Pair all && all.first(t.c) == b)) {
      return;
    }
    List<Object> calls = Lisp.elements(t.c, all.second(t.c));
    java.util.Collections.reverse(calls);
    for (Object x : calls) {
      Pair call = (Pair) x;
      Overlay o = (Overlay) call.first(t.c);
      if (o.buffer(t.c) != b) {
        continue;
      }
      Object[] each = new Object[args.length + 2];
      each[0] = o;
      each[1] = Lisp.bool(after);
      System.arraycopy(args, 0, each, 2, args.length);
      callAll(t, call.second(t.c), each);
    }
  }

  private static Object withHook(Task t, Object calls, Overlay o, Symbol hook) {
    Object functions = o.get(t, hook);
    return functions == Symbol.NIL ? calls : t.cons(t.cons(o, functions), calls);
  }
}
