package org.elver.lisp.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Isolates that begin with the boot image, and ask for what else their parent has. */
class FreshHeapTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void cases(int carriers) {
    Programs.check(carriers, Programs.cases("fresh.el"));
  }

  /**
   * The parent changes its variables, functions and property lists between the steps of a fresh
   * isolate, which looks at some and changes some; a model says what each look must give.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void looksGiveWhatTheParentHasAtTheFirst(long seed) {
    Random random = new Random(seed);
    int names = 12;
    Object[] parent = new Object[3 * names];
    Object[] child = new Object[3 * names];
    List<String> expected = new ArrayList<>();
    StringBuilder steps = new StringBuilder();
    for (int step = 0; step < 300; step++) {
      int slot = random.nextInt(3 * names);
      String name = "m" + slot / 3;
      switch (random.nextInt(5)) {
        case 0, 1 -> { // The parent writes; or voids.
          boolean voids = random.nextInt(4) == 0;
          parent[slot] = voids ? null : (Object) step;
          steps.append(parentWrites(slot % 3, name, voids ? null : step));
        }
        case 2 -> { // The child writes.
          child[slot] = step;
          // Its own from here on, whatever the parent has.
          steps.append("(tell (lambda () ").append(write(slot % 3, name, step)).append(" nil))");
        }
        default -> { // The child looks.
          if (child[slot] == null) {
            child[slot] = parent[slot] == null ? "void" : parent[slot];
          }
          expected.add(child[slot].toString());
          steps
              .append("(setq seen (cons (tell (lambda () ")
              .append(look(slot % 3, name))
              .append(")) seen))");
        }
      }
    }
    String program =
        "(let ((i (isolate-spawn-with '(:heap fresh) 'isolate-receive)) (seen nil))"
            + " (fset 'tell (lambda (f) (isolate-call i f)))"
            + steps
            + " (isolate-kill i) (reverse seen))";
    Programs.check(2, List.of(new Programs.Case(program, "(" + String.join(" ", expected) + ")")));
  }

  private static String parentWrites(int kind, String name, Integer value) {
    if (value != null) {
      return write(kind, name, value);
    }
    return switch (kind) {
      case 0 -> "(makunbound '" + name + ")";
      case 1 -> "(fmakunbound '" + name + ")";
      default -> "(setplist '" + name + " nil)";
    };
  }

  private static String write(int kind, String name, int value) {
    return switch (kind) {
      case 0 -> "(set '" + name + " " + value + ")";
      case 1 -> "(fset '" + name + " (list 'lambda nil " + value + "))";
      default -> "(setplist '" + name + " (list 'p " + value + "))";
    };
  }

  private static String look(int kind, String name) {
    return switch (kind) {
      case 0 -> "(if (boundp '" + name + ") (symbol-value '" + name + ") 'void)";
      case 1 -> "(if (fboundp '" + name + ") (funcall '" + name + ") 'void)";
      default -> "(or (get '" + name + " 'p) 'void)";
    };
  }

  /** Pairs of the parent are reached by many ways: each is one pair in the fresh isolate. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsReachedTwiceIsTheSame(long seed) {
    Random random = new Random(seed);
    int n = 30;
    StringBuilder make = new StringBuilder("(progn (setq all (make-vector " + n + " nil))");
    make.append("(dotimes (k ").append(n).append(") (aset all k (cons k nil)))");
    for (int k = 0; k < n; k++) {
      make.append("(setcdr (aref all ").append(k).append(") (list");
      for (int j = random.nextInt(3); j > 0; j--) {
        make.append(" (aref all ").append(random.nextInt(n)).append(')');
      }
      make.append("))");
      String place =
          switch (k % 3) {
            case 0 -> "(set 'n" + k + " (aref all " + k + "))";
            case 1 -> "(put 'n" + k + " 'p (aref all " + k + "))";
            default -> "(fset 'n" + k + " (list 'lambda nil (list 'quote (aref all " + k + "))))";
          };
      make.append(place);
    }
    make.append(" t)");
    StringBuilder get = new StringBuilder("(list");
    List<Integer> order = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      order.add(k);
    }
    java.util.Collections.shuffle(order, random);
    for (int k : order) {
      get.append(
          switch (k % 3) {
            case 0 -> " n" + k;
            case 1 -> " (get 'n" + k + " 'p)";
            default -> " (n" + k + ")";
          });
    }
    get.append(')');
    String program =
        "(isolate-join (isolate-spawn-with '(:heap fresh) (lambda ()"
            + " (let ((seen (make-vector "
            + n
            + " nil)) (bad nil) (todo "
            + get
            + "))"
            + " (while todo (let* ((x (car todo)) (old (aref seen (car x)))) (setq todo (cdr todo))"
            + " (cond ((null old) (aset seen (car x) x) (setq todo (append (cdr x) todo)))"
            + " ((not (eq old x)) (setq bad (cons (car x) bad))))))"
            + " bad))))";
    Programs.check(
        2, List.of(new Programs.Case(make.toString(), "t"), new Programs.Case(program, "nil")));
  }

  @Test
  void manyAskOneThatIsBusy() {
    String program =
        "(let ((is nil) (ok 0)) (setq busy 0)"
            + " (dotimes (k 40) (fset (intern (format \"b%d\" k)) (list 'lambda nil k))"
            + " (setq is (cons (isolate-spawn-with '(:heap fresh)"
            + " (lambda (k) (= k (funcall (intern (format \"b%d\" k))))) k) is)))"
            + " (let ((live t)) (while live (setq busy (1+ busy) live nil)"
            + " (dolist (i is) (if (isolate-live-p i) (setq live t)))))"
            + " (dolist (i is) (if (isolate-join i) (setq ok (1+ ok)))) ok)";
    for (int carriers : new int[] {1, 2, 4}) {
      Programs.check(carriers, List.of(new Programs.Case(program, "40")));
    }
  }

  @Test
  void theyMayAskEachOther() {
    String program =
        "(progn (setq a-var 1) (isolate-join (isolate-spawn-with '(:heap fresh) (lambda ()"
            + " (setq b-var 2)"
            + " (let* ((i (isolate-spawn-with '(:heap fresh) (lambda () (list a-var b-var))))"
            + "  (v (list a-var))) (list v (isolate-join i)))))))";
    Programs.check(2, List.of(new Programs.Case(program, "((1) (1 2))")));
  }
}
