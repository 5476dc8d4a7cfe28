package org.elver.lisp.primitive;

import java.util.StringTokenizer;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Symbol;

/** Variables of primitives that hold only integers, or only t and nil. */
final class DataKinds {
  private static final String INTEGERS =
      "auto-save-interval baud-rate cons-cells-consed display-line-numbers-major-tick "
          + "display-line-numbers-minor-tick display-line-numbers-offset double-click-fuzz "
          + "executing-kbd-macro-index extra-keyboard-modifiers face-near-same-color-threshold "
          + "floats-consed gc-cons-threshold gcs-done gnutls-log-level hscroll-margin "
          + "integer-width internal-when-entered-debugger intervals-consed "
          + "line-number-display-limit-width max-lisp-eval-depth max-specpdl-size "
          + "next-screen-context-lines num-input-keys num-nonmacro-input-events overline-margin "
          + "polling-period profiler-log-size profiler-max-stack-depth pure-bytes-used "
          + "read-process-output-max scroll-conservatively scroll-margin scroll-step "
          + "string-chars-consed strings-consed symbols-consed syntax-propertize--done "
          + "tab-bar-button-relief tool-bar-button-relief tool-bar-max-label-size "
          + "underline-minimum-offset undo-limit undo-strong-limit vector-cells-consed";

  private static final String BOOLEANS =
      "attempt-orderly-shutdown-on-fatal-signal attempt-stack-overflow-recovery "
          + "auto-raise-tab-bar-buttons auto-raise-tool-bar-buttons auto-save-no-message "
          + "auto-window-vscroll backtrace-on-error-noninteractive bidi-inhibit-bpa "
          + "binary-as-unsigned cannot-suspend coding-system-require-warning "
          + "comment-end-can-be-escaped comp-enable-subr-trampolines comp-file-preloaded-p "
          + "completion-ignore-case create-lockfiles cursor-in-echo-area debug-on-next-call "
          + "debugger-may-continue debugger-stack-frame-as-list delete-by-moving-to-trash "
          + "delete-exited-processes disable-ascii-optimization display-fill-column-indicator "
          + "display-hourglass display-line-numbers-widen display-raw-bytes-as-hex "
          + "enable-recursive-minibuffers face-filters-always-match fast-but-imprecise-scrolling "
          + "force-load-messages frame-resize-pixelwise garbage-collection-messages "
          + "highlight-nonselected-windows history-delete-duplicates indent-tabs-mode "
          + "inherit-process-coding-system inhibit-bidi-mirroring inhibit-compacting-font-caches "
          + "inhibit-eol-conversion inhibit-eval-during-redisplay inhibit-free-realized-faces "
          + "inhibit-interaction inhibit-iso-escape-detection inhibit-load-charset-map "
          + "inhibit-menubar-update inhibit-message inhibit-modification-hooks "
          + "inhibit-mouse-event-check inhibit-null-byte-detection inhibit-x-resources "
          + "internal--text-quoting-flag inverse-video load-convert-to-unibyte "
          + "load-dangerous-libraries load-force-doc-strings load-in-progress load-no-native "
          + "load-prefer-newer menu-prompting message-truncate-lines "
          + "minibuffer-allow-text-properties minibuffer-auto-raise "
          + "mode-line-in-non-selected-windows mouse-fine-grained-tracking "
          + "multibyte-syntax-as-symbol multiple-frames native-comp-deferred-compilation "
          + "no-redraw-on-reenter nobreak-char-ascii-display "
          + "open-paren-in-column-0-is-defun-start parse-sexp-ignore-comments "
          + "parse-sexp-lookup-properties print-escape-control-characters print-escape-multibyte "
          + "print-escape-newlines print-escape-nonascii print-integers-as-characters "
          + "print-quoted process-prioritize-lower-fds query-all-font-backends "
          + "read-buffer-completion-ignore-case read-minibuffer-restore-windows "
          + "redisplay--inhibit-bidi redisplay-adhoc-scroll-in-resize-mini-windows "
          + "redisplay-dont-pause redisplay-skip-fontification-on-input "
          + "redisplay-skip-initial-frame scroll-bar-adjust-thumb-portion "
          + "scroll-minibuffer-conservatively system-uses-terminfo tab-bar--dragging-in-progress "
          + "tooltip-reuse-hidden-frame tty-menu-calls-mouse-position-function "
          + "undo-inhibit-record-point unibyte-display-via-language-environment use-dialog-box "
          + "use-file-dialog use-short-answers visible-bell visible-cursor "
          + "window-resize-pixelwise word-wrap-by-category words-include-escapes "
          + "write-region-inhibit-fsync xft-ignore-color-fonts";

  private DataKinds() {}

  /** Says so of all of them. */
  static void define(Task t) {
    define(t, INTEGERS, Variables.INTEGER);
    define(t, BOOLEANS, Variables.BOOLEAN);
  }

  private static void define(Task t, String names, int kind) {
    StringTokenizer words = new StringTokenizer(names);
    while (words.hasMoreTokens()) {
      Symbol s = t.symbols().intern(t, words.nextToken());
      s.setFlags(t, s.flags(t) | Symbol.WATCHED | kind);
    }
  }
}
