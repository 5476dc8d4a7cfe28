package org.elver.heap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.heap.graph.Join;
import org.elver.heap.graph.Passage;
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
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A parent adopts a finished child while another context uses what all three share.
 *
 * <p>The child's objects become the parent's where they lie, and what the child wrote to older
 * objects goes away. At stake is that the other context notices neither: it never sees the child's
 * values, and it keeps its own.
 */
public class AdoptionAgainstSiblingReader {
  private AdoptionAgainstSiblingReader() {}

  /**
   * The sibling reads an older object that the child has changed. The parent gets a new object in
   * its place, with the child's contents; the older one stays as it is in the parent and in the
   * sibling.
   */
  @JCStressTest
  @Outcome(
      id = "old\\+old, changed\\+old, old\\+old, made true",
      expect = ACCEPTABLE,
      desc = "The parent has the child's result, the older object is untouched.")
  @Outcome(expect = FORBIDDEN, desc = "The child's write leaked, or its result was lost.")
  @State
  public static class ChangedObject {
    private final Context parent = new Heap().newContext();
    private final Pair older = new Pair(parent, "old", "old");
    private final Context sibling = parent.fork();
    private final Context child = parent.fork();
    private final Pair made = new Pair(child, "made", older);

    public ChangedObject() {
      older.setFirst(child, "changed");
    }

    @Actor
    public void read(LLLL_Result r) {
      String seen = Scene.steady(older, sibling, 4);
      r.r1 = seen.equals("old") ? Scene.both(older, sibling) : seen;
    }

    @Actor
    public void adopt(LLLL_Result r) {
      Pair result = (Pair) Join.adopt(parent, child, made, Passage.COPY_ALL);
      Pair replaced = (Pair) result.second(parent);
      r.r2 = Scene.both(replaced, parent);
      r.r3 = Scene.both(older, parent);
      r.r4 = result.first(parent) + " " + (result == made && replaced != older);
    }
  }

  /**
   * The sibling writes the older object, for the first time, while the child's version of it goes
   * away. Forbidden is that the sibling's goes with it, or that the child's stays.
   */
  @JCStressTest
  @Outcome(id = "own\\+old, made, old\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A version was lost, or outlived the child.")
  @State
  public static class SiblingWrites {
    private final Context parent = new Heap().newContext();
    private final Pair older = new Pair(parent, "old", "old");
    private final Context sibling = parent.fork();
    private final Context child = parent.fork();
    private final Pair made = new Pair(child, "made", "made");

    public SiblingWrites() {
      older.setFirst(child, "changed");
    }

    @Actor
    public void write() {
      older.setFirst(sibling, "own");
    }

    @Actor
    public void adopt(LLL_Result r) {
      parent.adopt(child);
      r.r2 = made.first(parent);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = Scene.both(older, sibling);
      r.r3 = Scene.both(older, parent);
    }
  }

  /**
   * The sibling ends while the parent adopts, so that the epochs above the parent merge at the same
   * time. The parent must find its own and the child's objects, and nothing else may be left.
   */
  @JCStressTest
  @Outcome(id = "mid\\+old, made\\+new, 1", expect = ACCEPTABLE, desc = "The parent alone is left.")
  @Outcome(expect = FORBIDDEN, desc = "Contents were lost, or an epoch was left over.")
  @State
  public static class SiblingEnds {
    private final Heap heap = new Heap();
    private final Context parent = heap.newContext();
    private final Pair older = new Pair(parent, "old", "old");
    private final Context sibling = parent.fork();
    private final Context child;
    private final Pair made;

    public SiblingEnds() {
      older.setFirst(parent, "mid");
      child = parent.fork();
      made = new Pair(child, "made", "made");
      older.setFirst(child, "changed");
    }

    @Actor
    public void end() {
      sibling.end();
    }

    @Actor
    public void adopt() {
      parent.adopt(child);
      made.setSecond(parent, "new");
    }

    @Arbiter
    public void look(LLL_Result r) {
      parent.tidy();
      r.r1 = Scene.both(older, parent);
      r.r2 = Scene.both(made, parent);
      r.r3 = heap.epochs();
    }
  }

  /**
   * As {@link ChangedObject}, with so many versions of the older object that they are searched by
   * the places of their epochs, while those of the children that the parent adopts move in the
   * tree.
   */
  @JCStressTest
  @Outcome(id = "own", expect = ACCEPTABLE, desc = "All that were not adopted see what they wrote.")
  @Outcome(expect = FORBIDDEN, desc = "A search was led astray.")
  @State
  public static class ManyVersions {
    private static final int CHILDREN = 8;

    private final Context parent = new Heap().newContext();
    private final Pair older = new Pair(parent, "old", "old");
    private final Context[] writers = Scene.writers(parent, older, 2 * CHILDREN);

    @Actor
    public void read(L_Result r) {
      r.r1 = Scene.seen(older, writers, CHILDREN);
    }

    @Actor
    public void adopt() {
      for (int i = 0; i < CHILDREN; i++) {
        parent.adopt(writers[i]);
      }
    }
  }
}
