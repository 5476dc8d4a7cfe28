package org.elver.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scheduler with fibers written in Java: steps of a function. */
final class KernelTest {
  private Kernel kernel = new Kernel(2, 1 << 20);

  @AfterEach
  void close() {
    kernel.close();
  }

  /** An isolate of fibers in Java. */
  private static final class Plain extends Isolate {
    final AtomicInteger inside = new AtomicInteger();
    volatile boolean twice;

    Plain(Kernel kernel) {
      super(kernel);
    }

    @Override
    protected void poke() {}

    @Override
    protected void entered() {
      if (inside.incrementAndGet() != 1) {
        twice = true;
      }
    }

    @Override
    protected void left() {
      inside.decrementAndGet();
    }

    @Override
    protected void ended(Object reason) {
      if (reason != null) {
        fail(reason);
      } else {
        complete("ended");
      }
    }
  }

  /** A fiber that does a step each time it is run. */
  private static final class Steps extends Fiber {
    private final Function<Steps, Step> step;
    Object woken;
    int count;

    Steps(Isolate isolate, Function<Steps, Step> step) {
      super(isolate);
      this.step = step;
    }

    @Override
    protected Step run() {
      woken = takeWakeup();
      count++;
      Step s = step.apply(this);
      if (s == Step.ENDED) {
        complete(count);
      }
      return s;
    }
  }

  private static void await(Completion c) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    c.whenDone(
        new Completion.Callback() {
          @Override
          public void done(Object value, boolean failed) {
            latch.countDown();
          }
        });
    assertTrue(latch.await(20, TimeUnit.SECONDS), "it ends");
  }

  @Test
  void fibersOfAnIsolateTakeTurns() throws InterruptedException {
    Plain i = new Plain(kernel);
    List<String> order = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      i.start(
          new Steps(
              i,
              f -> {
                order.add(name);
                return f.count < 3 ? Fiber.Step.YIELDED : Fiber.Step.ENDED;
              }));
    }
    await(i);
    assertEquals(List.of("a", "b", "a", "b", "a", "b"), order);
    assertEquals("ended", i.outcome());
  }

  @Test
  void aSleepEndsWithTimeout() throws InterruptedException {
    Plain i = new Plain(kernel);
    Steps f =
        new Steps(
            i,
            s -> {
              if (s.count == 2) {
                return Fiber.Step.ENDED;
              }
              Fiber.Sleep sleep = new Fiber.Sleep(s);
              s.beginWait(sleep);
              s.timeout(sleep, 1_000_000);
              return Fiber.Step.WAITING;
            });
    i.start(f);
    await(i);
    assertSame(Fiber.TIMEOUT, f.woken);
  }

  @Test
  void aJoinerIsWokenWithTheValueWhereverItRuns() throws InterruptedException {
    Plain i = new Plain(kernel);
    Plain j = new Plain(kernel);
    Steps target = new Steps(i, s -> s.count < 1000 ? Fiber.Step.YIELDED : Fiber.Step.ENDED);
    Steps joiner =
        new Steps(
            j,
            s -> {
              if (s.count == 1 && target.await(s)) {
                return Fiber.Step.WAITING;
              }
              return Fiber.Step.ENDED;
            });
    j.start(joiner);
    i.start(target);
    await(j);
    assertEquals(1000, target.outcome());
    assertTrue(joiner.woken == null || joiner.woken.equals(1000));
  }

  @Test
  void cancellingEndsAWaitOnce() throws InterruptedException {
    Plain i = new Plain(kernel);
    CountDownLatch waiting = new CountDownLatch(1);
    Steps f =
        new Steps(
            i,
            s -> {
              if (s.count == 2) {
                return Fiber.Step.ENDED;
              }
              s.beginWait(new Fiber.Sleep(s));
              waiting.countDown();
              return Fiber.Step.WAITING;
            });
    i.start(f);
    assertTrue(waiting.await(20, TimeUnit.SECONDS));
    f.cancel("reason");
    f.cancel("again");
    await(i);
    assertEquals("reason", f.woken);
  }

  @Test
  void whatIsKilledBeforeItStartsEndsOnlyThen() throws InterruptedException {
    for (int k = 0; k < 200; k++) {
      Plain i = new Plain(kernel);
      Steps f = new Steps(i, s -> Fiber.Step.ENDED);
      Thread killer = new Thread(() -> i.requestKill("killed"));
      if (k % 2 == 0) {
        i.requestKill("killed");
        assertFalse(i.isActive(), "nothing to end yet");
      } else {
        killer.start();
      }
      i.start(f);
      await(i);
      await(f);
      if (k % 2 == 0) {
        assertEquals("killed", i.outcome());
        assertEquals(0, f.count);
      } else {
        killer.join();
      }
      assertTrue(i.isEnded());
      assertEquals(0, i.fiberCount());
    }
  }

  @Test
  void killingEndsWhatWaitsAndNobodyCanWakeIt() throws InterruptedException {
    Plain i = new Plain(kernel);
    CountDownLatch waiting = new CountDownLatch(1);
    Fiber.Sleep[] token = new Fiber.Sleep[1];
    Steps f =
        new Steps(
            i,
            s -> {
              token[0] = new Fiber.Sleep(s);
              s.beginWait(token[0]);
              waiting.countDown();
              return Fiber.Step.WAITING;
            });
    i.start(f);
    assertTrue(waiting.await(20, TimeUnit.SECONDS));
    i.requestKill("killed");
    await(i);
    assertTrue(i.isFailed());
    assertEquals("killed", i.outcome());
    assertFalse(f.claim(token[0]));
    assertTrue(f.isDone());
  }

  @Test
  void anAnchoredFiberKeepsItsStackAndNotTheCarrier() throws InterruptedException {
    Plain i = new Plain(kernel);
    AtomicInteger others = new AtomicInteger();
    Steps anchored =
        new Steps(
            i,
            s -> {
              int local = 42;
              Fiber.Sleep sleep = new Fiber.Sleep(s);
              s.beginWait(sleep);
              s.timeout(sleep, 20_000_000);
              Object v = s.waitHere();
              return v == Fiber.TIMEOUT && local == 42 && others.get() > 0
                  ? Fiber.Step.ENDED
                  : Fiber.Step.YIELDED;
            });
    i.start(anchored);
    i.start(
        new Steps(
            i,
            s -> {
              others.incrementAndGet();
              return Fiber.Step.ENDED;
            }));
    await(i);
    assertEquals(1, anchored.outcome());
  }

  /** A ring of isolates hands numbers on while some kill, cancel and yield. */
  @Test
  void noIsolateRunsTwiceAtOnce() throws InterruptedException {
    long seed = Long.getLong("elver.seed", System.nanoTime());
    Random random = new Random(seed);
    kernel.close();
    kernel = new Kernel(4, 1 << 20);
    int n = 50;
    AtomicLong handed = new AtomicLong();
    Plain[] isolates = new Plain[n];
    for (int k = 0; k < n; k++) {
      isolates[k] = new Plain(kernel);
    }
    for (int k = 0; k < n; k++) {
      Plain next = isolates[(k + 1) % n];
      int rounds = 200 + random.nextInt(100);
      boolean anchors = random.nextInt(4) == 0;
      isolates[k].start(
          new Steps(
              isolates[k],
              s -> {
                if (s.count > rounds) {
                  return Fiber.Step.ENDED;
                }
                next.post(
                    new Steps(
                        next,
                        x -> {
                          handed.incrementAndGet();
                          return Fiber.Step.ENDED;
                        }));
                if (anchors && s.count % 10 == 0) {
                  s.yieldHere();
                  return Fiber.Step.YIELDED;
                }
                if (s.count % 7 == 0) {
                  Fiber.Sleep sleep = new Fiber.Sleep(s);
                  s.beginWait(sleep);
                  s.timeout(sleep, 1000);
                  return Fiber.Step.WAITING;
                }
                return Fiber.Step.YIELDED;
              }));
    }
    for (Plain i : isolates) {
      await(i);
      assertFalse(i.twice, "seed " + seed);
    }
    assertTrue(handed.get() > 0);
  }

  @Test
  void aStallIsNoticedOnlyWhenNothingCanWakeAnybody() throws InterruptedException {
    Plain i = new Plain(kernel);
    CountDownLatch stalled = new CountDownLatch(1);
    AtomicInteger before = new AtomicInteger();
    Steps f =
        new Steps(
            i,
            s -> {
              if (s.count == 1) {
                Fiber.Sleep sleep = new Fiber.Sleep(s);
                s.beginWait(sleep);
                s.timeout(sleep, 100_000_000);
                return Fiber.Step.WAITING;
              }
              before.set((int) stalled.getCount());
              s.beginWait(new Fiber.Sleep(s));
              return Fiber.Step.WAITING;
            });
    kernel.onStall(stalled::countDown);
    i.start(f);
    assertTrue(stalled.await(20, TimeUnit.SECONDS));
    assertEquals(1, before.get(), "no stall while a timer runs");
  }

  @Test
  void whatIsBorrowedIsUsedByNobodyElseAndGoesOnAfterwards() throws InterruptedException {
    List<Plain> isolates = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      isolates.add(new Plain(kernel));
    }
    AtomicInteger[] users = new AtomicInteger[isolates.size()];
    long[] plain = new long[isolates.size()]; // Not volatile: the right orders it.
    for (int k = 0; k < users.length; k++) {
      users[k] = new AtomicInteger();
    }
    AtomicInteger twice = new AtomicInteger();
    AtomicLong steps = new AtomicLong();
    for (int k = 0; k < isolates.size(); k++) {
      int me = k;
      Plain i = isolates.get(k);
      Random random = new Random(k);
      i.start(
          new Steps(
              i,
              f -> {
                use(users[me], twice);
                plain[me]++;
                steps.incrementAndGet();
                users[me].decrementAndGet();
                int other = random.nextInt(isolates.size());
                i.rest();
                if (other != me && isolates.get(other).tryBorrow()) {
                  use(users[other], twice);
                  plain[other]++;
                  steps.incrementAndGet();
                  users[other].decrementAndGet();
                  isolates.get(other).giveBack();
                }
                i.goOn();
                if (f.count == 20_000) {
                  return Fiber.Step.ENDED;
                }
                if (random.nextInt(50) == 0) {
                  Fiber.Sleep sleep = new Fiber.Sleep(f);
                  f.beginWait(sleep);
                  f.timeout(sleep, 10_000);
                  return Fiber.Step.WAITING;
                }
                return Fiber.Step.YIELDED;
              }));
    }
    for (Plain i : isolates) {
      await(i);
      assertFalse(i.tryBorrow(), "what has ended cannot be borrowed");
    }
    assertEquals(0, twice.get());
    long sum = 0;
    for (long n : plain) {
      sum += n;
    }
    assertEquals(steps.get(), sum, "no step is lost");
  }

  private static void use(AtomicInteger users, AtomicInteger twice) {
    if (users.incrementAndGet() != 1) {
      twice.incrementAndGet();
    }
  }
}
