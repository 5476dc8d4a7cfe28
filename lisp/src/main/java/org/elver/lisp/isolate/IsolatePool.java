package org.elver.lisp.isolate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.elver.heap.graph.Copies;
import org.elver.kernel.channel.Channel;
import org.elver.kernel.task.Completion;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/**
 * Isolates with fresh heaps that wait for work. Each job runs in a fork of one of them, so that
 * every job finds the heap of the boot image, whatever jobs before it did; what it has not it asks
 * for where it was submitted.
 */
public final class IsolatePool implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("isolate-pool");
  private static final Symbol WORK = Symbol.known("elver--pool-work");

  /** Calls that no worker has begun. Any thread. */
  private final ConcurrentLinkedQueue<Job> jobs = new ConcurrentLinkedQueue<>();

  /**
   * For each such call something that wakes a worker, or more: who is killed after he was woken has
   * taken no call away from the others.
   */
  private final Channel calls = new Channel(Integer.MAX_VALUE);

  private static final Object CALL = new Object();

  /** What is promised and not kept. Any thread. */
  private final Set<LispPromise> pending = ConcurrentHashMap.newKeySet();

  private final int size;

  /** A call, by whom it was submitted, and what is promised. */
  private record Job(FreshCall call, LispIsolate by, LispPromise promise) {}

  private IsolatePool(int size) {
    this.size = size;
  }

  /**
   * A pool with {@code n} workers, for the isolate of {@code t} and all that get it from there; it
   * is closed when that ends.
   */
  public static IsolatePool make(Task t, int n) {
    IsolatePool pool = new IsolatePool(n);
    List<LispIsolate> workers = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      LispIsolate i = LispIsolate.fresh(t, null, new Copies());
      i.setIsolateName("pool-worker-" + i.number());
      i.serves(pool.pending);
      i.begin(new LispFiber(i, FreshWorld.of(t.vm()).buffer(), WORK, pool));
      workers.add(i);
    }
    LispIsolate owner = LispIsolate.of(t);
    Completion.Callback end =
        new Completion.Callback() {
          @Override
          public void done(Object value, boolean failed) {
            pool.close();
            for (LispIsolate i : workers) {
              i.requestKill(new Results.Killed("killed"));
            }
          }
        };
    owner.whenDone(end);
    // A program may make and close any number of pools.
    AtomicInteger left = new AtomicInteger(n);
    for (LispIsolate i : workers) {
      i.whenDone(
          new Completion.Callback() {
            @Override
            public void done(Object value, boolean failed) {
              if (left.decrementAndGet() == 0) {
                owner.forget(end);
                pool.leave(i);
              } else {
                pool.calls.trySend(CALL); // In place of one that it was woken with, perhaps.
              }
            }
          });
    }
    return pool;
  }

  /** Has a worker call {@code call[0]} with the rest. */
  public LispPromise submit(Task t, Object... call) {
    if (calls.end() != null) { // First: a worker may yet look for what has been submitted before.
      throw closed();
    }
    Job job = new Job(FreshCall.pack(t, call), LispIsolate.of(t), new LispPromise());
    pending.add(job.promise);
    job.promise.whenDone(
        new Completion.Callback() {
          @Override
          public void done(Object value, boolean failed) {
            pending.remove(job.promise);
          }
        });
    jobs.add(job);
    if (calls.trySend(CALL) != Channel.SENT && jobs.remove(job)) {
      pending.remove(job.promise);
      throw closed();
    }
    return job.promise;
  }

  private static LispSignal closed() {
    return LispSignal.error("The pool is closed");
  }

  /** The last worker, {@code by}, has ended: nobody will do what has been submitted. */
  private void leave(LispIsolate by) {
    close(); // First: who submits after this finds it closed, or his call gone.
    for (Job job = jobs.poll(); job != null; job = jobs.poll()) {
      job.promise.abandon(by);
    }
  }

  /** No more is submitted; what has been is done. False when it was closed before. */
  public boolean close() {
    return calls.close();
  }

  /** What a worker does: for its first task. */
  public NativeFrame work() {
    return new Working(this);
  }

  /** A worker between two jobs, or waiting for the fork that does one. */
  private static final class Working extends NativeFrame {
    private final IsolatePool pool;
    private LispIsolate fork;

    Working(IsolatePool pool) {
      this.pool = pool;
    }

    @Override
    public Object resume(Task t, Object woken) {
      Object r = fork == null ? woken : null;
      for (; ; ) {
        if (fork != null) {
          LispIsolate done = fork;
          synchronized (done) {
            done.released();
          }
          fork = null;
        }
        LispFiber f = LispFiber.of(t);
        if (r == null) {
          r = pool.calls.receive(f);
          if (r == Channel.WAIT) {
            return t.park(this);
          }
        }
        boolean more = r == CALL;
        r = null;
        Job job = pool.jobs.poll();
        if (job != null) {
          fork = begin(t, job);
          if (fork.await(f)) {
            return t.park(this);
          }
        } else if (!more) {
          return Symbol.NIL;
        }
      }
    }

    /** From here on the job is its fork's, or its promise is broken. */
    private static LispIsolate begin(Task t, Job job) {
      try {
        return start(t, job);
      } catch (RuntimeException | Error e) {
        job.promise.abandon(LispIsolate.of(t));
        throw e;
      }
    }

    private static LispIsolate start(Task t, Job job) {
      LispIsolate i = new LispIsolate(t);
      i.ignoreErrors();
      i.askInstead(job.by, job.call.copies());
      LispFiber f = job.call.fiber(i, t.currentBuffer);
      job.promise.follow(f);
      i.begin(f);
      return i;
    }
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<isolate-pool " + size + ">";
  }
}
