package org.elver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.elver.bench.Report.Curve;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;

/**
 * A chain of contexts, each forked from the one before, that end in some order until one is left.
 * Each has written one of the shared pairs and read some.
 */
final class ForkChain {
  private static final int DEPTH = 100_000;
  private static final int PAIRS = 1_000;
  private static final int READS = 4;
  private static final int POINTS = 21;

  /** In which order the members end. */
  private enum Order {
    RANDOM("at random, the deepest last"),
    OLDEST_FIRST("the oldest first"),
    YOUNGEST_FIRST("the youngest first"),
    UP_FROM_SECOND("from the second deepest up, the deepest last");

    final String what;

    Order(String what) {
      this.what = what;
    }

    /** The members in the order in which they end; the last one survives. */
    int[] members(int n) {
      int[] order = new int[n];
      for (int i = 0; i < n; i++) {
        order[i] =
            switch (this) {
              case RANDOM, OLDEST_FIRST -> i;
              case YOUNGEST_FIRST -> n - 1 - i;
              case UP_FROM_SECOND -> i == n - 1 ? n - 1 : n - 2 - i;
            };
      }
      if (this == RANDOM) {
        Random random = new Random(1);
        for (int i = n - 2; i > 0; i--) {
          int j = random.nextInt(i + 1);
          int x = order[i];
          order[i] = order[j];
          order[j] = x;
        }
      }
      return order;
    }
  }

  private final Order order;
  private final int depth;
  private final Pair[] pairs = new Pair[PAIRS];
  private final Curve ends;
  private double buildMs;
  private double endMs;
  private double readBefore;
  private double readAfter;
  private double readOfOthersBefore;
  private double readOfOthersHalfway;
  private double megabytesBuilt;
  private double megabytesLeft;

  private ForkChain(Order order, int depth) {
    this.order = order;
    this.depth = depth;
    this.ends = new Curve("ns per end, " + order.what, POINTS);
  }

  static void run(Report report) throws IOException {
    report.section(
        "A fork chain 100,000 deep",
        "Each member is forked from the one before, writes one of "
            + PAIRS
            + " pairs and reads "
            + READS
            + "; then all end but one. A read is of one of the pairs, by the survivor before and"
            + " after, and by three other members (the median) before and when half have ended.");
    double[] x = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = (double) i * DEPTH / (POINTS - 1);
    }
    List<Curve> curves = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (Order order : Order.values()) {
      // A shorter chain first compiles what is measured.
      new ForkChain(order, DEPTH / 5).measure();
      ForkChain chain = new ForkChain(order, DEPTH);
      chain.measure();
      chain.judge(report.verdicts());
      curves.add(chain.ends);
      rows.add(chain.row());
    }
    report.table(
        List.of(
            "members end",
            "build, ms",
            "end, ms",
            "read before, ns",
            "read after, ns",
            "others before, ns",
            "others halfway, ns",
            "MB built",
            "MB left"),
        rows);
    report.plot("chain-ends.svg", "Ends in a fork chain", "members ended", "ns per end", x, curves);
    report.table("members ended", x, curves);
  }

  private void measure() {
    Heap heap = new Heap();
    Context[] members = new Context[depth];
    int[] sequence = order.members(depth);
    long before = Meter.heapAfterGc();
    long begin = System.nanoTime();
    int sum = build(heap, members);
    buildMs = (System.nanoTime() - begin) / 1e6;
    if (sum == 0) {
      throw new AssertionError("nothing read");
    }
    megabytesBuilt = Meter.megabytes(Meter.heapAfterGc() - before);
    Context survivor = members[sequence[depth - 1]];
    Object[] seen = contents(survivor);
    readOfOthersBefore = readByOthers(members, sequence);
    readBefore = Meter.nsPerRead(pairs, survivor);
    long took = 0;
    int ended = 0;
    for (int point = 1; point < POINTS; point++) {
      int end = (int) ((long) (depth - 1) * point / (POINTS - 1));
      int first = ended;
      begin = System.nanoTime();
      for (; ended < end; ended++) {
        members[sequence[ended]].end();
        members[sequence[ended]] = null;
      }
      long t = System.nanoTime() - begin;
      took += t;
      ends.y[point] = t / (double) (end - first);
      if (point == (POINTS - 1) / 2) {
        readOfOthersHalfway = readByOthers(members, sequence);
      }
    }
    endMs = took / 1e6;
    readAfter = Meter.nsPerRead(pairs, survivor);
    Object[] stillSeen = contents(survivor);
    for (int i = 0; i < PAIRS; i++) {
      if (seen[i] != stillSeen[i]) {
        throw new AssertionError("the survivor sees other contents than before: " + order);
      }
    }
    survivor.tidy();
    megabytesLeft = Meter.megabytes(Meter.heapAfterGc() - before);
    survivor.end();
  }

  private int build(Heap heap, Context[] members) {
    Context c = heap.newContext();
    for (int i = 0; i < PAIRS; i++) {
      pairs[i] = new Pair(c, i, null);
    }
    int sum = 0;
    for (int i = 0; i < depth; i++) {
      members[i] = c;
      pairs[i % PAIRS].setFirst(c, i);
      for (int k = 1; k <= READS; k++) {
        sum += pairs[(i + k * 37) % PAIRS].first(c) == null ? 0 : 1;
      }
      if (i + 1 < depth) {
        c = c.fork();
      }
    }
    return sum;
  }

  private Object[] contents(Context c) {
    Object[] contents = new Object[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      contents[i] = pairs[i].first(c);
    }
    return contents;
  }

  /** By members that end late, but are spread over the chain where the order lets them. */
  private double readByOthers(Context[] members, int[] sequence) {
    return Meter.median(
        Meter.nsPerRead(pairs, members[sequence[depth * 5 / 8]]),
        Meter.nsPerRead(pairs, members[sequence[depth * 6 / 8]]),
        Meter.nsPerRead(pairs, members[sequence[depth * 7 / 8]]));
  }

  private void judge(Verdicts verdicts) {
    String what = "Chain 100,000 deep, ending " + order.what + ": ";
    verdicts.atMost(
        what + "build and end",
        2_000,
        buildMs + endMs,
        " ms",
        String.format(Locale.ROOT, "%.0f + %.0f", buildMs, endMs));
    verdicts.atMost(
        what + "reads by the survivor, after against before",
        1.5,
        readAfter / readBefore,
        "×",
        Verdicts.number(readAfter) + " / " + Verdicts.number(readBefore) + " ns");
    verdicts.atMost(
        what + "reads by other members, halfway against before",
        1.5,
        readOfOthersHalfway / readOfOthersBefore,
        "×",
        Verdicts.number(readOfOthersHalfway) + " / " + Verdicts.number(readOfOthersBefore) + " ns");
  }

  private List<String> row() {
    return List.of(
        order.what,
        Verdicts.number(buildMs),
        Verdicts.number(endMs),
        Verdicts.number(readBefore),
        Verdicts.number(readAfter),
        Verdicts.number(readOfOthersBefore),
        Verdicts.number(readOfOthersHalfway),
        Verdicts.number(megabytesBuilt),
        Verdicts.number(megabytesLeft));
  }
}
