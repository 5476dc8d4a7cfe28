package org.elver.lisp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task is suspended inside callbacks of primitives and special forms, as data, and resumed. */
class SuspensionTest {
  private Evaluation e;
  private Task t;

  @BeforeEach
  void makeVm() {
    e = new Evaluation();
    t = e.t;
    t.symbols().intern(t, "wait").setFunction(t, new Evaluation.Suspend());
  }

  /** Runs a form that waits, resuming it with 1, 2, 3 …; its value and the number of waits. */
  private String run(String form) {
    Task own = new Task(e.vm, t.c);
    Object v = own.start(e.vm.evaluator().compileForm(own, e.read(form), Symbol.T));
    long waits = 0;
    while (v == Task.SUSPENDED) {
      Kept kept = new Kept();
      Captured.capture(own, kept);
      t.c.setDriver(t);
      e.eval("(setq unrelated (mapcar (lambda (x) x) '(1 2 3)))"); // Others run meanwhile.
      t.c.setDriver(own);
      kept.restore(own);
      v = own.resume(++waits);
    }
    assertEquals(0, own.frameCount());
    assertEquals(0, own.bindingMark());
    return e.print(v) + " after " + waits;
  }

  /** Runs a form that waits n times, from the second time on in a machine of its own. */
  private Task waitInOwn(String form, Kept kept, OwnMachines all) {
    Task first = new Task(e.vm, t.c);
    assertSame(
        Task.SUSPENDED, first.start(e.vm.evaluator().compileForm(first, e.read(form), Symbol.T)));
    Captured.capture(first, kept);
    Task own = all.admit(first, kept, 10);
    t.c.setDriver(own);
    kept.restore(own);
    assertSame(Task.SUSPENDED, own.resume(1L));
    own.park();
    return own;
  }

  @Test
  void inMachineOfItsOwn() {
    OwnMachines all = new OwnMachines();
    Task own = waitInOwn("(mapcar (lambda (x) (+ x (wait))) '(1 2 3))", new Kept(), all);
    t.c.setDriver(t);
    assertEquals("9", e.print(e.eval("(* 3 3)"))); // Others run meanwhile.
    t.c.setDriver(own);
    own.unpark();
    assertSame(Task.SUSPENDED, own.resume(10L));
    own.park();
    own.unpark();
    assertEquals("(2 12 103)", e.print(own.resume(100L)));
  }

  @Test
  void whoDoesNotGoOnGivesItsMachineUp() {
    Kept kept = new Kept();
    OwnMachines all = new OwnMachines();
    waitInOwn("(mapcar (lambda (x) (+ x (wait))) '(1 2 3))", kept, all);
    kept.setContinuation(null, null, null, null);
    all.sweep();
    assertEquals(1, all.count(), "it has gone on since it got it");
    all.sweep();
    assertEquals(0, all.count());
    Task other = new Task(e.vm, t.c);
    kept.restore(other);
    assertSame(Task.SUSPENDED, other.resume(10L));
    Captured.capture(other, kept);
    kept.restore(other);
    assertEquals("(2 12 103)", e.print(other.resume(100L)));
  }

  @Test
  void requestsReachWhicheverMachineRuns() {
    OwnMachines all = new OwnMachines();
    Task own = waitInOwn("(list (wait) (wait) (let ((n 9)) (while t)))", new Kept(), all);
    t.interrupt();
    assertFalse(own.polled(), "it is asked of another isolate's machines");
    new Task(e.vm, t.c, own.requests()).interrupt();
    own.unpark();
    assertEquals(Q.QUIT, assertThrows(LispSignal.class, () -> own.resume(2L)).symbol());
  }

  @Test
  void whatWasPoppedIsNotKept() throws InterruptedException {
    e.eval("(setq it (list 1 2))");
    WeakReference<Object> it = new WeakReference<>(e.eval("it"));
    Task own =
        waitInOwn(
            "(progn (wait) (length (append it (mapcar #'identity it) nil))"
                + " (setq it nil) (wait))",
            new Kept(),
            new OwnMachines());
    for (int i = 0; i < 50 && it.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(it.get(), "nothing holds it");
    own.unpark();
    assertEquals("5", e.print(own.resume(5L)));
  }

  /** A primitive that waits twice in a frame, for nothing in particular. */
  private static final class Twice extends Subr {
    Twice() {
      super("test-twice", 0, 0);
    }

    @Override
    protected Object call0(Task t) {
      return t.suspend(
          new NativeFrame() {
            private boolean again;

            @Override
            public Object resume(Task t, Object value) {
              again = !again;
              return again ? t.suspend(this) : Lisp.bool(value == null);
            }
          });
    }
  }

  @Test
  void whoIsWokenWithNothingGoesOnInTheFrameThatWaits() {
    t.symbols().intern(t, "twice").setFunction(t, new Twice());
    Task first = new Task(e.vm, t.c);
    assertSame(
        Task.SUSPENDED,
        first.start(e.vm.evaluator().compileForm(first, e.read("(list (twice) 7)"), Symbol.T)));
    assertSame(Task.SUSPENDED, first.resume(null));
    assertEquals("(t 7)", e.print(first.resume(null)));
  }

  @Test
  void plainCall() {
    assertEquals("(1 2) after 2", run("(list (wait) (wait))"));
  }

  @Test
  void inMapcar() {
    assertEquals(
        "((a . 1) (b . 2) (c . 3)) after 3", run("(mapcar (lambda (x) (cons x (wait))) '(a b c))"));
  }

  @Test
  void inNestedMapcar() {
    assertEquals(
        "((1 2) (3 4)) after 4",
        run("(mapcar (lambda (l) (mapcar (lambda (x) (wait)) l)) '((a b) (c d)))"));
  }

  @Test
  void inMapconcatAndMapc() {
    assertEquals(
        "\"xx-yy\" after 2",
        run("(mapconcat (lambda (s) (wait) (concat s s)) '(\"x\" \"y\") \"-\")"));
    assertEquals(
        "6 after 3", run("(let ((n 0)) (mapc (lambda (x) (setq n (+ n (wait)))) [1 2 3]) n)"));
  }

  @Test
  void inSort() {
    assertEquals("(1 2 3) after 3", run("(sort (list 3 1 2) (lambda (a b) (wait) (< a b)))"));
  }

  @Test
  void inMaphash() {
    assertEquals(
        "(3 . 6) after 3",
        run(
            "(let ((h (make-hash-table)) (n 0) (s 0)) (puthash 'a 1 h) (puthash 'b 2 h)"
                + " (puthash 'c 3 h) (maphash (lambda (k v) (setq n (1+ n) s (+ s (wait)))) h)"
                + " (cons n s))"));
  }

  @Test
  void inConditionCase() {
    assertEquals(
        "(caught wrong-type-argument listp 1) after 1",
        run("(condition-case err (car (wait)) (error (cons 'caught err)))"));
    assertEquals(
        "2 after 2", run("(condition-case nil (progn (wait) (signal 'error nil)) (error (wait)))"));
  }

  @Test
  void inCatch() {
    assertEquals("1 after 1", run("(catch 'a (catch 'b (throw 'a (wait))))"));
  }

  @Test
  void inUnwindProtect() {
    assertEquals(
        "(1 2) after 2",
        run("(let (a b) (unwind-protect (setq a (wait)) (setq b (wait))) (list a b))"));
  }

  @Test
  void inDynamicBindings() {
    e.eval("(defvar special 'outside)");
    assertEquals(
        "(bound 1 bound) after 1", run("(let ((special 'bound)) (list special (wait) special))"));
    assertEquals("outside", e.show("special"));
  }

  @Test
  void inFuncallApplyEvalAndHooks() {
    assertEquals("1 after 1", run("(funcall (lambda () (apply 'wait nil)))"));
    assertEquals("(1 . 2) after 2", run("(eval '(cons (wait) (wait)) t)"));
    assertEquals(
        "(2 1) after 2",
        run(
            "(progn (setq seen nil hook (list (lambda () (setq seen (cons (wait) seen)))"
                + " (lambda () (setq seen (cons (wait) seen))))) (run-hooks 'hook) seen)"));
  }

  @Test
  void aConditionWhereItWaits() {
    Task own = new Task(e.vm, t.c);
    Object v =
        own.start(
            e.vm
                .evaluator()
                .compileForm(
                    own,
                    e.read(
                        "(let ((log nil)) (condition-case err (unwind-protect (mapcar 'wait '(1))"
                            + " (setq log 'unwound)) (quit (list err log))))"),
                    Symbol.T));
    assertSame(Task.SUSPENDED, v);
    v = own.resumeSignaling(new LispSignal(org.elver.lisp.object.Q.QUIT, 7L));
    assertEquals("((quit 7) unwound)", e.print(v));
  }

  @Test
  void foreignFramesAreRecognised() {
    // A primitive that calls Lisp from Java keeps the task from being suspended as data.
    class Foreign extends Subr {
      Foreign() {
        super("test-foreign", 1, 1);
      }

      @Override
      protected Object call1(Task task, Object f) {
        assertEquals(false, task.isSuspendable() && task.depth < 0);
        return task.call(f);
      }
    }
    t.symbols().intern(t, "foreign").setFunction(t, new Foreign());
    Task own = new Task(e.vm, t.c);
    assertThrows(
        LispSignal.class,
        () ->
            own.start(
                e.vm
                    .evaluator()
                    .compileForm(own, e.read("(foreign (lambda () (wait)))"), Symbol.T)));
  }

  @Test
  void manyWaitingTasksAreIndependent() {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Task own = new Task(e.vm, t.c);
      tasks.add(own);
      Object f = e.eval("(let ((n " + i + ")) (lambda () (+ n (wait) (wait))))");
      t.c.setDriver(own);
      assertSame(Task.SUSPENDED, own.start(f));
    }
    for (Task own : tasks) {
      t.c.setDriver(own);
      assertSame(Task.SUSPENDED, own.resume(1000L));
    }
    for (int i = 0; i < 100; i++) {
      t.c.setDriver(tasks.get(i));
      assertEquals(i + 3000L, tasks.get(i).resume(2000L));
    }
  }

  /** What a waiting task is in the middle of. */
  private static final class Kept implements Continuation {
    private Object[] values;
    private int[] numbers;
    private HeapObject buffer;
    private Object match;

    @Override
    public void setContinuation(Object[] v, int[] n, HeapObject currentBuffer, Object matchData) {
      values = v;
      numbers = n;
      buffer = currentBuffer;
      match = matchData;
    }

    void restore(Task to) {
      Captured.restore(to, values, numbers, buffer, match);
    }
  }
}
