package org.elver.lisp.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.elver.kernel.task.Completion;
import org.elver.lisp.isolate.Results;

/**
 * The attempts that are ahead of what has been done, in order. No more are under way than there are
 * carriers to spare, so that they never take time from what the caller does in place; as one ends,
 * the next begins, whatever the caller is doing.
 *
 * <pre>
 * an attempt   begins by                                    ends by
 * ----------   ------------------------------------------   -----------------------------------
 * waiting      add, when all carriers are busy              begun; taken back; dropped
 * under way    add, the end of another, a further carrier   its isolate's end; dropped (killed)
 * ended        its isolate's end                            taken by the caller; dropped
 * </pre>
 */
final class Attempts {
  /** All of them. The caller's only. */
  private final Deque<Attempt> ahead = new ArrayDeque<>();

  /** Those waiting, in order. Guarded by this: the ends of others begin them. */
  private final Deque<Attempt> waiting = new ArrayDeque<>();

  private final Object trying;
  private final int carriers;

  /** Whether the caller leaves its carrier to them. Guarded by this. */
  private boolean callerWaits;

  /** How many are under way. Guarded by this. */
  private int underWay;

  /**
   * @param trying the function that a fork begins with, given the attempt
   * @param carriers how many carriers they share with the caller
   */
  Attempts(Object trying, int carriers) {
    this.trying = trying;
    this.carriers = carriers;
  }

  int size() {
    return ahead.size();
  }

  boolean isEmpty() {
    return ahead.isEmpty();
  }

  /** The first one, which is to be decided about next; null: there is none. */
  Attempt first() {
    return ahead.peek();
  }

  /** Puts one behind the others, and begins it when a carrier is to spare. */
  void add(Attempt a) {
    a.isolate.whenDone(
        new Completion.Callback() {
          @Override
          public void done(Object value, boolean failed) {
            ended();
          }
        });
    ahead.add(a);
    synchronized (this) {
      waiting.add(a);
    }
    beginMore();
  }

  /** Says whether the caller waits for them, or does something itself. */
  void setCallerWaits(boolean on) {
    synchronized (this) {
      callerWaits = on;
    }
    beginMore();
  }

  private void ended() {
    synchronized (this) {
      underWay--;
    }
    beginMore();
  }

  private void beginMore() {
    for (; ; ) {
      Attempt next;
      synchronized (this) {
        if (waiting.isEmpty() || underWay >= (callerWaits ? carriers : carriers - 1)) {
          return;
        }
        next = waiting.poll();
        underWay++;
      }
      next.begin(trying);
    }
  }

  /** Takes the first one back, if it has not begun; whether that was so. */
  boolean takeBack() {
    Attempt first = ahead.peek();
    synchronized (this) {
      if (first == null || waiting.peek() != first) {
        return false;
      }
      waiting.poll();
    }
    ahead.poll();
    Results.discard(first.isolate);
    return true;
  }

  /** Removes the first one, which has ended, and whose isolate is the caller's business now. */
  void takeFirst() {
    ahead.poll();
  }

  /** Gives up the first one, which has begun; returns for how long it is known to have run. */
  long dropFirst() {
    Attempt a = ahead.poll();
    long nanos = a.nanos;
    if (a.isolate.isDone()) {
      Results.discard(a.isolate);
    } else {
      a.isolate.requestKill(new Results.Killed("killed"));
      a.isolate.whenDone(
          new Completion.Callback() {
            @Override
            public void done(Object value, boolean failed) {
              Results.discard(a.isolate);
            }
          });
    }
    return nanos;
  }

  /** Gives all of them up; returns for how long they are known to have run. */
  long drop() {
    Deque<Attempt> unbegun;
    synchronized (this) {
      unbegun = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    for (Attempt a : unbegun) {
      ahead.remove(a);
      Results.discard(a.isolate);
    }
    long nanos = 0;
    while (!ahead.isEmpty()) {
      nanos += dropFirst();
    }
    return nanos;
  }
}
