package org.elver.heap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.heap.version.Snapshot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Threads fork from a snapshot, and release it, at the same time.
 *
 * <p>A snapshot is the one thing of the heap that any thread may use without holding a context. At
 * stake is that forks from it are siblings that see nothing of each other, and that a fork that
 * succeeds keeps the state alive by itself, however close to the release it comes.
 */
public class SnapshotFork {
  private SnapshotFork() {}

  /** Two forks, each of which writes; the maker of the snapshot goes on beside them. */
  @JCStressTest
  @Outcome(id = "a\\+old, old\\+b, old\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "Forks of one snapshot see each other's writes.")
  @State
  public static class ForkAgainstFork {
    private final Context maker = new Heap().newContext();
    private final Pair pair = new Pair(maker, "old", "old");
    private final Snapshot snapshot = maker.snapshot();
    private Context a;
    private Context b;

    @Actor
    public void forkA() {
      a = snapshot.fork();
      pair.setFirst(a, "a");
    }

    @Actor
    public void forkB() {
      b = snapshot.fork();
      pair.setSecond(b, "b");
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = Scene.both(pair, a);
      r.r2 = Scene.both(pair, b);
      r.r3 = Scene.both(pair, maker);
    }
  }

  /**
   * A fork against the release, after which the maker, perhaps alone, writes. The fork is refused,
   * or it keeps the old state: the maker's value would mean that it was forked from an epoch in
   * which the maker writes again.
   */
  @JCStressTest
  @Outcome(id = "refused, new, refused, 1", expect = ACCEPTABLE, desc = "Too late to fork.")
  @Outcome(id = "old, new, old, 3", expect = ACCEPTABLE, desc = "Forked in time.")
  @Outcome(expect = FORBIDDEN, desc = "The fork saw the maker's write, or corrupted the tree.")
  @State
  public static class ForkAgainstRelease {
    private final Heap heap = new Heap();
    private final Context maker = heap.newContext();
    private final Pair pair = new Pair(maker, "old", "old");
    private final Snapshot snapshot = maker.snapshot();
    private Context forked;

    @Actor
    public void fork(LLLL_Result r) {
      try {
        forked = snapshot.fork();
      } catch (IllegalStateException e) {
        r.r1 = "refused";
        return;
      }
      r.r1 = Scene.steady(pair, forked, 4);
    }

    @Actor
    public void release(LLLL_Result r) {
      snapshot.release();
      pair.setFirst(maker, "new");
      r.r2 = pair.first(maker);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      maker.tidy();
      r.r3 = forked == null ? "refused" : pair.first(forked);
      r.r4 = heap.epochs();
    }
  }

  /**
   * A fork against the release when the maker has ended, so that the snapshot alone keeps the
   * state. The fork is refused and nothing is left, or it has the state, which lasts until its end.
   */
  @JCStressTest
  @Outcome(id = "refused, 0", expect = ACCEPTABLE, desc = "Too late to fork; the state is gone.")
  @Outcome(id = "mid\\+old, 0", expect = ACCEPTABLE, desc = "Forked in time.")
  @Outcome(expect = FORBIDDEN, desc = "The fork has lost the state, or left epochs behind.")
  @State
  public static class ForkAgainstLastRelease {
    private final Heap heap = new Heap();
    private final Context root = heap.newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context maker = root.fork();
    private final Snapshot snapshot;

    public ForkAgainstLastRelease() {
      pair.setFirst(maker, "mid");
      snapshot = maker.snapshot();
      maker.end();
    }

    @Actor
    public void fork(LL_Result r) {
      Context forked;
      try {
        forked = snapshot.fork();
      } catch (IllegalStateException e) {
        r.r1 = "refused";
        return;
      }
      forked.tidy();
      r.r1 = Scene.both(pair, forked);
      forked.end();
    }

    @Actor
    public void release() {
      snapshot.release();
    }

    @Arbiter
    public void look(LL_Result r) {
      root.end();
      r.r2 = heap.epochs();
    }
  }
}
