package org.elver.lisp.isolate;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** Whole programs for tests: each has a VM of its own with the prelude, and runs to its end. */
final class Programs {
  private static final long STACK = 1L << 28;

  private Programs() {}

  /**
   * How a program ended.
   *
   * @param value the printed value of its last form, or {@code (error CONDITION)}
   * @param status its exit status
   * @param stderr what it wrote to standard error
   */
  record Outcome(String value, int status, String stderr) {}

  /** Runs forms, lexically bound, with two carriers; the printed value of the last one. */
  static String value(String forms) {
    return run(2, forms).value();
  }

  /** Runs forms, lexically bound, with so many carriers. */
  static Outcome run(int carriers, String forms) {
    Task t = Boot.prelude();
    Symbol mainFunction = t.symbols().intern(t, "test-main");
    Symbol result = t.symbols().intern(t, "test-value");
    String main =
        "(lambda () (setq test-value (prin1-to-string (condition-case test-error (progn "
            + forms
            + "\n) ((error quit) (list 'error test-error))))))";
    t.callNamed("set", result, Symbol.NIL);
    Object lambda =
        t.callNamed(
            "eval",
            t.callNamed("car", t.callNamed("read-from-string", LispString.of(t.c, main))),
            Symbol.T);
    t.callNamed("fset", mainFunction, lambda);
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int status;
    try {
      System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      status = new Program(t, carriers, STACK).run(mainFunction);
    } catch (LispSignal s) {
      status = 255;
    } finally {
      System.setErr(err);
    }
    Object value = t.callNamed("symbol-value", result);
    return new Outcome(
        value instanceof LispString s ? s.toJava(t.c) : null,
        status,
        bytes.toString(StandardCharsets.UTF_8));
  }
}
