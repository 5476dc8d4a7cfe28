;;; All as expected  -*- lexical-binding: t -*-
(require 'ert)
(ert-deftest one () (should t))
(ert-deftest two () :expected-result :failed (should nil))
(ert-deftest three () (ert-skip "no"))
