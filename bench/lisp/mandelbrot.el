;;; mandelbrot.el --- floats in local variables  -*- lexical-binding: t -*-

(defun bench-run ()
  (let ((inside 0) (size 180))
    (dotimes (py size)
      (dotimes (px size)
        (let* ((cr (- (/ (* 3.0 px) size) 2.25))
               (ci (- (/ (* 2.5 py) size) 1.25))
               (zr 0.0) (zi 0.0) (n 0))
          (while (and (< n 80) (< (+ (* zr zr) (* zi zi)) 4.0))
            (let ((new (+ (- (* zr zr) (* zi zi)) cr)))
              (setq zi (+ (* 2.0 zr zi) ci)
                    zr new
                    n (1+ n))))
          (when (= n 80) (setq inside (1+ inside))))))
    inside))
