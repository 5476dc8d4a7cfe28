package org.elver.cli;

/** Texts for {@code --help} and {@code --version}. */
final class Help {
  static final String VERSION =
      """
      GNU Emacs 28.2 compatible
      Elver 0.1.0, a concurrent Emacs Lisp machine
      """;

  static final String TEXT =
      """
      Usage: elver FILE [ARG...]         run FILE as a script
             elver --batch OPTION...     do what `emacs -Q --batch' does
             elver doctor                tell what Elver finds on this machine

      Options, handled in order:
        -L, --directory DIR      add DIR to `load-path'
        -l, --load FILE          load FILE
        -f, --funcall FUNC       call FUNC without arguments
            --eval EXPR          evaluate EXPR
            --script FILE        load FILE as a script
        -Q, -q, --batch          accepted; Elver never reads init files or opens a display
            --chdir DIR          change to DIR first
            --help, --version
      """;

  private Help() {}
}
