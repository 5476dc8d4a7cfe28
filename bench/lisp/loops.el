;;; loops.el --- nested loops with fixnum arithmetic  -*- lexical-binding: t -*-

(defun bench-run ()
  (let ((sum 0))
    (dotimes (i 5000)
      (dotimes (j 1500)
        (setq sum (logand (+ (* sum 31) (logxor i j)) #xffffff))))
    sum))
