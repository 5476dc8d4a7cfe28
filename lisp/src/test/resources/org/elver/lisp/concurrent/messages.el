;; Mailboxes, messages that run, monitors, promises, pools, frozen objects.

(progn (defalias 'try #'identity) (setq me (isolate-current)) (err (isolate-receive 0.01)))
;=> (operation-timeout isolate-receive)
(progn (isolate-send me 1) (isolate-send me '(2)) (list (isolate-receive) (isolate-receive 1)))
;=> (1 (2))
(let ((i (isolate-spawn (lambda () (isolate-send me (list 'got (isolate-receive))) 'over)))) (list (isolate-send i "x") (isolate-receive 10) (isolate-join i) (car (err (isolate-send i 1)))))
;=> (t (got "x") over isolate-dead)
(let ((i (isolate-spawn (lambda () (dotimes (k 500) (isolate-send me k)))))) (let ((n 0)) (dotimes (k 500) (if (= k (isolate-receive 10)) (setq n (1+ n)))) (isolate-join i) n))
;=> 500
(list (err (isolate-send 1 2)) (err (isolate-receive 'x)) (err (isolate-monitor nil)) (err (isolate-post 1 'list)) (err (isolate-call 1 'list)))
;=> ((wrong-type-argument isolatep 1) (wrong-type-argument numberp x) (wrong-type-argument isolatep nil) (wrong-type-argument isolatep 1) (wrong-type-argument isolatep 1))
(let ((e (err (isolate-send me (list 1 (vector 2 (current-buffer))))))) (list (car e) (bufferp (nth 1 e)) (nth 2 e) (err (isolate-receive 0))))
;=> (not-transferable t ("second" "first" "[1]") (operation-timeout isolate-receive))

;; Messages that run.
(progn (setq w (isolate-spawn (lambda () (setq it 3) (isolate-receive)))) (list (isolate-call w '+ 1 2) (isolate-call w (lambda () it)) (isolate-call w (lambda (x) (setq it x)) 4) (isolate-call w (lambda () it)) (boundp 'it)))
;=> (3 3 4 4 nil)
(list (err (isolate-call w (lambda () (error "Boo %d" 3)))) (err (isolate-call w 'car 1)) (err (isolate-call w 'no-such-function)) (err (isolate-call w 3)))
;=> ((error "Boo 3") (wrong-type-argument listp 1) (void-function no-such-function) (invalid-function 3))
(list (car (err (isolate-call w 'current-buffer))) (car (err (isolate-call w 'list (task-current)))) (isolate-call w 'bufferp 1))
;=> (not-transferable not-transferable nil)
(isolate-call (isolate-current) (lambda (x) (list x)) 1)
;=> (1)
(car (err (without-preemption (isolate-call w 'list))))
;=> wait-forbidden
;; The promise of a message
(let* ((p (isolate-post w (lambda (x) (task-sleep 0.02) x) (list 1))) (early (promise-done-p p))) (list (promisep p) (promisep 1) early (promise-await p) (promise-await p 0) (eq (promise-await p) (promise-await p)) (promise-done-p p)))
;=> (t nil nil (1) (1) nil t)
(err (promise-await (isolate-post w 'task-sleep 100) 0.01))
;=> (operation-timeout promise-await)
(list (err (promise-await 1)) (err (promise-done-p nil)) (err (promise-then 1 'list)) (car (err (promise-await (isolate-post w 'list) 'x))))
;=> ((wrong-type-argument promisep 1) (wrong-type-argument promisep nil) (wrong-type-argument promisep 1) wrong-type-argument)
(let ((p (isolate-post w '+ 1 2))) (list (promise-await (promise-then p (lambda (x) (list x (eq me (isolate-current)))))) (promise-await (promise-then p '1+))))
;=> ((3 t) 4)
(list (err (promise-await (promise-then (isolate-post w 'car 1) 'list))) (err (promise-await (promise-then (isolate-post w 'list 1) (lambda (x) (error "Then"))))))
;=> ((wrong-type-argument listp 1) (error "Then"))
;; Another isolate awaits it, and two tasks at once.
(let* ((p (isolate-post w (lambda () (task-sleep 0.02) (list 'v)))) (i (isolate-spawn (lambda () (promise-await p)))) (k (task-spawn (lambda () (promise-await p))))) (list (isolate-join i) (task-join k) (promise-await p)))
;=> ((v) (v) (v))
;; The end of who owes it.
(let ((p (isolate-post w 'task-sleep 100)) (q (isolate-post w (lambda () (task-sleep 100))))) (isolate-monitor w) (isolate-send w 'bye) (let ((m (isolate-receive 10))) (list (car m) (eq (nth 1 m) w) (nth 2 m) (car (err (promise-await p))) (car (err (promise-await (promise-then q 'list)))) (car (err (isolate-call w 'list))) (promise-done-p (isolate-post w 'list)) (isolate-join w))))
;=> (isolate-down t done isolate-dead isolate-dead isolate-dead t bye)
(let* ((i (isolate-spawn (lambda () (task-sleep 100)))) (p (isolate-post i 'task-sleep 50))) (isolate-kill i) (car (err (promise-await p 10))))
;=> isolate-dead

;; Monitors.
(let ((i (isolate-spawn (lambda () (isolate-receive) (error "Oops %d" 1))))) (isolate-monitor i) (isolate-send i 1) (nth 2 (isolate-receive 10)))
;=> (error "Oops 1")
(let ((i (isolate-spawn (lambda () (isolate-receive))))) (isolate-monitor i) (isolate-kill i) (let ((s (nth 2 (isolate-receive 10)))) (list (car s) (nth 2 s))))
;=> (isolate-killed killed)
(let ((i (isolate-spawn 'list))) (isolate-join i) (list (isolate-monitor i) (nth 2 (isolate-receive 10))))
;=> (t done)
(err (isolate-monitor me))
;=> (error "An isolate cannot monitor itself")

;; Frozen objects.
(let ((f (freeze (list "a" (vector 1) (make-hash-table))))) (list (car (err (setcar f 1))) (car (err (aset (car f) 0 ?b))) (car (err (aset (nth 1 f) 0 2))) (car (err (puthash 1 2 (nth 2 f)))) f (eq (car f) (car (freeze f))) (eq f (isolate-join (isolate-spawn (lambda () f))))))
;=> (frozen-object frozen-object frozen-object frozen-object ("a" [1] #s(hash-table size 65 test eql rehash-size 1.5 rehash-threshold 0.8125 data ())) t t)
(list (eq (freeze (list "a" 1)) (freeze (list "a" 1))) (eq (freeze (list "a" 1) :intern t) (freeze (list "a" 1) :intern t)) (eq (freeze "a" :intern t) (car (freeze (list "a" 2) :intern t))))
;=> (nil t t)
(list (freeze 1) (freeze 'a) (freeze nil) (err (freeze 1 :intern)) (car (err (freeze 1 :foo t))) (car (err (freeze (list (current-buffer))))))
;=> (1 a nil (error "Missing argument for the last keyword of freeze") error not-transferable)
(let ((x (list 1 2))) (freeze x) (setcar x 3) x)
;=> (3 2)
(let* ((c (make-channel 1)) (f (freeze (list 1)))) (channel-send c (list f f)) (let ((v (channel-recv c))) (list (eq (car v) f) (eq (nth 1 v) f))))
;=> (t t)

;; Pools.
(progn (setq seen 0) (setq pool (make-isolate-pool 2)) (list (isolate-pool-p pool) (isolate-pool-p 1) (mapcar #'promise-await (mapcar (lambda (k) (pool-submit pool (lambda (x) (setq seen (1+ seen)) (list x seen)) k)) '(1 2 3 4 5))) seen))
;=> (t nil ((1 1) (2 1) (3 1) (4 1) (5 1)) 0)
(list (err (promise-await (pool-submit pool 'error "No"))) (promise-await (pool-submit pool (lambda () (task-join (task-spawn (lambda () 'task)))))) (car (err (pool-submit pool 'list (current-buffer)))))
;=> ((error "No") task not-transferable)
(let ((ps (mapcar (lambda (k) (pool-submit pool '* k k)) '(1 2 3 4 5 6 7 8)))) (list (pool-close pool) (pool-close pool) (mapcar #'promise-await ps) (err (pool-submit pool 'list))))
;=> (t nil (1 4 9 16 25 36 49 64) (error "The pool is closed"))
(list (err (make-isolate-pool 0)) (err (make-isolate-pool 'x)) (err (pool-submit 1 'list)) (err (pool-close nil)))
;=> ((args-out-of-range 0 1 100000) (wrong-type-argument integerp x) (wrong-type-argument isolate-pool-p 1) (wrong-type-argument isolate-pool-p nil))
