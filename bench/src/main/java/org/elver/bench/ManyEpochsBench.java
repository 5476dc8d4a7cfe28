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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The walk of {@link ListWalkBench#memqShared} over a list whose maker forked a child, which lives
 * on, after every few pairs: the pairs have many different labels, and each look at one may miss
 * the cache. Time is per pair.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 6, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 12, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class ManyEpochsBench {
  private static final int PAIRS_PER_EPOCH = 16;

  @Param({"SHORT", "LONG"})
  public ListWalkBench.Layout layout;

  private final Object absent = new Object();
  private Context[] others;
  private Context reader;
  private Pair head;
  private int mixed;

  @Setup(Level.Trial)
  public void make() {
    mixed = Mixture.use();
    Context parent = new Heap().newContext();
    others = new Context[layout.length / PAIRS_PER_EPOCH + 1];
    for (int i = 0; i < layout.length; i++) {
      if (i % PAIRS_PER_EPOCH == 0) {
        others[i / PAIRS_PER_EPOCH] = parent.fork();
      }
      head = new Pair(parent, parent, head);
    }
    reader = parent.fork();
    System.gc();
  }

  @Benchmark
  @OperationsPerInvocation(ListWalkBench.STEPS)
  public int memqSharedManyEpochs() {
    int n = 0;
    for (int i = ListWalkBench.STEPS / layout.length; i > 0; i--) {
      n += Walks.memq(head, reader, absent) == null ? layout.length : 0;
    }
    if (n != ListWalkBench.STEPS || mixed == 0) {
      throw new AssertionError("walked over " + n + " pairs");
    }
    return n;
  }
}
