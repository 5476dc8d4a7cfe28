;;; dynamic.el --- dynamic binding  -*- lexical-binding: t -*-

(defvar bench-depth 0)
(defvar bench-mode nil)

(defun bench-inner () (if bench-mode (1+ bench-depth) bench-depth))

(defun bench-descend (n)
  (if (= n 0)
      (bench-inner)
    (let ((bench-depth (1+ bench-depth)) (bench-mode (= 0 (% n 2))))
      (bench-descend (1- n)))))

(defun bench-run ()
  (let ((check 0))
    (dotimes (_ 120000)
      (setq check (+ check (bench-descend 40))))
    (list check bench-depth)))
