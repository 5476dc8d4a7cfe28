package org.elver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.elver.cli.Child.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Elver's `generator' beside GNU Emacs's library, whose own one it stands in for. */
class GeneratorTest {
  @TempDir Path home;

  @BeforeEach
  void library() {
    Child.assumeLibrary();
  }

  private void check(String expected, String program) throws Exception {
    Files.writeString(
        home.resolve("p.el"),
        ";; -*- lexical-binding: t -*-\n(require 'generator)\n(prin1 " + program + ")\n");
    assertEquals(new Outcome(0, expected, ""), Child.elver(home, "", "--batch", "-l", "p.el"));
  }

  @Test
  void itIsElversOwn() throws Exception {
    check("\"generator\"", "(symbol-file 'iter-defun 'defun)");
    check("(t t)", "(list (featurep 'cl-lib) (functionp 'elver--iterator))");
  }

  @Test
  void yieldsAtAnyDepth() throws Exception {
    check(
        "(1 2 3 4)",
        "(cl-labels ((walk (x) (cond ((consp x) (mapc #'walk x)) (x (iter-yield x)))))"
            + " (cl-loop for x iter-by (iter-make (walk '(1 (2 (3)) 4))) collect x))");
  }

  @Test
  void loopsInParallelClauses() throws Exception {
    check(
        "(((1 10) (2 11)) ((1 5 a) (2 1 a)) nil)",
        "(let ((it (lambda () (iter-make (iter-yield 1) (iter-yield 2))))) (list (cl-loop for x"
            + " iter-by (funcall it) for y from 10 collect (list x y)) (cl-loop for x iter-by"
            + " (funcall it) and y = 5 then x and z = 'a collect (list x y z)) (cl-loop for x"
            + " iter-by (iter-make) collect x)))");
  }

  /** {@code avl-tree.elc} holds what GNU Emacs's compiler made of GNU Emacs's macros. */
  @Test
  void compiledGeneratorsOfTheLibraryWork() throws Exception {
    check(
        "(3 2 1)",
        "(progn (require 'avl-tree) (let ((tree (avl-tree-create #'<)) values)"
            + " (dolist (x '(3 1 2)) (avl-tree-enter tree x))"
            + " (iter-do (x (avl-tree-iter tree)) (push x values)) values))");
  }

  @Test
  void gnuEmacssOwnIsThereByItsFileName() throws Exception {
    check(
        "(t 1 2)",
        "(list (progn (load \"emacs-lisp/generator\" nil t) (fboundp 'cps-generate-evaluator))"
            + " (iter-next (eval '(iter-make (iter-yield 1)) t))"
            + " (progn (load \"generator\" nil t)"
            + " (iter-next (eval '(iter-make (mapc #'iter-yield '(2))) t))))");
  }

  @Test
  void aLibraryOfTheSameNameOnTheLoadPathIsTheUsers() throws Exception {
    Files.createDirectory(home.resolve("mine"));
    Files.writeString(
        home.resolve("mine/generator.el"), "(setq mine 'mine)\n(provide 'generator)\n");
    assertEquals(
        new Outcome(0, "mine", ""),
        Child.elver(
            home, "", "--batch", "-L", "mine", "-l", "generator", "--eval", "(princ mine)"));
  }
}
