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
 * Walks over lists without versions, beside the same walks over plain objects. {@code length} reads
 * one slot of each pair, {@code memq} (looking for what is not there) both. Times are per pair.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 6, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 12, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class ListWalkBench {
  /** Pairs visited in one invocation, whatever the length of the list. */
  static final int STEPS = 1_000_000;

  private static final int ELEMENTS = 16;

  /** How the list lies in memory. */
  public enum Layout {
    /** 500 pairs, 12 KB: in the first-level cache. */
    SHORT(500),
    /** A million pairs one after another. */
    LONG(STEPS),
    /** A million pairs in random order. */
    SCATTERED(STEPS);

    final int length;

    Layout(int length) {
      this.length = length;
    }

    /**
     * The numbers of the pairs, in the order in which the list is made from its end, where a pair's
     * number says when it was allocated.
     */
    int[] order() {
      int[] order = new int[length];
      for (int i = 0; i < length; i++) {
        order[i] = i;
      }
      if (this == SCATTERED) {
        Random random = new Random(1);
        for (int i = length - 1; i > 0; i--) {
          int j = random.nextInt(i + 1);
          int x = order[i];
          order[i] = order[j];
          order[j] = x;
        }
      }
      return order;
    }
  }

  @Param public Layout layout;

  private final Object[] elements = new Object[ELEMENTS];
  private final Object absent = new Object();
  private int mixed;

  @Setup(Level.Trial)
  public void makeElements() {
    mixed = Mixture.use();
    for (int i = 0; i < ELEMENTS; i++) {
      elements[i] = new Object();
    }
  }

  private Object element(int i) {
    return elements[i & (ELEMENTS - 1)];
  }

  /** A list of the peer. */
  @State(Scope.Thread)
  public static class PlainList {
    PlainPair head;

    @Setup(Level.Trial)
    public void make(ListWalkBench bench) {
      PlainPair[] pairs = new PlainPair[bench.layout.length];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = new PlainPair(bench.element(i), null);
      }
      for (int i : bench.layout.order()) {
        pairs[i].setSecond(head);
        head = pairs[i];
      }
      System.gc();
    }
  }

  /** A list of the peer with a header word. */
  @State(Scope.Thread)
  public static class HeadedList {
    HeadedPair head;

    @Setup(Level.Trial)
    public void make(ListWalkBench bench) {
      HeadedPair[] pairs = new HeadedPair[bench.layout.length];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = new HeadedPair(bench, bench.element(i), null);
      }
      for (int i : bench.layout.order()) {
        pairs[i].setSecond(head);
        head = pairs[i];
      }
      System.gc();
    }
  }

  private static Pair list(ListWalkBench bench, Context maker) {
    Pair[] pairs = new Pair[bench.layout.length];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = new Pair(maker, bench.element(i), null);
    }
    Pair head = null;
    for (int i : bench.layout.order()) {
      pairs[i].setSecond(maker, head);
      head = pairs[i];
    }
    return head;
  }

  /** A list that its reader made, and nobody else sees. */
  @State(Scope.Thread)
  public static class OwnList {
    Context reader;
    Pair head;

    @Setup(Level.Trial)
    public void make(ListWalkBench bench) {
      reader = new Heap().newContext();
      head = list(bench, reader);
      System.gc();
    }
  }

  /** A list that the reader's parent made before the fork; the parent lives. */
  @State(Scope.Thread)
  public static class SharedList {
    Context parent;
    Context reader;
    Pair head;

    @Setup(Level.Trial)
    public void make(ListWalkBench bench) {
      parent = new Heap().newContext();
      head = list(bench, parent);
      reader = parent.fork();
      System.gc();
    }
  }

  private int check(int steps) {
    if (steps != STEPS || mixed == 0) {
      throw new AssertionError("walked over " + steps + " pairs");
    }
    return steps;
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int lengthPlain(PlainList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.length(list.head);
    }
    return check(n);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int lengthHeaded(HeadedList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.length(list.head);
    }
    return check(n);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int lengthOwn(OwnList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.length(list.head, list.reader);
    }
    return check(n);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int lengthShared(SharedList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.length(list.head, list.reader);
    }
    return check(n);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int memqPlain(PlainList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.memq(list.head, absent) == null ? layout.length : 0;
    }
    return check(n);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int memqHeaded(HeadedList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.memq(list.head, absent) == null ? layout.length : 0;
    }
    return check(n);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int memqOwn(OwnList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.memq(list.head, list.reader, absent) == null ? layout.length : 0;
    }
    return check(n);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int memqShared(SharedList list) {
    int n = 0;
    for (int i = STEPS / layout.length; i > 0; i--) {
      n += Walks.memq(list.head, list.reader, absent) == null ? layout.length : 0;
    }
    return check(n);
  }
}
