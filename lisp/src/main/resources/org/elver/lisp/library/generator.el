;;; generator.el --- generators that are goroutines  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; What GNU Emacs's library of this name offers, on Elver's goroutines instead of a transformation
;; of the source:
;;
;;     (iter-defun count-to (n)
;;       (dotimes (i n) (iter-yield (1+ i))))
;;
;;     (iter-do (i (count-to 3)) (print i))
;;
;;     (defun walk (tree)                    ; an ordinary function
;;       (if (consp tree) (mapc #'walk tree) (iter-yield tree)))
;;
;;     (cl-loop for leaf iter-by (iter-make (walk '(1 (2 3)))) collect leaf)     ; (1 2 3)
;;
;; `iter-yield' is a function that may be called at any depth of calls while the iterator runs, in
;; `unwind-protect', `condition-case', `save-excursion' and `let' of special variables.  An iterator
;; goes on in the buffer, and with the match data, of whoever calls `iter-next', as the one of GNU
;; Emacs does; one that waits inside of `save-excursion' or `save-current-buffer' keeps its buffer
;; for itself.  In a fork it can be gone on with on both sides.
;;
;; An iterator is a function of an operation and a value, as in GNU Emacs, so that those of code that
;; GNU Emacs's library has compiled work with the functions here, and the other way around.
;;
;; GNU Emacs's own library is what (load "emacs-lisp/generator") loads, in the place of this one.  Do so
;; to compile files for GNU Emacs: what the macros here expand to runs in Elver only.

;;; Code:

;; Programs that require `generator' may count on `cl-lib': GNU Emacs's requires it.
(require 'cl-lib nil t)

;; It is no `error': `ignore-errors' lets it pass.
(put 'iter-end-of-sequence 'error-conditions '(iter-end-of-sequence))
(put 'iter-end-of-sequence 'error-message "Iteration terminated")
(put 'iter-end-of-sequence 'condition-documentation
     "Signaled by `iter-next' at the end of an iterator.  Its data is what the body returned.
It is no `error', so `ignore-errors' lets it pass.")

;; How an iterator's end that was asked for passes from `iter-yield' to `iter-close': a tag for the
;; way out of the body, and then a condition that no handler of anybody else's names.
(put 'elver--iterator-closed 'error-conditions '(elver--iterator-closed))
(put 'elver--iterator-closed 'error-message "Iterator closed")

;;; Iterators

(defun elver--iterator (body)
  "Return an iterator over what BODY, a function without arguments, yields."
  (let ((goroutine
         (elver--iterator-goroutine
          (lambda (value)
            (catch 'elver--iterator-closed
              (if (eq value 'elver--iterator-closed) nil
                (signal 'iter-end-of-sequence (funcall body))))
            (signal 'elver--iterator-closed nil)))))
    (lambda (operation value)
      (cond
       ((eq operation :next)
        (if (elver--goroutine-ended-p goroutine)
            (signal 'iter-end-of-sequence value)
          (resume goroutine value)))
       ((eq operation :close)
        (if (elver--goroutine-ended-p goroutine) nil
          (condition-case nil
              (progn
                (resume goroutine 'elver--iterator-closed)
                (error "Iterator yields while it is closed"))
            (elver--iterator-closed nil))))
       (t (error "Unknown iterator operation %S" operation))))))

(defconst iter-empty (lambda (_operation _value) (signal 'iter-end-of-sequence nil))
  "The iterator that is at its end from the start: a function, as all iterators are.")

(defun iter-yield (value)
  "Have `iter-next' of the present iterator return VALUE, and wait for the next one.
Return its YIELD-RESULT.  Any function that is called while the iterator runs may do this.
Signal an error when no iterator runs.

\(fn VALUE)"
  (let ((result (elver--iter-yield value)))
    (if (eq result 'elver--iterator-closed)
        (throw 'elver--iterator-closed nil)
      result)))

(defun iter-next (iterator &optional yield-result)
  "Let ITERATOR run to its next `iter-yield', and return the value of that.
The `iter-yield' where it waits returns YIELD-RESULT.  When the body of ITERATOR has returned
signal `iter-end-of-sequence', with its value as the data; an error in it is signaled here and
ends it.

\(fn ITERATOR &optional YIELD-RESULT)"
  (funcall iterator :next yield-result))

(defun iter-close (iterator)
  "End ITERATOR.
The `unwind-protect' forms around the `iter-yield' where it waits are run.
Do nothing if it has ended.

\(fn ITERATOR)"
  (funcall iterator :close nil))

;;; Generators

(defmacro iter-make (&rest body)
  "Return an iterator over what BODY yields with `iter-yield'.

\(fn BODY...)"
  (declare (debug (&rest sexp)))
  (list 'elver--iterator (list 'function (cons 'lambda (cons nil (or body '(nil)))))))

(defmacro iter-lambda (arglist &rest body)
  "Return a generator: a function with ARGLIST that returns an iterator.
That goes over what BODY yields.

\(fn ARGLIST BODY...)"
  (declare (indent defun) (debug (&define lambda-list lambda-doc &rest sexp)))
  (cl-assert lexical-binding)
  (list 'function (list 'lambda arglist (cons 'iter-make body))))

(defmacro iter-defun (name arglist &rest body)
  "Define NAME as a generator: a function with ARGLIST that returns an iterator.
BODY may begin with a description and a `declare' form.  What it gives to `iter-yield' are the
values of `iter-next'; what it returns goes with the `iter-end-of-sequence' at the end.

\(fn NAME ARGLIST BODY...)"
  (declare (indent defun)
           (debug (&define name lambda-list lambda-doc &rest sexp))
           (doc-string 3))
  (cl-assert lexical-binding)
  (let (head)
    (while (or (and (stringp (car body)) (cdr body))
               (memq (car-safe (car body)) '(declare interactive cl-declare :documentation)))
      (setq head (cons (car body) head)
            body (cdr body)))
    (append (list 'defun name arglist)
            (nreverse head)
            (list (cons 'iter-make body)))))

(defun elver--iter-yield-from (iterator)
  "Yield all that ITERATOR yields, hand it what comes back, and return what it returns."
  (unwind-protect
      (condition-case end
          (let (result)
            (while t
              (setq result (iter-yield (iter-next iterator result)))))
        (iter-end-of-sequence (cdr end)))
    (iter-close iterator)))

(defmacro iter-yield-from (iterator)
  "Yield all the values of ITERATOR and return what its body returned.
What `iter-next' is given meanwhile goes to that iterator, which is closed in the end.

\(fn ITERATOR)"
  (list 'elver--iter-yield-from iterator))

;;; Loops

(defmacro iter-do (spec &rest body)
  "Evaluate BODY with VAR bound to each value of ITERATOR.
Return the value with which ITERATOR ended.

\(fn (VAR ITERATOR) BODY...)"
  (declare (indent 1) (debug ((symbolp form) &rest sexp)))
  (if (and (consp spec) (consp (cdr spec)) (null (cdr (cdr spec)))) nil
    (signal 'wrong-number-of-arguments (list 'iter-do (safe-length spec))))
  (let ((iterator (make-symbol "iterator"))
        (end (make-symbol "end"))
        (condition (make-symbol "condition"))
        (value (make-symbol "value")))
    (list 'let* (list (list iterator (car (cdr spec))) end value)
          (list 'while
                (list 'progn
                      (list 'setq value
                            (list 'condition-case condition
                                  (list 'iter-next iterator)
                                  (list 'iter-end-of-sequence (list 'setq end condition) nil)))
                      (list 'null end))
                (cons 'let (cons (list (list (car spec) value)) (or body '(nil)))))
          (list 'cdr end))))

;; `cl-loop' steps through lists, with the clauses joined by `and' in parallel.  So the values of an
;; iterator are made one: at each moment a list of the present value and the iterator.

(defun elver--iter-step (list)
  "Return the next list of a value and an iterator after LIST, or nil at the end."
  (let ((iterator (cdr list)))
    (condition-case nil
        (cons (iter-next iterator) iterator)
      (iter-end-of-sequence nil))))

(defvar cl--loop-args)

(defun elver--loop-iter-by (var)
  "Have `cl-loop' understand `for VAR iter-by ITERATOR'."
  (let ((iterator (car cl--loop-args)))
    (setq cl--loop-args
          (append (list 'for var 'in (list 'elver--iter-step (list 'cons nil iterator))
                        'by ''elver--iter-step)
                  (cdr cl--loop-args)))))

(put 'iter-by 'cl-loop-for-handler 'elver--loop-iter-by)

(provide 'generator)
;;; generator.el ends here
