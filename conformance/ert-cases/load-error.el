;;; A file that cannot be loaded  -*- lexical-binding: t -*-
(require 'ert)
(ert-deftest early () (should t))
(error "Not loaded: %s" 'why)
