;;; fork-join.el --- a trivial fork and its value, with little and with much live data  -*- lexical-binding: t -*-

(require 'measure)

(defun fork-join-data (megabytes)
  "A list of lists, vectors, strings and hash tables that takes MEGABYTES."
  (let* ((before (measure-memory)) (data (list (fork-join-part)))
         (part (/ (- (measure-memory) before) 1e6)))
    (dotimes (_ (ceiling (/ megabytes part)))
      (push (fork-join-part) data))
    data))

(defun fork-join-part ()
  (let (part)
    (dotimes (i 20000)
      (push (list i (vector i (1+ i) nil) (number-to-string i) (cons (* 1.5 i) 'a)) part)
      (when (= 0 (% i 100))
        (let ((table (make-hash-table)))
          (dotimes (k 20) (puthash k i table))
          (push table part))))
    part))

(defun fork-join-times (count)
  "The times in ns of COUNT forks, joined one after the other."
  (let (times)
    (dotimes (_ count)
      (let ((begin (measure-clock)))
        (isolate-join (isolate-spawn (lambda () t)))
        (push (- (measure-clock) begin) times)))
    times))

(defun fork-join-median ()
  (measure-quantile (fork-join-times 20000) 0.5))

(defun fork-join-figures ()
  (measure-warm-up (lambda () (fork-join-times 2000)))
  (let* ((times (fork-join-times 20000))
         (small (measure-quantile times 0.5))
         (data (fork-join-data 500))
         (large (fork-join-median))
         (kept (length data)))
    (setq data nil)
    (measure-memory)
    ;; Once more without the data, and the middle of what it took before and after: the machine changes.
    (let ((base (/ (+ small (fork-join-median)) 2.0)))
      (list :ns small :mean (/ (apply #'+ times) 20000.0) :p99 (measure-quantile times 0.99)
            :large large :ratio (/ large base) :parts kept))))

(apply #'measure-report (task-join (task-spawn #'fork-join-figures)))
