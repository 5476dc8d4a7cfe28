;;; skynet.el --- a million tasks in a tree, their numbers added up  -*- lexical-binding: t -*-

(require 'measure)

(defun skynet (channel num size)
  "Send the sum of SIZE numbers from NUM on to CHANNEL, added up by a tree of tasks with ten children each."
  (if (= size 1)
      (channel-send channel num)
    (let ((children (make-channel 0 :local t)) (part (/ size 10)) (sum 0))
      (dotimes (i 10)
        (task-spawn #'skynet children (+ num (* i part)) part))
      (dotimes (_ 10)
        (setq sum (+ sum (channel-recv children))))
      (channel-send channel sum))))

(let ((size 1000000))
  (measure-report
   :ns (measure-nanoseconds
        size
        (lambda ()
          (let ((channel (make-channel 0 :local t)))
            (task-spawn #'skynet channel 0 size)
            (measure-expect (/ (* size (1- size)) 2) (channel-recv channel)))))))
