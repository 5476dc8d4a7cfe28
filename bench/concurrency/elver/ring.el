;;; ring.el --- a number goes round among 1,000 tasks  -*- lexical-binding: t -*-

(require 'measure)

(defun ring-pass (from to done)
  "Hand what comes from FROM on to TO, one less; say so to DONE when it is zero."
  (while t
    (let ((n (channel-recv from)))
      (if (= n 0)
          (channel-send done t)
        (channel-send to (1- n))))))

(let* ((size 1000) (hops 200000)
       (first (make-channel 0 :local t)) (done (make-channel 0 :local t))
       (from first))
  (dotimes (i size)
    (let ((to (if (= i (1- size)) first (make-channel 0 :local t))))
      (task-spawn #'ring-pass from to done)
      (setq from to)))
  (measure-report
   :ns (measure-nanoseconds hops (lambda () (channel-send first hops) (channel-recv done)))))
