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
             elver repl [OPTION...]      evaluate what you type; C-d ends it
             elver ert [OPTION...] FILE...  run the ERT tests of FILEs, each in a fork of its own;
                                            `elver ert --help' tells more
             elver doctor                tell what Elver finds on this machine, and what is missing

      Options, handled in order:
        -L, --directory DIR      add DIR to `load-path'
        -l, --load FILE          load FILE
        -f, --funcall FUNC       call FUNC without arguments
            --eval EXPR          evaluate EXPR
            --script FILE        load FILE as a script
        -Q, -q, --batch          accepted; Elver never reads init files or opens a display
            --chdir DIR          change to DIR first
            --carriers N         run N isolates at once, instead of one for each core;
                                 may also stand before FILE and the other commands
            --help, --version

      Environment:
        ELVER_LISP               the directory of GNU Emacs's Lisp library (where loadup.el is)
        ELVER_CARRIERS           what --carriers says where it is not given
        ELVER_JAVA_OPTIONS       options for Java, such as -Xmx8g
        XDG_CACHE_HOME           Elver keeps an image of the library and the history in elver below it
      """;

  private Help() {}
}
