package org.elver.lisp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Tasks look into another isolate while that is queued, runs, is in the middle of an update, looks
 * back, and ends. At stake is that a look takes place once, between two safepoints, and that who
 * asks for it learns what came of it, in finite time. Both actors do what workers do: which of them
 * runs whom is left to the queues.
 */
public class InspectionRaces {
  private InspectionRaces() {}

  /** A look at a task that runs to its end, with a safepoint after each change. */
  @JCStressTest
  @Outcome(id = "0-0, 3, finished, finished", expect = ACCEPTABLE, desc = "Before it began.")
  @Outcome(id = "1-1, 3, finished, finished", expect = ACCEPTABLE, desc = "At a safepoint.")
  @Outcome(id = "2-2, 3, finished, finished", expect = ACCEPTABLE, desc = "When it was left.")
  @Outcome(id = "dead, 2, finished, finished", expect = ACCEPTABLE, desc = "After its end.")
  @Outcome(expect = FORBIDDEN, desc = "Looked at half a change, twice, at once with it, or never.")
  @State
  public static class LookAgainstRun {
    private final Street street = new Street();
    private final Street.House owner = street.new House();
    private final Street.House asker = street.new House();
    private String seen;

    public LookAgainstRun() {
      asker.begin(
          t -> {
            street.meet();
            seen = owner.lookAndCount(t);
          });
      owner.begin(
          t -> {
            street.meet();
            owner.paint(t, 1);
            Street.linger(t);
            owner.paint(t, 1);
            t.safepoint();
          });
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Actor
    public void workToo() {
      street.workSecond();
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r1 = seen;
      r.r2 = owner.tally();
      r.r3 = owner.fate();
      r.r4 = asker.fate();
    }
  }

  /** Two look at each other, each in the middle of what it does. */
  @JCStressTest
  @Outcome(
      id = {"0-0, 1-1, 4, finished", "1-1, 0-0, 4, finished"},
      expect = ACCEPTABLE,
      desc = "One before the other began, and then the other way round.")
  @Outcome(
      id = {
        "0-0, 2-2, 4, finished",
        "2-2, 0-0, 4, finished",
        "0-0, dead, 3, finished",
        "dead, 0-0, 3, finished"
      },
      expect = ACCEPTABLE,
      desc = "One after the other.")
  @Outcome(
      id = "1-1, 1-1, 4, finished",
      expect = ACCEPTABLE,
      desc = "Both while both waited for it.")
  @Outcome(
      id = {
        "1-1, 2-2, 4, finished",
        "2-2, 1-1, 4, finished",
        "1-1, dead, 3, finished",
        "dead, 1-1, 3, finished"
      },
      expect = ACCEPTABLE,
      desc = "One while the other waited; the other when the first had gone on.")
  @Outcome(expect = FORBIDDEN, desc = "Both before, or both after; or they wait for ever.")
  @State
  public static class LooksAtEachOther {
    private final Street street = new Street();
    private final Street.House one = street.new House();
    private final Street.House other = street.new House();
    private String ofOther;
    private String ofOne;

    public LooksAtEachOther() {
      one.begin(
          t -> {
            one.paint(t, 1);
            street.meet();
            ofOther = other.lookAndCount(t);
            one.paint(t, 1);
          });
      other.begin(
          t -> {
            other.paint(t, 1);
            street.meet();
            ofOne = one.lookAndCount(t);
            other.paint(t, 1);
          });
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Actor
    public void workToo() {
      street.workSecond();
    }

    @Arbiter
    public void look(LLLL_Result r) {
      r.r1 = ofOther;
      r.r2 = ofOne;
      // Each paints twice, and is looked at once, unless it was over.
      r.r3 = one.tally() + other.tally() - 2;
      r.r4 = one.fate().equals(other.fate()) ? one.fate() : "one is stuck";
    }
  }

  /** Two change what is a third one's, while that changes it. */
  @JCStressTest
  @Outcome(id = "2-2, 0, finished", expect = ACCEPTABLE, desc = "Both came after its end.")
  @Outcome(id = "12-12, 1, finished", expect = ACCEPTABLE, desc = "One came in time.")
  @Outcome(id = "22-22, 2, finished", expect = ACCEPTABLE, desc = "Both came in time.")
  @Outcome(expect = FORBIDDEN, desc = "A change is lost, done twice, or done by halves.")
  @State
  public static class ChangesAgainstRun {
    private final Street street = new Street();
    private final Street.House owner = street.new House();
    private final Street.House a = street.new House();
    private final Street.House b = street.new House();
    private String ofA;
    private String ofB;

    public ChangesAgainstRun() {
      a.begin(
          t -> {
            street.meet();
            ofA = owner.repaint(t, 10);
          });
      owner.begin(
          t -> {
            street.meet();
            owner.paint(t, 1);
            Street.linger(t);
            owner.paint(t, 1);
            t.safepoint();
            a.look(t);
          });
      b.begin(t -> ofB = owner.repaint(t, 10));
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Actor
    public void workToo() {
      street.workSecond();
    }

    @Arbiter
    public void look(LLL_Result r) {
      int done = (ofA.equals("dead") ? 0 : 1) + (ofB.equals("dead") ? 0 : 1);
      r.r1 = done == owner.tally() - 2 ? owner.last() : "tally " + owner.tally();
      r.r2 = done;
      r.r3 = owner.fate().equals(a.fate()) && a.fate().equals(b.fate()) ? a.fate() : "one is stuck";
    }
  }

  /** A look at one in the middle of an update, which has a safepoint in its middle. */
  @JCStressTest
  @Outcome(id = "0-0, 1-1, finished", expect = ACCEPTABLE, desc = "As it was before the update.")
  @Outcome(id = "1-1, 1-1, finished", expect = ACCEPTABLE, desc = "As it was after the update.")
  @Outcome(id = "dead, 1-1, finished", expect = ACCEPTABLE, desc = "After its end.")
  @Outcome(expect = FORBIDDEN, desc = "It saw half an update, or did not take place.")
  @State
  public static class LookAgainstUpdate {
    private final Street street = new Street();
    private final Street.House owner = street.new House();
    private final Street.House asker = street.new House();
    private String seen;

    public LookAgainstUpdate() {
      owner.begin(
          t -> {
            street.meet();
            owner.paintBehindCurtain(t, 1);
            t.safepoint();
          });
      asker.begin(
          t -> {
            street.meet();
            seen = owner.look(t);
          });
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Actor
    public void workToo() {
      street.workSecond();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = seen;
      r.r2 = owner.last();
      r.r3 = owner.fate().equals(asker.fate()) ? owner.fate() : "one is stuck";
    }
  }

  /** A change of one in the middle of an update waits for the end of that. */
  @JCStressTest
  @Outcome(id = "0-0, 11-11, finished", expect = ACCEPTABLE, desc = "Before the update.")
  @Outcome(id = "1-1, 11-11, finished", expect = ACCEPTABLE, desc = "After the update.")
  @Outcome(id = "dead, 1-1, finished", expect = ACCEPTABLE, desc = "After its end.")
  @Outcome(expect = FORBIDDEN, desc = "It saw half an update, or one of both is lost.")
  @State
  public static class ChangeAgainstUpdate {
    private final Street street = new Street();
    private final Street.House owner = street.new House();
    private final Street.House asker = street.new House();
    private String seen;

    public ChangeAgainstUpdate() {
      owner.begin(
          t -> {
            street.meet();
            owner.paintBehindCurtain(t, 1);
            Street.linger(t);
          });
      asker.begin(
          t -> {
            street.meet();
            seen = owner.repaint(t, 10);
          });
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Actor
    public void workToo() {
      street.workSecond();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = seen;
      r.r2 = owner.last();
      r.r3 = owner.fate().equals(asker.fate()) ? owner.fate() : "one is stuck";
    }
  }

  /** Who asks for a change is killed by the one that it would change. */
  @JCStressTest
  @Outcome(id = "0-0, 3, finished", expect = ACCEPTABLE, desc = "Done before that began.")
  @Outcome(id = "1-1, 3, finished", expect = ACCEPTABLE, desc = "Done while that ran.")
  @Outcome(id = "2-2, 3, finished", expect = ACCEPTABLE, desc = "Done when that was left.")
  @Outcome(id = "null, 2, unfinished", expect = ACCEPTABLE, desc = "Killed before it was done.")
  @Outcome(id = "dead, 2, finished", expect = ACCEPTABLE, desc = "Too late for both.")
  @Outcome(expect = FORBIDDEN, desc = "Done twice, done for nobody, or not done and believed done.")
  @State
  public static class ChangeAgainstKillOfAsker {
    private final Street street = new Street();
    private final Street.House owner = street.new House();
    private final Street.House asker = street.new House();
    private String seen;

    public ChangeAgainstKillOfAsker() {
      owner.begin(
          t -> {
            owner.paint(t, 1);
            street.meet();
            asker.kill();
            street.meet(2);
            Street.linger(t);
            owner.paint(t, 1);
            t.safepoint();
          });
      asker.begin(
          t -> {
            street.meet();
            street.meet(2); // Asks when it has been killed already, and does not ask for long.
            seen = owner.repaint(t, 10);
          });
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Actor
    public void workToo() {
      street.workSecond();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = seen == null ? "null" : seen.replaceAll("1(\\d)", "$1");
      r.r2 = owner.tally();
      r.r3 = asker.fate();
    }
  }

  /** Who has been changed is killed by who has changed it, and changes it again. */
  @JCStressTest
  @Outcome(id = "0, 2, finished", expect = ACCEPTABLE, desc = "Both came after its end.")
  @Outcome(id = "[12], 2, finished", expect = ACCEPTABLE, desc = "Changed, and not killed in time.")
  @Outcome(id = "1, [12], unfinished", expect = ACCEPTABLE, desc = "Changed before the kill.")
  @Outcome(id = "2, [12], unfinished", expect = ACCEPTABLE, desc = "Changed after it, too.")
  @Outcome(
      expect = FORBIDDEN,
      desc = "Changed and not known, or the other way round; or not ended.")
  @State
  public static class ChangesAgainstKillOfOwner {
    private final Street street = new Street();
    private final Street.House owner = street.new House();
    private final Street.House asker = street.new House();
    private int known;

    public ChangesAgainstKillOfOwner() {
      owner.begin(
          t -> {
            owner.paint(t, 1);
            street.meet();
            Street.linger(t);
            owner.paint(t, 1);
            t.safepoint();
          });
      asker.begin(
          t -> {
            boolean runs = street.meet();
            if (!owner.repaintOrLeave(t, 10).equals("dead")) {
              known++;
            }
            if (runs) { // So that somebody sees to its end, for which the next one may wait.
              owner.kill();
              known += owner.repaintOrLeave(t, 10).equals("dead") ? 0 : 1;
            }
          });
    }

    @Actor
    public void work() {
      street.workFirst();
    }

    @Actor
    public void workToo() {
      street.workSecond();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = known;
      r.r2 = owner.tally() - known;
      r.r3 = asker.fate().equals("finished") ? owner.fate() : "asker " + asker.fate();
    }
  }
}
