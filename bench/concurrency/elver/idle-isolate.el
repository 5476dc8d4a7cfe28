;;; idle-isolate.el --- what an isolate takes that waits on a channel  -*- lexical-binding: t -*-

(require 'measure)

(defun idle-wait (channel)
  (channel-recv channel))

(defun idle-isolates (count)
  "Start COUNT isolates that wait.
The value is a list: the bytes of each, how many live, the ns of a start."
  (let* ((channel (make-channel))
         (before (measure-memory))
         (others (plist-get (vm-stats) :isolates))
         (begin (measure-clock)))
    (dotimes (_ count)
      (isolate-spawn #'idle-wait channel))
    (let ((time (/ (- (measure-clock) begin) (float count)))
          (bytes (progn (task-sleep 0.5) (/ (- (measure-memory) before) (float count))))
          (live (- (plist-get (vm-stats) :isolates) others)))
      (dotimes (_ count)
        (channel-send channel t))
      (isolate-join-all)
      (list bytes live time))))

(idle-isolates 1000) ; what is made once
(let ((figures (idle-isolates 100000)))
  (measure-report :bytes (nth 0 figures) :live (nth 1 figures) :ns (nth 2 figures)))
