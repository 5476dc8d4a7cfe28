;;; ten-million.el --- ten million tasks wait on channels, and each gets a number  -*- lexical-binding: t -*-

(require 'measure)

(defun ten-million-wait (channel sum)
  (let ((value (channel-recv channel)))
    (setcar sum (+ value (car sum)))))

(let* ((count 10000000)
       (channel (make-channel 0 :local t))
       (sum (list 0))
       (begin (measure-clock)))
  (dotimes (_ count)
    (task-spawn #'ten-million-wait channel sum))
  (task-yield)
  (let ((live (plist-get (vm-stats) :tasks))
        (memory (measure-memory)))
    (dotimes (i count)
      (channel-send channel i))
    (task-yield)
    (measure-expect (/ (* count (1- count)) 2) (car sum))
    (measure-report :tasks live
                    :heap-mb (/ memory 1e6)
                    :resident-mb (measure-resident)
                    :seconds (/ (- (measure-clock) begin) 1e9))))
