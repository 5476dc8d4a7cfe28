;;; random-programs.el --- parallel and speculative evaluation against plain evaluation  -*- lexical-binding: t -*-

;; A program is a sequence of elements; an element is an expression, made at random, that reads and
;; writes what all elements share: variables, a function, property lists, conses, a vector, a
;; string, a hash table, a buffer.  It may bind, fail, throw, catch, and evaluate in parallel itself.
;;
;; What must come of it is found out by plain evaluation, one element after the other: for
;; `parallel-...' each beginning with the shared things made anew; for `speculate-mapcar' each with
;; what those before it have left.  Runs in bare mode too.

(defvar elver--speculate-early t)
(defvar test-a nil)
(defvar test-b nil)
(defvar test-c nil)
(defvar test-cells nil)
(defvar test-vector nil)
(defvar test-string nil)
(defvar test-table nil)
(defvar test-buffer nil)
(defvar test-x nil)

(defun test-reset ()
  "Make everything shared anew."
  (setq test-a 1 test-b 2 test-c 3
        test-cells (list (list 1) (list 2 'two) (list 3) (list 4))
        test-vector (vector 1 2 3 4)
        test-string (copy-sequence "abcd")
        test-table (make-hash-table :test 'equal)
        test-buffer (get-buffer-create "test"))
  (puthash 1 'one test-table)
  (fset 'test-function (lambda (v) (list 'first v)))
  (setplist 'test-a (list 'test 0))
  (with-current-buffer test-buffer (erase-buffer) (insert "abc") (goto-char 2)))

(defun test-state ()
  "Everything shared, to be compared."
  (list test-a test-b test-c test-cells test-vector test-string
        (mapcar (lambda (k) (gethash k test-table)) '(0 1 2 3))
        (hash-table-count test-table)
        (with-current-buffer test-buffer (list (buffer-string) (point)))
        (symbol-plist 'test-a)
        (test-function 0)))

(defun test-atom (v)
  "V, or what stands for it where structures would grow without end."
  (if (or (numberp v) (symbolp v)) v
    (let ((s (prin1-to-string v)))
      (if (> (length s) 20) (length s) s))))

(defun test-pick (l) (nth (random (length l)) l))

(defun test-leaf ()
  (let ((k (random 4)))
    (test-pick
     (list 'test-x 'test-x (random 100) (format "%d" (random 100)) ''s 'test-a 'test-b 'test-c
           (list 'car (list 'nth k 'test-cells)) (list 'nth k 'test-cells)
           (list 'aref 'test-vector k) (list 'aref 'test-string k) '(copy-sequence test-string)
           (list 'gethash k 'test-table) '(get 'test-a 'test)
           '(with-current-buffer test-buffer (buffer-string))
           '(with-current-buffer test-buffer (point))
           '(progn (string-match "b+" "aabb") (match-beginning 0))))))

(defun test-write (e)
  "An expression that writes the value of E somewhere."
  (let ((k (random 4)) (e (list 'test-atom e)))
    (test-pick
     (list (list 'setq 'test-a e) (list 'setq 'test-b e)
           (list 'setq 'test-a (list 'list 'test-a e) 'test-a '(test-atom test-a))
           (list 'setcar (list 'nth k 'test-cells) e)
           (list 'setcdr (list 'nth k 'test-cells) (list 'list e))
           (list 'aset 'test-vector k e)
           (list 'aset 'test-string k (+ ?a (random 26)))
           (list 'puthash k e 'test-table) (list 'remhash k 'test-table)
           (list 'put ''test-a ''test e)
           (list 'fset ''test-function (list 'let (list (list 'v e)) '(lambda (x) (list v x))))
           (list 'with-current-buffer 'test-buffer (list 'insert (list 'format "%s" e)) '(point))
           '(with-current-buffer test-buffer (goto-char (point-min)))))))

(defun test-expression (depth calm)
  "A random expression; a CALM one writes nothing that others could see."
  (if (= depth 0) (test-leaf)
    (let* ((e (test-expression (1- depth) calm)) (f (test-expression (random depth) calm)))
      (test-pick
       (list (list 'list e f) (list 'list e f) (list 'cons e f)
             (list '+ e f) (list 'car e) (list 'format "%s-%s" e f)
             (list 'if (list 'equal e f) ''same e)
             (list 'let (list (list 'test-c e)) (list 'list 'test-c f))
             (list 'let* (list (list 'l (list 'list e))) (list 'setcar 'l f) 'l)
             (list 'mapcar (list 'lambda '(y) (list 'list 'y e)) ''(1 2))
             (list 'funcall (list 'let (list (list 'n e))
                                  (list 'lambda nil (list 'setq 'n (list 'list 'n f)))))
             (list 'condition-case 'err e (list 'error (list 'list ''caught 'err)))
             (list 'catch ''in (list 'list e (list 'throw ''in f)))
             (list 'test-function e)
             (list 'with-rollback e)
             (list 'condition-case nil
                   (list 'with-rollback (if calm e (test-write e)) '(error "Back"))
                   (list 'error f))
             (list 'parallel-mapcar (list 'lambda '(test-x) e) (list 'list 1 f 3) (1+ (random 3)))
             (list 'parallel-let (list (list 'p e) (list 'q f)) '(list p q))
             (list 'speculate-mapcar (list 'lambda '(test-x) e) (list 'list f 2))
             (if calm e (test-write e)) (if calm f (test-write e)) (if calm e (test-write f))
             (if calm e (list 'progn (test-write e) f))
             (if calm e (list 'unwind-protect e (test-write f)))
             (if calm f (list 'let (list (list 'test-a e)) (test-write f) 'test-a))
             (test-pick (list e f e f (list 'signal ''test-error (list 'list e))
                              (list 'throw ''out f) '(no-such-function))))))))

(defun test-elements (calm)
  "Random elements: a list of pairs of a number and an expression."
  (let ((n (random 9)) elements)
    (while (> n 0)
      (setq elements (cons (cons n (test-expression (1+ (random 3)) calm)) elements)
            n (1- n)))
    elements))

(defun test-element (element)
  (let ((test-x (car element)))
    (eval (cdr element) t)))

(defmacro test-outcome (&rest body)
  "What BODY gives, or how it ends, and the state afterwards; printed."
  (list 'prin1-to-string
        (list 'list
              (list 'condition-case 'e
                    (list 'catch ''out (list 'list ''value (cons 'progn body)))
                    '(error (list 'failed e)))
              '(test-state))))

(defun test-each (elements)
  "The values of ELEMENTS, as if each were the only one."
  (unwind-protect (mapcar (lambda (e) (test-reset) (test-element e)) elements)
    (test-reset)))

(defun test-check (seed what expected got elements)
  (or (equal expected got)
      (signal 'error (list (format "seed %s, %s" seed what)
                           expected got (prin1-to-string elements)))))

(defun test-program (seed)
  "Try the program of SEED in all ways."
  (random (format "%d" seed))
  (test-reset)
  (let* ((calm (eq 0 (random 3)))
         (elements (test-elements calm))
         (sequence (if (eq 0 (random 3)) (vconcat elements) elements))
         (alone (test-outcome (test-each elements)))
         (elver--speculate-early (nth (random 3) '(nil t forks)))
         each sequential)
    (dolist (chunk (list nil 1 (+ 2 (random 3)) 100))
      (test-reset)
      (test-check seed (format "parallel-mapcar, chunk %s" chunk) alone
                  (test-outcome (parallel-mapcar #'test-element sequence chunk)) elements))
    (test-reset)
    (test-check seed "parallel-mapcar in place" alone
                (test-outcome (without-preemption (parallel-mapcar #'test-element sequence)))
                elements)
    (setq each (test-outcome (test-each elements) sequence))
    (test-reset)
    (test-check seed "parallel-mapc" each
                (test-outcome (parallel-mapc #'test-element sequence (1+ (random 4)))) elements)
    (test-reset)
    (test-check seed "parallel-let" alone
                (test-outcome
                 (let ((names (mapcar (lambda (e) (intern (format "v%d" (car e)))) elements)))
                   (eval (list 'parallel-let
                               (mapcar (lambda (e)
                                         (list (intern (format "v%d" (car e)))
                                               (list 'test-element (list 'quote e))))
                                       elements)
                               (cons 'list names))
                         t)))
                elements)
    (if (not calm) nil
      (let* ((add (lambda (sum e) (append sum (list (test-element e)))))
             (reduced (test-outcome (let (sum) (dolist (e elements sum)
                                                 (setq sum (funcall add sum e)))))))
        (test-reset)
        (test-check seed "parallel-reduce" reduced
                    (test-outcome (parallel-reduce add sequence nil #'append)) elements)))
    (test-reset)
    (setq sequential (test-outcome (mapcar #'test-element sequence)))
    (test-reset)
    (test-check seed "speculate-mapcar" sequential
                (test-outcome (speculate-mapcar #'test-element sequence)) elements)
    ;; The same, but taken back.
    (test-reset)
    (let ((before (test-outcome 1)))
      (test-check seed "rolled back" before
                  (test-outcome
                   (condition-case nil
                       (with-rollback (catch 'out (mapcar #'test-element sequence)) (error "Out"))
                     (error 1)))
                  elements))))

(define-error 'test-error "Test")

(defun test-programs (seed n)
  "Try N random programs, from that of SEED on; return how many."
  (dotimes (i n)
    (test-program (+ seed i)))
  n)
