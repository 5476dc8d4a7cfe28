package org.elver.lisp.concurrent;

import org.elver.heap.version.HeapObject;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/**
 * A run of elements that {@link Speculation} tries in a fork. What is not final is written by the
 * fork before its end is known, or by the caller before the fork begins.
 */
final class Attempt implements Typed, Printable {
  static final Symbol TYPE = Symbol.known("elver--run");

  private final Object function;
  private final Object[] elements;
  final int from;
  final int to;
  final LispIsolate isolate;
  final HeapObject buffer;

  /** How many changes the caller had seen when it was forked. */
  final long changesBefore;

  /** Whether others were under way before it when it was forked: it may get along with these. */
  final boolean overtakes;

  /** How long it took; read also while it may be running. */
  volatile long nanos;

  HeapObject bufferAfter;
  Object matchAfter;

  Attempt(
      Task t,
      LispIsolate isolate,
      Object function,
      Object[] elements,
      int from,
      int to,
      long changesBefore,
      boolean overtakes) {
    this.isolate = isolate;
    this.function = function;
    this.elements = elements;
    this.from = from;
    this.to = to;
    this.changesBefore = changesBefore;
    this.overtakes = overtakes;
    this.buffer = t.currentBuffer;
    this.bufferAfter = buffer;
  }

  /** Starts the fork. Any thread to which the attempt has been handed. */
  void begin(Object trying) {
    isolate.begin(new LispFiber(isolate, buffer, trying, this));
  }

  /** Does the elements, in the fork: to be returned by a primitive. */
  Object run(Task t) {
    t.matchData = Task.UNKNOWN_MATCH;
    return new Trying(this, t.bindingMark()).begin(t);
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<elements " + from + " to " + to + ">";
  }

  private static final class Trying extends NativeFrame implements Cleanup {
    private final Attempt run;
    private final int mark;
    private final long begun = System.nanoTime();
    private final Object[] results;
    private int next;

    Trying(Attempt run, int mark) {
      this.run = run;
      this.mark = mark;
      this.next = run.from;
      this.results = new Object[run.to - run.from];
    }

    Object begin(Task t) {
      t.onUnbind(this);
      return resume(t, null);
    }

    /** However it ends. */
    @Override
    public void run(Task t) {
      run.nanos = System.nanoTime() - begun;
      run.bufferAfter = t.currentBuffer;
      run.matchAfter = t.matchData;
    }

    @Override
    public Object resume(Task t, Object value) {
      if (value != null) {
        results[next - 1 - run.from] = value;
      }
      if (next == run.to) {
        t.unbindTo(mark);
        return t.list(results);
      }
      return t.invoke(this, run.function, run.elements[next++]);
    }
  }
}
