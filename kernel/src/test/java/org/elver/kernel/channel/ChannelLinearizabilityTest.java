package org.elver.kernel.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.elver.kernel.channel.ChannelModel.Call;
import org.elver.kernel.channel.ChannelModel.Clause;
import org.elver.kernel.channel.ChannelModel.Kind;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Isolate;
import org.elver.kernel.task.Kernel;
import org.elver.kernel.task.Waiter;
import org.junit.jupiter.api.Test;

/**
 * Random calls of three threads on two channels at once: there must be an order of the calls, none
 * before one that had returned when it began, in which a plain model gives each the outcome that it
 * had. So nothing is lost, nothing comes twice, a selection does one thing, and who waits longer is
 * served first.
 *
 * <p>{@code -Delver.programs=N} runs so many, {@code -Delver.seed=SEED} the calls of one again: how
 * they meet is up to the machine.
 */
class ChannelLinearizabilityTest {
  private static final int THREADS = 3;
  private static final int EACH = 4;

  /** A fiber that nothing runs: a thread of the test does in its place. */
  private static final class Bystander extends Fiber {
    Bystander(Isolate isolate) {
      super(isolate);
    }

    @Override
    protected Step run() {
      return Step.WAITING;
    }
  }

  private static final class Idle extends Isolate {
    Idle() {
      super(new Kernel(0, 0));
    }

    @Override
    protected void poke() {}

    @Override
    protected void ended(Object killReason) {}
  }

  private final AtomicLong clock = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private static Call random(Random r, int id, int calls) {
    int channel = r.nextInt(2);
    String value = "v" + id;
    List<Clause> clauses = new ArrayList<>();
    for (int i = 0; i < 2 + r.nextInt(2); i++) {
      clauses.add(new Clause(r.nextInt(2), r.nextBoolean() ? null : value + "abc".charAt(i)));
    }
    Kind kind =
        switch (r.nextInt(16)) {
          case 0, 1, 2 -> Kind.SEND;
          case 3, 4, 5 -> Kind.RECEIVE;
          case 6 -> Kind.TRY_SEND;
          case 7 -> Kind.TRY_RECEIVE;
          case 8, 9, 10 -> Kind.SELECT;
          case 11 -> Kind.TRY_SELECT;
          case 12 -> r.nextInt(3) == 0 ? Kind.CLOSE : Kind.SEND;
          case 13 -> r.nextInt(3) == 0 ? Kind.POISON : Kind.RECEIVE;
          case 14 -> Kind.LENGTH;
          default -> Kind.CANCEL;
        };
    return new Call(id, kind, channel, value, clauses, r.nextInt(calls));
  }

  private static String name(Object v) {
    return switch (v) {
      case Channel.Selected s -> s.index() + ":" + name(s.value());
      case Channel.End e -> e.poison() == null ? "closed" : "poisoned";
      case Boolean b -> b ? "t" : "nil";
      default -> v == Channel.SENT ? "sent" : v == Channel.NOTHING ? "nothing" : v.toString();
    };
  }

  private static Channel.Operation[] operations(Channel[] channels, List<Clause> clauses) {
    return clauses.stream()
        .map(c -> new Channel.Operation(channels[c.channel()], c.value()))
        .toArray(Channel.Operation[]::new);
  }

  private Object perform(Channel[] channels, Call c, Fiber[] fibers) {
    Channel ch = channels[c.channel];
    Fiber f = fibers[c.id];
    return switch (c.kind) {
      case SEND -> ch.send(f, c.value);
      case RECEIVE -> ch.receive(f);
      case TRY_SEND -> ch.trySend(c.value);
      case TRY_RECEIVE -> ch.tryReceive();
      case SELECT -> Channel.select(f, operations(channels, c.clauses));
      case TRY_SELECT -> Channel.select(null, operations(channels, c.clauses));
      case CLOSE -> ch.close();
      case POISON -> ch.poison("why");
      case LENGTH -> ch.length();
      case CANCEL -> cancel(fibers[c.target]);
    };
  }

  /** What a timeout does, and a cancellation. */
  private static boolean cancel(Fiber f) {
    if (f.waitToken() instanceof Waiter w && f.claim(w.token())) {
      w.withdraw();
      f.wake("cancelled");
      return true;
    }
    return false;
  }

  /** Calls on channels of their own, and what came of them. */
  private static final class Program {
    final long seed;
    final int[] capacity;
    final Channel[] channels;
    final Call[] calls = new Call[THREADS * EACH];
    final Fiber[] fibers = new Fiber[calls.length];
    final int[] pauses = new int[calls.length];

    Program(long seed, Isolate idle) {
      this.seed = seed;
      Random r = new Random(seed);
      capacity = new int[] {r.nextInt(3), r.nextInt(2)};
      channels = new Channel[] {new Channel(capacity[0]), new Channel(capacity[1])};
      for (int i = 0; i < calls.length; i++) {
        calls[i] = random(r, i, calls.length);
        fibers[i] = new Bystander(idle);
        pauses[i] = r.nextInt(30);
      }
    }

    void check() {
      for (Call c : calls) {
        if (c.waited) {
          c.outcome = fibers[c.id].isWaiting() ? "waiting" : name(fibers[c.id].takeWakeup());
        }
      }
      if (!new ChannelModel(capacity, calls).explains()) {
        throw new AssertionError(
            "No order explains these; replay with -Delver.seed=%d; capacities %s%n%s"
                .formatted(
                    seed,
                    Arrays.toString(capacity),
                    String.join("\n", Arrays.stream(calls).map(Call::toString).toList())));
      }
    }
  }

  /** Does the calls of thread {@code k} of each program, with the other threads. */
  private void run(List<Program> programs, int k, AtomicInteger arrived) {
    for (int n = 0; n < programs.size(); n++) {
      Program p = programs.get(n);
      arrived.incrementAndGet();
      for (int spins = 1; arrived.get() < (n + 1) * THREADS; spins++) {
        if (spins % 500 == 0) {
          LockSupport.parkNanos(1);
        }
      }
      for (int i = k * EACH; i < (k + 1) * EACH; i++) {
        for (int pause = p.pauses[i]; pause > 0; pause--) {
          Thread.onSpinWait();
        }
        Call c = p.calls[i];
        c.begun = clock.incrementAndGet();
        Object v = perform(p.channels, c, p.fibers);
        c.returned = clock.incrementAndGet();
        c.waited = v == Channel.WAIT;
        c.outcome = c.waited ? null : name(v);
      }
    }
  }

  @Test
  void callsOfThreadsCanBePutInOrder() throws Exception {
    Long only = Long.getLong("elver.seed");
    int left = only != null ? 10_000 : Integer.getInteger("elver.programs", 5_000);
    long seed = only != null ? only : System.nanoTime() & 0xFFFFFFFL;
    Isolate idle = new Idle();
    int woken = 0;
    int all = left;
    try {
      while (left > 0) {
        List<Program> programs = new ArrayList<>();
        for (int i = Math.min(left, 500); i > 0; i--) {
          programs.add(new Program(only != null ? only : seed++, idle));
        }
        left -= programs.size();
        AtomicInteger arrived = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int k = 0; k < THREADS; k++) {
          int thread = k;
          running.add(threads.submit(() -> run(programs, thread, arrived)));
        }
        for (Future<?> f : running) {
          f.get();
        }
        for (Program p : programs) {
          p.check();
          for (Call c : p.calls) {
            woken += c.waited && !c.outcome.equals("waiting") ? 1 : 0;
          }
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertTrue(only != null || woken > all / 2, "many waits were ended: " + woken);
  }

  private static Call call(int id, Kind kind, long begun, long returned, String outcome) {
    Call c = new Call(id, kind, 0, "v" + id, List.of(), 0);
    c.begun = begun;
    c.returned = returned;
    c.outcome = outcome;
    return c;
  }

  @Test
  void theModelKnowsWhatCannotBe() {
    int[] capacity = {1, 0};
    // Sent one after the other, received the other way round, or twice, or not at all.
    Call s0 = call(0, Kind.TRY_SEND, 1, 2, "sent");
    assertTrue(explains(capacity, s0, call(1, Kind.TRY_RECEIVE, 3, 4, "v0")));
    assertFalse(explains(capacity, s0, call(1, Kind.TRY_RECEIVE, 3, 4, "nothing")));
    assertTrue(
        explains(
            capacity,
            call(0, Kind.TRY_SEND, 1, 4, "sent"),
            call(1, Kind.TRY_RECEIVE, 2, 3, "nothing")));
    assertFalse(
        explains(
            capacity,
            s0,
            call(1, Kind.TRY_RECEIVE, 3, 4, "v0"),
            call(2, Kind.TRY_RECEIVE, 5, 6, "v0")));
    assertFalse(
        explains(
            new int[] {2, 0},
            s0,
            call(1, Kind.TRY_SEND, 3, 4, "sent"),
            call(2, Kind.TRY_RECEIVE, 5, 6, "v1")));
    assertFalse(explains(capacity, s0, call(1, Kind.TRY_SEND, 3, 4, "sent")));
    Call waits = call(1, Kind.RECEIVE, 3, 4, "waiting");
    waits.waited = true;
    assertFalse(explains(capacity, s0, waits), "there is something to receive");
    assertEquals(Kind.RECEIVE, waits.kind);
  }

  private static boolean explains(int[] capacity, Call... calls) {
    return new ChannelModel(capacity, calls).explains();
  }
}
