;;; queens.el --- n queens: recursion over lists  -*- lexical-binding: t -*-

(defun bench-safe (row distance placed)
  (or (null placed)
      (and (/= (car placed) row)
           (/= (car placed) (+ row distance))
           (/= (car placed) (- row distance))
           (bench-safe row (1+ distance) (cdr placed)))))

(defun bench-place (n column placed)
  (if (= column 0)
      1
    (let ((sum 0) (row 1))
      (while (<= row n)
        (when (bench-safe row 1 placed)
          (setq sum (+ sum (bench-place n (1- column) (cons row placed)))))
        (setq row (1+ row)))
      sum)))

(defun bench-run () (list (bench-place 6 6 nil) (bench-place 8 8 nil) (bench-place 11 11 nil)))
