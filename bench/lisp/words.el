;;; words.el --- word frequencies of a text in a buffer  -*- lexical-binding: t -*-

(defun bench-run ()
  (let ((table (make-hash-table :test 'equal)) (seed 42)
        (syllables ["ka" "lo" "mi" "ren" "tu" "sha" "vo" "pi"]))
    (with-temp-buffer
      (dotimes (_ 130000)
        (setq seed (logand (+ (* seed 1103515245) 12345) #x7fffffff))
        (insert (aref syllables (logand (ash seed -8) 7)) (aref syllables (logand (ash seed -12) 7))
                (if (= 0 (logand (ash seed -16) 7)) ".\n" " ")))
      (goto-char (point-min))
      (while (re-search-forward "\\w+" nil t)
        (let ((word (upcase (match-string 0))))
          (puthash word (1+ (gethash word table 0)) table))))
    (let ((pairs nil))
      (maphash (lambda (k v) (push (cons k v) pairs)) table)
      (setq pairs (sort pairs (lambda (a b) (or (> (cdr a) (cdr b)) (and (= (cdr a) (cdr b)) (string< (car a) (car b)))))))
      (list (length pairs) (car pairs) (car (last pairs))))))
