;;; sleep.el --- how late a sleep ends, with a busy loop on every carrier  -*- lexical-binding: t -*-

(require 'busy)

(defun sleep-late (count)
  "By how many ms COUNT sleeps of 5 ms were longer, one after the other in a task."
  (task-join
   (task-spawn
    (lambda ()
      (let (late)
        (dotimes (_ count)
          (let ((begin (measure-clock)))
            (task-sleep 0.005)
            (push (- (/ (- (measure-clock) begin) 1e6) 5) late)))
        late)))))

(let* ((count (measure-setting "BENCH_SLEEPS" 300))
       (isolates (busy-isolates))
       (late (progn (sleep-late 50) (sleep-late count)))
       ;; Now the sleeper's own isolate is busy too.
       (task (task-spawn #'busy-loop))
       (own (sleep-late count)))
  (task-cancel task)
  (mapc #'busy-kill isolates)
  (measure-report :p99 (measure-quantile late 0.99) :median (measure-quantile late 0.5)
                  :max (measure-quantile late 1.0)
                  :own-p99 (measure-quantile own 0.99) :own-median (measure-quantile own 0.5)
                  :own-max (measure-quantile own 1.0)))
