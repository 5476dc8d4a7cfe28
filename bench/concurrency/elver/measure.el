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

(defun measure-cpu ()
  "The nanoseconds of all cores that this process has had."
  (car (time-convert (get-internal-run-time) 1000000000)))

(defun measure-warm-up (round)
  "Call ROUND until the process has had the CPU time of a warm-up, twice at least."
  (let ((end (+ (measure-cpu) (* 1000000000 (measure-setting "BENCH_WARMUP" 4)))))
    (funcall round)
    (funcall round)
    (while (< (measure-cpu) end)
      (funcall round))))

(defun measure-nanoseconds (operations round)
  "The median time of an operation, where a call of ROUND does OPERATIONS of them.
The value is a list of that and the mean CPU time."
  ;; Twice: what the measuring itself is first to do would have Java compile the machine again.
  (measure-rounds operations round)
  (measure-rounds operations round))

(defun measure-rounds (operations round)
  (measure-warm-up round)
  (let ((rounds (measure-setting "BENCH_ROUNDS" 7)) (cpu (measure-cpu)) times)
    (dotimes (_ rounds)
      (let ((begin (measure-clock)))
        (funcall round)
        (push (/ (- (measure-clock) begin) (float operations)) times)))
    (list (measure-quantile times 0.5)
          (/ (- (measure-cpu) cpu) (float (* rounds operations))))))

(defun measure-in-task (operations round)
  "Like `measure-nanoseconds', in a task of its own, which has nothing of the load below it."
  (task-join (task-spawn #'measure-nanoseconds operations round)))

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
  "Print FIGURES, a property list of keywords and numbers or values of `measure-nanoseconds'."
  (princ "@@")
  (while figures
    (let* ((key (substring (symbol-name (pop figures)) 1)) (value (pop figures))
           (cpu (and (consp value) (nth 1 value))))
      (when cpu (setq value (car value)))
      (princ (format (if (floatp value) " %s=%.3f" " %s=%s") key value))
      (when cpu (princ (format " %s-cpu=%.3f" key cpu)))))
  (terpri))

(defun measure-expect (expected value)
  "Signal an error unless VALUE is EXPECTED."
  (unless (equal expected value)
    (error "The result is %S instead of %S" value expected)))

(provide 'measure)
