;;; pcase.el --- an interpreter of arithmetic terms written with pcase  -*- lexical-binding: t -*-

(defun bench-eval (term env)
  (pcase term
    ((pred integerp) term)
    ((pred symbolp) (cdr (assq term env)))
    (`(add ,a ,b) (+ (bench-eval a env) (bench-eval b env)))
    (`(mul ,a ,b) (logand (* (bench-eval a env) (bench-eval b env)) #xffffff))
    (`(let ,v ,a ,b) (bench-eval b (cons (cons v (bench-eval a env)) env)))
    (`(if ,c ,a ,b) (if (= 0 (bench-eval c env)) (bench-eval b env) (bench-eval a env)))))

(defun bench-run ()
  (let ((check 0)
        (term '(let y (add x 3) (if x (mul (add y 2) (let z (mul y y) (add z (add z 1)))) (add x y)))))
    (dotimes (i 200000)
      (setq check (logxor check (bench-eval term (list (cons 'x i))))))
    check))
