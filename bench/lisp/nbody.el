;;; nbody.el --- floats in vectors: planets that attract each other  -*- lexical-binding: t -*-

(defun bench-bodies ()
  "Sun, Jupiter, Saturn, Uranus, Neptune as [X Y Z VX VY VZ MASS]."
  (list (vector 0.0 0.0 0.0 0.0 0.0 0.0 39.47841760435743)
        (vector 4.84143144246472 -1.16032004402743 -0.10362204447113
                0.60632639299583 2.81198684491626 -0.02521836165989 0.03769367487039)
        (vector 8.34336671824458 4.12479856412431 -0.40352341711432
                -1.01077434617879 1.82566237123041 0.00841576137658 0.01128632613197)
        (vector 12.8943695621391 -15.1111514016986 -0.22330757889266
                1.08279100644154 0.86871301816961 -0.01083263740136 0.00172372405705)
        (vector 15.3796971148509 -25.9193146099879 0.17925877295037
                0.97909073224390 0.59469899864767 -0.03475595555081 0.00203368686993)))

(defun bench-advance (bodies dt)
  (let ((rest bodies))
    (while rest
      (let ((a (car rest)))
        (dolist (b (cdr rest))
          (let* ((dx (- (aref a 0) (aref b 0)))
                 (dy (- (aref a 1) (aref b 1)))
                 (dz (- (aref a 2) (aref b 2)))
                 (d2 (+ (* dx dx) (* dy dy) (* dz dz)))
                 (mag (/ dt (* d2 (sqrt d2))))
                 (ma (* mag (aref a 6)))
                 (mb (* mag (aref b 6))))
            (aset a 3 (- (aref a 3) (* dx mb)))
            (aset a 4 (- (aref a 4) (* dy mb)))
            (aset a 5 (- (aref a 5) (* dz mb)))
            (aset b 3 (+ (aref b 3) (* dx ma)))
            (aset b 4 (+ (aref b 4) (* dy ma)))
            (aset b 5 (+ (aref b 5) (* dz ma)))))
        (aset a 0 (+ (aref a 0) (* dt (aref a 3))))
        (aset a 1 (+ (aref a 1) (* dt (aref a 4))))
        (aset a 2 (+ (aref a 2) (* dt (aref a 5)))))
      (setq rest (cdr rest)))))

(defun bench-run ()
  (let ((bodies (bench-bodies)))
    (dotimes (_ 20000) (bench-advance bodies 0.01))
    (mapcar (lambda (b) (format "%.9f" (aref b 0))) bodies)))
