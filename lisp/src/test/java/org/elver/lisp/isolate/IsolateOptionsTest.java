package org.elver.lisp.isolate;

import static org.elver.lisp.isolate.Programs.run;
import static org.elver.lisp.isolate.Programs.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Isolates with options and limits. */
class IsolateOptionsTest {
  private static String joined(String plist, String body) {
    return value(
        "(condition-case e (isolate-join (isolate-spawn-with "
            + plist
            + " (lambda () "
            + body
            + "))) (error e))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(while t)",
        "(while t (condition-case nil (while t) (t nil)))",
        "(task-sleep 100)",
        "(channel-recv (make-channel))",
        "(sort (list 3 2 1) (lambda (_ _) (task-sleep 100)))",
        "(unwind-protect (while t) (while t))",
        "(task-spawn (lambda () (while t))) (while t)"
      })
  void timeoutsEndWhatever(String body) {
    long begun = System.nanoTime();
    assertEquals("(isolate-killed \"n\" timeout)", joined("'(:name \"n\" :timeout 0.1)", body));
    assertTrue(System.nanoTime() - begun < 20_000_000_000L);
  }

  @Test
  void aTimeoutUnwinds() {
    assertEquals(
        "(isolate-killed unwound)",
        value(
            "(let* ((c (make-channel t :poison nil)) (i (isolate-spawn-with '(:timeout 0.05)"
                + " (lambda () (unwind-protect (while t) (channel-send c 'unwound))))))"
                + " (list (condition-case e (isolate-join i) (error (car e)))"
                + " (channel-try-recv c)))"));
  }

  @Test
  void whoReturnsOnlyBecauseHisTimeIsOverIsKilledAllTheSame() {
    assertEquals(
        "(isolate-killed \"n\" timeout)",
        joined("'(:name \"n\" :timeout 0.1)", "(condition-case nil (while t) (error 5))"));
  }

  @Test
  void whatAnIsolateReturnsInTimeIsItsValueThoughOtherTasksOfItDoNotEnd() {
    assertEquals(
        "5",
        value(
            "(condition-case e (isolate-join (isolate-spawn-with '(:timeout 0.3) (lambda ()"
                + " (task-spawn (lambda () (unwind-protect (task-sleep 1000) (task-sleep 1000))))"
                + " (task-yield) 5)) 60) (error e))"));
  }

  @Test
  void whatIsInTimeIsNotEnded() {
    assertEquals(
        "(5 nil)",
        value(
            "(let ((i (isolate-spawn-with '(:timeout 100 :memory 10000000) (lambda (x) (+ x 2))"
                + " 3))) (list (isolate-join i) (isolate-live-p i)))"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(let (x) (while t (push 1 x)))",
        "(while t (push (make-string 1000 ?x) v))",
        "(mapcar (lambda (_) (make-list 10000 nil)) (make-list 10000 nil))",
        "(let ((h (make-hash-table)) (n 0)) (while t (puthash (setq n (1+ n)) (list n) h)))",
        "(task-spawn (lambda () (let (x) (while t (push 1 x))))) (task-sleep 100)"
      })
  void tooMuchMemoryEnds(String body) {
    assertEquals(
        "(isolate-killed \"n\" memory)",
        value(
            "(defvar v nil) (condition-case e (isolate-join (isolate-spawn-with"
                + " '(:name \"n\" :memory 3000000) (lambda () "
                + body
                + "))) (error e))"));
  }

  @Test
  void garbageAndWhatTheParentHasDoNotCount() {
    assertEquals(
        "1000000",
        value(
            "(defvar v (make-list 1000000 nil))"
                + "(isolate-join (isolate-spawn-with '(:memory 3000000)"
                + " (lambda () (dotimes (_ 200) (make-list 10000 nil)) (length v))))"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "(:foo 1) | (error \"Keyword argument :foo not one of (:name :heap :timeout :memory :nice"
            + " :carrier :globals :channels :on-error :callback)\")",
        "(:timeout) | (wrong-type-argument plistp (:timeout))",
        "(:timeout x) | (wrong-type-argument numberp x)",
        "x | (wrong-type-argument plistp x)",
        "(:memory -1) | (wrong-type-argument wholenump -1)",
        "(:memory 1.5) | (wrong-type-argument wholenump 1.5)",
        "(:name 3) | (wrong-type-argument stringp 3)",
        "(:nice a) | (wrong-type-argument fixnump a)",
        "(:carrier other) | (error \"Value should be `own' or `nil'\")",
        "(:heap other) | (error \"Value should be `fresh' or `fork'\")",
        "(:callback 7) | (wrong-type-argument functionp 7)",
        "(:channels (7)) | (wrong-type-argument channelp 7)",
        "(:globals proxy) | (error \"`:globals proxy' needs `:heap fresh'\")"
      })
  void wrongOptionsAreErrors(String plist, String error) {
    assertEquals(
        error, value("(condition-case e (isolate-spawn-with '" + plist + " 'ignore) (error e))"));
  }

  @Test
  void aCarrierOfItsOwnRunsItsTasksFairly() {
    assertEquals(
        "7",
        joined(
            "'(:carrier own :nice 3)",
            "(let ((x (task-spawn (lambda () 7)))) (while (task-live-p x)) (task-join x))"));
  }

  @Test
  void aCallbackRunsInTheSpawner() {
    assertEquals(
        "(42 t)",
        value(
            "(defvar got nil) (let ((me (isolate-current)))"
                + " (isolate-spawn-with (list :callback (lambda (i)"
                + " (setq got (list (isolate-join i) (eq me (isolate-current))))))"
                + " (lambda () 42))) (while (not got) (task-sleep 0.01)) got"));
  }

  @Test
  void allThatLiveAreListedAndJoined() {
    assertEquals(
        "(2 operation-timeout nil 1)",
        value(
            "(isolate-spawn (lambda () (task-sleep 0.3) (isolate-spawn (lambda () (task-sleep"
                + " 0.1)))))(list (length (isolate-list)) (condition-case e (isolate-join-all 0.01)"
                + " (error (car e))) (isolate-join-all) (length (isolate-list)))"));
  }

  @Test
  void statsSayWhatIsUsed() {
    assertEquals(
        "(done 0 t t running 2 t waiting killed)",
        value(
            "(let* ((i (isolate-spawn (lambda () (make-list 100000 nil) nil))) (w (isolate-spawn"
                + " (lambda () (task-sleep 100))))) (isolate-join i) (task-sleep 0.05) (task-spawn"
                + " (lambda () (task-sleep 100))) (let ((s (isolate-stats i)) (m (isolate-stats"
                + " (isolate-current)))       (ws (isolate-stats w))) (isolate-kill w)"
                + " (ignore-errors (isolate-join w)) (list (plist-get s :state) (plist-get s"
                + " :tasks) (> (plist-get s :allocated) 1000000) (>= (plist-get s :cpu) 0)"
                + " (plist-get m :state) (plist-get m :tasks) (> (plist-get m :live) 0) (plist-get"
                + " ws :state) (plist-get (isolate-stats w) :state))))"));
  }

  @Test
  void aLimitOfAnIsolateIsReported() {
    assertEquals(
        "Isolate n: Isolate was killed: timeout\n",
        run(
                2,
                "(isolate-spawn-with '(:name \"n\" :timeout 0.01) (lambda () (while t)))"
                    + "(isolate-join-all)")
            .stderr());
  }
}
