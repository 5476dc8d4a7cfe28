;;; concurrency.el --- macros over the primitives of tasks and channels  -*- lexical-binding: t -*-

;; Loaded into every VM before any library, so it can use special forms and primitives only, and
;; what its macros expand to as well.

(defalias 'channel-select
  (cons 'macro
        #'(lambda (&rest clauses)
            "Do one of the operations of CLAUSES, and evaluate the body of that clause.
Each clause is one of
  (recv CHANNEL VAR BODY...)    receive a value, bind VAR to it
  (send CHANNEL VALUE BODY...)  send VALUE
  (after SECONDS BODY...)       nothing could be done for SECONDS
  (else BODY...)                nothing can be done now
All channels and values are evaluated first, in order.  When several operations can be done one is
chosen at random; when none can and there is no `else', wait.  An operation on a closed channel
can be done: it signals `channel-closed' (or `channel-poisoned').  Return the value of the last
form of the body.

\(fn CLAUSES...)"
            (let ((selection (make-symbol "selection")) (index 0) operations bodies once)
              (while clauses
                (let* ((clause (car clauses)) (kind (car-safe clause)) (body (cdr-safe clause)))
                  (if (cond ((eq kind 'else) (or (memq kind once) (not (listp body))))
                            ((eq kind 'after) (or (memq kind once) (not (consp body))))
                            ((memq kind '(recv send)) (not (and (consp body) (consp (cdr body)))))
                            (t t))
                      (signal 'error
                              (list (format-message "Invalid clause of `channel-select': %S" clause))))
                  (if (eq kind 'recv)
                      (if (symbolp (car (cdr body))) nil
                        (signal 'wrong-type-argument (list 'symbolp (car (cdr body)))))
                    (if (eq kind 'send) nil (setq once (cons kind once))))
                  (setq operations
                        (cons (if (eq kind 'send) (car (cdr body)))
                              (cons (if (eq kind 'else) nil (car body))
                                    (cons (list 'quote kind) operations)))
                        bodies
                        (cons (list (list 'eq (list 'car selection) index)
                                    (cond
                                     ((eq kind 'else) (cons 'progn body))
                                     ((eq kind 'after) (cons 'progn (cdr body)))
                                     ((and (eq kind 'recv) (car (cdr body)))
                                      (cons 'let
                                            (cons (list (list (car (cdr body)) (list 'cdr selection)))
                                                  (or (cdr (cdr body)) '(nil)))))
                                     (t (cons 'progn (cdr (cdr body))))))
                              bodies)
                        index (1+ index)
                        clauses (cdr clauses))))
              (list 'let
                    (list (list selection
                                (cons 'elver--channel-select (nreverse operations))))
                    (cons 'cond (nreverse bodies)))))))

(put 'channel-select 'lisp-indent-function 0)

(defalias 'do-channel
  (cons 'macro
        #'(lambda (spec &rest body)
            "Evaluate BODY with VAR bound to each value that comes out of CHANNEL.
When CHANNEL is closed and nothing is in it, return the value of RESULT.  The end of a
poisoned channel is signaled.

\(fn (VAR CHANNEL [RESULT]) BODY...)"
            (if (and (consp spec) (symbolp (car spec)) (consp (cdr spec)) (listp (cdr (cdr spec)))
                     (null (cdr (cdr (cdr spec)))))
                nil
              (signal 'error (list (format-message "Invalid (VAR CHANNEL) of `do-channel': %S" spec))))
            (let ((channel (make-symbol "channel"))
                  (end (make-symbol "end"))
                  (value (make-symbol "value")))
              (list 'let*
                    (list (list channel (car (cdr spec)))
                          (list end '(make-symbol "end"))
                          (list value nil))
                    (list 'while
                          (list 'not
                                (list 'eq
                                      (list 'setq value (list 'elver--channel-next channel end))
                                      end))
                          (cons 'let (cons (list (list (car spec) value)) (or body '(nil)))))
                    (car (cdr (cdr spec))))))))

(put 'do-channel 'lisp-indent-function 1)

;; Goroutines in isolates of their own: each `resume' is a message that resumes the one goroutine of
;; that isolate, in the order of the messages.

(defvar elver--goroutine nil
  "The goroutine of this isolate, if it was made for one.")

(defvar elver--goroutine-mutex nil
  "Owned by the message that resumes the goroutine of this isolate.")

(defalias 'elver--goroutine-serve
  #'(lambda (function)
      "Keep a goroutine of FUNCTION for messages that resume it."
      (setq elver--goroutine-mutex (make-mutex)
            elver--goroutine (goroutine function))
      (isolate-receive)))

(defalias 'elver--goroutine-step
  #'(lambda (value)
      "Resume the goroutine of this isolate with VALUE."
      (while (null elver--goroutine)
        (task-yield))
      (mutex-lock elver--goroutine-mutex)
      (unwind-protect
          (resume elver--goroutine value)
        (mutex-unlock elver--goroutine-mutex))))

(defalias 'elver--goroutine-dropped
  #'(lambda ()
      "Nobody can resume the goroutine of this isolate: end, unless it has tasks that go on."
      (if (cdr (cdr (task-list))) nil
        (isolate-send (isolate-current) 'dropped))))

(defalias 'elver--isolate-goroutine
  #'(lambda (function)
      "Return a goroutine of FUNCTION in a fork."
      (elver--goroutine-of (isolate-spawn #'elver--goroutine-serve function))))

;; Descriptions of variables and conditions.

(put 'elver-version 'variable-documentation "Elver's version, a string.  `emacs-version' is that of the library.")

(put 'isolate-error-functions 'variable-documentation
     "Functions that main calls when an isolate has ended with an error that nobody asks for.
Each is called with the isolate's name and the condition, after a line about it went to stderr.")

(put 'proxy-timeout 'variable-documentation
     "How many seconds a write through an unlocked proxy waits for the owner; nil: without limit.
After that it signals `operation-timeout'.")

(put 'task-cancelled 'condition-documentation
     "Signaled in a task by `task-cancel', and then by `task-join' of it.
Like `quit' it is no `error', so that `ignore-errors' does not swallow it.")

(put 'operation-timeout 'condition-documentation
     "Signaled by an operation that has waited as long as its TIMEOUT allows.
The data is the name of the operation.")

(put 'isolate-error 'condition-documentation
     "Signaled by `isolate-join' when an error ended the isolate.
The data is (NAME CONDITION BACKTRACE): the isolate's name, the condition as (SYMBOL . DATA), and
the frames of the error, a string.")

(put 'isolate-killed 'condition-documentation
     "Signaled by `isolate-join' when the isolate was ended by a limit or by `isolate-kill'.
The data is (NAME REASON); REASON is `timeout', `memory' or `killed'.")

(put 'isolate-dead 'condition-documentation
     "Signaled when an isolate is asked for something and has ended, or ends before it answers.")

(put 'channel-closed 'condition-documentation
     "Signaled by sending to a closed channel, and by receiving from one that is closed and drained.
The data is the channel.")

(put 'channel-poisoned 'condition-documentation
     "Signaled by operations on a channel after an isolate connected to it ended with an error.
Values that were in the channel already are delivered first.  The data is the condition.")

(put 'deadlock-error 'condition-documentation
     "Signaled in main when every task of the VM waits for another one.
The data lists who waits for what.")

(put 'wait-forbidden 'condition-documentation
     "Signaled by an operation that would have to wait in `without-preemption' or `with-rollback'.")

(put 'not-transferable 'condition-documentation
     "Signaled in the sender of a value that cannot pass to another isolate; nothing is sent.
The data is the object that cannot (a task, a mutex, a live process, a buffer, ...) and the path
to it from the value, a list of strings such as \"first\" and \"[0]\".")

(put 'not-forkable 'condition-documentation
     "Signaled by `resume' in a fork of a goroutine that waits with frames of Java below it.")

(put 'goroutine-error 'condition-documentation
     "Signaled by `yield' outside a goroutine, and by `resume' of one that runs or has ended.")

(put 'proxy-locked 'condition-documentation
     "Signaled by a write through a locked proxy.  The data is the proxy.")

(put 'frozen-object 'condition-documentation
     "Signaled by an operation that would change a frozen object.  The data is the object.")

;;; concurrency.el ends here
