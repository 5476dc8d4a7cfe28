;; Emacs's threads, mutexes and condition variables, which are tasks; and shared bytes.

;; A buffer of one place, filled by two and emptied by two.
(let* ((m (make-mutex "place")) (c (make-condition-variable m "changed")) (place nil) (taken nil) (in (lambda (x) (mutex-lock m) (while place (condition-wait c)) (setq place (list x)) (condition-notify c t) (mutex-unlock m))) (out (lambda () (mutex-lock m) (while (null place) (condition-wait c)) (push (car place) taken) (setq place nil) (condition-notify c t) (mutex-unlock m))) (all (mapcar (lambda (k) (make-thread (lambda () (dotimes (i 20) (if (< k 2) (funcall in (+ i (* 100 k))) (funcall out)))) (format "t%d" k))) '(0 1 2 3)))) (mapc #'thread-join all) (list (length taken) (apply #'+ taken) place (mapcar #'thread-name all) (mapcar #'thread-live-p all) (condition-name c) (mutex-name (condition-mutex c))))
;=> (40 2380 nil ("t0" "t1" "t2" "t3") (nil nil nil nil) "changed" "place")
;; Who has it is not disturbed, and has to give it back as often as he took it.
(let* ((m (make-mutex)) (l nil) (k nil)) (mutex-lock m) (mutex-lock m) (setq k (make-thread (lambda () (mutex-lock m) (push 'other l) (mutex-unlock m)))) (thread-yield) (push 'one l) (mutex-unlock m) (thread-yield) (push 'still l) (mutex-unlock m) (thread-join k) l)
;=> (other still one)
;; Names and priorities of tasks and isolates, and what they have on Java's stack.
(progn (define-hash-table-test 'slow-test #'equal (lambda (x) (task-sleep 100) 1)) (let* ((k (task-spawn (lambda () (task-sleep 100)))) (l (task-spawn (lambda () (gethash 1 (make-hash-table :test 'slow-test))))) (i (isolate-spawn (lambda () (isolate-receive))))) (while (not (equal (mapcar #'task-state (list k l)) '(waiting waiting))) (task-yield)) (prog1 (list (task-name k) (task-name (task-current)) (task-foreign-frames k) (> (task-foreign-frames l) 0) (isolate-set-priority i 3) (task-set-priority k 2) (isolate-send i 'went-on) (isolate-join i 10)) (task-cancel k) (task-cancel l))))
;=> (nil nil 0 t 3 2 t went-on)
;; One is woken, or all.
(let* ((m (make-mutex)) (c (make-condition-variable m)) (n 0) (all (mapcar (lambda (_) (make-thread (lambda () (mutex-lock m) (condition-wait c) (setq n (1+ n)) (mutex-unlock m)))) '(1 2 3))) (rest (lambda () (dotimes (_ 20) (thread-yield)) n))) (funcall rest) (mutex-lock m) (condition-notify c) (mutex-unlock m) (list (funcall rest) (progn (mutex-lock m) (condition-notify c t) (mutex-unlock m) (mapc #'thread-join all) n)))
;=> (1 3)
(let* ((me (current-thread)) (k (make-thread (lambda () (while t (thread-yield))))) (there (memq k (all-threads)))) (thread-yield) (thread-signal k 'arith-error '(7)) (list (not (eq me k)) (consp there) (err (thread-join k)) (memq k (all-threads)) (thread-last-error t) (thread-last-error)))
;=> (t t (arith-error 7) nil (arith-error 7) nil)
(let ((b (make-shared-bytes 12))) (list (shared-bytes-p b) (shared-bytes-length b) (shared-bytes-set b 8 7 32) (isolate-join (isolate-spawn (lambda () (list (shared-bytes-length b) (shared-bytes-add b 8 1 32) (shared-bytes-p b))))) (shared-bytes-ref b 8 32)))
;=> (t 12 7 (12 8 t) 8)
;; An error that comes while a thread waits to own the mutex again, because of another error, is heard after that one.
(let* ((m (make-mutex)) (c (make-condition-variable m)) (got nil) (k (make-thread (lambda () (mutex-lock m) (condition-case e (condition-wait c) (error (push e got))) (condition-case e (dotimes (_ 1000) (thread-yield)) (error (push e got))))))) (dotimes (_ 20) (thread-yield)) (mutex-lock m) (thread-signal k 'error '("one")) (dotimes (_ 20) (thread-yield)) (thread-signal k 'error '("two")) (dotimes (_ 20) (thread-yield)) (mutex-unlock m) (thread-join k) (nreverse got))
;=> ((error "one") (error "two"))
;; A mutex that is dropped, of which somebody waited in vain, is kept by nothing: these would take 80 MB.
(let* ((before (progn (vm-stats t) (plist-get (vm-stats t) :heap-used)))) (dotimes (_ 4000) (let* ((m (make-mutex (make-string 20000 ?x))) (k (progn (mutex-lock m) (make-thread (lambda () (condition-case nil (mutex-lock m) (error nil))))))) (while (not (eq (thread--blocker k) m)) (thread-yield)) (thread-signal k 'error nil) (thread-join k))) (let ((more (- (plist-get (vm-stats t) :heap-used) before))) (or (< more 30000000) more)))
;=> t
