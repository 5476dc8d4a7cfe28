;;; sieve.el --- vectors: the sieve of Eratosthenes  -*- lexical-binding: t -*-

(defun bench-sieve (limit)
  (let ((flags (make-vector (1+ limit) t)) (count 0) (i 2))
    (while (<= i limit)
      (when (aref flags i)
        (setq count (1+ count))
        (let ((j (* i i)))
          (while (<= j limit)
            (aset flags j nil)
            (setq j (+ j i)))))
      (setq i (1+ i)))
    count))

(defun bench-run ()
  (list (bench-sieve 2000000) (bench-sieve 1000003)))
