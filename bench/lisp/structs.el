;;; structs.el --- cl-defstruct: made, read, written, dispatched on  -*- lexical-binding: t -*-

(require 'cl-lib)

(cl-defstruct bench-point x y)
(cl-defstruct (bench-circle (:include bench-point)) radius)

(cl-defgeneric bench-area (shape))
(cl-defmethod bench-area ((_ bench-point)) 0)
(cl-defmethod bench-area ((c bench-circle)) (* 3 (bench-circle-radius c) (bench-circle-radius c)))

(defun bench-run ()
  (let ((check 0))
    (dotimes (i 450000)
      (let ((p (make-bench-point :x i :y 2)))
        (setf (bench-point-x p) (+ (bench-point-y p) 1))
        (cl-incf (bench-point-y p) 3)
        (setq check (+ check (bench-point-x p) (bench-point-y p)))))
    (let ((shapes (list (make-bench-point :x 1 :y 1) (make-bench-circle :x 0 :y 0 :radius 4))))
      (dotimes (_ 350000)
        (dolist (s shapes) (setq check (+ check (bench-area s))))))
    check))
