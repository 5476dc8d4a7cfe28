;;; prelude.el --- what a VM without GNU Emacs's library has  -*- lexical-binding: t -*-

;; The everyday macros and functions that GNU Emacs writes in Lisp, written anew.  Loaded in bare
;; mode only.  The first forms can use special forms and primitives, nothing else.

;;; Defining

(defalias 'lambda
  (cons 'macro (function (lambda (&rest cdr) (list 'function (cons 'lambda cdr))))))

(defalias 'defmacro
  (cons 'macro
        (function
         (lambda (name args &rest body)
           (list 'defalias (list 'quote name)
                 (list 'cons ''macro
                       (list 'function (cons 'lambda (cons args (elver--body body))))))))))

(defalias 'elver--body
  #'(lambda (body)
      "Return BODY without its declarations."
      (let ((doc (if (and (stringp (car body)) (cdr body)) (list (car body)))))
        (if doc (setq body (cdr body)))
        (while (and (consp (car body)) (eq (car (car body)) 'declare))
          (setq body (cdr body)))
        (append doc body))))

(defmacro defun (name args &rest body)
  "Define NAME as a function of ARGS with BODY."
  (list 'defalias (list 'quote name)
        (list 'function (cons 'lambda (cons args (elver--body body))))))

(defmacro defsubst (name args &rest body)
  "Define NAME as a function of ARGS with BODY."
  (cons 'defun (cons name (cons args body))))

;;; Other names of primitives

(defalias 'not #'null)
(defalias 'string= #'string-equal)
(defalias 'string< #'string-lessp)
(defalias 'string> #'string-greaterp)
(defalias 'string-greaterp #'(lambda (a b) "Whether A comes after B." (string-lessp b a)))
(defalias 'move-marker #'set-marker)
(defalias 'rplaca #'setcar)
(defalias 'rplacd #'setcdr)
(defalias 'search-forward-regexp #'re-search-forward)
(defalias 'search-backward-regexp #'re-search-backward)

;;; Lists

(defun caar (x) "Return the car of the car of X." (car (car x)))
(defun cadr (x) "Return the car of the cdr of X." (car (cdr x)))
(defun cdar (x) "Return the cdr of the car of X." (cdr (car x)))
(defun cddr (x) "Return the cdr of the cdr of X." (cdr (cdr x)))
(defun caddr (x) "Return the third element of X." (car (cdr (cdr x))))
(defun cdddr (x) "Return X without its first three elements." (cdr (cdr (cdr x))))

(defun last (list &optional n)
  "Return the last link of LIST, or the last N links."
  (let ((m (safe-length list)))
    (nthcdr (- m (if n (if (< m n) m n) (if (< m 1) m 1))) list)))

(defun butlast (list &optional n)
  "Return a copy of LIST without its last element, or its last N."
  (let ((m (- (length list) (if n n 1))) (result nil))
    (while (> m 0)
      (setq result (cons (car list) result) list (cdr list) m (1- m)))
    (nreverse result)))

;;; Backquote

(defun elver--backquote (form depth)
  "Return a form whose value is the template FORM at nesting DEPTH."
  (cond
   ((vectorp form)
    (list 'vconcat (elver--backquote (append form nil) depth)))
   ((not (consp form))
    (if (or (null form) (eq form t) (not (symbolp form))) form (list 'quote form)))
   ((eq (car form) '\,)
    (if (= depth 0)
        (cadr form)
      (list 'list ''\, (elver--backquote (cadr form) (1- depth)))))
   ((eq (car form) '\`)
    (list 'list ''\` (elver--backquote (cadr form) (1+ depth))))
   ((and (consp (car form)) (eq (caar form) '\,@) (= depth 0))
    (if (cdr form)
        (list 'append (cadr (car form)) (elver--backquote (cdr form) depth))
      (cadr (car form))))
   (t
    (list 'cons (elver--backquote (car form) depth) (elver--backquote (cdr form) depth)))))

(defmacro \` (template)
  "Return TEMPLATE with the parts after commas evaluated."
  (elver--backquote template 0))

;;; Control

(defmacro when (condition &rest body)
  "If CONDITION is non-nil, evaluate BODY."
  `(if ,condition (progn ,@body)))

(defmacro unless (condition &rest body)
  "If CONDITION is nil, evaluate BODY."
  `(if ,condition nil ,@body))

(defmacro prog2 (form1 form2 &rest body)
  "Evaluate FORM1, FORM2 and BODY; return the value of FORM2."
  `(progn ,form1 (prog1 ,form2 ,@body)))

(defmacro dolist (spec &rest body)
  "Evaluate BODY for each element: SPEC is (VAR LIST [RESULT])."
  (let ((tail (make-symbol "tail")))
    `(let ((,tail ,(cadr spec)))
       (while ,tail
         (let ((,(car spec) (car ,tail)))
           ,@body
           (setq ,tail (cdr ,tail))))
       ,@(cddr spec))))

(defmacro dotimes (spec &rest body)
  "Evaluate BODY COUNT times: SPEC is (VAR COUNT [RESULT])."
  (let ((i (make-symbol "i")) (n (make-symbol "n")))
    `(let ((,i 0) (,n ,(cadr spec)))
       (while (< ,i ,n)
         (let ((,(car spec) ,i)) ,@body)
         (setq ,i (1+ ,i)))
       ,@(if (cddr spec) `((let ((,(car spec) ,i)) ,@(cddr spec)))))))

(defmacro ignore-errors (&rest body)
  "Evaluate BODY; return nil if it signals an error."
  `(condition-case nil (progn ,@body) (error nil)))

(defmacro condition-case-unless-debug (var bodyform &rest handlers)
  "As `condition-case' with VAR, BODYFORM and HANDLERS."
  `(condition-case ,var ,bodyform ,@handlers))

(defmacro with-demoted-errors (format &rest body)
  "Evaluate BODY; an error is shown with `message', by FORMAT, and nil returned."
  `(condition-case err (progn ,@body) (error (message ,format err) nil)))

(defmacro if-let (spec then &rest else)
  "Bind variables by SPEC one after another; if all are non-nil evaluate THEN, otherwise ELSE."
  (let ((done (make-symbol "done")) (value (make-symbol "value")))
    (let ((form `(setq ,done t ,value ,then)))
      (when (and (consp spec) (symbolp (car spec)) (car spec)) (setq spec (list spec)))
      (dolist (b (reverse spec))
        (let ((var (if (symbolp b) b (if (cdr b) (car b) (make-symbol "test"))))
              (init (if (symbolp b) b (if (cdr b) (cadr b) (car b)))))
          (setq form `(let ((,var ,init)) (if ,var ,form)))))
      `(let (,done ,value) ,form (if ,done ,value ,@else)))))

(defmacro when-let (spec &rest body)
  "Bind variables by SPEC one after another; if all are non-nil evaluate BODY."
  `(if-let ,spec (progn ,@body)))

(defmacro if-let* (spec then &rest else)
  "Bind variables by SPEC one after another; if all are non-nil evaluate THEN, otherwise ELSE."
  `(if-let ,spec ,then ,@else))

(defmacro when-let* (spec &rest body)
  "Bind variables by SPEC one after another; if all are non-nil evaluate BODY."
  `(if-let ,spec (progn ,@body)))

;;; Variables and places

(defmacro setq-default (&rest args)
  "Set the default value of each variable in ARGS to the value of the form after it."
  (let (forms)
    (while args
      (setq forms (cons `(set-default ',(car args) ,(cadr args)) forms) args (cddr args)))
    (cons 'progn (nreverse forms))))

(defmacro setq-local (&rest pairs)
  "Set each variable in PAIRS to the value after it, in the current buffer only."
  (let (forms)
    (while pairs
      (setq forms (cons `(set (make-local-variable ',(car pairs)) ,(cadr pairs)) forms)
            pairs (cddr pairs)))
    (cons 'progn (nreverse forms))))

(defmacro defvar-local (var val &optional doc)
  "Define VAR with value VAL and documentation DOC, local to each buffer that sets it."
  `(progn (defvar ,var ,val ,doc) (make-variable-buffer-local ',var)))

(defmacro defcustom (symbol standard doc &rest _args)
  "Define SYMBOL with the value STANDARD and documentation DOC."
  `(defvar ,symbol ,standard ,doc))

(defmacro defgroup (&rest _args) "Does nothing here." nil)
(defmacro defface (&rest _args) "Does nothing here." nil)
(defmacro declare-function (&rest _args) "Does nothing here." nil)
(defmacro eval-when-compile (&rest body) "Evaluate BODY." `(progn ,@body))
(defmacro eval-and-compile (&rest body) "Evaluate BODY." `(progn ,@body))
(defmacro with-no-warnings (&rest body) "Evaluate BODY." `(progn ,@body))
(defmacro with-suppressed-warnings (_warnings &rest body) "Evaluate BODY." `(progn ,@body))

(defun elver--setter (place value)
  "Return a form that sets PLACE to the form VALUE, and returns that."
  (when (and (consp place) (symbolp (car place)))
    (let ((expansion (macroexpand place)))
      (unless (eq expansion place) (setq place expansion))))
  (if (symbolp place)
      `(setq ,place ,value)
    (let ((f (car place)) (args (cdr place)) (v (make-symbol "v")))
      (cond
       ((eq f 'car) `(setcar ,(car args) ,value))
       ((eq f 'cdr) `(setcdr ,(car args) ,value))
       ((eq f 'caar) `(setcar (car ,(car args)) ,value))
       ((eq f 'cadr) `(setcar (cdr ,(car args)) ,value))
       ((eq f 'cdar) `(setcdr (car ,(car args)) ,value))
       ((eq f 'cddr) `(setcdr (cdr ,(car args)) ,value))
       ((eq f 'nth) `(setcar (nthcdr ,(car args) ,(cadr args)) ,value))
       ((eq f 'nthcdr) `(setcdr (nthcdr (1- ,(car args)) ,(cadr args)) ,value))
       ((eq f 'elt) `(if (listp ,(car args))
                         (setcar (nthcdr ,(cadr args) ,(car args)) ,value)
                       (aset ,(car args) ,(cadr args) ,value)))
       ((eq f 'aref) `(aset ,@args ,value))
       ((eq f 'gethash) `(puthash ,(car args) ,value ,(cadr args)))
       ((eq f 'get) `(put ,@args ,value))
       ((eq f 'symbol-value) `(set ,(car args) ,value))
       ((eq f 'symbol-function) `(fset ,(car args) ,value))
       ((eq f 'symbol-plist) `(setplist ,(car args) ,value))
       ((eq f 'default-value) `(set-default ,(car args) ,value))
       ((eq f 'plist-get)
        `(let ((,v ,value))
           ,(elver--setter (car args) `(plist-put ,(car args) ,(cadr args) ,v))
           ,v))
       ((eq f 'alist-get)
        (let ((cell (make-symbol "cell")) (key (make-symbol "key")))
          `(let* ((,v ,value) (,key ,(car args)) (,cell (assq ,key ,(cadr args))))
             (if ,cell (setcdr ,cell ,v)
               ,(elver--setter (cadr args) `(cons (cons ,key ,v) ,(cadr args))))
             ,v)))
       ((eq f 'point) `(goto-char ,value))
       (t (error "No setter is known for %S" place))))))

(defmacro setf (&rest args)
  "Set each place in ARGS to the value of the form after it."
  (let (forms)
    (while args
      (setq forms (cons (elver--setter (car args) (cadr args)) forms) args (cddr args)))
    (cons 'progn (nreverse forms))))

(defmacro push (element place)
  "Add ELEMENT to the front of the list in PLACE."
  (elver--setter place `(cons ,element ,place)))

(defmacro pop (place)
  "Return the first element of the list in PLACE, and remove it from there."
  `(car-safe (prog1 ,place ,(elver--setter place `(cdr ,place)))))

(defmacro add-to-list (variable element &optional append)
  "Add ELEMENT to the value of the symbol VARIABLE unless it is there; at the end if APPEND."
  (let ((s (make-symbol "s")) (e (make-symbol "e")))
    `(let ((,s ,variable) (,e ,element))
       (unless (member ,e (symbol-value ,s))
         (set ,s (if ,append (append (symbol-value ,s) (list ,e)) (cons ,e (symbol-value ,s)))))
       (symbol-value ,s))))

(defmacro cl-incf (place &optional n)
  "Add N, or 1, to PLACE."
  (elver--setter place (if n `(+ ,place ,n) `(1+ ,place))))

(defmacro cl-decf (place &optional n)
  "Subtract N, or 1, from PLACE."
  (elver--setter place (if n `(- ,place ,n) `(1- ,place))))

(defmacro incf (place &optional n) "Add N, or 1, to PLACE." `(cl-incf ,place ,n))
(defmacro decf (place &optional n) "Subtract N, or 1, from PLACE." `(cl-decf ,place ,n))

;;; Errors

(defun error (&rest args)
  "Signal an error whose message is ARGS, formatted."
  (signal 'error (list (apply #'format-message args))))

(defun user-error (format &rest args)
  "Signal an error of the user's whose message is FORMAT with ARGS."
  (signal 'user-error (list (apply #'format-message format args))))

(defun define-error (name message &optional parent)
  "Make NAME an error symbol with MESSAGE; it is a kind of PARENT, by default `error'."
  (let ((parents (if (consp parent) parent (list (or parent 'error)))) (all nil))
    (dolist (p parents)
      (dolist (c (or (get p 'error-conditions) (list p 'error)))
        (unless (memq c all) (setq all (cons c all)))))
    (put name 'error-conditions (cons name (nreverse all)))
    (put name 'error-message message)))

(defmacro cl-assert (form &rest _) "Signal an error unless FORM is non-nil."
  `(unless ,form (signal 'cl-assertion-failed (list ',form))))

(define-error 'cl-assertion-failed "Assertion failed")

;;; Buffers

(defmacro with-current-buffer (buffer &rest body)
  "Evaluate BODY with BUFFER current."
  `(save-current-buffer (set-buffer ,buffer) ,@body))

(defmacro with-temp-buffer (&rest body)
  "Evaluate BODY in a buffer that exists only for it."
  (let ((b (make-symbol "buffer")))
    `(let ((,b (generate-new-buffer " *temp*")))
       (with-current-buffer ,b
         (unwind-protect (progn ,@body)
           (and (buffer-name ,b) (kill-buffer ,b)))))))

(defun generate-new-buffer (name)
  "Return a new buffer named NAME, or as that with a number."
  (get-buffer-create (generate-new-buffer-name name)))

(defmacro save-match-data (&rest body)
  "Evaluate BODY and restore the match data."
  (let ((d (make-symbol "data")))
    `(let ((,d (match-data)))
       (unwind-protect (progn ,@body) (set-match-data ,d t)))))

(defmacro with-output-to-string (&rest body)
  "Evaluate BODY; return what it prints to `standard-output'."
  `(let ((standard-output (generate-new-buffer " *string-output*")))
     (unwind-protect
         (progn (let ((standard-output standard-output)) ,@body)
                (with-current-buffer standard-output (buffer-string)))
       (kill-buffer standard-output))))

(defun match-string (n &optional string)
  "Return what group N matched, in STRING if the search was in one."
  (and (match-beginning n)
       (if string
           (substring string (match-beginning n) (match-end n))
         (buffer-substring (match-beginning n) (match-end n)))))

;;; Sequences and strings

(defun ignore (&rest _args) "Return nil, whatever the arguments." nil)
(defun always (&rest _args) "Return t, whatever the arguments." t)

(defun zerop (n) "Whether N is zero." (= n 0))

(defun number-sequence (from &optional to inc)
  "Return the numbers FROM to TO, by steps of INC or 1."
  (let ((inc (or inc 1)) (all nil))
    (if (null to) (list from)
      (while (if (> inc 0) (<= from to) (>= from to))
        (push from all)
        (setq from (+ from inc)))
      (nreverse all))))

(defun alist-get (key alist &optional default _remove testfn)
  "Return the value for KEY in ALIST, or DEFAULT; compare with TESTFN, by default `eq'."
  (let ((cell (if testfn (assoc key alist testfn) (assq key alist))))
    (if cell (cdr cell) default)))

(defun delete-dups (list)
  "Remove from LIST, destructively, what is `equal' to an earlier element."
  (let ((tail list))
    (while tail
      (setcdr tail (delete (car tail) (cdr tail)))
      (setq tail (cdr tail))))
  list)

(defun remq (elt list) "Return LIST without what is `eq' to ELT." (delq elt (copy-sequence list)))
(defun remove (elt seq) "Return SEQ without what is `equal' to ELT." (delete elt (copy-sequence seq)))

(defun string-join (strings &optional separator)
  "Return the STRINGS in one, with SEPARATOR between them."
  (mapconcat #'identity strings (or separator "")))

(defun string-trim (string)
  "Return STRING without white space at its ends."
  (let ((a 0) (b (length string)))
    (while (and (< a b) (memq (aref string a) '(?\s ?\t ?\n ?\r))) (setq a (1+ a)))
    (while (and (< a b) (memq (aref string (1- b)) '(?\s ?\t ?\n ?\r))) (setq b (1- b)))
    (substring string a b)))

(defun string-prefix-p (prefix string)
  "Whether STRING begins with PREFIX."
  (and (<= (length prefix) (length string))
       (string= prefix (substring string 0 (length prefix)))))

(defun string-suffix-p (suffix string)
  "Whether STRING ends with SUFFIX."
  (let ((n (- (length string) (length suffix))))
    (and (>= n 0) (string= suffix (substring string n)))))

(defun split-string (string &optional separators omit-nulls)
  "Split STRING where the regexp SEPARATORS matches; OMIT-NULLS: leave out empty parts."
  (let* ((re (or separators "[ \f\t\n\r\v]+")) (omit (if separators omit-nulls t))
         (start 0) (from 0) (all nil) (going t))
    (save-match-data
      (while (and going (string-match re string (if (and (= from start) (> from 0)) from start)))
        (let ((b (match-beginning 0)) (e (match-end 0)))
          (cond ((and (= b e) (>= e (length string))) (setq going nil))
                ((and (= b e) (= b from)) (setq start (1+ start))
                 (when (> start (length string)) (setq going nil)))
                (t (unless (and omit (= b from)) (push (substring string from b) all))
                   (setq from e start (if (= b e) (1+ e) e))
                   (when (> start (length string)) (setq going nil)))))))
    (unless (and omit (= from (length string))) (push (substring string from) all))
    (nreverse all)))

(defun add-hook (hook function &optional append _local)
  "Add FUNCTION to the value of HOOK; at the end if APPEND."
  (unless (boundp hook) (set hook nil))
  (let ((value (symbol-value hook)))
    (when (and value (or (not (listp value)) (functionp value))) (setq value (list value)))
    (unless (member function value)
      (set hook (if append (append value (list function)) (cons function value))))))

(defun remove-hook (hook function &optional _local)
  "Remove FUNCTION from the value of HOOK."
  (when (boundp hook)
    (let ((value (symbol-value hook)))
      (set hook (if (equal value function) nil (and (listp value) (remove function value)))))))

;;; Pattern matching

(defun elver--pcase (pattern value body)
  "Return a form that evaluates BODY, a form, if the variable VALUE matches PATTERN, else nil.
BODY is expected to note by itself that it was evaluated."
  (cond
   ((eq pattern '_) body)
   ((or (keywordp pattern) (null pattern) (eq pattern t) (numberp pattern) (stringp pattern))
    `(if (equal ,value ,pattern) ,body))
   ((symbolp pattern) `(let ((,pattern ,value)) ,body))
   ((eq (car pattern) 'quote) `(if (equal ,value ',(cadr pattern)) ,body))
   ((eq (car pattern) '\`) (elver--pcase-template (cadr pattern) value body))
   ((eq (car pattern) 'pred)
    (let ((f (cadr pattern)))
      (cond ((and (consp f) (eq (car f) 'not))
             `(if (not ,(elver--pcase-call (cadr f) value)) ,body))
            (t `(if ,(elver--pcase-call f value) ,body)))))
   ((eq (car pattern) 'guard) `(if ,(cadr pattern) ,body))
   ((eq (car pattern) 'and)
    (dolist (p (reverse (cdr pattern)))
      (setq body (elver--pcase p value body)))
    body)
   ((eq (car pattern) 'or)
    (let ((hit (make-symbol "hit")) (vars (elver--pcase-variables pattern)))
      `(let (,hit ,@vars)
         ,@(mapcar (lambda (p)
                     `(unless ,hit
                        ,(elver--pcase
                          p value
                          `(setq ,hit t ,@(apply #'append (mapcar (lambda (v) (list v v)) nil))))))
                   (cdr pattern))
         (if ,hit ,body))))
   ((eq (car pattern) 'app)
    (let ((v (make-symbol "v")))
      `(let ((,v ,(elver--pcase-call (cadr pattern) value)))
         ,(elver--pcase (caddr pattern) v body))))
   ((eq (car pattern) 'let)
    (let ((v (make-symbol "v")))
      `(let ((,v ,(caddr pattern))) ,(elver--pcase (cadr pattern) v body))))
   ((eq (car pattern) 'seq)
    (let ((i -1))
      (dolist (p (reverse (cdr pattern)))
        (setq i (1+ i))
        (let ((v (make-symbol "v")) (n (- (length (cdr pattern)) i 1)))
          (setq body `(let ((,v (elt ,value ,n))) ,(elver--pcase p v body)))))
      body))
   (t (error "Unknown pattern: %S" pattern))))

(defun elver--pcase-variables (_pattern) "Return nil: alternatives bind no variables." nil)

(defun elver--pcase-call (f value)
  "Return a form that calls the pattern function F with VALUE."
  (cond ((symbolp f) `(,f ,value))
        ((memq (car f) '(lambda function closure)) `(funcall ,f ,value))
        (t (append f (list value)))))

(defun elver--pcase-template (template value body)
  "As `elver--pcase' for the backquoted TEMPLATE with VALUE and BODY."
  (cond
   ((and (consp template) (eq (car template) '\,)) (elver--pcase (cadr template) value body))
   ((consp template)
    (let ((a (make-symbol "a")) (d (make-symbol "d")))
      `(if (consp ,value)
           (let ((,a (car ,value)) (,d (cdr ,value)))
             ,(elver--pcase-template
               (car template) a (elver--pcase-template (cdr template) d body))))))
   ((vectorp template)
    (let ((i (length template)))
      (while (> i 0)
        (setq i (1- i))
        (let ((v (make-symbol "v")))
          (setq body `(let ((,v (aref ,value ,i)))
                        ,(elver--pcase-template (aref template i) v body)))))
      `(if (and (vectorp ,value) (= (length ,value) ,(length template))) ,body)))
   (t `(if (equal ,value ',template) ,body))))

(defmacro pcase (exp &rest cases)
  "Evaluate the body of the first of CASES, (PATTERN BODY...), whose pattern matches EXP."
  (let ((v (make-symbol "value")) (done (make-symbol "done")) (result (make-symbol "result")))
    `(let ((,v ,exp) ,done ,result)
       ,@(mapcar (lambda (c)
                   `(unless ,done
                      ,(elver--pcase (car c) v `(setq ,done t ,result (progn ,@(cdr c))))))
                 cases)
       ,result)))

(defun elver--destructure (pattern value body)
  "Return a form that binds the variables in PATTERN to parts of VALUE and evaluates BODY.
What does not fit is nil."
  (cond
   ((eq pattern '_) body)
   ((symbolp pattern) `(let ((,pattern ,value)) ,body))
   ((memq (car pattern) '(\, \`)) (elver--destructure-template pattern value body))
   (t (elver--pcase pattern value body))))

(defun elver--destructure-template (template value body)
  "As `elver--destructure' for the parts of a backquoted TEMPLATE, with VALUE and BODY."
  (cond
   ((and (consp template) (eq (car template) '\`))
    (elver--destructure-template (cadr template) value body))
   ((and (consp template) (eq (car template) '\,))
    (elver--destructure (cadr template) value body))
   ((consp template)
    (let ((a (make-symbol "a")) (d (make-symbol "d")))
      `(let ((,a (car-safe ,value)) (,d (cdr-safe ,value)))
         ,(elver--destructure-template
           (car template) a (elver--destructure-template (cdr template) d body)))))
   (t body)))

(defmacro pcase-let* (bindings &rest body)
  "Bind patterns to values by BINDINGS, (PATTERN EXP), one after another, and evaluate BODY."
  (let ((form `(progn ,@body)))
    (dolist (b (reverse bindings))
      (let ((v (make-symbol "v")))
        (setq form `(let ((,v ,(cadr b))) ,(elver--destructure (car b) v form)))))
    form))

(defmacro pcase-let (bindings &rest body)
  "Bind patterns to values by BINDINGS, (PATTERN EXP), all at once, and evaluate BODY."
  (let ((form `(progn ,@body)) (values nil))
    (dolist (b (reverse bindings))
      (let ((v (make-symbol "v")))
        (push (list v (cadr b)) values)
        (setq form (elver--destructure (car b) v form))))
    `(let ,values ,form)))

(defmacro pcase-dolist (spec &rest body)
  "Evaluate BODY for each element of a list: SPEC is (PATTERN LIST)."
  (let ((v (make-symbol "v")))
    `(dolist (,v ,(cadr spec)) (pcase-let ((,(car spec) ,v)) ,@body))))

;;; Starting

(defun elver--bare-file (file)
  "Load FILE, from the current directory if there is one of that name."
  (load (if (file-exists-p file) (expand-file-name file) file) nil t))

(defun elver--bare-top-level ()
  "Do what the command line says."
  (let ((args (cdr command-line-args)))
    (setq command-line-args-left args)
    (while args
      (let* ((arg (pop args))
             (eq (and (string-prefix-p "--" arg) (string-match "=" arg)))
             (inline (and eq (substring arg (1+ eq))))
             (name (if eq (substring arg 0 eq) arg))
             (value (lambda ()
                      (cond (inline inline)
                            (args (pop args))
                            (t (error "Option `%s' requires an argument" name))))))
        (cond
         ((member name '("-Q" "-q" "--quick" "--no-init-file" "--batch" "-batch"
                         "--no-site-file" "--no-site-lisp" "--no-splash")))
         ((member name '("--eval" "-eval" "--execute" "-execute"))
          (let ((form (funcall value)))
            (setq command-line-args-left args)
            (eval (car (read-from-string form)) t)
            (setq args command-line-args-left)))
         ((member name '("-l" "--load" "-load"))
          (let ((file (funcall value)))
            (setq command-line-args-left args)
            (elver--bare-file file)
            (setq args command-line-args-left)))
         ((member name '("--elver-script" "--script" "-x"))
          (let ((file (funcall value)))
            (setq command-line-args-left args args nil)
            (elver--bare-file file)))
         ((member name '("-f" "--funcall" "-funcall"))
          (let ((f (intern (funcall value))))
            (setq command-line-args-left args)
            (funcall f)
            (setq args command-line-args-left)))
         ((member name '("-L" "--directory" "-directory"))
          (push (expand-file-name (funcall value)) load-path))
         ((string-prefix-p "-" name) (error "Unknown option `%s'" name))
         (t (setq command-line-args-left args)
            (elver--bare-file arg)
            (setq args command-line-args-left)))))
    (kill-emacs 0)))

(provide 'prelude)

;;; prelude.el ends here
