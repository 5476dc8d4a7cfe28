#!/usr/bin/env elver
;;; json-paths.el --- a tokenizer that is a coroutine  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Shows goroutines: the tokenizer is written as loops over a buffer and yields each token; the parser
;; asks for the next one whenever it wants.  Neither is turned inside out for the other.
;;
;;     elver examples/json-paths.el FILE.json
;;
;; prints a line for each value in FILE, with the path to it, so that `grep' and `diff' can be used:
;;
;;     json.release.files[0].size = 1204;
;;
;; The same source runs in GNU Emacs, where emacs/elver-polyfill.el turns the tokenizer into
;; continuations:
;;
;;     emacs -Q --batch -L emacs -l examples/json-paths.el FILE.json

;;; Code:

(require 'elver-polyfill)
(require 'cl-lib)
(require 'subr-x)

(define-error 'json-paths-error "Not JSON")

(defun json-paths-fail (what)
  "Signal that WHAT is not right at point."
  (signal 'json-paths-error (list (format "line %d, column %d: %s" (line-number-at-pos)
                                          (current-column) what))))

(defun json-paths-tokenizer (file)
  "Return a goroutine that answers each resumption with the next token of FILE.
A token is a list (KIND TEXT POSITION).  KIND is a character for punctuation, or one of `string',
`number', `word' and `end'."
  (goroutine
    (lambda (_)
      (with-temp-buffer
        (insert-file-contents file)
        (goto-char (point-min))
        (while (progn (skip-chars-forward " \t\r\n") (not (eobp)))
          (let ((start (point)))
            (cond
             ((memq (char-after) (string-to-list "{}[],:"))
              (forward-char)
              (yield (list (char-before) (string (char-before)) start)))
             ((eq (char-after) ?\")
              (forward-char)
              (while (not (eq (char-after) ?\"))
                (skip-chars-forward "^\"\\\\")
                (cond ((eobp) (goto-char start) (json-paths-fail "a string without an end"))
                      ((eq (char-after) ?\\) (forward-char (min 2 (- (point-max) (point)))))))
              (forward-char)
              (yield (list 'string (buffer-substring start (point)) start)))
             ((looking-at "-?[0-9]+\\(?:\\.[0-9]+\\)?\\(?:[eE][-+]?[0-9]+\\)?")
              (goto-char (match-end 0))
              (yield (list 'number (match-string 0) start)))
             ((looking-at "true\\|false\\|null")
              (goto-char (match-end 0))
              (yield (list 'word (match-string 0) start)))
             (t (json-paths-fail (format "unexpected `%c'" (char-after)))))))
        (while t (yield (list 'end "the end of the file" (point-max))))))))

(defun json-paths-print (tokens)
  "Print the paths of the value that begins with the next of TOKENS, a goroutine."
  (let ((token (resume tokens nil)))
    (cl-labels
        ((next () (setq token (resume tokens nil)))
         (fail (wanted)
           (signal 'json-paths-error (list (format "%s expected at character %d, not %s" wanted
                                                   (nth 2 token) (nth 1 token)))))
         (expect (kind what)
           (unless (eq (car token) kind) (fail what))
           (prog1 (nth 1 token) (next)))
         (line (path value) (princ (format "%s = %s;\n" path value)))
         (key (path)
           (let ((name (expect 'string "a key")))
             (if (string-match "\\`\"\\([a-zA-Z_][a-zA-Z_0-9]*\\)\"\\'" name)
                 (concat path "." (match-string 1 name))
               (concat path "[" name "]"))))
         (items (end each)
           (next)
           (unless (eq (car token) end)
             (funcall each)
             (while (eq (car token) ?,) (next) (funcall each)))
           (expect end (format "`,' or `%c'" end)))
         (value (path)
           (pcase (car token)
             (?{ (line path "{}")
                 (items ?} (lambda ()
                             (let ((path (key path)))
                               (expect ?: "`:'")
                               (value path)))))
             (?\[ (line path "[]")
                  (let ((index -1))
                    (items ?\] (lambda () (value (format "%s[%d]" path (setq index (1+ index))))))))
             ((or 'string 'number 'word) (line path (nth 1 token)) (next))
             (_ (fail "a value")))))
      (value "json")
      (expect 'end "nothing more"))))

(defun json-paths-usage (format &rest args)
  "Say what is wrong with the command line, FORMAT with ARGS, and end the program."
  (message "json-paths: %s\nUsage: elver json-paths.el FILE.json" (apply #'format format args))
  (kill-emacs 2))


(let ((file (pop command-line-args-left)))
  (cond ((null file) (json-paths-usage "no file given"))
        ((or (not (file-readable-p file)) (file-directory-p file))
         (json-paths-usage "%s cannot be read" file))
        (command-line-args-left
         (json-paths-usage "too many arguments: %s" (string-join command-line-args-left " "))))
  (condition-case err
      (json-paths-print (json-paths-tokenizer file))
    (json-paths-error
     (message "json-paths: %s: %s" file (cadr err))
     (kill-emacs 1))))

;;; json-paths.el ends here
