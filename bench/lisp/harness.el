;;; harness.el --- load one benchmark and time its runs on request  -*- lexical-binding: t -*-

;; From the environment: BENCH_FILE, the benchmark; BENCH_COMPILE, if set: byte-compile it first.
;; Each line read from stdin asks for one run; `q' ends.  Answers, on stderr:
;;
;;   @@ready
;;   @@run SECONDS VALUE
;;   @@error CONDITION

(setq native-comp-jit-compilation nil
      native-comp-deferred-compilation nil
      comp-deferred-compilation nil)

(defun harness--print (value)
  (let ((print-escape-newlines t)) (prin1-to-string value)))

(defun harness-main ()
  (let ((file (getenv "BENCH_FILE")) (command nil))
    (condition-case err
        (progn
          (if (getenv "BENCH_COMPILE")
              (progn
                (require 'bytecomp)
                (set 'byte-compile-warnings nil)
                (set 'byte-compile-verbose nil)
                (byte-compile-file file)
                (load (concat file "c") nil t t))
            (load file nil t t))
          (message "@@ready")
          (while (not (equal (setq command (condition-case nil (read-string "") (end-of-file "q"))) "q"))
            (let* ((begin (float-time))
                   (value (bench-run))
                   (end (float-time)))
              (message "@@run %.6f %s" (- end begin) (harness--print value)))))
      (error (message "@@error %s" (harness--print err))))
    (kill-emacs 0)))

;;; harness.el ends here
