;;; ping-pong-isolates.el --- there and back between two isolates  -*- lexical-binding: t -*-

(require 'measure)

(defun ping-pong-answer (there back trips)
  (dotimes (_ trips)
    (channel-send back (channel-recv there))))

(let ((trips 50000))
  (measure-report
   :ns (measure-nanoseconds
        trips
        (lambda ()
          (let* ((there (make-channel)) (back (make-channel))
                 (other (isolate-spawn #'ping-pong-answer there back trips)))
            (dotimes (i trips)
              (channel-send there i)
              (unless (= i (channel-recv back)) (error "Wrong answer")))
            (isolate-join other))))))
