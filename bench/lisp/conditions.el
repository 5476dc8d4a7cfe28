;;; conditions.el --- condition-case: entered, errors signaled and handled  -*- lexical-binding: t -*-

(define-error 'bench-error "Benchmark error")

(defun bench-try (i)
  (condition-case err
      (cond ((= 0 (% i 5)) (signal 'bench-error (list i)))
            ((= 0 (% i 7)) (car i))
            ((= 0 (% i 11)) (/ i 0))
            (t i))
    (bench-error (- (cadr err)))
    (wrong-type-argument 1)
    (arith-error 2)))

(defun bench-run ()
  (let ((check 0))
    (dotimes (i 1500000) (setq check (+ check (bench-try i))))
    (dotimes (_ 200000)
      (setq check (+ check (or (ignore-errors (condition-case nil (error "No") (quit 1))) 3))))
    check))
