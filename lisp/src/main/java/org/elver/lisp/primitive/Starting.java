package org.elver.lisp.primitive;

import org.elver.lisp.file.FileErrors;
import org.elver.lisp.load.Load;
import org.elver.lisp.machine.Frames;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.Console;
import org.elver.lisp.print.Printer;

/** What starting the program needs beside GNU Emacs's own primitives. */
final class Starting {
  private static final Symbol LEFT = Symbol.known("command-line-args-left");

  private Starting() {}

  @Primitive(
      value = "elver--show-backtrace",
      args = "(&rest ARGS)",
      min = 0,
      doc =
          "Write the error in ARGS and the active calls to standard error; a debugger for the"
              + " start.")
  static Object showBacktrace(Task t, Object[] args) {
    CodeBuffer b = new CodeBuffer();
    b.append("Lisp error: ");
    int mark = t.bindingMark();
    try {
      t.bind(Q.PRINT_LENGTH, 10L);
      t.bind(Q.PRINT_LEVEL, 4L);
      t.bind(Q.PRINT_ESCAPE_NEWLINES, Symbol.T);
      Printer.print(t, b, args.length > 1 ? args[1] : t.list(args), true);
      b.append('\n');
      for (int i = t.frameCount() - 1; i >= 0; i--) {
        if (!Frames.isForm(t, i)) {
          b.append("  ");
          Object f = Frames.function(t, i);
          Printer.print(
              t, b, f instanceof org.elver.lisp.code.ByteCode ? Symbol.known("#<code>") : f, false);
          Printer.print(t, b, t.list(Frames.arguments(t, i)), true);
          b.append('\n');
        }
      }
    } finally {
      t.unbindTo(mark);
    }
    Console.of(t).debug(b.toArray(), b.length());
    return Symbol.NIL;
  }

  @Primitive(
      value = "elver--begun",
      min = 0,
      doc = "Stand in for `command-line-1' in a start-up that is to go no further.")
  static Object begun(Task t, Object[] arguments) {
    throw new Shutdown(0);
  }

  @Primitive(
      value = "elver--run-script",
      doc = "Load the file that comes next on the command line and end; its arguments are left.")
  static Object runScript(Task t, Object option) {
    Object left = Variables.orNil(t, LEFT);
    LispString file = Lisp.string(Lisp.car(t.c, left));
    Variables.set(t, LEFT, Lisp.cdr(t.c, left));
    Object full =
        t.callNamed(
            "expand-file-name",
            file,
            Variables.orNil(t, t.symbols().intern(t, "command-line-default-directory")));
    return t.invoke(
        new Ending(), t.symbols().intern(t, "load"), full, Symbol.NIL, Symbol.T, Symbol.T);
  }

  /** Ends the program when the script is done. */
  private static final class Ending extends org.elver.lisp.machine.NativeFrame {
    @Override
    public Object resume(Task t, Object value) {
      return t.tail(t.symbols().intern(t, "kill-emacs"), 0L);
    }
  }

  @Primitive(
      value = "elver--load-prefix",
      doc = "Load FILE up to the last place where it has the text END.")
  static Object loadPrefix(Task t, Object file, Object end) {
    LispString name = Lisp.string(file);
    String stop = Lisp.string(end).toJava(t.c);
    try {
      String text =
          java.nio.file.Files.readString(
              FileErrors.path(name.toJava(t.c)), java.nio.charset.StandardCharsets.UTF_8);
      int at = text.lastIndexOf(stop);
      byte[] bytes =
          (at < 0 ? text : text.substring(0, at)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return Load.loadBytes(t, name, bytes);
    } catch (java.io.IOException e) {
      throw FileErrors.signal("Cannot open load file", e, name);
    }
  }
}
