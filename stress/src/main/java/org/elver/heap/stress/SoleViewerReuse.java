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
 * A parent writes in place what it shared with a child, because the child has ended.
 *
 * <p>This is the one place where contents are overwritten that another thread has read without any
 * lock. At stake is the order between the child's last read and the parent's first write in place:
 * the child's end publishes the one, the parent's look at the number of viewers obtains it. Whether
 * the parent finds the child still there or gone is left open and shows nowhere. A child that sees
 * the parent's value would have been overwritten under its eyes.
 */
public class SoleViewerReuse {
  private SoleViewerReuse() {}

  /** The parent writes once, to contents that are inline. */
  @JCStressTest
  @Outcome(id = "old\\+old, new, new\\+old, 1", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A write in place was seen, or an epoch was left over.")
  @State
  public static class InlineContents {
    private final Heap heap = new Heap();
    private final Context parent = heap.newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context child = parent.fork();

    @Actor
    public void readAndEnd(LLLL_Result r) {
      r.r1 = Scene.both(pair, child);
      child.end();
    }

    @Actor
    public void write(LLLL_Result r) {
      pair.setFirst(parent, "new");
      r.r2 = pair.first(parent);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      parent.tidy();
      r.r3 = Scene.both(pair, parent);
      r.r4 = heap.epochs();
    }
  }

  /** The parent tidies and writes again and again, so that one write is the first after the end. */
  @JCStressTest
  @Outcome(id = "old, 5, 5\\+old, 1", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A write in place was seen, or an epoch was left over.")
  @State
  public static class TidyInALoop {
    private final Heap heap = new Heap();
    private final Context parent = heap.newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context child = parent.fork();

    @Actor
    public void readAndEnd(LLLL_Result r) {
      r.r1 = Scene.steady(pair, child, 3);
      child.end();
    }

    @Actor
    public void write(LLLL_Result r) {
      for (int i = 0; i < 6; i++) {
        parent.tidy();
        pair.setFirst(parent, i);
      }
      r.r2 = pair.first(parent);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      parent.tidy();
      r.r3 = Scene.both(pair, parent);
      r.r4 = heap.epochs();
    }
  }

  /**
   * The parent has a version already; once it is the only viewer left, the contents of the version
   * move into the place of the inline ones, which the child has read.
   */
  @JCStressTest
  @Outcome(id = "old\\+old, new, new\\+mid, 1", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "Contents were moved under the child's eyes, or lost.")
  @State
  public static class VersionMovesInline {
    private final Heap heap = new Heap();
    private final Context parent = heap.newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context child = parent.fork();

    public VersionMovesInline() {
      pair.setFirst(parent, "mid");
      pair.setSecond(parent, "mid");
    }

    @Actor
    public void readAndEnd(LLLL_Result r) {
      r.r1 = Scene.both(pair, child);
      child.end();
    }

    @Actor
    public void write(LLLL_Result r) {
      parent.tidy();
      pair.setFirst(parent, "new");
      r.r2 = pair.first(parent);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      parent.tidy();
      r.r3 = Scene.both(pair, parent);
      r.r4 = heap.epochs();
    }
  }

  /** The child writes too, so that its end takes its version away from beside the parent's. */
  @JCStressTest
  @Outcome(id = "child\\+old, new\\+old, new\\+old", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A write was seen by another, or lost.")
  @State
  public static class ChildWritesToo {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context child = parent.fork();

    @Actor
    public void writeAndEnd(LLL_Result r) {
      pair.setFirst(child, "child");
      r.r1 = Scene.both(pair, child);
      child.end();
    }

    @Actor
    public void write(LLL_Result r) {
      pair.setFirst(parent, "mid");
      parent.tidy();
      pair.setFirst(parent, "new");
      r.r2 = Scene.both(pair, parent);
    }

    @Arbiter
    public void look(LLL_Result r) {
      parent.tidy();
      r.r3 = Scene.both(pair, parent);
    }
  }

  /**
   * The child is the one that goes on, and the parent ends: a chain of frozen epochs collapses into
   * the child, which then writes in place what its grandparent made.
   */
  @JCStressTest
  @Outcome(
      id = "old\\+mid, new\\+mid, new\\+mid, 1",
      expect = ACCEPTABLE,
      desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "A write in place was seen, or contents were lost.")
  @State
  public static class ChainCollapses {
    private final Heap heap = new Heap();
    private final Context parent = heap.newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    private final Context sibling = parent.fork();
    private final Context child;

    public ChainCollapses() {
      pair.setSecond(parent, "mid");
      child = parent.fork();
      sibling.end();
    }

    @Actor
    public void readAndEnd(LLLL_Result r) {
      r.r1 = Scene.both(pair, parent);
      parent.end();
    }

    @Actor
    public void write(LLLL_Result r) {
      child.tidy();
      pair.setFirst(child, "mid");
      child.tidy();
      pair.setFirst(child, "new");
      r.r2 = Scene.both(pair, child);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      child.tidy();
      r.r3 = Scene.both(pair, child);
      r.r4 = heap.epochs();
    }
  }
}
