package org.elver.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.Arrays;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;

/** Measures a heap between two steps of a program. */
final class Meter {
  private static final int SERIES = 15;
  private static final int ACCESSES_PER_SERIES = 50_000;

  private Meter() {}

  /**
   * The bytes in use at the end of a full collection. What the runtime says is in use at any other
   * moment includes the allocation buffers of threads, which are megabytes.
   */
  static long heapAfterGc() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
        .mapToLong(pool -> pool.getCollectionUsage().getUsed())
        .sum();
  }

  static double megabytes(long bytes) {
    return bytes / 1e6;
  }

  /** The time of one read by {@code c} of the first slot of one of {@code pairs}; a median. */
  static double nsPerRead(Pair[] pairs, Context c) {
    int sweeps = Math.max(1, ACCESSES_PER_SERIES / pairs.length);
    double[] series = new double[SERIES];
    int found = 0;
    for (int s = 0; s < SERIES; s++) {
      long begin = System.nanoTime();
      for (int i = 0; i < sweeps; i++) {
        found += Walks.count(pairs, c, pairs);
      }
      series[s] = (System.nanoTime() - begin) / (double) sweeps / pairs.length;
    }
    if (found != 0) {
      throw new AssertionError("found what is not there");
    }
    return median(series);
  }

  /**
   * The time of one write by {@code c} of the first slot of one of {@code pairs}, all of which it
   * has written before; a median.
   */
  static double nsPerWrite(Pair[] pairs, Context c, Object value) {
    int sweeps = Math.max(1, ACCESSES_PER_SERIES / pairs.length);
    double[] series = new double[SERIES];
    Walks.setEach(pairs, c, value);
    for (int s = 0; s < SERIES; s++) {
      long begin = System.nanoTime();
      for (int i = 0; i < sweeps; i++) {
        Walks.setEach(pairs, c, value);
      }
      series[s] = (System.nanoTime() - begin) / (double) sweeps / pairs.length;
    }
    return median(series);
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
