;; Programs for isolates, one a paragraph; N is a number that each run binds.  All change what they share with the others,
;; under the same names, and return what they see of it.

(progn (setq stress-special (cons n stress-special)) (list stress-special (boundp 'stress-new) (setq stress-new n)))

(progn (setcar (nthcdr (% n 8) stress-list) n) (nreverse (copy-sequence stress-list)))

(progn (setq stress-list (nconc (nreverse stress-list) (list n))) (length stress-list) stress-list)

(let ((r nil)) (dotimes (i 50) (aset stress-vector (% (* i n) 100) (+ i n)) (push (aref stress-vector i) r)) (cons r (append stress-vector nil)))

(progn (dotimes (i 500) (aset stress-big (% (+ n (* i 7)) 5000) i)) (let ((s 0)) (mapc (lambda (x) (setq s (+ s x))) stress-big) s))

(progn (aset stress-string (% n 40) (+ ?a (% n 26))) (aset stress-string (% (* 3 n) 40) (+ 945 (% n 20))) (list stress-string (length stress-string) (multibyte-string-p stress-string)))

(progn (dotimes (i 40) (puthash (format "key%d" (+ n (* i 11))) (cons n i) stress-table) (remhash (format "key%d" (* i (1+ (% n 7)))) stress-table))
  (let ((r nil)) (maphash (lambda (k v) (push (cons k v) r)) stress-table) (list (hash-table-count stress-table) r)))

(progn (dotimes (i 60) (puthash (* i n) (list n i) stress-eq-table) (setcar (gethash (% (+ i n) 700) stress-eq-table (list nil)) 'changed))
  (let ((r 0)) (maphash (lambda (k v) (setq r (+ r (if (eq (car v) 'changed) 1 (sxhash-equal k))))) stress-eq-table) r))

(progn (clrhash stress-table) (dotimes (i n) (puthash (number-to-string i) i stress-table)) (hash-table-count stress-table))

(progn (set-char-table-range stress-chars (cons (+ 100 n) (+ 5000 (* 10 n))) n) (aset stress-chars (+ 97 (% n 26)) 'letter)
  (let ((r nil)) (map-char-table (lambda (k v) (push (cons (if (consp k) (cons (car k) (cdr k)) k) v) r)) stress-chars) r))

(progn (aset stress-bits (% n 100) t) (aset stress-bits (% (* 7 n) 100) t) (list stress-bits (bool-vector-count-population stress-bits)))

(progn (intern (format "stress-own-%d" (+ 25 (% n 20))) stress-obarray) (unintern (format "stress-own-%d" (% n 30)) stress-obarray)
  (let ((r nil)) (mapatoms (lambda (s) (push (symbol-name s) r)) stress-obarray) (sort r #'string<)))

(let ((s (intern (format "stress-global-%d" (% n 5))))) (prog1 (list (boundp s) (fboundp s) (symbol-plist s)) (set s n) (fset s (lambda () n)) (put s 'n n)
  (unless (eq (symbol-value s) n) (error "lost"))))

(let* ((name (format "stress-inter-%d" (% n 6))) (before (intern-soft name)) (s (intern name)))
  (prog1 (list before s (eq s (intern-soft name)) (boundp s) (and (boundp s) (symbol-value s))) (set s n)
    (when (= 0 (% n 2)) (unintern s nil) (when (intern-soft name) (error "still there")))))

(let ((s (intern (format ":stress-key-%d" (% n 4))))) (list s (keywordp s) (eq (symbol-value s) s) (condition-case e (set s 1) (error e))))

(progn (defun stress-function (x) (list 'redefined n x)) (list (stress-function 1) (funcall 'stress-function 2) (mapcar #'stress-function '(1 2))))

(list (stress-function n) (stress-not-yet-called n) (stress-macro 3) (funcall stress-closure) (funcall stress-closure))

(progn (defmacro stress-macro (x) `(list ,n ',x)) (list (eval '(stress-macro 5) t) (stress-not-yet-called 2)
  (funcall (lambda (y) (stress-macro y)) 1)))

(progn (defun stress-made (x) (if (< x 2) x (+ (stress-made (- x 1)) (stress-made (- x 2))))) (list (stress-made 12) (progn (defun stress-made (x) (* x n)) (stress-made 12))))

(progn (put 'stress-plist (if (= 0 (% n 2)) 'a 'b) n) (setcdr (symbol-plist 'stress-plist2) (list n 'z)) (list (symbol-plist 'stress-plist) (symbol-plist 'stress-plist2)))

(with-current-buffer stress-buffer (goto-char (+ 1 (* 10 (% n 100)))) (insert (format "<%d>" n)) (delete-region (+ 200 (% n 50)) (+ 260 (% n 50)))
  (list (point) (buffer-size) (mapcar #'marker-position stress-markers) (buffer-substring-no-properties 1 120) (buffer-modified-tick)))

(with-current-buffer stress-buffer (let ((m (copy-marker (% (* n 13) (point-max)) t))) (prog1 (progn (goto-char (point-min)) (insert "ab")
  (list m (marker-position m))) (if (= 0 (% n 2)) (set-marker m nil) (push m stress-markers)))))

(with-current-buffer stress-buffer (put-text-property (+ 1 (% n 90)) (+ 100 (% n 90)) 'face (if (= 0 (% n 2)) 'bold (list n)))
  (add-text-properties 20 40 (list 'n n 'm (vector n))) (remove-text-properties 30 35 '(n nil)) (prin1-to-string (buffer-substring 1 60)))

(with-current-buffer stress-buffer (save-restriction (narrow-to-region 50 (+ 60 n)) (goto-char (point-min)) (insert "narrow") (list (point-min) (point-max) (buffer-string))))

(with-current-buffer stress-buffer (narrow-to-region (+ 1 (% n 20)) (- (point-max) (% n 20))) (prog1 (list (point-min) (point-max) (buffer-narrowed-p)) (unless (= 0 (% n 3)) (widen))))

(with-current-buffer stress-buffer (move-overlay stress-overlay (+ 10 n) (+ 40 n)) (overlay-put stress-overlay 'n n)
  (let ((o (make-overlay 5 (+ 20 (% n 30))))) (overlay-put o 'evaporate t) (delete-region 5 (+ 8 (% n 30)))
    (list (length (overlays-in 1 (point-max))) (overlay-start stress-overlay) (overlay-properties stress-overlay) (overlay-start o) (overlay-end o) (next-overlay-change 1))))

(with-current-buffer stress-buffer (buffer-enable-undo) (goto-char 10) (insert "undo me") (upcase-region 1 30) (undo-boundary) (delete-region 3 9)
  (primitive-undo 1 buffer-undo-list) (buffer-substring-no-properties 1 50))

(with-current-buffer (get-buffer-create (format "stress-%d" (% n 3))) (insert (format "%d " n)) (setq stress-local n)
  (list (buffer-string) (default-value 'stress-local) stress-local (length (buffer-list)) (buffer-name (generate-new-buffer "stress"))))

(let ((b (get-buffer-create "stress-to-kill"))) (prog1 (with-current-buffer b (insert "x") (list (buffer-string) (mapcar #'buffer-name (buffer-list)))) (when (= 0 (% n 2)) (kill-buffer b))))

(with-current-buffer stress-buffer (setq stress-local (cons n stress-local)) (set (make-local-variable 'stress-special) n)
  (list stress-local (default-value 'stress-local) stress-special (default-value 'stress-special) (progn (setq-default stress-local n) (with-temp-buffer stress-local))
     (progn (kill-local-variable 'stress-special) stress-special)))

(with-temp-buffer (insert "Abc äöü ΣΑΣ x" (number-to-string n)) (upcase-initials-region 1 (point-max)) (list (buffer-string) (progn (upcase-region 1 (point-max)) (buffer-string))
  (let ((case-fold-search t)) (string-match "äÖü" "xÄÖÜ")) (string-match "[[:upper:]]+" "abcÄÖ")))

(let ((table (copy-case-table (standard-case-table))) (case-fold-search t)) (set-case-syntax-pair ?! ?? table)
  (with-temp-buffer (set-case-table table) (insert "what? WHAT!") (list (upcase "a?") (downcase "A!") (progn (goto-char 1) (search-forward "what!" nil t)) (string-match "t!" "T?"))))

(let ((case-fold-search t)) (when (= 0 (% n 2)) (let ((table (copy-case-table (standard-case-table)))) (set-case-syntax-pair (+ 913 (% n 10)) (+ 97 (% n 20)) table) (set-standard-case-table table)))
  (list (string-match (string (+ 97 (% n 20))) (string ?- (+ 913 (% n 10)))) (upcase "abcdefghijklmnopqrstuvwxyz") (string-match "ABCX*" "xabcxxX")
     (with-current-buffer stress-buffer (goto-char 1) (re-search-forward "LINE \\([0-9]+\\)" nil t) (match-string 1))))

(let ((case-fold-search t) (canon (char-table-extra-slot (standard-case-table) 1)))
  (when (= 0 (% n 3)) (set-case-table (standard-case-table))) (list (string-match "STRESS" "a stress") (char-table-p canon)))

(progn (modify-syntax-entry (+ ?a (% n 26)) "." stress-syntax) (modify-syntax-entry ?$ "w" stress-syntax)
  (with-temp-buffer (set-syntax-table stress-syntax) (insert "abc def$ghi (jkl) mnopqrstuvwxyz") (goto-char 1)
    (list (progn (forward-word 2) (point)) (skip-syntax-forward "w") (point) (mapcar #'char-syntax "amz$("))))

(progn (modify-syntax-entry (+ ?0 (% n 10)) (if (= 0 (% n 2)) "." "_") (standard-syntax-table))
  (with-temp-buffer (insert "a1 b2 c3 d4 e5 f6 g7 h8 i9 j0") (goto-char 1) (let ((r nil)) (while (re-search-forward "\\w+" nil t) (push (match-string 0) r)) (list r (mapcar #'char-syntax "0123456789")))))

(progn (advice-add 'stress-function :around (lambda (f x) (list 'advised n (funcall f x))) (list (cons 'name (format "a%d" (% n 3))))) (stress-function n))

(progn (advice-add 'car-safe :filter-return (lambda (x) (list n x))) (prog1 (funcall 'car-safe '(1)) (advice-mapc (lambda (f _) (advice-remove 'car-safe f)) 'car-safe)))

(progn (eval `(cl-defstruct (stress-struct (:constructor stress-make (a &optional b))) a (b ,n) ,@(if (= 0 (% n 2)) '(c))) t)
  (let ((x (stress-make 1))) (list x (stress-struct-p x) (stress-struct-b x) (setf (stress-struct-a x) n) x (type-of x))))

(progn (eval `(cl-defgeneric stress-generic (x) "Doc." (list 'default x)) t) (eval `(cl-defmethod stress-generic ((x ,(if (= 0 (% n 2)) 'integer 'string))) (list ,n x (cl-call-next-method))) t)
  (list (stress-generic 1) (stress-generic "s") (stress-generic 'y)))

(progn (eval `(cl-defmethod stress-generic2 ((x (eql ,(% n 4)))) (list 'eql x ,n)) t) (eval '(cl-defmethod stress-generic2 (x) (list 'any x)) t) (mapcar 'stress-generic2 '(0 1 2 3)))

(progn (setq stress-hook nil) (add-hook 'stress-hook (lambda () (push n stress-list))) (add-hook 'stress-hook 'ignore t) (run-hooks 'stress-hook) (list stress-list (length stress-hook)))

(let ((r nil)) (dotimes (i 20) (when (string-match (format "\\(%d\\)\\([a-z]*\\)\\(?:x\\|y\\)?" (% (+ i n) 10)) "0a1b2c3d4e5f6g7h8i9jx") (push (list (match-beginning 0) (match-end 2) (match-data)) r))) r)

(let ((s "The quick brown fox")) (list (replace-regexp-in-string "[aeiou]" (lambda (m) (upcase m)) s) (split-string s) (string-match-p "q[a-z]+" s) (save-match-data (string-match "fox" s) (match-data))))

(list (json-encode (list :n n :list (vector 1 2 n) :s "ä\"x")) (json-parse-string (format "{\"a\":[1,2,%d],\"b\":{\"c\":null}}" n) :object-type 'alist) (json-serialize (list :x n :y [1 t :null])))

(let ((text (concat "Grüße " (string 8364 65536 (+ 12354 (% n 50)))))) (list (encode-coding-string text 'utf-8) (encode-coding-string text 'utf-16le) (decode-coding-string (encode-coding-string text 'euc-jp) 'euc-jp)
   (decode-coding-string (encode-coding-string text 'iso-2022-jp) 'iso-2022-jp) (encode-coding-string "äöü" 'latin-1) (decode-coding-string "\244\242\244\244" 'euc-jp) (length (encode-coding-string text 'gb18030))
   (decode-coding-string "\xc4\xe3\xba\xc3" 'gbk) (decode-coding-string "\x82\xa0" 'shift_jis) (decode-coding-string "\xa7\x41" 'big5) (decode-coding-string "\xb0\xa1" 'euc-kr)))

(list (encode-char (+ 19968 n) 'japanese-jisx0208) (decode-char 'gb2312 (+ #x3021 (% n 90))) (char-charset (+ 945 (% n 20))) (split-char (+ 12354 (% n 30))) (charset-priority-list t))

(progn (set-charset-priority (nth (% n 4) '(latin-iso8859-1 japanese-jisx0208 chinese-gb2312 korean-ksc5601))) (list (charset-priority-list t) (char-charset ?é) (char-charset 19968)))

(progn (define-charset-alias 'stress-charset (if (= 0 (% n 2)) 'ascii 'iso-8859-1)) (list (charsetp 'stress-charset) (charset-id-internal 'stress-charset)))

(progn (define-coding-system (intern (format "stress-coding-%d" (% n 3))) "Doc." :coding-type (if (= 0 (% n 2)) 'utf-8 'charset) :mnemonic ?s :charset-list (if (= 0 (% n 2)) '(unicode) '(iso-8859-1)))
  (mapcar (lambda (i) (let ((c (intern (format "stress-coding-%d" i)))) (and (coding-system-p c) (encode-coding-string "ä" c)))) '(0 1 2)))

(progn (require 'ring) (let ((r (make-ring 3))) (dotimes (i n) (ring-insert r i)) (list (featurep 'ring) (ring-elements r))))

(progn (require 'thingatpt) (with-temp-buffer (insert "some words https://example.org/x") (goto-char 7) (list (thing-at-point 'word) (bounds-of-thing-at-point 'word))))

(progn (require 'color) (list (color-rgb-to-hsl 0.1 0.5 (/ (% n 10) 10.0)) (autoloadp (symbol-function 'calc))))

(list (calendar-absolute-from-gregorian (list 1 (1+ (% n 28)) 2024)) (format-time-string "%F %T" (* n 86400) t) (decode-time (* n 1000) t) (rfc2104-hash 'md5 64 16 "a" (number-to-string n)))

(list (md5 (number-to-string n)) (secure-hash 'sha256 "abc") (base64-encode-string (encode-coding-string "äö" 'utf-8)) (sort (list 3 n 1 2) #'<) (sxhash-equal (list n "a" [1])))

(list (let ((a nil)) (catch 'x (dotimes (i 1000) (when (= i n) (throw 'x i)) (push i a)))) (condition-case e (signal 'stress-error (list n)) (stress-error (list 'caught e))) (unwind-protect (setq stress-special n) (setq stress-special 1)))

(let ((stress-special n) (print-length 3)) (list stress-special (format "%S" stress-circular) (let ((print-circle t) (print-length nil)) (prin1-to-string stress-circular)) (symbol-value 'stress-special)))

(progn (put-text-property 0 (1+ (% n 10)) 'n n stress-text) (set-text-properties 12 14 nil stress-text) (list (prin1-to-string stress-text) (next-single-property-change 0 'n stress-text)))

(let ((r nil)) (dotimes (i 5) (push (funcall (eval `(lambda (x) (let ((y ,(+ n i))) (lambda () (cons x y)))) t) i) r)) (mapcar #'funcall r))

(list (eval `(let ((f (function (lambda (a &rest b) (list a b ,n))))) (apply f 1 '(2 3))) nil) (funcall (byte-compile `(lambda (x) (mapcar (lambda (y) (+ x y ,n)) '(1 2 3)))) 1))

(list (with-output-to-string (princ n) (print (list n "s"))) (format "%s %5.2f %-5d| %x" 'a 1.5 n (+ n 1000)) (read (format "(a . [%d \"s\" ?c #1=(x) #1#])" n)) (string-to-number (format "%d.5e2" n)))

(let ((i 0) (gen (progn (require 'generator) (funcall (eval '(iter-lambda (k) (dotimes (j 5) (iter-yield (* j k)))) t) n))) (r nil)) (iter-do (x gen) (push x r)) r)

(pcase (list n (% n 3)) (`(,a 0) (list 'zero a)) (`(,(and a (pred cl-evenp)) ,b) (list 'even a b)) (`(,_ ,b) (list 'odd b)))

(cl-loop for i from 0 below 20 for x = (* i n) when (cl-oddp x) collect x into odd else sum x into even finally return (list odd even))

(list (seq-filter #'cl-evenp (number-sequence 0 n)) (seq-reduce #'+ [1 2 3] n) (map-elt '((a . 1)) 'b n) (string-join (seq-map #'number-to-string (list 1 n)) "-") (gensym) (cl-gensym))

(progn (fset 'stress-sub (symbol-function 'car)) (defalias 'stress-alias 'stress-function) (list (subrp (symbol-function 'stress-sub)) (stress-alias n) (func-arity 'stress-function) (documentation 'car)))

(progn (add-variable-watcher 'stress-special (lambda (s v op w) (push (list v op w) stress-list))) (setq stress-special n) (let ((stress-special 2)) nil) (remove-variable-watcher 'stress-special (car (get-variable-watchers 'stress-special))) stress-list)

(progn (defvaralias 'stress-var-alias 'stress-special) (setq stress-var-alias n) (list stress-special (indirect-variable 'stress-var-alias)))

(let ((k (make-sparse-keymap))) (define-key k (kbd "C-c a") 'foo) (define-key global-map (kbd (format "C-c %c" (+ ?a (% n 26)))) (intern (format "stress-command-%d" n)))
  (list (lookup-key k (kbd "C-c a")) (key-description (where-is-internal (intern (format "stress-command-%d" n)) nil t)) (mapcar (lambda (c) (lookup-key global-map (vector 3 c))) "abcxyz")))

(progn (random (number-to-string n)) (list (random 1000) (random 1000) (random)))

(progn (setenv "STRESS" (number-to-string n)) (list (getenv "STRESS") (shell-command-to-string "echo $STRESS")))

(let ((f (make-temp-file "stress" nil ".el" (format "(setq stress-loaded %d)\n(defun stress-from-file () (list 'file %d))\n(provide 'stress-file-%d)\n" n n n)))) (unwind-protect (list (load f nil t) stress-loaded (stress-from-file) (featurep (intern (format "stress-file-%d" n)))
   (with-temp-buffer (insert-file-contents f) (forward-line 1) (read (current-buffer)))) (delete-file f)))

(list (progn (setq timer-list nil) (run-at-time 1000 nil 'ignore) (length timer-list)) (process-list) (progn (setq timer-list nil) t))

(let ((p (make-process :name "stress" :command '("cat") :connection-type 'pipe :buffer (generate-new-buffer "out") :noquery t))) (process-send-string p (format "hello %d\n" n)) (process-send-eof p)
  (while (accept-process-output p 5)) (prog1 (list (process-name p) (process-status p) (with-current-buffer (process-buffer p) (buffer-substring 1 (min (point-max) 9)))) (delete-process p)))

(mapcar (lambda (s) (list s (boundp s) (and (boundp s) (symbol-value s)))) '(stress-special stress-new stress-var-alias stress-loaded))

(list stress-list stress-string stress-text (with-current-buffer stress-buffer (list (point) (point-min) (point-max) (md5 (buffer-string)) (mapcar #'marker-position stress-markers) (overlay-start stress-overlay)))
  (hash-table-count stress-table) (symbol-plist 'stress-plist) (func-arity 'stress-function) (mapcar #'char-syntax "a1b2$") (upcase "aäx") features (mapcar #'buffer-name (buffer-list)))
