#!/usr/bin/env elver
;;; supervisor.el --- a supervisor of failing isolates  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Shows isolates that may fail in any way without harm to the rest: mailboxes, monitors, kills and
;; limits of memory.
;;
;;     elver examples/supervisor.el FILE.el [SECONDS [WORKERS]]
;;
;; evaluates each form of FILE in one of WORKERS (2) isolates and prints its value, or what happened
;; instead: an error, no value after SECONDS (2), or too much memory.  A worker that has failed is
;; replaced by a new fork of the supervisor, which no form can change.
;;
;; The supervisor is one loop over its mailbox.  These messages arrive there:
;;
;;     (ready WORKER)                  WORKER wants a form
;;     (value WORKER NUMBER TEXT)      the form NUMBER has the value TEXT
;;     (isolate-down WORKER STATUS)    WORKER has ended, because it was monitored

;;; Code:

(require 'cl-lib)
(require 'subr-x)

(defconst supervisor-memory (* 64 1024 1024)
  "How many bytes of its own a worker may have.")

(defun supervisor-usage (format &rest args)
  "Say what is wrong with the command line, FORMAT with ARGS, and end the program."
  (message "supervisor: %s\nUsage: elver supervisor.el FILE.el [SECONDS [WORKERS]]"
           (apply #'format format args))
  (kill-emacs 2))

;;; Workers

(defun supervisor-worker (supervisor)
  "Evaluate the forms that arrive from the isolate SUPERVISOR; they are (NUMBER . FORM)."
  (let ((self (isolate-current)))
    (while t
      (isolate-send supervisor (list 'ready self))
      (pcase-let ((`(,number . ,form) (isolate-receive)))
        (isolate-send supervisor
                      (list 'value self number (prin1-to-string (eval form t))))))))

(defun supervisor-start-worker (number)
  "Start the worker NUMBER and monitor it."
  (let ((worker (isolate-spawn-with (list :name (format "worker %d" number) :on-error 'ignore
                                          :memory supervisor-memory)
                                    #'supervisor-worker (isolate-current))))
    (isolate-monitor worker)
    worker))

;;; The supervisor

(defun supervisor-reason (worker)
  "Return the reason why WORKER, which is down, has ended, as a string."
  (condition-case err
      (progn (isolate-join worker) "ended")
    (isolate-error (format "error: %s" (error-message-string (nth 2 err))))
    (isolate-killed (format "killed: %s" (nth 2 err)))))

(defun supervisor-run (forms seconds workers)
  "Evaluate FORMS in WORKERS isolates, each for at most SECONDS; return a vector of texts."
  (let ((results (make-vector (length forms) nil))
        (queue (cl-loop for form in forms for number from 0 collect (cons number form)))
        (busy nil)                      ; (WORKER NUMBER DEADLINE) each
        (killed nil)                    ; workers whose last messages do not count
        (left (length forms))
        (started 0))
    (cl-flet* ((start () (supervisor-start-worker (cl-incf started)))
               (finish (number text)
                 (unless (aref results number)
                   (aset results number text)
                   (cl-decf left)))
               (work (worker)
                 (when (and queue (not (memq worker killed)))
                   (let ((job (pop queue)))
                     (push (list worker (car job) (+ (float-time) seconds)) busy)
                     (isolate-send worker job)))))
      (dotimes (_ (min workers left)) (start))
      (while (> left 0)
        (let* ((next (and busy (apply #'min (mapcar #'cl-third busy))))
               (message (condition-case nil
                            (isolate-receive (and next (max 0 (- next (float-time)))))
                          (operation-timeout nil))))
          (pcase message
            (`(ready ,worker) (work worker))
            (`(value ,worker ,number ,text)
             (setq busy (assq-delete-all worker busy))
             (finish number text))
            (`(isolate-down ,worker ,_)
             (pcase (assq worker busy)
               (`(,_ ,number ,_)
                (setq busy (assq-delete-all worker busy))
                (let ((reason (supervisor-reason worker)))
                  (message "%s failed on form %d: %s" (isolate-name worker) (1+ number) reason)
                  (finish number reason))))
             (when queue (start)))
            ('nil
             (dolist (entry busy)
               (when (>= (float-time) (nth 2 entry))
                 (finish (nth 1 entry) (format "killed: no value after %s seconds" seconds))
                 (setq busy (delq entry busy))
                 (push (car entry) killed)
                 (isolate-kill (car entry)))))))))
    results))

(defun supervisor-read (file)
  "Return a list of the forms in FILE."
  (with-temp-buffer
    (insert-file-contents file)
    (goto-char (point-min))
    (let ((forms nil))
      (condition-case nil
          (while t (push (read (current-buffer)) forms))
        (end-of-file (nreverse forms))))))

(let ((file (pop command-line-args-left))
      (seconds (or (pop command-line-args-left) "2"))
      (workers (or (pop command-line-args-left) "2")))
  (cond ((null file) (supervisor-usage "no file given"))
        ((or (not (file-readable-p file)) (file-directory-p file))
         (supervisor-usage "%s cannot be read" file))
        ((not (and (string-match-p "\\`[0-9]*\\.?[0-9]+\\'" seconds)
                   (> (string-to-number seconds) 0)))
         (supervisor-usage "SECONDS must be a positive number, not %s" seconds))
        ((not (string-match-p "\\`[1-9][0-9]?\\'" workers))
         (supervisor-usage "the number of workers must be from 1 to 99, not %s" workers))
        (command-line-args-left
         (supervisor-usage "too many arguments: %s" (string-join command-line-args-left " "))))
  (let* ((forms (supervisor-read file))
         (results (supervisor-run forms (string-to-number seconds) (string-to-number workers))))
    (cl-loop for form in forms
             for result across results
             do (princ (format "%S\n  => %s\n" form result)))))

;;; supervisor.el ends here
