;; Enclosed isolates: what they write, how they end, what they leave. Each form starts its own.
(progn
  (defun start (f &rest args) (apply 'elver--enclosed-spawn nil f args))
  (defun ended (i) (elver--enclosed-wait (list i) 20) (elver--enclosed-end i))
  (defun texts (i)
    (list (elver--enclosed-text i 0 nil) (elver--enclosed-text i 0 t)
          (elver--enclosed-text i 1 nil) (elver--enclosed-text i 1 t)))
  'ready)
;=> ready
(ended (start (lambda (x) (elver--enclosed-report (list x "two"))) 1))
;=> (done 1 "two")
(ended (start (lambda () 'not-reported)))
;=> (done)
(car (ended (start (lambda () (car 1)))))
;=> failed
(ended (start (lambda () (kill-emacs 7))))
;=> (exited . 7)
(let ((i (start (lambda () (while t)))))
  (elver--enclosed-kill i)
  (ended i))
;=> (killed . killed)
(let ((i (elver--enclosed-spawn 1000000 (lambda () (let (l) (while t (setq l (cons (make-vector 100 0) l))))))))
  (ended i))
;=> (killed . memory)
;; Both streams, in two parts.
(let ((i (start (lambda ()
                  (princ "out") (message "err %d" 1)
                  (elver--enclosed-turn)
                  (princ 2) (terpri) (princ "é" 'external-debugging-output)))))
  (ended i)
  (equal (texts i) '("out" "err 1\n" "2\n" "é")))
;=> t
;; Where the line begins is its own too.
(progn
  (princ "x")
  (let ((i (start (lambda () (elver--enclosed-report (terpri nil t)) (elver--enclosed-report (terpri nil t))))))
    (ended i)))
;=> (done)
;; What its isolates write is in its transcript, whether they are forks or forks of forks.
(let ((i (start (lambda ()
                  (isolate-join
                   (isolate-spawn (lambda ()
                                    (princ "child ")
                                    (isolate-join (isolate-spawn (lambda () (princ "grandchild")))))))))))
  (ended i)
  (car (texts i)))
;=> "child grandchild"
;; It finds no input.
(ended (start (lambda () (elver--enclosed-report (car (condition-case e (read-string "?") (error e)))))))
;=> (done . end-of-file)
;; A long transcript loses its middle.
(let ((i (start (lambda () (princ "begin") (dotimes (_ 300) (princ (make-string 10000 ?x))) (princ "end")))))
  (ended i)
  (let* ((s (elver--enclosed-text i 0 nil)) (n (length s)))
    (list (< n 1100000) (> n 900000) (substring s 0 6) (substring s -4)
          (string-match "bytes of output left out" (elver--enclosed-text i 0 t)))))
;=> (t t "beginx" "xend" 10)
;; A condition can be signaled in it, wherever it is.
(let ((i (start (lambda ()
                  (elver--enclosed-report
                   (condition-case e (progn (elver--enclosed-report 'waits) (channel-recv (make-channel)))
                     (error e)))))))
  (while (not (eq (plist-get (isolate-stats i) :state) 'waiting)) (task-yield))
  (elver--enclosed-signal i 'arith-error 1 "two")
  (ended i))
;=> (done arith-error 1 "two")
;; Waiting for the first of several, and not for ever.
(let ((fast (start (lambda () 1))) (slow (start (lambda () (while t)))))
  (prog1 (list (equal (elver--enclosed-wait (list slow fast)) (list fast))
               (elver--enclosed-wait (list slow) 0.02)
               (elver--enclosed-wait nil))
    (elver--enclosed-kill slow)))
;=> (t nil nil)
;; What it has started ends with it.
(let ((i (start (lambda () (isolate-spawn-with '(:name "left over") (lambda () (while t)))))))
  (ended i)
  (let ((n 0))
    (while (and (< n 500)
                (let (found) (dolist (x (isolate-list) found) (if (equal (isolate-name x) "left over") (setq found t)))))
      (task-sleep 0.01)
      (setq n (1+ n)))
    (< n 500)))
;=> t
;; Its temporary files too, with what is in directories.
(let* ((names nil)
       (i (start (lambda ()
                   (let ((f (make-temp-file-internal "/tmp/elver-enclosure" nil "" nil))
                         (d (make-temp-file-internal "/tmp/elver-enclosure" t "" nil)))
                     (write-region "x" nil (concat d "/x") nil 'silent)
                     (elver--enclosed-report (list f d (file-exists-p f) (file-exists-p (concat d "/x")))))))))
  (setq names (cdr (ended i)))
  (list (nth 2 names) (nth 3 names) (file-exists-p (nth 0 names)) (file-exists-p (nth 1 names))))
;=> (t t nil nil)
;; What cannot pass is said in the isolate.
(ended (start (lambda () (elver--enclosed-report (condition-case e (elver--enclosed-report (list (current-buffer))) (error (car e)))))))
;=> (done . not-transferable)
;; Wrong arguments.
(list (err (elver--enclosed-report 1)) (err (elver--enclosed-turn)) (err (elver--enclosed-end (isolate-spawn 'ignore)))
      (err (elver--enclosed-spawn -1 'ignore)) (err (elver--enclosed-wait '(1))))
;=> ((error "The current isolate is not enclosed") (error "The current isolate is not enclosed") (error "This isolate is not enclosed") (wrong-type-argument wholenump -1) (wrong-type-argument isolatep 1))
(let ((i (start (lambda () (while t)))))
  (prog1 (list (err (elver--enclosed-end i)) (err (elver--enclosed-text i 2 nil)) (err (elver--enclosed-signal i 'error '(1))))
    (elver--enclosed-kill i)))
;=> ((error "The isolate has not ended") (args-out-of-range 2 0 1) (wrong-type-argument atom (1)))
