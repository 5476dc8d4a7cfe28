;;; ping-pong-isolates.el --- there and back between two isolates  -*- lexical-binding: t -*-

(require 'measure)

(defun ping-pong-answer (there back trips)
  (dotimes (_ trips)
    (channel-send back (channel-recv there))))

(defun ping-pong (trips)
  (let* ((there (make-channel)) (back (make-channel))
         (other (isolate-spawn #'ping-pong-answer there back trips)))
    (dotimes (i trips)
      (channel-send there i)
      (unless (= i (channel-recv back)) (error "Wrong answer")))
    (isolate-join other)))

(let ((trips 50000))
  (measure-report :ns (measure-in-task trips (lambda () (ping-pong trips)))))
