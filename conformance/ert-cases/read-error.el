;;; A file that ends too early  -*- lexical-binding: t -*-
(require 'ert)
(ert-deftest early () (should t)
