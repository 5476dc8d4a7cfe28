#!/usr/bin/env elver
;;; find-duplicates.el --- files with the same contents, by a pipeline  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Shows channels between isolates: a pipeline of three stages that work at the same time.
;;
;;     finder ──files──▶ hashers (several) ──hashes──▶ main
;;
;; Channels hold a few values only, so that a fast stage waits for a slow one instead of filling the
;; memory.  Closing `files' ends the hashers; when the last of them has ended, `hashes' is closed.
;; Should a stage fail, its channels are poisoned, and the error comes out here.
;;
;;     elver examples/find-duplicates.el DIRECTORY [HASHERS]
;;
;; prints the files below DIRECTORY that are the same, in groups, the biggest files first.

;;; Code:

(require 'subr-x)

(defun find-duplicates-usage (format &rest args)
  "Say what is wrong with the command line, FORMAT with ARGS, and end the program."
  (message "find-duplicates: %s\nUsage: elver find-duplicates.el DIRECTORY [HASHERS]"
           (apply #'format format args))
  (kill-emacs 2))

(defun find-duplicates-find (directory files)
  "Send the names of all files below DIRECTORY to the channel FILES, then close it."
  (dolist (file (directory-files-recursively directory ""))
    (when (and (file-regular-p file) (not (file-symlink-p file)) (file-readable-p file))
      (channel-send files file)))
  (channel-close files))

(defun find-duplicates-hash (files hashes)
  "Send (FILE SIZE HASH) to the channel HASHES for each file name from the channel FILES."
  (do-channel (file files)
    (with-temp-buffer
      (set-buffer-multibyte nil)
      (insert-file-contents-literally file)
      (channel-send hashes (list file (buffer-size) (secure-hash 'sha256 (current-buffer)))))))

(defun find-duplicates-groups (hashes)
  "Return a list of (SIZE FILE...), of files that are the same, from the channel HASHES."
  (let ((by-hash (make-hash-table :test #'equal))
        (groups nil)
        (count 0))
    (do-channel (entry hashes)
      (pcase-let ((`(,file ,size ,hash) entry))
        (push file (gethash (cons size hash) by-hash))
        (setq count (1+ count))
        (when (= (% count 1000) 0) (message "%d files..." count))))
    (message "%d files, %d different ones" count (hash-table-count by-hash))
    (maphash (lambda (key files)
               (when (cdr files) (push (cons (car key) (sort files #'string<)) groups)))
             by-hash)
    (sort groups (lambda (a b)
                   (if (= (car a) (car b)) (string< (cadr a) (cadr b)) (> (car a) (car b)))))))

(let ((directory (pop command-line-args-left))
      (hashers (or (pop command-line-args-left) "4")))
  (cond ((null directory) (find-duplicates-usage "no directory given"))
        ((not (file-directory-p directory))
         (find-duplicates-usage "%s is not a directory" directory))
        ((not (string-match-p "\\`[1-9][0-9]?\\'" hashers))
         (find-duplicates-usage "the number of hashers must be from 1 to 99, not %s" hashers))
        (command-line-args-left
         (find-duplicates-usage "too many arguments: %s" (string-join command-line-args-left " "))))
  (let* ((files (make-channel 16))
         (hashes (make-channel 16))
         (finder (isolate-spawn #'find-duplicates-find directory files))
         (workers (mapcar (lambda (_) (isolate-spawn #'find-duplicates-hash files hashes))
                          (number-sequence 1 (string-to-number hashers)))))
    ;; Waiting for the workers is another task's: main has to receive meanwhile.
    (task-spawn (lambda ()
                  (mapc #'isolate-join workers)
                  (channel-close hashes)))
    (dolist (group (find-duplicates-groups hashes))
      (princ (format "%d bytes each:\n" (car group)))
      (dolist (file (cdr group)) (princ (format "  %s\n" file))))
    (isolate-join finder)))

;;; find-duplicates.el ends here
