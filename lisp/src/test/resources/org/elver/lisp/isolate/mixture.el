;;; mixture.el --- everything at once, each thing with a known outcome  -*- lexical-binding: t -*-

;; A scenario is a function of a source of random numbers that does something with tasks, isolates and
;; channels whose outcome is known, and signals `mixture-wrong' when that does not come.  Several
;; workers run random scenarios in random places at once.  Every now and then all pause: then there
;; must be as many tasks and isolates as at the beginning, and no more memory in use than before.
;;
;; Runs in bare mode too.

(define-error 'mixture-wrong "Wrong outcome")
(put 'mixture-stop 'error-conditions '(mixture-stop)) ; No scenario handles it.
(put 'mixture-stop 'error-message "Stopped")

(defvar mixture-limit 100 "So many seconds a wait may last; nothing here takes that long.")
(defvar mixture-result nil "What to report.")
(defvar mixture-beat nil "Shared bytes: how many scenarios have been done, for a watchdog.")
(defvar mixture-problems nil "What went wrong, newest first.")
(defvar mixture-counts nil "How often each scenario was run: an alist.")
(defvar mixture-table nil "For scenarios: a hash table that forks change.")
(defvar mixture-vector nil "For scenarios: a vector that forks change.")
(defvar mixture-number 0 "For scenarios: a number that forks change.")

;;; Random numbers: a list of the state and how deep scenarios may contain others.

(defun mixture-source (seed depth)
  "A source of random numbers from SEED, for scenarios DEPTH deep."
  (let ((source (list (1+ (% (abs seed) 2147483645)) depth)))
    (dotimes (_ 5) (mixture-random source 2))
    source))

(defun mixture-random (source n)
  "The next number below N from SOURCE."
  (% (/ (setcar source (% (* (car source) 48271) 2147483647)) 7) n))

(defun mixture-pick (source list) (nth (mixture-random source (length list)) list))

(defun mixture-derived (source)
  "Another source, for who runs at the same time."
  (mixture-source (mixture-random source 1000000) (nth 1 source)))

(defun mixture-check (what expected got)
  "Signal `mixture-wrong' unless EXPECTED is `equal' to GOT."
  (unless (equal expected got)
    (signal 'mixture-wrong (list what 'expected expected 'got got))))

(defmacro mixture-error (&rest body)
  "The error object that BODY ends with, or (value VALUE)."
  `(condition-case e (list 'value (progn ,@body)) ((error task-cancelled) e)))

;;; Starting things

(defun mixture-spawn (source function &rest args)
  "Spawn an isolate with random options that make no difference."
  (apply #'isolate-spawn-with
         (append '(:on-error ignore)
                 (pcase (mixture-random source 12)
                   (0 '(:carrier own)) (1 '(:nice 3)) (2 '(:nice -2)) (3 '(:name "mixture"))
                   (4 (list :timeout (* 2 mixture-limit))) (5 '(:memory 1000000000))))
         function args))

(defun mixture-start (source local function &rest args)
  "Start FUNCTION as a task, or unless LOCAL perhaps as an isolate; return what joins it."
  (if (or local (= 0 (mixture-random source 2)))
      (let ((task (apply #'task-spawn function args)))
        (lambda () (task-join task mixture-limit)))
    (let ((isolate (apply #'mixture-spawn source function args)))
      (lambda () (isolate-join isolate mixture-limit)))))

(defun mixture-pause (source)
  "Let some time pass, one way or another."
  (pcase (mixture-random source 8)
    (0 (task-yield))
    (1 (task-sleep (* 0.0001 (mixture-random source 30))))
    (2 (let ((i 0) (n (mixture-random source 3000))) (while (< i n) (setq i (1+ i)))))
    (3 (sleep-for 0.001))))

(defun mixture-sum (n) "0 + 1 + ... + N-1." (/ (* n (1- n)) 2))

(defun mixture-total (lists)
  "The sums, place by place, of LISTS of numbers."
  (let ((total (copy-sequence (car lists))))
    (dolist (l (cdr lists))
      (let ((at total))
        (while at (setcar at (+ (car at) (car l))) (setq at (cdr at) l (cdr l)))))
    total))

;;; Channels

(defun mixture-receiver (source c)
  "Receive until C is closed; return how many, their sum, how many came too early."
  (let ((n 0) (sum 0) (wrong 0) (last (make-vector 10 -1)) (going t))
    (let ((take (lambda (v)
                  (setq n (1+ n) sum (+ sum v))
                  (let ((from (/ v 100000)))
                    (if (< v (aref last from)) (setq wrong (1+ wrong)))
                    (aset last from v)))))
      (pcase (mixture-random source 4)
        (0 (do-channel (v c) (funcall take v)))
        (1 (while going
             (condition-case nil (funcall take (channel-recv c mixture-limit))
               (channel-closed (setq going nil)))))
        (2 (while going
             (condition-case nil (funcall take (channel-recv c 0.001))
               (channel-closed (setq going nil))
               (operation-timeout nil))))
        (_ (let ((never (make-channel)))
             (while going
               (condition-case nil
                   (channel-select (recv c v (funcall take v))
                                   (recv never v (setq wrong (+ wrong 1000)))
                                   (after 0.002 nil))
                 (channel-closed (setq going nil))))))))
    (list n sum wrong)))

(defun mixture-sender (source c from each)
  "Send EACH numbers that say FROM to C."
  (dotimes (i each)
    (let ((v (+ (* 100000 from) i)))
      (pcase (mixture-random source 5)
        (0 (unless (channel-try-send c v) (channel-send c v)))
        (1 (channel-select (send c v nil)))
        (2 (let ((waiting t))
             (while waiting
               (condition-case nil (progn (channel-send c v 0.001) (setq waiting nil))
                 (operation-timeout nil)))))
        (_ (channel-send c v mixture-limit))))
    (if (= 0 (mixture-random source 20)) (mixture-pause source)))
  each)

(defun mixture-channels (source)
  "Several send through one channel, several receive: all comes, once, each sender's in order."
  (let* ((local (= 0 (mixture-random source 4)))
         (capacity (mixture-pick source '(nil 0 1 2 7 t)))
         (c (if local (make-channel capacity :local t) (make-channel capacity)))
         (senders (1+ (mixture-random source 4)))
         (each (1+ (mixture-random source 60)))
         (in (mapcar (lambda (_) (mixture-start source local #'mixture-receiver
                                                (mixture-derived source) c))
                     (number-sequence 0 (mixture-random source 4))))
         (out (mapcar (lambda (k) (mixture-start source local #'mixture-sender
                                                 (mixture-derived source) c k each))
                      (number-sequence 1 senders))))
    (dolist (o out) (funcall o))
    (channel-close c)
    (mixture-check 'channels
                   (list (* senders each)
                         (+ (* senders (mixture-sum each))
                            (* 100000 each (/ (* senders (1+ senders)) 2)))
                         0)
                   (mixture-total (mapcar #'funcall in)))))

(defun mixture-timeouts (source)
  "Who sends in vain has not sent, who receives in vain has not received."
  (let* ((c (make-channel (mixture-pick source '(nil 1 3))))
         (over (make-shared-bytes 8))
         (receiver (lambda (source)
                     (let ((n 0) (sum 0) (going t))
                       (while going
                         (let ((last (= 1 (shared-bytes-ref over 0))))
                           (condition-case nil
                               (let ((v (if (= 0 (mixture-random source 4))
                                            (channel-select (recv c v v)
                                                            (after 0.0005 (signal 'operation-timeout nil)))
                                          (channel-recv c (* 0.0002 (mixture-random source 5))))))
                                 (setq n (1+ n) sum (+ sum v)))
                             (operation-timeout (if last (setq going nil))))))
                       (list n sum))))
         (sender (lambda (source)
                   (let ((n 0) (sum 0))
                     (dotimes (v 40)
                       (condition-case nil
                           (progn
                             (if (= 0 (mixture-random source 4))
                                 (channel-select (send c v nil) (after 0.0005 (signal 'operation-timeout nil)))
                               (channel-send c v (* 0.0002 (mixture-random source 5))))
                             (setq n (1+ n) sum (+ sum v)))
                         (operation-timeout nil)))
                     (list n sum))))
         (in (mapcar (lambda (_) (mixture-start source nil receiver (mixture-derived source))) '(1 2 3)))
         (out (mapcar (lambda (_) (mixture-start source nil sender (mixture-derived source))) '(1 2 3)))
         (sent (mixture-total (mapcar #'funcall out))))
    (shared-bytes-set over 0 1)
    (let ((received (mixture-total (mapcar #'funcall in))))
      ;; The last of them may have looked before the last was sent.
      (let (v) (while (setq v (channel-try-recv c)) (setq received (mixture-total (list received (list 1 v))))))
      (mixture-check 'timeouts sent received))))

(defun mixture-peer (source in out n)
  "Send N numbers to OUT, then close it, while receiving from IN until it is closed."
  (let ((i 0) (got 0) (sum 0) (open t))
    (while (< i n)
      (if (null open) (progn (channel-send out i mixture-limit) (setq i (1+ i)))
        (condition-case nil
            (channel-select (recv in v (setq got (1+ got) sum (+ sum v)))
                            (send out i (setq i (1+ i))))
          (channel-closed (setq open nil))))
      (if (= 0 (mixture-random source 20)) (mixture-pause source)))
    (channel-close out)
    (if open (do-channel (v in) (setq got (1+ got) sum (+ sum v))))
    (list got sum)))

(defun mixture-peers (source)
  "Two select between sending to and receiving from each other."
  (let* ((a (make-channel (mixture-pick source '(nil 1 4))))
         (b (make-channel (mixture-pick source '(nil 2))))
         (m (mixture-random source 60))
         (n (mixture-random source 60))
         (one (mixture-start source nil #'mixture-peer (mixture-derived source) a b m))
         (two (mixture-start source nil #'mixture-peer (mixture-derived source) b a n)))
    (mixture-check 'peers (list (list n (mixture-sum n)) (list m (mixture-sum m)))
                   (list (funcall one) (funcall two)))))

(defun mixture-values (source)
  "Structures arrive as they were sent, with their sharing, and are copies."
  (let* ((c (make-channel t))
         (shared (list 1 "two" [3 4]))
         (n (1+ (mixture-random source 20)))
         (k (mixture-spawn source (lambda ()
                                    (let (all)
                                      (dotimes (_ n)
                                        (let ((v (channel-recv c mixture-limit)))
                                          (push (and (eq (car v) (nth 1 v)) (equal (car v) '(1 "two" [3 4]))
                                                     (eq v (cdr (last v 1))))
                                                all)
                                          (setcar (car v) 'changed)))
                                      all)))))
    (dotimes (_ n)
      (let ((v (list shared shared nil)))
        (channel-send c v)
        (setcar v 'mine)))
    (mixture-check 'values (make-list n nil)
                   (mapcar #'not (mapcar #'not (isolate-join k mixture-limit))))
    (mixture-check 'values '(1 "two" [3 4]) shared)))

(defun mixture-poison (source)
  "An isolate that fails or is killed poisons its channels, after what it had sent."
  (let* ((c (make-channel t))
         (n (mixture-random source 10))
         (kills (= 0 (mixture-random source 2)))
         (i (mixture-spawn source (lambda ()
                                    (dotimes (k n) (channel-send c k))
                                    (if kills (isolate-receive) (error "Poison")))))
         (got 0) e)
    (if kills (progn (while (< got n) (channel-recv c mixture-limit) (setq got (1+ got)))
                     (isolate-kill i)))
    (setq e (mixture-error (while t (channel-recv c mixture-limit) (setq got (1+ got)))))
    (mixture-check 'poison (list n (if kills 'isolate-killed 'error) 'channel-poisoned)
                   (list got (nth 1 e) (car e)))
    (mixture-check 'poison (if kills 'isolate-killed 'isolate-error)
                   (car (mixture-error (isolate-join i mixture-limit))))
    (mixture-check 'poison e (mixture-error (channel-send c 1)))))

(defun mixture-cancelled-receivers (source)
  "What is sent is received or still there, but for what who was cancelled had in his hands."
  (let* ((c (make-channel (mixture-pick source '(nil 2))))
         (got 0)
         (tasks (mapcar (lambda (_) (task-spawn (lambda () (while t (channel-recv c mixture-limit)
                                                             (setq got (1+ got))))))
                        '(1 2 3 4 5)))
         (sent 0) (cancelled 0))
    (dotimes (_ 50)
      (if (channel-try-send c sent) (setq sent (1+ sent)))
      (mixture-pause source)
      (when (and tasks (= 0 (mixture-random source 10)))
        (task-cancel (pop tasks))
        (setq cancelled (1+ cancelled))))
    (mapc #'task-cancel tasks)
    (setq cancelled (+ cancelled (length tasks)))
    (dolist (k tasks) (mixture-check 'cancelled 'task-cancelled (car (mixture-error (task-join k mixture-limit)))))
    (setq got (+ got (channel-length c)))
    (if (or (> got sent) (< got (- sent cancelled)))
        (signal 'mixture-wrong (list 'cancelled-receivers sent got cancelled)))))

;;; Messages

(defun mixture-mailbox (source)
  "Many send to one mailbox: all arrives, in each sender's order."
  (let* ((senders (1+ (mixture-random source 4)))
         (each (1+ (mixture-random source 50)))
         (to (mixture-spawn source
                            (lambda (source)
                              (let ((n 0) (sum 0) (wrong 0) (last (make-vector 10 -1)))
                                (while (< n (* senders each))
                                  (condition-case nil
                                      (let* ((v (if (= 0 (mixture-random source 3)) (isolate-receive 0.001)
                                                  (isolate-receive mixture-limit)))
                                             (from (/ v 100000)))
                                        (setq n (1+ n) sum (+ sum v))
                                        (if (<= v (aref last from)) (setq wrong (1+ wrong)))
                                        (aset last from v))
                                    (operation-timeout nil)))
                                (list n sum wrong)))
                            (mixture-derived source)))
         (from (mapcar (lambda (k)
                         (mixture-start source nil
                                        (lambda () (dotimes (i each) (isolate-send to (+ (* 100000 k) i))))))
                       (number-sequence 1 senders))))
    (dolist (f from) (funcall f))
    (mixture-check 'mailbox
                   (list (* senders each)
                         (+ (* senders (mixture-sum each)) (* 100000 each (/ (* senders (1+ senders)) 2)))
                         0)
                   (isolate-join to mixture-limit))
    (mixture-check 'mailbox 'isolate-dead (car (mixture-error (isolate-send to 1))))))

(defun mixture-posts (source)
  "Functions posted to an isolate all run there, once, and their promises have what they return."
  (let* ((server (mixture-spawn source (lambda () (setq mixture-number 0) (isolate-receive) mixture-number)))
         ;; At least one: when it has run, the server's first step has come so far.
         (n (1+ (mixture-random source 30)))
         (sum 0)
         (promises (mapcar (lambda (k)
                             (setq sum (+ sum k))
                             (isolate-post server
                                           (lambda (k source)
                                             (if (= 0 (mixture-random source 3)) (mixture-pause source))
                                             (setq mixture-number (+ mixture-number k))
                                             (if (= 0 (% k 5)) (error "Five %d" k) (list k)))
                                           k (mixture-derived source)))
                           (number-sequence 1 n))))
    ;; They may begin before the server's own first step has come so far.
    (let ((got (mapcar (lambda (p) (mixture-error (promise-await p mixture-limit))) promises)))
      (mixture-check 'posts
                     (mapcar (lambda (k) (if (= 0 (% k 5)) (list 'error (format "Five %d" k)) (list 'value (list k))))
                             (number-sequence 1 n))
                     got))
    (isolate-call server #'set 'mixture-number 7)
    (mixture-check 'posts 8 (isolate-call server (lambda () (1+ mixture-number))))
    (let ((pending (isolate-post server #'task-sleep 1000)))
      (isolate-send server 'over)
      (mixture-check 'posts 7 (isolate-join server mixture-limit))
      (mixture-check 'posts '(isolate-dead isolate-dead isolate-dead)
                     (list (car (mixture-error (promise-await pending mixture-limit)))
                           (car (mixture-error (isolate-call server #'list)))
                           (car (mixture-error (promise-await (isolate-post server #'list) mixture-limit))))))))

(defun mixture-promises (source)
  "Whoever awaits a promise gets its value, however often he gives up before."
  (let* ((server (mixture-spawn source #'isolate-receive))
         (p (isolate-post server (lambda (source) (mixture-pause source) (list 'v "w")) (mixture-derived source)))
         (await (lambda (source)
                  (let (v)
                    (while (null v)
                      (condition-case nil
                          (setq v (promise-await p (* 0.0002 (mixture-random source 4))))
                        (operation-timeout nil)))
                    v)))
         (then (promise-then p (lambda (v) (cons 'then v))))
         (all (mapcar (lambda (_) (mixture-start source nil await (mixture-derived source))) '(1 2 3 4))))
    (mixture-check 'promises (make-list 4 '(v "w")) (mapcar #'funcall all))
    (mixture-check 'promises '(then v "w") (promise-await then mixture-limit))
    (mixture-check 'promises t (promise-done-p p))
    (isolate-kill server)
    (mixture-check 'promises 'isolate-killed (car (mixture-error (isolate-join server mixture-limit))))))

(defun mixture-monitors (source)
  "The end of each monitored isolate is told, once, as it was."
  (isolate-join
   (mixture-spawn
    source
    (lambda ()
      (let ((all (mapcar
                  (lambda (k)
                    (let ((i (pcase (mixture-random source 4)
                               (0 (mixture-spawn source (lambda () k)))
                               (1 (mixture-spawn source (lambda () (error "Monitored %d" k))))
                               (2 (let ((i (mixture-spawn source #'isolate-receive))) (isolate-kill i) i))
                               (_ (isolate-spawn-with '(:timeout 0.005 :on-error ignore) #'task-sleep 1000)))))
                      (isolate-monitor i)
                      i))
                  (number-sequence 1 8)))
            seen)
        (dolist (_ all)
          (let* ((m (isolate-receive mixture-limit)) (i (nth 1 m)) (status (nth 2 m)))
            (if (or (memq i seen) (not (memq i all)) (isolate-live-p i)) (mixture-check 'monitors nil m))
            (push i seen)
            (mixture-check 'monitors
                           (pcase (car (mixture-error (isolate-join i)))
                             ('value 'done) ('isolate-error 'error) ('isolate-killed 'isolate-killed))
                           (if (consp status) (car status) status))))
        (mixture-check 'monitors 'operation-timeout (car (mixture-error (isolate-receive 0)))))))
   mixture-limit))

(defun mixture-pool (source)
  "A pool does all that is submitted, each in a clean heap."
  (setq mixture-number 5)
  (let* ((pool (make-isolate-pool (1+ (mixture-random source 3))))
         (n (mixture-random source 20))
         (promises (mapcar (lambda (k) (pool-submit pool
                                                    (lambda (k) (setq mixture-number (+ mixture-number k))
                                                      (if (= k 3) (error "Three")) mixture-number)
                                                    k))
                           (number-sequence 1 n))))
    (if (= 0 (mixture-random source 2)) (pool-close pool))
    ;; Other scenarios set that variable, in main, before the pool was made: to what, is known to it only.
    (let* ((got (mapcar (lambda (p) (mixture-error (promise-await p mixture-limit))) promises))
           (base (if got (- (nth 1 (car got)) 1) 0)))
      (mixture-check 'pool
                     (mapcar (lambda (k) (if (= k 3) '(error "Three") (list 'value (+ base k))))
                             (number-sequence 1 n))
                     got))
    (pool-close pool)
    (mixture-check 'pool 'error (car (mixture-error (pool-submit pool #'list))))))

;;; Coroutines

(defun mixture-goroutines (source)
  "Goroutines that yield from any depth, wait, and are resumed by turns."
  (let* ((n (1+ (mixture-random source 20)))
         (kind (mixture-random source 4))
         (source2 (mixture-derived source))
         (all (mapcar
               (lambda (k)
                 (goroutine
                  (lambda (x)
                    (let ((sum k))
                      (while t
                        (setq sum (+ sum x))
                        (if (= 0 (mixture-random source2 10)) (mixture-pause source2))
                        (pcase kind
                          (0 (setq x (yield sum)))
                          (1 (mapc (lambda (_) (setq x (yield sum))) '(1)))
                          (2 (sort (list 2 1) (lambda (a b) (setq x (yield sum)) (< a b))))
                          (_ (condition-case nil (unwind-protect (setq x (yield sum)) (ignore)) (error nil)))))))))
               '(0 1000 2000)))
         (sums (list 0 1000 2000)))
    (dotimes (i n)
      (let ((k (mixture-random source 3)))
        (setcar (nthcdr k sums) (+ i (nth k sums)))
        (mixture-check 'goroutines (nth k sums) (resume (nth k all) i))))))

(defun mixture-isolate-goroutines (source)
  "Goroutines in forks of their own, resumed at once."
  (let* ((all (mapcar (lambda (k) (goroutine (lambda (x) (while t (setq x (yield (list k (* x x)))))) :isolate t))
                      '(1 2)))
         (n (1+ (mixture-random source 5))))
    (dotimes (i n)
      (mixture-check 'isolate-goroutines (list (list 1 (* i i)) (list 2 (* i i)))
                     (mapcar (lambda (p) (promise-await p mixture-limit))
                             (mapcar (lambda (g) (resume-async g i)) all))))
    (let ((g (goroutine (lambda (x) (yield x) (error "Over")) :isolate t)))
      (mixture-check 'isolate-goroutines '(1 error)
                     (list (resume g 1) (car (mixture-error (resume g 2))))))))

;;; The versioned heap

(defun mixture-work (x) "What X gives, after some work." (let ((i 0)) (while (< i 50) (setq i (1+ i))) (* x x)))

(defun mixture-parallel (source)
  "`parallel-mapcar' and its like give what the sequential ones give, and change nothing."
  (let* ((list (mapcar (lambda (_) (mixture-random source 100)) (make-list (mixture-random source 40) nil)))
         (chunk (mixture-pick source '(nil 1 3 100)))
         (before mixture-vector))
    (mixture-check 'parallel (mapcar #'mixture-work list)
                   (parallel-mapcar (lambda (x) (setq mixture-vector x) (mixture-work x)) list chunk))
    (mixture-check 'parallel (eval (cons '+ list)) (parallel-reduce #'+ list 0))
    (mixture-check 'parallel '(1 4 9) (parallel-let ((a (mixture-work 1)) (b (mixture-work 2)) (c (mixture-work 3)))
                                                    (list a b c)))
    (let ((first (nth 0 (delq nil (mapcar (lambda (x) (if (> x 80) x)) list)))))
      (mixture-check 'parallel (if first (list 'error first) 'none)
                     (condition-case e
                         (progn (parallel-mapcar (lambda (x) (if (> x 80) (signal 'error (list x)))) list chunk) 'none)
                       (error e))))
    (mixture-check 'parallel t (eq before mixture-vector))))

(defun mixture-speculation (source)
  "`speculate-mapcar' does what `mapcar' does, side effects included."
  (let* ((list (mapcar (lambda (_) (mixture-random source 10)) (make-list (mixture-random source 20) nil)))
         (step (lambda (x)
                 (pcase (% x 3)
                   (0 (setq mixture-number (+ mixture-number x)))
                   (1 (puthash x (1+ (gethash x mixture-table 0)) mixture-table))
                   (_ (aset mixture-vector x (+ x (aref mixture-vector 2)))))))
         (outcome (lambda (map)
                    (isolate-join
                     (mixture-spawn source
                                    (lambda ()
                                      (setq mixture-number 0 mixture-table (make-hash-table)
                                            mixture-vector (make-vector 10 1))
                                      (let ((v (funcall map step list)))
                                        (list v mixture-number mixture-vector
                                              (mapcar (lambda (k) (gethash k mixture-table)) '(1 4 7))))))
                     mixture-limit))))
    (mixture-check 'speculation (funcall outcome #'mapcar) (funcall outcome #'speculate-mapcar))))

(defun mixture-rollback (source)
  "`with-rollback' undoes everything, nested too."
  (let* ((l (list 1 2)) (v (vector 1 2)) (h (make-hash-table)) (s (make-string 3 ?a)) (local 1)
         (b (generate-new-buffer " mixture"))
         (change (lambda ()
                   (setcar l 9) (aset v 0 9) (puthash 1 2 h) (aset s 0 ?z) (setq local 2)
                   (with-current-buffer b (insert "more"))))
         (look (lambda () (list l v (gethash 1 h) s local (with-current-buffer b (buffer-string))))))
    (with-current-buffer b (insert "text"))
    (unwind-protect
        (progn
          (mixture-check 'rollback '(error "Out") (mixture-error (with-rollback (funcall change) (error "Out"))))
          (mixture-check 'rollback '((1 2) [1 2] nil "aaa" 1 "text") (funcall look))
          (with-rollback
           (setcar l 5)
           (mixture-error (with-rollback (funcall change) (error "Inner"))))
          (mixture-check 'rollback '((5 2) [1 2] nil "aaa" 1 "text") (funcall look))
          (mixture-check 'rollback 'wait-forbidden (car (mixture-error (with-rollback (funcall change) (task-sleep 0.001)))))
          (mixture-check 'rollback 7 (catch 'out (with-rollback (funcall change)
                                                   (dotimes (_ (mixture-random source 2000)) (aset v 1 0))
                                                   (throw 'out 7))))
          (mixture-check 'rollback '((5 2) [1 2] nil "aaa" 1 "text") (funcall look)))
      (kill-buffer b))))

(defun mixture-shared-bytes (source)
  "Atomic operations on shared bytes lose nothing; who waits for a change is told."
  (let* ((b (make-shared-bytes 32))
         (n (1+ (mixture-random source 100)))
         (all (mapcar (lambda (_)
                        (mixture-start source nil
                                       (lambda ()
                                         (dotimes (_ n)
                                           (shared-bytes-add b 0 1 64)
                                           (shared-bytes-add b 8 -1 32)
                                           (let (v) (while (not (shared-bytes-cas b 16 (setq v (shared-bytes-ref b 16 64)) (+ v 3) 64))))))))
                      '(1 2 3)))
         (ball (mixture-start source nil
                              (lambda () (dotimes (k 10)
                                           (while (/= (shared-bytes-ref b 24 32) (1+ (* 2 k)))
                                             (shared-bytes-wait b 24 (* 2 k) mixture-limit 32))
                                           (shared-bytes-set b 24 (+ 2 (* 2 k)) 32)
                                           (shared-bytes-notify b 24))))))
    (dotimes (k 10)
      (shared-bytes-set b 24 (1+ (* 2 k)) 32)
      (shared-bytes-notify b 24)
      (while (/= (shared-bytes-ref b 24 32) (+ 2 (* 2 k)))
        (shared-bytes-wait b 24 (1+ (* 2 k)) mixture-limit 32)))
    (mapc #'funcall all)
    (funcall ball)
    (mixture-check 'shared-bytes (list (* 3 n) (* -3 n) (* 9 n) 20)
                   (list (shared-bytes-ref b 0 64) (shared-bytes-ref b 8 32) (shared-bytes-ref b 16 64)
                         (shared-bytes-ref b 24 32)))))

(defun mixture-frozen (source)
  "Frozen objects are the same ones everywhere, and nobody changes them."
  (let* ((f (freeze (list "a" (vector 1 2) (mixture-random source 10)) :intern (= 0 (mixture-random source 2))))
         (all (mapcar (lambda (_) (mixture-start source nil
                                                 (lambda () (list f (car (mixture-error (setcar f 1)))
                                                                  (car (mixture-error (aset (nth 1 f) 0 1)))))))
                      '(1 2 3))))
    (dolist (a all)
      (let ((v (funcall a)))
        (mixture-check 'frozen '(t frozen-object frozen-object) (cons (eq (car v) f) (cdr v)))))))

;;; Forks

(defun mixture-isolation (source)
  "What forks change is theirs, and what they return is what they made."
  (let* ((table (make-hash-table :test 'equal)) (vector (make-vector 5 'old)) (same (list 1 2 3))
         (text (copy-sequence "text")) (n (1+ (mixture-random source 5)))
         (b (generate-new-buffer " mixture"))
         all)
    (puthash "k" 0 table)
    (with-current-buffer b (insert "begin"))
    (unwind-protect
        (progn
          (dotimes (k n)
            (push (mixture-spawn source
                                 (lambda ()
                                   (mixture-pause source)
                                   (puthash "k" k table) (aset vector 0 k) (aset text 0 ?T) (put 'mixture-check 'mixture k)
                                   (fset 'mixture-redefined (lambda () k))
                                   (with-current-buffer b (insert (format " %d" k)))
                                   (list (gethash "k" table) vector text same (mixture-redefined)
                                         (with-current-buffer b (buffer-string)) (get 'mixture-check 'mixture))))
                  all)
            (aset vector 1 k))
          (dotimes (k n)
            (let ((v (isolate-join (nth k (reverse all)) mixture-limit)))
              (mixture-check 'isolation (list k (vector k (if (= k 0) 'old (1- k)) 'old 'old 'old) "Text" '(1 2 3) k
                                              (format "begin %d" k) k)
                             v)
              (mixture-check 'isolation t (eq same (nth 3 v)))))
          (mixture-check 'isolation (list 0 (vector 'old (1- n) 'old 'old 'old) "text" "begin" nil nil)
                         (list (gethash "k" table) vector text (with-current-buffer b (buffer-string))
                               (get 'mixture-check 'mixture) (fboundp 'mixture-redefined))))
      (kill-buffer b))))

(defun mixture-deep-forks (source)
  "Forks of forks of forks."
  (let ((depth (mixture-random source 7)) (cells (list 0)))
    (let (down)
      (setq down (lambda (k)
                   (setcar cells (1+ (car cells)))
                   (if (= k 0) (list (car cells))
                     (let* ((i (mixture-spawn source down (1- k)))
                            (mine (car cells)))
                       (mixture-pause source)
                       (setcar cells 'spoilt)
                       (cons mine (isolate-join i mixture-limit))))))
      (mixture-check 'deep-forks (number-sequence 1 (1+ depth))
                     (isolate-join (mixture-spawn source down depth) mixture-limit))
      (mixture-check 'deep-forks '(0) cells))))

(defun mixture-orphans (source)
  "Isolates whose parent has gone go on."
  (let* ((c (make-channel t :poison nil)) (n (1+ (mixture-random source 4)))
         (i (mixture-spawn source (lambda ()
                                    (dotimes (k n)
                                      (mixture-spawn source (lambda () (task-sleep 0.002) (channel-send c k))))
                                    (if (= 0 (mixture-random source 2)) (error "Gone"))))))
    (mixture-error (isolate-join i mixture-limit))
    (let ((sum 0))
      (dotimes (_ n) (setq sum (+ sum (channel-recv c mixture-limit))))
      (mixture-check 'orphans (mixture-sum n) sum))))

;;; Ends

(defun mixture-errors (source)
  "Errors come to who joins, as they were."
  (let* ((n (mixture-random source 100))
         (k (task-spawn (lambda () (mixture-pause source) (error "Task %d" n))))
         (i (isolate-spawn-with '(:name "bad" :on-error ignore) (lambda () (signal 'arith-error (list n)))))
         (nested (mixture-spawn source (lambda ()
                                         (isolate-join (isolate-spawn-with '(:name "inner" :on-error ignore) #'car n))))))
    (mixture-check 'errors (list 'error (format "Task %d" n)) (mixture-error (task-join k mixture-limit)))
    (let ((e (mixture-error (isolate-join i mixture-limit))))
      (mixture-check 'errors (list 'isolate-error "bad" (list 'arith-error n)) (list (car e) (nth 1 e) (nth 2 e))))
    (let ((e (mixture-error (isolate-join nested mixture-limit))))
      (mixture-check 'errors (list 'isolate-error 'isolate-error "inner" (list 'wrong-type-argument 'listp n))
                     (list (car e) (car (nth 2 e)) (nth 1 (nth 2 e)) (nth 2 (nth 2 e)))))))

(defun mixture-doze (source c)
  "Do something that lasts for ever, one of many."
  (pcase (mixture-random source 12)
    (0 (channel-recv c))
    (1 (isolate-receive))
    (2 (while t (mixture-work 1)))
    (3 (task-sleep 1000))
    (4 (call-process "sleep" nil nil nil "1000"))
    (5 (mapc (lambda (_) (channel-recv c)) '(1 2)))
    (6 (sort (list 3 2 1) (lambda (a b) (channel-recv c) (< a b))))
    (7 (puthash 1 2 (make-hash-table :test 'mixture-waits)))
    (8 (let ((table (make-char-table 'mixture))) (aset table ?a 1)
            (map-char-table (lambda (_ v) (if v (channel-recv c))) table)))
    (9 (sleep-for 1000))
    (10 (let ((never (make-channel))) (channel-select (recv c v v) (recv never v v) (after 1000 nil))))
    (11 (while t (resume (goroutine (lambda (x) (yield x) (task-yield))) 1)))))

(defun mixture-wait (x) "Wait for ever: to hash X." (task-sleep 1000) x)

(defun mixture-kills (source)
  "An isolate that is killed ends, whatever it does; what it was connected to is poisoned."
  (let* ((c (make-channel))
         (i (mixture-spawn source (lambda ()
                                    (if (= 0 (mixture-random source 3))
                                        (task-spawn #'mixture-doze (mixture-derived source) c))
                                    (unwind-protect (mixture-doze source c) (setq mixture-number 'unwound))))))
    (mixture-pause source)
    (isolate-kill i)
    (let ((e (mixture-error (isolate-join i mixture-limit))))
      (mixture-check 'kills '(isolate-killed killed) (list (car e) (nth 2 e))))
    (mixture-check 'kills nil (isolate-live-p i))
    (mixture-check 'kills 'channel-poisoned (car (mixture-error (channel-recv c mixture-limit))))))

(defun mixture-cancels (source)
  "A task that is cancelled unwinds, whatever it does."
  (let* ((c (make-channel)) unwound
         (k (task-spawn (lambda () (unwind-protect (mixture-doze source c) (setq unwound t)))))
         (symbol (mixture-pick source '(nil nil quit error))))
    (task-yield)
    (mixture-pause source)
    (task-cancel k symbol)
    (let ((e (condition-case e (task-join k mixture-limit) ((error task-cancelled quit) e))))
      (mixture-check 'cancels (or symbol 'task-cancelled) (car e))
      (mixture-check 'cancels (if symbol 'failed 'cancelled) (task-state k)))
    ;; It may have been cancelled before it began.
    (unless (mixture-random source 1) (mixture-check 'cancels t unwound))
    (mixture-check 'cancels nil (channel-try-send c 1))))

(defun mixture-limits (source)
  "Isolates with a time limit are unwound at it."
  (let* ((c (make-channel)) (told (make-channel t :poison nil))
         (i (isolate-spawn-with (list :timeout (* 0.001 (1+ (mixture-random source 10))) :on-error 'ignore)
                                (lambda () (unwind-protect (mixture-doze source c) (channel-send told 'unwound)))))
         (e (mixture-error (isolate-join i mixture-limit))))
    (mixture-check 'limits '(isolate-killed timeout) (list (car e) (nth 2 e)))
    (let ((v (channel-try-recv told)))
      (unless (memq v '(nil unwound)) (mixture-check 'limits 'unwound v)))))

(defun mixture-memory (source)
  "An isolate that takes more memory than it may is ended; others are not."
  (let* ((i (isolate-spawn-with '(:memory 2000000 :on-error ignore)
                                (lambda () (let (l) (while t (setq l (cons (make-string 1000 ?a) l)))))))
         (modest (isolate-spawn-with '(:memory 200000000 :on-error ignore)
                                     (lambda () (let (l) (dotimes (k 2000) (setq l (cons k l))) (length l)))))
         (e (mixture-error (isolate-join i mixture-limit))))
    (mixture-pause source)
    (mixture-check 'memory '(isolate-killed memory) (list (car e) (nth 2 e)))
    (mixture-check 'memory 2000 (isolate-join modest mixture-limit))))

(defun mixture-callbacks (source)
  "The callback of an isolate is called, once, after its end."
  (let* ((c (make-channel t :local t))
         (kind (mixture-random source 3))
         (i (isolate-spawn-with (list :on-error 'ignore :callback (lambda (i) (channel-send c (list i (isolate-live-p i)))))
                                (lambda () (pcase kind (0 1) (1 (error "Callback")) (_ (isolate-receive)))))))
    (if (= kind 2) (isolate-kill i))
    (let ((v (channel-recv c mixture-limit)))
      (mixture-check 'callbacks '(t nil 0) (list (eq (car v) i) (nth 1 v) (channel-length c))))
    (mixture-error (isolate-join i))))

;;; Frames of Java, processes, threads

(defun mixture-foreign (source)
  "Lambdas that wait, called by primitives."
  (let* ((c (make-channel t))
         (wait (lambda (x) (channel-recv c mixture-limit) x))
         (k (task-spawn (lambda (source) (dotimes (_ 400) (channel-send c t)
                                           (if (= 0 (mixture-random source 10)) (mixture-pause source))))
                        (mixture-derived source)))
         (tasks (mapcar
                 (lambda (n)
                   (task-spawn
                    (lambda ()
                      (list (mapcar wait (list n 2))
                            (sort (list 3 n 1) (lambda (a b) (< (funcall wait a) (funcall wait b))))
                            (let ((h (make-hash-table)) (sum 0))
                              (puthash 1 n h) (puthash 2 2 h)
                              (maphash (lambda (_ v) (setq sum (+ sum (funcall wait v)))) h)
                              sum)
                            (let ((table (make-char-table 'mixture)) got)
                              (aset table ?a n)
                              (map-char-table (lambda (_ v) (if v (push (funcall wait v) got))) table)
                              got)
                            (let ((mixture-waiting wait) (h (make-hash-table :test 'mixture-asks)))
                              (puthash n 'v h) (gethash n h))))))
                 '(5 6 7))))
    (mixture-check 'foreign (mapcar (lambda (n) (list (list n 2) (list 1 3 n) (+ n 2) (list n) 'v)) '(5 6 7))
                   (mapcar (lambda (k) (task-join k mixture-limit)) tasks))
    (task-cancel k)
    (mixture-error (task-join k mixture-limit))))

(defvar mixture-waiting nil "What to call when hashing.")
(define-hash-table-test 'mixture-waits #'eql #'mixture-wait)
(define-hash-table-test 'mixture-asks #'eql (lambda (x) (funcall mixture-waiting x) x))

(defun mixture-processes (source)
  "Processes run beside other tasks."
  (let* ((n (mixture-random source 1000)) (ticks 0)
         (ticker (task-spawn (lambda () (while t (setq ticks (1+ ticks)) (task-sleep 0.001)))))
         (all (mapcar (lambda (k)
                        (mixture-start source nil
                                       (lambda ()
                                         (with-temp-buffer
                                           (let ((status (call-process "sh" nil t nil "-c" (format "echo %d; exit %d" (+ n k) k))))
                                             (list status (buffer-string)))))))
                      '(1 2))))
    (mixture-check 'processes (mapcar (lambda (k) (list k (format "%d\n" (+ n k)))) '(1 2)) (mapcar #'funcall all))
    (with-temp-buffer
      (insert "abc")
      (call-process-region (point-min) (point-max) "tr" t t nil "a-c" "x-z")
      (mixture-check 'processes "xyz" (buffer-string)))
    (task-cancel ticker)
    (mixture-error (task-join ticker mixture-limit))))

(defun mixture-threads (source)
  "Mutexes and condition variables of Emacs's threads."
  (isolate-join
   (mixture-spawn
    source
    (lambda ()
      (let* ((m (make-mutex)) (v (make-condition-variable m)) queue (got 0) (sum 0)
             (n (1+ (mixture-random source 20)))
             (consumers (mapcar (lambda (_) (make-thread
                                             (lambda ()
                                               (let ((going t))
                                                 (while going
                                                   (mutex-lock m)
                                                   (while (null queue) (condition-wait v))
                                                   (let ((x (pop queue)))
                                                     (if (eq x 'over) (setq going nil)
                                                       (setq got (1+ got) sum (+ sum x))))
                                                   (mutex-unlock m))))))
                                '(1 2))))
        (dotimes (i n)
          (mutex-lock m) (setq queue (append queue (list i))) (condition-notify v) (mutex-unlock m)
          (if (= 0 (mixture-random source 3)) (thread-yield))
          (if (= 0 (mixture-random source 5)) (task-sleep 0.0002)))
        (mutex-lock m) (setq queue (append queue '(over over))) (condition-notify v t) (mutex-unlock m)
        (mapc #'thread-join consumers)
        (mixture-check 'threads (list n (mixture-sum n) nil) (list got sum queue))
        (let ((th (make-thread (lambda () (mutex-lock m) (unwind-protect (sleep-for 1000) (mutex-unlock m))))))
          (thread-yield)
          (thread-signal th 'quit nil)
          (mixture-check 'threads '(quit) (condition-case e (thread-join th) (quit e)))
          (mutex-lock m) (mutex-unlock m)))))
   mixture-limit))

;;; Scheduling

(defun mixture-scheduling (source)
  "However tasks are chosen, each comes to its end, and critical sections are whole."
  (isolate-join
   (mixture-spawn
    source
    (lambda ()
      (let* ((n 0) (m 0) (order (mixture-random source 100))
             (tasks (mapcar (lambda (k)
                              (let ((task (task-spawn
                                           (lambda ()
                                             (dotimes (_ 20)
                                               (without-preemption
                                                (let ((old n)) (mixture-work 1) (setq n (1+ old))))
                                               (setq m (+ m k))
                                               (if (= 0 (mixture-random source 5)) (task-yield)))))))
                                (if (= 0 (mixture-random source 2)) (task-set-priority task (mixture-random source 5)))
                                task))
                            '(1 2 3 4))))
        (isolate-set-scheduling
         (mixture-pick source (list 'preemptive 'cooperative 'exclusive
                                    (lambda (l) (nth (% order (length l)) l)))))
        (dolist (k tasks) (task-join k mixture-limit))
        (mixture-check 'scheduling 80 n)
        (mixture-check 'scheduling 'done (task-state (car tasks))))))
   mixture-limit))

(defun mixture-carriers (source) "Another number of carriers." (vm-set-carriers (1+ (mixture-random source 4))))

;;; Scenarios that contain others

(defun mixture-nested (source)
  "Several scenarios at once, in a fork."
  (when (> (nth 1 source) 0)
    (isolate-join
     (mixture-spawn
      source
      (lambda ()
        (mapc #'funcall
              (mapcar (lambda (_)
                        (mixture-start source nil
                                       (lambda (s) (setcar (cdr s) (1- (nth 1 s))) (mixture-scenario s))
                                       (mixture-derived source)))
                      '(1 2 3)))
        t))
     mixture-limit)))

(defun mixture-chaos (source)
  "A scenario that is killed or cancelled in its middle."
  (when (> (nth 1 source) 0)
    (let* ((s (mixture-source (mixture-random source 1000000) 0))
           (what (mixture-pick source (remq 'mixture-pool mixture-scenarios)))
           (i (mixture-spawn source (lambda ()
                                      (let ((k (task-spawn what s)))
                                        (if (isolate-receive) (task-cancel k 'mixture-stop))
                                        (condition-case e (mixture-error (task-join k mixture-limit))
                                          (mixture-stop e)))))))
      (mixture-pause source)
      (mixture-pause source)
      (if (= 0 (mixture-random source 2)) (isolate-kill i)
        (isolate-send i (= 0 (mixture-random source 3))))
      (let ((e (mixture-error (isolate-join i mixture-limit))))
        (if (eq (car e) 'value) (setq e (nth 1 e)))
        (if (or (memq (car-safe e) '(mixture-wrong operation-timeout))
                (and (eq (car-safe e) 'isolate-error) (not (memq (car (nth 2 e)) '(isolate-killed)))))
            (signal 'mixture-wrong (list 'chaos what e)))))))

(defvar mixture-scenarios
  '(mixture-channels mixture-timeouts mixture-peers mixture-values mixture-poison mixture-cancelled-receivers
    mixture-mailbox mixture-posts mixture-promises mixture-monitors mixture-pool
    mixture-goroutines mixture-isolate-goroutines
    mixture-parallel mixture-speculation mixture-rollback mixture-shared-bytes mixture-frozen
    mixture-isolation mixture-deep-forks mixture-orphans
    mixture-errors mixture-kills mixture-cancels mixture-limits mixture-memory mixture-callbacks
    mixture-foreign mixture-processes mixture-threads mixture-scheduling mixture-carriers
    mixture-nested mixture-chaos))

(defun mixture-scenario (source)
  "Run a random scenario in a random place."
  (let* ((what (mixture-pick source mixture-scenarios))
         (place (mixture-random source 12))
         (run (lambda () (funcall what source) 'right)))
    (setq mixture-last (list what place))
    (mixture-check
     (list what 'in place) 'right
     (pcase place
       ((or 0 1) (isolate-join (mixture-spawn source run) mixture-limit))
       (2 (isolate-join (mixture-spawn source (lambda () (isolate-join (mixture-spawn source run) mixture-limit)))
                        mixture-limit))
       (3 (car (mapcar (lambda (_) (funcall run)) '(1))))
       (4 (let (v) (sort (list 2 1) (lambda (a b) (setq v (funcall run)) (< a b))) v))
       (5 (let ((table (make-char-table 'mixture)) v)
            (aset table ?a 1)
            (map-char-table (lambda (_ x) (if x (setq v (funcall run)))) table)
            v))
       (6 (resume (goroutine (lambda (_) (yield (funcall run)))) 1))
       (7 (task-join (task-spawn run) mixture-limit))
       (8 (let ((v 'wrong)) (unwind-protect (setq v (funcall run)) (mixture-pause source)) v))
       (_ (funcall run))))))

(defvar mixture-last nil)

;;; The program

(defun mixture-worker (seed numbers until)
  "Run scenarios, taking their numbers from the cell NUMBERS, until time UNTIL."
  (while (and (< (float-time) until) (< (length mixture-problems) 20))
    (let* ((number (setcar numbers (1+ (car numbers))))
           (source (mixture-source (+ (* seed 7919) (* number 104729)) 2)))
      (condition-case e
          (let ((mixture-last nil)) (mixture-scenario source))
        ((error task-cancelled quit)
         (push (list number e) mixture-problems)
         (princ (format "mixture: scenario %d (seed %d): %S\n" number seed e))))
      (shared-bytes-add mixture-beat 0 1 64))))

(defun mixture-settle (isolates tasks)
  "Wait until there are as many isolates and tasks as at first; note it if that does not come."
  (let ((rounds 0))
    (while (and (< rounds 500)
                (or (> (length (isolate-list)) isolates) (> (length (task-list)) tasks)))
      ;; What has lost its parent may wait for what will never come.
      (if (> rounds 20)
          (mapc (lambda (i) (unless (eq i (isolate-current)) (isolate-kill i))) (isolate-list)))
      (task-sleep 0.02)
      (setq rounds (1+ rounds)))
    (if (= rounds 500)
        (push (list 'left-over (mapcar (lambda (i) (cons i (isolate-stats i))) (isolate-list)) (task-list)) mixture-problems))))

(defun mixture-heap ()
  "Bytes in use after collections: what ended isolates leave goes one collection later."
  (let ((least (nth 1 (vm-stats t))))
    (dotimes (_ 2)
      (task-sleep 0.02)
      (setq least (min least (nth 1 (vm-stats t)))))
    least))

(defun mixture-slope (points)
  "The slope of the straight line that is nearest to POINTS, conses of numbers."
  (let ((n (length points)) (sx 0.0) (sy 0.0) (sxx 0.0) (sxy 0.0))
    (dolist (p points)
      (setq sx (+ sx (car p)) sy (+ sy (cdr p)) sxx (+ sxx (* 1.0 (car p) (car p))) sxy (+ sxy (* 1.0 (car p) (cdr p)))))
    (let ((d (- (* n sxx) (* sx sx))))
      (if (= d 0) 0.0 (/ (- (* n sxy) (* sx sy)) d)))))

(defun mixture-verdict (samples)
  "Whether memory grows, from SAMPLES, conses of scenarios done and bytes in use, oldest first.
What is loaded and compiled on the way makes for growth at first: the first third does not count."
  (let* ((later (nthcdr (/ (length samples) 3) samples))
         (slope (mixture-slope later))
         (done (- (car (car (last later))) (car (car later))))
         (growth (* slope done)))
    (princ (format "mixture: heap after collection: %s kB\n" (mapcar (lambda (p) (/ (cdr p) 1024)) samples)))
    (princ (format "mixture: %.0f bytes more for each scenario, %.0f kB over %d scenarios\n" slope (/ growth 1024) done))
    (if (and (> (length later) 5) (> slope 200) (> growth 4000000))
        (push (list 'memory-grows slope growth) mixture-problems))))

(defun mixture-run (seconds workers seed)
  "Run scenarios for SECONDS, WORKERS at once, from SEED; return what went wrong."
  (let* ((end (+ (float-time) seconds)) (numbers (list 0)) samples
         (isolates (length (isolate-list))) (tasks (length (task-list)))
         (stretch (max 1 (min 15 (/ seconds 12.0)))))
    (while (and (< (float-time) end) (null mixture-problems))
      (let* ((until (min end (+ (float-time) stretch)))
             (running (mapcar (lambda (_) (task-spawn #'mixture-worker seed numbers until)) (number-sequence 1 workers))))
        (dolist (k running)
          (condition-case e (task-join k (* 3 mixture-limit))
            (error (push (list 'stuck e) mixture-problems))))
        (mixture-settle isolates tasks)
        (push (cons (car numbers) (mixture-heap)) samples)))
    (princ (format "mixture: %d scenarios\n" (car numbers)))
    (mixture-verdict (reverse samples))
    (vm-set-carriers 2)
    mixture-problems))
