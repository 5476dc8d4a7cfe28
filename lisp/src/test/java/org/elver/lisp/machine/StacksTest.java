package org.elver.lisp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.ref.WeakReference;
import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;

/** The arrays that threads lend to machines. */
class StacksTest {
  private final Task t = Boot.prelude();

  private Object eval(String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    return t.callNamed("eval", form, Symbol.T);
  }

  @Test
  void stacksGivenBackKeepNothingAlive() throws InterruptedException {
    eval("(setq it (list 1 2))");
    WeakReference<Object> it = new WeakReference<>(eval("it"));
    eval("(fset 'deep #'(lambda (n x) (if (= n 0) (length x) (+ 0 (deep (1- n) x)))))");
    assertEquals(2L, eval("(prog1 (deep 10 it) (setq it nil))"));
    Stacks stacks = Stacks.takeBackFrom(t);
    for (int i = 0; i < 50 && it.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(it.get(), "nothing holds it");
    stacks.lendTo(t);
    Stacks.useLent(t);
    assertEquals(3L, eval("(+ 1 2)"));
  }
}
