;;; work.el --- what a CPU-bound test does  -*- lexical-binding: t -*-

;;; Commentary:

;; A unit of work has a bit of all that tests of real packages spend their time with: calls, lists, hash tables,
;; strings, and regular expressions in buffers.

;;; Code:

(require 'seq)

(defun work-fib (n)
  (if (< n 2) n (+ (work-fib (1- n)) (work-fib (- n 2)))))

(defun work-sort (n)
  (let ((x 12345) (all nil))
    (dotimes (_ n)
      (setq x (% (+ (* x 1103515245) 12345) 2147483648))
      (push x all))
    (seq-reduce #'logxor (sort all #'<) 0)))

(defun work-hash (n)
  (let ((table (make-hash-table :test 'equal)) (sum 0))
    (dotimes (i n) (puthash (format "key-%d" i) i table))
    (dotimes (i n) (setq sum (+ sum (gethash (format "key-%d" i) table))))
    sum))

(defun work-buffer (n)
  (with-temp-buffer
    (dotimes (i n) (insert (format "line %d: some words, and %d more\n" i (* i i))))
    (goto-char (point-min))
    (let ((sum 0))
      (while (re-search-forward "and \\([0-9]+\\) more$" nil t)
        (setq sum (+ sum (string-to-number (match-string 1)))))
      sum)))

(defun work-do (units)
  "Do UNITS of work; return whether all came out right."
  (let ((right t))
    (dotimes (_ units)
      (unless (and (= (work-fib 22) 17711)
                   (= (work-sort 2000) 1812867200)
                   (= (work-hash 1000) 499500)
                   (= (work-buffer 500) 41541750))
        (setq right nil)))
    right))

(defun work-units (seconds)
  "How many units of work take so many SECONDS, when Java has compiled what there is to compile.
That is, after this process has had a dozen seconds of CPU time."
  (let ((best 1e9))
    (while (< (float-time (get-internal-run-time)) 12)
      (let ((start (float-time)))
        (work-do 1)
        ;; One that nobody else has disturbed.
        (setq best (min best (- (float-time) start)))))
    (max 1 (round (/ seconds best)))))

(provide 'work)

;;; work.el ends here
