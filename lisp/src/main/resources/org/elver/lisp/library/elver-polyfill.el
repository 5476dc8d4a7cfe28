;;; elver-polyfill.el --- nothing to add here  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; GNU Emacs gets goroutines and `parallel-*' from the file of this name in emacs/.  Elver has them
;; anyway; this is what (require 'elver-polyfill) finds when that file is not at hand.

;;; Code:

(provide 'elver-polyfill)
;;; elver-polyfill.el ends here
