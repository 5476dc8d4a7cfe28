;;; hash.el --- hash tables with symbols, numbers and strings as keys  -*- lexical-binding: t -*-

(defun bench-run ()
  (let ((numbers (make-hash-table)) (strings (make-hash-table :test 'equal)) (check 0))
    (dotimes (i 800000) (puthash (logand (* i 7919) #xffff) i numbers))
    (dotimes (i 800000) (setq check (+ check (gethash (logand i #xffff) numbers 1))))
    (dotimes (i 40000) (puthash (number-to-string (% (* i 31) 9000)) i strings))
    (dotimes (i 120000) (setq check (+ check (gethash (number-to-string (% i 10000)) strings 2))))
    (maphash (lambda (_ v) (setq check (logxor check v))) strings)
    (dotimes (i 30000) (remhash i numbers))
    (list check (hash-table-count numbers) (hash-table-count strings))))
