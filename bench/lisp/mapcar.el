;;; mapcar.el --- mapcar, mapc, seq and cl functions over lists  -*- lexical-binding: t -*-

(require 'cl-lib)
(require 'seq)

(defun bench-run ()
  (let ((list (number-sequence 1 1000)) (check 0))
    (dotimes (i 800)
      (setq check (+ check (apply #'+ (mapcar (lambda (x) (* x i)) list))))
      (mapc (lambda (x) (setq check (logxor check x))) list)
      (setq check (+ check (length (delq nil (mapcar (lambda (x) (and (= 0 (% x 3)) x)) list)))))
      (when (= 0 (% i 10))
        (setq check (+ check (seq-reduce #'+ (seq-filter #'cl-oddp list) 0)))
        (setq check (+ check (cl-reduce #'+ (cl-remove-if #'cl-evenp list))))
        (setq check (+ check (cl-loop for x in list when (> x 500) sum x)))))
    check))
