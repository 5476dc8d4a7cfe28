;;; string-search.el --- regular expressions and searches in strings  -*- lexical-binding: t -*-

(defvar bench-text
  (mapconcat (lambda (i) (format "item-%d: value=%d; date 2024-%02d-%02d <user%d@example.org>"
                                 i (* i i) (1+ (% i 12)) (1+ (% i 28)) i))
             (number-sequence 1 300) "\n"))

(defun bench-count (regexp)
  (let ((start 0) (n 0))
    (while (string-match regexp bench-text start)
      (setq n (1+ n) start (match-end 0)))
    n))

(defun bench-run ()
  (let ((check 0))
    (dotimes (_ 140)
      (setq check (+ check
                     (bench-count "[0-9]+")
                     (bench-count "\\([0-9]\\{4\\}\\)-\\([0-9][0-9]\\)-\\([0-9][0-9]\\)")
                     (bench-count "\\w+@\\(?:\\w+\\.\\)+org")
                     (bench-count "^item-\\(.*?\\): ")
                     (bench-count "\\_<date\\_>\\|value")))
      (setq check (+ check (length (replace-regexp-in-string "value=\\([0-9]+\\)" "\\1=v" bench-text))))
      (let ((start 0))
        (while (setq start (string-search "user" bench-text start))
          (setq check (1+ check) start (1+ start)))))
    check))
