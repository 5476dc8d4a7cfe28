package org.elver.lisp.concurrent;

import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Savepoint;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;

/** Extents in which no other task of the isolate runs, and those that can be undone. */
final class Rollbacks {
  private Rollbacks() {}

  /** Runs a function with a cleanup; the cleanup knows whether the function has returned. */
  private static final class Extent extends NativeFrame {
    private final int mark;
    private final Undo undo;

    Extent(int mark, Undo undo) {
      this.mark = mark;
      this.undo = undo;
    }

    @Override
    public Object resume(Task t, Object value) {
      if (undo != null) {
        undo.returned = true;
      }
      t.unbindTo(mark);
      return value;
    }
  }

  /** Ends an extent in which {@code fiber} is not preempted; null: nothing schedules it anyway. */
  record Preemptible(LispFiber fiber) implements Cleanup {
    /** Begins it. */
    static Preemptible begin(Task t) {
      LispFiber f = LispFiber.of(t);
      if (f != null) {
        f.addCritical(1);
      }
      return new Preemptible(f);
    }

    @Override
    public void run(Task t) {
      if (fiber != null) {
        fiber.addCritical(-1);
      }
    }
  }

  /** Goes back to how all was, unless the extent's function has returned. */
  private static final class Undo implements Cleanup {
    private final Savepoint savepoint;
    private final HeapObject buffer;
    private final Object match;
    private final Object[] hidden;
    boolean returned;

    Undo(Task t) {
      hidden = Bindings.save(t);
      buffer = t.currentBuffer;
      match = t.matchData;
      savepoint = t.c.savepoint();
    }

    @Override
    public void run(Task t) {
      if (returned) {
        t.c.commit(savepoint);
        return;
      }
      t.c.rollback(savepoint);
      t.currentBuffer = buffer;
      t.matchData = match;
      Bindings.restore(t, hidden);
    }
  }

  @Primitive(
      value = "elver--without-preemption",
      doc = "Call FUNCTION while no other task of this isolate runs, for `without-preemption'.")
  static Object withoutPreemption(Task t, Object function) {
    int mark = t.bindingMark();
    t.onUnbind(Preemptible.begin(t));
    return t.invoke(new Extent(mark, null), function);
  }

  @Primitive(
      value = "elver--with-rollback",
      doc = "Call FUNCTION, and undo what it changed unless it returns, for `with-rollback'.")
  static Object withRollback(Task t, Object function) {
    int mark = t.bindingMark();
    Undo undo = new Undo(t);
    t.onUnbind(Preemptible.begin(t));
    t.onUnbind(undo);
    return t.invoke(new Extent(mark, undo), function);
  }
}
