;;; A test that throws to the top level is the end of the run  -*- lexical-binding: t -*-
(require 'ert)
(ert-deftest only () (throw 'top-level nil))
