package org.elver.lisp.isolate;

import static org.elver.lisp.isolate.Programs.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What isolates that wait do not have, and that nobody notices. */
class IsolateWeightTest {
  @Test
  void waitingIsolatesAreSmall() {
    // Twice what it should be: other tests may be collected or not in between.
    assertEquals(
        "t",
        value(
            "(let* ((c (make-channel)) (f (lambda () (channel-recv c))) isolates"
                + " (heap (lambda () (plist-get (vm-stats t) :heap-used))))"
                + " (isolate-spawn f) (task-sleep 0.1) (let ((before (funcall heap)))"
                + " (dotimes (_ 5000) (isolate-spawn f)) (task-sleep 0.2)"
                + " (let ((each (/ (- (funcall heap) before) 5000.0)))"
                + " (dotimes (_ 5001) (channel-send c 1)) (isolate-join-all)"
                + " (or (< each 2048) each))))"));
  }

  @Test
  void bindingsOfATaskThatWaitsAreItsOwn() {
    assertEquals(
        "(0 (bound bound) (1 2) 0)",
        value(
            "(defvar v 0)(let* ((c (make-channel)) (d (make-channel))"
                + " (one (task-spawn (lambda () (let ((v 'bound)) (channel-recv c)"
                + " (list v (symbol-value 'v))))))"
                + " (two (task-spawn (lambda () (let ((v 1)) (list (progn (channel-recv d) v)"
                + " (progn (setq v 2) (task-yield) v)))))))"
                + " (task-yield) (let ((before v)) (channel-send c nil) (channel-send d nil)"
                + " (list before (task-join one) (task-join two) v)))"));
  }

  @Test
  void aPostSeesNoBindingsOfTasksThatWait() {
    assertEquals(
        "(0 5 bound)",
        value(
            "(defvar v 0)(let* ((c (make-channel)) (i (isolate-spawn (lambda () (let ((v 'bound))"
                + " (channel-recv c) v))))) (task-sleep 0.05)"
                + " (list (isolate-call i (lambda () v)) (progn (isolate-call i (lambda () (setq v"
                + " 5))) (isolate-call i (lambda () v))) (progn (channel-send c t) (isolate-join"
                + " i))))"));
  }

  @Test
  void aForkHasTheBindingsOfItsSpawnerOnly() {
    assertEquals(
        "((mine) 0 0)",
        value(
            "(defvar v 0)(let* ((c (make-channel :local t))"
                + " (other (task-spawn (lambda () (let ((v 'other)) (channel-recv c))))))"
                + " (task-yield) (prog1 (list (let ((v 'mine)) (isolate-join (isolate-spawn (lambda"
                + " () (task-yield) (list v))))) (isolate-join (isolate-spawn (lambda () (task-join"
                + " (task-spawn (lambda () v)))))) v) (channel-send c t) (task-join other)))"));
  }

  @Test
  void allOfManyChannelsArePoisoned() {
    assertEquals(
        "100",
        value(
            "(let (all (n 0)) (dotimes (_ 100) (push (make-channel 1) all))"
                + " (isolate-spawn-with '(:on-error ignore) (lambda () (dolist (c all)"
                + " (channel-length c) (channel-try-recv c)) (dolist (c all) (channel-try-recv c))"
                + " (error \"End\"))) (dolist (c all) (condition-case nil (channel-recv c)"
                + " (channel-poisoned (setq n (1+ n))))) n)"));
  }

  @Test
  void whatIsSentAfterTheEndIsAnError() {
    assertEquals(
        "(isolate-dead 0)",
        value(
            "(let ((i (isolate-spawn (lambda () 1)))) (isolate-join i)"
                + " (list (condition-case e (isolate-send i 1) (isolate-dead (car e)))"
                + " (plist-get (isolate-stats i) :mailbox)))"));
  }

  @Test
  void anErrorInWhatAForkIsToCompileIsTheForks() {
    assertEquals(
        "isolate-error",
        value(
            "(defmacro broken () (error \"In the macro\"))"
                + "(condition-case e (isolate-join (isolate-spawn (lambda () (broken))))"
                + " (error (car e)))"));
  }
}
