package org.elver.lisp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.elver.heap.version.HeapObject;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever leaves handlers, nothing is left where they were: who waits does not look. */
class HandlersTest {
  private Evaluation e;
  private Task t;

  @BeforeEach
  void makeVm() {
    e = new Evaluation();
    t = e.t;
    t.symbols().intern(t, "wait").setFunction(t, new Evaluation.Suspend());
    // As many as are pushed below, so that there is room that they have been in.
    e.eval("(fset 'deep #'(lambda (n) (if (= n 0) 0 (catch 'x (1+ (deep (1- n)))))))");
    assertEquals("20", e.show("(deep 20)"));
  }

  private static void assertNothingAbove(Task t, int handlers) {
    assertEquals(handlers, t.hp);
    assertTrue(t.handlers.length > handlers, "there is room above");
    for (int i = handlers; i < t.handlers.length; i++) {
      assertNull(t.handlers[i], "place " + i + " of handlers");
    }
  }

  @Test
  void whatLispLeaves() {
    String[] forms = {
      "(catch 'a (condition-case nil 1 (error 2)))",
      "(catch 'a (catch 'b (condition-case nil (throw 'a 1) (error 2))))",
      "(condition-case nil (catch 'a (condition-case nil (car 1) (quit 2))) (error 3))",
      "(catch 'a (mapcar #'(lambda (x) (catch 'b (throw 'a x))) '(1 2)))",
      "(condition-case nil (unwind-protect (catch 'a (car 1)) (catch 'c (throw 'c 1))) (error 3))",
      "(catch 'a (car 1))",
      "(catch 'a (throw 'b 1))",
    };
    for (String form : forms) {
      for (int i = 0; i < 3; i++) {
        e.show(form);
        assertNothingAbove(t, 0);
      }
    }
  }

  @Test
  void whatJavaLeaves() {
    Object body = e.read("(catch 'a (condition-case nil (catch 'b (car 1)) (quit 2)))");
    assertEquals(
        Symbol.T, t.handling(Q.ERROR, () -> t.callNamed("eval", body, Symbol.T), x -> Symbol.T));
    assertNothingAbove(t, 0);
    assertEquals(7L, t.handling(Q.ERROR, () -> 7L, x -> Symbol.T));
    assertNothingAbove(t, 0);
    assertThrows(
        LispSignal.class,
        () -> t.handling(Q.QUIT, () -> t.callNamed("eval", body, Symbol.T), x -> Symbol.T));
    assertNothingAbove(t, 0);
    assertThrows(
        LispThrow.class,
        () ->
            t.handling(
                Symbol.T,
                () -> {
                  throw new LispThrow(Q.ERROR, 1L);
                },
                x -> Symbol.T));
    assertNothingAbove(t, 0);
  }

  @Test
  void anExceptionPastJavasHandlerIsNotTakenThere() {
    class Broken extends Subr {
      Broken() {
        super("test-broken", 0, 0);
      }

      @Override
      protected Object call0(Task task) {
        return task.handling(
            Symbol.T,
            () -> {
              throw new IllegalStateException("a fault");
            },
            x -> Symbol.T);
      }
    }
    e.eval("(put 'elver-internal-error 'error-conditions '(elver-internal-error error))");
    t.symbols().intern(t, "broken").setFunction(t, new Broken());
    assertEquals(
        "(caught elver-internal-error \"java.lang.IllegalStateException: a fault\")",
        e.show(
            "(condition-case err (catch 'a (broken)) (elver-internal-error (cons 'caught err)))"));
    assertNothingAbove(t, 0);
  }

  @Test
  void whatIsCapturedOrAbandoned() {
    Task own = new Task(e.vm, t.c);
    Object form =
        e.vm
            .evaluator()
            .compileForm(
                own,
                e.read(
                    "(progn (deep 10) (catch 'a (condition-case nil (wait) (error 1)))"
                        + " (catch 'b (wait)))"),
                Symbol.T);
    own.handleAll();
    assertSame(Task.SUSPENDED, own.start(form));
    assertNothingAbove(own, 3);
    Object[][] values = {null};
    int[][] numbers = {null};
    Captured.capture(
        own,
        (Object[] v, int[] n, HeapObject buffer, Object match) -> {
          values[0] = v;
          numbers[0] = n;
        });
    assertNothingAbove(own, 0);
    Captured.restore(own, values[0], numbers[0], null, null);
    assertNothingAbove(own, 3);
    assertSame(Task.SUSPENDED, own.resume(1L));
    assertNothingAbove(own, 2);
    own.abandon();
    assertNothingAbove(own, 0);
  }
}
