;; Isolates with a fresh heap: what they begin with, what they ask their parent for, what they keep.
;; A form, then its value.

(progn (defalias 'settle (lambda (i) "Wait until I waits." (while (not (eq (plist-get (isolate-stats i) :state) 'waiting)) (task-yield)))) (defalias 'fresh (lambda (f &rest args) (isolate-join (apply 'isolate-spawn-with '(:heap fresh) f args)))) (defvar var1 (list 1 2)) (defvar var2 nil) (setq var2 (cdr var1)) (defvar var3 7) (fresh (lambda () (list var1 var2 var3))))
;=> ((1 2) (2) 7)

;; Only the boot image: what the parent has made of its variables and functions is not seen.
(progn (setq saved-case case-fold-search case-fold-search 'changed) (prog1 (fresh (lambda () (setq case-fold-search 5) case-fold-search)) (setq was case-fold-search) (setq case-fold-search saved-case)))
;=> 5
was
;=> changed
(let ((old features)) (setq features 'none) (prog1 (fresh (lambda () (list (not (not (memq 'elver features)))))) (setq features old)))
;=> (t)
(let ((f (symbol-function 'identity))) (unwind-protect (progn (fset 'identity 'ignore) (fresh (lambda () (identity 3)))) (fset 'identity f)))
;=> 3
(progn (put 'error 'error-message "Changed") (prog1 (list (get 'error 'error-message) (fresh (lambda () (get 'error 'error-message)))) (put 'error 'error-message "error")))
;=> ("Changed" "error")
(progn (get-buffer-create "mine") (with-current-buffer "mine" (insert "x")) (fresh (lambda () (list (get-buffer "mine") (bufferp (current-buffer)) (buffer-size)))))
;=> (nil t 0)
(let ((case-fold-search 'bound)) (fresh (lambda () (eq case-fold-search 'bound))))
;=> nil
(progn (string-match "b" "abc") (fresh (lambda () (match-data))))
;=> nil

;; The value that it has then, and only then.
(progn (setq x 1) (let ((i (isolate-spawn-with '(:heap fresh) (lambda () (isolate-receive) (let ((a x)) (isolate-receive) (list a x)))))) (setq x 2) (isolate-send i 'go) (settle i) (setq x 3) (isolate-send i 'go) (isolate-join i)))
;=> (2 2)
(let ((i (isolate-spawn-with '(:heap fresh) (lambda () (let ((a (boundp 'later))) (isolate-receive) (list a (boundp 'later) (err later))))))) (settle i) (setq later 1) (isolate-send i t) (prog1 (isolate-join i) (makunbound 'later)))
;=> (nil nil (void-variable later))
(let ((i (isolate-spawn-with '(:heap fresh) (lambda () (isolate-receive) (list later2 (later3) (get 'later4 'p)))))) (setq later2 1) (fset 'later3 (lambda () 2)) (put 'later4 'p 3) (isolate-send i t) (isolate-join i))
;=> (1 2 3)

;; What one side changes the other does not see.
(progn (setq l (list 1 2)) (let ((i (isolate-spawn-with '(:heap fresh) (lambda () (setcar l 'child) (setq var3 'child) (fset 'later3 'car) (put 'later4 'p 'child) (isolate-receive) (list l var3 (symbol-function 'later3) (get 'later4 'p)))))) (settle i) (setcar (cdr l) 'parent) (isolate-send i t) (list (isolate-join i) l var3 (later3) (get 'later4 'p))))
;=> (((child 2) child car child) (1 parent) 7 2 3)

;; One memo: what was copied stays eq.
(fresh (lambda () (list (eq (cdr var1) var2) (progn (setcar var2 'both) var1))))
;=> (t (1 both))
(fresh (lambda (x) (eq x var1)) var1)
;=> t
(let ((captured var1)) (fresh (lambda () (list (eq captured var1) (eq captured (cdr captured)) (eq (cdr captured) var2)))))
;=> (t nil t)
(progn (put 'p1 'a var1) (fset 'f1 (list 'lambda nil (list 'quote var2))) (fresh (lambda () (list (eq (get 'p1 'a) var1) (eq (f1) var2)))))
;=> (t t)
(progn (setq h (make-hash-table :test 'eq)) (puthash var1 'found h) (puthash 'self h h) (fresh (lambda () (list (gethash var1 h) (eq h (gethash 'self h)) (hash-table-count h)))))
;=> (found t 2)
(progn (setq c1 (list 1)) (setcdr c1 c1) (setq c2 (list c1 c1)) (fresh (lambda () (list (eq (cdr c1) c1) (eq (car c2) c1) (eq (nth 1 c2) c1)))))
;=> (t t t)
(let ((u (make-symbol "u"))) (eq u (fresh (lambda (x) x) u)))
;=> t
(list (eq (fresh (lambda () 'a-name-that-is-new)) (intern "a-name-that-is-new")) (fresh (lambda () (list (eq (intern "var1") 'var1) (keywordp :a-new-keyword) :a-new-keyword (not (not (intern-soft "var1"))) (intern-soft "nobody-has-this-name")))))
;=> (t (t t :a-new-keyword t nil))
(eq var1 (fresh (lambda () var1)))
;=> nil

;; Predicates answer as what is then done does.
(fresh (lambda () (list (boundp 'var3) (boundp 'var-nobody-has) (fboundp 'later3) (fboundp 'fun-nobody-has) (functionp 'later3) (functionp 'fun-nobody-has) (special-variable-p 'var3) (special-variable-p 'x) (default-boundp 'var3) (default-value 'var3) (symbol-value 'var3) (symbol-plist 'later4) (symbol-plist 'plist-nobody-has))))
;=> (t nil t nil t nil t nil t 7 7 (p 3) nil)
(fresh (lambda () (list (err var-nobody-has) (err (fun-nobody-has)) (err (symbol-value 'var-nobody-has)) (symbol-function 'fun-nobody-has))))
;=> ((void-variable var-nobody-has) (void-function fun-nobody-has) (void-variable var-nobody-has) nil)
(progn (provide 'feature-of-mine '(sub)) (fresh (lambda () (list (featurep 'feature-of-mine) (require 'feature-of-mine) (featurep 'feature-of-mine 'sub) (featurep 'feature-of-mine 'other) (featurep 'feature-nobody-has)))))
;=> (t feature-of-mine t nil nil)
(progn (defmacro mac1 (v) (list 'list v v)) (fresh (lambda () (eval '(mac1 (+ 1 var3)) t))))
;=> (8 8)

;; Kinds of variables.
(progn (defvaralias 'alias1 'var3) (fresh (lambda () (list alias1 (progn (setq alias1 8) var3) (indirect-variable 'alias1)))))
;=> (7 8 var3)
(progn (defvar-local local1 'default) (setq local1 'here) (fresh (lambda () (list local1 (progn (setq local1 'there) (default-value 'local1)) local1 (local-variable-p 'local1)))))
;=> (default default there t)
(fresh (lambda () (setq local1 'first) (list (default-value 'local1) local1)))
;=> (default first)
(progn (defun dyn1 () var3) (fresh (lambda () (list (funcall (eval '(lambda () (let ((var3 'bound)) (dyn1))) t)) var3))))
;=> (bound 7)
(fresh (lambda () (setq var3 'mine) (list (funcall (eval '(lambda () (let ((var3 'bound)) (dyn1))) t)) var3)))
;=> (bound mine)
(let ((var3 'let)) (list var3 (fresh (lambda () var3)) (fresh (lambda () (isolate-call (isolate-current) 'symbol-value 'var3)))))
;=> (let 7 7)
(let ((var3 'let)) (let ((i (isolate-spawn-with '(:heap fresh) (lambda () var3)))) (while (isolate-live-p i)) (isolate-join i)))
;=> 7
(fresh (lambda () (makunbound 'var3) (fmakunbound 'later3) (setplist 'later4 nil) (list (boundp 'var3) (fboundp 'later3) (get 'later4 'p))))
;=> (nil nil nil)
(progn (setq log nil) (defvar watched1 1) (add-variable-watcher 'watched1 (lambda (s v o w) (setq log (list s v o w)))) (list (fresh (lambda () (setq watched1 2) log)) log))
;=> ((watched1 2 set nil) nil)

;; What cannot be copied.
(progn (setq buf (current-buffer) deep (list 1 (vector 2 (current-buffer)))) (fresh (lambda () (list (boundp 'buf) (car (err buf)) (nth 2 (err buf)) (nth 2 (err deep)) (progn (setq buf 3) buf)))))
;=> (t not-transferable ("buf") ("deep" "second" "first" "[1]") 3)
(progn (put 'later5 'p (make-mutex)) (list (fresh (lambda () (car (err (get 'later5 'p))))) (car (err (fresh 'list (current-buffer))))))
;=> (not-transferable not-transferable)
(progn (fset 'later6 (let ((b (current-buffer))) (lambda () b))) (fresh (lambda () (list (fboundp 'later6) (car (err (later6)))))))
;=> (t not-transferable)

;; Parents of parents, forks, the end of the parent.
(fresh (lambda () (isolate-join (isolate-spawn-with '(:heap fresh) (lambda () (list var3 (later3) (get 'later4 'p)))))))
;=> (7 2 3)
(fresh (lambda () (setq var3 'mine) (fset 'later3 (lambda () 'mine)) (isolate-join (isolate-spawn-with '(:heap fresh) (lambda () (list var3 (later3) (get 'later4 'p) (featurep 'feature-of-mine)))))))
;=> (mine mine 3 t)
(fresh (lambda () (let ((a var1)) (isolate-join (isolate-spawn (lambda () (list (eq a var1) (eq var2 (cdr a)) var3 (later3))))))))
;=> (t t 7 2)
(fresh (lambda () (parallel-mapcar (lambda (k) (+ k var3 (later3))) '(1 2 3))))
;=> (10 11 12)
(fresh (lambda () (err (with-rollback (setcar var1 'gone) (error "Out %s" var3)))))
;=> (error "Out 7")
(let ((c (make-channel t)) (d (make-channel t))) (isolate-join (isolate-spawn (lambda () (setq of-parent 5 of-parent2 6) (isolate-spawn-with '(:heap fresh) (lambda () (channel-send c of-parent) (channel-recv d) (channel-send c (list (boundp 'of-parent2) (fboundp 'later3) of-parent (err of-parent2)))))  (while (= 0 (channel-length c)) (task-yield))))) (channel-send d 1) (list (channel-recv c 10) (channel-recv c 10)))
;=> (5 (nil nil 5 (void-variable of-parent2)))

;; As other isolates are.
(let ((i (isolate-spawn-with '(:heap fresh :name "clean") (lambda (a &rest b) (list a b (isolate-name (isolate-current)))) 1 2 3))) (isolate-join i))
;=> (1 (2 3) "clean")
(nth 2 (err (fresh 'error "No")))
;=> (error "No")
(nth 2 (err (fresh (lambda () (signal 'my-error-of-parent '(1))))))
;=> (my-error-of-parent 1)
(progn (define-error 'my-error-2 "Mine") (fresh (lambda () (condition-case e (signal 'my-error-2 '(1)) (error (list 'caught e))))))
;=> (caught (my-error-2 1))
(list (err (isolate-spawn-with '(:heap fresher) 'list)) (err (isolate-spawn-with '(:heap) 'list)) (err (isolate-spawn-with '(:globals proxy) 'list)) (err (isolate-spawn-with '(:globals live :heap fresh) 'list)))
;=> ((error "Value should be `fresh' or `fork'") (wrong-type-argument plistp (:heap)) (error "`:globals proxy' needs `:heap fresh'") (error "Value should be `proxy' or `nil'"))
(let* ((c (make-channel t)) (i (isolate-spawn-with '(:heap fresh) (lambda () (channel-send c (isolate-receive)))))) (isolate-send i '(1 . 2)) (isolate-join i) (list (channel-recv c) (isolate-call (isolate-spawn-with '(:heap fresh) 'isolate-receive) (lambda () var3))))
;=> ((1 . 2) 7)

;; Live variables.
(progn (defalias 'live (lambda (f &rest args) (isolate-join (apply 'isolate-spawn-with '(:heap fresh :globals proxy) f args)))) (setq n1 1 l1 (list 1 (list 2)) var3 7) (live (lambda () (list n1 (proxyp l1) (car l1) (proxyp (nth 1 l1)) (car (nth 1 l1)) (eq l1 l1) (car (err (setcar l1 2)))))))
;=> (1 t 1 t 2 t proxy-locked)
(let ((i (isolate-spawn-with '(:heap fresh :globals proxy) (lambda () (let ((a (list n1 (car l1)))) (isolate-receive) (list a n1 (car l1) (boundp 'new-one) (err newer-one))))))) (settle i) (setq n1 2 l1 (list 5) new-one 1) (isolate-send i t) (isolate-join i))
;=> ((1 1) 2 5 t (void-variable newer-one))
(progn (setq n1 1) (list (live (lambda () (setq n1 'mine) (isolate-call (isolate-current) 'symbol-value 'n1))) n1))
;=> (mine 1)
(let ((i (isolate-spawn-with '(:heap fresh :globals proxy) (lambda () (let ((a (funcall (eval '(lambda () (let ((var3 'bound)) (list var3 (symbol-value 'var3)))) t)))) (isolate-receive) (list a var3)))))) (settle i) (setq var3 8) (isolate-send i t) (prog1 (isolate-join i) (setq var3 7)))
;=> ((bound bound) 8)
(live (lambda () (list (special-variable-p 'var3) alias1 (later3) (get 'later4 'p) (boundp 'var-nobody-has) (progn (makunbound 'n1) (boundp 'n1)) (bufferp buf) (proxyp buf))))
;=> (t 7 2 3 nil nil t t)
(let ((c (make-channel t)) (d (make-channel t))) (isolate-join (isolate-spawn (lambda () (setq of-parent 5) (isolate-spawn-with '(:heap fresh :globals proxy) (lambda () (channel-send c of-parent) (channel-recv d) (channel-send c (list (boundp 'of-parent) (car (err of-parent)) (fboundp 'later3))))) (while (= 0 (channel-length c)) (task-yield))))) (channel-send d 1) (list (channel-recv c 10) (channel-recv c 10)))
;=> (5 (nil isolate-dead nil))
(let* ((l (list 1)) (p (share l))) (list (fresh (lambda (p) (list (proxyp p) (car p) (car (err (setcar p 2))) (progn (proxy-unlock p) (setcar p 3)) (car p))) p) l))
;=> ((t 1 proxy-locked 3 3) (3))
(let ((var3 'bound)) (live (lambda () var3)))
;=> 7

;; Pools: every submission finds a clean heap.
(progn (setq pool (make-isolate-pool 2)) (mapcar 'promise-await (mapcar (lambda (k) (pool-submit pool (lambda (k) (prog1 (list (boundp 'leak) (car var1) (get 'later4 'p) case-fold-search k) (setq leak t case-fold-search 'leak) (setcar var1 'leak) (put 'later4 'p 'leak) (fset 'identity 'ignore) (insert "leak"))) k)) '(1 2 3 4))))
;=> ((nil 1 3 t 1) (nil 1 3 t 2) (nil 1 3 t 3) (nil 1 3 t 4))
(list (boundp 'leak) (car var1) (get 'later4 'p) (identity 3) (promise-await (pool-submit pool (lambda () (list (buffer-size) (identity 4))))))
;=> (nil 1 3 3 (0 4))
(progn (setq x 'then) (let ((a (promise-await (pool-submit pool (lambda () x))))) (setq x 'now) (list a (promise-await (pool-submit pool (lambda () x))))))
;=> (then now)
(list (promise-await (pool-submit pool (lambda (l) (eq l var1)) var1)) (isolate-join (isolate-spawn (lambda () (setq x 'of-submitter) (promise-await (pool-submit pool (lambda () x)))))))
;=> (t of-submitter)
(list (err (promise-await (pool-submit pool (lambda () var-nobody-has)))) (car (err (promise-await (pool-submit pool (lambda () buf))))) (pool-close pool) (err (pool-submit pool 'list)))
;=> ((void-variable var-nobody-has) not-transferable t (error "The pool is closed"))
