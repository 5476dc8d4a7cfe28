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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * First writes to pairs that others see: each makes a version. One sample is a set of pairs that a
 * new child of their maker writes; its fork and its end are outside the timed part.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-Xmn256m"})
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class FirstWriteBench {
  /** Pairs written in one sample. */
  static final int SET = 1_000;

  /** All pairs there are; the samples go round among them. */
  @Param({"1000", "1000000"})
  public int pairs;

  /** Versions that each pair has already, of other contexts. */
  @Param({"0", "4"})
  public int others;

  private Context maker;
  private Context[] siblings;
  private Context writer;
  private Pair[][] sets;
  private int next;
  private int mixed;

  @Setup(Level.Trial)
  public void make() {
    mixed = Mixture.use();
    maker = new Heap().newContext();
    sets = new Pair[pairs / SET][SET];
    for (Pair[] set : sets) {
      for (int i = 0; i < SET; i++) {
        set[i] = new Pair(maker, null, null);
      }
    }
    siblings = new Context[others];
    for (int k = 0; k < others; k++) {
      siblings[k] = maker.fork();
      for (Pair[] set : sets) {
        Walks.setEach(set, siblings[k], set);
      }
    }
    System.gc();
  }

  @Setup(Level.Invocation)
  public void fork() {
    writer = maker.fork();
    next = (next + 1) % sets.length;
  }

  @TearDown(Level.Invocation)
  public void end() {
    writer.end();
  }

  @Benchmark
  @OperationsPerInvocation(SET)
  public int firstWrite() {
    Walks.setEach(sets[next], writer, this);
    return mixed;
  }
}
