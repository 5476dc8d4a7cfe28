package org.elver.lisp.concurrent;

import java.util.Arrays;
import org.elver.heap.graph.Join;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Savepoint;
import org.elver.kernel.task.Fiber;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;

/**
 * Goes through a {@link Chunk}. Each element finds the state in which the first one began: what it
 * changed is rolled back, and its value is taken out of that as the value of a fork is at a join.
 * So it makes no difference which elements share a fork.
 */
final class ChunkFrame extends NativeFrame {
  private final Chunk chunk;

  /**
   * Whether this runs in the caller's own isolate, where nothing may remain of the last element.
   */
  private final boolean inPlace;

  private final int mark;
  private final HeapObject buffer;
  private final Object match;
  private final Ending ending;
  private Object[] results;
  private int next;
  private Object accumulator;

  /** The value of an element whose tasks have to end first; null: none. */
  private Object unfinished;

  private ChunkFrame(Task t, Chunk chunk, boolean inPlace) {
    this.chunk = chunk;
    this.inPlace = inPlace;
    this.next = chunk.from();
    this.accumulator = chunk.initial();
    this.results = new Object[chunk.work() == Chunk.Work.LIST ? chunk.to() - chunk.from() : 0];
    this.buffer = t.currentBuffer;
    this.match = t.matchData;
    this.mark = t.bindingMark();
    this.ending = new Ending(buffer, match, inPlace, Memo.of(t.c).descent());
  }

  /** To be returned by a primitive: has the chunk done in a fork that was made for it. */
  static Object run(Task t, Chunk chunk) {
    return begin(t, new ChunkFrame(t, chunk, false));
  }

  /** To be returned by a primitive: has the chunk done where nothing can wait for forks. */
  static Object runInPlace(Task t, Chunk chunk) {
    int before = t.bindingMark();
    t.onUnbind(Rollbacks.Preemptible.begin(t));
    ChunkFrame f = new ChunkFrame(t, chunk, true);
    return begin(t, new Unbinding(before, f));
  }

  private static Object begin(Task t, NativeFrame f) {
    return f.resume(t, null);
  }

  /** The frame of a chunk that is done in place, and what ends with it. */
  private static final class Unbinding extends NativeFrame {
    private final int before;
    private final ChunkFrame of;

    Unbinding(int before, ChunkFrame of) {
      this.before = before;
      this.of = of;
    }

    @Override
    public Object resume(Task t, Object value) {
      Object v = of.resume(t, value, this);
      if (v != Task.CALL) {
        t.unbindTo(before);
      }
      return v;
    }

    @Override
    public NativeFrame copy() {
      return new Unbinding(before, (ChunkFrame) of.copy());
    }
  }

  /** Ends the savepoint of an element that does not return. */
  private static final class Ending implements Cleanup {
    private final HeapObject buffer;
    private final Object match;
    private final boolean inPlace;
    private final Memo.Descent descent;
    Savepoint savepoint;

    Ending(HeapObject buffer, Object match, boolean inPlace, Memo.Descent descent) {
      this.descent = descent;
      this.buffer = buffer;
      this.match = match;
      this.inPlace = inPlace;
    }

    @Override
    public void run(Task t) {
      Savepoint s = savepoint;
      savepoint = null;
      if (s != null && inPlace && t.inFlight != null) {
        // The error tells of things as they were, as one of a fork does.
        t.inFlight = Join.rollback(t.c, s, t.inFlight, Values.PASSAGE);
      } else if (s != null && inPlace) {
        t.c.rollback(s);
      } else if (s != null) {
        t.c.commit(s); // The error keeps what it tells of: whoever joins the fork takes only that.
      }
      t.currentBuffer = buffer;
      t.matchData = match;
      Memo.of(t.c).setDescent(descent);
    }
  }

  @Override
  public Object resume(Task t, Object value) {
    return resume(t, value, this);
  }

  private Object resume(Task t, Object given, NativeFrame self) {
    Object value = given;
    if (unfinished != null) {
      value = unfinished;
      unfinished = null;
    } else if (value == null) {
      t.onUnbind(ending);
    }
    if (value != null) {
      if (!inPlace && ending.savepoint != null && endTasks(t)) {
        unfinished = value;
        return t.park(self);
      }
      take(t, value);
    }
    if (chunk.work() == Chunk.Work.FOLD && accumulator == null && next < chunk.to()) {
      accumulator = chunk.elements()[next++];
    }
    if (next == chunk.to()) {
      Object v =
          switch (chunk.work()) {
            case LIST -> t.list(results);
            case NONE -> Symbol.NIL;
            case FOLD -> accumulator;
          };
      t.unbindTo(mark);
      return v;
    }
    int i = next++;
    // The last one too: what it changes may be what an earlier one has returned.
    if (inPlace || chunk.to() - chunk.from() > 1) {
      ending.savepoint = t.c.savepoint();
    }
    t.currentBuffer = buffer;
    t.matchData = match;
    Memo.of(t.c).setDescent(chunk.descent().part(i));
    Object x = chunk.elements()[i];
    return chunk.work() == Chunk.Work.FOLD
        ? t.invoke(self, chunk.function(), accumulator, x)
        : t.invoke(self, chunk.function(), x);
  }

  private void take(Task t, Object result) {
    Object value = result;
    Savepoint s = ending.savepoint;
    if (s != null) {
      ending.savepoint = null;
      value = Join.rollback(t.c, s, value, Values.PASSAGE);
    }
    switch (chunk.work()) {
      case LIST -> results[next - 1 - chunk.from()] = value;
      case FOLD -> accumulator = value;
      case NONE -> {}
    }
  }

  /** Cancels the tasks that the element has left behind; true: this one waits for one of them. */
  private static boolean endTasks(Task t) {
    LispFiber me = LispFiber.of(t);
    if (me.isolate().fiberCount() == 1) {
      return false;
    }
    for (Fiber f : me.isolate().fibers()) {
      if (f != me && !f.isDone()) {
        if (!f.isCancelRequested()) {
          f.cancel(Conditions.taskCancelled());
        }
        if (f.await(me)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public NativeFrame copy() {
    ChunkFrame f = (ChunkFrame) super.copy();
    f.results = Arrays.copyOf(results, results.length);
    return f;
  }
}
