;;; catch.el --- catch and throw, unwind-protect  -*- lexical-binding: t -*-

(defun bench-find (n list)
  (catch 'found
    (dolist (x list)
      (when (= x n) (throw 'found x)))
    nil))

(defun bench-deep (n)
  (if (= n 0) (throw 'done 1)
    (unwind-protect (bench-deep (1- n)) (setq bench-unwound (1+ bench-unwound)))))

(defvar bench-unwound 0)

(defun bench-run ()
  (setq bench-unwound 0)
  (let ((list (number-sequence 1 30)) (check 0))
    (dotimes (i 450000)
      (setq check (+ check (or (bench-find (1+ (% i 33)) list) 0))))
    (dotimes (_ 200000)
      (setq check (+ check (catch 'done (bench-deep 15)))))
    (list check bench-unwound)))
