;;; heap.el --- macros over the primitives of the versioned heap  -*- lexical-binding: t -*-

;; Loaded into every VM before any library, so it can use special forms and primitives only, and
;; what its macros expand to as well.

(defalias 'without-preemption
  (cons 'macro
        #'(lambda (&rest body)
            "Evaluate BODY while no other task of this isolate runs, and return its value.
Waiting inside it signals `wait-forbidden'.

\(fn BODY...)"
            (list 'elver--without-preemption
                  (list 'function (list 'lambda nil (cons 'progn body)))))))

(put 'without-preemption 'lisp-indent-function 0)

(defalias 'with-rollback
  (cons 'macro
        #'(lambda (&rest body)
            "Evaluate BODY and return its value; undo all that it changed unless it returns.
When BODY exits by a signal or a throw, variables, functions, objects and buffers of this isolate
are as they were before, and the exit goes on.  No other task of the isolate runs meanwhile, and
waiting signals `wait-forbidden'.

\(fn BODY...)"
            (list 'elver--with-rollback
                  (list 'function (list 'lambda nil (cons 'progn body)))))))

(put 'with-rollback 'lisp-indent-function 0)

(defalias 'parallel-let
  (cons 'macro
        #'(lambda (bindings &rest body)
            "Bind variables as `let' does, to values computed in parallel; evaluate BODY.
Each element of BINDINGS is (VAR FORM), or VAR for nil.  Each FORM runs in a fork, and its side
effects stay there.

\(fn BINDINGS BODY...)"
            (let ((values (make-symbol "values")) (n 0) forms places)
              (while bindings
                (let ((binding (car bindings)))
                  (if (and (consp binding) (consp (cdr binding)))
                      (setq forms (if (cdr (cdr binding))
                                      (signal 'error
                                              (list "`let' bindings can have only one value-form"
                                                    binding))
                                    (cons (list 'function
                                                (list 'lambda nil (list 'progn (car (cdr binding)))))
                                          forms))
                            places (cons (list (car binding) (list 'nth n values)) places)
                            n (1+ n))
                    (setq places (cons (if (consp binding) (car binding) binding) places))))
                (setq bindings (cdr bindings)))
              (list 'let
                    (list (list values
                                (list 'parallel-mapcar ''funcall (cons 'list (nreverse forms)) 1)))
                    (cons 'let (cons (nreverse places) body)))))))

(put 'parallel-let 'lisp-indent-function 1)
