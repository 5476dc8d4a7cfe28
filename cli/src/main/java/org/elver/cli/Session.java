package org.elver.cli;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.isolate.Program;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.ErrorText;

/** One run of a command line in a VM that has its library. */
final class Session {
  private Session() {}

  /** Runs it, by the Lisp function {@code topLevel}; the exit status. */
  static int run(Task t, CommandLine line, Carriers carriers, String topLevel) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(LispString.of(t.c, "elver"));
    if (line.script != null) {
      arguments.add(LispString.of(t.c, "-Q"));
      arguments.add(LispString.of(t.c, "--elver-script"));
      arguments.add(LispString.of(t.c, line.script));
      for (String a : line.scriptArguments) {
        arguments.add(LispString.of(t.c, a));
      }
      Symbol alist = t.symbols().intern(t, "command-switch-alist");
      Variables.set(
          t,
          alist,
          t.cons(
              t.cons(
                  LispString.of(t.c, "--elver-script"), t.symbols().intern(t, "elver--run-script")),
              Variables.orNil(t, alist)));
    } else {
      boolean quick = line.arguments.stream().anyMatch(a -> "-Q".equals(a) || "--quick".equals(a));
      if (!quick) {
        arguments.add(LispString.of(t.c, "-Q"));
      }
      for (String a : line.arguments) {
        arguments.add(LispString.of(t.c, a));
      }
    }
    Variables.set(t, Q.COMMAND_LINE_ARGS, Lisp.list(t.c, arguments));
    if (line.directory != null) {
      t.callNamed("cd", LispString.of(t.c, line.directory));
    }
    if (System.getProperty("elver.debug") != null) {
      Variables.set(t, Q.SIGNAL_HOOK_FUNCTION, t.symbols().intern(t, "elver--show-backtrace"));
    }
    try {
      Program program = new Program(t, carriers.number(), Main.STACK);
      // Beside the start: it takes some classes. The line editor handles C-c itself on a terminal.
      Thread.ofPlatform().daemon().start(() -> Endings.install(program));
      return program.run(t.symbols().intern(t, topLevel));
    } catch (LispSignal s) {
      report(t, s);
      return 255;
    }
  }

  private static void report(Task t, LispSignal s) {
    System.out.flush();
    CodeBuffer b = new CodeBuffer();
    try {
      Object error = s.symbol() == Symbol.NIL ? s.data(t.c) : t.cons(s.symbol(), s.data(t.c));
      ErrorText.print(t, b, error);
      System.err.println(b);
    } catch (RuntimeException e) {
      System.err.println("elver: " + s.getMessage());
    }
  }
}
