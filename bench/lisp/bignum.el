;;; bignum.el --- big integers: factorials, Fibonacci numbers, powers  -*- lexical-binding: t -*-

(defun bench-factorial (n)
  (let ((f 1))
    (while (> n 1) (setq f (* f n) n (1- n)))
    f))

(defun bench-run ()
  (let ((check 0))
    (dotimes (i 300)
      (setq check (mod (+ check (bench-factorial (+ 1200 i))) 1000000007)))
    (let ((a 0) (b 1))
      (dotimes (_ 60000) (setq b (prog1 (+ a b) (setq a b))))
      (setq check (logxor check (mod a 1000000007))))
    (dotimes (i 4000)
      (setq check (logxor check (% (/ (expt 3 (+ 2000 i)) (expt 7 300)) 999999937))))
    check))
