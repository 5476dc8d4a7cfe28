package org.elver.lisp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.elver.heap.object.Pair;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compiled code does what the loop does with the same instructions: values, errors, effects. */
class CompiledTest {
  private Evaluation e;
  private Task t;

  @BeforeEach
  void makeVm() {
    e = new Evaluation();
    t = e.t;
    e.eval("(setq global 10 other nil)");
    e.eval("(fset 'twice #'(lambda (x) (list x x)))");
  }

  /** The code of the function, and of the functions in its constants. */
  private List<ByteCode> all(ByteCode f, List<ByteCode> found) {
    if (!found.contains(f)) {
      found.add(f);
      for (Object k : f.constants(t.c)) {
        if (k instanceof ByteCode g) {
          all(g, found);
        }
      }
    }
    return found;
  }

  /** Has code compiled when it is entered next, as if it had run often. */
  private void heat(Code code) {
    code.heat = t.vm().tier().threshold();
  }

  private ByteCode function(String lambda) {
    return e.vm.evaluator().compileFunction(t, (Pair) e.read(lambda));
  }

  /** What a call gives, and what it leaves in variables. */
  private String outcome(ByteCode f, String args) {
    e.eval("(setq global 10 other nil)");
    t.symbols().intern(t, "tested").setFunction(t, f);
    return e.show("(list (apply 'tested " + args + ") global other)")
        + e.print(t.symbols().intern(t, "global").plainValue(t));
  }

  /** Whether it has been entered since {@link #heat}, and is not known to be unsuited. */
  private boolean isRequested(Code code) {
    return code.heat > t.vm().tier().threshold();
  }

  /** Waits until all of the function's code that has been entered is compiled. */
  private void awaitCompiled(ByteCode f) {
    for (ByteCode g : all(f, new ArrayList<>())) {
      Code code = g.code(t.c);
      for (int i = 0; i < 10_000 && code.executable == null && isRequested(code); i++) {
        try {
          Thread.sleep(1);
        } catch (InterruptedException x) {
          throw new AssertionError(x);
        }
      }
    }
  }

  /** Compares the loop with compiled code; whether the function itself was compiled. */
  private boolean check(String lambda, String... argLists) {
    ByteCode f = function(lambda);
    List<String> expected = new ArrayList<>();
    for (String args : argLists) {
      expected.add(outcome(f, args));
    }
    assertNull(f.code(t.c).executable, "compiled too early");
    for (ByteCode g : all(f, new ArrayList<>())) {
      heat(g.code(t.c));
    }
    for (String args : argLists) {
      outcome(f, args); // These entries ask for the compiler.
    }
    awaitCompiled(f);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < argLists.length; i++) {
        assertEquals(expected.get(i), outcome(f, argLists[i]), lambda + " on " + argLists[i]);
      }
    }
    return f.code(t.c).executable != null;
  }

  private void checkCompiled(String lambda, String... argLists) {
    assertTrue(check(lambda, argLists), "not compiled: " + lambda);
  }

  @Test
  void arithmetic() {
    for (String op :
        new String[] {"+", "-", "*", "=", "<", ">", "<=", ">=", "max", "min", "/", "%"}) {
      checkCompiled(
          "(lambda (x y) (" + op + " x y))",
          "'(3 4)",
          "'(4 3)",
          "'(3 3)",
          "'(2.5 2)",
          "'(2 2.5)",
          "'(-0.0 0)",
          "'(0.0e+NaN 1)",
          "'(2305843009213693951 1)",
          "'(2305843009213693951 2305843009213693951)",
          "'(-2305843009213693952 1)",
          "'(5 0)",
          "'(a 1)",
          "'(1 nil)");
    }
    checkCompiled(
        "(lambda (x) (list (1+ x) (1- x) (- x)))",
        "'(1)",
        "'(2305843009213693951)",
        "'(1.5)",
        "'(a)");
  }

  @Test
  void lists() {
    checkCompiled(
        "(lambda (x) (list (car x) (cdr x) (car-safe x) (cdr-safe x) (nth 1 x) (length x)))",
        "'((1 2))",
        "'(nil)",
        "'(5)",
        "'((1 . 2))");
    checkCompiled("(lambda (x y) (setcar x y) (setcdr x y) x)", "(list (list 1 2) 3)", "'(nil 3)");
    checkCompiled(
        "(lambda (a b c d e) (list (list a) (list a b) (list a b c) (list a b c d) (list a b c d"
            + " e)))",
        "'(1 2 3 4 5)");
  }

  @Test
  void arrays() {
    checkCompiled(
        "(lambda (v i) (aref v i))",
        "'([1 2] 1)",
        "'([1 2] 2)",
        "'([1 2] -1)",
        "'(\"ab\" 1)",
        "'(x 0)");
    checkCompiled(
        "(lambda (v i) (aset v i ?x) v)",
        "(list (vector 1 2) 1)",
        "(list (copy-sequence \"ab\") 1)",
        "(list (vector 1) 3)");
  }

  @Test
  void predicates() {
    checkCompiled(
        "(lambda (x y) (list (eq x y) (not x) (symbolp x) (consp x) (stringp x) (listp x) (numberp"
            + " x) (integerp x) (equal x y) (memq x '(a 1)) (assq x '((a . 1)))))",
        "'(a a)",
        "'(1 1)",
        "'(nil t)",
        "'((1) (1))",
        "'(\"a\" \"a\")",
        "'(1.0 1)");
  }

  @Test
  void variables() {
    checkCompiled(
        "(lambda (x) (setq other global global x) (let ((y global)) (setq y (cons y x)) (list y"
            + " global)))",
        "'(1)",
        "'((a))");
    checkCompiled("(lambda () unbound-variable)", "nil");
    checkCompiled("(lambda () (setq t 1))", "nil");
    e.eval("(defvar global)");
    e.eval("(fset 'look #'(lambda () global))");
    checkCompiled("(lambda (x) (list (let ((global x)) (look)) (look)))", "'(1)", "'(nil)");
    checkCompiled("(lambda (x) (let ((global x)) (setq global (car global))))", "'((1))", "'(2)");
  }

  @Test
  void arguments() {
    checkCompiled(
        "(lambda (a &optional b &rest c) (list a b c))", "'(1)", "'(1 2)", "'(1 2 3 4)", "nil");
    checkCompiled("(lambda (a) (setq a (list a)) (setq a (list a a)) a)", "'(1)", "'(1 2)");
  }

  @Test
  void calls() {
    checkCompiled(
        "(lambda (x) (let ((y (twice x))) (list y (twice (car y)) (funcall #'(lambda (z) (cons z"
            + " y)) 1))))",
        "'(1)",
        "'(nil)");
    checkCompiled("(lambda (x) (missing-function x))", "'(1)");
    checkCompiled("(lambda (x) (twice x x))", "'(1)");
    checkCompiled(
        "(lambda (f) (mapcar #'(lambda (x) (funcall f x)) '(1 2 3)))", "'(twice)", "'(car)");
    checkCompiled("(lambda (x) (apply 'twice (list x)))", "'(1)");
  }

  @Test
  void functionsInListForm() {
    checkCompiled(
        "(lambda (f x) (list (funcall f x) (funcall f (list x)) global))",
        "(list '(closure ((k . 5) t) (x) (setq k (list k x))) 1)",
        "(list '(closure (t) (x &rest y) (list x y)) 1)",
        "(list '(closure (t) () 1) 1)",
        "(list '(lambda (x) (list x)) 1)",
        "(list '(closure) 1)",
        "(list '(other (x) 1) 1)",
        "(list #'(lambda (x) (car x)) 1)");
    checkCompiled(
        "(lambda (x) (let ((f #'(lambda (y) (setq x (cons y x))))) (funcall f 1) (funcall f 2) x))",
        "'(nil)");
  }

  @Test
  void deepRecursion() {
    e.eval("(setq max-lisp-eval-depth 1000)");
    checkCompiled(
        "(lambda (n) (if (= n 0) 0 (1+ (tested (1- n)))))", "'(10)", "'(700)", "'(900)", "'(1200)");
  }

  @Test
  void handlers() {
    checkCompiled(
        "(lambda (x) (let ((n 1)) (condition-case e (progn (setq n 2) (car x) (setq n 3) (error"
            + " \"e\")) (wrong-type-argument (list n e)) (error (list 'error n e)))))",
        "'(1)",
        "'((1))");
    checkCompiled(
        "(lambda (x) (catch 'a (list 1 (catch 'b (setq global 5) (if x (throw x (setq global 6)))"
            + " 7))))",
        "'(a)",
        "'(b)",
        "'(nil)",
        "'(c)");
    checkCompiled(
        "(lambda (x) (let ((n 0)) (while (< n 5) (condition-case nil (progn (setq n (1+ n)) (car"
            + " n)) (error (setq x (cons n x))))) x))",
        "'(nil)");
    checkCompiled(
        "(lambda (x) (unwind-protect (car x) (setq global (list global))))", "'((1))", "'(1)");
    checkCompiled(
        "(lambda (x) (let ((r nil)) (condition-case nil (unwind-protect (progn (setq r (cons 1 r))"
            + " (car x)) (setq r (cons 2 r)) (twice r)) (error (setq r (cons 3 r)))) r))",
        "'((1))",
        "'(1)");
  }

  @Test
  void loops() {
    checkCompiled(
        "(lambda (n) (let ((s 0)) (while (> n 0) (setq s (+ s n) n (1- n))) s))",
        "'(10)",
        "'(0)",
        "'(2.5)");
    checkCompiled(
        "(lambda (l) (let ((s nil)) (while l (setq s (cons (or (and (consp (car l)) (caar l)) (car"
            + " l)) s) l (cdr l))) s))",
        "'((1 (2) nil 3))",
        "'((1 . 2))");
  }

  /** Longer than one method may be: it stays with the loop, and works. */
  @Test
  void longFunctions() {
    for (int length : new int[] {230, 2000}) {
      StringBuilder b = new StringBuilder("(lambda (x) ");
      for (int i = 0; i < length; i++) {
        b.append("(setq x (+ x ").append(i % 7).append(")) ");
      }
      assertEquals(false, check(b + "x)", "'(1)", "'(a)"), length + " additions");
    }
  }

  /** What has the same height on no two ways is not compiled; the loop knows what to do with it. */
  @Test
  void strangeCode() {
    // (if x (push 1) nil) constant, return: at the constant there are one or two values.
    Object f = e.eval("(make-byte-code 257 \"\\300\\211\\203\\6\\0\\300\\207\" [1] 4)");
    Code code = ((ByteCode) f).code(t.c);
    heat(code);
    t.symbols().intern(t, "strange").setFunction(t, f);
    String before = e.show("(strange 5)");
    for (int i = 0; i < 5; i++) {
      assertEquals(before, e.show("(strange 5)"));
    }
    awaitCompiled((ByteCode) f);
    assertNull(code.executable);
    assertEquals(-1, code.heat, "it was looked at");
  }

  @Test
  void aSuspensionInCompiledCallers() {
    t.symbols().intern(t, "wait").setFunction(t, new Evaluation.Suspend());
    ByteCode inner = function("(lambda (x) (let ((y (list x))) (cons (wait) y)))");
    ByteCode outer = function("(lambda (a) (let ((b (inner a))) (list a b (inner b))))");
    t.symbols().intern(t, "inner").setFunction(t, inner);
    for (ByteCode f : List.of(inner, outer)) {
      heat(f.code(t.c));
    }
    for (int round = 0; round < 20; round++) {
      Task own = new Task(e.vm, t.c);
      Object v = own.start(outer, 1L);
      assertEquals(Task.SUSPENDED, v);
      v = own.resume(2L);
      assertEquals(Task.SUSPENDED, v);
      v = own.resume(3L);
      t.c.setDriver(t);
      assertEquals("(1 (2 1) (3 (2 1)))", e.print(v));
      awaitCompiled(inner);
      awaitCompiled(outer);
    }
    assertInstanceOf(Compiled.class, outer.code(t.c).executable);
    assertInstanceOf(Compiled.class, inner.code(t.c).executable);
  }

  @Test
  void primitivesAreCalledDirectlyWhileTheirNamesAreTheirs() {
    String source =
        "(lambda (x) (list (number-to-string x) (eql x (if global x 1)) (vector x (identity x))))";
    checkCompiled(source, "'(3)", "'(nil)", "'(2.5)");
    ByteCode f = function(source);
    heat(f.code(t.c));
    outcome(f, "'(3)");
    awaitCompiled(f);
    assertEquals("(\"3\" t [3 3])", e.show("(tested 3)"));
    assertEquals("ERROR (wrong-type-argument numberp a)", e.show("(tested 'a)"));
    e.eval("(setq old (symbol-function 'number-to-string))");
    e.eval("(fset 'number-to-string #'(lambda (x) (list 'mine x)))");
    assertEquals("((mine a) t [a a])", e.show("(tested 'a)"));
    e.eval("(fset 'number-to-string 'eql)");
    assertEquals("ERROR (wrong-number-of-arguments #<subr eql> 1)", e.show("(tested 3)"));
    e.eval("(fset 'number-to-string nil)");
    assertEquals("ERROR (void-function number-to-string)", e.show("(tested 3)"));
    e.eval("(fset 'number-to-string old)");
    assertEquals("(\"3\" t [3 3])", e.show("(tested 3)"));
  }

  @Test
  void whichFunctionIsCalledMayDependOnTheWay() {
    checkCompiled(
        "(lambda (x y) (funcall (if x 'list 'vector) y (car-safe (funcall (or y 'identity) x))))",
        "'(nil nil)",
        "'(1 nil)",
        "'(1 list)",
        "'(nil vector)");
    checkCompiled(
        "(lambda (x) (condition-case e (identity (nth x (catch 'k (throw 'k '(1 2 3)))))"
            + " (error (identity e))))",
        "'(1)",
        "'(a)");
  }

  /** Has a symbol's function be a closure in list form; its code. */
  private ByteCode define(String symbol, String closure) {
    Pair f = (Pair) e.read(closure);
    t.symbols().intern(t, symbol).setFunction(t, f);
    return e.vm.evaluator().compileFunction(t, f);
  }

  @Test
  void anErrorInACompiledCalleeAfterAWaitLeavesNothingBehind() {
    t.symbols().intern(t, "wait").setFunction(t, new Evaluation.Suspend());
    ByteCode fails = define("fails", "(closure (t) () (nth 'a nil))");
    ByteCode guarded =
        define("guarded", "(closure (t) (x) (condition-case nil (fails) (error x)))");
    ByteCode outer = function("(lambda (n) (while (> n 0) (setq n (- n (guarded (wait))))) 'end)");
    for (ByteCode f : List.of(fails, guarded, outer)) {
      heat(f.code(t.c));
    }
    for (long n : new long[] {5, 100}) {
      Task own = new Task(e.vm, t.c);
      Object v = own.start(outer, n);
      for (int i = 0; i < n; i++) {
        assertEquals(Task.SUSPENDED, v);
        v = own.resume(1L);
        assertEquals(0, own.nested, "runs of compiled code that are still counted");
      }
      t.c.setDriver(t);
      assertEquals("end", e.print(v));
      awaitCompiled(fails);
      awaitCompiled(guarded);
      awaitCompiled(outer);
    }
    assertInstanceOf(Compiled.class, fails.code(t.c).executable);
    assertInstanceOf(Compiled.class, guarded.code(t.c).executable);
    assertInstanceOf(Compiled.class, outer.code(t.c).executable);
  }

  // ---- Random functions ----------------------------------------------------------------------

  private Random random;

  private String form(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return switch (random.nextInt(8)) {
        case 0 -> "x";
        case 1 -> "y";
        case 2 -> "z";
        case 3 -> "global";
        case 4 -> "nil";
        case 5 -> "'(1 (2) 3)";
        case 6 -> "2.5";
        default -> Integer.toString(random.nextInt(4));
      };
    }
    String a = form(depth - 1);
    String b = form(depth - 1);
    String v = List.of("x", "y", "z", "global").get(random.nextInt(4));
    return switch (random.nextInt(28)) {
      case 0 -> "(if " + a + " " + b + " " + form(depth - 1) + ")";
      case 1 -> "(setq " + v + " " + a + ")";
      case 2 -> "(progn " + a + " " + b + ")";
      case 3 -> "(let ((x " + a + ") (z " + b + ")) " + form(depth - 1) + ")";
      case 4 -> "(condition-case e " + a + " (error (list e " + b + ")))";
      case 5 -> "(catch 'k " + a + " " + b + ")";
      case 6 -> "(throw 'k " + a + ")";
      case 7 -> "(unwind-protect " + a + " " + b + ")";
      case 8 -> "(let ((i 3)) (while (> (setq i (1- i)) 0) " + a + " " + b + ") y)";
      case 9 -> "(twice " + a + ")";
      case 10 -> "(funcall #'(lambda (x) " + a + ") " + b + ")";
      case 11 -> "(mapcar #'(lambda (z) " + a + ") " + b + ")";
      case 12 -> "(let ((global " + a + ")) " + b + ")";
      case 13 -> "(and " + a + " " + b + ")";
      case 14 -> "(or " + a + " " + b + ")";
      case 15 -> "(car " + a + ")";
      case 16 -> "(cdr " + a + ")";
      case 17 -> "(cons " + a + " " + b + ")";
      case 18 -> "(+ " + a + " " + b + ")";
      case 19 -> "(< " + a + " " + b + ")";
      case 20 -> "(eq " + a + " " + b + ")";
      case 21 -> "(list " + a + " " + b + " " + form(depth - 1) + ")";
      case 22 -> "(aref (vector " + a + " 7) " + b + ")";
      case 23 -> "(identity " + a + ")";
      case 24 -> "(number-to-string " + a + ")";
      case 25 -> "(eql " + a + " " + b + ")";
      case 26 -> "(funcall (if " + a + " 'list 'vector) " + b + " x)";
      default -> "(- " + a + " " + b + ")";
    };
  }

  @Test
  void randomFunctions() {
    long seed = Long.getLong("elver.seed", System.nanoTime());
    System.out.println("seed " + seed);
    random = new Random(seed);
    e.eval("(defvar global)");
    int compiled = 0;
    int n = Integer.getInteger("elver.functions", 300);
    for (int i = 0; i < n; i++) {
      String f = "(lambda (x y &optional z) " + form(6) + ")";
      if (check(f, "(list 1 2)", "(list nil (list 1 2) 0)", "(list 2.5 'a (list 1))")) {
        compiled++;
      }
    }
    assertTrue(compiled > n / 2, compiled + " of " + n + " compiled");
  }
}
