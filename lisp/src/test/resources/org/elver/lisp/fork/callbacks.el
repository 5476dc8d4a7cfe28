;; Programs that fork (F) in the middle of what primitives do.  The variable o has what they work on: a fork must go on seeing
;; it as it was when it was made.

(progn (setq o (list 5 3 9 1 7 2 8 6 4)) (setq o (sort o (lambda (a b) (F) (< a b)))))

(progn (setq o (vector 5 3 9 1 7 2 8 6 4)) (sort o (lambda (a b) (F) (< a b))) o)

(progn (setq o (list 1 2 3)) (mapcar (lambda (x) (F) (setcar o (* x 10)) (nconc o (list x)) (F) x) (copy-sequence o)) o)

(progn (setq o (make-vector 300 0)) (mapc (lambda (i) (aset o i (1+ i)) (F) (aset o i (* 2 i))) '(0 1 2 100 200 299)) (F) (fillarray o 7) o)

(progn (setq o (make-hash-table :test 'equal)) (dotimes (i 20) (puthash i i o)) (maphash (lambda (k v) (F) (puthash k (list v) o) (when (< k 30) (puthash (+ k 100) 1 o)) (F) (when (< k 3) (remhash k o))) o) (hash-table-count o))

(progn (define-hash-table-test 'f-test (lambda (a b) (F) (equal a b)) (lambda (x) (F) (sxhash-equal x))) (setq o (make-hash-table :test 'f-test))
  (dotimes (i 12) (puthash (% i 5) i o)) (F) (remhash 3 o) (puthash 4 'x o) (hash-table-count o))

(progn (setq o (get-buffer-create "o")) (with-current-buffer o (erase-buffer) (insert "one two three two one") (goto-char 1)
  (setq-local after-change-functions (list (lambda (&rest _) (F)))) (setq-local before-change-functions (list (lambda (&rest _) (F))))
  (insert "zero ") (while (re-search-forward "two" nil t) (replace-match "2222")) (upcase-region 1 8) (put-text-property 1 5 'face 'bold) (delete-region 3 6) (subst-char-in-region 1 10 ?E ?X)
  (translate-region 1 12 (let ((s (make-string 256 0))) (dotimes (i 256) (aset s i i)) (aset s ?o ?0) s)) (insert-before-markers "q") (transpose-regions 1 3 5 8) (buffer-string)))

(progn (setq o (get-buffer-create "o2")) (with-current-buffer o (erase-buffer) (dotimes (i 30) (insert (format "line %d\n" (% (* i 7) 30)))) (let ((m (copy-marker 50)) (ov (make-overlay 20 60)))
  (overlay-put ov 'modification-hooks (list (lambda (&rest _) (F)))) (overlay-put ov 'insert-in-front-hooks (list (lambda (&rest _) (F))))
  (goto-char 30) (insert "xyz") (delete-char 3) (goto-char 20) (insert "f") (sort-lines nil (point-min) (point-max)) (F) (list (marker-position m) (overlay-start ov) (buffer-substring 1 40)))))

(progn (setq o (copy-sequence "some text here")) (setq o (replace-regexp-in-string "[aeiou]" (lambda (m) (F) (aset o 0 ?S) (F) (upcase m)) o)) o)

(progn (setq o (make-string 20 ?a)) (mapc (lambda (i) (aset o i ?b) (F) (aset o (1+ i) ?ü) (F) (put-text-property 0 3 'f i o)) '(0 4 9)) (F) (fillarray o ?z) o)

(progn (setq o (make-char-table 'foo)) (set-char-table-range o '(100 . 3000) 'x) (map-char-table (lambda (k v) (F) (aset o 200 k) (set-char-table-range o '(2000 . 2100) 'y) (F)) o) (aref o 200))

(progn (setq o nil) (defvar f-watched 1) (add-variable-watcher 'f-watched (lambda (_s v op _w) (F) (push (list op v) o))) (setq f-watched 2) (let ((f-watched 3)) (F) (setq f-watched 4)) (makunbound 'f-watched) (setq f-watched 1)
  (mapc (lambda (w) (remove-variable-watcher 'f-watched w)) (get-variable-watchers 'f-watched)) o)

(progn (setq o (list 1 2)) (let ((l (list 'a 'b))) (unwind-protect (progn (F) (setcar l 'c) (setcar o l)) (F) (setcdr l nil) (F))) (condition-case nil (progn (setcar o 9) (F) (error "x")) (error (F) (setcdr o 8))) o)

(progn (setq o (make-bool-vector 70 nil)) (dotimes (i 7) (aset o (* i 10) t) (F)) (bool-vector-not o o) (F) (fillarray o t) o)

(progn (setq o (record 'foo 1 2 3)) (dotimes (i 3) (F) (aset o (1+ i) (list i)) (F) (push i (aref o 1))) o)

(progn (setq o (let ((n 0)) (list (lambda () (F) (setq n (1+ n)) (F) n) (lambda () n)))) (funcall (car o)) (F) (funcall (car o)) (list (funcall (cadr o))))

(progn (setq o (list 1)) (defun f-fun (x) (F) (fset 'f-fun (lambda (y) (F) (list 'new y))) (list x (f-fun 2))) (prog1 (f-fun 1) (F) (fmakunbound 'f-fun)))

(progn (setq o (make-vector 3 0)) (intern "a1" o) (mapatoms (lambda (s) (F) (intern (concat (symbol-name s) "x") o) (set s (list 1)) (F) (put s 'p 2)) o) (F) (unintern "a1" o) (let (r) (mapatoms (lambda (s) (push s r)) o) (sort r #'string<)))

(progn (setq o (list nil)) (let ((b (generate-new-buffer "o3"))) (with-current-buffer b (add-hook 'kill-buffer-hook (lambda () (F) (setcar o (buffer-name)) (insert "last") (F)) nil t) (make-local-variable 'fill-column) (setq fill-column 3)) (F) (kill-buffer b) (F) (buffer-live-p b)))

(progn (setq o (get-buffer-create "o4")) (with-current-buffer o (erase-buffer) (insert "(a (b c) \"s\") ; comment\n(d)") (emacs-lisp-mode) (let ((parse-sexp-lookup-properties t) (syntax-propertize-function (lambda (a b) (F) (put-text-property a b 'x t))))
   (goto-char 1) (forward-sexp 1) (F) (indent-region (point-min) (point-max)) (list (point) (syntax-ppss (point-max)) (buffer-string)))))

(progn (setq o (get-buffer-create "o5")) (with-current-buffer o (buffer-enable-undo) (erase-buffer) (setq buffer-undo-list nil) (add-hook 'after-change-functions (lambda (&rest _) (F)) nil t) (insert "hello") (undo-boundary) (delete-region 2 4) (put-text-property 1 2 'a 'b)
   (undo-boundary) (primitive-undo 2 buffer-undo-list) (buffer-string)))

(progn (setq o (list 'a (vector 1 2) "s")) (let ((standard-output (lambda (c) (F) (setcar o c)))) (print o) (princ "xy")) (read (let ((l (list ?\( ?a ?\)))) (lambda (&optional c) (F) (if c (push c l) (pop l))))) o)

(progn (setq o (list nil)) (fset 'f-gen (eval '(iter-lambda () (iter-yield 1) (F) (iter-yield 2) (setcar o 3) (F)) t)) (let ((g (f-gen)) r) (iter-do (x g) (F) (push x r)) r))

(progn (setq o (list 1 2 3 4 5 6)) (F) (setq o (delete 3 (delq 1 o))) (F) (setq o (nreverse o)) (F) (setq o (nconc o (list 7))) (F) (setcdr (nthcdr 2 o) (delete-dups (list 1 1 2 2))) (F) (cl-delete-if (lambda (x) (F) (eq x 7)) o) o)

(progn (setq o (copy-syntax-table)) (modify-syntax-entry ?a "." o) (F) (modify-syntax-entry '(?a . ?z) "_" o) (F) (modify-syntax-entry ?x "w" o) (list (aref o ?a) (aref o ?x)))

(progn (setq o (make-sparse-keymap)) (define-key o "a" 'x) (map-keymap (lambda (k v) (F) (define-key o "b" (list k v)) (F)) o) (F) (define-key o (kbd "C-x C-a") 'y) (F) (substitute-key-definition 'x 'z o) o)

(progn (setq o 1) (let ((load-file-rep-suffixes '("")) (f (make-temp-file "f" nil ".el" "(F)\n(setq o (list o 2))\n(F)\n(setcar o 5)\n(let ((x 1)) (F) (setq o (cons x o)))\n"))) (unwind-protect (load f nil t t) (delete-file f)) o))

(progn (setq o (list 1)) (with-temp-buffer (insert "(F) (setq o (cons 2 o)) (F) (setcar o 3)") (eval-buffer)) o)

(progn (setq o (json-parse-string "{\"a\":[1,2]}")) (F) (puthash "b" (vector 1) o) (F) (aset (gethash "a" o) 0 5) (F) (clrhash o) (F) (puthash "c" 1 o) (hash-table-count o))

(progn (setq o (make-marker)) (with-current-buffer (get-buffer-create "o6") (erase-buffer) (insert "abcdef") (F) (set-marker o 3) (F) (insert "x") (goto-char 1) (insert "yy") (F) (save-excursion (F) (goto-char 2) (insert "z") (F)) (save-restriction (narrow-to-region 2 4) (F) (insert "k")) (F) (list (point) (marker-position o))))
