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
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A context ends while its relatives fork, end, or tidy.
 *
 * <p>An end changes the number of viewers of the epoch above, and whoever brings that number down
 * takes care of what comes of it: a merge, or the removal of an epoch nobody views, and so on
 * upwards. One thread at a time may have the care of an epoch. At stake is that the care is neither
 * taken twice nor by nobody: the one would corrupt the tree or remove a version that is seen, the
 * other would leave epochs, and with them contents, in the heap for ever. So the arbiter counts the
 * epochs as well.
 */
public class EndAgainstRelative {
  private EndAgainstRelative() {}

  /** One ends, one forks. The fork goes on from what its parent saw, whatever merges above. */
  @JCStressTest
  @Outcome(id = "new\\+old, new\\+old new\\+old, 5 1", expect = ACCEPTABLE, desc = "Undisturbed.")
  @Outcome(expect = FORBIDDEN, desc = "Contents were lost, or an epoch was left over.")
  @State
  public static class Fork {
    private final Heap heap = new Heap();
    private final Context root = heap.newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context ending = root.fork();
    private final Context forking;
    private Context forked;

    public Fork() {
      pair.setFirst(ending, "end");
      pair.setFirst(root, "new");
      forking = root.fork();
    }

    @Actor
    public void end() {
      ending.end();
    }

    @Actor
    public void fork(LLL_Result r) {
      forked = forking.fork();
      r.r1 = Scene.both(pair, forked);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r2 = Scene.both(pair, root) + " " + Scene.both(pair, forking);
      int before = heap.epochs();
      Scene.end(forking, forked);
      root.tidy();
      r.r3 = before + " " + heap.epochs();
    }
  }

  /**
   * Two siblings end, and with them a chain of two frozen epochs loses its side branches. The root,
   * which goes on, must be alone at the end and see its own writes.
   */
  @JCStressTest
  @Outcome(id = "new\\+mid, 1", expect = ACCEPTABLE, desc = "The root alone is left.")
  @Outcome(expect = FORBIDDEN, desc = "Contents were lost, or an epoch was left over.")
  @State
  public static class EndOfSibling {
    private final Heap heap = new Heap();
    private final Context root = heap.newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context a = root.fork();
    private final Context b;

    public EndOfSibling() {
      pair.setFirst(a, "a");
      pair.setFirst(root, "mid");
      pair.setSecond(root, "mid");
      b = root.fork();
      pair.setFirst(b, "b");
      pair.setFirst(root, "new");
    }

    @Actor
    public void endA() {
      a.end();
    }

    @Actor
    public void endB() {
      b.end();
    }

    @Arbiter
    public void look(LL_Result r) {
      root.tidy();
      r.r1 = Scene.both(pair, root);
      r.r2 = heap.epochs();
    }
  }

  /**
   * The last two contexts of a family within the family end, so that its frozen epochs lose their
   * last viewers and go away one after another, with the versions written in them.
   */
  @JCStressTest
  @Outcome(id = "old\\+old, 3 1, new", expect = ACCEPTABLE, desc = "The family is gone.")
  @Outcome(expect = FORBIDDEN, desc = "Something of the ended family was left over.")
  @State
  public static class EndOfFamily {
    private final Heap heap = new Heap();
    private final Context root = heap.newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context bystander = root.fork();
    private final Context a = root.fork();
    private final Context b;

    public EndOfFamily() {
      pair.setFirst(a, "a1");
      Context c = a.fork();
      pair.setFirst(a, "a2");
      b = a.fork();
      pair.setFirst(b, "b");
      pair.setFirst(c, "c");
      c.end();
    }

    @Actor
    public void endA() {
      a.end();
    }

    @Actor
    public void endB() {
      b.end();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = Scene.both(pair, root);
      root.tidy();
      bystander.tidy();
      int before = heap.epochs();
      bystander.end();
      root.tidy();
      r.r2 = before + " " + heap.epochs();
      pair.setFirst(root, "new");
      r.r3 = pair.first(root);
    }
  }

  /**
   * A child and its sibling's descendants end, from both ends of a comb of frozen epochs. Each end
   * lets two epochs merge, next to where the other thread merges; the reader is below all of them.
   */
  @JCStressTest
  @Outcome(id = "new\\+kept, 3", expect = ACCEPTABLE, desc = "The reader and the root are left.")
  @Outcome(expect = FORBIDDEN, desc = "Contents were lost, or an epoch was left over.")
  @State
  public static class CombFromBothEnds {
    private static final int LEVELS = 6;

    private final Heap heap = new Heap();
    private final Context root = heap.newContext();
    private final Pair pair = new Pair(root, "old", "kept");
    private final Context[] siblings = new Context[LEVELS];
    private final Context reader;

    public CombFromBothEnds() {
      for (int i = 0; i < LEVELS; i++) {
        siblings[i] = root.fork();
        pair.setFirst(root, i == LEVELS - 1 ? "new" : "mid");
      }
      reader = root.fork();
    }

    @Actor
    public void endUpper() {
      for (int i = 0; i < LEVELS / 2; i++) {
        siblings[i].end();
      }
    }

    @Actor
    public void endLower() {
      for (int i = LEVELS - 1; i >= LEVELS / 2; i--) {
        siblings[i].end();
      }
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = Scene.both(pair, reader);
      r.r2 = heap.epochs();
    }
  }

  /**
   * One ends while its parent tidies, so that the parent's leaf collapses upwards while the frozen
   * epochs above it merge downwards.
   */
  @JCStressTest
  @Outcome(id = "new\\+mid, new\\+mid, 1", expect = ACCEPTABLE, desc = "The root alone is left.")
  @Outcome(expect = FORBIDDEN, desc = "Contents were lost, or an epoch was left over.")
  @State
  public static class Tidy {
    private final Heap heap = new Heap();
    private final Context root = heap.newContext();
    private final Pair pair = new Pair(root, "old", "old");
    private final Context upper = root.fork();
    private final Context lower;

    public Tidy() {
      pair.setFirst(root, "mid");
      pair.setSecond(root, "mid");
      lower = root.fork();
      pair.setFirst(root, "new");
    }

    @Actor
    public void end() {
      upper.end();
      lower.end();
    }

    @Actor
    public void tidy(LLL_Result r) {
      for (int i = 0; i < 4; i++) {
        root.tidy();
      }
      r.r1 = Scene.both(pair, root);
    }

    @Arbiter
    public void look(LLL_Result r) {
      root.tidy();
      r.r2 = Scene.both(pair, root);
      r.r3 = heap.epochs();
    }
  }
}
