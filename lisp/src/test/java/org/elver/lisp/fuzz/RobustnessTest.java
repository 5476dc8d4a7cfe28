package org.elver.lisp.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that ask for too much get an error; then the next form works. */
class RobustnessTest {
  private final Task t = Boot.prelude();

  private Object eval(String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    return t.callNamed("eval", form, Symbol.T);
  }

  /** The error symbol that evaluating gives, on a stack as the program has it. */
  private String error(String source) throws InterruptedException {
    String[] result = {null};
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                eval(source);
                result[0] = "no error";
              } catch (LispSignal s) {
                result[0] = String.valueOf(s.symbol());
              } catch (RuntimeException | Error e) {
                result[0] = e.toString();
              }
            },
            "deep",
            1L << 29);
    thread.start();
    thread.join();
    return result[0];
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(progn (defun f (x) (1+ (f x))) (f 1))",
        "(progn (defun g (x) (mapcar #'g (list x))) (g 1))",
        "(progn (defun h (x) (sort (list 1 2) (lambda (a b) (h a)))) (h 1))",
        "(progn (defmacro m (x) `(m ,x)) (m 1))",
        "(progn (defun q (x) (eval `(q ,x))) (q 1))",
        "(progn (defun v (x) (condition-case nil (v x) (arith-error 1))) (v 1))",
        "(progn (defun w (x) (unwind-protect (w x) nil)) (w 1))",
        "(let ((l nil)) (dotimes (i 200000) (setq l (list l))) (equal l (copy-tree l)))",
        "(let ((a nil) (b nil)) (dotimes (i 200000) (setq a (list a) b (list b))) (equal a b))",
        "(let ((l nil)) (dotimes (i 200000) (setq l (list l))) (prin1-to-string l))",
        "(let ((l nil)) (dotimes (i 200000) (setq l (vector l))) (prin1-to-string l))",
        "(read (make-string 1000000 ?\\())",
        "(read (make-string 1000000 ?\\[))",
        "(read (concat (make-string 1000000 ?')))",
        "(make-string 1000000000000 ?a)",
        "(make-vector 1000000000000 nil)",
        "(make-list 1000000000000 nil)",
        "(make-bool-vector most-positive-fixnum t)",
        "(ash 1 100000000000)",
        "(expt 10 (expt 10 10))",
        "(string-match (apply #'concat (make-list 100000 \"\\\\(\")) \"a\")",
        "(let ((l (list 1))) (setcdr l l) (length l))",
        "(let ((l (list 1))) (setcdr l l) (mapcar #'identity l))",
        "(let ((l (list 1))) (setcdr l l) (apply #'list l))",
        "(format (concat \"%\" (make-string 50 ?9) \"d\") 1)",
        "(json-parse-string (make-string 1000000 ?\\[))",
        "(substring \"abc\" most-negative-fixnum)",
        "(let ((s 'a)) (fset 's1 's2) (fset 's2 's1) (s1))",
      })
  void tooMuch(String source) throws InterruptedException {
    String e = error(source);
    assertTrue(
        !e.equals("no error") && !e.equals("elver-internal-error") && !e.contains("java.lang"),
        () -> source + " gave " + e);
    assertEquals(3L, eval("(+ 1 2)"));
  }

  @Test
  void deepStructuresThatAreFine() throws InterruptedException {
    assertEquals(
        "no error",
        error(
            "(let ((l nil)) (dotimes (i 100000) (setq l (cons i l))) (prin1-to-string (equal l"
                + " (copy-sequence l))))"));
  }

  @Test
  void aCatastrophicPatternIsInterrupted() throws InterruptedException {
    String[] result = {null};
    Thread thread =
        new Thread(
            () -> {
              try {
                eval(
                    "(string-match \"\\\\(a*\\\\)*\\\\(a*\\\\)*\\\\(a*\\\\)*b\" (make-string 5000"
                        + " ?a))");
                result[0] = "no error";
              } catch (LispSignal s) {
                result[0] = String.valueOf(s.symbol());
              }
            });
    thread.start();
    Thread.sleep(300);
    for (int i = 0; i < 100 && thread.isAlive(); i++) {
      t.interrupt();
      thread.join(200);
    }
    thread.join(20_000);
    assertTrue("quit".equals(result[0]) || "error".equals(result[0]), () -> "it gave " + result[0]);
    while (true) {
      try {
        assertEquals(3L, eval("(+ 1 2)"));
        break;
      } catch (LispSignal s) {
        assertEquals("quit", String.valueOf(s.symbol())); // One interrupt came late.
      }
    }
  }
}
