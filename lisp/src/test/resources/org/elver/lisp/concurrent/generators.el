;; Generators of the library `generator', which are goroutines.

(progn (defmacro ends (&rest body) (list 'condition-case 'e (cons 'progn body) '(iter-end-of-sequence e) '(error e))) (setq lexical-binding t) (require 'generator) (featurep 'generator))
;=> t
(let ((it (iter-make (iter-yield 1) (iter-yield 2) 3))) (list (iter-next it) (iter-next it 'ignored) (ends (iter-next it)) (ends (iter-next it)) (ends (iter-next it 5)) (iter-close it)))
;=> (1 2 (iter-end-of-sequence . 3) (iter-end-of-sequence) (iter-end-of-sequence . 5) nil)
(progn (iter-defun echo (x) "Yield X and then what comes." (declare (indent 1)) (while t (setq x (iter-yield x)))) (let ((a (echo 1)) (b (echo 2))) (list (iter-next a) (iter-next b) (iter-next a 'x) (iter-next b 'y) (iter-next a 'z) (documentation 'echo t))))
;=> (1 2 x y z "Yield X and then what comes.")
(list (func-arity (iter-lambda (a &optional b) nil)) (functionp (iter-make)) (ends (iter-next (iter-make))) (ends (iter-next iter-empty 5)))
;=> ((1 . 2) t (iter-end-of-sequence) (iter-end-of-sequence))
(list (ends (iter-yield 1)) (ends (funcall (iter-make) :foo nil)) (ends (iter-next 5))))
;=> ((error "‘iter-yield’ used outside a generator") (error "Unknown iterator operation :foo") (invalid-function 5))
;; It is no error.
(let ((it (iter-make))) (condition-case nil (ignore-errors (iter-next it)) (iter-end-of-sequence 'passed)))
;=> passed

;; At any depth of calls.
(progn (defun walk (tree) (if (consp tree) (progn (walk (car tree)) (walk (cdr tree))) (if tree (iter-yield tree)))) (let ((it (iter-make (walk '(1 ((2) . 3) 4)))) l) (iter-do (x it) (setq l (cons x l))) l))
;=> (4 3 2 1)
(let ((it (iter-make (mapcar #'iter-yield '(1 2))))) (list (iter-next it) (iter-next it 'a) (ends (iter-next it 'b))))
;=> (1 2 (iter-end-of-sequence a b))
(let ((it (iter-make (sort (list 3 1 2) (lambda (a b) (iter-yield (list a b))))))) (list (iter-next it) (listp (iter-next it nil)) (iter-close it)))
;=> ((2 1) t nil)
;; With frames of Java
(progn (define-hash-table-test 'iter-test #'equal (lambda (x) (iter-yield x) 1)) (let* (l (h (make-hash-table :test 'iter-test)) (it (iter-make (unwind-protect (progn (puthash 'a 1 h) (iter-yield 'b) (gethash 'c h)) (setq l (cons 'cleaned l)))))) (list (iter-next it) (iter-next it) (iter-next it) (iter-close it) l (ends (iter-next it)))))
;=> (a b c nil (cleaned) (iter-end-of-sequence))

;; Closing
(let* (l (it (iter-make (catch 'x (unwind-protect (condition-case nil (unwind-protect (iter-yield 1) (setq l (cons 'inner l))) (error (setq l 'caught))) (setq l (cons 'outer l))))))) (list (iter-next it) l (iter-close it) l (iter-close it) l (ends (iter-next it))))
;=> (1 nil nil (outer inner) nil (outer inner) (iter-end-of-sequence))
(let* (l (it (iter-make (setq l 'begun)))) (list (iter-close it) l (ends (iter-next it 7))))
;=> (nil nil (iter-end-of-sequence . 7))
(let ((it (iter-make (unwind-protect (iter-yield 1) (iter-yield 2))))) (list (iter-next it) (ends (iter-close it)) (iter-close it)))
;=> (1 (error "Iterator yields while it is closed") nil)
(let ((it (iter-make (unwind-protect (iter-yield 1) (error "In a cleanup"))))) (list (iter-next it) (ends (iter-close it)) (iter-close it) (ends (iter-next it))))
;=> (1 (error "In a cleanup") nil (iter-end-of-sequence))
(let ((it (iter-make (unwind-protect (iter-yield 1) (signal 'iter-end-of-sequence 'mine))))) (list (iter-next it) (ends (iter-close it))))
;=> (1 (iter-end-of-sequence . mine))
;; Errors and throws end it; cleanups are run once.
(let* ((n 0) (it (iter-make (unwind-protect (progn (iter-yield 1) (error "Two")) (setq n (1+ n)))))) (list (iter-next it) (ends (iter-next it)) n (ends (iter-next it)) (iter-close it) n))
;=> (1 (error "Two") 1 (iter-end-of-sequence) nil 1)
(let ((it (iter-make (iter-yield 1) (throw 'out 2)))) (list (iter-next it) (catch 'out (iter-next it)) (ends (iter-next it))))
;=> (1 2 (iter-end-of-sequence))
(let ((it (iter-make (condition-case e (progn (iter-yield 1) (error "In")) (error (iter-yield e)))))) (list (iter-next it) (iter-next it)))
;=> (1 (error "In"))
(let (it) (setq it (iter-make (iter-next it))) (car (ends (iter-next it))))
;=> goroutine-error
;; A goroutine that is no iterator does not yield to one.
(let* ((g (goroutine (lambda (x) (iter-yield x)))) (it (iter-make (resume g 1)))) (ends (iter-next it)))
;=> (error "‘iter-yield’ used outside a generator")

;; Iterators in iterators
(let ((it (iter-make (list 'got (iter-yield-from (iter-make (list (iter-yield 1) (iter-yield 2)))))))) (list (iter-next it) (iter-next it 'a) (ends (iter-next it 'b))))
;=> (1 2 (iter-end-of-sequence got (a b)))
(let* (l (it (iter-make (iter-yield-from (iter-make (unwind-protect (iter-yield 1) (setq l (cons 'closed l)))))))) (list (iter-next it) l (iter-close it) l))
;=> (1 nil nil (closed))

;; Special variables are the body's own while it waits; the buffer and the match data are not.
(progn (defvar iter-dyn 1) (let ((it (iter-make (let ((iter-dyn 5)) (iter-yield iter-dyn) (setq iter-dyn 6) (iter-yield iter-dyn)) (iter-yield iter-dyn)))) (let ((iter-dyn 3)) (list (iter-next it) iter-dyn (iter-next it) iter-dyn (iter-next it)))))
;=> (5 3 6 3 3)
(with-temp-buffer (insert "foo bar") (goto-char 1) (let ((it (iter-make (while (re-search-forward "[a-z]+" nil t) (iter-yield (point)))))) (list (iter-next it) (match-string 0) (iter-next it) (match-string 0))))
;=> (4 "foo" 8 "bar")
(let* ((name #'buffer-name) (a (get-buffer-create "a")) (b (get-buffer-create "b")) (c (get-buffer-create "c")) (it (iter-make (iter-yield (buffer-name)) (iter-yield (buffer-name)) (with-current-buffer c (iter-yield (buffer-name)) (iter-yield (buffer-name))) (iter-yield 'out) (set-buffer c) (iter-yield 'set)))) (list (with-current-buffer a (iter-next it)) (with-current-buffer b (iter-next it)) (with-current-buffer a (list (iter-next it) (buffer-name))) (with-current-buffer b (list (iter-next it) (buffer-name) (iter-next it) (buffer-name) (iter-next it) (buffer-name)))))
;=> ("a" "b" ("c" "a") ("c" "b" out "b" set "c"))

;; In a fork it goes on on both sides, and each side closes its own.
(let* ((it (iter-make (let ((n 0)) (unwind-protect (while t (setq n (+ n (iter-yield n)))) (setq iter-dyn (list 'closed n)))))) (i (progn (iter-next it) (iter-next it 5) (isolate-spawn (lambda () (list (iter-next it 10) (iter-close it) iter-dyn (ends (iter-next it)))))))) (list (iter-next it 1) (isolate-join i) (iter-next it 1) iter-dyn))
;=> (6 (15 nil (closed 15) (iter-end-of-sequence)) 7 1)
;; Tasks may take turns.
(let* ((it (iter-make (dotimes (i 100) (iter-yield i)))) (sum 0) (add (lambda () (let (v) (while (setq v (without-preemption (condition-case nil (iter-next it) (iter-end-of-sequence nil)))) (setq sum (+ sum v)) (task-yield))))) (a (task-spawn add)) (b (task-spawn add))) (task-join a) (task-join b) sum)
;=> 4950

;; Loops
(let (fs) (list (iter-do (x (iter-make (iter-yield 1) (iter-yield 2) 'end)) (setq fs (cons (lambda () x) fs))) (mapcar #'funcall fs) (iter-do (_ (iter-make 3)))))
;=> (end (2 1) 3)
(list (ends (eval '(iter-do x) t)) (ends (eval '(iter-do (x)) t)) (condition-case nil (let ((lexical-binding nil)) (macroexpand '(iter-lambda ()))) (error 'dynamic)))
;=> ((wrong-number-of-arguments iter-do 0) (wrong-number-of-arguments iter-do 1) dynamic)
