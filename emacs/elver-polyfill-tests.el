;;; elver-polyfill-tests.el --- Tests of elver-polyfill  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; They run in GNU Emacs and in Elver alike, but for those of what only one of the two can do.
;;
;; The last test makes random functions and runs each of them twice: as a goroutine, and on a thread
;; of Emacs's, which has a stack of its own and needs no rewriting of the source.

;;; Code:

(require 'ert)
(require 'cl-lib)
(require 'elver-polyfill)

(defvar elver-polyfill-tests-dynamic 'global)

(defun elver-polyfill-tests-answers (go values)
  "Resume GO with each of VALUES; return the answers.
An error is (error CONDITION)."
  (mapcar (lambda (value)
            (condition-case err (resume go value) (error (list 'error (car err)))))
          values))

(defmacro elver-polyfill-tests-check (function values &rest answers)
  "Check that a goroutine of FUNCTION gives ANSWERS when it is resumed with VALUES."
  (declare (indent 1))
  `(should (equal (elver-polyfill-tests-answers (goroutine ,function) ',values) ',answers)))

;;; Calls and answers

(ert-deftest elver-polyfill-test-seed ()
  (let ((num 0)
        (printed nil)
        (go (goroutine (lambda (x) (yield (1+ x))))))
    (setq num (resume go num))
    (push num printed)
    (setq num (resume go (+ num 2)))
    (push num printed)
    (should (equal printed '(4 1)))))

(ert-deftest elver-polyfill-test-value-of-yield ()
  (elver-polyfill-tests-check (lambda (x) (yield (list x (yield x)))) (1 2 3) 1 (1 2) 3))

(ert-deftest elver-polyfill-test-returns-without-yield ()
  (elver-polyfill-tests-check (lambda (x) (* x x)) (2 3) 4 9)
  (elver-polyfill-tests-check #'1+ (2 3) 3 4)
  (elver-polyfill-tests-check (lambda (x) (if (> x 2) (yield 'big) 'small)) (1 3 1 5 5)
    small big small big big))

(ert-deftest elver-polyfill-test-arguments ()
  (elver-polyfill-tests-check (lambda (&optional x y) (yield (list x y)) 1) (1) (1 nil))
  (elver-polyfill-tests-check (lambda (&rest xs) (yield xs) 1) (1 2) (1) (2))
  (elver-polyfill-tests-check (lambda () (yield 1)) (1 2)
    (error wrong-number-of-arguments) (error goroutine-error)))

(ert-deftest elver-polyfill-test-error-ends-it ()
  (let ((go (goroutine (lambda (x) (yield x) (error "Bad %s" x)))))
    (should (= (resume go 1) 1))
    (should (equal (should-error (resume go 2)) '(error "Bad 1")))
    (should-error (resume go 3) :type 'goroutine-error)))

(ert-deftest elver-polyfill-test-resumes-itself ()
  (let (go)
    (setq go (goroutine (lambda (_) (yield (condition-case err (resume go 1) (error (car err)))))))
    (should (eq (resume go 1) 'goroutine-error))))

(ert-deftest elver-polyfill-test-wrong-type ()
  (should-error (resume 1 2) :type 'wrong-type-argument))

(ert-deftest elver-polyfill-test-goroutinep ()
  (should (goroutinep (goroutine (lambda (x) (yield x)))))
  (should-not (goroutinep 1)))

(ert-deftest elver-polyfill-test-many ()
  (let ((gos (mapcar (lambda (n) (goroutine (lambda (x) (while t (setq x (yield (cl-incf n x)))))))
                     (number-sequence 1 100))))
    (should (equal (mapcar (lambda (go) (resume go 1)) gos) (number-sequence 2 101)))
    (should (equal (mapcar (lambda (go) (resume go 2)) gos) (number-sequence 4 103)))))

(ert-deftest elver-polyfill-test-one-resumes-another ()
  (let* ((inner (goroutine (lambda (x) (while t (setq x (yield (* 2 x)))))))
         (outer (goroutine (lambda (x) (while t (setq x (yield (1+ (resume inner x)))))))))
    (should (equal (elver-polyfill-tests-answers outer '(1 2 3)) '(3 5 7)))))

(ert-deftest elver-polyfill-test-goroutine-in-goroutine ()
  (elver-polyfill-tests-check
      (lambda (x)
        (let ((go (goroutine (lambda (y) (yield (list 'inner y)) (yield 'more)))))
          (yield (resume go x))
          (yield (resume go x))))
    (1 2 3) (inner 1) more (inner 3)))

;;; What may stand around a yield

(ert-deftest elver-polyfill-test-order-of-evaluation ()
  (elver-polyfill-tests-check
      (lambda (_) (let ((a 1)) (yield (list a (progn (setq a 2) (yield 0)) a)))) (0 y z)
    0 (1 y 2) 0)
  (elver-polyfill-tests-check
      (lambda (_) (let (a b) (setq a 5 b (progn (yield a) a)) (yield (list a b)))) (0 1) 5 (5 5)))

(ert-deftest elver-polyfill-test-conditionals ()
  (elver-polyfill-tests-check
      (lambda (_)
        (yield (and 1 (yield 'a) 2))
        (yield (or nil (yield 'b) (yield 'c)))
        (yield (cond ((yield 'd)) ((eq (yield 'e) 1) 'one) (t (yield 'f) 'other)))
        (yield (if (yield 'g) (yield 'h) (yield 'i) (yield 'j)))
        (yield (list (when (yield 'k) 1) (unless (yield 'l) 2))))
    (0 t t nil t t nil 1 0 nil 0 0 0 nil)
    a 2 b c t d e one g i j 0 k l)
  (elver-polyfill-tests-check (lambda (_) (yield (list (and) (or) (cond) (progn) (yield 1)))) (0 5)
    1 (t nil nil nil 5)))

(ert-deftest elver-polyfill-test-loops ()
  (elver-polyfill-tests-check
      (lambda (_)
        (dolist (x '(a b)) (yield x))
        (dotimes (i 2) (yield i))
        (yield (cl-loop for i from 1 to 2 collect (yield i)))
        (cl-do ((i 0 (1+ i))) ((= i 2)) (yield (list 'do i)))
        (let ((n 0)) (while (< (yield n) 2) (cl-incf n)))
        (yield 'end))
    (0 0 0 0 0 x y 0 0 0 1 2)
    a b 0 1 1 2 (x y) (do 0) (do 1) 0 1 end))

(ert-deftest elver-polyfill-test-long-loop ()
  (let ((go (goroutine (lambda (_) (let ((n 0)) (while (< n 20000) (when (= (% n 5000) 0) (yield n))
                                                       (setq n (1+ n))))))))
    (should (equal (elver-polyfill-tests-answers go '(0 0 0 0 0)) '(0 5000 10000 15000 0)))))

(ert-deftest elver-polyfill-test-closures-in-loops ()
  (let* ((functions nil)
         (go (goroutine (lambda (_) (dotimes (i 3) (push (lambda () i) functions) (yield i))))))
    (dotimes (_ 3) (resume go nil))
    (should (equal (mapcar #'funcall functions) '(2 1 0)))))

(ert-deftest elver-polyfill-test-shadowing ()
  (elver-polyfill-tests-check
      (lambda (x)
        (let* ((x (list x (let ((x (yield x))) (yield (list 'in x)) x)))
               (y (yield x))
               (x y))
          (yield x))
        (yield x))
    (1 2 3 4 5) 1 (in 2) (1 2) 4 1))

(ert-deftest elver-polyfill-test-prog1 ()
  (elver-polyfill-tests-check
      (lambda (_) (yield (list (prog1 (yield 1) (yield 2)) (prog2 (yield 3) (yield 4) (yield 5)))))
    (0 a b c d e) 1 2 3 4 5 (a d)))

(ert-deftest elver-polyfill-test-condition-case ()
  (elver-polyfill-tests-check
      (lambda (x)
        (yield (condition-case err
                   (progn (yield 'body) (/ x 0))
                 (arith-error (yield (car err)) (list 'handled (car err)))))
        (yield (condition-case nil (+ 1 (yield 'plain)) (error 'no)))
        (yield (condition-case nil (yield (signal 'quit nil)) (quit 'quit)))
        (yield (condition-case x (yield 'ok) (:success (list x (yield 'success))) (error 'no)))
        (condition-case nil (error "Not out of its scope") (quit nil)))
    (1 2 3 4 5 6 7 8 9 10 11)
    body arith-error (handled arith-error) plain 6 quit ok success (8 9)
    (error error) (error goroutine-error)))

(ert-deftest elver-polyfill-test-handler-is-not-in-force-outside ()
  "An error of the resumer is not handled by a suspended goroutine."
  (let ((go (goroutine (lambda (_) (condition-case nil (yield 1) (error (yield 'handled)))))))
    (resume go 1)
    (should (equal (condition-case nil (error "Mine") (error 'mine)) 'mine))))

(ert-deftest elver-polyfill-test-catch ()
  (elver-polyfill-tests-check
      (lambda (_)
        (yield (catch 'a (yield 1) (throw 'a 'thrown)))
        (yield (catch (yield 'tag) (yield 2) 'normal))
        (yield (cl-block nil (dolist (x '(1 2 3)) (when (= (yield x) 2) (cl-return x))))))
    (0 0 0 t 0 1 1 2)
    1 thrown tag 2 normal 1 2 2))

(ert-deftest elver-polyfill-test-unwind-protect ()
  (let* ((log nil)
         (go (goroutine (lambda (_)
                          (condition-case nil
                              (unwind-protect (progn (yield 1) (push 'body log) (error "Out"))
                                (push 'inner log))
                            (error (push 'handled log)))
                          (unwind-protect (progn (yield 2) (push 'normal log))
                            (push 'outer log))
                          (catch 'x (unwind-protect (progn (yield 3) (throw 'x 1)) (push 'thrown log)))
                          (unwind-protect (progn (yield 4) (error "End")) (push 'end log))))))
    (resume go 0)
    (should (equal log nil))
    (resume go 0)
    (should (equal log '(handled inner body)))
    (resume go 0)
    (should (equal log '(outer normal handled inner body)))
    (resume go 0)
    (should (equal (car log) 'thrown))
    (should-error (resume go 0))
    (should (equal (car log) 'end))))

(ert-deftest elver-polyfill-test-dynamic-binding ()
  (let ((go (goroutine (lambda (_)
                         (let ((elver-polyfill-tests-dynamic 'mine)
                               (other elver-polyfill-tests-dynamic))
                           (yield (symbol-value 'elver-polyfill-tests-dynamic))
                           (setq elver-polyfill-tests-dynamic 'changed)
                           (yield (list other (symbol-value 'elver-polyfill-tests-dynamic)))
                           (yield (list other (symbol-value 'elver-polyfill-tests-dynamic))))
                         (yield (symbol-value 'elver-polyfill-tests-dynamic))))))
    (should (eq (resume go 0) 'mine))
    (should (eq elver-polyfill-tests-dynamic 'global))
    (should (equal (resume go 0) '(global changed)))
    (should (eq elver-polyfill-tests-dynamic 'global))
    (should (equal (resume go 0) '(global changed)))
    (should (eq (resume go 0) 'global))))

(ert-deftest elver-polyfill-test-arguments-are-lexical ()
  "A dynamic variable as a parameter is bound lexically, as in any function."
  ;; The compiler warns of that.
  (let ((go (eval '(goroutine (lambda (elver-polyfill-tests-dynamic)
                                (yield (list elver-polyfill-tests-dynamic
                                             (symbol-value 'elver-polyfill-tests-dynamic)))
                                (condition-case elver-polyfill-tests-dynamic
                                    (/ (yield 0) 0)
                                  (arith-error
                                   (yield (list elver-polyfill-tests-dynamic
                                                (symbol-value 'elver-polyfill-tests-dynamic)))))))
                  t)))
    (should (equal (elver-polyfill-tests-answers go '(1 2 3))
                   '((1 global) 0 ((arith-error) global))))))

(ert-deftest elver-polyfill-test-buffers ()
  (with-temp-buffer
    (insert "outer")
    (let* ((mine (current-buffer))
           (go (goroutine (lambda (text)
                            (with-temp-buffer
                              (insert text)
                              (yield (buffer-string))
                              (save-excursion (goto-char (point-min)) (insert (yield 'more)))
                              (yield (list (point) (buffer-string))))
                            (yield (buffer-string))))))
      (should (equal (resume go "ab") "ab"))
      (should (eq (current-buffer) mine))
      (should (eq (resume go nil) 'more))
      (should (equal (resume go "12") '(5 "12ab")))
      (should (equal (resume go nil) "outer")))))

(ert-deftest elver-polyfill-test-match-data ()
  (let ((go (goroutine (lambda (s) (string-match "b+" s) (yield (match-end 0)) (yield (match-end 0))))))
    (string-match "x" "aax")
    (should (= (resume go "abbb") 4))
    (should (= (match-end 0) 3))
    (string-match "a" "a")
    (should (= (resume go nil) 4))
    (should (= (match-end 0) 1))))

(ert-deftest elver-polyfill-test-macros ()
  (elver-polyfill-tests-check
      (lambda (x)
        (yield (pcase x (`(a ,y) (yield y) (list 'pair y)) ((pred numberp) (yield 'number)) (_ 'other)))
        (pcase-let ((`(,a . ,b) (yield 'cons))) (yield (+ a b)))
        (pcase x ((or `(,y) `(a ,y)) (yield (list 'either y)) (yield y)))
        (cl-flet ((twice (z) (yield z) (yield (* 2 z)))) (yield (list (twice 3) (twice 4))))
        (yield (with-temp-buffer (insert (yield 'text)) (buffer-string)))
        (yield (funcall (lambda (z &optional y) (yield (list 'direct z y))) 1))
        (let ((list nil)) (push (yield 'push) list) (cl-incf (car list)) (yield list)))
    ((a 1) 2 3 (4 . 5) 0 0 0 0 p 0 q 0 "txt" 0 8 0 41)
    1 (pair 1) cons 9 (either 1) 1 3 6 4 8 (p q) text "txt" (direct 1 nil) 8 push (42)))

(ert-deftest elver-polyfill-test-local-functions ()
  (elver-polyfill-tests-check          ; The leaves of a tree, one by one.
      (lambda (tree)
        (cl-labels ((walk (tree)
                      (cond ((consp tree) (walk (car tree)) (walk (cdr tree)))
                            (tree (yield tree)))))
          (walk tree))
        (yield 'end))
    (((a b) (c . d) e) 0 0 0 0 0) a b c d e end)
  (elver-polyfill-tests-check
      (lambda (n)
        (cl-labels ((even (n) (if (= n 0) 'even (yield n) (odd (1- n))))
                    (odd (n) (if (= n 0) 'odd (even (1- n))))
                    (twice (n) (* 2 n)))
          (yield (list (even n) (odd (twice n))))))
    (3 0 0 0 0 0) 3 1 5 3 1 (odd odd))
  (elver-polyfill-tests-check
      (lambda (x)
        (cl-flet* ((f (x) (yield x)) (g (x) (list (f x) (f (1+ x))))) (yield (g x))))
    (1 a b) 1 2 (a b)))

;;; Promises and parallel-*

(ert-deftest elver-polyfill-test-resume-async ()
  (skip-unless (fboundp 'resume-async))
  (let* ((go (goroutine (lambda (x) (yield (1+ x)) (error "No more")) :isolate t))
         (first (resume-async go 1)))
    (should (promisep first))
    (should (= (promise-await first) 2))
    (should (promise-done-p first))
    (should-error (promise-await (resume-async go 2)))))

(ert-deftest elver-polyfill-test-promise-then ()
  (skip-unless (fboundp 'resume-async))
  (let* ((got nil)
         (go (goroutine (lambda (x) (* 2 x)))))
    (promise-await (promise-then (resume-async go 4) (lambda (x) (push x got))))
    ;; In Elver the function runs as a task.
    (let ((tries 0))
      (while (and (null got) (fboundp 'task-sleep) (< tries 200))
        (setq tries (1+ tries))
        (funcall (intern "task-sleep") 0.01)))
    (should (equal got '(8)))))

(ert-deftest elver-polyfill-test-parallel ()
  (should (equal (parallel-mapcar #'1+ '(1 2 3)) '(2 3 4)))
  (should (equal (parallel-mapcar #'1+ [1 2 3] 2) '(2 3 4)))
  (should (equal (parallel-mapcar #'identity "ab") '(?a ?b)))
  (let ((list (list 1 2)))
    (should (eq (parallel-mapc #'identity list) list)))
  (should (= (parallel-reduce #'+ '(1 2 3) 10) 16))
  (should (= (parallel-reduce (lambda (n s) (+ n (length s))) '("a" "bc") 0 #'+) 3))
  (should (equal (let ((a 1)) (parallel-let ((a 2) (b a) (c nil)) (list a b c))) '(2 1 nil)))
  (should (equal (should-error (parallel-mapcar (lambda (x) (/ 1 x)) '(1 0 2))) '(arith-error))))

;;; What GNU Emacs cannot do

(defmacro elver-polyfill-tests-refused (regexp form)
  "Check that expanding FORM signals a goroutine-error that matches REGEXP."
  `(unless (featurep 'elver)
     (let* ((lexical-binding t)
            (err (should-error (macroexpand-all ',form) :type 'goroutine-error)))
       (should (string-match-p ,regexp (cadr err))))))

(ert-deftest elver-polyfill-test-refused ()
  (elver-polyfill-tests-refused "body of a literal lambda" (yield 1))
  (elver-polyfill-tests-refused "body of a literal lambda" (defun f (x) (yield x)))
  (elver-polyfill-tests-refused "body of a literal lambda" (goroutine (let ((n 1)) (lambda (x) (yield n)))))
  (elver-polyfill-tests-refused "in a lambda" (goroutine (lambda (x) (mapc (lambda (y) (yield y)) x))))
  (elver-polyfill-tests-refused "in a lambda" (goroutine (lambda (x) (seq-doseq (y x) (yield y)))))
  (elver-polyfill-tests-refused "only by its name" (goroutine (lambda (x) (mapc #'yield x))))
  (elver-polyfill-tests-refused "cleanup" (goroutine (lambda (x) (unwind-protect x (yield 1)))))
  (elver-polyfill-tests-refused "save-restriction" (goroutine (lambda (x) (save-restriction (yield x)))))
  (elver-polyfill-tests-refused
   "more than being called" (goroutine (lambda (x) (cl-flet ((f (y) (yield y))) (mapc #'f x)))))
  (elver-polyfill-tests-refused
   "more than being called"
   (goroutine (lambda (x) (cl-labels ((f (y) (yield y) (mapc #'f y))) (f x)))))
  (unless (featurep 'elver)
    (should-error (macroexpand-all '(goroutine (lambda (x) (yield))))
                  :type 'wrong-number-of-arguments)
    (should-error (eval '(goroutine (lambda (x) (yield x))) nil) :type 'goroutine-error)))

(ert-deftest elver-polyfill-test-yield-outside ()
  (should (eq (condition-case err (eval '(yield 1) t) (error (car err))) 'goroutine-error)))

;;; Random functions

(declare-function elver-polyfill-tests-yield nil (value))

(defun elver-polyfill-tests-thread-answers (function values)
  "Return the answers to VALUES of FUNCTION, which yields as if on a thread."
  (let* ((mutex (make-mutex)) (turn (make-condition-variable mutex))
         (whose 'caller) (slot nil) (failed nil) (ended nil) (yielded nil) (resumed nil))
    (cl-letf (((symbol-function 'elver-polyfill-tests-yield)
               (lambda (value)
                 (setq slot value yielded t whose 'caller)
                 (condition-notify turn t)
                 (while (eq whose 'caller) (condition-wait turn))
                 (when ended (signal 'quit nil))
                 (setq resumed slot))))
      (let ((thread
             (make-thread
              (lambda ()
                (with-mutex mutex
                  (while (eq whose 'caller) (condition-wait turn))
                  (setq resumed slot)
                  (condition-case err
                      (while (not ended)
                        (setq yielded nil)
                        (let ((value (funcall function resumed)))
                          (unless yielded (elver-polyfill-tests-yield value))))
                    (error (setq failed (list 'error (car err)) ended t whose 'caller))
                    (quit (setq whose 'caller)))
                  (condition-notify turn t))))))
        (prog1 (with-mutex mutex
                 (mapcar (lambda (value)
                           (if ended '(error goroutine-error)
                             (setq slot value whose 'thread)
                             (condition-notify turn t)
                             (while (eq whose 'thread) (condition-wait turn))
                             (or failed slot)))
                         values))
          (with-mutex mutex
            (unless ended (setq ended t whose 'thread) (condition-notify turn t)))
          (thread-join thread))))))

(defun elver-polyfill-tests-random-form (depth)
  "Return a random form of DEPTH at most, with variables a, b and c."
  ;; Two faults of Emacs 28's compiler must not be met: the variable of a `condition-case' that hides
  ;; one which a closure captures and sets, and a local function that only plain code calls where one
  ;; of its variables is hidden.
  (cl-flet ((form () (elver-polyfill-tests-random-form (1- depth)))
            (variable () (nth (random 3) '(a b c))))
    (if (<= depth 0)
        (pcase (random 6)
          ((or 0 1) (variable)) (2 (random 10)) (3 nil) (4 `(setq ,(variable) ,(random 10)))
          (_ `(yield ,(variable))))
      (pcase (random 26)
        (0 `(progn ,(form) ,(form)))
        (1 `(if ,(form) ,(form) ,(form) ,(form)))
        (2 `(let ((,(variable) ,(form)) (d ,(form))) (list d ,(form))))
        (3 `(let* ((a ,(form)) (b ,(form)) (c ,(form))) ,(form)))
        (4 `(list ,(form) ,(form) ,(form)))
        (5 `(setq ,(variable) ,(form) ,(variable) ,(form)))
        (6 `(and ,(form) ,(form) ,(form)))
        (7 `(or ,(form) ,(form) ,(form)))
        (8 `(cond (,(form)) (,(form) ,(form)) (t ,(form))))
        (9 `(prog1 ,(form) ,(form)))
        (10 `(let ((n 0) (l nil)) (while (< n 3) (push ,(form) l) (setq n (1+ n))) l))
        (11 `(mapcar #'funcall (let (fs) (dotimes (i 3) (push (lambda () i) fs) ,(form)) fs)))
        (12 `(condition-case e ,(form) (wrong-type-argument (list e ,(form))) (arith-error ,(form))))
        (13 `(condition-case err (car ,(form)) (error (list (car err) ,(form)))))
        (14 `(condition-case nil (/ 1 (- ,(form) 5)) (arith-error ,(form))))
        (15 `(condition-case e ,(form) (error e) (:success (list 'fine e ,(form)))))
        (16 `(catch 'x ,(form) ,(form)))
        (17 `(catch (car '(x y)) (list ,(form) (throw 'x ,(form)))))
        (18 `(unwind-protect ,(form) (setq ,(variable) (list ,(variable)))))
        (19 `(condition-case nil (unwind-protect (+ ,(form) ,(form)) (setq c (list 'cleanup a)))
               (error ,(form))))
        (20 `(let ((elver-polyfill-tests-dynamic ,(form)))
               (list ,(form) elver-polyfill-tests-dynamic (setq elver-polyfill-tests-dynamic ,(form))
                     ,(form) elver-polyfill-tests-dynamic)))
        (21 `(pcase ,(form) ((pred numberp) ,(form)) ((and l (pred consp)) (list (length l) ,(form)))
                    (_ ,(form))))
        (22 `(cl-flet ((f (a) (list a (yield a) ,(form)))) (list (f ,(form)) (f 2))))
        (23 `(cl-labels ((f (i) (if (= i 0) ,(form) (list i ,(form) (f (1- i)) (yield a)))))
               (list (f 2) ,(form))))
        (24 `(cl-loop for a in (list 1 ,(form) 3) collect ,(form)))
        (_ `(yield ,(form)))))))

(ert-deftest elver-polyfill-test-random-functions ()
  (skip-unless (ignore-errors (make-thread #'ignore)))
  (let* ((seed (or (getenv "ELVER_POLYFILL_SEED") (format "%s" (random))))
         (count (string-to-number (or (getenv "ELVER_POLYFILL_COUNT") "150")))
         (values '(1 nil 5 (2 3) 4 5 6 7 8 9 10 11)))
    (random seed)
    (dotimes (i count)
      (let* ((body (elver-polyfill-tests-random-form (1+ (random 4))))
             (yielding `(lambda (a) (let (b c) ,body)))
             (go (eval `(goroutine ,yielding) t))
             ;; In Elver nothing is rewritten before GNU Emacs's compiler makes its mistakes.
             (compiled (unless (featurep 'elver)
                         (let ((byte-compile-warnings nil))
                           (byte-compile (eval `(lambda () (goroutine ,yielding)) t)))))
             (expected (elver-polyfill-tests-thread-answers
                        (eval (cl-subst 'elver-polyfill-tests-yield 'yield yielding) t) values)))
        (ert-info ((format "Seed %s, function %d: %S" seed i yielding))
          (should (equal (elver-polyfill-tests-answers go values) expected))
          (when compiled
            (should (equal (elver-polyfill-tests-answers (funcall compiled) values) expected))))))))

(provide 'elver-polyfill-tests)
;;; elver-polyfill-tests.el ends here
