package org.elver.lisp.isolate;

import static org.elver.lisp.isolate.Programs.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Tasks that are switched so often that they get machines of their own. */
class OwnMachinesTest {
  @Test
  void bindingsAreExchangedAtEachSwitch() {
    assertEquals(
        "((1 1) (2 2) 0)",
        value(
            "(defvar v 0)"
                + "(let ((f (lambda (n) (let ((v n)) (dotimes (_ 30) (task-yield)"
                + " (or (= v n) (error \"Not mine\")) (setq v (1+ v)) (task-yield)"
                + " (setq v (1- v))) (list v (symbol-value 'v))))))"
                + " (let ((a (task-spawn f 1)) (b (task-spawn f 2)))"
                + " (list (task-join a) (task-join b) v)))"));
  }

  @Test
  void othersSeeWhatTheBindingsOfOneThatWaitsHide() {
    assertEquals(
        "(0 5 bound)",
        value(
            "(defvar v 0)(let* ((c (make-channel)) (i (isolate-spawn (lambda () (let ((v 'bound))"
                + " (dotimes (_ 30) (task-yield)) (channel-recv c) v))))) (task-sleep 0.05)"
                + " (list (isolate-call i (lambda () v)) (progn (isolate-call i (lambda () (setq v"
                + " 5))) (isolate-call i (lambda () v))) (progn (channel-send c t) (isolate-join"
                + " i))))"));
  }

  @Test
  void stacksGrow() {
    assertEquals(
        "(5050 (caught 7) 5050)",
        value(
            "(fset 'sum #'(lambda (n) (if (= n 0) (progn (task-yield) 0)"
                + " (+ n (sum (1- n))))))"
                + "(let* ((f (lambda () (dotimes (_ 30) (task-yield)) (list (sum 100)"
                + " (condition-case e (progn (dotimes (_ 30) (task-yield))"
                + " (let ((a 1) (b 2)) (task-yield) (signal 'error (list (+ a b 4)))))"
                + " (error (cons 'caught (cdr e)))) (sum 100))))"
                + " (a (task-spawn f)) (b (task-spawn f)))"
                + " (or (equal (task-join a) (task-join b)) (error \"Different\"))"
                + " (task-join a))"));
  }

  @Test
  void handlersAndCleanupsAreTheTasksOwn() {
    assertEquals(
        "((2 1) (2 1))",
        value(
            "(let* ((f (lambda () (let (log) (catch 'done (unwind-protect (dotimes (i 40)"
                + " (task-yield) (when (= i 35) (push 1 log) (throw 'done nil))) (task-yield)"
                + " (push 2 log))) log))) (a (task-spawn f)) (b (task-spawn f)))"
                + " (list (task-join a) (task-join b)))"));
  }

  @Test
  void theyEndByErrorsAndCancellation() {
    assertEquals(
        "((wrong-type-argument listp 1) t 3)",
        value(
            "(let* ((f (lambda (x) (dotimes (_ 30) (task-yield)) (car x)))"
                + " (a (task-spawn f 1)) (c (make-channel))"
                + " (b (task-spawn (lambda () (dotimes (_ 30) (task-yield)) (channel-recv c))))"
                + " (d (task-spawn f '(3))))"
                + " (list (condition-case e (task-join a) (error e))"
                + " (progn (dotimes (_ 50) (task-yield)) (task-cancel b)"
                + " (condition-case e (progn (task-join b) nil) (task-cancelled t) (error e)))"
                + " (task-join d)))"));
  }

  @Test
  void javaFramesMayLieAboveThem() {
    // The function of `sort' that is called for a vector, or an error's debugger, waits in Java.
    assertEquals(
        "((1 2 3) (1 2 3))",
        value(
            "(let* ((f (lambda () (dotimes (_ 30) (task-yield))"
                + " (let ((all (list 3 1 2)) (seen nil))"
                + " (setq seen (sort all (lambda (a b) (task-yield) (< a b))))"
                + " (let ((tick 0)) (mapatoms (lambda (s) (when (< tick 20) (setq tick (1+ tick))"
                + " (task-yield))))) (dotimes (_ 30) (task-yield)) seen)))"
                + " (a (task-spawn f)) (b (task-spawn f)))"
                + " (list (task-join a) (task-join b)))"));
  }

  @Test
  void primitivesThatWaitReturnToWhoeverCalledThem() {
    // To byte-code, to another primitive, to a form that is evaluated; by an error, by a timeout.
    assertEquals(
        "((0 1 2 3 4 5) (6) 7 (operation-timeout channel-recv) 8"
            + " (channel-closed) (wrong-type-argument channelp 1))",
        value(
            "(let* ((c (make-channel 0 :local t)) (d (make-channel 0 :local t)) (a (task-spawn"
                + " (lambda () (dotimes (_ 30) (task-yield))"
                + " (list (mapcar #'channel-recv (make-list 6 c)) (apply #'channel-recv c nil)"
                + " (eval '(channel-recv c) (list (cons 'c c)))"
                + " (condition-case e (channel-recv d 0.01) (error (list (car e) (cadr e))))"
                + " (funcall #'channel-recv c 1000)"
                + " (condition-case e (channel-recv c) (error (list (car e))))"
                + " (condition-case e (channel-recv 1) (error e)))))))"
                + " (dotimes (i 9) (channel-send c i)) (task-sleep 0.05) (channel-close c)"
                + " (let ((v (task-join a))) (setcar (cdr v) (list (cadr v))) v))"));
  }

  @Test
  void aWaitThatIsUsedAgainIsNotEndedByAnEarlierOnesTimer() {
    // The wait without a limit signals what is left of one with a limit, or takes nothing for a
    // value.
    assertEquals(
        "1999000",
        value(
            "(let* ((c (make-channel 0 :local t)) (a (task-spawn (lambda () (let ((v 0) (sum 0))"
                + " (while (/= v -1) (setq v (if (= (logand v 1) 0)"
                + " (condition-case nil (channel-recv c 0.0002) (operation-timeout 0))"
                + " (channel-recv c))) (setq sum (+ sum v))) (1+ sum))))))"
                + " (dotimes (i 2000) (when (= (logand i 15) 0) (task-sleep 0.0004))"
                + " (channel-send c i)) (channel-send c -1) (task-join a))"));
  }

  @Test
  void generatorsInThemGoOn() {
    assertEquals(
        "(45 45)",
        value(
            "(let* ((f (lambda () (dotimes (_ 30) (task-yield)) (let ((c (make-channel 0 :local"
                + " t)) (n 0)) (task-spawn (lambda () (dotimes (i 10) (channel-send c i))"
                + " (channel-close c))) (condition-case nil (while t (setq n (+ n (channel-recv"
                + " c)))) (channel-closed n)))))"
                + " (a (task-spawn f)) (b (task-spawn f)))"
                + " (list (task-join a) (task-join b)))"));
  }

  @Test
  void aFunctionThatChoosesLeavesThemAlone() {
    assertEquals(
        "(435 435 435)",
        value(
            "(fset 'deep #'(lambda (n) (if (= n 0) 0 (1+ (deep (1- n))))))"
                + "(let* ((f (lambda () (let ((n 0)) (dotimes (i 30) (task-yield) (setq n (+ n i)))"
                + " n))) all) (isolate-set-scheduling (lambda (runnable) (let ((max-specpdl-size"
                + " 9999)) (deep 40)) (car (last runnable))))"
                + " (dotimes (_ 3) (push (task-spawn f) all)) (mapcar #'task-join all))"));
  }

  @Test
  void moreTasksThanMayHaveThem() {
    assertEquals(
        "150000",
        value(
            "(let ((n 0) all) (dotimes (_ 5000) (push (task-spawn (lambda () (dotimes (_ 30)"
                + " (task-yield) (setq n (1+ n))))) all)) (mapc #'task-join all) n)"));
  }

  @Test
  void whoWaitsForLongGivesThemUp() {
    // In the isolate that does nothing meanwhile, and in one that is busy with other tasks.
    // All go on again and again, deep down, until it has been seen what they take with stacks of
    // their own: some kilobytes, of which next to nothing is in use when they wait then.
    String each =
        "(fset 'deep #'(lambda (n) (if (= n 0) (progn (task-yield) 0) (1+ (deep (1- n))))))"
            + "(let* ((c (make-channel)) (n 4000) (go nil) (f (lambda () (while (not go) (deep 30))"
            + " (channel-recv c))) (heap (lambda () (plist-get (vm-stats t) :heap-used)))"
            + " (each (lambda () (/ (funcall heap) n))) (all nil) with without"
            + " (end (+ 60 (float-time))))"
            + " (dotimes (_ n) (push (task-spawn f) all))"
            + " (dotimes (_ 30) (task-yield)) (setq with (funcall each)) (setq go t)"
            + " (while (and (> (setq without (funcall each)) (- with 1000)) (< (float-time) end))"
            + " PAUSE) (dotimes (_ n) (channel-send c 1)) (mapc #'task-join all)"
            + " (or (<= without (- with 1000)) (list with without)))";
    assertEquals("t", value(each.replace("PAUSE", "(task-sleep 0.3)")), "idle");
    assertEquals(
        "t",
        value(
            each.replace(
                "PAUSE",
                "(let ((until (+ 0.3 (float-time))))"
                    + " (while (< (float-time) until) (task-yield)))")),
        "busy");
  }
}
