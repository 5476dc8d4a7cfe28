;;; spawn-join.el --- starting a task and waiting for its value  -*- lexical-binding: t -*-

(require 'measure)

(defun spawn-join (spawns)
  (dotimes (i spawns)
    (unless (= i (task-join (task-spawn (lambda () i)))) (error "Wrong value"))))

(let* ((spawns 100000)
       (round (lambda () (spawn-join spawns))))
  (measure-report :ns (measure-in-task spawns round)
                  :main (measure-nanoseconds spawns round)))
