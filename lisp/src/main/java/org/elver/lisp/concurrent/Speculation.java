package org.elver.lisp.concurrent;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.kernel.task.Completion;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Results;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/**
 * Mapping with side effects, ahead of time. Runs of elements are tried in forks that note what they
 * read; in order, each is committed if nothing that it read has been changed since it was forked,
 * or done again in place. So is what does something that cannot be taken back. Where runs keep
 * conflicting, more and more elements are done in place before the next attempt.
 */
final class Speculation {
  /** How long a run of elements takes, about, in nanoseconds. */
  private static final long RUN = 4_000_000;

  /** How long a run that may never end, since what it saw is out of date, is waited for. */
  private static final long PATIENCE = 200_000_000;

  /** Non-nil: even the first elements are tried in forks, however short they are; for tests. */
  private static final Symbol EARLY = Symbol.known("elver--speculate-early");

  private Speculation() {}

  /** What came of it all, in one VM. Any thread. */
  private static final class Stats {
    final LongAdder commits = new LongAdder();
    final LongAdder reruns = new LongAdder();
    final LongAdder lost = new LongAdder();

    static Stats of(Task t) {
      return t.vm().service(Stats.class, Stats::new);
    }
  }

  /** A run of elements in a fork. The fork writes what is volatile, before its end is known. */
  private static final class Run implements Typed, Printable {
    private static final Symbol TYPE = Symbol.known("elver--run");

    final Object function;
    final Object[] elements;
    final int from;
    final int to;
    final HeapObject buffer;
    LispIsolate isolate;

    /** How many changes had been committed when it was forked. */
    long changesBefore;

    /** Whether others were under way before it when it was forked: it may get along with these. */
    boolean overtakes;

    volatile long nanos;
    volatile HeapObject bufferAfter;
    volatile Object matchAfter;

    Run(Task t, Object function, Object[] elements, int from, int to) {
      this.function = function;
      this.elements = elements;
      this.from = from;
      this.to = to;
      this.buffer = t.currentBuffer;
      this.bufferAfter = buffer;
    }

    @Override
    public Symbol lispType() {
      return TYPE;
    }

    @Override
    public String printed(View t) {
      return "#<elements " + from + " to " + to + ">";
    }
  }

  @Primitive(
      value = "speculate-mapcar",
      min = 2,
      doc =
          "Do what `mapcar' does with FUNCTION and SEQUENCE, side effects included, on all cores.\n"
              + "Elements are tried in forks and take effect in order.  One that has read what an\n"
              + "earlier one changed runs again, and so does one that has done something that\n"
              + "cannot be taken back: output, messages, files, processes, waiting.")
  static Object speculateMapcar(Task t, Object function, Object sequence) {
    Object[] elements = Parallel.elements(t, sequence);
    if (elements.length == 0) {
      return Symbol.NIL;
    }
    return new Driver(t, function, elements).begin(t);
  }

  @Primitive(
      value = "speculate-stats",
      min = 0,
      doc =
          "Return what came of `speculate-mapcar' so far, as a property list.\n"
              + "`:commits' elements took effect as tried, `:re-runs' ran again; `:time-lost' is"
              + " the\n"
              + "time in seconds that went into tries in vain.")
  static Object speculateStats(Task t) {
    Stats s = Stats.of(t);
    return t.list(
        Symbol.known(":commits"),
        s.commits.sum(),
        Symbol.known(":re-runs"),
        s.reruns.sum(),
        Symbol.known(":time-lost"),
        s.lost.sum() / 1e9);
  }

  // ---- In the fork --------------------------------------------------------------------------

  @Primitive(value = "elver--try-run", doc = "Try the elements of RUN, in a fork made for it.")
  static Object tryRun(Task t, Object run) {
    if (!(run instanceof Run r)) {
      throw LispSignal.wrongType(Run.TYPE, run);
    }
    t.matchData = Task.UNKNOWN_MATCH;
    return new Trying(r, t.bindingMark()).begin(t);
  }

  private static final class Trying extends NativeFrame implements Cleanup {
    private final Run run;
    private final int mark;
    private final long begun = System.nanoTime();
    private final Object[] results;
    private int next;

    Trying(Run run, int mark) {
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

  // ---- In the caller ------------------------------------------------------------------------

  private static final class Driver extends NativeFrame implements Cleanup {
    private final Object function;
    private final Object[] elements;
    private final Object[] results;
    private final int mark;
    private final boolean alone;
    private final Stats stats;
    private final ArrayDeque<Run> ahead = new ArrayDeque<>();

    /** How many elements are done. */
    private int next;

    /** Up to where elements are done in place; the first ones to see how long they take. */
    private int inPlaceTo;

    /** The first element that is in no run yet. */
    private int forked;

    private int width;
    private int step = 1;
    private int failures;
    private long changes;
    private long begun;
    private long waitingSince;
    private boolean calling;

    Driver(Task t, Object function, Object[] elements) {
      this.function = function;
      this.elements = elements;
      this.results = new Object[elements.length];
      this.mark = t.bindingMark();
      this.stats = Stats.of(t);
      int carriers = Parallel.canFork(t) ? Tasks.isolate(t).kernel().carriers() : 1;
      this.alone = carriers == 1;
      this.width = carriers + 1;
      boolean early = Lisp.isTrue(Variables.orNil(t, EARLY));
      this.inPlaceTo = alone ? elements.length : early ? 0 : 1;
    }

    Object begin(Task t) {
      begun = System.nanoTime();
      t.onUnbind(this);
      return resume(t, null);
    }

    @Override
    public Object resume(Task t, Object woken) {
      if (calling) {
        calling = false;
        results[next++] = woken;
        if (!alone && next == inPlaceTo && ahead.isEmpty()) {
          measure();
        }
      }
      for (; ; ) {
        if (next < inPlaceTo) {
          calling = true;
          return t.invoke(this, function, elements[next]);
        }
        if (next == elements.length) {
          t.unbindTo(mark);
          return t.list(results);
        }
        forked = Math.max(forked, next);
        while (ahead.size() < width && forked < elements.length) {
          fork(t);
        }
        Run head = ahead.peek();
        if (!head.isolate.isDone()) {
          LispFiber f = LispFiber.of(t);
          long now = System.nanoTime();
          if (waitingSince == 0) {
            waitingSince = now;
          } else if (now - waitingSince > PATIENCE && changes != head.changesBefore) {
            fail(t, head);
            continue;
          }
          if (head.isolate.await(f)) {
            return Waits.park(t, f, PATIENCE, this);
          }
        }
        waitingSince = 0;
        settle(t, head);
      }
    }

    /** Sets the length of runs by what the elements done in place took. */
    private void measure() {
      long each = Math.max(1, (System.nanoTime() - begun) / Math.max(1, next));
      if (each * next < RUN / 2 && failures == 0) {
        inPlaceTo = Math.min(elements.length, next * 2); // Too little to tell.
        return;
      }
      int most = Math.max(1, (elements.length - next) / (4 * width));
      step = Math.clamp(RUN / each, 1, most);
    }

    private void fork(Task t) {
      int to = Math.min(elements.length, forked + step);
      Run r = new Run(t, function, elements, forked, to);
      Memo.Descent descent = Memo.of(t.c).descent();
      Context c = t.c.forkSpeculating();
      Memo.of(t.c).setDescent(descent);
      Memo.of(c).setDescent(descent); // Random numbers go on where the parent's are.
      // It keeps timers and processes, unlike other forks: what it does is to be done here.
      LispIsolate child = new LispIsolate(Tasks.isolate(t), t, c);
      child.ignoreErrors();
      child.sparePartners();
      child.throwTo(t);
      child.speculate();
      r.isolate = child;
      r.changesBefore = changes;
      r.overtakes = !ahead.isEmpty();
      forked = to;
      ahead.add(r);
      child.begin(new LispFiber(child, t.currentBuffer, t.vm().subr("elver--try-run"), r));
    }

    /** Has what the first run did done here, if that is what it would do now. */
    private void settle(Task t, Run r) {
      Context c = r.isolate.context();
      boolean ended = !r.isolate.isFailed() || r.isolate.outcome() instanceof LispFiber.Failed;
      boolean changed = false;
      if (ended && !c.isEnded() && r.buffer == t.currentBuffer && t.c.canAdopt(c)) {
        c.forgetRestored();
        changed = c.hasChangedOlderObjects();
        ended = t.c.tryCommit(c);
      } else {
        ended = false;
      }
      if (!ended) {
        fail(t, r);
        return;
      }
      ahead.poll();
      if (changed) {
        changes++;
      }
      if (r.overtakes) {
        failures = Math.max(0, failures - 1);
      }
      stats.commits.add(r.to - r.from);
      Results.discard(r.isolate);
      t.currentBuffer = r.bufferAfter;
      if (r.matchAfter != Task.UNKNOWN_MATCH) {
        t.matchData = r.matchAfter;
      }
      if (r.isolate.outcome() instanceof LispFiber.Failed f) {
        throw thrown(t, f.error());
      }
      Object list = r.isolate.outcome();
      while (list instanceof Pair p) {
        results[next++] = p.first(t.c);
        list = p.second(t.c);
      }
      inPlaceTo = Math.max(inPlaceTo, next);
    }

    private static RuntimeException thrown(Task t, Object error) {
      Object symbol = Lisp.car(t.c, error);
      Object data = Lisp.cdr(t.c, error);
      if (symbol == Q.NO_CATCH && data instanceof Pair p && p.second(t.c) instanceof Pair rest) {
        return t.thrower(p.first(t.c), rest.first(t.c));
      }
      return LispSignal.of(symbol, data);
    }

    /** The first run is done in place, and the more after it the more often that happens. */
    private void fail(Task t, Run r) {
      waitingSince = 0;
      failures++;
      stats.reruns.add(r.to - r.from);
      long more = failures < 2 ? 0 : (long) step << Math.min(failures, 12);
      inPlaceTo = (int) Math.min(elements.length, r.to + more);
      ahead.poll();
      stop(r);
      if (more > 0) {
        run(t);
      }
    }

    private void stop(Run r) {
      stats.lost.add(r.nanos);
      if (r.isolate.isDone()) {
        Results.discard(r.isolate);
      } else {
        r.isolate.requestKill(new Results.Killed("killed"));
        r.isolate.whenDone(
            new Completion.Callback() {
              @Override
              public void done(Object value, boolean failed) {
                Results.discard(r.isolate);
              }
            });
      }
    }

    /** What is being tried is not wanted any more. */
    @Override
    public void run(Task t) {
      for (Run r = ahead.poll(); r != null; r = ahead.poll()) {
        stop(r);
      }
      forked = next;
    }

    @Override
    public NativeFrame copy() {
      throw new IllegalStateException("what waits for its forks has no copy");
    }
  }
}
