;;; No tests  -*- lexical-binding: t -*-
(require 'ert)
