;;; elver-ert.el --- ERT tests in forks, on all cores  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; What `elver ert' runs: `elver-ert-run-and-exit', with what the command line asks for in
;; `elver-ert-options'.
;;
;; ERT itself selects the tests, runs each of them and words all that is said about it.  It is only
;; its loop over the tests, `ert-run-tests', that has another definition while
;; `ert-run-tests-batch-and-exit' begins: one that calls ERT's function for a single test in an
;; enclosed fork of the program.  There ERT's own listener reports the result, into the fork's
;; transcript.  The transcripts are shown in the order of the tests, however they end.  Results come
;; back as copies, and only when all tests have ended are they put where ERT keeps them, so that
;; every fork starts from the program as it was loaded.
;;
;; A fork that does not get to its end (the test has called `kill-emacs', hangs, takes too much
;; memory) counts as a failure with one of the conditions defined below.

;;; Code:

(require 'ert)
(require 'seq)
(require 'subr-x)

(defvar elver-ert-options nil
  "What the command line asks for, as a property list.
`:jobs' N; `:memory' BYTES; `:timeout' SECONDS; `:seed' N; `:slowest' N; `:selector' STRING;
`:junit' FILE; `:list', `:fail-fast', `:all-output' non-nil: do that; `:columns' N, of the terminal.")

;; Like `quit' this is no `error', so that `ignore-errors' does not swallow it.
(put 'elver-ert-timed-out 'error-conditions '(elver-ert-timed-out))
(put 'elver-ert-timed-out 'error-message "Test took too long")
(define-error 'elver-ert-exited "Test ended the program")
(define-error 'elver-ert-out-of-memory "Test took too much memory")
(define-error 'elver-ert-lost "Test ended its isolate")

(defun elver-ert--option (key)
  "Return what the command line asks for with KEY."
  (plist-get elver-ert-options key))

;;;; In the fork

(defun elver-ert--run-test (stats test listener)
  "Run TEST of STATS, tell LISTENER, and report the result to the isolate that forked this one."
  ;; As in the main program, a test may throw to the top level.
  (catch 'top-level
    (condition-case err
        (ert-run-or-rerun-test stats test
                               (lambda (event &rest args)
                                 (if (eq event 'test-ended) (elver--enclosed-turn))
                                 (apply listener event args)))
      ;; ERT learns of errors by the debugger, which isolates do not call by themselves.
      ((debug t) (signal (car err) (cdr err)))))
  (elver-ert--report (ert-test-most-recent-result test)))

(defun elver-ert--report (result)
  "Report RESULT: its type, duration, messages, and what else its type has.
Of what cannot leave the isolate, such as buffers, only the printed form does."
  (let ((all (list (type-of result)
                   (ert-test-result-duration result)
                   (ert-test-result-messages result)))
        (print-circle t) (print-level 8) (print-length 50))
    (if (ert-test-result-with-condition-p result)
        (let ((condition (ert-test-result-with-condition-condition result))
              (infos (ert-test-result-with-condition-infos result)))
          (condition-case nil
              (elver--enclosed-report
               (append all (list condition infos (ert-test-result-should-forms result))))
            (error
             (elver--enclosed-report
              (append all
                      (list (cons (car condition)
                                  (mapcar (lambda (x) (if (atom x) (format "%s" x) (format "%S" x)))
                                          (if (proper-list-p condition) (cdr condition)
                                            (list (cdr condition)))))
                            (mapcar (lambda (info)
                                      (cons (format "%s" (car info)) (format "%s" (cdr info))))
                                    infos)
                            nil))))))
      (elver--enclosed-report all))))

;;;; One test, seen from outside

;; What is known of the run of a test is a vector:
;; [TEST POSITION ISOLATE START DEADLINE TOLD RESULT END REPORTED TEXTS]
(defsubst elver-ert--test (run) "Return the test of RUN." (aref run 0))
(defsubst elver-ert--position (run) "Return the position of the test of RUN." (aref run 1))
(defsubst elver-ert--isolate (run) "Return the isolate of RUN." (aref run 2))
(defsubst elver-ert--start (run) "Return when RUN began." (aref run 3))
(defsubst elver-ert--deadline (run) "Return when something is to be done about RUN." (aref run 4))
(defsubst elver-ert--told (run) "Return what was done about RUN, late: t or `killed'." (aref run 5))
(defsubst elver-ert--result (run) "Return the result of RUN; nil while it goes on." (aref run 6))
(defsubst elver-ert--end (run) "Return when RUN ended." (aref run 7))
(defsubst elver-ert--reported-p (run) "Return whether ERT worded the result in RUN." (aref run 8))
(defsubst elver-ert--texts (run) "Return (STDOUT STDERR REPORT) of RUN, if kept." (aref run 9))

(defconst elver-ert--grace 5
  "Seconds that a late test has for its `unwind-protect' forms and ERT for what it says of it.")

(defun elver-ert--begin (test position stats listener)
  "Run TEST, at POSITION of STATS, in a fork that tells LISTENER; return what is known of it."
  (let ((timeout (elver-ert--option :timeout)))
    (vector test position
            (elver--enclosed-spawn (elver-ert--option :memory)
                                   #'elver-ert--run-test stats test listener)
            (current-time)
            (and timeout (+ (float-time) timeout))
            nil nil nil nil nil)))

(defun elver-ert--late (run)
  "Do something about RUN, whose deadline has passed: fail its test, then end its isolate."
  (if (elver-ert--told run)
      (progn
        (aset run 5 'killed)
        (aset run 4 nil)
        (elver--enclosed-kill (elver-ert--isolate run)))
    (aset run 5 t)
    (aset run 4 (+ (float-time) elver-ert--grace))
    (elver--enclosed-signal (elver-ert--isolate run)
                            'elver-ert-timed-out (elver-ert--option :timeout))))

(defun elver-ert--abandon (run)
  "End RUN, whose result nobody wants any more."
  (let ((isolate (elver-ert--isolate run)))
    (elver--enclosed-kill isolate)
    (elver--enclosed-wait (list isolate) elver-ert--grace)
    (if (isolate-live-p isolate) nil (elver--enclosed-end isolate))))

(defun elver-ert--failure (symbol &rest data)
  "Return a failure with condition SYMBOL and DATA, of a test that could not report one."
  (make-ert-test-failed :condition (cons symbol data)
                        :backtrace (elver-ert--frames (cons symbol data))
                        :infos nil))

(defun elver-ert--frames (condition)
  "Return a backtrace that shows CONDITION and no more.
For one without frames ERT would show where this program is."
  (list (backtrace-make-frame :evald t :fun (car condition)
                              :args (if (proper-list-p condition) (cdr condition)))))

(defun elver-ert--received (report)
  "Return the result that REPORT describes."
  (pcase report
    (`(,type ,duration ,messages . ,more)
     (let ((args (list :duration duration :messages messages)))
       (if more
           (setq args `(:condition ,(nth 0 more) :infos ,(nth 1 more) :should-forms ,(nth 2 more)
                        :backtrace ,(elver-ert--frames (nth 0 more)) ,@args)))
       (apply (pcase type
                ('ert-test-passed #'make-ert-test-passed)
                ('ert-test-failed #'make-ert-test-failed)
                ('ert-test-skipped #'make-ert-test-skipped)
                ('ert-test-quit #'make-ert-test-quit)
                (_ #'make-ert-test-aborted-with-non-local-exit))
              args)))
    (_ (elver-ert--failure 'elver-ert-lost "it has not reported a result"))))

(defun elver-ert--timed-out-p (result)
  "Return whether RESULT says that the test was told to end."
  (and (ert-test-result-with-condition-p result)
       (eq (car (ert-test-result-with-condition-condition result)) 'elver-ert-timed-out)))

(defun elver-ert--finish (run)
  "Note the result of RUN, whose isolate has ended."
  (aset run 7 (current-time))
  (let* ((how (elver--enclosed-end (elver-ert--isolate run)))
         (result (pcase how
                   (`(done . ,report) (elver-ert--received report))
                   (`(exited . ,status) (elver-ert--failure 'elver-ert-exited 'kill-emacs status))
                   ('(killed . memory)
                    (elver-ert--failure 'elver-ert-out-of-memory (elver-ert--option :memory)))
                   (`(,_ . ,why) (elver-ert--failure 'elver-ert-lost why))))
         (reported (eq (car how) 'done)))
    ;; Late is late, whatever it did when it was told.
    (if (and (elver-ert--told run) (not (elver-ert--timed-out-p result)))
        (setq result (elver-ert--failure 'elver-ert-timed-out (elver-ert--option :timeout))
              reported nil))
    (unless reported
      (setf (ert-test-result-duration result)
            (float-time (time-subtract (elver-ert--end run) (elver-ert--start run)))))
    (aset run 6 result)
    (aset run 8 reported)))

(defun elver-ert--unexpected-p (run)
  "Return whether the result of RUN is not the expected one."
  (not (ert-test-result-expected-p (elver-ert--test run) (elver-ert--result run))))

(defun elver-ert--show (run stats listener)
  "Show what ERT says of the result of RUN, and what its test wrote if that is to be seen.
STATS and LISTENER are those of the tests."
  (let ((isolate (elver-ert--isolate run)))
    (if (elver-ert--option :junit)
        (aset run 9 (list (elver--enclosed-text isolate 0 nil)
                          (elver--enclosed-text isolate 0 t)
                          (if (elver-ert--reported-p run) (elver--enclosed-text isolate 1 t) ""))))
    (if (or (elver-ert--option :all-output) (elver-ert--unexpected-p run))
        (elver--enclosed-replay isolate 0))
    ;; A test may have left its program unable to say anything.
    (or (and (elver-ert--reported-p run) (elver--enclosed-replay isolate 1))
        (funcall listener 'test-ended stats (elver-ert--test run) (elver-ert--result run)))
    (aset run 2 nil)))

;;;; The line that tells how far it is, on a terminal

(defvar elver-ert--progress nil
  "When the progress was shown last, as a float; nil: the terminal shows none.")

(defun elver-ert--write (string)
  "Write STRING to standard error."
  (princ string #'external-debugging-output))

(defun elver-ert--clear ()
  "Remove the progress from the terminal."
  (when elver-ert--progress
    (setq elver-ert--progress nil)
    (elver-ert--write "\r\e[K")))

(defun elver-ert--show-progress (total ended unexpected running)
  "Show that of TOTAL tests ENDED have, with so many UNEXPECTED results, and RUNNING go on."
  (let* ((columns (elver-ert--option :columns))
         (text (format "[%d/%d] %s%s" ended total
                       (if (zerop unexpected) "" (format "%d unexpected; " unexpected))
                       (mapconcat (lambda (run)
                                    (symbol-name (ert-test-name (elver-ert--test run))))
                                  running " "))))
    (setq elver-ert--progress (float-time))
    (elver-ert--write (concat "\r" (truncate-string-to-width text (max 10 (1- columns))) "\e[K"))))

;;;; All tests

(defun elver-ert--shuffled (tests seed)
  "Return TESTS, a list, in an order that the number SEED decides."
  (let* ((all (vconcat tests))
         (i (length all))
         ;; A generator of its own: that of `random' is the tests'.
         (state (mod (logxor seed #x5DEECE66D) (ash 1 48))))
    (while (> i 1)
      (setq state (mod (+ (* state #x5DEECE66D) 11) (ash 1 48)))
      (let* ((k (mod (ash state -17) i))
             (x (aref all k)))
        (setq i (1- i))
        (aset all k (aref all i))
        (aset all i x)))
    (append all nil)))

(defun elver-ert--wait (running soon)
  "Wait until some of RUNNING have ended; return these.
Return nil when that takes until something else is to be done; with SOON, after a moment."
  (let* ((deadlines (delq nil (mapcar (lambda (run) (elver-ert--deadline run)) running)))
         (timeout (and deadlines (max 0.0 (- (apply #'min deadlines) (float-time)))))
         (isolates (mapcar (lambda (run) (elver-ert--isolate run)) running))
         (ended (condition-case nil
                    (elver--enclosed-wait isolates
                                          (if soon (min 0.1 (or timeout 0.1)) timeout))
                  ;; Nothing can wake any of the tests: that is their error.
                  (deadlock-error
                   (dolist (i isolates)
                     (elver--enclosed-signal i 'deadlock-error "everything waits in this test"))
                   nil))))
    (delq nil (mapcar (lambda (run) (and (memq (elver-ert--isolate run) ended) run)) running))))

(defun elver-ert--run-all (tests stats listener)
  "Run TESTS, those of STATS, telling LISTENER; return the runs that have ended, in order."
  (let* ((total (length tests))
         (jobs (elver-ert--option :jobs))
         (runs (make-vector total nil))
         (next 0)                    ; the test that is begun next
         (shown 0)                   ; of the tests before it all is shown
         (running nil) (ended 0) (unexpected 0) (stopped nil) (soon nil))
    (while (or running (and tests (not stopped)))
      (while (and tests (not stopped) (< (length running) jobs))
        (let ((run (elver-ert--begin (pop tests) next stats listener)))
          (aset runs next run)
          (setq next (1+ next)
                running (nconc running (list run)))))
      ;; Now that the cores have work.
      (while (and (< shown next) (elver-ert--result (aref runs shown)))
        (elver-ert--clear)
        (elver-ert--show (aref runs shown) stats listener)
        (setq shown (1+ shown)))
      (setq soon nil)
      (when (elver-ert--option :columns)
        (if (and elver-ert--progress (< (- (float-time) elver-ert--progress) 0.1))
            (setq soon t)
          (elver-ert--show-progress total ended unexpected running)))
      (dolist (run (elver-ert--wait running soon))
        (elver-ert--finish run)
        (setq running (delq run running)
              ended (1+ ended))
        (when (elver-ert--unexpected-p run)
          (setq unexpected (1+ unexpected)
                stopped (elver-ert--option :fail-fast))))
      (when stopped
        (mapc #'elver-ert--abandon running)
        (setq running nil))
      (dolist (run running)
        (let ((deadline (elver-ert--deadline run)))
          (if (and deadline (<= deadline (float-time)))
              (elver-ert--late run)))))
    (elver-ert--clear)
    (let (all)
      (dotimes (i next)
        (let ((run (aref runs i)))
          (when (elver-ert--result run)
            (push run all)
            (if (>= i shown) (elver-ert--show run stats listener)))))
      (nreverse all))))

(defun elver-ert--settle (runs stats)
  "Put the results of RUNS where ERT keeps them: in the tests and in STATS."
  (dolist (run runs)
    (let* ((test (elver-ert--test run))
           (position (ert--stats-test-pos stats test)))
      (setf (ert-test-most-recent-result test) (elver-ert--result run))
      (setf (aref (ert--stats-test-start-times stats) position) (elver-ert--start run))
      (setf (aref (ert--stats-test-end-times stats) position) (elver-ert--end run))
      (ert--stats-set-test-and-result stats position test (elver-ert--result run)))))

(defun elver-ert--run-tests (selector listener)
  "Run the tests that SELECTOR selects, telling LISTENER, as `ert-run-tests' does; return the stats."
  (let* ((seed (elver-ert--option :seed))
         (selected (ert-select-tests selector t))
         (tests (if seed (elver-ert--shuffled selected seed) selected))
         (stats (ert--make-stats tests selector))
         (start (current-time))
         runs left aborted)
    (setf (ert--stats-start-time stats) start)
    (funcall listener 'run-started stats)
    (if seed (message "Shuffled with seed %d" seed))
    ;; Once for all, or each fork would have to compile what its test calls.
    (dolist (test tests)
      (elver--make-code (ert-test-body test)))
    (setq runs (elver-ert--run-all tests stats listener)
          left (- (length tests) (length runs)))
    (unless (zerop left)
      (setq stats (ert--make-stats (mapcar (lambda (run) (elver-ert--test run)) runs) selector))
      (setf (ert--stats-start-time stats) start))
    (elver-ert--settle runs stats)
    (dolist (run runs)
      (if (ert-test-aborted-with-non-local-exit-p (elver-ert--result run)) (setq aborted t)))
    (setf (ert--stats-aborted-p stats) (or aborted (not (zerop left))))
    (setf (ert--stats-end-time stats) (current-time))
    (funcall listener 'run-ended stats (ert--stats-aborted-p stats))
    (unless (zerop left)
      (message "Stopped at the first unexpected result: %d tests have no result\n" left))
    (elver-ert--list-slowest runs stats)
    (if (elver-ert--option :junit)
        (elver-ert--write-junit (elver-ert--option :junit) runs stats))
    ;; Where a test throws to the top level ERT's run ends with it.
    (if aborted (throw 'top-level nil))
    stats))

(defun elver-ert--list-slowest (runs stats)
  "Say which of RUNS, of STATS, took longest, as `ert-summarize-tests-batch-and-exit' does."
  (let ((n (elver-ert--option :slowest))
        (sorted (sort (copy-sequence runs)
                      (lambda (a b)
                        (> (ert-test-result-duration (elver-ert--result a))
                           (ert-test-result-duration (elver-ert--result b))))))
        (total (prin1-to-string (length runs))))
    (when (and sorted (> n 0))
      (message "\nLONG-RUNNING TESTS")
      (message "------------------")
      (dolist (run (seq-take sorted n))
        (message (format "%%9s  %%%ds/%s  %%S (%%f sec)" (length total) total)
                 (ert-string-for-test-result (elver-ert--result run)
                                             (not (elver-ert--unexpected-p run)))
                 (1+ (ert--stats-test-pos stats (elver-ert--test run)))
                 (ert-test-name (elver-ert--test run))
                 (ert-test-result-duration (elver-ert--result run)))))))

;;;; JUnit's XML

(defun elver-ert--xml (string)
  "Return STRING as the text of an XML element or attribute."
  (let ((escapes '((?& . "&amp;") (?< . "&lt;") (?> . "&gt;") (?\" . "&quot;"))))
    (mapconcat (lambda (c)
                 (or (cdr (assq c escapes))
                     ;; What XML cannot have at all.
                     (if (or (and (< c 32) (not (memq c '(?\t ?\n))))
                             (and (>= c #xD800) (<= c #xDFFF))
                             (memq c '(#xFFFE #xFFFF))
                             (> c #x10FFFF))
                         "\uFFFD"
                       (string c))))
               string "")))

(defun elver-ert--file (test)
  "Return the name of the file that defines TEST, or \"ert\" when that is not known."
  (let ((file (and (ert-test-name test) (symbol-file (ert-test-name test) 'ert--test))))
    (if file (file-name-base file) "ert")))

(defun elver-ert--condition-text (condition)
  "Return CONDITION in one line."
  (let ((print-length 10) (print-level 5)
        (print-escape-newlines t) (print-escape-control-characters t))
    (format "%S" condition)))

(defun elver-ert--insert-case (run class)
  "Insert what JUnit's XML says of RUN, whose test is of CLASS."
  (let* ((test (elver-ert--test run))
         (result (elver-ert--result run))
         (expected (not (elver-ert--unexpected-p run)))
         (texts (elver-ert--texts run))
         (condition (and (ert-test-result-with-condition-p result)
                         (ert-test-result-with-condition-condition result))))
    (insert (format "    <testcase classname=\"%s\" name=\"%s\" time=\"%.6f\">\n"
                    (elver-ert--xml class)
                    (elver-ert--xml (format "%s" (ert-test-name test)))
                    (ert-test-result-duration result)))
    (cond ((ert-test-skipped-p result)
           (insert (format "      <skipped message=\"%s\"/>\n"
                           (elver-ert--xml (string-trim (ert-reason-for-test-result result))))))
          ((not expected)
           (let ((element (if (or (ert-test-failed-p result) (ert-test-passed-p result))
                              "failure" "error")))
             (insert (format "      <%s type=\"%s\" message=\"%s\">%s</%s>\n" element
                             (elver-ert--xml (format "%s" (or (car condition) (type-of result))))
                             (elver-ert--xml
                              (if condition
                                  (elver-ert--condition-text condition)
                                (ert-string-for-test-result result nil)))
                             (elver-ert--xml (if (string-empty-p (nth 2 texts))
                                                 (elver-ert--condition-text condition)
                                               (nth 2 texts)))
                             element)))))
    (let ((out (nth 0 texts)) (err (nth 1 texts)))
      (unless (string-empty-p out)
        (insert "      <system-out>" (elver-ert--xml out) "</system-out>\n"))
      (unless (string-empty-p err)
        (insert "      <system-err>" (elver-ert--xml err) "</system-err>\n")))
    (insert "    </testcase>\n")))

(defun elver-ert--attributes (runs time)
  "Return the attributes of a set of RUNS that took TIME seconds."
  (let ((failures 0) (errors 0) (skipped 0))
    (dolist (run runs)
      (let ((result (elver-ert--result run)))
        (cond ((ert-test-skipped-p result) (setq skipped (1+ skipped)))
              ((not (elver-ert--unexpected-p run)))
              ((or (ert-test-failed-p result) (ert-test-passed-p result))
               (setq failures (1+ failures)))
              (t (setq errors (1+ errors))))))
    (format "tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%.6f\""
            (length runs) failures errors skipped time)))

(defun elver-ert--write-junit (file runs stats)
  "Write RUNS of STATS to FILE, as the XML that CI systems read: a suite for each file of tests."
  (let ((suites nil)
        (coding-system-for-write 'utf-8-unix)
        (start (ert--stats-start-time stats)))
    (dolist (run runs)
      (let ((name (elver-ert--file (elver-ert--test run))))
        (push run (alist-get name suites nil nil #'equal))))
    (with-temp-file file
      (insert "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
              (elver-ert--attributes
               runs (float-time (time-subtract (ert--stats-end-time stats) start)))
              ">\n")
      (pcase-dolist (`(,name . ,own) (nreverse suites))
        (insert (format "  <testsuite name=\"%s\" timestamp=\"%s\" %s>\n"
                        (elver-ert--xml name)
                        (format-time-string "%Y-%m-%dT%H:%M:%S" start t)
                        (elver-ert--attributes
                         own (apply #'+ (mapcar (lambda (run)
                                                  (ert-test-result-duration
                                                   (elver-ert--result run)))
                                                own)))))
        (dolist (run (nreverse own))
          (elver-ert--insert-case run name))
        (insert "  </testsuite>\n"))
      (insert "</testsuites>\n"))))

;;;; The command

(defun elver-ert--wrong (format &rest args)
  "Say what is wrong, FORMAT with ARGS, and end the program."
  (message "elver ert: %s" (apply #'format-message format args))
  (kill-emacs 2))

(defun elver-ert--selector ()
  "Return the selector that the command line asks for; t when it asks for none."
  (let ((text (elver-ert--option :selector)))
    (if (null text)
        t
      (condition-case err
          (let ((read (read-from-string text)))
            (if (string-match-p "[^ \t\n]" text (cdr read))
                (elver-ert--wrong "bad selector %s: there is something after its end" text))
            (car read))
        (error (elver-ert--wrong "bad selector %s: %s" text (error-message-string err)))))))

(defun elver-ert--checked-tests (selector)
  "Return the tests that SELECTOR selects; end the program when it is none."
  (condition-case err
      (ert-select-tests selector t)
    (error
     (if (and selector (symbolp selector) (not (keywordp selector)))
         (elver-ert--wrong "no test is named `%s'" selector)
       (elver-ert--wrong "bad selector %S: %s" selector (error-message-string err))))))

(defun elver-ert-run-and-exit ()
  "Run the tests that have been loaded as `elver-ert-options' say, report, and end the program.
The exit status is that of `ert-run-tests-batch-and-exit'."
  ;; ERT takes nil to mean all.
  (let* ((selector (or (elver-ert--selector) t))
         (tests (elver-ert--checked-tests selector)))
    (when (elver-ert--option :list)
      (dolist (test (if (elver-ert--option :seed)
                        (elver-ert--shuffled tests (elver-ert--option :seed))
                      tests))
        (princ (format "%S\n" (ert-test-name test))))
      (kill-emacs 0))
    (let ((run-tests (symbol-function 'ert-run-tests)))
      (fset 'ert-run-tests
            (lambda (selector listener &optional _interactively)
              (fset 'ert-run-tests run-tests) ; Tests may call it.
              (elver-ert--run-tests selector listener)))
      (catch 'top-level
        (ert-run-tests-batch-and-exit selector)))))

(provide 'elver-ert)

;;; elver-ert.el ends here
