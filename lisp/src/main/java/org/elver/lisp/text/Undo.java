package org.elver.lisp.text;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** What changes leave in {@code buffer-undo-list}. */
public final class Undo {
  private static final Symbol INHIBIT_RECORD_POINT = Symbol.known("undo-inhibit-record-point");

  /** Point and buffer at the last command or boundary: a pair of them. */
  private static final Symbol BEFORE = Symbol.known(" point-before-command");

  private static final Symbol UNDOABLE_CHANGE = Symbol.known("undo-auto--undoable-change");

  /** What {@code visited-file-modtime} tells, kept by those who visit files. */
  private static final Symbol MODTIME = Symbol.known("visited-file-modtime");

  private Undo() {}

  /** Whether changes of the buffer are recorded. */
  public static boolean isOn(Task t, Buffer b) {
    return BufferVariable.UNDO_LIST.in(t, b.base(t.c)) != Symbol.T;
  }

  private static Object list(Task t, Buffer b) {
    return BufferVariable.UNDO_LIST.in(t, b.base(t.c));
  }

  private static void push(Task t, Buffer b, Object entry) {
    Buffer base = b.base(t.c);
    BufferVariable.UNDO_LIST.setIn(t, base, t.cons(entry, list(t, b)));
    if (base != b) {
      BufferVariable.UNDO_LIST.setIn(t, b, list(t, b));
    }
  }

  /** Tells the boundary machinery of the library that the current buffer is going to change. */
  static void announce(Task t, Buffer b) {
    if (isOn(t, b) && UNDOABLE_CHANGE.function(t) != Symbol.NIL) {
      t.call(UNDOABLE_CHANGE);
    }
  }

  private static void recordFirstChange(Task t, Buffer b) {
    Object time = 0L;
    Buffer base = b.base(t.c);
    if (BufferVariable.FILE_NAME.in(t, base) != Symbol.NIL && MODTIME.function(t) != Symbol.NIL) {
      Buffer old = Buffer.current(t);
      base.select(t);
      try {
        time = t.call(MODTIME);
      } finally {
        old.select(t);
      }
    }
    push(t, b, t.cons(Symbol.T, time));
  }

  /** Records that the buffer was unmodified, if it is. */
  static void firstChange(Task t, Buffer b) {
    if (isOn(t, b) && !b.isModified(t.c)) {
      recordFirstChange(t, b);
    }
  }

  private static void recordPoint(Task t, Buffer b, int at) {
    if (Lisp.isTrue(Variables.orNil(t, INHIBIT_RECORD_POINT))) {
      return;
    }
    boolean atBoundary = !(list(t, b) instanceof Pair p) || p.first(t.c) == Symbol.NIL;
    if (!b.isModified(t.c)) {
      recordFirstChange(t, b);
    }
    if (atBoundary
        && BEFORE.rawValue(t) instanceof Pair p
        && p.first(t.c) == b
        && (long) p.second(t.c) != at) {
      push(t, b, p.second(t.c));
    }
  }

  /** Before {@code n} codes are inserted. */
  static void insertion(Task t, Buffer b, int at, int n) {
    if (!isOn(t, b)) {
      return;
    }
    recordPoint(t, b, at);
    if (list(t, b) instanceof Pair p
        && p.first(t.c) instanceof Pair e
        && e.first(t.c) instanceof Long
        && e.second(t.c) instanceof Long end
        && end == at) {
      e.setSecond(t.c, (long) at + n);
      return;
    }
    push(t, b, t.cons((long) at, (long) at + n));
  }

  /** Before a deletion; {@code markers}: those in the range are recorded too. */
  static void deletion(Task t, Buffer b, int from, LispString text, boolean markers) {
    if (!isOn(t, b)) {
      return;
    }
    int n = text.length(t.c);
    recordPoint(t, b, from);
    if (markers) {
      List<Object> entries = new ArrayList<>();
      b.text(t.c)
          .forEachMarker(
              t.c,
              from,
              from + n,
              (m, at, advances) -> {
                long shift = advances ? (long) from + n - at : (long) from - at;
                if (shift != 0) {
                  entries.add(t.cons(m, shift));
                }
              });
      for (Object e : entries) {
        push(t, b, e);
      }
    }
    push(t, b, t.cons(text, b.point(t.c) == from + n ? (long) -from : (long) from));
  }

  /** Before a property of a range changes from {@code old}. */
  static void property(Task t, Buffer b, int from, int to, Object property, Object old) {
    if (!isOn(t, b)) {
      return;
    }
    if (!b.isModified(t.c)) {
      recordFirstChange(t, b);
    }
    push(
        t,
        b,
        t.cons(Symbol.NIL, t.cons(property, t.cons(old, t.cons((long) from, (Object) (long) to)))));
  }

  /** {@code undo-boundary}. */
  public static void boundary(Task t) {
    Buffer b = Buffer.current(t);
    Object list = BufferVariable.UNDO_LIST.in(t, b);
    if (list instanceof Pair p && p.first(t.c) != Symbol.NIL) {
      BufferVariable.UNDO_LIST.setIn(t, b, t.cons(Symbol.NIL, list));
    }
    rememberPoint(t);
  }

  /** Remembers point and buffer as those before a command. */
  public static void rememberPoint(Task t) {
    Buffer b = Buffer.current(t);
    BEFORE.setRawValue(t, t.cons(b, (long) b.point(t.c)));
  }
}
