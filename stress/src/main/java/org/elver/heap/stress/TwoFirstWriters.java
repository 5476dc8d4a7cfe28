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

/**
 * Two contexts write an older object for the first time at once, so that each installs a version.
 *
 * <p>At stake is that both versions get into the object's header word. If one were lost, its writer
 * would read back what it never wrote; if a write went in place, the parent or the other writer
 * would see it.
 */
public class TwoFirstWriters {
  private TwoFirstWriters() {}

  /**
   * Both write the same slot of an object without versions. A result other than each writer's own
   * value and the parent's old one would be a lost version or a write in place.
   */
  @JCStressTest
  @Outcome(id = "a, b, a\\+old b\\+old, old\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A write was lost, or seen by another context.")
  @State
  public static class SameSlot {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context a = parent.fork();
    private final Context b = parent.fork();

    @Actor
    public void writeInA(LLLL_Result r) {
      pair.setFirst(a, "a");
      r.r1 = pair.first(a);
    }

    @Actor
    public void writeInB(LLLL_Result r) {
      pair.setFirst(b, "b");
      r.r2 = pair.first(b);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r3 = Scene.both(pair, a) + " " + Scene.both(pair, b);
      r.r4 = Scene.both(pair, parent);
    }
  }

  /**
   * Each writes another slot. A version begins with the contents that it hides, so the slot that a
   * context did not write keeps its old value there; the other's value in it would mean that the
   * two share contents.
   */
  @JCStressTest
  @Outcome(id = "a, b, a\\+old old\\+b, old\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A write was lost, or seen by another context.")
  @State
  public static class DifferentSlots {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context a = parent.fork();
    private final Context b = parent.fork();

    @Actor
    public void writeInA(LLLL_Result r) {
      pair.setFirst(a, "a");
      r.r1 = pair.first(a);
    }

    @Actor
    public void writeInB(LLLL_Result r) {
      pair.setSecond(b, "b");
      r.r2 = pair.second(b);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r3 = Scene.both(pair, a) + " " + Scene.both(pair, b);
      r.r4 = Scene.both(pair, parent);
    }
  }

  /**
   * The parent writes against its child. The parent is no different from its child here: the old
   * contents belong to both, and neither may write them in place.
   */
  @JCStressTest
  @Outcome(id = "p, c, p\\+old old\\+c, old\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A write was lost, or seen by another context.")
  @State
  public static class ParentAndChild {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context bystander = parent.fork();
    private final Context child = parent.fork();

    @Actor
    public void writeInParent(LLLL_Result r) {
      pair.setFirst(parent, "p");
      r.r1 = pair.first(parent);
    }

    @Actor
    public void writeInChild(LLLL_Result r) {
      pair.setSecond(child, "c");
      r.r2 = pair.second(child);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r3 = Scene.both(pair, parent) + " " + Scene.both(pair, child);
      r.r4 = Scene.both(pair, bystander);
    }
  }

  /**
   * The object has one version already, so the two race to make a set of it. Forbidden is that one
   * of the three versions is missing from the set that stays.
   */
  @JCStressTest
  @Outcome(id = "a\\+old, old\\+b, own, old\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A version was lost, or found by the wrong context.")
  @State
  public static class OntoOneVersion {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context a = parent.fork();
    private final Context[] writers = Scene.writers(parent, pair, 1);
    private final Context b = parent.fork();

    @Actor
    public void writeInA() {
      pair.setFirst(a, "a");
    }

    @Actor
    public void writeInB() {
      pair.setSecond(b, "b");
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r1 = Scene.both(pair, a);
      r.r2 = Scene.both(pair, b);
      r.r3 = Scene.seen(pair, writers, 0);
      r.r4 = Scene.both(pair, parent);
    }
  }

  /**
   * The object has eight versions, as many as a small set holds, so the two race to make a large
   * one. Forbidden is that a version gets lost on the way from the array to the tree, or into a
   * place where its context does not find it.
   */
  @JCStressTest
  @Outcome(id = "a\\+old, old\\+b, own, old\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A version was lost, or found by the wrong context.")
  @State
  public static class OntoEightVersions {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context a = parent.fork();
    private final Context[] writers = Scene.writers(parent, pair, 8);
    private final Context b = parent.fork();

    @Actor
    public void writeInA() {
      pair.setFirst(a, "a");
    }

    @Actor
    public void writeInB() {
      pair.setSecond(b, "b");
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r1 = Scene.both(pair, a);
      r.r2 = Scene.both(pair, b);
      r.r3 = Scene.seen(pair, writers, 0);
      r.r4 = Scene.both(pair, parent);
    }
  }

  /**
   * A first writer against contexts that end, until the large set becomes a small one, a single
   * version and at last none. Each end takes a version away from under the writer. Forbidden is
   * that the writer's version goes with it, or that a version of an ended context comes back.
   */
  @JCStressTest
  @Outcome(
      id = "a\\+old, a\\+old, old\\+old",
      expect = ACCEPTABLE,
      desc = "The writer's alone stays.")
  @Outcome(expect = FORBIDDEN, desc = "A version was lost, or outlived its context.")
  @State
  public static class AgainstNineEnds {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context a = parent.fork();
    private final Context[] writers = Scene.writers(parent, pair, 9);

    @Actor
    public void write(LLL_Result r) {
      pair.setFirst(a, "a");
      r.r1 = Scene.both(pair, a);
    }

    @Actor
    public void end() {
      Scene.end(writers);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r2 = Scene.both(pair, a);
      r.r3 = Scene.both(pair, parent);
    }
  }
}
