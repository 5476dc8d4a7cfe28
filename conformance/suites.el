;;; suites.el --- run one ERT file and report each test as it ends  -*- lexical-binding: t -*-

;; Loaded by `conformance/suites' into GNU Emacs and into Elver alike.  What to run comes from the
;; environment, so that the command line is the same for both:
;;
;;   CONFORMANCE_FILE   the ERT file
;;   CONFORMANCE_DONE   a file that names the tests to leave out, one a line (they ran before a crash)
;;
;; Every report is one line on stderr that starts with a mark, fields separated by tabs:
;;
;;   @@load-error CONDITION    the file did not load as a whole; its forms are then run one by one
;;   @@form-error CONDITION    one of these forms failed
;;   @@tests COUNT             that many tests will run
;;   @@begin NAME
;;   @@end NAME VERDICT CONDITION
;;   @@done

(require 'ert)

(defvar conformance-selector '(not (or (tag :expensive-test) (tag :unstable)))
  "Which tests of a file run.")

(defun conformance--one-line (object)
  "Print OBJECT on one line of bounded length."
  (let* ((text (condition-case nil
                   (let ((print-escape-newlines t)
                         (print-escape-control-characters t)
                         (print-length 12)
                         (print-level 7))
                     (prin1-to-string object))
                 (error "(unprintable)")))
         (text (replace-regexp-in-string "[\t\n]" " " text)))
    (if (> (length text) 300) (concat (substring text 0 300) "...") text)))

(defun conformance--report (mark &rest fields)
  "Write the line MARK with FIELDS to stderr."
  (let ((inhibit-message nil))
    (message "@@%s" (mapconcat #'identity (cons mark fields) "\t"))))

(defun conformance--load (file)
  "Load FILE; if that fails, evaluate what can be evaluated of its forms."
  (condition-case err
      (load file nil t t)
    (error
     (conformance--report "load-error" (conformance--one-line err))
     (with-temp-buffer
       (let ((coding-system-for-read 'utf-8))
         (insert-file-contents file))
       (goto-char (point-min))
       (let ((load-file-name file) (load-in-progress t) (source (current-buffer)) (form nil))
         (while (setq form (condition-case nil (list (read source)) (end-of-file nil)))
           (condition-case err
               (with-temp-buffer (eval (car form) t))
             (error
              (conformance--report "form-error" (conformance--one-line err))))))))))

(defun conformance--done ()
  "The names in the file of tests to leave out."
  (let ((file (getenv "CONFORMANCE_DONE")))
    (when (and file (file-exists-p file))
      (with-temp-buffer
        (insert-file-contents file)
        (split-string (buffer-string) "\n" t)))))

(defun conformance--verdict (test result)
  "The word for RESULT of TEST."
  (let ((expected (ert-test-result-expected-p test result)))
    (cond ((ert-test-skipped-p result) "skipped")
          ((ert-test-passed-p result) (if expected "passed" "xpassed"))
          ((ert-test-quit-p result) "quit")
          (t (if expected "xfailed" "failed")))))

(defun conformance-run ()
  "Run the tests that the environment names and exit."
  (let ((file (getenv "CONFORMANCE_FILE"))
        (done (conformance--done))
        (tests nil))
    (conformance--load file)
    (dolist (test (ert-select-tests conformance-selector t))
      (unless (member (symbol-name (ert-test-name test)) done)
        (push test tests)))
    (setq tests (nreverse tests))
    (conformance--report "tests" (number-to-string (length tests)))
    (dolist (test tests)
      (let ((name (symbol-name (ert-test-name test)))
            (ert-debug-on-error nil)
            (ert-quiet t)
            result)
        (conformance--report "begin" name)
        ;; No handler of ours around it: ERT learns of errors as the debugger, which Emacs does not
        ;; call for an error that somebody handles.
        (prin1-to-string nil)           ; an error while printing may have left a rest behind
        (setq result (save-window-excursion (save-excursion (ert-run-test test))))
        (conformance--report
         "end" name (conformance--verdict test result)
         (if (ert-test-result-with-condition-p result)
             (conformance--one-line (ert-test-result-with-condition-condition result))
           ""))))
    (conformance--report "done")
    (setq kill-emacs-hook nil)
    (kill-emacs 0)))

(provide 'suites)
;;; suites.el ends here
