;;; driver.el --- evaluate the forms of one corpus file and print the results  -*- lexical-binding: t -*-

;; Runs unchanged in GNU Emacs and in Elver.  From the environment:
;;
;;   CORPUS_FILE   the file of forms
;;   CORPUS_FROM   the number of the first form to evaluate (the first of the file is 1)
;;   CORPUS_REQUIRE  the features to load first, as a list
;;
;; An entry starts at a line whose first character is neither a blank nor a semicolon; lines that
;; start with a blank continue it.  So the driver finds every entry even where the reader under test
;; cannot read one.  For each entry there is one line on stderr, all ASCII:
;;
;;   @@NUMBER RESULT               the value, as `prin1' prints it
;;   @@NUMBER ERROR CONDITION      the error that it signaled
;;   @@NUMBER SIGNAL CONDITION     a condition that is no error
;;   @@NUMBER THROW (TAG VALUE)    never from a sound entry
;;
;; It uses as few functions as it can, so that it works early in the life of a Lisp system.

(defun corpus--entries (text)
  "Split TEXT into the list of its entries."
  (let ((entries nil) (entry nil) (start 0) (end 0) (size (length text)))
    (while (< start size)
      (setq end start)
      (while (and (< end size) (not (eq (aref text end) ?\n)))
        (setq end (1+ end)))
      (let ((line (substring text start end)))
        (cond ((or (equal line "") (eq (aref line 0) ?\;)) nil)
              ((or (eq (aref line 0) ?\s) (eq (aref line 0) ?\t))
               (setq entry (concat entry "\n" line)))
              (t (when entry (setq entries (cons entry entries)))
                 (setq entry line))))
      (setq start (1+ end)))
    (when entry (setq entries (cons entry entries)))
    (nreverse entries)))

(defun corpus--ascii (text)
  "TEXT on one line of ASCII characters."
  (let ((parts nil) (start 0) (i 0) (size (length text)))
    (while (< i size)
      (let ((c (aref text i)))
        (when (or (< c 32) (> c 126))
          (setq parts (cons (format "\\x{%x}" c) (cons (substring text start i) parts))
                start (1+ i))))
      (setq i (1+ i)))
    (apply #'concat (nreverse (cons (substring text start) parts)))))

(defun corpus--print (object)
  "OBJECT as one line of ASCII."
  (let ((print-escape-newlines t)
        (print-escape-nonascii t)
        (print-escape-control-characters t)
        (print-quoted t)
        (print-length nil)
        (print-level nil)
        (print-circle nil)
        (print-gensym nil)
        (float-output-format nil))
    (condition-case err
        (corpus--ascii (prin1-to-string object))
      (error (concat "UNPRINTABLE " (corpus--ascii (format "%S" (car err))))))))

(defun corpus--evaluate (entry)
  "Evaluate the text ENTRY; return the line that tells the result."
  (let ((buffer (generate-new-buffer "corpus")) (result nil))
    (with-current-buffer buffer
      (set-match-data nil)
      (setq result
            (condition-case err
                (let ((caught (catch 'corpus-throw
                                (list (eval (car (read-from-string entry)) t)))))
                  (if (consp caught)
                      (corpus--print (car caught))
                    (concat "THROW " (corpus--print caught))))
              (error (concat "ERROR " (corpus--print err)))
              (quit "QUIT")
              ;; A condition that is neither, such as a symbol that is no condition at all.
              (t (concat "SIGNAL " (corpus--print err))))))
    (when (buffer-live-p buffer)
      (with-current-buffer buffer (set-buffer-modified-p nil))
      (kill-buffer buffer))
    result))

(defun corpus-run ()
  "Evaluate the entries that the environment names and exit."
  (let ((coding-system-for-read 'utf-8)
        (from (string-to-number (or (getenv "CORPUS_FROM") "1")))
        (text nil) (number 0))
    (with-temp-buffer
      (insert-file-contents (getenv "CORPUS_FILE"))
      (setq text (buffer-substring-no-properties (point-min) (point-max))))
    (setq coding-system-for-read nil)
    (dolist (feature (car (read-from-string (concat "(" (getenv "CORPUS_REQUIRE") ")"))))
      (condition-case err
          (require feature)
        (error (message "Cannot load %s: %S" feature err))))
    (message "@@start")
    (dolist (entry (corpus--entries text))
      (setq number (1+ number))
      (when (>= number from)
        (let ((line (corpus--evaluate entry)))
          (message "@@%d %s" number line))))
    (message "@@done")
    (setq kill-emacs-hook nil)
    (kill-emacs 0)))

;;; driver.el ends here
