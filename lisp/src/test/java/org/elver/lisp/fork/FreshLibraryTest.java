package org.elver.lisp.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.boot.Images;
import org.elver.lisp.boot.Library;
import org.elver.lisp.isolate.Program;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;
import org.junit.jupiter.api.Test;

/** Isolates with a fresh heap in a VM with GNU Emacs's library. */
class FreshLibraryTest {
  /** What is defined by the parent and used by the fresh isolate, with the library's own means. */
  private static final String DEFINITIONS =
      """
      (progn
        (let ((default-directory (file-name-as-directory (car load-path))))
          (normal-top-level-add-subdirs-to-load-path))
        (require 'cl-lib)
        (defmacro fl-twice (x) `(let ((v ,x)) (list v v)))
        (defun fl-double (x) (fl-twice (+ x fl-offset)))
        (defvar fl-offset 10)
        (defcustom fl-option 'standard "Doc." :type 'symbol :group 'fl)
        (cl-defstruct fl-point x y)
        (cl-defstruct (fl-point3 (:include fl-point)) z)
        (cl-defgeneric fl-area (shape) "Doc.")
        (cl-defmethod fl-area ((p fl-point)) (* (fl-point-x p) (fl-point-y p)))
        (cl-defmethod fl-area ((p fl-point3)) (* (fl-point3-z p) (cl-call-next-method)))
        (cl-defmethod fl-area ((n integer)) (* n n))
        (define-error 'fl-error "Of the parent's" 'arith-error)
        (define-inline fl-inline (x) (inline-quote (1+ ,x)))
        (define-derived-mode fl-mode fundamental-mode "Fl" (setq fill-column 7))
        (defun fl-advised (x) x)
        (advice-add 'fl-advised :around (lambda (f x) (list 'around (funcall f x))))
        (defalias 'fresh
          (lambda (f &rest args)
            (isolate-join (apply #'isolate-spawn-with '(:heap fresh) f args)))))
      """;

  private static String value(String form) {
    Forks.assumeLibrary();
    Library library = Library.find();
    Task t = Images.read(library);
    if (t == null) {
      t = Boot.load(library, false);
    }
    Startup.refresh(t);
    Boot.places(t, library);
    Symbol result = t.symbols().intern(t, "fl-result");
    Symbol main = t.symbols().intern(t, "fl-main");
    String source =
        "(lambda () (setq fl-result (prin1-to-string (condition-case e (progn (eval '"
            + DEFINITIONS
            + " t) (eval '"
            + form
            + " t)) (error (list 'error e))))))";
    Object lambda = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    main.setFunction(t, t.callNamed("eval", lambda, Symbol.T));
    new Program(t, 2, 1L << 28).run(main);
    return ((LispString) result.rawValue(t)).toJava(t.c);
  }

  @Test
  void whatTheParentDefinedIsUsable() {
    assertEquals(
        "((13 13) standard 12 24 9 arith (4 4) 5 (around 1) (1 2 3) (fl-mode 7) t)",
        value(
            """
            (fresh
             (lambda ()
               (list (fl-double 3)
                     fl-option
                     (fl-area (make-fl-point :x 3 :y 4))
                     (fl-area (make-fl-point3 :x 3 :y 4 :z 2))
                     (fl-area 3)
                     (condition-case nil (signal 'fl-error nil) (arith-error 'arith))
                     (eval '(fl-twice 4) t)
                     (fl-inline 4)
                     (fl-advised 1)
                     (cl-loop for i from 1 to 3 collect i)
                     (with-temp-buffer (fl-mode) (list major-mode fill-column))
                     (cl-typep (make-fl-point3) 'fl-point))))
            """));
  }

  @Test
  void objectsOfStructuresCrossBothWays() {
    assertEquals(
        "(7 #s(fl-point 1 2) t)",
        value(
            """
            (let ((back (fresh (lambda (p) (list (+ (fl-point-x p) 1)
                                                 (make-fl-point :x 1 :y 2)
                                                 (fl-point-p p)))
                               (make-fl-point3 :x 6))))
              back)
            """));
  }

  @Test
  void onlyTheImageIsThere() {
    assertEquals(
        "(t 70 nil (0 nil) nil t)",
        value(
            """
            (progn
              (setq-default fill-column 33)
              (advice-add 'string-trim :override #'ignore)
              (puthash "x" 1 (setq fl-table (make-hash-table :test 'equal)))
              (get-buffer-create "fl-buffer")
              (run-with-timer 1000 nil #'ignore)
              (add-hook 'kill-emacs-hook #'ignore)
              (fresh
               (lambda ()
                 (list (equal (string-trim " x ") "x")
                       fill-column
                       (get-buffer "fl-buffer")
                       (list (buffer-size) (process-list))
                       timer-list
                       (not (memq 'ignore kill-emacs-hook))))))
            """));
  }

  @Test
  void featuresOfTheParentAreThere() {
    assertEquals(
        "(t cl-lib t nil)",
        value(
            """
            (fresh (lambda ()
                     (list (featurep 'cl-lib) (require 'cl-lib)
                           (progn (require 'ring) (ring-p (make-ring 3)))
                           (featurep 'fl-no-such-feature))))
            """));
  }
}
