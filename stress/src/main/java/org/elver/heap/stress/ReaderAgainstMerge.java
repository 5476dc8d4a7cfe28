package org.elver.heap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A context reads what its ancestors wrote while the epochs of these ancestors merge.
 *
 * <p>When a context ends, a frozen epoch may be left with a single child, which it takes over; what
 * the child's contents hid in it is cleared by the thread that ended the context. The reader is
 * below, and knows nothing of it. At stake is that each label on the way stands for the same or for
 * an epoch that means the same to the reader, at every moment of the merge, and that only what the
 * reader does not see is cleared. The reader must see one value throughout: an older one, or none,
 * would mean that the version it sees was lost while its label changed hands, or that contents were
 * cleared that were not hidden from everybody.
 */
public class ReaderAgainstMerge {
  private ReaderAgainstMerge() {}

  /**
   * The epoch that made two objects takes over a child that wrote one of them. The inline contents
   * of that one are cleared, those of the other are not.
   */
  @JCStressTest
  @Outcome(id = "new, kept", expect = ACCEPTABLE, desc = "The same value throughout.")
  @Outcome(expect = FORBIDDEN, desc = "The merge showed.")
  @State
  public static class InlineIsCleared {
    private final Context root = new Heap().newContext();
    private final Pair written = new Pair(root, "old", "old");
    private final Pair untouched = new Pair(root, "kept", "kept");
    private final Context sibling = root.fork();
    private final Context reader;

    public InlineIsCleared() {
      written.setFirst(root, "new");
      reader = root.fork();
    }

    @Actor
    public void read(LL_Result r) {
      r.r1 = Scene.steady(written, reader, 4);
      r.r2 = Scene.steady(untouched, reader, 4);
    }

    @Actor
    public void end() {
      sibling.end();
    }
  }

  /**
   * Two merges, from above: the first clears the inline contents, the second removes the version
   * that the reader's hides, with the record of it, and clears the inline contents again.
   */
  @JCStressTest
  @Outcome(id = "new, new, new\\+mid", expect = ACCEPTABLE, desc = "The same value throughout.")
  @Outcome(expect = FORBIDDEN, desc = "The merge showed.")
  @State
  public static class VersionIsRemoved {
    private final Context root = new Heap().newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context upper = root.fork();
    private final Context lower;
    private final Context reader;

    public VersionIsRemoved() {
      pair.setFirst(root, "mid");
      pair.setSecond(root, "mid");
      lower = root.fork();
      pair.setFirst(root, "new");
      reader = root.fork();
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.steady(pair, reader, 4);
    }

    @Actor
    public void end(LLL_Result r) {
      upper.end();
      lower.end();
      r.r2 = Scene.steady(pair, root, 1);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = Scene.both(pair, reader);
    }
  }

  /**
   * The reader is not below the merge but beside the epoch that takes over its child. What the
   * child hid there goes, and the inline contents, which are of an epoch further up, must stay: the
   * reader sees them.
   */
  @JCStressTest
  @Outcome(id = "old, new, old\\+old new\\+mid", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "The merge cleared what the reader sees.")
  @State
  public static class ReaderIsAbove {
    private final Context root = new Heap().newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context reader = root.fork();
    private final Context ending;
    private final Context below;

    public ReaderIsAbove() {
      pair.setFirst(root, "mid");
      pair.setSecond(root, "mid");
      ending = root.fork();
      pair.setFirst(root, "new");
      below = root.fork();
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.steady(pair, reader, 4);
    }

    @Actor
    public void end(LLL_Result r) {
      ending.end();
      r.r2 = pair.first(below);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r3 = Scene.both(pair, reader) + " " + Scene.both(pair, below);
    }
  }

  /**
   * Merges from below, so that the label of the one version that the reader sees stands for one
   * epoch after another while the reader looks it up.
   */
  @JCStressTest
  @Outcome(id = "new, new", expect = ACCEPTABLE, desc = "The same value throughout.")
  @Outcome(expect = FORBIDDEN, desc = "The label led nowhere while it changed hands.")
  @State
  public static class LabelRises {
    private static final int LEVELS = 8;

    private final Context root = new Heap().newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context[] siblings = Scene.forks(root, LEVELS);
    private final Context reader;

    public LabelRises() {
      pair.setFirst(root, "new");
      reader = root.fork();
    }

    @Actor
    public void read(LL_Result r) {
      r.r1 = Scene.steady(pair, reader, 30);
    }

    @Actor
    public void end() {
      for (int i = LEVELS - 1; i >= 0; i--) {
        siblings[i].end();
      }
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = pair.first(reader);
    }
  }

  /**
   * As {@link LabelRises}, with versions of the reader's ancestors at each level and of contexts
   * beside it, so that the reader searches a large set, and each merge takes a version out of it.
   */
  @JCStressTest
  @Outcome(id = "new, new, own", expect = ACCEPTABLE, desc = "The same value throughout.")
  @Outcome(expect = FORBIDDEN, desc = "The search went astray while epochs merged.")
  @State
  public static class LargeSetShrinks {
    private static final int LEVELS = 8;

    private final Context root = new Heap().newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context[] siblings = new Context[LEVELS];
    private final Context[] writers;
    private final Context reader;

    public LargeSetShrinks() {
      for (int i = 0; i < LEVELS; i++) {
        siblings[i] = root.fork();
        pair.setFirst(root, "mid");
      }
      pair.setFirst(root, "new");
      reader = root.fork();
      writers = Scene.writers(root, pair, 4);
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.steady(pair, reader, 30);
    }

    @Actor
    public void end() {
      for (int i = LEVELS - 1; i >= 0; i--) {
        siblings[i].end();
      }
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r2 = pair.first(reader);
      r.r3 = Scene.seen(pair, writers, 0);
    }
  }

  /**
   * A context writes an object that has a large set of versions for the first time while the epochs
   * of such versions merge. The set that the writer makes keeps what it found out about the order
   * of the epochs, so a question answered wrongly once would lead readers astray for good.
   * Afterwards everybody must still see what they saw, and the writer its own.
   */
  @JCStressTest
  @Outcome(id = "a, own, new, new", expect = ACCEPTABLE, desc = "Everybody finds their version.")
  @Outcome(expect = FORBIDDEN, desc = "The new set misleads somebody.")
  @State
  public static class WriterMakesLargeSet {
    private static final int LEVELS = 6;

    private final Context root = new Heap().newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context[] siblings;
    private final Context reader;
    private final Context[] writers;
    private final Context a;

    public WriterMakesLargeSet() {
      siblings = Scene.forks(root, LEVELS);
      pair.setFirst(root, "new");
      reader = root.fork();
      a = root.fork();
      writers = Scene.writers(root, pair, 10);
    }

    @Actor
    public void write() {
      pair.setFirst(a, "a");
    }

    @Actor
    public void end() {
      for (int i = LEVELS - 1; i >= 0; i--) {
        siblings[i].end();
      }
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r1 = pair.first(a);
      r.r2 = Scene.seen(pair, writers, 0);
      r.r3 = pair.first(reader);
      r.r4 = pair.first(root);
    }
  }
}
