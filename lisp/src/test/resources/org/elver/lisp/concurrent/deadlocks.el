;; When all wait and nothing can wake one, main is told who waits for what.

(let* ((c (make-channel)) (e (err (channel-recv c)))) (list (car e) (length (cdr e)) (eq (nth 0 (nth 1 e)) (isolate-current)) (eq (nth 1 (nth 1 e)) (task-current)) (nth 2 (nth 1 e)) (eq (nth 3 (nth 1 e)) c)))
;=> (deadlock-error 1 t t channel-recv t)
(mapcar (lambda (w) (nth 2 w)) (cdr (err (channel-send (make-channel) 1))))
;=> (channel-send)
(mapcar (lambda (w) (nth 2 w)) (cdr (err (isolate-receive))))
;=> (isolate-receive)
(mapcar (lambda (w) (list (nth 2 w) (length (nth 3 w)))) (cdr (err (let ((a (make-channel)) (b (make-channel))) (channel-select (recv a x) (send b 1))))))
;=> ((channel-select 2))
(let* ((c (make-channel)) (i (isolate-spawn (lambda () (channel-recv c)))) (e (err (isolate-join i)))) (prog1 (list (car e) (mapcar (lambda (w) (nth 2 w)) (cdr e)) (eq i (nth 3 (nth 1 e)))) (isolate-kill i)))
;=> (deadlock-error (isolate-join channel-recv) t)
(let* ((c (make-channel)) (k (task-spawn (lambda () (channel-recv c)))) (e (err (task-join k)))) (prog1 (mapcar (lambda (w) (nth 2 w)) (cdr e)) (task-cancel k)))
;=> (task-join channel-recv)
;; One that has been told goes on; its wait is withdrawn.
(let ((c (make-channel))) (list (car (err (channel-recv c))) (channel-try-send c 1) (car (err (channel-recv c))) (err (channel-recv c 0.01))))
;=> (deadlock-error nil deadlock-error (operation-timeout channel-recv))
;; Not while a timer may wake somebody.
(let ((c (make-channel))) (task-spawn (lambda () (task-sleep 0.3) (channel-send c 'slept))) (channel-recv c))
;=> slept
(let* ((c (make-channel)) (i (isolate-spawn (lambda () (task-sleep 0.3) (channel-send c 'slept))))) (prog1 (channel-recv c) (isolate-join i)))
;=> slept
;; Nor while somebody computes.
(let* ((c (make-channel)) (i (isolate-spawn (lambda () (let ((n 0)) (while (< n 3000000) (setq n (1+ n))) (channel-send c n)))))) (prog1 (channel-recv c) (isolate-join i)))
;=> 3000000
;; A timer of an isolate that has been killed does not hide it.
(let ((i (isolate-spawn (lambda () (task-sleep 1000))))) (task-sleep 0.05) (isolate-kill i) (car (err (isolate-receive))))
;=> deadlock-error
(unwind-protect (car (err (isolate-receive))) (setq unwound t))
;=> deadlock-error
