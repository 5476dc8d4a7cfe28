;;; busy.el --- a busy loop on every carrier  -*- lexical-binding: t -*-

(require 'measure)

(defun busy-loop ()
  (while t))

(defun busy-isolates ()
  "As many isolates as there are carriers, each in an endless loop."
  (let (isolates)
    (dotimes (_ (plist-get (vm-stats) :carriers))
      (push (isolate-spawn #'busy-loop) isolates))
    isolates))

(defun busy-kill (isolate)
  "Kill ISOLATE and wait for its end."
  (isolate-kill isolate)
  (condition-case nil
      (progn (isolate-join isolate) (error "It ended by itself"))
    (isolate-killed nil)))

(provide 'busy)
