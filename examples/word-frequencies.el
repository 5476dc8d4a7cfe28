#!/usr/bin/env elver
;;; word-frequencies.el --- the commonest words of a directory of texts  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Shows `parallel-mapcar': every file is counted in a fork of this program, on all cores.  A fork
;; reads its file into a buffer of its own, and the hash table it returns becomes the caller's without
;; being copied.  Nothing else of what it does is visible here.
;;
;;     elver examples/word-frequencies.el DIRECTORY [NUMBER]
;;
;; prints the NUMBER (20) commonest words of all text files below DIRECTORY.  A word is a sequence of
;; letters; case does not matter.  Files with null bytes are not texts and are left out.
;;
;; It runs in GNU Emacs too, on one core:
;;
;;     emacs -Q --batch -L emacs -l examples/word-frequencies.el DIRECTORY

;;; Code:

(require 'elver-polyfill)
(require 'subr-x)

(defun word-frequencies-usage (format &rest args)
  "Say what is wrong with the command line, FORMAT with ARGS, and end the program."
  (message "word-frequencies: %s\nUsage: elver word-frequencies.el DIRECTORY [NUMBER]"
           (apply #'format format args))
  (kill-emacs 2))

(defun word-frequencies-of-file (file)
  "Return a hash table of the words of FILE and how often each occurs; nil if it is no text."
  (with-temp-buffer
    (insert-file-contents file)
    (unless (search-forward "\0" nil t)
      (downcase-region (point-min) (point-max))
      (let ((counts (make-hash-table :test #'equal)))
        (while (re-search-forward "[[:alpha:]]+" nil t)
          (let ((word (match-string-no-properties 0)))
            (puthash word (1+ (gethash word counts 0)) counts)))
        counts))))

(defun word-frequencies-sum (tables)
  "Return a hash table with the sums of TABLES, some of which may be nil."
  (let ((sums (make-hash-table :test #'equal)))
    (dolist (table (delq nil tables) sums)
      (maphash (lambda (word count) (puthash word (+ count (gethash word sums 0)) sums)) table))))

(defun word-frequencies-print (counts number)
  "Print the NUMBER commonest words in COUNTS."
  (let ((words nil))
    (maphash (lambda (word count) (push (cons word count) words)) counts)
    (dolist (entry (seq-take (sort words (lambda (a b)
                                           (if (= (cdr a) (cdr b)) (string< (car a) (car b))
                                             (> (cdr a) (cdr b)))))
                             number))
      (princ (format "%8d %s\n" (cdr entry) (car entry))))))

(let ((directory (pop command-line-args-left))
      (number (pop command-line-args-left)))
  (cond ((null directory) (word-frequencies-usage "no directory given"))
        ((not (file-directory-p directory))
         (word-frequencies-usage "%s is not a directory" directory))
        ((not (string-match-p "\\`[0-9]+\\'" (or number "20")))
         (word-frequencies-usage "%s is not a number" number))
        (command-line-args-left
         (word-frequencies-usage "too many arguments: %s" (string-join command-line-args-left " "))))
  (let* ((files (seq-filter #'file-readable-p (directory-files-recursively directory "")))
         (start (float-time))
         (tables (progn
                   (message "Counting the words of %d files..." (length files))
                   (parallel-mapcar #'word-frequencies-of-file files 1)))
         (counts (word-frequencies-sum tables))
         (total 0))
    (maphash (lambda (_ count) (setq total (+ total count))) counts)
    (message "%d words, %d different ones, in %d texts; %.1f seconds" total
             (hash-table-count counts) (length (delq nil tables)) (- (float-time) start))
    (word-frequencies-print counts (string-to-number (or number "20")))))

;;; word-frequencies.el ends here
