package org.elver.lisp.primitive;

import java.io.PrintStream;
import org.elver.lisp.file.Bytes;
import org.elver.lisp.format.Format;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** Formatted text, and telling it to the user: in batch mode on the standard error stream. */
final class Messages {
  private Messages() {}

  @Primitive(value = "format", min = 1, args = "(STRING &rest OBJECTS)",
      doc = "Return STRING with its %-specifications replaced by OBJECTS as they ask for.\n"
          + "%s prints as `princ', %S as `prin1'; %d, %o, %x, %X an integer; %e, %f, %g a float;\n"
          + "%c a character; %% is a %.  Between: field number and $, flags (+ space # 0 -),\n"
          + "width, and a dot with the precision.")
  static Object format(Task t, Object[] args) {
    return Format.format(t, args, false);
  }

  @Primitive(value = "format-message", min = 1, args = "(STRING &rest OBJECTS)",
      doc = "As `format', with grave accents and apostrophes in STRING as `text-quoting-style' says.")
  static Object formatMessage(Task t, Object[] args) {
    return Format.format(t, args, true);
  }

  @Primitive(value = "message", min = 1, args = "(FORMAT-STRING &rest ARGS)",
      doc = "Show a message, made by `format-message' from FORMAT-STRING and ARGS, and return it.\n"
          + "With nil as FORMAT-STRING show nothing.")
  static Object message(Task t, Object[] args) {
    if (args[0] == Symbol.NIL
        || (args[0] instanceof LispString s && s.length(t.c) == 0)) {
      print(new byte[0]);
      return args[0];
    }
    LispString s = Format.format(t, args, true);
    show(t, s);
    return s;
  }

  @Primitive(value = "message-box", min = 1, args = "(FORMAT-STRING &rest ARGS)",
      doc = "Show a message in a dialogue box where there is one, else as `message' does.")
  static Object messageBox(Task t, Object[] args) {
    return message(t, args);
  }

  @Primitive(value = "message-or-box", min = 1, args = "(FORMAT-STRING &rest ARGS)",
      doc = "Show a message in a dialogue box or as `message' does, as the last command was given.")
  static Object messageOrBox(Task t, Object[] args) {
    return message(t, args);
  }

  @Primitive(value = "current-message",
      doc = "Return the message that is shown in the echo area; nil when there is none.")
  static Object currentMessage(Task t) {
    return Symbol.NIL;
  }

  /** Tells the user. */
  static void show(Task t, LispString s) {
    print(Bytes.encode(t.c, s));
  }

  private static void print(byte[] bytes) {
    byte[] line = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = '\n';
    System.out.flush();
    PrintStream err = System.err;
    err.write(line, 0, line.length);
    err.flush();
  }
}
