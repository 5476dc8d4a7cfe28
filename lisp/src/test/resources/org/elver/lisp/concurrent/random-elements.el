;;; random-elements.el --- random elements against a sequential oracle  -*- lexical-binding: t -*-

;; An element is a list of operations on variables, conses, a hash table and a buffer that all
;; elements share.  Runs in bare mode too.

(defvar elver--speculate-early t)
(defvar test-a 0)
(defvar test-b 0)
(defvar test-c 0)
(defvar test-cells nil)
(defvar test-table nil)
(defvar test-buffer nil)

(defun test-state ()
  (list test-a test-b test-c (mapcar #'copy-sequence test-cells)
        (mapcar (lambda (k) (gethash k test-table)) '(0 1 2 3 4 5 6 7))
        (with-current-buffer test-buffer (list (buffer-string) (point)))
        (get 'test-a 'test)))

(defun test-reset ()
  (setq test-a 1 test-b 2 test-c 3
        test-cells (list (list 1) (list 2) (list 3) (list 4))
        test-table (make-hash-table)
        test-buffer (get-buffer-create "test"))
  (put 'test-a 'test nil)
  (with-current-buffer test-buffer (erase-buffer) (insert "abc")))

(defun test-operation (kind x)
  (cond
   ((eq kind 0) (setq test-a (+ x (% test-a 1000))))
   ((eq kind 1) (setq test-b (+ test-a x)))
   ((eq kind 2) test-c)
   ((eq kind 3) (let ((test-c x)) (+ test-c 1)))
   ((eq kind 4) (setcar (nth (% x 4) test-cells) (+ x (% test-b 1000))))
   ((eq kind 5) (car (nth (% x 4) test-cells)))
   ((eq kind 6) (puthash (% x 8) x test-table))
   ((eq kind 7) (gethash (% x 8) test-table))
   ((eq kind 8) (with-current-buffer test-buffer (insert (number-to-string x)) (point)))
   ((eq kind 9) (with-current-buffer test-buffer (buffer-string)))
   ((eq kind 10) (put 'test-a 'test (cons x (get 'test-a 'test))))
   ((eq kind 11) (nth (% x 4) test-cells))
   ((eq kind 12) (string-match "b+" "aabb") (match-beginning 0))
   (t (let ((i 0)) (while (< i 300) (setq i (1+ i))) i))))

(defun test-element (element)
  (mapcar (lambda (op)
            (if (eq (car op) 'error) (signal 'error (list (cdr op) test-a))
              (test-operation (car op) (cdr op))))
          element))

(defun test-elements (calm)
  "Random elements; CALM ones touch nothing that others write."
  (let ((n (1+ (random 12))) elements (failing (eq 0 (random 4))))
    (while (> n 0)
      (let ((k (1+ (random 4))) element)
        (while (> k 0)
          (setq element (cons (cons (if calm (nth (random 4) '(2 5 12 13)) (random 14)) (random 100))
                              element)
                k (1- k)))
        (if (and failing (eq 0 (random 4))) (setq element (append element (list (cons 'error n)))))
        (setq elements (cons element elements)))
      (setq n (1- n)))
    elements))

(defun test-outcome (form)
  "What FORM gives, or the error, and the state afterwards; printed."
  (prin1-to-string
   (isolate-join
    (isolate-spawn
     (lambda ()
       (list (condition-case e (funcall form) (error (list 'failed e))) (test-state)))))))

(defun test-alone (elements)
  "What `parallel-mapcar' must give."
  (prin1-to-string
   (list
    (catch 'failed
      (mapcar (lambda (e)
                (let ((v (isolate-join
                          (isolate-spawn
                           (lambda () (condition-case e (cons 'ok (test-element e))
                                        (error (list 'failed e))))))))
                  (if (eq (car v) 'failed) (throw 'failed v) (cdr v))))
              elements))
    (test-state))))

(defun test-check (seed what expected got elements)
  (if (equal expected got) nil
    (signal 'error (list (format "seed %s, %s" seed what) expected got (prin1-to-string elements)))))

(defun test-programs (seed n)
  "Run N random programs; return how many."
  (let ((i 0))
    (while (< i n)
      (random (format "%d" (+ seed i)))
      (test-reset)
      (let* ((elements (test-elements (eq 0 (% i 3))))
             (alone (test-alone elements))
             (sequential (test-outcome (lambda () (mapcar #'test-element elements)))))
        (mapc (lambda (chunk)
                (test-check (+ seed i) (format "parallel-mapcar, chunk %s" chunk) alone
                            (test-outcome (lambda () (parallel-mapcar #'test-element elements chunk)))
                            elements))
              '(nil 1 3 100))
        (test-check (+ seed i) "parallel-mapcar in place" alone
                    (test-outcome
                     (lambda () (without-preemption (parallel-mapcar #'test-element elements))))
                    elements)
        (test-check (+ seed i) "speculate-mapcar" sequential
                    (test-outcome (lambda () (speculate-mapcar #'test-element elements)))
                    elements)
        (test-check (+ seed i) "rolled back"
                    (prin1-to-string (list nil (test-state)))
                    (test-outcome
                     (lambda ()
                       (condition-case nil
                           (with-rollback (mapcar #'test-element elements) (error "Out"))
                         (error nil))))
                    elements))
      (setq i (1+ i)))
    i))
