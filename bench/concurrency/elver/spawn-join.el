;;; spawn-join.el --- starting a task and waiting for its value  -*- lexical-binding: t -*-

(require 'measure)

(let ((spawns 100000))
  (measure-report
   :ns (measure-nanoseconds
        spawns
        (lambda ()
          (dotimes (i spawns)
            (unless (= i (task-join (task-spawn (lambda () i)))) (error "Wrong value")))))))
