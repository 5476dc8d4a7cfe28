package org.elver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.elver.bench.Report.Curve;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;

/** A million forks one after another, where child and parent each write. */
final class SuccessiveForks {
  private static final int FORKS = 1_000_000;
  private static final int STEP = 50_000;
  private static final int PAIRS = 1_000;

  /** Who forks, and who lives on. */
  private enum Variant {
    ENDING("each child ends"),
    GENERATIONS("each child forks the next, and its parent ends"),
    BESIDE_LONG_LIVED("each child ends, but one forked at the start lives on");

    final String what;

    Variant(String what) {
      this.what = what;
    }
  }

  private final Variant variant;
  private final Object value = new Object();
  private final Pair[] pairs = new Pair[PAIRS];
  private final Curve heap;
  private final Curve cycle;
  private final Curve read;
  private final Curve write;
  private final Curve readByLongLived;

  private SuccessiveForks(Variant variant) {
    this.variant = variant;
    int points = FORKS / STEP + 1;
    heap = new Curve("MB, " + variant.what, points);
    cycle = new Curve("ns per fork, writes and end; " + variant.what, points);
    read = new Curve("ns per read, " + variant.what, points);
    write = new Curve("ns per write, " + variant.what, points);
    readByLongLived = new Curve("ns per read by the long-lived child", points);
  }

  static void run(Report report) throws IOException {
    report.section(
        "A million forks one after another",
        "In each round one context forks, the child writes one of "
            + PAIRS
            + " pairs, and so does the parent; then one of them ends. Heap after a full"
            + " collection.");
    double[] x = new double[FORKS / STEP + 1];
    for (int i = 0; i < x.length; i++) {
      x[i] = (double) i * STEP;
    }
    List<Curve> heaps = new ArrayList<>();
    List<Curve> times = new ArrayList<>();
    List<Curve> cycles = new ArrayList<>();
    for (Variant variant : Variant.values()) {
      SuccessiveForks forks = new SuccessiveForks(variant);
      forks.measure();
      forks.judge(report.verdicts());
      heaps.add(forks.heap);
      cycles.add(forks.cycle);
      times.add(forks.read);
      times.add(forks.write);
      if (variant == Variant.BESIDE_LONG_LIVED) {
        times.add(forks.readByLongLived);
      }
    }
    report.plot("forks-heap.svg", "Heap after collection", "forks", "MB", x, heaps);
    report.plot("forks-access.svg", "Time of an access", "forks", "ns", x, times);
    report.plot("forks-cycle.svg", "Fork, two writes, end", "forks", "ns", x, cycles);
    report.table("forks", x, heaps);
    report.table("forks", x, times);
    report.table("forks", x, cycles);
  }

  private void measure() {
    Context c = new Heap().newContext();
    for (int i = 0; i < PAIRS; i++) {
      pairs[i] = new Pair(c, value, null);
    }
    Context longLived = variant == Variant.BESIDE_LONG_LIVED ? c.fork() : null;
    sample(0, c, longLived);
    long begin = System.nanoTime();
    for (int i = 1; i <= FORKS; i++) {
      Context child = c.fork();
      pairs[i % PAIRS].setFirst(child, value);
      pairs[(i * 7 + 3) % PAIRS].setFirst(c, value);
      if (variant == Variant.GENERATIONS) {
        c.end();
        c = child;
      } else {
        child.end();
      }
      if (i % STEP == 0) {
        cycle.y[i / STEP] = (System.nanoTime() - begin) / (double) STEP;
        sample(i / STEP, c, longLived);
        begin = System.nanoTime();
      }
    }
    c.end();
    if (longLived != null) {
      longLived.end();
    }
  }

  private void sample(int point, Context c, Context longLived) {
    heap.y[point] = Meter.megabytes(Meter.heapAfterGc());
    read.y[point] = Meter.nsPerRead(pairs, c);
    if (longLived != null) {
      readByLongLived.y[point] = Meter.nsPerRead(pairs, longLived);
    }
    write.y[point] = Meter.nsPerWrite(pairs, c, value);
  }

  private void judge(Verdicts verdicts) {
    String what = "A million forks, " + variant.what + ": ";
    verdicts.atMost(
        what + "growth of the heap, last quarter against first",
        1,
        heap.lastQuarter() - heap.firstQuarter(),
        " MB",
        range(heap.firstQuarter(), heap.lastQuarter(), "MB"));
    verdicts.atMost(what + "reads", 1.5, read.growth(), "×", range(read));
    verdicts.atMost(what + "writes", 1.5, write.growth(), "×", range(write));
    verdicts.atMost(what + "fork, writes and end", 1.5, cycle.growth(), "×", range(cycle));
    if (variant == Variant.BESIDE_LONG_LIVED) {
      verdicts.atMost(
          what + "reads by that one", 1.5, readByLongLived.growth(), "×", range(readByLongLived));
    }
  }

  private static String range(Curve curve) {
    return range(curve.firstQuarter(), curve.lastQuarter(), "ns");
  }

  private static String range(double first, double last, String unit) {
    return String.format(Locale.ROOT, "%.2f, then %.2f %s", first, last, unit);
  }
}
