package org.elver.lisp.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.isolate.Program;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rollback, parallel and speculative mapping, shared bytes, as a Lisp program uses them. */
class HeapOperationsTest {
  private final Task t = Boot.prelude();

  private void load(String source) {
    LispString text = LispString.of(t.c, source);
    long at = 0;
    while (at < source.lastIndexOf(')')) {
      Pair form = (Pair) t.callNamed("read-from-string", text, at);
      at = (Long) form.second(t.c);
      t.callNamed("eval", form.first(t.c), Symbol.T);
    }
  }

  /** What a form gives in a program, printed; an error as its object. */
  private String run(int carriers, String form) {
    load(
        "(defalias 'test-main #'(lambda () (setq test-value (prin1-to-string"
            + " (condition-case e "
            + form
            + " (error e))))))");
    Symbol main = t.symbols().intern(t, "test-main");
    assertEquals(0, new Program(t, carriers, 16 << 20).run(main));
    return ((LispString) t.symbols().intern(t, "test-value").rawValue(t)).toJava(t.c);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(parallel-mapcar #'1+ [1 2 3])|(2 3 4)",
        "(parallel-mapcar #'car 5)|(wrong-type-argument sequencep 5)",
        "(parallel-mapcar #'car '(nil) 0)|(args-out-of-range 0 1)",
        "(parallel-mapcar #'nosuch '(1))|(void-function nosuch)",
        "(parallel-mapc #'car '(nil nil))|(nil nil)",
        "(parallel-reduce #'+ '(1 2 3 4 5 6 7 8 9 10) 5)|60",
        "(parallel-reduce #'append '((1) (2) (3) (4) (5) (6) (7) (8) (9)) nil)|(1 2 3 4 5 6 7 8 9)",
        "(catch 'x (parallel-mapcar (lambda (n) (condition-case nil (throw 'x n) (error 'caught)))"
            + " '(1 2)))|1",
        "(catch 'x (parallel-let ((a (parallel-mapcar (lambda (n) (ignore-errors (throw 'x n)))"
            + " '(1 2)))) a))|1",
        "(catch 'x (let ((elver--speculate-early t)) (speculate-mapcar (lambda (n) (condition-case"
            + " nil (throw 'x n) (error 'caught))) '(1 2))))|1",
        "(catch 'x (parallel-mapcar (lambda (n) (task-join (task-spawn (lambda () (condition-case"
            + " nil (throw 'x n) (error 'caught)))))) '(1 2)))|(caught caught)",
        "(parallel-mapcar (lambda (n) (condition-case nil (throw 'x n) (error 'caught)))"
            + " '(1 2))|(caught caught)",
        "(parallel-let ((a 1) (b (+ 1 1)) c) (list a b c))|(1 2 nil)",
        "(speculate-mapcar #'1+ nil)|nil",
        "(speculate-mapcar #'1+ '(a))|(wrong-type-argument number-or-marker-p a)",
        "(let ((x 1)) (list (catch 'a (with-rollback (setq x 2) (throw 'a 3))) x))|(3 1)",
        "(let ((x 1)) (list (with-rollback (setq x 2) 3) x))|(3 2)",
        "(with-rollback (task-sleep 0))|(wait-forbidden)",
        "(without-preemption (task-yield))|(wait-forbidden)",
        "(let ((b (make-shared-bytes 8))) (list (shared-bytes-add b 0 -1 32)"
            + " (shared-bytes-ref b 0) (shared-bytes-cas b 4 0 7 32) (shared-bytes-ref b 4)))"
            + "|(-1 255 t 7)",
        "(shared-bytes-wait (make-shared-bytes 1) 0 0 0.01)|(operation-timeout shared-bytes-wait)",
        "(isolate-set-scheduling 'nosuch)|(wrong-type-argument functionp nosuch)",
        "(vm-set-carriers 0)|(args-out-of-range 0 1 1024)"
      })
  void formsGive(String form, String value) {
    assertEquals(value, run(2, form));
  }

  @Test
  void theErrorOfTheFirstElementThatHasOneCounts() {
    String element = "(lambda (x) (if (> x 4) (signal 'error (list x)) x))";
    assertEquals("(error 5)", run(2, "(parallel-mapcar " + element + " '(1 2 5 3 9 7 8))"));
    assertEquals("(error 5)", run(2, "(parallel-mapcar " + element + " '(1 2 5 3 9 7 8) 1)"));
    assertEquals("(error 5)", run(2, "(speculate-mapcar " + element + " '(1 2 5 3 9 7 8))"));
  }

  @Test
  void whatIsBoundForAWhileIsNoConflict() {
    load("(defvar test-bound 0)(defvar elver--speculate-early (quote forks))");
    assertEquals(
        "((1 2 3 4 5 6 7 8 9 10 11 12) 0 12)",
        run(
            2,
            "(let* ((before (speculate-stats)) (f (lambda (key) (- (plist-get (speculate-stats)"
                + " key) (plist-get before key))))) (list (speculate-mapcar (lambda (x) (let"
                + " ((test-bound x)) (dotimes (_ 100) (setq test-bound (1+ test-bound))) (-"
                + " test-bound 100))) (number-sequence 1 12)) (funcall f :re-runs) (funcall f"
                + " :commits)))"));
  }

  /** What nobody has begun is done by the caller: the first element always, so it is no attempt. */
  @Test
  void theCallerHelpsToSpeculate() {
    load("(defvar test-places nil)(defvar elver--speculate-early t)");
    assertEquals(
        "((2 3 4 5 6 7 8 9) t t)",
        run(
            2,
            "(let ((before (plist-get (speculate-stats) :commits)) (here (isolate-current)))"
                + " (list (speculate-mapcar (lambda (x) (if (equal here (isolate-current))"
                + " (push x test-places)) (1+ x)) (number-sequence 1 8))"
                + " (equal (car (last test-places)) 1)"
                + " (= (- (plist-get (speculate-stats) :commits) before)"
                + " (- 8 (length test-places)))))"));
  }

  @Test
  void whatChangesStaysAConflict() {
    load("(defvar test-sum 0)(defvar elver--speculate-early (quote forks))");
    assertEquals(
        "((0 1 3 6 10 15 21 28) 36)",
        run(
            2,
            "(list (speculate-mapcar (lambda (x) (prog1 (let ((test-sum test-sum)) test-sum)"
                + " (setq test-sum (+ test-sum x)))) (number-sequence 1 8)) test-sum)"));
  }

  /** Macros are expanded where the functions belong: once, not again in each fork. */
  @Test
  void codeIsMadeBeforeForking() throws IOException {
    loadFile(
        "(defvar test-expanded 0) (defmacro test-square (x) (setq test-expanded (1+ test-expanded))"
            + " (list '* x x)) (defun test-inner (n) (test-square n))"
            + " (defun test-other (n) (test-inner (test-square n)))"
            + " (defun test-outer (n) (funcall (if (> n 0) #'test-inner 'test-other) n))");
    assertEquals(
        "((1 4 9) 2 (16 25) 2)",
        run(
            2,
            "(list (parallel-mapcar #'test-outer '(1 2 3)) test-expanded"
                + " (let ((elver--speculate-early 'forks)) (speculate-mapcar #'test-outer '(4 5)))"
                + " test-expanded)"));
  }

  /** An error in a macro is an error of who calls the function, in a fork as anywhere. */
  @Test
  void anErrorInAMacroIsItsCallers() throws IOException {
    loadFile(
        "(defmacro test-bad () (error \"bad\")) (defun test-fails () (test-bad))"
            + " (defun test-chooses (n) (if (> n 2) (test-fails) n))");
    assertEquals("(1 2)", run(2, "(parallel-mapcar #'test-chooses '(1 2))"));
    assertEquals("(error \"bad\")", run(2, "(parallel-mapcar #'test-chooses '(1 2 3))"));
    assertEquals("5", run(2, "(isolate-join (isolate-spawn (lambda () (if nil (test-fails) 5))))"));
  }

  private void loadFile(String source) throws IOException {
    Path file = Files.createTempFile("elver", ".el");
    try {
      Files.writeString(file, ";; -*- lexical-binding: t -*-\n" + source);
      t.callNamed("load", LispString.of(t.c, file.toString()), Symbol.NIL, Symbol.T);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void timersSurviveSpeculation() {
    load(
        "(defvar timer-idle-list nil)(defvar elver--speculate-early (quote forks))"
            + "(setq timer-idle-list '(a timer))");
    assertEquals(
        "((2 3) (a timer))", run(2, "(list (speculate-mapcar #'1+ '(1 2)) timer-idle-list)"));
  }
}
