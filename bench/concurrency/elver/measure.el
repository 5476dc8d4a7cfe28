;;; measure.el --- warm-up, rounds and figures  -*- lexical-binding: t -*-

;; A program prints one line: @@ KEY=VALUE ...

(defun measure-setting (name otherwise)
  "The number in environment variable NAME, or OTHERWISE."
  (let ((value (getenv name)))
    (if value (string-to-number value) otherwise)))

(defun measure-clock ()
  "The time in nanoseconds."
  (car (time-convert nil t)))

(defun measure-quantile (values q)
  "The element of the list VALUES below which a share of Q of them lies."
  (nth (round (* q (1- (length values)))) (sort (copy-sequence values) #'<)))

(defun measure-warm-up (round)
  "Call ROUND for as long as a warm-up takes, twice at least."
  (let ((end (+ (measure-clock) (* 1000000000 (measure-setting "BENCH_WARMUP" 6)))))
    (funcall round)
    (funcall round)
    (while (< (measure-clock) end)
      (funcall round))))

(defun measure-nanoseconds (operations round)
  "The median time of an operation, where a call of ROUND does OPERATIONS of them."
  (measure-warm-up round)
  (let (times)
    (dotimes (_ (measure-setting "BENCH_ROUNDS" 7))
      (let ((begin (measure-clock)))
        (funcall round)
        (push (/ (- (measure-clock) begin) (float operations)) times)))
    (measure-quantile times 0.5)))

(defun measure-memory ()
  "Bytes in use after a collection."
  (plist-get (vm-stats t) :heap-used))

(defun measure-resident ()
  "The most megabytes of memory that the process has held."
  (with-temp-buffer
    (insert-file-contents "/proc/self/status")
    (re-search-forward "^VmHWM:[ \t]*\\([0-9]+\\) kB")
    (/ (string-to-number (match-string 1)) 1024.0)))

(defun measure-report (&rest figures)
  "Print FIGURES, a property list of keywords and numbers."
  (princ "@@")
  (while figures
    (let ((key (substring (symbol-name (pop figures)) 1)) (value (pop figures)))
      (princ (if (floatp value) (format " %s=%.3f" key value) (format " %s=%s" key value)))))
  (terpri))

(defun measure-expect (expected value)
  "Signal an error unless VALUE is EXPECTED."
  (unless (equal expected value)
    (error "The result is %S instead of %S" value expected)))

(provide 'measure)
