;;; buffer-regexp.el --- regular expressions in a buffer  -*- lexical-binding: t -*-

(defun bench-count-in-buffer (regexp)
  (goto-char (point-min))
  (let ((n 0))
    (while (re-search-forward regexp nil t)
      (setq n (+ n 1 (- (match-end 0) (match-beginning 0)))))
    n))

(defun bench-run ()
  (with-temp-buffer
    (dotimes (i 15000)
      (insert (format "(defun f%d (a b)\n  \"Doc of %d.\"\n  (let ((x (+ a %d))) ; note\n    (list x b 'sym-%d)))\n\n" i i i i)))
    (let ((check 0))
      (dolist (regexp '("(defun \\(\\sw+\\)" "\"\\([^\"\n]*\\)\"" "\\_<\\(?:let\\|list\\)\\_>" ";.*$"
                        "[0-9]+" "^\\s-+(\\w+" "\\(a\\|b\\|x\\))" "sym-\\([0-9]\\)\\1"))
        (setq check (+ check (bench-count-in-buffer regexp))))
      (goto-char (point-min))
      (while (re-search-forward "\\(\\w+\\) \\(\\w+\\)" nil t)
        (replace-match "\\2 \\1"))
      (goto-char (point-min))
      (while (not (eobp))
        (when (looking-at "^ +\\([^ ]+\\)") (setq check (+ check (match-end 1))))
        (forward-line 1))
      (list check (buffer-size)))))
