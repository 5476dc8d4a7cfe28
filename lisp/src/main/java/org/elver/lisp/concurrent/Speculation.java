package org.elver.lisp.concurrent;

import java.util.concurrent.atomic.LongAdder;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
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
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Mapping with side effects, ahead of time. Runs of elements are tried in forks that note what they
 * read; in order, each is committed if nothing that it read has been changed since it was forked,
 * or done again in place. So is what does something that cannot be taken back. Where runs keep
 * conflicting, more and more elements are done in place before the next attempt.
 *
 * <p>The caller does not wait while there is something to do that needs no attempt: it does the
 * first run that nobody has begun in place, for certain, while the others are tried beside it. So
 * when every run conflicts, hardly more is lost than the attempts, which took other cores.
 */
final class Speculation {
  /** How long a run of elements takes, about, in nanoseconds. */
  private static final long RUN = 4_000_000;

  /** How long a run that may never end, since what it saw is out of date, is waited for. */
  private static final long PATIENCE = 200_000_000;

  /**
   * Non-nil: even the first elements are tried in forks, however short they are; {@code forks}: and
   * none is done in place that has not been tried. For tests.
   */
  private static final Symbol EARLY = Symbol.known("elver--speculate-early");

  private static final Symbol FORKS = Symbol.known("forks");

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

  @Primitive(value = "elver--try-run", doc = "Try the elements of RUN, in a fork made for it.")
  static Object tryRun(Task t, Object run) {
    if (!(run instanceof Attempt a)) {
      throw LispSignal.wrongType(Attempt.TYPE, run);
    }
    return a.run(t);
  }

  // ---- In the caller ------------------------------------------------------------------------

  private static final class Driver extends NativeFrame implements Cleanup {
    private final Object function;
    private final Object[] elements;
    private final Object[] results;
    private final int mark;
    private final boolean alone;
    private final boolean helping;
    private final Stats stats;
    private final Attempts ahead;

    /** How many elements are done. */
    private int next;

    /** Up to where elements are done in place; the first ones to see how long they take. */
    private int inPlaceTo;

    /** The first element that is in no attempt yet. */
    private int forked;

    private final int width;
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
      this.ahead = new Attempts(t.vm().subr("elver--try-run"), carriers);
      Object early = Variables.orNil(t, EARLY);
      this.inPlaceTo = alone ? elements.length : Lisp.isTrue(early) ? 0 : 1;
      this.helping = early != FORKS;
    }

    Object begin(Task t) {
      if (!alone) {
        CodeInAdvance.makeAll(t, function);
      }
      begun = System.nanoTime();
      t.onUnbind(this);
      return resume(t, null);
    }

    @Override
    public Object resume(Task t, Object woken) {
      if (calling) {
        calling = false;
        results[next++] = woken;
        if (next == inPlaceTo && !alone) {
          doneInPlace(t);
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
        boolean begins = ahead.isEmpty() && helping;
        if (begins) { // The first run is done here, while the next ones are tried.
          inPlaceTo = Math.min(elements.length, next + step);
        }
        forked = Math.max(forked, Math.max(next, inPlaceTo));
        while (ahead.size() < width && forked < elements.length) {
          fork(t);
        }
        if (begins) {
          continue;
        }
        Attempt head = ahead.first();
        if (!head.isolate.isDone()) {
          if (helping && ahead.takeBack()) {
            inPlaceTo = head.to;
            continue;
          }
          LispFiber f = LispFiber.of(t);
          long now = System.nanoTime();
          if (waitingSince == 0) {
            waitingSince = now;
          } else if (now - waitingSince > PATIENCE && changes != head.changesBefore) {
            fail(t, head);
            continue;
          }
          ahead.setCallerWaits(true);
          if (head.isolate.await(f)) {
            return Waits.park(t, f, PATIENCE, this);
          }
        }
        ahead.setCallerWaits(false);
        waitingSince = 0;
        settle(t, head);
      }
    }

    /** What was to be done in place has been done. */
    private void doneInPlace(Task t) {
      if (ahead.isEmpty()) {
        measure();
      } else if (t.c.hasChangedOlderObjects()) {
        changes++;
      }
    }

    /** Sets the length of runs by what the elements done so far took. */
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
      ahead.add(new Attempt(t, child, function, elements, forked, to, changes, !ahead.isEmpty()));
      forked = to;
    }

    /** Has what the first attempt did done here, if that is what it would do now. */
    private void settle(Task t, Attempt a) {
      Context c = a.isolate.context();
      boolean ended = !a.isolate.isFailed() || a.isolate.outcome() instanceof LispFiber.Failed;
      boolean changed = false;
      if (ended && !c.isEnded() && a.buffer == t.currentBuffer && t.c.canAdopt(c)) {
        c.forgetRestored();
        changed = c.hasChangedOlderObjects();
        ended = t.c.tryCommit(c);
      } else {
        ended = false;
      }
      if (!ended) {
        fail(t, a);
        return;
      }
      ahead.takeFirst();
      if (changed) {
        changes++;
      }
      if (a.overtakes) {
        failures = Math.max(0, failures - 1);
      }
      stats.commits.add(a.to - a.from);
      Results.discard(a.isolate);
      t.currentBuffer = a.bufferAfter;
      if (a.matchAfter != Task.UNKNOWN_MATCH) {
        t.matchData = a.matchAfter;
      }
      if (a.isolate.outcome() instanceof LispFiber.Failed f) {
        throw thrown(t, f.error());
      }
      Object list = a.isolate.outcome();
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

    /** The first attempt is done in place, and the more after it the more often that happens. */
    private void fail(Task t, Attempt a) {
      waitingSince = 0;
      ahead.setCallerWaits(false);
      failures++;
      stats.reruns.add(a.to - a.from);
      long more = failures < 2 ? 0 : (long) step << Math.min(failures, 12);
      inPlaceTo = (int) Math.min(elements.length, a.to + more);
      stats.lost.add(ahead.dropFirst());
      if (more > 0) {
        run(t);
      }
    }

    /** What is being tried is not wanted any more. */
    @Override
    public void run(Task t) {
      stats.lost.add(ahead.drop());
      forked = next;
    }

    @Override
    public NativeFrame copy() {
      throw new IllegalStateException("what waits for its forks has no copy");
    }
  }
}
