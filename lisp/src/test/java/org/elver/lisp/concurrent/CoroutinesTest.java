package org.elver.lisp.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.isolate.Program;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goroutines, threads and waits: pairs of a form and its value, run as a program. */
class CoroutinesTest {
  private static String resource(String name) throws IOException {
    try (InputStream in = CoroutinesTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Object eval(Task t, String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    return t.callNamed("eval", form, Symbol.T);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void eachFormHasItsValue(int carriers) throws IOException {
    Task t = Boot.prelude();
    long seed = System.nanoTime() & 0xFFFFFF;
    System.out.println("seed " + seed);
    eval(t, "(setq test-seed " + seed + " test-log nil)");
    eval(
        t,
        "(fset 'test-main (lambda () (let ((l '("
            + resource("coroutines.el")
            + ")) got) (while l (setq got (condition-case e (eval (car l) t) ((error quit"
            + " task-cancelled) e))) (if (equal got (car (cdr l))) nil (setq test-log (cons (list"
            + " (car l) got) test-log))) (setq l (cdr (cdr l)))))))");
    new Program(t, carriers, 64 << 20).run((Symbol) eval(t, "'test-main"));
    assertEquals("nil", ((LispString) eval(t, "(prin1-to-string test-log)")).toJava(t.c));
  }
}
