package org.elver.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.elver.kernel.channel.Channel;
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

    /** Whether it lives on without fibers. */
    volatile boolean lasting;

    @Override
    protected boolean endsWhenEmpty() {
      return !lasting;
    }

    /** Whether a post is its start. */
    boolean startsByPost = true;

    @Override
    protected boolean startsByPost() {
      return startsByPost;
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
    // By a fiber of it: once one runs, nobody else may start another.
    i.start(
        new Steps(
            i,
            first -> {
              for (String name : List.of("a", "b")) {
                i.start(
                    new Steps(
                        i,
                        f -> {
                          order.add(name);
                          return f.count < 3 ? Fiber.Step.YIELDED : Fiber.Step.ENDED;
                        }));
              }
              return Fiber.Step.ENDED;
            }));
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
  void whoCancelsIsHeardHoweverManyDo() throws InterruptedException {
    Plain i = new Plain(kernel);
    i.lasting = true;
    Steps f = new Steps(i, s -> Fiber.Step.ENDED);
    f.cancel("first");
    f.cancel("second");
    f.cancel("first");
    assertEquals("first", f.takeCancel());
    assertEquals("second", f.takeCancel());
    assertFalse(f.isCancelRequested());
    assertNull(f.takeCancel());

    List<Thread> threads = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      int from = 1000 * k;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = from; n < from + 200; n++) {
                      f.cancel(n);
                    }
                  }));
    }
    Set<Object> heard = new HashSet<>();
    long end = System.nanoTime() + 20_000_000_000L;
    while (heard.size() < 800 && System.nanoTime() < end) {
      Object reason = f.takeCancel();
      if (reason != null) {
        assertTrue(heard.add(reason), "once");
      }
    }
    assertEquals(800, heard.size());
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(f.takeCancel());
    i.lasting = false;
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
    i.post(
        new Steps(
            i,
            s -> {
              others.incrementAndGet();
              return Fiber.Step.ENDED;
            }));
    await(i);
    assertEquals(1, anchored.outcome());
  }

  @Test
  void whoYieldsOnItsStackLosesNoReasonToEnd() throws InterruptedException {
    Plain i = new Plain(kernel);
    Object[] reason = new Object[1];
    i.start(
        new Steps(
            i,
            s -> {
              s.cancel("reason"); // As another thread may at that moment.
              s.yieldHere();
              reason[0] = s.takeCancel();
              return Fiber.Step.ENDED;
            }));
    await(i);
    assertEquals("reason", reason[0]);
  }

  @Test
  void threadsThatWaitEndWithTheKernel() throws InterruptedException {
    Plain i = new Plain(kernel);
    CountDownLatch waits = new CountDownLatch(1);
    Thread[] thread = new Thread[1];
    boolean[] unwound = new boolean[1];
    i.start(
        new Steps(
            i,
            s -> {
              s.beginWait(new Fiber.Sleep(s));
              thread[0] = Thread.currentThread();
              try {
                s.waitHere();
              } finally {
                unwound[0] = true;
              }
              return Fiber.Step.ENDED;
            }));
    i.post(
        new Steps(
            i,
            s -> {
              waits.countDown(); // It runs: so the other one waits.
              return Fiber.Step.ENDED;
            }));
    assertTrue(waits.await(20, TimeUnit.SECONDS));
    kernel.close();
    thread[0].join(20_000);
    assertFalse(thread[0].isAlive());
    assertTrue(unwound[0]);
  }

  @Test
  void whoIsKilledBeforeHeGoesOnWaitsNowhere() throws InterruptedException {
    Channel c = new Channel(0);
    Channel other = new Channel(0);
    WeakReference<Fiber> dead = new WeakReference<>(selectAndDie(c, other));
    for (int k = 0; k < 200 && dead.get() != null; k++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(dead.get());
    assertSame(Channel.NOTHING, other.trySend("x"));
  }

  /** A fiber that is woken by {@code c}, and killed before it takes itself out of {@code other}. */
  private Fiber selectAndDie(Channel c, Channel other) throws InterruptedException {
    Plain i = new Plain(kernel);
    Steps selects =
        new Steps(
            i,
            s -> {
              Channel.select(
                  s,
                  new Channel.Operation[] {
                    new Channel.Operation(c, null), new Channel.Operation(other, null)
                  });
              i.start(
                  new Steps(
                      i,
                      sender -> {
                        assertSame(Channel.SENT, c.trySend("x"));
                        i.requestKill("killed");
                        return Fiber.Step.ENDED;
                      }));
              return Fiber.Step.WAITING;
            });
    i.start(selects);
    await(i);
    assertEquals("killed", i.outcome());
    return selects;
  }

  @Test
  void whatIsForgottenIsKeptByNothing() throws InterruptedException {
    Completion c = new Completion();
    AtomicInteger ran = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 200_000; n++) {
                      Completion.Callback b =
                          new Completion.Callback() {
                            @Override
                            public void done(Object value, boolean failed) {
                              ran.incrementAndGet();
                            }
                          };
                      c.whenDone(b);
                      c.forget(b);
                    }
                  }));
    }
    for (Thread t : threads) {
      t.join();
    }
    c.complete("end");
    assertEquals(0, ran.get());
  }

  @Test
  void whatRunsEndsWithTheKernel() throws InterruptedException {
    Plain i = new Plain(kernel);
    CountDownLatch runs = new CountDownLatch(1);
    Thread[] thread = new Thread[1];
    i.start(
        new Steps(
            i,
            s -> {
              thread[0] = Thread.currentThread();
              runs.countDown();
              while (i.killReason() == null) {
                Thread.onSpinWait();
              }
              return Fiber.Step.YIELDED;
            }));
    assertTrue(runs.await(20, TimeUnit.SECONDS));
    kernel.close();
    thread[0].join(20_000);
    assertFalse(thread[0].isAlive());
    assertTrue(i.isFailed());
  }

  @Test
  void whatIsPostedBeforeTheStartRunsWithThat() throws InterruptedException {
    for (int k = 0; k < 100; k++) {
      Plain i = new Plain(kernel);
      i.startsByPost = false;
      Steps posted = new Steps(i, s -> Fiber.Step.ENDED);
      Steps first = new Steps(i, s -> s.count < 2 ? Fiber.Step.YIELDED : Fiber.Step.ENDED);
      i.post(posted);
      if (k == 0) {
        Thread.sleep(50); // It has time enough to run before that.
      }
      assertFalse(posted.isDone());
      i.start(first);
      await(i);
      assertEquals(1, posted.outcome());
      assertEquals(2, first.outcome());
      assertEquals("ended", i.outcome());
    }
  }

  @Test
  void isolatesThatAreDueAtTheSameTimeAreAllThere() {
    ConcurrentSkipListMap<Long, Isolate> due = new ConcurrentSkipListMap<>();
    for (int k = 0; k < 5000; k++) {
      Kernel.putDue(due, 1L << 40, k, new Plain(kernel));
    }
    assertEquals(5000, due.size());
  }

  /** A channel that only one isolate uses. */
  private static final class Local extends Channel {
    Local(int capacity) {
      super(capacity, true);
    }
  }

  @Test
  void aChannelOfOneIsolateHandsOnInOrder() throws InterruptedException {
    Plain i = new Plain(kernel);
    Channel c = new Local(0);
    List<Object> got = new ArrayList<>();
    i.start(
        new Steps(
            i,
            s -> {
              Object v = s.count == 1 ? null : s.woken;
              if (v != null) {
                got.add(v);
              }
              while (got.size() < 100) {
                v = c.receive(s);
                if (v == Channel.WAIT) {
                  return Fiber.Step.WAITING;
                }
                got.add(v);
              }
              return Fiber.Step.ENDED;
            }));
    int[] next = {0};
    i.start(
        new Steps(
            i,
            s -> {
              while (next[0] < 100) {
                if (c.send(s, next[0]++) == Channel.WAIT) {
                  return Fiber.Step.WAITING;
                }
              }
              return Fiber.Step.ENDED;
            }));
    await(i);
    assertEquals(IntStream.range(0, 100).boxed().toList(), got);
  }

  @Test
  void whoseTimeIsOverTakesNothingFromAChannelOfOneIsolate() throws InterruptedException {
    Plain i = new Plain(kernel);
    Channel c = new Local(0);
    List<Object> woken = new ArrayList<>();
    Steps late =
        new Steps(
            i,
            s -> {
              if (s.count == 1) {
                assertSame(Channel.WAIT, c.receive(s));
                s.timeout(Channel.registration(s), 1_000_000);
                return Fiber.Step.WAITING;
              }
              woken.add(s.woken);
              woken.add(c.trySend("nobody"));
              return Fiber.Step.ENDED;
            });
    i.start(late);
    await(i);
    assertEquals(List.of(Fiber.TIMEOUT, Channel.NOTHING), woken);
  }

  /** Values come while the time of those who wait for them ends, and other threads cancel them. */
  @Test
  void eachWaitOnAChannelOfOneIsolateEndsOnce() throws InterruptedException {
    Plain i = new Plain(kernel);
    Channel c = new Local(0);
    int[] sent = {0};
    int[] received = {0};
    int[] otherwise = {0};
    AtomicInteger left = new AtomicInteger(2000);
    List<Steps> receivers = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      int nanos = 1000 << (4 * k);
      receivers.add(
          new Steps(
              i,
              s -> {
                if (s.count > 1) {
                  if (s.woken instanceof Integer) {
                    received[0]++;
                  } else {
                    assertTrue(s.woken == Fiber.TIMEOUT || "cancelled".equals(s.woken));
                    otherwise[0]++;
                  }
                }
                if (left.decrementAndGet() < 0) {
                  return Fiber.Step.ENDED;
                }
                if (c.receive(s) == Channel.WAIT && s.isWaiting()) {
                  s.timeout(Channel.registration(s), nanos);
                }
                return Fiber.Step.WAITING;
              }));
    }
    receivers.forEach(i::start);
    i.start(
        new Steps(
            i,
            s -> {
              if (c.trySend(s.count) == Channel.SENT) {
                sent[0]++;
              }
              return left.get() < 0 ? Fiber.Step.ENDED : Fiber.Step.YIELDED;
            }));
    while (!i.isDone()) {
      receivers.forEach(r -> r.cancel("cancelled"));
      Thread.sleep(0, 100_000);
    }
    assertEquals(sent[0], received[0]);
    assertEquals(2000, received[0] + otherwise[0]);
    assertTrue(otherwise[0] > 0);
  }

  @Test
  void whatAFiberStartsRunsInOrderAndBeforeWhatWasThere() throws InterruptedException {
    Plain i = new Plain(kernel);
    List<String> order = new ArrayList<>();
    i.start(
        new Steps(
            i,
            s -> {
              for (String name : List.of("a", "b")) {
                i.start(
                    new Steps(
                        i,
                        f -> {
                          order.add(name);
                          for (int k = 1; k <= 2; k++) {
                            String child = name + k;
                            i.start(
                                new Steps(
                                    i,
                                    g -> {
                                      order.add(child);
                                      return Fiber.Step.ENDED;
                                    }));
                          }
                          return Fiber.Step.ENDED;
                        }));
              }
              return Fiber.Step.ENDED;
            }));
    await(i);
    assertEquals(List.of("a", "a1", "a2", "b", "b1", "b2"), order);
  }

  @Test
  void twoThatWakeEachOtherStarveNobody() throws InterruptedException {
    Plain i = new Plain(kernel);
    Channel there = new Local(0);
    Channel back = new Local(0);
    boolean[] third = {false};
    i.start(
        new Steps(
            i,
            s -> {
              i.start(new Steps(i, exchange(there, back, true, third)));
              i.start(new Steps(i, exchange(back, there, false, third)));
              i.start(
                  new Steps(
                      i,
                      f -> {
                        third[0] = true;
                        return Fiber.Step.ENDED;
                      }));
              return Fiber.Step.ENDED;
            }));
    await(i);
    assertTrue(third[0]);
  }

  /** Sends and receives in turn until {@code end} says so, and then closes both channels. */
  private static Function<Steps, Fiber.Step> exchange(
      Channel to, Channel from, boolean begins, boolean[] end) {
    boolean[] receives = {begins};
    return f -> {
      while (!end[0]) {
        receives[0] = !receives[0];
        if ((receives[0] ? from.receive(f) : to.send(f, "v")) == Channel.WAIT) {
          return Fiber.Step.WAITING;
        }
      }
      to.close();
      from.close();
      return Fiber.Step.ENDED;
    };
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

  /** An isolate that computes: it makes room when asked to, and counts how often. */
  private Plain busy(AtomicLong slices, AtomicInteger on) {
    Plain i = new Plain(kernel);
    i.start(
        new Steps(
            i,
            s -> {
              while (!Kernel.isPreempted() && on.get() > 0) {
                Thread.onSpinWait();
              }
              slices.incrementAndGet();
              return on.get() > 0 ? Fiber.Step.YIELDED : Fiber.Step.ENDED;
            }));
    return i;
  }

  @Test
  void whoIsWokenNeedNotWaitForAllThatAreBusy() throws InterruptedException {
    AtomicLong slices = new AtomicLong();
    AtomicInteger on = new AtomicInteger(1);
    List<Plain> busy = new ArrayList<>();
    for (int k = 0; k < 12; k++) {
      busy.add(busy(slices, on));
    }
    AtomicLong woken = new AtomicLong();
    List<Long> late = new ArrayList<>();
    Plain i = new Plain(kernel);
    i.start(
        new Steps(
            i,
            s -> {
              if (s.count > 1) {
                late.add(slices.get() - woken.get());
              }
              if (s.count > 20) {
                return Fiber.Step.ENDED;
              }
              Fiber.Sleep sleep = new Fiber.Sleep(s);
              s.beginWait(sleep);
              var _ =
                  kernel
                      .timers()
                      .schedule(
                          () -> {
                            woken.set(slices.get());
                            if (s.claim(sleep)) {
                              s.wake(null);
                            }
                          },
                          30,
                          TimeUnit.MILLISECONDS);
              return Fiber.Step.WAITING;
            }));
    await(i);
    on.set(0);
    for (Plain b : busy) {
      await(b);
    }
    // Two slices are under way, and may end before it begins; had it to wait for all, it were 12.
    late.sort(null);
    assertTrue(late.get(late.size() * 3 / 4) <= 4, () -> "slices in between: " + late);
  }

  @Test
  void whatNobodyCaughtEndsTheProgram() {
    Plain i = new Plain(kernel);
    i.start(
        new Steps(
            i,
            s -> {
              throw new IllegalArgumentException("deliberate");
            }));
    var e = assertThrows(IllegalStateException.class, () -> kernel.await(i));
    assertEquals("deliberate", e.getCause().getMessage());
  }

  @Test
  void whatATimerThrowsEndsTheProgram() {
    Plain i = new Plain(kernel);
    i.lasting = true;
    var _ =
        kernel
            .timers()
            .schedule(
                () -> {
                  throw new IllegalArgumentException("deliberate");
                },
                1,
                TimeUnit.MILLISECONDS);
    var e = assertThrows(IllegalStateException.class, () -> kernel.await(i));
    assertEquals("deliberate", e.getCause().getMessage());
  }

  @Test
  void aClosedKernelTakesTimersAndRunsNone() throws InterruptedException {
    kernel.close();
    var ran = kernel.timers().schedule(() -> {}, 0, TimeUnit.NANOSECONDS);
    assertTrue(kernel.timers().awaitTermination(20, TimeUnit.SECONDS), "no thread is left");
    assertFalse(ran.isDone());
  }

  @Test
  void whoIsBusyIsNotStarvedByThoseThatAnswerEachOther() throws InterruptedException {
    kernel.close();
    kernel = new Kernel(1, 1 << 20);
    AtomicLong slices = new AtomicLong();
    AtomicInteger on = new AtomicInteger(1);
    Plain busy = busy(slices, on);
    Plain one = new Plain(kernel);
    Plain two = new Plain(kernel);
    AtomicLong hops = new AtomicLong();
    one.lasting = true;
    two.lasting = true;
    answer(one, two, hops, on);
    for (int k = 0; k < 400 && (slices.get() < 10 || hops.get() < 1000); k++) {
      Thread.sleep(50);
    }
    on.set(0);
    await(busy);
    assertTrue(slices.get() >= 10 && hops.get() >= 1000, slices + " slices, " + hops + " hops");
  }

  /** A fiber in {@code one} that has one in {@code two} do the same, and so on. */
  private static void answer(Plain one, Plain two, AtomicLong hops, AtomicInteger on) {
    one.post(
        new Steps(
            one,
            s -> {
              hops.incrementAndGet();
              if (on.get() > 0) {
                answer(two, one, hops, on);
              }
              return Fiber.Step.ENDED;
            }));
  }

  @Test
  void aKilledIsolateNeedNotWaitForItsTurn() throws InterruptedException {
    AtomicLong slices = new AtomicLong();
    AtomicInteger on = new AtomicInteger(1);
    List<Plain> busy = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      busy.add(busy(slices, on));
    }
    Thread.sleep(100);
    List<Long> late = new ArrayList<>();
    for (Plain b : busy.subList(0, 8)) {
      long before = slices.get();
      b.requestKill("killed");
      await(b);
      late.add(slices.get() - before);
    }
    on.set(0);
    for (Plain b : busy) {
      await(b);
    }
    late.sort(null);
    assertTrue(late.get(late.size() / 2) <= 5, () -> "slices in between: " + late);
  }

  @Test
  void aHighPriorityDoesNotStarveOthers() throws InterruptedException {
    kernel.close();
    kernel = new Kernel(1, 1 << 20);
    AtomicLong high = new AtomicLong();
    AtomicLong low = new AtomicLong();
    AtomicInteger on = new AtomicInteger(1);
    Plain a = busy(high, on);
    a.setPriority(1);
    Plain b = busy(low, on);
    for (int k = 0; k < 400 && (low.get() < 5 || high.get() < 5); k++) {
      Thread.sleep(50);
    }
    on.set(0);
    await(a);
    await(b);
    assertTrue(low.get() >= 5 && high.get() > low.get(), high + " and " + low);
  }
}
