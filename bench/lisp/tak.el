;;; tak.el --- function calls with three arguments  -*- lexical-binding: t -*-

(defun bench-tak (x y z)
  (if (not (< y x))
      z
    (bench-tak (bench-tak (1- x) y z) (bench-tak (1- y) z x) (bench-tak (1- z) x y))))

(defun bench-run () (list (bench-tak 18 12 6) (bench-tak 22 13 6) (bench-tak 26 16 8)))
