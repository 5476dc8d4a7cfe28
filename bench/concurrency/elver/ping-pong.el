;;; ping-pong.el --- there and back between two tasks of one isolate  -*- lexical-binding: t -*-

(require 'measure)

(defun ping-pong-answer (there back trips)
  (dotimes (_ trips)
    (channel-send back (channel-recv there))))

(defun ping-pong (trips)
  (let ((there (make-channel 0 :local t)) (back (make-channel 0 :local t)))
    (task-spawn #'ping-pong-answer there back trips)
    (dotimes (i trips)
      (channel-send there i)
      (unless (= i (channel-recv back)) (error "Wrong answer")))))

(let* ((trips 100000)
       (round (lambda () (ping-pong trips))))
  (measure-report :ns (measure-in-task trips round)
                  :main (measure-nanoseconds trips round)))
