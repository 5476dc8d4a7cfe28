;; Owners that loop, wait, forbid preemption, roll back, update, look back or die: readers get on.

(progn (setq me (isolate-current)) (defalias 'try (lambda (body) (let* ((i (isolate-spawn (lambda () (let ((l (list 1 (list 2)))) (isolate-send me (share l)) (funcall body l))))) (p (isolate-receive 30)) (reads (let (r) (dotimes (k 50 r) (setq r (list (car p) (length p) (car (nth 1 p))))))) (write (progn (proxy-unlock p) (err (let ((proxy-timeout 0.3)) (setcar p 5)))))) (isolate-kill i) (err (isolate-join i 30)) (list reads write (car (err (car p))))))) 'ok)
;=> ok
(try (lambda (l) (isolate-receive)))
;=> ((1 2 2) 5 isolate-dead)
(try (lambda (l) (while t)))
;=> ((1 2 2) 5 isolate-dead)
(try (lambda (l) (without-preemption (while t))))
;=> ((1 2 2) (operation-timeout setcar) isolate-dead)
(try (lambda (l) (with-rollback (while t))))
;=> ((1 2 2) (operation-timeout setcar) isolate-dead)
;; A wait with frames of Java below, and a task that waits beside one that loops
(try (lambda (l) (sort (list 1 2) (lambda (a b) (task-sleep 100)))))
;=> ((1 2 2) 5 isolate-dead)
(try (lambda (l) (task-spawn (lambda () (while t))) (task-sleep 100)))
;=> ((1 2 2) 5 isolate-dead)
(try (lambda (l) (isolate-set-scheduling 'exclusive) (while t)))
;=> ((1 2 2) (operation-timeout setcar) isolate-dead)
;; In the middle of an update readers see how it was before.
(try (lambda (l) (proxy-update (share l) (lambda (l) (setcar l 'half) (setcar (nth 1 l) 'half) (while t)))))
;=> ((1 2 2) (operation-timeout setcar) isolate-dead)
(try (lambda (l) (proxy-update (share l) (lambda (l) (setcar l 'whole))) (setcar l (if (eq (car l) 'whole) 1 0)) (while t)))
;=> ((1 2 2) 5 isolate-dead)
(try (lambda (l) (condition-case nil (proxy-update (share l) (lambda (l) (error "x"))) (error nil)) (while t)))
;=> ((1 2 2) 5 isolate-dead)
;; Two that look into each other all the time
(let* ((mine (share (list 'mine))) (i (isolate-spawn (lambda () (let ((l (list 'yours))) (isolate-send me (share l)) (while t (or (eq (car mine) 'mine) (error "Torn"))))))) (p (isolate-receive 30)) (ok t)) (dotimes (k 3000) (or (eq (car p) 'yours) (setq ok nil))) (isolate-kill i) (list ok (car (err (isolate-join i 30)))))
;=> (t isolate-killed)
;; Three in a ring, under without-preemption
(let* ((ch (make-channel t)) (ring (mapcar (lambda (k) (isolate-spawn (lambda () (let ((l (list k))) (isolate-send me (share l)) (let ((next (isolate-receive 30)) (n 0)) (without-preemption (while (< n 2000) (setq n (+ n (if (integerp (car next)) 1 0))))) (channel-send ch n) (isolate-receive)))))) '(0 1 2))) (ps (sort (list (isolate-receive 30) (isolate-receive 30) (isolate-receive 30)) (lambda (a b) (< (car a) (car b)))))) (isolate-send (nth 0 ring) (nth 1 ps)) (isolate-send (nth 1 ring) (nth 2 ps)) (isolate-send (nth 2 ring) (nth 0 ps)) (prog1 (list (channel-recv ch 60) (channel-recv ch 60) (channel-recv ch 60)) (mapc #'isolate-kill ring)))
;=> (2000 2000 2000)
;; A reader that is cancelled, or killed, while its owner does not answer; the owner ends meanwhile.
(let* ((i (isolate-spawn (lambda () (let ((l (list 1))) (isolate-send me (share l)) (task-sleep 0.2))))) (p (isolate-receive 30)) (r (task-spawn (lambda () (while t (car p)))))) (list (car (err (task-join r 30))) (isolate-join i 30)))
;=> (isolate-dead nil)
(let* ((i (isolate-spawn (lambda () (isolate-send me (share (list 1))) (while t)))) (p (isolate-receive 30)) (r (task-spawn (lambda () (while t (car p))))) (s (isolate-spawn (lambda () (while t (car p)))))) (task-sleep 0.05) (task-cancel r) (isolate-kill s) (prog1 (list (err (task-join r 30)) (car (err (isolate-join s 30))) (car p)) (isolate-kill i)))
;=> ((task-cancelled) isolate-killed 1)
