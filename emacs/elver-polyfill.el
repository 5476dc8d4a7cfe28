;;; elver-polyfill.el --- Goroutines and parallel-* of Elver for GNU Emacs  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: lisp, extensions, processes

;;; Commentary:

;; With this file one source runs in Elver and in GNU Emacs (28 or later):
;;
;;     (require 'elver-polyfill)
;;
;;     (let ((num 0)
;;           (go (goroutine (lambda (x) (yield (1+ x))))))
;;       (setq num (resume go num))
;;       (message "%d" num)                  ; prints 1
;;       (setq num (resume go (+ num 2)))
;;       (message "%d" num))                 ; prints 4
;;
;; In Elver it leaves everything as it is: these names are Elver's own there.  In GNU Emacs it gives
;;
;;     goroutine  resume  yield  resume-async  goroutinep  goroutine-error
;;     promise-await  promise-done-p  promise-then  promisep
;;     parallel-mapcar  parallel-mapc  parallel-reduce  parallel-let
;;
;; Goroutines.  Elver suspends a task with its whole stack, so `yield' works at any call depth.
;; GNU Emacs cannot do that.  There `goroutine' is a macro that rewrites a literal lambda which
;; contains `yield' into continuations.  What may stand around a `yield': every special form but
;; `save-restriction', and every macro that expands into such forms (`dolist', `cl-loop', `pcase',
;; `cl-labels', `with-current-buffer', ...), dynamic bindings included.  What may not:
;;
;;   - a lambda within the function's body, even one that some macro makes (`mapc', `seq-doseq');
;;   - the body of another function, which the goroutine calls;
;;   - the cleanup forms of an `unwind-protect';
;;   - a function that is no literal lambda at that place: (goroutine #'f) works, but F cannot yield.
;;
;; Each of these signals a `goroutine-error' that says so when macros are expanded.  The file must
;; have lexical binding.  Order of evaluation and scope of variables are those of plain Lisp, which
;; the continuations of the library `generator' do not always keep: that is why it is not used here.
;;
;; In parallel.  `parallel-mapcar' and its like run in place, one element after another, and so does
;; everything that is said to be in an isolate of its own (`:isolate t', `resume-async').  Values and
;; errors are the same as in Elver.  Side effects are not: what a function changes stays inside its
;; fork in Elver, and is visible to everything that runs after it in GNU Emacs.  Functions whose only
;; result is their value behave alike in both.
;;
;; Code compiled by GNU Emacs with this file is for GNU Emacs; give Elver the source.

;;; Code:

(eval-when-compile (require 'cl-lib))
(require 'cl-lib)
(require 'macroexp)
(require 'seq)

;; All names here have the prefix of the file; the end of the file gives them Elver's names where
;; Elver does not.

(unless (get 'goroutine-error 'error-conditions)
  (define-error 'goroutine-error "Goroutine error"))

;;; Goroutines at run time

;; A goroutine runs in steps.  Each step is a function of one value that says before it returns what
;; comes next: it jumps to another step, suspends the goroutine, or returns its function's value.
;;
;; What a form establishes for the time of its body (a handler, a catch, a cleanup, a dynamic
;; binding, a current buffer) is a frame: a function that is given a thunk and calls it under that
;; condition.  The loop that runs the steps installs the frames anew whenever they have changed and
;; at each resumption.

(cl-defstruct (elver-polyfill--goroutine
               (:constructor elver-polyfill--make-goroutine (start))
               (:copier nil))
  start                 ; A function of the goroutine; makes the step that calls its function.
  (status 'suspended)   ; suspended, running or ended.
  next                  ; The next step; nil when FUNCTION is not in a call.
  value                 ; What the next step is given; when suspended, what was yielded.
  argument              ; The value of the last resumption.
  yielded               ; Whether the present call of FUNCTION has yielded.
  frames                ; Frames in force, the innermost first.
  buffer                ; Its current buffer while it is suspended.
  match-data)           ; Its match data while it is suspended.

(defun elver-polyfill--jump (go step value)
  "Set the next step of the goroutine GO to STEP, with VALUE."
  (setf (elver-polyfill--goroutine-next go) step
        (elver-polyfill--goroutine-value go) value))

(defun elver-polyfill--suspend (go value step)
  "Answer the resumption of GO with VALUE; let the next one begin at STEP."
  (elver-polyfill--jump go step value)
  (setf (elver-polyfill--goroutine-yielded go) t
        (elver-polyfill--goroutine-status go) 'suspended))

(defun elver-polyfill--return (go value)
  "Go on after a call of the function of GO, with its VALUE."
  (if (elver-polyfill--goroutine-yielded go)
      ;; The last resumption is without an answer: the function gets its value.
      (elver-polyfill--begin go)
    (elver-polyfill--jump go nil value)
    (setf (elver-polyfill--goroutine-status go) 'suspended)))

(defun elver-polyfill--begin (go)
  "Set the next step of GO to a call of its function with the last argument."
  (setf (elver-polyfill--goroutine-yielded go) nil)
  (elver-polyfill--jump go (funcall (elver-polyfill--goroutine-start go) go)
                        (elver-polyfill--goroutine-argument go)))

(defun elver-polyfill--enter (go frame step)
  "Let STEP be the next step of GO, inside FRAME."
  (push frame (elver-polyfill--goroutine-frames go))
  (elver-polyfill--jump go step nil))

(defun elver-polyfill--leave (go step value)
  "Let STEP, with VALUE, be the next step of GO, outside the innermost frame."
  (pop (elver-polyfill--goroutine-frames go))
  (elver-polyfill--jump go step value))

(defun elver-polyfill--land (go frames step value)
  "Let STEP, with VALUE, be the next step of GO after a jump out to FRAMES."
  (setf (elver-polyfill--goroutine-frames go) frames)
  (elver-polyfill--jump go step value))

(defun elver-polyfill--run (go install frames)
  "Run GO inside the frames in INSTALL until its frames are no longer FRAMES."
  (if install
      (funcall (car install)
               (lambda () (elver-polyfill--run go (cdr install) frames)))
    (while (and (eq (elver-polyfill--goroutine-status go) 'running)
                (eq (elver-polyfill--goroutine-frames go) frames))
      (funcall (elver-polyfill--goroutine-next go)
               (elver-polyfill--goroutine-value go)))))

(defun elver-polyfill-resume (goroutine value)
  "Let GOROUTINE go on with VALUE; return its answer.
That is what it yields, or what its function returns without yielding.
An error in it is signaled here and ends it."
  (unless (elver-polyfill--goroutine-p goroutine)
    (signal 'wrong-type-argument (list 'goroutinep goroutine)))
  (pcase (elver-polyfill--goroutine-status goroutine)
    ('running (signal 'goroutine-error (list "Goroutine is running")))
    ('ended (signal 'goroutine-error (list "Goroutine has ended"))))
  (setf (elver-polyfill--goroutine-argument goroutine) value
        (elver-polyfill--goroutine-status goroutine) 'running)
  (if (elver-polyfill--goroutine-next goroutine)
      (setf (elver-polyfill--goroutine-value goroutine) value)
    (elver-polyfill--begin goroutine))
  (unwind-protect
      ;; Its current buffer and its match data are its own.
      (save-current-buffer
        (save-match-data
          (let ((buffer (elver-polyfill--goroutine-buffer goroutine)))
            (when (buffer-live-p buffer) (set-buffer buffer)))
          (set-match-data (elver-polyfill--goroutine-match-data goroutine))
          (while (eq (elver-polyfill--goroutine-status goroutine) 'running)
            (let ((frames (elver-polyfill--goroutine-frames goroutine)))
              (elver-polyfill--run goroutine (reverse frames) frames)))
          (setf (elver-polyfill--goroutine-buffer goroutine) (current-buffer)
                (elver-polyfill--goroutine-match-data goroutine) (match-data))))
    (when (eq (elver-polyfill--goroutine-status goroutine) 'running)
      (elver-polyfill--jump goroutine nil nil)
      (setf (elver-polyfill--goroutine-frames goroutine) nil
            (elver-polyfill--goroutine-status goroutine) 'ended)))
  (prog1 (elver-polyfill--goroutine-value goroutine)
    (setf (elver-polyfill--goroutine-value goroutine) nil)))

(defun elver-polyfill-make (start keys)
  "Return a new goroutine; KEYS may say `:isolate'.
START is a function of the goroutine, and its value is the first step."
  (when (or (eq (car-safe start) 'lambda)
            (and (fboundp 'interpreted-function-p) ; Emacs 30
                 (interpreted-function-p start)
                 (null (aref start 2))))
    (signal 'goroutine-error (list "`goroutine' needs lexical binding")))
  (while keys
    (unless (eq (car keys) :isolate)
      (signal 'goroutine-error (list "Unknown keyword" (car keys))))
    (setq keys (cddr keys)))
  (elver-polyfill--make-goroutine start))

(defun elver-polyfill-make-plain (function &rest keys)
  "Return a goroutine of FUNCTION, which does not yield itself.
KEYS are as in `goroutine'."
  (unless (functionp function)
    (signal 'wrong-type-argument (list 'functionp function)))
  (elver-polyfill-make
   (lambda (go) (lambda (value) (elver-polyfill--return go (funcall function value))))
   keys))

;;; Goroutines at macro-expansion

;; `elver-polyfill--cps' turns a form into code that ends with a jump, so that every form around a
;; `yield' becomes a chain of steps.  What is to be done with the form's value is its continuation, in
;; one of two shapes: a symbol names the variable that holds the next step; a function makes the code
;; from an expression for the value, which that code must evaluate once, before all else.
;;
;; Variables of the source stay variables of the code, with the same scope: steps are closures.  Code
;; of a continuation must therefore never get into the scope of a variable of the form before it:
;; where a form binds variables, its continuation is first put into a variable outside.

(defvar elver-polyfill--go nil
  "The variable that holds the goroutine in the code being made.")

(defvar elver-polyfill--local-functions nil
  "Variables of the source that hold functions which yield, and may only be called.")

(defun elver-polyfill--fail (format &rest args)
  "Signal that something cannot be done here: FORMAT, with ARGS."
  (signal 'goroutine-error (list (apply #'format-message format args))))

(defmacro elver-polyfill-yield (value)
  "Answer the `resume' of this goroutine with VALUE; return the next one's value.
In GNU Emacs this must be in the body of a literal lambda given to `goroutine'."
  (elver-polyfill--fail
   (concat "`yield' must stand in the body of a literal lambda given to `goroutine',"
           " not in another function: %S")
   `(yield ,value)))

(defun elver-polyfill--subforms (form)
  "Return the forms that evaluating FORM may evaluate, but for bodies of lambdas."
  (pcase form
    ((guard (not (and (consp form) (proper-list-p form)))) nil)
    (`(,(or 'quote 'function) . ,_) nil)
    (`(,(or 'let 'let*) ,bindings . ,body)
     (append (mapcar (lambda (b) (car-safe (cdr-safe b))) bindings) body))
    (`(cond . ,clauses) (apply #'append clauses))
    (`(condition-case ,_ ,body . ,handlers) (cons body (apply #'append (mapcar #'cdr handlers))))
    (`((lambda ,_ . ,body) . ,args) (append body args))
    (`(,_ . ,args) args)))

(defun elver-polyfill--yields-p (form)
  "Return non-nil if there is a `yield' in FORM.
A lambda counts only if it is bound to a variable, to be called."
  (or (eq (car-safe form) 'elver-polyfill--yield)
      (and (eq (car-safe form) 'funcall)
           (memq (car-safe (cdr form)) elver-polyfill--local-functions))
      (and (memq (car-safe form) '(let let*))
           (or (seq-some (lambda (b) (elver-polyfill--local-function-p (car-safe (cdr-safe b))))
                         (cadr form))
               (elver-polyfill--yielding-labels form)))
      (seq-some #'elver-polyfill--yields-p (elver-polyfill--subforms form))))

(defun elver-polyfill--lambda-body (form)
  "Return the body of FORM as a list if it is a literal lambda."
  (pcase form (`(function (lambda ,_ . ,body)) body)))

(defun elver-polyfill--check (form)
  "Signal an error if a `yield' in FORM stands where it cannot work."
  (pcase form
    (`(function yield) (elver-polyfill--fail "`yield' can be called only by its name"))
    ((app elver-polyfill--lambda-body (and body (pred consp)))
     (when (seq-some #'elver-polyfill--yields-p body)
       (elver-polyfill--fail
        (concat "`yield' in a lambda within the body of the goroutine's function"
                " (one that a macro made, perhaps): %S")
        form))
     (mapc #'elver-polyfill--check body))
    (`(unwind-protect ,_ . ,(and cleanup (pred (seq-some #'elver-polyfill--yields-p))))
     (elver-polyfill--fail "`yield' in the cleanup forms of `unwind-protect': %S" cleanup))
    (`(elver-polyfill--yield . ,args)
     (unless (= (length args) 1)
       (signal 'wrong-number-of-arguments (list 'yield (length args))))
     (elver-polyfill--check (car args)))
    (`(,(or 'let 'let*) ,bindings . ,body)
     ;; Variables that hold functions which yield, and are only ever called, are no lambdas here:
     ;; see `elver-polyfill--cps-functions'.
     (dolist (binding bindings)
       (let ((value (car-safe (cdr-safe binding))))
         (mapc #'elver-polyfill--check
               (if (elver-polyfill--local-function-p value) (elver-polyfill--lambda-body value)
                 (list value)))))
     (let ((functions (elver-polyfill--yielding-labels form)))
       (pcase-dolist (`(,_ . ,function) functions)
         (mapc #'elver-polyfill--check (elver-polyfill--lambda-body function)))
       (dolist (form body)
         (unless (and (eq (car-safe form) 'setq) (assq (cadr form) functions))
           (elver-polyfill--check form)))))
    (_ (mapc #'elver-polyfill--check (elver-polyfill--subforms form)))))

(defun elver-polyfill--fixed-lambda-p (form)
  "Return non-nil if FORM is a literal lambda with a fixed number of arguments."
  (pcase form
    (`(function (lambda ,args . ,_)) (not (or (memq '&optional args) (memq '&rest args))))))

(defun elver-polyfill--local-function-p (form)
  "Return non-nil if FORM is a literal lambda with a `yield' in its body.
It must have a fixed number of arguments."
  (and (elver-polyfill--fixed-lambda-p form)
       (seq-some #'elver-polyfill--yields-p (elver-polyfill--lambda-body form))))

(defun elver-polyfill--labels (form)
  "Return the functions (VARIABLE . LAMBDA) of FORM, if it comes from `cl-labels'.
That is, if it is (let (VARIABLE...) (setq VARIABLE LAMBDA)... BODY...)."
  (pcase form
    (`(let ,bindings . ,body)
     (let ((functions nil))
       (while (pcase (car body)
                (`(setq ,(and variable (guard (or (memq variable bindings)
                                                  (equal (assq variable bindings)
                                                         (list variable nil)))))
                        ,(and function (pred elver-polyfill--fixed-lambda-p)))
                 (push (cons variable function) functions)))
         (setq body (cdr body)))
       functions))))

(defun elver-polyfill--yielding-labels (form)
  "Return those functions of FORM, if it comes from `cl-labels', that can yield."
  (let ((elver-polyfill--local-functions elver-polyfill--local-functions)
        (rest (elver-polyfill--labels form))
        (yielding nil)
        (more t))
    (while more
      (setq more nil)
      (dolist (function rest)
        (when (elver-polyfill--local-function-p (cdr function))
          (push function yielding)
          (push (car function) elver-polyfill--local-functions)
          (setq rest (remq function rest) more t))))
    yielding))

(defun elver-polyfill--only-called-p (variable form)
  "Return non-nil if VARIABLE, which is a local function, is only called in FORM."
  (pcase form
    ((pred symbolp) (not (eq form variable)))
    ((app elver-polyfill--lambda-body (and body (pred consp)))
     ;; A lambda that calls it must be a local function too.
     (if (elver-polyfill--local-function-p form)
         (elver-polyfill--only-called-p variable (macroexp-progn body))
       (not (elver-polyfill--occurs-p variable body))))
    (`(funcall ,(pred (eq variable)) . ,args)
     (elver-polyfill--only-called-p variable (macroexp-progn args)))
    (_ (seq-every-p (lambda (f) (elver-polyfill--only-called-p variable f))
                    (elver-polyfill--subforms form)))))

(defun elver-polyfill--occurs-p (symbol tree)
  "Return non-nil if SYMBOL occurs anywhere in TREE."
  (let ((found nil))
    (while (and (consp tree) (not found))
      (setq found (elver-polyfill--occurs-p symbol (car tree))
            tree (cdr tree)))
    (or found (eq symbol tree))))

(defun elver-polyfill--dynamic-p (variable)
  "Return non-nil if binding VARIABLE is a dynamic binding."
  (or (special-variable-p variable)
      (memq variable (bound-and-true-p macroexp--dynvars))
      (memq variable (bound-and-true-p byte-compile-bound-variables))))

(defun elver-polyfill--continue (k value)
  "Return the code of the continuation K for the value of the expression VALUE."
  (if (symbolp k) `(elver-polyfill--jump ,elver-polyfill--go ,k ,value)
    (funcall k value)))

(defun elver-polyfill--step (k)
  "Return an expression for the step that is the continuation K."
  (if (symbolp k) k
    (let* ((value (make-symbol "value"))
           (code (funcall k value)))
      `(lambda (,(if (elver-polyfill--occurs-p value code) value '_)) ,code))))

(defun elver-polyfill--with-step (k make)
  "Put the continuation K as a step into a variable, and call MAKE with that.
Return what that returns, inside the binding."
  (if (symbolp k) (funcall make k)
    (let ((step (make-symbol "step")))
      `(let ((,step ,(elver-polyfill--step k)))
         ,(funcall make step)))))

(defun elver-polyfill--leaving (step)
  "Return a continuation out of a frame, to the step in the variable STEP."
  (lambda (value) `(elver-polyfill--leave ,elver-polyfill--go ,step ,value)))

(defun elver-polyfill--with-value (value make)
  "Put the value of the expression VALUE into a variable, and call MAKE with that.
Return what that returns, inside the binding."
  (if (macroexp-const-p value) (funcall make value)
    (let ((variable (make-symbol "value")))
      `(let ((,variable ,value)) ,(funcall make variable)))))

(defun elver-polyfill--cps-args (args make)
  "Return code to evaluate ARGS in order, and then the code that is made by MAKE.
MAKE is a function of a list of expressions for their values."
  (cond
   ((not (seq-some #'elver-polyfill--yields-p args)) (funcall make args))
   ((not (seq-some #'elver-polyfill--yields-p (cdr args)))
    (elver-polyfill--cps (car args)
                         (lambda (value) (funcall make (cons value (cdr args))))))
   (t
    (elver-polyfill--cps
     (car args)
     (lambda (value)
       (elver-polyfill--with-value
        value
        (lambda (value)
          (elver-polyfill--cps-args (cdr args)
                                    (lambda (values) (funcall make (cons value values)))))))))))

(defun elver-polyfill--cps-body (forms k)
  "Return code to evaluate FORMS in order and pass the last value to K."
  (pcase forms
    ('nil (elver-polyfill--continue k nil))
    (`(,form) (elver-polyfill--cps form k))
    (`(,form . ,rest)
     (elver-polyfill--cps
      form
      (lambda (value)
        (let ((code (elver-polyfill--cps-body rest k)))
          (if (or (symbolp value) (macroexp-const-p value)) code
            (macroexp-progn (cons value (macroexp-unprogn code))))))))))

(defun elver-polyfill--cps-let (bindings body k)
  "Return code for a `let' of BINDINGS around BODY with the continuation K.
Each binding is a list (VARIABLE FORM)."
  (elver-polyfill--with-step
   k
   (lambda (step)
     (elver-polyfill--cps-args
      (mapcar #'cadr bindings)
      (lambda (values)
        (if (not (seq-some #'elver-polyfill--dynamic-p (mapcar #'car bindings)))
            `(let ,(seq-mapn #'list (mapcar #'car bindings) values)
               ,(elver-polyfill--cps-body body step))
          ;; All values first, then the lexical variables, then a frame for each dynamic one.
          (let ((cells (mapcar (lambda (b) (make-symbol (symbol-name (car b)))) bindings))
                (lexical nil) (dynamic nil))
            (seq-mapn (lambda (binding cell)
                        (if (elver-polyfill--dynamic-p (car binding))
                            (push (cons (car binding) cell) dynamic)
                          (push (list (car binding) cell) lexical)))
                      bindings cells)
            `(let ,(seq-mapn #'list cells values)
               (let ,(nreverse lexical)
                 ,(elver-polyfill--cps-dynamic (nreverse dynamic) body step))))))))))

(defun elver-polyfill--cps-dynamic (variables body step)
  "Return code for BODY inside dynamic bindings of VARIABLES, and then STEP.
Each of VARIABLES is a pair (VARIABLE . CELL)."
  (if (null variables) (elver-polyfill--cps-body body step)
    (pcase-let ((`((,variable . ,cell) . ,rest) variables)
                (thunk (make-symbol "thunk"))
                (outer (make-symbol "outer")))
      `(elver-polyfill--enter
        ,elver-polyfill--go
        (lambda (,thunk)
          (let ((,variable ,cell))
            (unwind-protect (funcall ,thunk)
              (setq ,cell (and (boundp ',variable) ,variable)))))
        (lambda (_)
          ,(if (null rest)
               (elver-polyfill--cps-body body (elver-polyfill--leaving step))
             `(let ((,outer ,(elver-polyfill--step (elver-polyfill--leaving step))))
                ,(elver-polyfill--cps-dynamic rest body outer))))))))

(defun elver-polyfill--cps-functions (functions others body k)
  "Return code for BODY, with FUNCTIONS in variables, and the continuation K.
Each of FUNCTIONS is (VARIABLE . LAMBDA), where LAMBDA can yield, as macros such
as `cl-flet', `cl-labels' and `pcase' make them.  Its callers give it the step
to go on with.  OTHERS are variables without a value."
  (elver-polyfill--with-step
   k
   (lambda (step)
     (let ((elver-polyfill--local-functions
            (append (mapcar #'car functions) elver-polyfill--local-functions)))
       (pcase-dolist (`(,variable . ,function) functions)
         (unless (elver-polyfill--only-called-p
                  variable (macroexp-progn (append (mapcar #'cdr functions) body)))
           (elver-polyfill--fail
            "`yield' in a function that is used for more than being called, or in a lambda: %S"
            function)))
       ;; Set, not bound: Emacs 28's compiler makes mistakes with variables bound to functions that
       ;; are only called, where what they capture is hidden.
       `(let ,(mapcar (lambda (v) (list v nil)) (append (mapcar #'car functions) others))
          ,@(mapcar
             (pcase-lambda (`(,variable . ,function))
               (let ((return (make-symbol "return")))
                 `(setq ,variable
                        (lambda (,return ,@(cadr (cadr function)))
                          ,(elver-polyfill--cps-body
                            (cdr (macroexp-parse-body (elver-polyfill--lambda-body function)))
                            return)))))
             functions)
          ,(elver-polyfill--cps-body body step))))))

(defun elver-polyfill--cps-handlers (variable body handlers k)
  "Return code for a `condition-case' with the continuation K.
VARIABLE, BODY and HANDLERS are its parts."
  (elver-polyfill--with-step
   k
   (lambda (step)
     (let ((outer (make-symbol "outer"))
           (thunk (make-symbol "thunk"))
           (err (make-symbol "err"))
           (go elver-polyfill--go)
           (success step)
           (steps nil) (clauses nil))
       (pcase-dolist (`(,condition . ,forms) handlers)
         (let ((handler (make-symbol "handler")))
           (push (list handler
                       ;; A parameter is bound lexically, as the variable of a `condition-case' is,
                       ;; whatever it is outside.
                       `(lambda (,(if (and variable (elver-polyfill--occurs-p variable forms))
                                      variable
                                    '_))
                          ,(elver-polyfill--cps-body forms step)))
                 steps)
           (if (eq condition :success) (setq success handler)
             (push `(,condition (elver-polyfill--land ,go ,outer ,handler ,err)) clauses))))
       `(let (,@(nreverse steps)
              (,outer (elver-polyfill--goroutine-frames ,go)))
          (elver-polyfill--enter
           ,go
           (lambda (,thunk) (condition-case ,err (funcall ,thunk) ,@(nreverse clauses)))
           (lambda (_) ,(elver-polyfill--cps body (elver-polyfill--leaving success)))))))))

(defun elver-polyfill--cps-catch (tag body k)
  "Return code for a `catch' of TAG around BODY with the continuation K."
  (elver-polyfill--with-step
   k
   (lambda (step)
     (elver-polyfill--cps
      tag
      (lambda (value)
        (let ((outer (make-symbol "outer"))
              (thunk (make-symbol "thunk"))
              (thrown (make-symbol "thrown"))
              (result (make-symbol "result"))
              (tag (make-symbol "tag"))
              (go elver-polyfill--go))
          `(let ((,tag ,value)
                 (,outer (elver-polyfill--goroutine-frames ,go)))
             (elver-polyfill--enter
              ,go
              (lambda (,thunk)
                (let* ((,thrown t)
                       (,result (catch ,tag (funcall ,thunk) (setq ,thrown nil))))
                  (when ,thrown (elver-polyfill--land ,go ,outer ,step ,result))))
              (lambda (_) ,(elver-polyfill--cps-body body (elver-polyfill--leaving step)))))))))))

(defun elver-polyfill--cps-cleanup (body cleanup k)
  "Return code for an `unwind-protect' of BODY with CLEANUP and the continuation K."
  (elver-polyfill--with-step
   k
   (lambda (step)
     (let ((outer (make-symbol "outer"))
           (thunk (make-symbol "thunk"))
           (done (make-symbol "done"))
           (value (make-symbol "value"))
           (function (make-symbol "cleanup"))
           (after (make-symbol "after"))
           (go elver-polyfill--go))
       `(let* ((,outer (elver-polyfill--goroutine-frames ,go))
               (,function (lambda () ,@cleanup))
               (,after (lambda (,value)
                         (funcall ,function)
                         (elver-polyfill--jump ,go ,step ,value))))
          (elver-polyfill--enter
           ,go
           (lambda (,thunk)
             (let ((,done nil))
               (unwind-protect
                   (progn (funcall ,thunk) (setq ,done t))
                 (unless ,done
                   (setf (elver-polyfill--goroutine-frames ,go) ,outer)
                   (funcall ,function)))))
           (lambda (_) ,(elver-polyfill--cps body (elver-polyfill--leaving after)))))))))

(defun elver-polyfill--cps-buffer (body k)
  "Return code for a `save-current-buffer' of BODY with the continuation K."
  (elver-polyfill--with-step
   k
   (lambda (step)
     (let ((thunk (make-symbol "thunk"))
           (buffer (make-symbol "buffer")))
       `(let ((,buffer (current-buffer)))
          (elver-polyfill--enter
           ,elver-polyfill--go
           (lambda (,thunk)
             (save-current-buffer
               (when (buffer-live-p ,buffer) (set-buffer ,buffer))
               (unwind-protect (funcall ,thunk)
                 (setq ,buffer (current-buffer)))))
           (lambda (_) ,(elver-polyfill--cps-body body (elver-polyfill--leaving step)))))))))

(defun elver-polyfill--cps-loop (test body k)
  "Return code for a `while' of TEST and BODY with the continuation K."
  (elver-polyfill--with-step
   k
   (lambda (step)
     (let ((loop (make-symbol "loop"))
           (go elver-polyfill--go))
       `(let ((,loop nil))
          (setq ,loop
                (lambda (_)
                  ,(elver-polyfill--cps
                    test
                    (lambda (value)
                      `(if ,value
                           ,(elver-polyfill--cps-body `(,@body nil) loop)
                         (elver-polyfill--jump ,go ,step nil))))))
          (elver-polyfill--jump ,go ,loop nil))))))

(defun elver-polyfill--cps (form k)
  "Return code to evaluate FORM and pass its value to the continuation K.
All macros of FORM have been expanded."
  (if (not (elver-polyfill--yields-p form))
      (elver-polyfill--continue k form)
    (pcase form
      (`(elver-polyfill--yield ,value)
       (elver-polyfill--cps
        value
        (lambda (value)
          `(elver-polyfill--suspend ,elver-polyfill--go ,value ,(elver-polyfill--step k)))))
      (`(,(or 'progn 'inline) . ,forms) (elver-polyfill--cps-body forms k))
      (`(prog1 ,first . ,rest)
       (elver-polyfill--cps
        first
        (lambda (value)
          (elver-polyfill--with-value
           value
           (lambda (value)
             (elver-polyfill--cps-body `(,@rest nil)
                                       (lambda (_) (elver-polyfill--continue k value))))))))
      (`(prog2 ,first . ,rest) (elver-polyfill--cps `(progn ,first (prog1 ,@rest)) k))
      (`(if ,test ,then . ,else)
       (elver-polyfill--with-step
        k
        (lambda (step)
          (elver-polyfill--cps
           test
           (lambda (value)
             `(if ,value ,(elver-polyfill--cps then step)
                ,(elver-polyfill--cps-body else step)))))))
      (`(and ,form) (elver-polyfill--cps form k))
      (`(and ,form . ,rest) (elver-polyfill--cps `(if ,form (and ,@rest)) k))
      (`(or ,form) (elver-polyfill--cps form k))
      (`(or ,form . ,rest)
       (elver-polyfill--with-step
        k
        (lambda (step)
          (elver-polyfill--cps
           form
           (lambda (value)
             (elver-polyfill--with-value
              value
              (lambda (value)
                `(if ,value ,(elver-polyfill--continue step value)
                   ,(elver-polyfill--cps `(or ,@rest) step)))))))))
      (`(cond (,test) . ,rest) (elver-polyfill--cps `(or ,test (cond ,@rest)) k))
      (`(cond (,test . ,body) . ,rest)
       (elver-polyfill--cps `(if ,test (progn ,@body) (cond ,@rest)) k))
      (`(while ,test . ,body) (elver-polyfill--cps-loop test body k))
      (`(setq ,variable ,value)
       (elver-polyfill--cps
        value (lambda (value) (elver-polyfill--continue k `(setq ,variable ,value)))))
      (`(setq ,variable ,value . ,rest)
       (elver-polyfill--cps `(progn (setq ,variable ,value) (setq ,@rest)) k))
      ((and `(let ,bindings . ,body)
            (let (and functions (pred consp)) (elver-polyfill--yielding-labels form)))
       (elver-polyfill--cps-functions
        functions
        (seq-remove (lambda (v) (assq v functions))
                    (mapcar (lambda (b) (if (consp b) (car b) b)) bindings))
        (seq-remove (lambda (f) (and (eq (car-safe f) 'setq) (assq (cadr f) functions))) body)
        k))
      (`(let (,binding) . ,body)
       (let* ((binding (if (symbolp binding) (list binding nil) binding))
              (value (cadr binding)))
         (if (elver-polyfill--local-function-p value)
             (elver-polyfill--cps-functions (list (cons (car binding) value)) nil body k)
           (elver-polyfill--cps-let (list (list (car binding) value)) body k))))
      (`(let ,bindings . ,body)
       (let ((bindings (mapcar (lambda (b) (if (consp b) b (list b nil))) bindings)))
         (if (not (seq-some #'elver-polyfill--local-function-p (mapcar #'cadr bindings)))
             (elver-polyfill--cps-let bindings body k)
           ;; Functions that yield cannot be renamed like values: they go outside, under the same
           ;; names, which no form of the other bindings may use.
           (let ((functions (seq-filter (lambda (b) (elver-polyfill--local-function-p (cadr b)))
                                        bindings)))
             (dolist (f functions)
               (when (elver-polyfill--occurs-p (car f) (mapcar #'cdr bindings))
                 (elver-polyfill--fail "`yield' in a function bound in parallel: %S" f)))
             (elver-polyfill--cps
              (seq-reduce (lambda (inner f) `(let (,f) ,inner)) functions
                          `(let ,(seq-difference bindings functions) ,@body))
              k)))))
      (`(let* () . ,body) (elver-polyfill--cps-body body k))
      (`(let* (,binding . ,rest) . ,body)
       (elver-polyfill--cps `(let (,binding) (let* ,rest ,@body)) k))
      (`(condition-case ,variable ,body . ,handlers)
       (elver-polyfill--cps-handlers variable body handlers k))
      (`(catch ,tag . ,body) (elver-polyfill--cps-catch tag body k))
      (`(unwind-protect ,body . ,cleanup) (elver-polyfill--cps-cleanup body cleanup k))
      (`(save-current-buffer . ,body) (elver-polyfill--cps-buffer body k))
      (`(save-excursion . ,body)
       (let ((point (make-symbol "point")))
         (elver-polyfill--cps
          `(let ((,point (point-marker)))
             (save-current-buffer
               (unwind-protect (progn ,@body)
                 (when (marker-buffer ,point)
                   (with-current-buffer (marker-buffer ,point) (goto-char ,point))
                   (set-marker ,point nil)))))
          k)))
      (`(funcall ,(and variable (guard (memq variable elver-polyfill--local-functions))) . ,args)
       (elver-polyfill--cps-args
        args
        (lambda (values)
          (elver-polyfill--with-step k (lambda (step) `(funcall ,variable ,step ,@values))))))
      ((or `(funcall (function (lambda ,parameters . ,body)) . ,args)
           `((lambda ,parameters . ,body) . ,args))
       (elver-polyfill--with-step
        k
        (lambda (step)
          (elver-polyfill--cps-args
           args
           (lambda (values)
             `(funcall (lambda ,parameters ,(elver-polyfill--cps-body body step)) ,@values))))))
      (`(,(and function (pred symbolp) (guard (not (special-form-p function)))) . ,args)
       (elver-polyfill--cps-args
        args (lambda (values) (elver-polyfill--continue k `(,function ,@values)))))
      (`(,function . ,_)
       (elver-polyfill--fail "`yield' in `%S' is not supported in GNU Emacs: %S" function form)))))

(defun elver-polyfill--lambda-code (parameters body)
  "Return an expression for the START of `elver-polyfill-make'.
The function has PARAMETERS and BODY.  All macros have been expanded."
  (let ((elver-polyfill--go (make-symbol "go"))
        (elver-polyfill--local-functions nil))
    `(lambda (,elver-polyfill--go)
       (lambda ,parameters
         ,(elver-polyfill--cps-body
           body (lambda (value) `(elver-polyfill--return ,elver-polyfill--go ,value)))))))

(defmacro elver-polyfill-goroutine (function &rest keys)
  "Return a goroutine of FUNCTION, for `resume'.
The first `resume' calls FUNCTION with its value; `yield' answers it, and the
next one's value is what `yield' returns.  When FUNCTION has yielded and
returns, it is called again with the last value; when it returns without having
yielded, its value is the answer.

In GNU Emacs only a literal lambda can yield, and only in its own body.
KEYS, `:isolate' VALUE, matter in Elver only."
  (pcase (macroexpand function macroexpand-all-environment)
    (`(function (lambda ,parameters . ,body))
     ;; A `yield' to this goroutine becomes a mark; one in the lambda of another is that one's.
     (let* ((expanded
             (macroexpand-all
              `(function (lambda ,parameters . ,body))
              (cons (cons 'yield (lambda (&rest args) `(elver-polyfill--yield ,@args)))
                    macroexpand-all-environment)))
            (parameters (cadr (cadr expanded)))
            (body (cdr (macroexp-parse-body (cddr (cadr expanded))))))
       (mapc #'elver-polyfill--check body)
       (if (elver-polyfill--occurs-p 'elver-polyfill--yield body)
           `(elver-polyfill-make ,(elver-polyfill--lambda-code parameters body) (list ,@keys))
         `(elver-polyfill-make-plain (function (lambda ,parameters . ,body)) ,@keys))))
    (expanded `(elver-polyfill-make-plain ,expanded ,@keys))))

;;; Promises, which are kept at once

(cl-defstruct (elver-polyfill--promise
               (:constructor elver-polyfill--make-promise (value condition))
               (:copier nil))
  value condition)

(defmacro elver-polyfill--promise (&rest body)
  "Run BODY now and return a promise of its value, or of the error that ended it."
  (declare (indent 0))
  `(condition-case err (elver-polyfill--make-promise (progn ,@body) nil)
     (error (elver-polyfill--make-promise nil err))))

(defun elver-polyfill-resume-async (goroutine value)
  "Resume GOROUTINE with VALUE; return a promise of its answer.
In GNU Emacs the goroutine runs at once."
  (unless (elver-polyfill--goroutine-p goroutine)
    (signal 'wrong-type-argument (list 'goroutinep goroutine)))
  (elver-polyfill--promise (elver-polyfill-resume goroutine value)))

(defun elver-polyfill--check-promise (promise)
  "Signal an error unless PROMISE is one."
  (unless (elver-polyfill--promise-p promise)
    (signal 'wrong-type-argument (list 'promisep promise))))

(defun elver-polyfill-promise-await (promise &optional _timeout)
  "Return the value of PROMISE, or signal its error.
In GNU Emacs there is never anything to wait for."
  (elver-polyfill--check-promise promise)
  (let ((condition (elver-polyfill--promise-condition promise)))
    (if condition (signal (car condition) (cdr condition))
      (elver-polyfill--promise-value promise))))

(defun elver-polyfill-promise-done-p (promise)
  "Return non-nil if PROMISE has its value: always, in GNU Emacs."
  (elver-polyfill--check-promise promise)
  t)

(defun elver-polyfill-promise-then (promise function)
  "Call FUNCTION with the value of PROMISE; return a promise of its value.
If PROMISE has failed, FUNCTION is not called and the new promise fails alike."
  (elver-polyfill--promise
    (funcall function (elver-polyfill-promise-await promise))))

;;; In parallel, one after another

(defun elver-polyfill-parallel-mapcar (function sequence &optional _chunk)
  "Return a list of the values of FUNCTION for each element of SEQUENCE.
In GNU Emacs this is `mapcar', and side effects of FUNCTION are visible."
  (mapcar function sequence))

(defun elver-polyfill-parallel-mapc (function sequence &optional _chunk)
  "Call FUNCTION for each element of SEQUENCE; return SEQUENCE.
In GNU Emacs this is `mapc', and side effects of FUNCTION are visible."
  (mapc function sequence))

(defun elver-polyfill-parallel-reduce (function sequence initial &optional _combine)
  "Reduce SEQUENCE with FUNCTION, starting with INITIAL.
In GNU Emacs this is `seq-reduce', and side effects of FUNCTION are visible."
  (seq-reduce function sequence initial))

(defmacro elver-polyfill-parallel-let (bindings &rest body)
  "Bind variables to values computed side by side, then evaluate BODY.
In GNU Emacs this is `let' of BINDINGS, and side effects are visible."
  (declare (indent 1) (debug let))
  `(let ,bindings ,@body))

;;; Names

(unless (featurep 'elver)
  (dolist (name '(goroutine resume yield resume-async promise-await promise-done-p promise-then
                  parallel-mapcar parallel-mapc parallel-reduce parallel-let))
    (defalias name (intern (format "elver-polyfill-%s" name))))
  (defalias 'goroutinep #'elver-polyfill--goroutine-p)
  (defalias 'promisep #'elver-polyfill--promise-p)
  (put 'goroutine 'lisp-indent-function 0)
  (put 'parallel-let 'lisp-indent-function 1))

(provide 'elver-polyfill)
;;; elver-polyfill.el ends here
