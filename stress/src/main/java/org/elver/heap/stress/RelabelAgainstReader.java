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

/**
 * A context reads an object with versions while the order labels of the epochs are spread to make
 * room for more.
 *
 * <p>Half of the labels in the reader's hands may then be old and half new, so that the question
 * whether an epoch is above the reader has a wrong answer; the reader must notice and ask again.
 * Forbidden are the values of the contexts beside the reader, which are next to it in the order.
 *
 * <p>Forks in one place use a range of labels up after a while. The state does most of them, the
 * actor the rest; the arbiter makes sure that there was a spreading at all.
 */
public class RelabelAgainstReader {
  /** In one place, the fork after so many is the first for which labels are spread. */
  private static final int ROOM = room();

  private static final int FORKS = 5;
  private static final int FORKS_BEFORE = ROOM - FORKS / 2;

  private RelabelAgainstReader() {}

  private static int room() {
    Heap heap = new Heap();
    Context root = heap.newContext();
    int forks = 0;
    while (heap.relabelled() == 0) {
      Scene.forks(root, 1);
      forks++;
    }
    return forks - 1;
  }

  /** The reader looks through a small set of versions. */
  @JCStressTest
  @Outcome(id = "mine, mine, true", expect = ACCEPTABLE, desc = "The same value throughout.")
  @Outcome(expect = FORBIDDEN, desc = "The reader believed labels of two different times.")
  @State
  public static class SmallSet extends Crowd {
    public SmallSet() {
      super(2);
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.steady(pair, reader, 40);
    }

    @Actor
    public void fork() {
      forkOn();
    }

    @Arbiter
    public void look(LLL_Result r) {
      lookBack(r);
    }
  }

  /** The reader searches a large set of versions. */
  @JCStressTest
  @Outcome(id = "mine, mine, true", expect = ACCEPTABLE, desc = "The same value throughout.")
  @Outcome(expect = FORBIDDEN, desc = "The reader believed labels of two different times.")
  @State
  public static class LargeSet extends Crowd {
    public LargeSet() {
      super(12);
    }

    @Actor
    public void read(LLL_Result r) {
      r.r1 = Scene.steady(pair, reader, 40);
    }

    @Actor
    public void fork() {
      forkOn();
    }

    @Arbiter
    public void look(LLL_Result r) {
      lookBack(r);
    }
  }

  /** The writer puts a version in its place among others by labels that move meanwhile. */
  @JCStressTest
  @Outcome(
      id = "written written, mine, true",
      expect = ACCEPTABLE,
      desc = "Everybody sees their own.")
  @Outcome(expect = FORBIDDEN, desc = "A version came to stand in the wrong place.")
  @State
  public static class Writer extends Crowd {
    public Writer() {
      super(5);
    }

    @Actor
    public void write() {
      for (Context c : late) {
        pair.setFirst(c, "written");
      }
    }

    @Actor
    public void fork() {
      forkOn();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = pair.first(late[0]) + " " + pair.first(late[1]);
      lookBack(r);
    }
  }

  /** A reader at the end of a long row of forks, where labels are about to run out. */
  abstract static class Crowd {
    private final Heap heap = new Heap();
    private final Context root = heap.newContext();
    private final long relabelledBefore;

    final Pair pair = new Pair(root, "old", "old");
    final Context[] late;
    final Context reader;

    /** So many {@code writers} were forked before the reader, and two after it. */
    Crowd(int writers) {
      Scene.forks(root, FORKS_BEFORE - writers - 5);
      pair.setFirst(root, "mine");
      Scene.writers(root, pair, writers);
      late = Scene.forks(root, 2);
      reader = root.fork();
      Scene.writers(root, pair, 2);
      relabelledBefore = heap.relabelled();
    }

    void forkOn() {
      Scene.forks(root, FORKS);
    }

    void lookBack(LLL_Result r) {
      r.r2 = pair.first(reader);
      r.r3 = heap.relabelled() > relabelledBefore;
    }
  }
}
