package org.elver.lisp.primitive;

import org.elver.lisp.file.Bytes;
import org.elver.lisp.format.Format;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.Console;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferList;
import org.elver.lisp.text.BufferVariable;
import org.elver.lisp.text.Editing;

/** Formatted text, and telling it to the user: in batch mode on the standard error stream. */
final class Messages {
  private static final Symbol INHIBIT_MESSAGE = Symbol.known("inhibit-message");
  private static final Symbol LOG_MAX = Symbol.known("message-log-max");
  private static final Symbol GET_BUFFER_CREATE = Symbol.known("get-buffer-create");

  private Messages() {}

  static void variables(Task t) {
    Vm.defvar(t, "text-quoting-style", Symbol.NIL);
    Vm.defvar(t, "internal--text-quoting-flag", Symbol.T);
  }

  @Primitive(
      value = "format",
      min = 1,
      args = "(STRING &rest OBJECTS)",
      doc =
          "Return STRING with its %-specifications replaced by OBJECTS as they ask for.\n"
              + "%s prints as `princ', %S as `prin1'; %d, %o, %x, %X an integer; %e, %f, %g a"
              + " float;\n"
              + "%c a character; %% is a %.  Between: field number and $, flags (+ space # 0 -),\n"
              + "width, and a dot with the precision.")
  static Object format(Task t, Object[] args) {
    return Format.format(t, args, false);
  }

  @Primitive(
      value = "format-message",
      min = 1,
      args = "(STRING &rest OBJECTS)",
      doc =
          "As `format', with grave accents and apostrophes in STRING as `text-quoting-style' says.")
  static Object formatMessage(Task t, Object[] args) {
    return Format.format(t, args, true);
  }

  @Primitive(
      value = "message",
      min = 1,
      args = "(FORMAT-STRING &rest ARGS)",
      doc =
          "Show a message, made by `format-message' from FORMAT-STRING and ARGS, and return it.\n"
              + "With nil as FORMAT-STRING show nothing.")
  static Object message(Task t, Object[] args) {
    if (args[0] == Symbol.NIL || (args[0] instanceof LispString s && s.length(t.c) == 0)) {
      t.irrevocable();
      print(t, new byte[0]);
      return args[0];
    }
    LispString s = Format.format(t, args, true);
    show(t, s);
    return s;
  }

  @Primitive(
      value = "message-box",
      min = 1,
      args = "(FORMAT-STRING &rest ARGS)",
      doc = "Show a message in a dialogue box where there is one, else as `message' does.")
  static Object messageBox(Task t, Object[] args) {
    return box(t, args);
  }

  /** Nobody sees dialogue boxes in batch mode. */
  private static Object box(Task t, Object[] args) {
    return args[0] == Symbol.NIL ? message(t, args) : Format.format(t, args, true);
  }

  @Primitive(
      value = "message-or-box",
      min = 1,
      args = "(FORMAT-STRING &rest ARGS)",
      doc = "Show a message in a dialogue box or as `message' does, as the last command was given.")
  static Object messageOrBox(Task t, Object[] args) {
    return box(t, args);
  }

  @Primitive(
      value = "current-message",
      doc = "Return the message that is shown in the echo area; nil when there is none.")
  static Object currentMessage(Task t) {
    return Symbol.NIL;
  }

  /** Tells the user, and writes it down in buffer *Messages*. */
  static void show(Task t, LispString s) {
    log(t, s);
    if (!Lisp.isTrue(Variables.orNil(t, INHIBIT_MESSAGE))) {
      t.irrevocable();
      print(t, Bytes.encode(t.c, s));
    }
  }

  private static void log(Task t, LispString s) {
    Object max = Variables.orNil(t, LOG_MAX);
    Buffer old = Buffer.current(t);
    if (max == Symbol.NIL || old == null) {
      return;
    }
    Buffer b = BufferList.find(t, "*Messages*");
    if (b == null) {
      b = (Buffer) t.call(GET_BUFFER_CREATE, LispString.of(t.c, "*Messages*"));
    }
    Object deactivate = Variables.orNil(t, Q.DEACTIVATE_MARK);
    int mark = t.bindingMark();
    try {
      t.bind(Q.INHIBIT_READ_ONLY, Symbol.T);
      t.bind(Q.INHIBIT_MODIFICATION_HOOKS, Symbol.T);
      b.select(t);
      BufferVariable.UNDO_LIST.setIn(t, b, Symbol.T);
      int begv = b.begv(t.c);
      int zv = b.zv(t.c);
      boolean narrowed = begv != 1 || zv != b.z(t.c);
      int point = b.point(t.c);
      boolean atEnd = point == b.z(t.c);
      b.widen(t.c);
      append(t, b, s.characters(t.c));
      trim(t, b, max);
      int z = b.z(t.c);
      if (narrowed) {
        b.setNarrowing(t.c, Math.min(begv, z), Math.min(zv, z));
      }
      b.setPoint(t.c, atEnd ? b.zv(t.c) : Math.clamp(point, b.begv(t.c), b.zv(t.c)));
    } finally {
      t.unbindTo(mark);
      old.select(t);
      Variables.set(t, Q.DEACTIVATE_MARK, deactivate);
    }
  }

  /** Adds a line; the same line again is only counted. */
  private static void append(Task t, Buffer b, int[] text) {
    int z = b.z(t.c);
    if (z > 1 && b.charAt(t.c, z - 1) != '\n') {
      b.setPoint(t.c, z);
      Editing.insert(t, "\n");
      z++;
    }
    int from = z - 1;
    while (from > 1 && b.charAt(t.c, from - 1) != '\n') {
      from--;
    }
    boolean blank = text.length == 0;
    if (z > 1) {
      int[] last = b.codes(t.c, from, z - 1);
      String before = new String(visible(last), 0, last.length);
      String now = new String(visible(text), 0, text.length);
      int times = 0;
      if (before.equals(now)) {
        times = 2;
      } else if (before.startsWith(now + " [") && before.endsWith(" times]")) {
        String n = before.substring(now.length() + 2, before.length() - 7);
        times = n.matches("[0-9]{1,8}") ? Integer.parseInt(n) + 1 : 0;
      }
      if (times > 0 && !blank) {
        Editing.delete(t, from, z);
        b.setPoint(t.c, from);
        Editing.insert(t, text, 0, text.length, true, null, false, false);
        Editing.insert(t, " [" + times + " times]\n");
        return;
      }
    }
    b.setPoint(t.c, z);
    Editing.insert(t, text, 0, text.length, true, null, false, false);
    Editing.insert(t, "\n");
  }

  private static int[] visible(int[] codes) {
    int[] out = codes.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.min(out[i], LispString.MAX_UNICODE);
    }
    return out;
  }

  private static void trim(Task t, Buffer b, Object max) {
    if (!(max instanceof Long limit) || b.z(t.c) < 20_000) {
      return;
    }
    long lines = 0;
    for (int i = b.z(t.c) - 1; i >= 1; i--) {
      if (b.charAt(t.c, i) == '\n' && lines++ == limit) {
        Editing.delete(t, 1, i + 1);
        return;
      }
    }
  }

  private static void print(Task t, byte[] bytes) {
    byte[] line = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = '\n';
    Console.of(t).errorBytes(line);
  }
}
