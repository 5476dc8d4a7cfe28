package org.elver.lisp.isolate;

import static org.elver.lisp.isolate.Programs.run;
import static org.elver.lisp.isolate.Programs.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How isolates end, and what is left of them: values, errors, reports. */
class IsolateEndsTest {
  @Test
  void anErrorComesWithWhereItWasSignaled() {
    String v =
        value(
            "(fset 'inner (lambda (x) (car (1+ x)))) (condition-case e (isolate-join"
                + " (isolate-spawn-with '(:name \"n\") (lambda () (list (inner 'a)))))"
                + " (isolate-error (list (nth 1 e) (nth 2 e) (stringp (nth 3 e)) (and (string-match"
                + " \"inner(a)\" (nth 3 e)) t))))");
    assertEquals("(\"n\" (wrong-type-argument number-or-marker-p a) t t)", v);
  }

  @Test
  void aHandledErrorIsNoEnd() {
    assertEquals(
        "(arith-error)",
        value("(isolate-join (isolate-spawn (lambda () (condition-case e (/ 1 0) (error e)))))"));
  }

  @Test
  void aThrowToTheTopLevelLeavesWhatTheProgramDoesButNotTheProgram() {
    Programs.Outcome o =
        run(
            2,
            "(progn (task-spawn (lambda () (while (not test-value) (task-sleep 0.01)) (setq"
                + " test-value (prin1-to-string (list test-value (recursion-depth)))) (kill-emacs"
                + " 5))) (condition-case nil (unwind-protect (mapc (lambda (_) (throw 'top-level"
                + " 1)) '(1)) (setq test-value 'unwound)) (error (setq test-value 'handled))))");
    assertEquals("(unwound 0)", o.value());
    assertEquals(5, o.status());
  }

  @Test
  void onlyTheProgramsFirstTaskHasATopLevel() {
    assertEquals(
        "((no-catch top-level 1) (no-catch top-level 2))",
        value(
            "(list (condition-case e (task-join (task-spawn (lambda () (throw 'top-level 1))))"
                + " (error e)) (condition-case e (isolate-join (isolate-spawn (lambda () (throw"
                + " 'top-level 2)))) (isolate-error (nth 2 e))))"));
  }

  /** Collects garbage until {@code done}, but not for ever. */
  private static String collecting(String done) {
    return "(let ((rounds 0)) (while (and (not "
        + done
        + ") (< rounds 300)) (vm-stats t) (task-sleep 0.02) (setq rounds (1+ rounds))))";
  }

  @Test
  void theIsolatesOfGoroutinesThatWereDroppedEnd() {
    assertEquals(
        "1",
        value(
            "(let ((i 0)) (while (< i 20) (resume (goroutine (lambda (x) (while t (setq x (yield"
                + " x)))) :isolate t) i) (setq i (1+ i))))"
                + collecting("(null (cdr (isolate-list)))")
                + "(length (isolate-list))"));
  }

  @Test
  void whoStillHasAGoroutineOrAwaitsItKeepsItsIsolate() {
    assertEquals(
        "(1 7 2)",
        value(
            "(defvar kept (goroutine (lambda (x) (while t (setq x (yield x)))) :isolate t))"
                + "(let ((first (resume kept 1)) (p (resume-async (goroutine (lambda (x)"
                + " (task-sleep 0.4) x) :isolate t) 7)))"
                + collecting("(promise-done-p p)")
                + collecting("(= rounds 10)")
                + "(list first (promise-await p) (resume kept 2)))"));
  }

  @Test
  void aDroppedGoroutinesTasksGoOn() {
    assertEquals(
        "(1 5)",
        value(
            "(let* ((c (make-channel)) (first (resume (goroutine (lambda (x) (task-spawn (lambda ()"
                + " (task-sleep 0.4) (channel-send c x))) (yield 1)) :isolate t) 5)))"
                + collecting("(= rounds 15)")
                + "(list first (channel-recv c 20)))"));
  }

  @Test
  void theSpawnerGetsTheSameObjectAgain() {
    assertEquals(
        "(t (1 2))",
        value(
            "(let* ((i (isolate-spawn (lambda () (list 1 2)))) (a (isolate-join i)))"
                + " (list (eq a (isolate-join i)) a))"));
  }

  @Test
  void aJoinWhileDescendantsLiveCopies() {
    assertEquals(
        "(nil (1 2) t)",
        value(
            "(defvar v (list 1 2))(let* ((i (isolate-spawn (lambda () (isolate-spawn (lambda ()"
                + " (task-sleep 1))) v))) (a (isolate-join i))) (list (eq a v) a (eq a"
                + " (isolate-join i))))"));
  }

  @Test
  void othersThanTheSpawnerGetCopies() {
    assertEquals(
        "((1 2) (1 2))",
        value(
            "(let* ((i (isolate-spawn (lambda () (task-sleep 0.05) (list 1 2))))"
                + " (j (isolate-spawn (lambda () (isolate-join i)))))"
                + " (list (isolate-join j) (isolate-join i)))"));
  }

  @Test
  void anIsolateWhoseParentIsForgottenCanBeKilled() {
    assertEquals(
        "(isolate-killed killed)",
        value(
            "(let ((i (isolate-join (isolate-spawn (lambda () (isolate-spawn"
                + " #'isolate-receive)))))) (vm-stats t) (task-sleep 0.01) (vm-stats t)"
                + " (isolate-kill i) (condition-case e (isolate-join i) (error (list (car e) (nth 2"
                + " e)))))"));
  }

  @Test
  void whatAFailedChunkStopsIsLeftNowhere() {
    assertEquals(
        "1",
        value(
            "(dotimes (k 200) (condition-case nil (parallel-mapcar (lambda (x) (error \"No\"))"
                + " '(1 2 3 4 5 6 7 8) 1) (error nil)))"
                + " (let ((n 0)) (while (and (< n 500) (cdr (isolate-list))) (task-sleep 0.01)"
                + " (setq n (1+ n))) (length (isolate-list)))"));
  }

  @Test
  void aForkOfTheSpawnerHasWhatThatJoined() {
    assertEquals(
        "(1 2)",
        value(
            "(let ((i (isolate-spawn (lambda () (list 1 2))))) (isolate-join i)"
                + " (isolate-join (isolate-spawn (lambda () (isolate-join i)))))"));
  }

  @Test
  void anIsolateCannotJoinItself() {
    assertEquals(
        "(error (error \"An isolate cannot join itself\"))",
        value("(isolate-join (isolate-current))"));
  }

  @Test
  void killEmacsEndsItsIsolateOnly() {
    assertEquals(
        "(isolate-error \"n\" (kill-emacs 3) nil)",
        value(
            "(condition-case e (isolate-join (isolate-spawn-with '(:name \"n\")"
                + " (lambda () (unwind-protect (kill-emacs 3) (task-sleep 100)))))"
                + " (isolate-error e))"));
  }

  @Test
  void killEmacsInATaskEndsItsIsolate() {
    assertEquals(
        "(kill-emacs 4)",
        value(
            "(condition-case e (isolate-join (isolate-spawn (lambda ()"
                + " (task-spawn (lambda () (kill-emacs 4))) (task-sleep 100))))"
                + " (isolate-error (nth 2 e)))"));
  }

  @Test
  void aKilledLoopEnds() {
    assertEquals(
        "(isolate-killed \"n\" killed)",
        value(
            "(let ((i (isolate-spawn-with '(:name \"n\")"
                + " (lambda () (while t (condition-case nil (while t) (t nil)))))))"
                + " (task-sleep 0.02) (isolate-kill i)"
                + " (condition-case e (isolate-join i) (isolate-killed e)))"));
  }

  /** A loop in a function that a primitive calls from Java, which is made to let others run. */
  private static final String BELOW_JAVA =
      "(define-hash-table-test 'slow 'equal (lambda (_) (while t)))"
          + " (fset 'below (lambda () (gethash 1 (make-hash-table :test 'slow))))";

  @Test
  void aLoopBelowJavaFramesCanBeCancelledWhileOthersRun() {
    assertEquals(
        "((task-cancelled) (unwound 1))",
        value(
            BELOW_JAVA
                + "(let* (seen (k (task-spawn (lambda () (unwind-protect (below) (setq seen"
                + " 'unwound)))))) (while (= (task-foreign-frames k) 0) (task-sleep 0.005))"
                + " (let ((n (task-foreign-frames k))) (task-cancel k) (list (condition-case e"
                + " (task-join k 60) (task-cancelled e) (error e)) (list seen n))))"));
  }

  @Test
  void aLoopBelowJavaFramesIsUnwoundWhenItsTimeIsOver() {
    assertEquals(
        "((isolate-killed timeout) unwound)",
        value(
            BELOW_JAVA
                + "(let* ((c (make-channel t :poison nil)) (i (isolate-spawn-with '(:timeout 0.1)"
                + " (lambda () (task-spawn (lambda () (while t (task-yield)))) (unwind-protect"
                + " (below) (channel-send c 'unwound)))))) (list (condition-case e (isolate-join i"
                + " 60) (error (list (car e) (nth 2 e)))) (channel-try-recv c)))"));
  }

  /** What becomes of an isolate whose tasks are chosen by a function that never returns. */
  private static String choosing(String plist, String then) {
    return value(
        "(let ((i (isolate-spawn-with '"
            + plist
            + " (lambda () (isolate-set-scheduling (lambda (_) (while t))) (task-spawn #'ignore)"
            + " (task-spawn #'ignore) (task-yield)))))"
            + then
            + "(condition-case e (isolate-join i 60) (error (list (car e) (nth 2 e)))))");
  }

  @Test
  void aFunctionThatChoosesForEverCanBeEnded() {
    assertEquals("(isolate-killed killed)", choosing("nil", "(task-sleep 0.05) (isolate-kill i)"));
    assertEquals("(isolate-killed timeout)", choosing("(:timeout 0.05)", ""));
  }

  @Test
  void aFunctionThatChoosesMayEndItsIsolateAndTheProgram() {
    String forms =
        "(isolate-set-scheduling (lambda (_) (kill-emacs 4))) (task-spawn #'ignore) (task-spawn"
            + " #'ignore) (task-yield)";
    assertEquals(
        "(kill-emacs 4)",
        value(
            "(condition-case e (isolate-join (isolate-spawn (lambda () "
                + forms
                + "))) (isolate-error (nth 2 e)))"));
    assertEquals(4, run(2, forms).status());
  }

  @Test
  void aFunctionThatChoosesSeesTasksAndCannotWait() {
    assertEquals(
        "((runnable t) (wait-forbidden) 3)",
        value(
            "(let (seen (c (make-channel)) (r nil)) (isolate-set-scheduling (lambda (all) (setq"
                + " seen (list (task-state (car all)) (task-live-p (car all)))) (unless r (setq r"
                + " (condition-case e (progn (sleep-for 1) 'waited) (error e)))) (car all)))"
                + " (task-spawn #'ignore) (task-spawn #'ignore) (task-yield) (list seen r 3))"));
  }

  @Test
  void whatAPoolHasNotBegunIsBrokenWhenNobodyIsLeft() {
    assertEquals(
        "(isolate-dead t error)",
        value(
            "(let* ((pool (make-isolate-pool 1)) (c (make-channel)) (a (pool-submit pool (lambda"
                + " () (channel-send c 1) (channel-recv c)))) (b (pool-submit pool #'ignore)))"
                + " (channel-recv c) (isolate-kill (nth 1 (isolate-list))) (list (condition-case"
                + " e (promise-await b 60) (error (car e))) (progn (channel-send c t)"
                + " (promise-await a 60)) (condition-case e (pool-submit pool #'ignore) (error"
                + " (car e)))))"));
    assertEquals(
        "isolate-dead",
        value(
            "(let* ((p (isolate-join (isolate-spawn (lambda () (let ((pool (make-isolate-pool"
                + " 1))) (pool-submit pool (lambda () (isolate-receive))) (list (pool-submit pool"
                + " #'ignore)))))))) (condition-case e (promise-await (car p) 60) (error (car"
                + " e))))"));
  }

  @Test
  void whoWaitsForAllAndGivesUpLeavesNothingWithThem() {
    // A million registrations would take some 50 MB.
    assertEquals(
        "t",
        value(
            "(let ((heap (lambda () (plist-get (vm-stats t) :heap-used))) before) (dotimes (_ 200)"
                + " (isolate-spawn #'isolate-receive)) (setq before (funcall heap)) (dotimes (_"
                + " 5000) (condition-case nil (isolate-join-all 0) (operation-timeout nil)))"
                + " (let ((more (- (funcall heap) before))) (or (< more 20000000) more)))"));
  }

  @Test
  void aKilledWaitUnwindsNothing() {
    // Below a primitive that calls back from Java, too: its stack is thrown away.
    assertEquals(
        "(isolate-killed nil)",
        value(
            "(let* ((c (make-channel t :poison nil)) (i (isolate-spawn (lambda ()"
                + " (condition-case nil (sort (list 3 2 1) (lambda (a b)"
                + " (unwind-protect (task-sleep 100) (channel-send c 'unwound))))"
                + " (t (channel-send c 'handled)))))))"
                + " (task-sleep 0.05) (isolate-kill i)"
                + " (list (condition-case e (isolate-join i) (isolate-killed (car e)))"
                + " (progn (task-sleep 0.05) (channel-try-recv c))))"));
  }

  @Test
  void anErrorThatNobodyLearnsOfIsReported() {
    Programs.Outcome o =
        run(
            2,
            "(setq isolate-error-functions (list (lambda (name c) (message \"%s: %S\" name c))))"
                + "(isolate-spawn-with '(:name \"n\") (lambda () (error \"Bad %d\" 1)))"
                + "(isolate-join-all) 'end");
    assertEquals("end", o.value());
    assertEquals("Isolate n: Bad 1\nn: (error \"Bad 1\")\n", o.stderr());
  }

  @Test
  void errorsThatSomebodyLearnsOfAreNotReported() {
    Programs.Outcome o =
        run(
            2,
            "(ignore-errors (isolate-join (isolate-spawn (lambda () (error \"A\")))))"
                + "(isolate-spawn-with '(:on-error ignore) (lambda () (error \"B\")))"
                + "(isolate-spawn-with '(:callback ignore) (lambda () (error \"C\")))"
                + "(let ((i (isolate-spawn (lambda () (while t))))) (isolate-kill i))"
                + "(isolate-join-all) (task-sleep 0.01) 'end");
    assertEquals("", o.stderr());
  }

  @Test
  void heapsOfIsolatesThatNobodyJoinsAreGivenUp() {
    String program =
        "(defvar kept nil) (defvar v (list 1 2 3))"
            + "(dotimes (n 30000)"
            + "  (isolate-join (isolate-spawn (lambda () (list n n n))))"
            + "  (isolate-join (isolate-spawn (lambda () (setcar v n) v)))"
            + "  (push (isolate-spawn (lambda () (make-vector 2000 n))) kept)"
            + "  (when (= (% n 100) 0) (isolate-join-all) (setq kept nil)))"
            + "(isolate-join-all) v";
    long before = used();
    assertEquals("(1 2 3)", value(program));
    // What 30,000 vectors would take is 240 MB.
    assertTrue(used() - before < 100L << 20);
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void othersGetCopiesOfWhatTheSpawnerTookOver() {
    assertEquals(
        "(500 500 t)",
        value(
            "(let* ((i (isolate-spawn (lambda () (make-list 500 'a)))) (c (make-channel))"
                + " (j (isolate-spawn (lambda () (channel-recv c) (length (isolate-join i)))))"
                + " (mine (isolate-join i))) (channel-send c t)"
                + " (list (isolate-join j) (length mine) (eq mine (isolate-join i))))"));
  }

  @Test
  void tasksAndMutexesOfAnEndedIsolateAreDead() {
    assertEquals(
        "(nil isolate-dead)",
        value(
            "(let ((x (isolate-join (isolate-spawn (lambda () (task-spawn #'ignore))))))"
                + " (list (task-live-p x) (condition-case e (task-join x 5) (error (car e)))))"));
    assertEquals(
        "locked",
        value(
            "(let ((m (isolate-join (isolate-spawn (lambda () (let ((m (make-mutex))) (mutex-lock"
                + " m) m)))))) (mutex-lock m) 'locked)"));
  }

  @Test
  void aPostToAnEndedIsolateIsAnErrorOfWhoWaitsForIt() {
    assertEquals(
        "(isolate-dead \"#<isolate n>\")",
        value(
            "(let* ((i (isolate-spawn-with '(:name \"n\") #'ignore)) (p (progn (isolate-join i)"
                + " (isolate-post i #'ignore)))) (condition-case e (promise-await p 5)"
                + " (error (list (car e) (prin1-to-string (nth 1 e))))))"));
  }

  @Test
  void aGoroutineComesBackWithWhatTheChildChanged() {
    assertEquals(
        "((changed) (old))",
        value(
            "(defvar v (list 'old))(let ((go (isolate-join (isolate-spawn (lambda () (let ((go"
                + " (goroutine (lambda (x) (let ((kept v)) (yield x) (yield kept)))))) (resume go"
                + " 1) (setcar v 'changed) go)))))) (list (resume go 2) v))"));
  }

  @Test
  void aProgramThatIsWaitedForEndsWithItsKilledIsolate(@TempDir Path dir) throws Exception {
    String seconds = Outside.seconds();
    Path begun = dir.resolve("begun");
    assertEquals(
        "isolate-killed",
        value(
            Outside.killed(
                begun,
                "(call-process \"sh\" nil nil nil \"-c\" \": > "
                    + begun
                    + "; exec sleep "
                    + seconds
                    + "\")")));
    assertTrue(Outside.isGone(seconds));
  }

  @Test
  void aValueThatWasReturnedBeforeAKillStays() {
    String lingering =
        "(let* ((c (make-channel)) (i (isolate-spawn (lambda () (let (in) (task-spawn"
            + " (lambda () (unwind-protect (progn (setq in t) (task-sleep 1000)) (channel-send c"
            + " 'cancelled) (task-sleep 1000)))) (while (not in) (task-yield)) %s)))))"
            + " (channel-recv c) (isolate-kill i) (condition-case e"
            + " (isolate-join i 60) (error (list (car e) (nth 2 e)))))";
    assertEquals("(1 2)", value(lingering.formatted("(list 1 2)")));
    assertEquals("(isolate-error (error \"No\"))", value(lingering.formatted("(error \"No\")")));
  }

  @Test
  void whoWaitsForATaskThatIsStoppedAfterItsIsolatesValueLearnsOfThat() {
    assertEquals(
        "(5 channel-poisoned)",
        value(
            "(let* ((c (make-channel)) (d (make-channel)) (i (isolate-spawn (lambda () (let (in)"
                + " (task-spawn (lambda () (unwind-protect (progn (setq in t) (task-sleep 1000))"
                + " (channel-send c 'cancelled) (task-sleep 1000) (channel-send d 1)))) (while (not"
                + " in) (task-yield)) 5))))) (channel-recv c)"
                + " (isolate-kill i) (list (isolate-join i 60) (condition-case e (channel-recv d"
                + " 60) (error (car e)))))"));
  }

  @Test
  void aCallThatAKilledIsolateOfAPoolWasToDoIsDoneByAnother() {
    // With one carrier the one that is woken does not run before it is killed.
    for (int k = 1; k <= 2; k++) {
      assertEquals(
          "(1 2 3)",
          run(
                  1,
                  "(let* ((pool (make-isolate-pool 2)) (first (promise-await (pool-submit pool"
                      + " (lambda () 1)) 60)) (p (progn (task-sleep 0.05) (pool-submit pool (lambda"
                      + " () 2))))) (isolate-kill (nth "
                      + k
                      + " (isolate-list))) (list first (condition-case e (promise-await p 10)"
                      + " (error (car e))) (promise-await (pool-submit pool (lambda () 3)) 10)))")
              .value());
    }
  }

  @Test
  void whoIsCancelledWhileAMacroIsExpandedLeavesNoErrorInTheCode() {
    assertEquals(
        "((error) 42)",
        value(
            "(defvar v-go nil)(defvar v-in nil)"
                + "(defmacro slow () (unless v-go (setq v-in t) (task-sleep 1000)) 42)"
                + "(defun f () (slow))"
                + "(let ((k (task-spawn #'f))) (while (not v-in) (task-yield))"
                + " (task-cancel k 'error) (list (condition-case e (task-join k) (error e))"
                + " (progn (setq v-go t) (f))))"));
  }

  @Test
  void aClosedPoolTakesNothingWhileItsIsolatesEnd() {
    assertEquals(
        "nil",
        value(
            "(let (taken) (dotimes (_ 100) (let ((pool (make-isolate-pool 1))) (dotimes (_ 10)"
                + " (pool-submit pool #'ignore)) (pool-close pool) (dotimes (_ 200) (condition-case"
                + " nil (push (pool-submit pool (lambda () 1)) taken) (error nil))))) taken)"));
  }

  @Test
  void callsOfAClosedPoolAreDoneByWhoIsLeft() {
    assertEquals(
        "(2 t nil)",
        run(
                1,
                "(let* ((pool (make-isolate-pool 2)) (p (progn (task-sleep 0.05) (pool-submit pool"
                    + " (lambda () 2)))) (closed (pool-close pool))) (isolate-kill (nth 1"
                    + " (isolate-list))) (list (condition-case e (promise-await p 10) (error (car"
                    + " e))) closed (pool-close pool)))")
            .value());
  }

  @Test
  void whoWaitsForAllWaitsForTheCallsOfAPoolAndNotForThePool() {
    assertEquals(
        "(t t nil 1)",
        value(
            "(let* ((pool (make-isolate-pool 2)) (a (pool-submit pool (lambda () (task-sleep"
                + " 0.2)))) (b (pool-submit pool (lambda () (task-sleep 0.1)))) (c (pool-submit"
                + " pool (lambda () 1)))) (condition-case e (isolate-join-all 60) (error (setq c"
                + " nil))) (list (promise-done-p a) (promise-done-p b) (isolate-join-all 60)"
                + " (promise-await c 60)))"));
    // Within a call, too, which does not wait for itself.
    assertEquals(
        "done",
        value(
            "(promise-await (pool-submit (make-isolate-pool 2) (lambda () (isolate-join-all 60)"
                + " 'done)) 30)"));
  }

  @Test
  void threadsEndWithTheProgram() throws Exception {
    Set<Thread> before = workers();
    assertEquals(
        "t",
        value(
            BELOW_JAVA
                + "(let ((k (task-spawn (lambda () (gethash 1 (progn (define-hash-table-test 'waits"
                + " 'equal (lambda (_) (task-sleep 1000))) (make-hash-table :test 'waits))))))"
                + " (runs (make-channel))) (isolate-spawn (lambda () (channel-send runs 1) (while"
                + " t))) (isolate-spawn (lambda () (channel-send runs 1) (below))) (channel-recv"
                + " runs) (channel-recv runs) (while (= (task-foreign-frames k) 0) (task-sleep"
                + " 0.01)) t)"));
    assertTrue(
        Outside.becomes(
            () -> {
              Set<Thread> now = workers();
              now.removeAll(before);
              return now.isEmpty();
            }));
  }

  private static Set<Thread> workers() {
    Set<Thread> all = new HashSet<>(Thread.getAllStackTraces().keySet());
    all.removeIf(t -> !t.getName().startsWith("elver worker"));
    return all;
  }
}
