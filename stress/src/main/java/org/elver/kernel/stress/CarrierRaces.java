package org.elver.kernel.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Hand;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A worker and a thief take isolates from the queue of the worker's carrier, while isolates come
 * into it. At stake is that each is taken once, the older ones first, and then that each runs, in
 * one place at a time, whatever is wanted of it on the way from one carrier to the other.
 */
public class CarrierRaces {
  private CarrierRaces() {}

  // ---- The queue alone ----------------------------------------------------------------------

  /** Something to be in a queue. */
  private static final class Item extends Isolate {
    private final String name;

    Item(Kernel kernel, String name) {
      super(kernel);
      this.name = name;
    }

    @Override
    protected void poke() {}

    @Override
    protected void ended(Object killReason) {}
  }

  private static String names(Isolate... taken) {
    StringBuilder all = new StringBuilder();
    for (Isolate i : taken) {
      if (i != null) {
        all.append(((Item) i).name);
      }
    }
    return all.isEmpty() ? "-" : all.toString();
  }

  private static String rest(Hand h) {
    StringBuilder all = new StringBuilder();
    for (Isolate i = h.poll(); i != null; i = h.poll()) {
      all.append(((Item) i).name);
    }
    return all.isEmpty() ? "-" : all.toString();
  }

  /** The worker takes what a thief would take, and nothing else is there. */
  @JCStressTest
  @Outcome(id = "a, -", expect = ACCEPTABLE, desc = "The worker has it.")
  @Outcome(id = "-, a", expect = ACCEPTABLE, desc = "The thief has it.")
  @Outcome(expect = FORBIDDEN, desc = "Both have it, or nobody, or it is still there.")
  @State
  public static class LastAgainstThief {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand h = new Hand(kernel);
    private Isolate taken;
    private Isolate stolen;

    public LastAgainstThief() {
      h.add(new Item(kernel, "a"));
    }

    @Actor
    public void take() {
      taken = h.poll();
    }

    @Actor
    public void steal() {
      stolen = h.steal();
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = names(taken);
      r.r2 = h.isIdle() ? names(stolen) : "still there";
    }
  }

  /** The worker and a thief take what there is. */
  @JCStressTest
  @Outcome(id = "ab, c, -", expect = ACCEPTABLE, desc = "The worker took two, then the thief.")
  @Outcome(id = "ac, b, -", expect = ACCEPTABLE, desc = "The thief took one, then the worker.")
  @Outcome(id = "a, bc, -", expect = ACCEPTABLE, desc = "The thief took two.")
  @Outcome(expect = FORBIDDEN, desc = "One is lost, taken twice, or taken before its turn.")
  @State
  public static class WorkerAgainstThief {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand h = new Hand(kernel);
    private Isolate taken;
    private Isolate takenNext;
    private Isolate stolen;
    private Isolate stolenNext;

    public WorkerAgainstThief() {
      h.add(new Item(kernel, "a"));
      h.add(new Item(kernel, "b"));
      h.add(new Item(kernel, "c"));
    }

    @Actor
    public void take() {
      taken = h.poll();
      takenNext = h.poll();
    }

    @Actor
    public void steal() {
      stolen = h.steal();
      stolenNext = h.steal();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = names(taken, takenNext);
      r.r2 = names(stolen, stolenNext);
      r.r3 = rest(h);
    }
  }

  /** Two come, and the worker takes one, while a thief steals. */
  @JCStressTest
  @Outcome(id = "a, -, b", expect = ACCEPTABLE, desc = "The thief came too early, or too late.")
  @Outcome(id = "a, b, -", expect = ACCEPTABLE, desc = "The thief left the first to the worker.")
  @Outcome(id = "b, a, -", expect = ACCEPTABLE, desc = "The first was stolen at once.")
  @Outcome(id = "-, ab, -", expect = ACCEPTABLE, desc = "Each was stolen at once.")
  @Outcome(id = "-, ba, -", expect = ACCEPTABLE, desc = "Stolen when both were there.")
  @Outcome(expect = FORBIDDEN, desc = "One is lost or taken twice.")
  @State
  public static class ArrivalsAgainstThief {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand h = new Hand(kernel);
    private final Item a = new Item(kernel, "a");
    private final Item b = new Item(kernel, "b");
    private Isolate taken;
    private Isolate stolen;
    private Isolate stolenNext;

    @Actor
    public void add() {
      h.add(a);
      h.add(b);
      taken = h.poll();
    }

    @Actor
    public void steal() {
      stolen = h.steal();
      stolenNext = h.steal();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = names(taken);
      r.r2 = names(stolen, stolenNext);
      r.r3 = rest(h);
    }
  }

  /** One comes when the oldest has been taken, and older ones wait; a thief takes one of these. */
  @JCStressTest
  @Outcome(id = "ab, c, d", expect = ACCEPTABLE, desc = "The worker took the older one.")
  @Outcome(id = "ac, b, d", expect = ACCEPTABLE, desc = "The thief took the older one.")
  @Outcome(expect = FORBIDDEN, desc = "The new one overtook another; one is lost or taken twice.")
  @State
  public static class LaterAgainstThief {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand h = new Hand(kernel);
    private final Item d = new Item(kernel, "d");
    private Isolate taken;
    private Isolate takenNext;
    private Isolate stolen;

    public LaterAgainstThief() {
      h.add(new Item(kernel, "a"));
      h.add(new Item(kernel, "b"));
      h.add(new Item(kernel, "c"));
    }

    @Actor
    public void take() {
      taken = h.poll();
      h.add(d);
      takenNext = h.poll();
    }

    @Actor
    public void steal() {
      stolen = h.steal();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = names(taken, takenNext);
      r.r2 = names(stolen);
      r.r3 = rest(h);
    }
  }

  /** A worker makes something to do, and is busy with something else for long. */
  @JCStressTest
  @Outcome(id = "a, -", expect = ACCEPTABLE, desc = "The thief found it.")
  @Outcome(id = "-, a", expect = ACCEPTABLE, desc = "The thief came too early, and found it later.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for who is busy, or is taken twice.")
  @State
  public static class BusyWorkerAgainstThief {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand h = new Hand(kernel);
    private final Item a = new Item(kernel, "a");
    private Isolate stolen;

    @Actor
    public void add() {
      h.add(a);
    }

    @Actor
    public void steal() {
      stolen = h.steal();
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r1 = names(stolen);
      r.r2 = names(h.steal());
    }
  }

  /** Two come from different threads, as to the carrier of one isolate, and one is taken. */
  @JCStressTest
  @Outcome(id = "a, b, true", expect = ACCEPTABLE, desc = "The one came first.")
  @Outcome(id = "b, a, true", expect = ACCEPTABLE, desc = "The other came first.")
  @Outcome(expect = FORBIDDEN, desc = "One is lost, or the queue seems empty with one in it.")
  @State
  public static class ArrivalsAgainstEachOther {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand h = new Hand(kernel);
    private final Item a = new Item(kernel, "a");
    private final Item b = new Item(kernel, "b");
    private Isolate taken;
    private boolean seen;

    @Actor
    public void add() {
      h.add(a);
      seen = !h.isIdle();
    }

    @Actor
    public void addToo() {
      h.add(b);
      taken = h.poll();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = names(taken);
      r.r2 = rest(h);
      r.r3 = seen || taken == a; // Which was there until it was taken.
    }
  }

  /** A thief looks at what a worker is about to take up, which has just taken up something. */
  @JCStressTest
  @Outcome(id = "ab, -, -", expect = ACCEPTABLE, desc = "The worker has taken both.")
  @Outcome(id = "a, b, -", expect = ACCEPTABLE, desc = "The thief took what comes later.")
  @Outcome(expect = FORBIDDEN, desc = "The next was stolen, or one is lost or taken twice.")
  @State
  public static class SoonAgainstThief {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand h = new Hand(kernel);
    private Isolate taken;
    private Isolate takenNext;
    private Isolate stolen;
    private Isolate stolenNext;

    public SoonAgainstThief() {
      h.add(new Item(kernel, "a"));
      h.add(new Item(kernel, "b"));
    }

    @Actor
    public void take() {
      taken = h.poll();
      takenNext = h.poll();
    }

    @Actor
    public void steal() {
      stolen = h.stealSoon();
      stolenNext = h.stealSoon();
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = names(taken, takenNext);
      r.r2 = names(stolen, stolenNext);
      r.r3 = rest(h);
    }
  }

  /** The carrier is given up while a thief steals from it. */
  @JCStressTest
  @Outcome(id = "-, ran, ran", expect = ACCEPTABLE, desc = "All ran, wherever they came from.")
  @Outcome(expect = FORBIDDEN, desc = "One is lost, or used by two.")
  @State
  public static class RetirementAgainstThief {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand worker = Hand.amongOthers(kernel);
    private final Hand thief = Hand.amongOthers(kernel);
    private final Site x = new Site(worker, thief, kernel);
    private final Site y = new Site(worker, thief, kernel);
    private final Site.Job first = new Site.Job(x, Fiber.Step.ENDED);
    private final Site.Job second = new Site.Job(y, Fiber.Step.ENDED);

    public RetirementAgainstThief() {
      worker.attract(x);
      worker.attract(y);
      x.post(first);
      y.post(second);
    }

    @Actor
    public void retire() {
      worker.retire();
    }

    @Actor
    public void steal() {
      thief.run();
      thief.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      String wrong = (x.settle() + y.settle()).replace("right", "");
      r.r1 = wrong.isEmpty() ? rest(worker) : wrong;
      r.r2 = first.fate();
      r.r3 = second.fate();
    }
  }

  // ---- What is stolen runs ------------------------------------------------------------------

  /** A worker and a thief, and an isolate that always comes into the worker's queue. */
  private static final class Shop {
    private final Kernel kernel = new Kernel(0, 0);
    private final Hand worker = Hand.amongOthers(kernel);
    private final Hand thief = Hand.amongOthers(kernel);
    private final Site site = new Site(worker, thief, kernel);
    private final Site.Job job = new Site.Job(site, Fiber.Step.YIELDED);

    Shop() {
      worker.attract(site);
    }

    /** One with something to do for the isolate. */
    static Shop open() {
      Shop s = new Shop();
      s.site.post(s.job);
      return s;
    }

    void look(LLL_Result r) {
      r.r3 = site.settle();
      r.r1 = job.fate();
      r.r2 = site.sleeper.fate();
    }
  }

  /** An isolate is stolen while another of its fibers is woken, and its worker looks for it. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran, here or there.")
  @Outcome(expect = FORBIDDEN, desc = "A wake-up is lost, or two had the isolate at once.")
  @State
  public static class WakeUpAgainstThief {
    private final Shop shop = Shop.open();

    @Actor
    public void wake() {
      shop.site.sleeper.wakeUp();
      shop.worker.run();
    }

    @Actor
    public void steal() {
      shop.thief.run();
      shop.thief.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      shop.look(r);
    }
  }

  /** As above; and whoever has it is to make room, so that it comes back into the queue. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran, here or there.")
  @Outcome(expect = FORBIDDEN, desc = "A wake-up is lost, or two had the isolate at once.")
  @State
  public static class PreemptionAgainstThief {
    private final Shop shop = Shop.open();

    @Actor
    public void run() {
      shop.worker.run();
      shop.site.sleeper.wakeUp();
      shop.thief.preempt();
      shop.worker.run();
    }

    @Actor
    public void steal() {
      shop.worker.preempt();
      shop.thief.run();
      shop.thief.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      shop.look(r);
    }
  }

  /** Somebody borrows the isolate that is in the queue, while it is stolen and woken. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran, here or there.")
  @Outcome(expect = FORBIDDEN, desc = "It is forgotten, or two had it at once.")
  @State
  public static class BorrowerAgainstThief {
    private final Shop shop = Shop.open();

    @Actor
    public void borrow() {
      shop.site.borrow();
      shop.site.sleeper.wakeUp();
      shop.site.borrow();
    }

    @Actor
    public void steal() {
      shop.thief.run();
      shop.thief.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      shop.look(r);
    }
  }

  /** The isolate is killed, and its worker looks for it, while it is stolen. */
  @JCStressTest
  @Outcome(id = "failed, failed, right", expect = ACCEPTABLE, desc = "Killed before the steps.")
  @Outcome(id = "ran, failed, right", expect = ACCEPTABLE, desc = "Killed after the steps.")
  @Outcome(expect = FORBIDDEN, desc = "It has not ended, or ended twice, or two had it at once.")
  @State
  public static class KillAgainstThief {
    private final Shop shop = Shop.open();

    @Actor
    public void kill() {
      shop.site.requestKill("killed");
      shop.worker.run();
    }

    @Actor
    public void steal() {
      shop.thief.run();
      shop.thief.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      shop.look(r);
      if (!shop.site.isDone()) {
        r.r3 = "not ended";
      }
    }
  }

  /** Two isolates are in the queue; their worker and a thief run what they get. */
  @JCStressTest
  @Outcome(id = "ran, ran, right", expect = ACCEPTABLE, desc = "Both ran.")
  @Outcome(expect = FORBIDDEN, desc = "One is forgotten, or used by two.")
  @State
  public static class TwoAgainstThief {
    private final Shop shop = new Shop();
    private final Site other = new Site(shop.worker, shop.thief, shop.kernel);
    private final Site.Job ofOther = new Site.Job(other, Fiber.Step.YIELDED);

    public TwoAgainstThief() {
      shop.worker.attract(other);
      shop.site.post(shop.job);
      other.post(ofOther);
    }

    @Actor
    public void run() {
      shop.worker.run();
      shop.worker.run();
    }

    @Actor
    public void steal() {
      shop.thief.run();
      shop.thief.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
      String wrong = (shop.site.settle() + other.settle()).replace("right", "");
      r.r1 = shop.job.fate();
      r.r2 = ofOther.fate();
      r.r3 = wrong.isEmpty() ? "right" : wrong;
    }
  }
}
