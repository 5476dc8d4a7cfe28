;;; rune.el --- channels and threads with the names of the Rune VM  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; With (require 'rune) programs written for the Rune VM find what they expect there:
;;
;;     (let ((receiver (go (+ 1 2))))
;;       (channel-recv receiver))             ; 3
;;
;;     (pcase (channel-recv (go (error "No")))
;;       (`(thread-errored . ,message) message))  ; "No"
;;
;;     (pcase-let ((`(,sender . ,receiver) (make-channel 2)))
;;       (channel-send sender 'a)
;;       (channel-sender-close sender)
;;       (list (channel-recv receiver) (channel-recv receiver)))  ; (a channel-closed)
;;
;; | call                                          | returns
;; | (go FORM...)                                  | the receiver of the value, or of (thread-errored . MESSAGE)
;; | (make-channel [CAPACITY])                     | (SENDER . RECEIVER); capacity 1 at least
;; | (channel-send SENDER VALUE)                   | nil, or channel-closed
;; | (channel-try-send SENDER VALUE)               | nil, channel-full or channel-closed
;; | (channel-send-timeout SENDER VALUE SECONDS)   | nil, channel-timeout or channel-closed
;; | (channel-recv RECEIVER)                       | the value, or channel-closed
;; | (channel-try-recv RECEIVER)                   | the value, channel-empty or channel-closed
;; | (channel-recv-timeout RECEIVER SECONDS)       | the value, channel-timeout or channel-closed
;; | (channel-sender-close SENDER)                 | nil
;; | (channel-receiver-close RECEIVER)             | nil
;;
;; As in Rune, what goes wrong with a channel is a symbol that is returned, not an error.
;;
;; `go' evaluates its forms in a fork of the caller, with the caller's variables, lexical ones too.
;;
;; The functions that Elver has under the same names work as before on Elver's own channels, so other
;; libraries do not notice.  Only `make-channel' cannot tell who calls it: from now on it returns a
;; pair, unless it is called as only Elver's can be (with t as the capacity, or with keywords).
;; `rune-channel' gives the channel of an end, for `channel-select' and `do-channel'.
;;
;; One thing is not as in Rune: an end is closed for everybody who has a copy of it, at once.  In
;; Rune each thread closes its own copy, and the last one counts.

;;; Code:

;; Nothing here needs GNU Emacs's library, so it works in bare mode too.

(defvar rune--originals nil
  "What Elver had under the names that are redefined here: (NAME . FUNCTION) each.")

;; Loading this twice must not lose them.
(if (null rune--originals)
    (setq rune--originals
          (mapcar (lambda (name) (cons name (symbol-function name)))
                  '(make-channel channel-send channel-recv channel-try-send channel-try-recv))))

(defun rune--original (name &rest args)
  "Call Elver's own function NAME with ARGS."
  (apply (cdr (assq name rune--originals)) args))

;;; Ends

(defun rune--end-p (object type)
  "Return non-nil if OBJECT is an end of TYPE, which is a symbol."
  (and (recordp object) (eq (aref object 0) type)))

(defun channel-sender-p (object)
  "Return t if OBJECT is the sending end of a channel."
  (rune--end-p object 'channel-sender))

(defun channel-receiver-p (object)
  "Return t if OBJECT is the receiving end of a channel."
  (rune--end-p object 'channel-receiver))

(defun rune-channel (end)
  "Return Elver's channel of END, which is a sender or a receiver."
  (if (or (channel-sender-p end) (channel-receiver-p end)) (aref end 1)
    (signal 'wrong-type-argument (list 'channel-sender-p end))))

(defun rune--sender-channel (object)
  "Return the channel of OBJECT, which must be a sender."
  (if (channel-sender-p object) (aref object 1)
    (signal 'wrong-type-argument (list 'channel-sender-p object))))

(defun rune--receiver-channel (object)
  "Return the channel of OBJECT, which must be a receiver."
  (if (channel-receiver-p object) (aref object 1)
    (signal 'wrong-type-argument (list 'channel-receiver-p object))))

(defmacro rune--symbols (&rest body)
  "Evaluate BODY; return a symbol in place of an error of the channel."
  (list 'condition-case nil (cons 'progn body)
        '((channel-closed channel-poisoned) 'channel-closed)
        '(operation-timeout 'channel-timeout)))

(defun make-channel (&optional capacity &rest options)
  "Return a new channel as (SENDER . RECEIVER), with room for CAPACITY values, 1 at least.
With t as CAPACITY or with OPTIONS return one of Elver's channels."
  (if (or options (eq capacity t))
      (apply #'rune--original 'make-channel capacity options)
    (let ((channel (rune--original 'make-channel (max 1 (or capacity 1)))))
      (cons (record 'channel-sender channel) (record 'channel-receiver channel nil)))))

;;; Sending

(defun channel-send (channel value &optional timeout)
  "Send VALUE to CHANNEL, a sender; wait while there is no room for it.
Return nil, or `channel-closed'.  TIMEOUT is for Elver's own channels, which this takes too."
  (if (channel-sender-p channel)
      (rune--symbols (rune--original 'channel-send (aref channel 1) value timeout) nil)
    (rune--original 'channel-send channel value timeout)))

(defun channel-try-send (channel value)
  "Send VALUE to CHANNEL, a sender, if there is room for it.
Return nil, `channel-full' or `channel-closed'."
  (if (channel-sender-p channel)
      (rune--symbols
       (if (rune--original 'channel-try-send (aref channel 1) value) nil 'channel-full))
    (rune--original 'channel-try-send channel value)))

(defun channel-send-timeout (sender value seconds)
  "Send VALUE to SENDER; wait at most SECONDS while there is no room for it.
Return nil, `channel-timeout' or `channel-closed'."
  (rune--symbols
   (rune--original 'channel-send (rune--sender-channel sender) value (max 0 seconds))
   nil))

(defun channel-sender-close (sender)
  "Close SENDER: nothing more can be sent; what has been sent can be received."
  (channel-close (rune--sender-channel sender))
  nil)

;;; Receiving

(defun channel-recv (channel &optional timeout)
  "Wait for the next value of CHANNEL, a receiver, and return it, or `channel-closed'.
TIMEOUT is for Elver's own channels, which this takes too."
  (if (channel-receiver-p channel)
      (if (aref channel 2) 'channel-closed
        (rune--symbols (rune--original 'channel-recv (aref channel 1) timeout)))
    (rune--original 'channel-recv channel timeout)))

(defun channel-try-recv (channel &optional default)
  "Return the next value of CHANNEL, a receiver, or `channel-empty' or `channel-closed'.
DEFAULT is for Elver's own channels, which this takes too."
  (if (channel-receiver-p channel)
      (if (aref channel 2) 'channel-closed
        (let* ((none (make-symbol "none"))
               (value (rune--symbols (rune--original 'channel-try-recv (aref channel 1) none))))
          (if (eq value none) 'channel-empty value)))
    (rune--original 'channel-try-recv channel default)))

(defun channel-recv-timeout (receiver seconds)
  "Wait at most SECONDS for the next value of RECEIVER.
Return it, or `channel-timeout' or `channel-closed'."
  (let ((channel (rune--receiver-channel receiver)))
    (if (aref receiver 2) 'channel-closed
      (rune--symbols (rune--original 'channel-recv channel (max 0 seconds))))))

(defun channel-receiver-close (receiver)
  "Close RECEIVER: nothing more can be sent, and nothing received from it."
  (aset receiver 2 t)
  (channel-close (rune--receiver-channel receiver))
  nil)

;;; Threads

(defun rune--go (function)
  "Call FUNCTION in a fork; return the receiver of its value."
  (let ((channel (rune--original 'make-channel 1)))
    (isolate-spawn-with
     (list :name "go" :on-error 'ignore :channels (list channel))
     (lambda ()
       (condition-case err
           (rune--original 'channel-send channel (funcall function))
         (error
          (rune--original 'channel-send channel
                          (cons 'thread-errored (error-message-string err)))))
       (channel-close channel)))
    (record 'channel-receiver channel nil)))

(defmacro go (&rest forms)
  "Evaluate FORMS in a fork of this isolate, and return a receiver at once.
It receives the value of the last one or, after an error, (thread-errored . MESSAGE)."
  (list 'rune--go (list 'function (cons 'lambda (cons nil forms)))))

(provide 'rune)
;;; rune.el ends here
