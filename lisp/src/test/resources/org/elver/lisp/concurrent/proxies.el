;; Proxies, function by function. Readers are isolates of their own: `remote' runs a function in one.
(progn (defalias 'remote (lambda (f) (isolate-join (isolate-spawn (lambda () (condition-case e (funcall f) (error e)))) 60))) (setq l (list 1 (list 2 3) "str" (vector 'a (list 'b))) p (share l)) (list (proxyp p) (proxyp l) (eq p l) (eq p (share l)) (eq (share p) p) (unshare p)))
;=> (t nil nil t t (1 (2 3) "str" [a (b)]))
;; In the owner a proxy behaves as the object.
(list (car p) (length p) (consp p) (type-of p) (equal p l) (equal l p) (eq (nth 1 p) (nth 1 l)) (mapcar #'identity p) (format "%S" p) (setcar p 10) (car l) (proxy-update p (lambda (x) (setcar x 1) (eq x l))) (eq (unshare p) l))
;=> (1 4 t cons t t t (1 (2 3) "str" [a (b)]) "(1 (2 3) \"str\" [a (b)])" 10 10 t t)
;; Elsewhere reading works as on the object.
(remote (lambda () (list (car p) (cdr p) (length p) (nth 2 p) (elt p 0) (nthcdr 3 p) (car-safe p) (cdr-safe p) (car (cdr p)) (caddr p))))
;=> (1 ((2 3) "str" [a (b)]) 4 "str" 1 ([a (b)]) 1 ((2 3) "str" [a (b)]) (2 3) "str")
(remote (lambda () (list (consp p) (listp p) (atom p) (nlistp p) (sequencep p) (stringp (nth 2 p)) (vectorp (nth 3 p)) (arrayp (nth 3 p)) (symbolp p) (type-of p) (type-of (nth 2 p)) (numberp p) (functionp p) (proper-list-p p) (null (nthcdr 4 p)))))
;=> (t t nil nil t t t t nil cons string nil nil 4 t)
(remote (lambda () (list (equal p p) (equal (nth 1 p) '(2 3)) (equal '(2 3) (nth 1 p)) (equal p '(2 3)) (equal (list (nth 1 p)) '((2 3))) (member '(2 3) p) (eq (car (member '(2 3) p)) (nth 1 p)) (= (sxhash-equal (nth 1 p)) (sxhash-equal '(2 3))) (memq (nth 1 p) p))))
;=> (t t t nil t ((2 3) "str" [a (b)]) t t ((2 3) "str" [a (b)]))
(remote (lambda () (list (prin1-to-string p) (format "%s" (nth 2 p)) (concat (nth 2 p) "x") (upcase (nth 2 p)) (length (nth 2 p)) (aref (nth 2 p) 0) (string= (nth 2 p) "str") (substring (nth 2 p) 1) (mapconcat #'identity (list (nth 2 p) "b") ","))))
;=> ("(1 (2 3) \"str\" [a (b)])" "str" "strx" "STR" 3 115 t "tr" "str,b")
;; What they return is a proxy when it is mutable: one for each object.
(remote (lambda () (list (proxyp (car p)) (proxyp (nth 1 p)) (proxyp (nth 2 p)) (eq (nth 1 p) (cadr p)) (eq (nth 1 p) (car (cdr p))) (eq (cdr p) (cdr p)) (eq (aref (nth 3 p) 1) (elt (nth 3 p) 1)) (proxyp (aref (nth 3 p) 0)))))
;=> (nil t t t t t t nil)
;; Iteration
(remote (lambda () (list (mapcar #'identity p) (let (r) (dolist (x p r) (setq r (cons (proxyp x) r)))) (let ((n 0)) (mapc (lambda (x) (setq n (1+ n))) p) n) (append p nil) (append p '(z)) (append '(z) (cdr p)) (vconcat (nth 1 p)) (reverse (nth 1 p)) (copy-sequence (nth 1 p)) (apply #'+ (nth 1 p)) (mapcan #'list (nth 1 p)) (length (cons 0 p)))))
;=> ((1 (2 3) "str" [a (b)]) (t t t nil) 4 (1 (2 3) "str" [a (b)]) (1 (2 3) "str" [a (b)] z) (z (2 3) "str" [a (b)]) [2 3] (3 2) (2 3) 5 (2 3) 5)
;; They see the owner's data, as they are now.
(progn (setq main-isolate (isolate-current) i (isolate-spawn (lambda () (while (not (eq (isolate-receive 60) 'end)) (isolate-send main-isolate (format "%S" (list (car p) (cdr (nth 1 p)))))))) a (progn (isolate-send i 1) (isolate-receive 10)) b (progn (setcar l 'new) (setcdr (nth 1 l) '(4 5)) (isolate-send i 1) (isolate-receive 10))) (setcar l 1) (setcdr (nth 1 l) (list 3)) (isolate-send i 'end) (list a b))
;=> ("(1 (3))" "(new (4 5))")
;; Hash tables
(progn (setq h (make-hash-table :test 'equal) hp (share h)) (puthash "k" (list 1) h) (puthash 'b 2 h) (remote (lambda () (let ((d (list 0)) r) (maphash (lambda (k v) (setq r (cons (list k v) r))) hp) (list (gethash "k" hp) (gethash 'b hp) (gethash 'c hp) (gethash 'c hp 'no) (eq (gethash 'c hp d) d) (hash-table-count hp) (hash-table-test hp) (hash-table-p hp) (nreverse r) (eq (gethash "k" hp) (gethash "k" hp)))))))
;=> ((1) 2 nil no t 2 equal t (("k" (1)) (b 2)) t)
;; Errors are those of the object, with proxies in their data.
(remote (lambda () (list (err (aref (nth 3 p) 5)) (err (car (nth 3 p))) (err (aref p 0)) (err (nth 'x p)) (err (length 5)) (eq (nth 2 (err (car (nth 3 p)))) (nth 3 p)))))
;=> ((args-out-of-range [a (b)] 5) (wrong-type-argument listp [a (b)]) (wrong-type-argument arrayp (1 (2 3) "str" [a (b)])) (wrong-type-argument integerp x) (wrong-type-argument sequencep 5) t)
(let ((c (share (let ((x (list 1 2 3))) (nconc x x))))) (remote (lambda () (list (car (err (length c))) (car (err (mapcar #'identity c))) (nth 100 c) (equal c c) (prin1-to-string c)))))
;=> (circular-list circular-list 2 t "(1 2 3 1 2 . #2)")
;; Locks
(remote (lambda () (list (eq (nth 1 (err (setcar p 5))) p) (car (err (setcdr (nth 1 p) nil))) (car (err (aset (nth 3 p) 0 1))) (car (err (puthash 1 2 hp))) (car (err (sort (nth 1 p) #'<))) (car (err (nreverse (nth 1 p)))) (car (err (proxy-update p #'car))))))
;=> (t proxy-locked proxy-locked proxy-locked proxy-locked proxy-locked proxy-locked)
(list (remote (lambda () (proxy-unlock p) (list (setcar p 'x) (car p) (setcdr (nth 1 p) (list 8 9)) (nth 1 p) (aset (nth 3 p) 0 (nth 1 p)) (eq (aref (nth 3 p) 0) (nth 1 p)) (err (setcar p)) (car (err (puthash 1 2 hp)))))) l (eq (aref (nth 3 l) 0) (nth 1 l)))
;=> ((x x (8 9) (2 8 9) (2 8 9) t (wrong-number-of-arguments setcar 1) proxy-locked) (x (2 8 9) "str" [(2 8 9) (b)]) t)
(progn (setcar l 1) (setcdr (nth 1 l) (list 3)) (aset (nth 3 l) 0 'a) (remote (lambda () (let ((n (nth 1 p))) (list (car (err (setcar n 1))) (eq (proxy-unlock p) p) (setcar n 2) (progn (proxy-lock n) (car (err (setcar n 1)))) (setcar p 1) (progn (proxy-unlock n 'sync) (setcar n 2)) (progn (proxy-lock p) (car (err (setcar p 1)))) (setcar n 2))))))
;=> (proxy-locked t 2 proxy-locked 1 2 proxy-locked 2)
;; The state is the isolate's; forks inherit it, rollbacks undo it.
(remote (lambda () (proxy-unlock p) (list (isolate-join (isolate-spawn (lambda () (proxy-lock p) (car (err (setcar p 1)))))) (isolate-join (isolate-spawn (lambda () (setcar p 1)))) (setcar p 1) (progn (proxy-lock p) (err (with-rollback (proxy-unlock p) (error "x"))) (car (err (setcar p 1)))))))
;=> (proxy-locked 1 1 proxy-locked)
(progn (proxy-lock p) (setcar p 1))
;=> 1
;; A nested proxy read through an unlocked one is unlocked
(progn (setq inner (list 0) o1 (share (list inner)) o2 (share (list inner))) (remote (lambda () (let ((n (car o1))) (proxy-unlock o2) (list (car (err (setcar n 1))) (eq n (car o2)) (setcar n 7) (progn (proxy-lock o2) (car (err (setcar n 1)))))))))
;=> (proxy-locked t 7 proxy-locked)
;; async, and a function
(remote (lambda () (proxy-unlock p 'async) (let ((v (list (setcar p 'a1) (setcar p 'a2)))) (proxy-unlock p) (list v (progn (proxy-update p #'car))))))
;=> ((nil nil) a2)
(progn (setcar l 1) (remote (lambda () (let (got) (proxy-unlock p (lambda (v) (setq got (list 'got v)))) (list (setcar p 5) (progn (while (not got) (task-sleep 0.001)) got))))))
;=> (nil (got 5))
(list (err (proxy-unlock 1)) (err (proxy-unlock p 5)) (err (proxy-unlock p 'no-such-function)) (err (proxy-lock nil)) (err (unshare l)) (err (proxy-update l 'car)) (err (proxy-default 'car l)) (err (share)) (err (share l 5)) (err (share-variable 5)))
;=> ((wrong-type-argument proxyp 1) (wrong-type-argument functionp 5) (wrong-type-argument functionp no-such-function) (wrong-type-argument proxyp nil) (wrong-type-argument proxyp (5 (2 3) "str" [a (b)])) (wrong-type-argument proxyp (5 (2 3) "str" [a (b)])) (wrong-type-argument proxyp (5 (2 3) "str" [a (b)])) (wrong-number-of-arguments share 0) (wrong-type-argument functionp 5) (wrong-type-argument symbolp 5))
(list (share 5) (share nil) (share :k) (share 1.5) (let ((c (make-channel))) (eq (share c) c)) (proxyp (share 'sym)) (proxyp (share (task-current))) (proxyp (share (freeze (list 1)))))
;=> (5 nil :k 1.5 t t t nil)
(progn (setcar l 1) (remote (lambda () (proxy-unlock p) (list (err (proxy-update p (lambda (x) (error "Boo %s" (car x))))) (err (proxy-update p 5)) (proxy-update p #'identity) (eq (proxy-update p #'identity) p) (proxy-update p (lambda (x) (condition-case e (task-yield) (error e))))))))
;=> ((error "Boo 1") (invalid-function 5) (1 (2 3) "str" [a (b)]) t (wait-forbidden))
(remote (lambda () (proxy-unlock p) (list (let ((proxy-timeout 'x)) (err (setcar p 1))) (let ((proxy-timeout nil)) (setcar p 1)) (without-preemption (list (car p) (err (setcar p 1)))))))
;=> ((wrong-type-argument numberp x) 1 (1 (wait-forbidden)))
;; Variables
(progn (setq gv (list 1) gp (share-variable 'gv)) (list (symbol-value gp) (remote (lambda () (setq gv 'mine) (proxy-unlock gp) (list (symbol-value gp) (set gp (list 2)) (symbol-value gp) gv (setcar (symbol-value gp) 3)))) gv (eq gp (share-variable 'gv)) (eq gp (share 'gv))))
;=> ((1) ((1) (3) (3) mine 3) (3) t nil)
(progn (defvar dv 'global) (setq dp (share-variable 'dv)) (let ((dv 'bound)) (remote (lambda () (symbol-value dp)))))
;=> global
(remote (lambda () (list (err (symbol-value (share-variable 'never-bound))) (symbolp gp) (boundp gp))))
;=> ((void-variable never-bound) t t)
(progn (setq np (share-variable 'never-bound)) (remote (lambda () (err (symbol-value np)))))
;=> (void-variable never-bound)
;; Direct references
(remote (lambda () (let ((d (unshare p))) (list (proxyp d) (eq d (unshare p)) (car d) (consp d) (equal d p) (setcar d 'direct) (car p) (progn (setcdr (nth 1 d) nil) (nth 1 p)) (proxyp (nth 1 d))))))
;=> (nil t 1 t t direct direct (2) nil)
(list (car l) (copy-sequence (nth 1 l)) (err (progn (setcar l 1) (setcdr (nth 1 l) (list 3)) (unshare 1))))
;=> (direct (2) (wrong-type-argument proxyp 1))
(remote (lambda () (let ((d (unshare hp))) (list (puthash 'new (list 1) d) (gethash 'new hp) (remhash 'new d) (gethash 'new hp) (hash-table-count d)))))
;=> ((1) (1) nil nil 2)
;; Handlers
(progn (setq log nil hl (share l (lambda (op p &rest args) (setq log (cons (cons op args) log)) (cond ((eq op 'length) 42) ((eq op 'car) (list 'car (apply #'proxy-default op p args))) ((eq op 'nth) (error "Refused")) (t (apply #'proxy-default op p args)))))) (list (proxyp hl) (eq hl p) (car hl) (length hl)))
;=> (t nil 1 4)
(remote (lambda () (list (length hl) (car hl) (err (nth 1 hl)) (elt hl 1) (car (err (setcar hl 5))) (mapcar #'identity hl) (concat (nth 2 (copy-sequence hl)) "!") (prin1-to-string hl) (equal hl l) (consp hl) (progn (proxy-unlock hl) (setcar hl 1)) log)))
;=> (42 (car 1) (error "Refused") (2 3) proxy-locked (1 (2 3) "str" [a (b)]) "str!" "(1 (2 3) \"str\" [a (b)])" t t 1 ((setcar 1) (copy) (copy-sequence) (mapcar identity) (setcar 5) (elt 1) (nth 1) (car) (length)))
(let ((cached (share l (let (cache) (lambda (op p &rest args) (let ((c (assoc (cons op args) cache))) (cdr (or c (car (setq cache (cons (cons (cons op args) (apply #'proxy-default op p args)) cache)))))))))) (i 0)) (remote (lambda () (let ((a (car cached)) (b (progn (proxy-unlock p) (setcar p 77) (car cached)))) (list a b (car p))))))
;=> (1 1 77)
(progn (setcar l 1) (remote (lambda () (list (proxy-default 'car p) (proxy-default 'gethash hp 'b) (proxy-default 'gethash hp 'c 'no) (proxy-default 'copy p) (proxyp (proxy-default 'copy p)) (err (proxy-default 'no-such-op p)) (err (proxy-default 5 p)) (err (proxy-default 'gethash hp)) (proxy-default 'mapcar p #'identity)))))
;=> (1 2 no (1 (2 3) "str" [a (b)]) nil (error "No operation on proxies: no-such-op") (wrong-type-argument symbolp 5) nil (1 (2 3) "str" [a (b)]))
;; What primitives that know no proxies get is a copy.
(remote (lambda () (let ((s (nth 2 p))) (list (string-match "t" s) (intern s) (with-temp-buffer (insert "<" s ">") (buffer-string)) (split-string s "t") (json-serialize (vector 1)) (vconcat (list s)) (let ((h (make-hash-table :test 'equal))) (puthash s 1 h) (gethash "str" h))))))
;=> (1 str "<str>" ("s" "r") "[1]" ["str"] 1)
(let ((f (share (lambda (x) (list x x))))) (remote (lambda () (list (functionp f) (funcall f 1) (mapcar f '(1 2)) (apply f '(3))))))
;=> (t (1 1) ((1 1) (2 2)) (3 3))
;; Buffers, markers, tasks are shared: what concerns the object is read, the rest is done there.
(progn (setq b (generate-new-buffer "shared") bp (share b) mp (with-current-buffer b (insert "hello") (share (copy-marker 3)))) (remote (lambda () (list (bufferp bp) (buffer-name bp) (buffer-live-p bp) (buffer-size bp) (prin1-to-string bp) (markerp mp) (marker-position mp) (eq (marker-buffer mp) bp) (car (err (with-current-buffer bp 1))) (car (err (isolate-send main-isolate (list (current-buffer))))) (progn (proxy-unlock bp) (proxy-update bp (lambda (b) (with-current-buffer b (goto-char (point-max)) (insert "!") (buffer-string))))) (buffer-size bp) (progn (proxy-unlock mp) (set-marker mp 1) (marker-position mp))))))
;=> (t "shared" t 5 "#<buffer shared>" t 3 t not-transferable not-transferable "hello!" 6 1)
(let ((tp (share (task-current)))) (remote (lambda () (list (task-live-p tp) (taskp tp) (car (err (task-join tp)))))))
;=> (t t not-transferable)
;; Proxies pass by reference, also inside of other values, and through third isolates.
(remote (lambda () (list (isolate-join (isolate-spawn (lambda (x) (eq x p)) p)) (let ((c (make-channel 1))) (channel-send c (list p)) (eq p (car (channel-recv c)))) (eq p (car (freeze (list p)))))))
;=> (t t t)
(eq p (remote (lambda () p)))
;=> t
;; The owner's end
(progn (setq q (isolate-join (isolate-spawn (lambda () (share (list 1 2)))))) (list (car (err (car q))) (car (err (length q))) (progn (proxy-unlock q) (car (err (setcar q 1)))) (car (err (mapcar #'identity q))) (car (err (equal q '(1 2)))) (car (err (concat q))) (car (err (proxy-update q 'car))) (consp q) (proxyp q) (eq q q) (equal q q) (string-match "\\`#<proxy in " (prin1-to-string q)) (car (err (car (unshare q))))))
;=> (isolate-dead isolate-dead isolate-dead isolate-dead isolate-dead isolate-dead isolate-dead t t t t 0 isolate-dead)
