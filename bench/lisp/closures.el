;;; closures.el --- closures: made, called, with state  -*- lexical-binding: t -*-

(defun bench-counter ()
  (let ((n 0)) (lambda (step) (setq n (+ n step)))))

(defun bench-compose (f g)
  (lambda (x) (funcall f (funcall g x))))

(defun bench-run ()
  (let ((counters (mapcar (lambda (_) (bench-counter)) (number-sequence 1 100))) (check 0))
    (dotimes (i 36000)
      (dolist (c counters)
        (setq check (logand (+ check (funcall c i)) #xffffffff))))
    (let ((f #'identity))
      (dotimes (i 50)
        (setq f (bench-compose (lambda (x) (+ x i)) f)))
      (dotimes (i 36000) (setq check (+ check (funcall f i)))))
    check))
