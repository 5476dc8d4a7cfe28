;;; cancel.el --- how long a busy loop goes on that is cancelled or killed  -*- lexical-binding: t -*-

;; With a busy loop on every carrier besides.

(require 'busy)

(defun cancel-milliseconds (function)
  (let ((begin (measure-clock)))
    (funcall function)
    (/ (- (measure-clock) begin) 1e6)))

(defun cancel-one ()
  "The ms it takes to cancel a task that loops."
  (let ((task (task-spawn #'busy-loop)))
    (task-sleep 0.02)
    (cancel-milliseconds
     (lambda ()
       (task-cancel task)
       (condition-case nil
           (progn (task-join task) (error "It ended by itself"))
         (task-cancelled nil))))))

(defun cancel-kill-one ()
  "The ms it takes to kill an isolate that loops."
  (let ((isolate (isolate-spawn #'busy-loop)))
    (task-sleep 0.02)
    (cancel-milliseconds (lambda () (busy-kill isolate)))))

(let ((isolates (busy-isolates)) cancelled killed)
  (dotimes (_ 20)
    (push (cancel-one) cancelled)
    (push (cancel-kill-one) killed))
  (mapc #'busy-kill isolates)
  (measure-report :cancel-max (measure-quantile cancelled 1.0) :cancel-median (measure-quantile cancelled 0.5)
                  :kill-max (measure-quantile killed 1.0) :kill-median (measure-quantile killed 0.5)))
