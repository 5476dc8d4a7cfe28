package org.elver.heap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A context reads an object while another writes it for the first time.
 *
 * <p>The reader takes no lock, and loads the object's header word without any order. At stake is
 * that whatever it finds there (contents inline, one version, a small or a large set of them) leads
 * it to what it saw before: never to the writer's value, and never to something half made.
 */
public class ReaderAgainstVersionInstall {
  private ReaderAgainstVersionInstall() {}

  /** No version becomes one. The reader sees the inline contents before and after. */
  @JCStressTest
  @Outcome(id = "old\\+old, old, new", expect = ACCEPTABLE, desc = "The old value only.")
  @Outcome(expect = FORBIDDEN, desc = "The reader saw something of the writer's.")
  @State
  public static class NoneToOne {
    private final Context writer = new Heap().newContext();
    private final Pair pair = new Pair(writer, "old", "old");
    private final Context reader = writer.fork();

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.both(pair, reader);
      r.r2 = Scene.steady(pair, reader, 4);
    }

    @Actor
    public void write(LLL_Result r) {
      pair.setFirst(writer, "new");
      pair.setSecond(writer, "new");
      r.r3 = pair.first(writer);
    }
  }

  /** One version, the reader's own, becomes a set. The reader sees its own before and after. */
  @JCStressTest
  @Outcome(id = "own\\+own, own, new", expect = ACCEPTABLE, desc = "The reader's own value only.")
  @Outcome(expect = FORBIDDEN, desc = "The reader lost its own version, or saw the writer's.")
  @State
  public static class OwnToSet {
    private final Context writer = new Heap().newContext();
    private final Pair pair = new Pair(writer, "old", "old");
    private final Context reader = writer.fork();

    public OwnToSet() {
      pair.setFirst(reader, "own");
      pair.setSecond(reader, "own");
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.both(pair, reader);
      r.r2 = Scene.steady(pair, reader, 4);
    }

    @Actor
    public void write(LLL_Result r) {
      pair.setFirst(writer, "new");
      pair.setSecond(writer, "new");
      r.r3 = pair.first(writer);
    }
  }

  /** One version, of an ancestor of both, becomes a set. The reader sees the ancestor's. */
  @JCStressTest
  @Outcome(id = "mid\\+mid, mid, new", expect = ACCEPTABLE, desc = "The ancestor's value only.")
  @Outcome(
      expect = FORBIDDEN,
      desc = "The reader lost the ancestor's version, or saw the writer's.")
  @State
  public static class InheritedToSet {
    private final Context writer = new Heap().newContext();
    private final Pair pair = new Pair(writer, "old", "old");
    final Context bystander = writer.fork();
    private final Context reader;

    public InheritedToSet() {
      pair.setFirst(writer, "mid");
      pair.setSecond(writer, "mid");
      reader = writer.fork();
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.both(pair, reader);
      r.r2 = Scene.steady(pair, reader, 4);
    }

    @Actor
    public void write(LLL_Result r) {
      pair.setFirst(writer, "new");
      pair.setSecond(writer, "new");
      r.r3 = pair.first(writer);
    }
  }

  /**
   * Seven versions become eight, nine and ten, a small set a large one. The reader sees the
   * ancestor's, which is one of them, before and after.
   */
  @JCStressTest
  @Outcome(id = "mid\\+mid, mid, own", expect = ACCEPTABLE, desc = "The ancestor's value only.")
  @Outcome(expect = FORBIDDEN, desc = "The reader lost the ancestor's version, or saw another.")
  @State
  public static class FewToMany {
    private final Context parent = new Heap().newContext();
    private final Pair pair = new Pair(parent, "old", "old");
    final Context bystander = parent.fork();
    private final Context[] before;
    private final Context reader;
    private final Context[] after;

    public FewToMany() {
      pair.setFirst(parent, "mid");
      pair.setSecond(parent, "mid");
      before = Scene.writers(parent, pair, 3);
      reader = parent.fork();
      after = Scene.forks(parent, 6);
      for (int i = 3; i < 6; i++) {
        pair.setFirst(after[i], i);
        pair.setSecond(after[i], i);
      }
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.both(pair, reader);
      r.r2 = Scene.steady(pair, reader, 8);
    }

    @Actor
    public void write(LLL_Result r) {
      for (int i = 0; i < 3; i++) {
        pair.setFirst(after[i], i);
        pair.setSecond(after[i], i);
      }
      String one = Scene.seen(pair, before, 0);
      r.r3 = one.equals("own") ? Scene.seen(pair, after, 0) : one;
    }
  }
}
