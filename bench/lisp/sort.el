;;; sort.el --- sort lists and vectors with several predicates  -*- lexical-binding: t -*-

(defun bench-numbers (n)
  (let ((x 12345) (list nil))
    (dotimes (_ n)
      (setq x (logand (+ (* x 1103515245) 12345) #x7fffffff))
      (push x list))
    list))

(defun bench-run ()
  (let* ((numbers (bench-numbers 130000))
         (check 0))
    (setq check (nth 1000 (sort (copy-sequence numbers) #'<)))
    (setq check (+ check (aref (sort (vconcat numbers) (lambda (a b) (> a b))) 1000)))
    (let ((strings (mapcar #'number-to-string (bench-numbers 50000))))
      (setq check (+ check (length (nth 77 (sort strings #'string<))))))
    (let ((pairs (mapcar (lambda (n) (cons (% n 100) n)) (bench-numbers 70000))))
      (setq check (+ check (cdr (nth 50 (sort pairs (lambda (a b) (< (car a) (car b)))))))))
    check))
