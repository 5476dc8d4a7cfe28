package org.elver.bench;

import java.util.concurrent.TimeUnit;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writes of a reference to pairs that the writer has written before, beside the same writes to
 * plain objects. {@code each} writes in a loop over an array, {@code walk} along a list, so that a
 * read of the other slot comes with each write.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 4,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 6, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 12, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class LaterWriteBench {
  static final int PAIRS = 1_000;

  private final Object[] values = {new Object(), new Object()};
  private int turn;
  private int mixed;

  @Setup(Level.Trial)
  public void mix() {
    mixed = Mixture.use();
  }

  private Object value() {
    return values[turn++ & 1];
  }

  private int check(int steps) {
    if (steps != PAIRS || mixed == 0) {
      throw new AssertionError("wrote " + steps + " pairs");
    }
    return steps;
  }

  /** Pairs of the peer, linked in order. */
  @State(Scope.Thread)
  public static class Plain {
    final PlainPair[] pairs = new PlainPair[PAIRS];

    @Setup(Level.Trial)
    public void make() {
      for (int i = PAIRS - 1; i >= 0; i--) {
        pairs[i] = new PlainPair(null, i + 1 == PAIRS ? null : pairs[i + 1]);
      }
      System.gc();
    }
  }

  /** Pairs of the peer with a header word, linked in order. */
  @State(Scope.Thread)
  public static class Headed {
    final HeadedPair[] pairs = new HeadedPair[PAIRS];

    @Setup(Level.Trial)
    public void make() {
      for (int i = PAIRS - 1; i >= 0; i--) {
        pairs[i] = new HeadedPair(this, null, i + 1 == PAIRS ? null : pairs[i + 1]);
      }
      System.gc();
    }
  }

  /** Pairs of the indirect peer, linked in order. */
  @State(Scope.Thread)
  public static class Indirect {
    final IndirectPair[] pairs = new IndirectPair[PAIRS];

    @Setup(Level.Trial)
    public void make() {
      for (int i = PAIRS - 1; i >= 0; i--) {
        pairs[i] = new IndirectPair(null, i + 1 == PAIRS ? null : pairs[i + 1]);
      }
      System.gc();
    }
  }

  private static void fill(Pair[] pairs, Context maker) {
    for (int i = PAIRS - 1; i >= 0; i--) {
      pairs[i] = new Pair(maker, null, i + 1 == PAIRS ? null : pairs[i + 1]);
    }
  }

  /** Pairs of the writer's own, linked in order. */
  @State(Scope.Thread)
  public static class Own {
    final Pair[] pairs = new Pair[PAIRS];
    Context writer;

    @Setup(Level.Trial)
    public void make() {
      writer = new Heap().newContext();
      fill(pairs, writer);
      System.gc();
    }
  }

  /** Pairs of the writer's parent, which lives; the writer has a version of each. */
  @State(Scope.Thread)
  public static class Versioned {
    final Pair[] pairs = new Pair[PAIRS];
    Context parent;
    Context writer;

    @Setup(Level.Trial)
    public void make() {
      parent = new Heap().newContext();
      fill(pairs, parent);
      writer = parent.fork();
      Walks.setEach(pairs, writer, this);
      System.gc();
    }
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void eachPlain(Plain state) {
    Walks.setEach(state.pairs, value());
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void eachHeaded(Headed state) {
    Walks.setEach(state.pairs, value());
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void eachOwn(Own state) {
    Walks.setEach(state.pairs, state.writer, value());
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void eachVersioned(Versioned state) {
    Walks.setEach(state.pairs, state.writer, value());
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public int walkPlain(Plain state) {
    return check(Walks.setAll(state.pairs[0], value()));
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public int walkHeaded(Headed state) {
    return check(Walks.setAll(state.pairs[0], value()));
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public int walkOwn(Own state) {
    return check(Walks.setAll(state.pairs[0], state.writer, value()));
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public int walkVersioned(Versioned state) {
    return check(Walks.setAll(state.pairs[0], state.writer, value()));
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void eachIndirect(Indirect state) {
    Walks.setEach(state.pairs, value());
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public int walkIndirect(Indirect state) {
    return check(Walks.setAll(state.pairs[0], value()));
  }
}
