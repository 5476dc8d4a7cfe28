;;; idle-task.el --- what a task takes that waits on a channel  -*- lexical-binding: t -*-

(require 'measure)

(defun idle-wait (channel)
  (channel-recv channel))

(defun idle-bytes (count)
  "What each of COUNT tasks takes that wait on one channel."
  (let* ((channel (make-channel 0 :local t))
         (before (measure-memory)))
    (dotimes (_ count)
      (task-spawn #'idle-wait channel))
    (task-yield)
    (let ((bytes (/ (- (measure-memory) before) (float count))))
      (dotimes (_ count)
        (channel-send channel t))
      bytes)))

(idle-bytes 10000) ; what is made once
(measure-report :bytes (idle-bytes 1000000))
