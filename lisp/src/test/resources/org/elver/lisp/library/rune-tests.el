;;; rune-tests.el --- Tests of rune  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Code:

(require 'ert)
(require 'rune)

(ert-deftest rune-test-go ()
  (should (= (channel-recv (go (+ 1 2))) 3))
  (let ((x 20)) (should (= (channel-recv (go (setq x (1+ x)) (* 2 x))) 42)) (should (= x 20))))

(ert-deftest rune-test-go-errors ()
  (should (equal (channel-recv (go (error "No %s" 'way))) '(thread-errored . "No way")))
  (should (equal (channel-recv (go (car 1)))
                 '(thread-errored . "Wrong type argument: listp, 1"))))

(ert-deftest rune-test-go-once ()
  (let ((receiver (go 'value)))
    (should (eq (channel-recv receiver) 'value))
    (should (eq (channel-recv receiver) 'channel-closed))))

(ert-deftest rune-test-go-untransferable ()
  (should (eq (car-safe (channel-recv (go (current-buffer)))) 'thread-errored)))

(ert-deftest rune-test-ends ()
  (let ((ends (make-channel)))
    (should (channel-sender-p (car ends)))
    (should (channel-receiver-p (cdr ends)))
    (should-not (channel-sender-p (cdr ends)))
    (should (eq (type-of (car ends)) 'channel-sender))
    (should (eq (rune-channel (car ends)) (rune-channel (cdr ends))))
    (should-error (channel-send-timeout (cdr ends) 1 0) :type 'wrong-type-argument)
    (should-error (channel-sender-close (cdr ends)) :type 'wrong-type-argument)
    (should-error (channel-send (cdr ends) 1) :type 'wrong-type-argument)))

(ert-deftest rune-test-send-and-receive ()
  (let* ((ends (make-channel 2)) (sender (car ends)) (receiver (cdr ends)))
    (should (null (channel-send sender 'a)))
    (should (null (channel-try-send sender nil)))
    (should (eq (channel-try-send sender 'c) 'channel-full))
    (should (eq (channel-send-timeout sender 'c 0.01) 'channel-timeout))
    (should (eq (channel-recv receiver) 'a))
    (should (eq (channel-try-recv receiver) nil))
    (should (eq (channel-try-recv receiver) 'channel-empty))
    (should (eq (channel-recv-timeout receiver 0.01) 'channel-timeout))))

(ert-deftest rune-test-capacity-is-one-at-least ()
  (dolist (capacity '(nil 0 1))
    (let ((ends (make-channel capacity)))
      (should (null (channel-try-send (car ends) 1)))
      (should (eq (channel-try-send (car ends) 2) 'channel-full)))))

(ert-deftest rune-test-sender-close ()
  (let* ((ends (make-channel 2)) (sender (car ends)) (receiver (cdr ends)))
    (channel-send sender 1)
    (should (null (channel-sender-close sender)))
    (should (null (channel-sender-close sender)))
    (should (eq (channel-send sender 2) 'channel-closed))
    (should (eq (channel-try-send sender 2) 'channel-closed))
    (should (eq (channel-send-timeout sender 2 0.01) 'channel-closed))
    (should (eq (channel-recv receiver) 1))
    (should (eq (channel-recv receiver) 'channel-closed))
    (should (eq (channel-try-recv receiver) 'channel-closed))
    (should (eq (channel-recv-timeout receiver 0.01) 'channel-closed))))

(ert-deftest rune-test-receiver-close ()
  (let* ((ends (make-channel 2)) (sender (car ends)) (receiver (cdr ends)))
    (channel-send sender 1)
    (should (null (channel-receiver-close receiver)))
    (should (eq (channel-recv receiver) 'channel-closed))
    (should (eq (channel-try-recv receiver) 'channel-closed))
    (should (eq (channel-recv-timeout receiver 0.01) 'channel-closed))
    (should (eq (channel-send sender 2) 'channel-closed))))

(ert-deftest rune-test-between-forks ()
  (let* ((requests (make-channel 1)) (answers (make-channel 1))
         (worker (go (let (x (n 0))
                       (while (numberp (setq x (channel-recv (cdr requests))))
                         (channel-send (car answers) (* x x))
                         (setq n (1+ n)))
                       n))))
    (dotimes (i 100)
      (channel-send (car requests) i)
      (should (= (channel-recv (cdr answers)) (* i i))))
    (channel-sender-close (car requests))
    (should (= (channel-recv worker) 100))))

(ert-deftest rune-test-elvers-own-channels ()
  "Libraries that use Elver's channels do not notice."
  (let ((channel (make-channel t)))
    (should (eq (channel-send channel 1) t))
    (should (= (channel-recv channel) 1))
    (should (eq (channel-try-recv channel 'none) 'none))
    (channel-close channel)
    (should-error (channel-recv channel) :type 'channel-closed)))

;;; rune-tests.el ends here
