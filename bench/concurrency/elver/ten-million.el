;;; ten-million.el --- ten million tasks wait on channels, and each gets a number  -*- lexical-binding: t -*-

(require 'measure)

(defun ten-million-wait (channel sum)
  (let ((value (channel-recv channel)))
    (setcar sum (+ value (car sum)))
    (setcdr sum (1+ (cdr sum)))))

(let* ((count 10000000)
       (channel (make-channel 0 :local t))
       (sum (cons 0 0)) ; Of the numbers, and of how many tasks have got one.
       (begin (measure-clock)))
  (dotimes (_ count)
    (task-spawn #'ten-million-wait channel sum))
  (task-yield)
  (let ((live (plist-get (vm-stats) :tasks))
        (memory (measure-memory)))
    (dotimes (i count)
      (channel-send channel i))
    (while (< (cdr sum) count)
      (task-yield)) ; Not once only: after a thousand steps others have their turn.
    (measure-expect (/ (* count (1- count)) 2) (car sum))
    (measure-report :tasks live
                    :heap-mb (/ memory 1e6)
                    :resident-mb (measure-resident)
                    :seconds (/ (- (measure-clock) begin) 1e9))))
