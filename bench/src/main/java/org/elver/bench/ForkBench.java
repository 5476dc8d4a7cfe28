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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Forks, over little and much live data.
 *
 * <p>One sample is a batch of {@link #BATCH} forks, each by a parent of its own, which has written
 * {@link #WRITES} of the live objects since its last fork. The parents see the same live data, made
 * by the context that they were forked from. The writes, and the ends of the children unless a
 * benchmark says so, are outside the timed part.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-Xmn256m"})
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class ForkBench {
  /** Forks in one sample. */
  static final int BATCH = 100;

  private static final int WRITES = 4;

  /** Of the live objects, those that each parent picks from when it writes; each its own. */
  private static final int WRITTEN_BY_EACH = 64;

  private static final int LIST_LENGTH = 1_000;
  private static final int PAIR_BYTES = 24;

  /** Live data in pairs, in units of 10^6 bytes. */
  @Param({"10", "1000"})
  public int liveMegabytes;

  private Context maker;
  private Pair data;
  private final Context[] parents = new Context[BATCH];
  private final Context[] children = new Context[BATCH];
  private final Pair[] written = new Pair[BATCH * WRITTEN_BY_EACH];
  private final Random random = new Random(1);
  private int mixed;

  @Setup(Level.Trial)
  public void makeData() {
    mixed = Mixture.use();
    maker = new Heap().newContext();
    long pairs = liveMegabytes * 1_000_000L / PAIR_BYTES;
    long stride = pairs / written.length;
    int found = 0;
    // Lists in a list: a single list of this length would be hard on some collectors.
    Pair lists = null;
    Pair list = null;
    for (long i = 0; i < pairs; i++) {
      list = new Pair(maker, maker, list);
      if (i % stride == 0 && found < written.length) {
        written[found++] = list;
      }
      if (i % LIST_LENGTH == LIST_LENGTH - 1) {
        lists = new Pair(maker, list, lists);
        list = null;
      }
    }
    data = new Pair(maker, list, lists);
    // So that what one parent writes lies all over the data.
    for (int i = written.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      Pair p = written[i];
      written[i] = written[j];
      written[j] = p;
    }
    for (int i = 0; i < BATCH; i++) {
      parents[i] = maker.fork();
    }
    System.gc();
  }

  @TearDown(Level.Trial)
  public void checkData() {
    if (data.second(maker) == null || mixed == 0) {
      throw new AssertionError("the live data is gone");
    }
  }

  /** Each parent writes a few of the live objects, while it has no child. */
  private void write() {
    for (int i = 0; i < BATCH; i++) {
      for (int k = 0; k < WRITES; k++) {
        Pair p = written[i * WRITTEN_BY_EACH + random.nextInt(WRITTEN_BY_EACH)];
        p.setFirst(parents[i], p);
      }
    }
  }

  private void endChildren() {
    for (int i = 0; i < BATCH; i++) {
      if (children[i] != null) {
        children[i].end();
        children[i] = null;
      }
    }
  }

  /** Between two batches: the children end, then the parents write. */
  @State(Scope.Thread)
  public static class WritesAlone {
    @Setup(Level.Invocation)
    public void between(ForkBench bench) {
      bench.endChildren();
      bench.write();
    }
  }

  /** Between two batches: the parents write while their children live; then the children end. */
  @State(Scope.Thread)
  public static class WritesBesideChildren {
    @Setup(Level.Invocation)
    public void between(ForkBench bench) {
      bench.write();
      bench.endChildren();
    }
  }

  /** The fork alone. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Context[] fork(WritesAlone between) {
    for (int i = 0; i < BATCH; i++) {
      children[i] = parents[i].fork();
    }
    return children;
  }

  /**
   * The fork alone, where the parent wrote while its last child lived and that child has ended: the
   * fork first does the tidying of those writes, which the end left to the parent.
   */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Context[] forkAndTidy(WritesBesideChildren between) {
    for (int i = 0; i < BATCH; i++) {
      children[i] = parents[i].fork();
    }
    return children;
  }

  /** The fork, and the end of the child at once. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Context[] forkAndEnd(WritesAlone between) {
    for (int i = 0; i < BATCH; i++) {
      parents[i].fork().end();
    }
    return parents;
  }
}
