;;; print-read.el --- the printer and the reader  -*- lexical-binding: t -*-

(defun bench-run ()
  (let ((data nil) (check 0))
    (dotimes (i 600)
      (push (list 'item i (/ i 7.0) (format "text \"%d\"" i) (vector i (list i (1+ i)) nil) (cons 'a 'b)) data))
    (dotimes (_ 110)
      (let* ((text (prin1-to-string data)) (copy (car (read-from-string text))))
        (setq check (+ check (length text) (if (equal copy data) 1 0)))))
    check))
