package org.elver.lisp.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A VM without GNU Emacs's library has the everyday macros. */
class BareModeTest {
  private final Task t = Boot.prelude();

  private String eval(String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    Object value = t.callNamed("eval", form, Symbol.T);
    return ((LispString) t.callNamed("prin1-to-string", value)).toJava(t.c);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "(let (l) (dolist (x '(1 2 3) l) (push x l)))                     | (3 2 1)",
        "(let ((n 0)) (dotimes (i 5 n) (setq n (+ n i))))                 | 10",
        "(list (when nil 1) (when t 1 2) (unless nil 3) (unless t 4))     | (nil 2 3 nil)",
        "(let ((l (list 1 2 3))) (list (pop l) l))                        | (1 (2 3))",
        "`(a ,(+ 1 2) ,@(list 4 5) [b ,6] . c)                            | (a 3 4 5 [b 6] . c)",
        "`(1 `(2 ,(3 ,(+ 2 2))))                                          | (1 `(2 ,(3 4)))",
        "(let ((v (vector 1 2)) (h (make-hash-table)) (a (list 1 2 3)))"
            + " (setf (aref v 0) 7 (gethash 'k h) 8 (cadr a) 9 (nth 2 a) 10)"
            + " (list v (gethash 'k h) a))                                 | ([7 2] 8 (1 9 10))",
        "(let ((al (list (cons 'a 1)))) (setf (alist-get 'b al) 2) (setf (alist-get 'a al) 3) al)"
            + "                                                            | ((b . 2) (a . 3))",
        "(pcase-let ((`(,a (,b . ,c)) '(1 (2 . 3)))) (list a b c))        | (1 2 3)",
        "(pcase-let* ((`(,a ,b) '(1 2)) (c (+ a b))) c)                   | 3",
        "(mapcar (lambda (x) (pcase x ((pred stringp) 's) (`(,a) (list 'one a))"
            + " ((and n (guard (> n 3))) 'big) ((or 1 2) 'small) ('q 'sym) (_ 'other)))"
            + " (list \"x\" '(7) 5))                                       | (s (one 7) big)",
        "(condition-case e (error \"x %d\" 3) (error (cadr e)))           | ^\"x 3\"^",
        "(progn (define-error 'my \"Mine\") (condition-case nil (signal 'my nil) (error 1)))| 1",
        "(with-temp-buffer (insert \"hi\") (buffer-string))               | ^\"hi\"^",
        "(split-string \" a b  c \")                                      | (\"a\" \"b\" \"c\")",
        "(split-string \"a,b,,c\" \",\")                                  | (\"a\" \"b\" \"\""
            + " \"c\")",
        "(string-join (split-string \"a,b,,c\" \",\" t) \"-\")            | ^\"a-b-c\"^",
        "(if-let ((a 1) (b (+ a 1))) (+ a b) 0)                           | 3",
        "(if-let ((a nil)) 1 'none)                                       | none",
        "(progn (defmacro m (x) `(list ,x ,x)) (m (+ 1 1)))               | (2 2)",
        "(progn (defun f (x &optional y &rest z) (list x y z)) (f 1 2 3)) | (1 2 (3))",
        "(with-output-to-string (princ 'a) (princ 1))                     | ^\"a1\"^",
        "(let (seen) (add-hook 'my-hook (lambda () (push 1 seen)))"
            + " (run-hooks 'my-hook) seen)                                 | (1)",
        "(featurep 'elver)                                                 | t",
      })
  void everydayForms(String form, String expected) {
    String e = expected.startsWith("^") ? expected.substring(1, expected.length() - 1) : expected;
    assertEquals(e, eval(form));
  }

  @Test
  void errorsAreLisps() {
    assertThrows(LispSignal.class, () -> eval("(setf (no-such-place x) 1)"));
  }
}
