#!/usr/bin/env elver
;;; bank.el --- transfers between accounts, speculatively in parallel  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Shows `speculate-mapcar': the transfers are written as if they came one after another, each reading
;; and changing balances.  They run in parallel on forks of the same heap, and the result is that of
;; one after another, because a transfer that has read what an earlier one changed runs again.  There
;; are no locks, and nothing to get wrong.
;;
;;     elver examples/bank.el ACCOUNTS.csv TRANSFERS.csv [ROUNDS]
;;
;; ACCOUNTS has lines NAME,BALANCE; TRANSFERS has lines FROM,TO,AMOUNT,CODE.  A transfer is carried out
;; if its CODE is right (the first eight digits of SHA-256, applied 500 times to FROM,TO,AMOUNT: that is
;; the work which is worth a second core) and if there is enough money.  The transfers are done ROUNDS
;; (1) times.  Balances are printed at the end, after these have been checked:
;;
;;   - no money has come or gone, and no balance is below zero;
;;   - balances and answers are those of the same transfers one after another.

;;; Code:

(require 'cl-lib)
(require 'subr-x)

(defun bank-usage (format &rest args)
  "Say what is wrong with the command line, FORMAT with ARGS, and end the program."
  (message "bank: %s\nUsage: elver bank.el ACCOUNTS.csv TRANSFERS.csv [ROUNDS]"
           (apply #'format format args))
  (kill-emacs 2))

(defvar bank-accounts nil
  "A hash table of the accounts; each is a cons of its name and its balance.")

(defun bank-read (file fields)
  "Return the lines of FILE, each a list of FIELDS strings."
  (with-temp-buffer
    (insert-file-contents file)
    (mapcar (lambda (line)
              (let ((values (split-string line ",")))
                (unless (= (length values) fields)
                  (bank-usage "%s: not %d fields: %s" file fields line))
                values))
            (split-string (buffer-string) "\n" t))))

(defun bank-open (lines)
  "Return a table of the accounts in LINES."
  (let ((accounts (make-hash-table :test #'equal)))
    (pcase-dolist (`(,name ,balance) lines accounts)
      (puthash name (cons name (string-to-number balance)) accounts))))

(defun bank-code (text)
  "Return the code of TEXT."
  (dotimes (_ 500) (setq text (secure-hash 'sha256 text)))
  (substring text 0 8))

(defun bank-transfer (transfer)
  "Carry out TRANSFER, (FROM TO AMOUNT CODE); return `done' or why it was refused."
  (pcase-let* ((`(,from ,to ,amount ,code) transfer)
               (right (equal code (bank-code (string-join (list from to amount) ","))))
               (amount (string-to-number amount))
               (source (gethash from bank-accounts))
               (target (gethash to bank-accounts)))
    (cond ((not right) 'wrong-code)
          ((not (and source target)) 'no-account)
          ((< (cdr source) amount) 'not-enough)
          (t (setcdr source (- (cdr source) amount))
             (setcdr target (+ (cdr target) amount))
             'done))))

(defun bank-balances ()
  "Return an alist of the balances."
  (let ((all nil))
    (maphash (lambda (name account) (push (cons name (cdr account)) all)) bank-accounts)
    (sort all (lambda (a b) (string< (car a) (car b))))))

(defun bank-check (what ok)
  "End the program with a message unless OK, which must hold for WHAT."
  (unless ok
    (message "bank: WRONG: %s" what)
    (kill-emacs 1)))

(defun bank-timed (what function)
  "Call FUNCTION, say how long it took as WHAT, and return its value."
  (let ((start (float-time)))
    (prog1 (funcall function)
      (message "%s: %.2f seconds" what (- (float-time) start)))))

(let ((accounts (pop command-line-args-left))
      (transfers (pop command-line-args-left))
      (rounds (or (pop command-line-args-left) "1")))
  (unless transfers (bank-usage "a file of accounts and one of transfers are needed"))
  (dolist (file (list accounts transfers))
    (when (or (not (file-readable-p file)) (file-directory-p file))
      (bank-usage "%s cannot be read" file)))
  (cond ((not (string-match-p "\\`[1-9][0-9]*\\'" rounds))
         (bank-usage "ROUNDS must be a positive number, not %s" rounds))
        (command-line-args-left
         (bank-usage "too many arguments: %s" (string-join command-line-args-left " "))))
  (let* ((lines (bank-read accounts 2))
         (transfers (bank-read transfers 4))
         (todo (apply #'append (make-list (string-to-number rounds) transfers)))
         answers balances)
    (setq bank-accounts (bank-open lines))
    (let ((answers-in-order
           (bank-timed "One after another" (lambda () (mapcar #'bank-transfer todo))))
          (balances-in-order (bank-balances)))
      (setq bank-accounts (bank-open lines))
      (setq answers (bank-timed "Speculating" (lambda () (speculate-mapcar #'bank-transfer todo)))
            balances (bank-balances))
      (message "%S" (speculate-stats))
      (bank-check "the answers are not those of one after another"
                  (equal answers answers-in-order))
      (bank-check "the balances are not those of one after another"
                  (equal balances balances-in-order)))
    (bank-check "money has come or gone"
                (= (apply #'+ (mapcar #'cdr balances))
                   (apply #'+ (mapcar (lambda (line) (string-to-number (cadr line))) lines))))
    (bank-check "a balance is below zero" (cl-every (lambda (b) (>= (cdr b) 0)) balances))
    (dolist (answer '(done not-enough wrong-code no-account))
      (princ (format "%s: %d\n" answer (cl-count answer answers))))
    (pcase-dolist (`(,name . ,balance) balances)
      (princ (format "%s,%d\n" name balance)))))

;;; bank.el ends here
