package org.elver.bench;

import java.util.Random;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads of pairs that have four versions each, by a reader with a thousand epochs above its own.
 * The reader has forked a thousand children, all of which live; they and the reader made the
 * versions.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 6, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 12, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class VersionedReadBench {
  static final int PAIRS = 1_000;
  private static final int DEPTH = 1_000;

  /** Which of the five contents the reader sees. */
  public enum Position {
    /** The version of the reader's own epoch, written after the last fork. */
    OWN,
    /** That of the nearest ancestor, where all four are ancestors'. */
    DEEPEST,
    /** That of an ancestor, where the other three are children's and are looked at first. */
    BEHIND_OTHERS,
    /** The inline contents, where all four versions are children's. */
    INLINE,
    /** Any of the above, at random from pair to pair. */
    MIXED
  }

  @Param public Position position;

  private final Object key = new Object();
  private final Pair[] pairs = new Pair[PAIRS];
  private final Context[] children = new Context[DEPTH];
  private Context reader;
  private int mixed;

  @Setup(Level.Trial)
  public void make() {
    mixed = Mixture.use();
    reader = new Heap().newContext();
    Pair next = null;
    for (int i = PAIRS - 1; i >= 0; i--) {
      next = new Pair(reader, key, next);
      pairs[i] = next;
    }
    Position[] plain = {Position.OWN, Position.DEEPEST, Position.BEHIND_OTHERS, Position.INLINE};
    Position[] positions = new Position[PAIRS];
    Random random = new Random(1);
    for (int i = 0; i < PAIRS; i++) {
      positions[i] = position == Position.MIXED ? plain[random.nextInt(plain.length)] : position;
    }
    for (int depth = 1; depth <= DEPTH; depth++) {
      Context child = reader.fork();
      children[depth - 1] = child;
      if (depth % 200 == 100 && depth < 900) {
        boolean first = depth == 100;
        for (int i = 0; i < PAIRS; i++) {
          boolean byReader =
              switch (positions[i]) {
                case OWN -> !first;
                case DEEPEST -> true;
                case BEHIND_OTHERS -> first;
                default -> false;
              };
          if (positions[i] != Position.OWN || byReader) {
            pairs[i].setFirst(byReader ? reader : child, key);
          }
        }
      }
    }
    for (int i = 0; i < PAIRS; i++) {
      if (positions[i] == Position.OWN) {
        pairs[i].setFirst(reader, key);
      }
    }
    System.gc();
  }

  /** Reads in a loop over an array, each independent of the others. */
  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public int each() {
    return Walks.count(pairs, reader, key) + mixed;
  }

  /** Reads along a list, where each has to wait for the one before. */
  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public int walk() {
    int n = Walks.length(pairs[0], reader);
    if (n != PAIRS) {
      throw new AssertionError("walked over " + n + " pairs");
    }
    return n;
  }
}
