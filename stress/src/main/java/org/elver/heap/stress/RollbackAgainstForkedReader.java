package org.elver.heap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.heap.version.Savepoint;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A context rolls back while its relatives go on.
 *
 * <p>Contexts that were forked inside the body of a savepoint keep what they saw; so the epochs of
 * the body must stay as they are, and the old contents come back as new versions on top. At stake
 * is that the relatives notice nothing, and that what comes back is what the savepoint saw.
 */
public class RollbackAgainstForkedReader {
  private RollbackAgainstForkedReader() {}

  /**
   * The forked context reads. It must see the body's values: the old ones would mean that the
   * rollback reached into it.
   */
  @JCStressTest
  @Outcome(id = "body\\+old, made, old\\+old, body", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "The rollback showed in the fork, or was not complete.")
  @State
  public static class ForkReads {
    private final Context context = new Heap().newContext();
    private final Pair pair = new Pair(context, "old", "old");
    private final Savepoint savepoint = context.savepoint();
    private final Pair made = new Pair(context, "made", "made");
    private final Context forked;

    public ForkReads() {
      pair.setFirst(context, "body");
      forked = context.fork();
    }

    @Actor
    public void read(LLLL_Result r) {
      String seen = Scene.steady(pair, forked, 4);
      r.r1 = seen.equals("body") ? Scene.both(pair, forked) : seen;
      r.r2 = made.first(forked);
    }

    @Actor
    public void rollBack(LLLL_Result r) {
      context.rollback(savepoint);
      r.r3 = Scene.both(pair, context);
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r4 = pair.first(forked);
    }
  }

  /**
   * The forked context ends, so that the epochs of the body may merge, go away or be claimed while
   * the rollback restores what they hide. Either way the context is back where it was, alone.
   */
  @JCStressTest
  @Outcome(id = "old\\+old, old\\+new, 1", expect = ACCEPTABLE, desc = "Back, and alone.")
  @Outcome(expect = FORBIDDEN, desc = "The rollback was not complete, or an epoch was left over.")
  @State
  public static class ForkEnds {
    private final Heap heap = new Heap();
    private final Context context = heap.newContext();
    private final Pair pair = new Pair(context, "old", "old");
    private final Savepoint savepoint = context.savepoint();
    private final Context forked;

    public ForkEnds() {
      pair.setFirst(context, "body");
      Context other = context.fork();
      pair.setSecond(context, "body");
      forked = context.fork();
      pair.setFirst(context, "late");
      other.end();
    }

    @Actor
    public void end() {
      forked.end();
    }

    @Actor
    public void rollBack(LLL_Result r) {
      context.rollback(savepoint);
      r.r1 = Scene.both(pair, context);
    }

    @Arbiter
    public void look(LLL_Result r) {
      context.tidy();
      pair.setSecond(context, "new");
      r.r2 = Scene.both(pair, context);
      r.r3 = heap.epochs();
    }
  }

  /**
   * A context outside the body ends, so that the epoch of the savepoint itself merges into the one
   * above while the rollback asks what it saw. Forbidden is above all the value of the context
   * beside it, which comes before it in the order of epochs.
   */
  @JCStressTest
  @Outcome(id = "old\\+old, body\\+old, beside", expect = ACCEPTABLE, desc = "To each its own.")
  @Outcome(expect = FORBIDDEN, desc = "The rollback brought back what the savepoint never saw.")
  @State
  public static class SavepointMerges {
    private final Context beside = new Heap().newContext();
    private final Pair pair = new Pair(beside, "old", "old");
    private final Context context = beside.fork();
    private final Context ending = context.fork();
    private final Savepoint savepoint = context.savepoint();
    private final Context forked;

    public SavepointMerges() {
      pair.setFirst(beside, "beside");
      pair.setFirst(context, "body");
      forked = context.fork();
    }

    @Actor
    public void end() {
      ending.end();
    }

    @Actor
    public void rollBack(LLL_Result r) {
      context.rollback(savepoint);
      r.r1 = Scene.both(pair, context);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r2 = Scene.both(pair, forked);
      r.r3 = pair.first(beside);
    }
  }

  /** A commitment against an end outside: what the body wrote must be kept. */
  @JCStressTest
  @Outcome(id = "body\\+old, body\\+old, 1", expect = ACCEPTABLE, desc = "Kept, and alone.")
  @Outcome(expect = FORBIDDEN, desc = "The body's writes were lost, or an epoch was left over.")
  @State
  public static class CommitAgainstEnd {
    private final Heap heap = new Heap();
    private final Context context = heap.newContext();
    private final Pair pair = new Pair(context, "old", "old");
    private final Context ending = context.fork();
    private final Savepoint savepoint;

    public CommitAgainstEnd() {
      pair.setFirst(context, "mid");
      savepoint = context.savepoint();
      pair.setFirst(context, "body");
    }

    @Actor
    public void end() {
      ending.end();
    }

    @Actor
    public void commit(LLL_Result r) {
      context.commit(savepoint);
      r.r1 = Scene.both(pair, context);
    }

    @Arbiter
    public void look(LLL_Result r) {
      context.tidy();
      r.r2 = Scene.both(pair, context);
      r.r3 = heap.epochs();
    }
  }
}
