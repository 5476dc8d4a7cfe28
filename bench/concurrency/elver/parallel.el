;;; parallel.el --- parallel-mapcar and speculate-mapcar against mapcar  -*- lexical-binding: t -*-

(require 'measure)

(defun parallel-fib (n)
  (if (< n 2) n (+ (parallel-fib (- n 1)) (parallel-fib (- n 2)))))

(defvar parallel-shared 0 "What each element changes where they conflict.")

(defun parallel-conflict (n)
  (setq parallel-shared (1+ parallel-shared))
  (parallel-fib n))

(defun parallel-compare (one other)
  "How many times faster OTHER is than ONE, by the least times of many short rounds in turn."
  (measure-expect (funcall one) (funcall other))
  ;; Twice: Java compiles the machine again after the first rounds, on the core that only OTHER would use.
  (parallel-ratio one other)
  (parallel-ratio one other))

;; The least time, not the median: a core of a machine that is shared takes up to twice as long in one second as in
;; the next, and whatever else runs there can only add to a time.
(defun parallel-ratio (one other)
  (measure-warm-up (lambda () (funcall one) (funcall other)))
  (let ((best-one 1e100) (best-other 1e100))
    (dotimes (_ (* 10 (measure-setting "BENCH_ROUNDS" 7)))
      (let* ((t0 (measure-clock)) (t1 (progn (funcall one) (measure-clock)))
             (t2 (progn (funcall other) (measure-clock))))
        (setq best-one (min best-one (- t1 t0))
              best-other (min best-other (- t2 t1)))))
    (/ (float best-one) best-other)))

(let* ((work (make-list 64 22))
       (parallel (parallel-compare (lambda () (mapcar #'parallel-fib work))
                                   (lambda () (parallel-mapcar #'parallel-fib work))))
       (speculate (parallel-compare (lambda () (mapcar #'parallel-fib work))
                                    (lambda () (speculate-mapcar #'parallel-fib work))))
       (conflict (parallel-compare (lambda () (mapcar #'parallel-conflict work))
                                   (lambda () (speculate-mapcar #'parallel-conflict work)))))
  (setq parallel-shared 0)
  (speculate-mapcar #'parallel-conflict work)
  (measure-expect 64 parallel-shared)
  (measure-report :speedup parallel :speculate speculate :conflict (/ 1 conflict)))
