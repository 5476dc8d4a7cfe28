package org.elver.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.elver.bench.Report.Curve;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;

/** A million children of one context that live at once, and then end in random order. */
final class LivingChildren {
  private static final int CHILDREN = 1_000_000;
  private static final int STEP = 50_000;

  private LivingChildren() {}

  static void run(Report report) throws IOException {
    report.section(
        "A million living children",
        "One context forks children that do nothing and live; then they end in random order. Bytes"
            + " are those of the heap after a full collection, contexts included, the array that"
            + " holds them excluded.");
    int points = CHILDREN / STEP + 1;
    double[] x = new double[points];
    Curve fork = new Curve("ns per fork", points);
    Curve end = new Curve("ns per end", points);
    Curve moved = new Curve("order labels moved per fork", points);
    Curve bytes = new Curve("bytes per living child", points);
    Context[] children = new Context[CHILDREN];
    // Compiles what is measured.
    for (int round = 0; round < 5; round++) {
      grow(new Heap().newContext(), children, 0, STEP);
      end(children, 0, STEP);
    }
    Heap heap = new Heap();
    Context parent = heap.newContext();
    long before = Meter.heapAfterGc();
    for (int i = 1; i < points; i++) {
      x[i] = (double) i * STEP;
      long relabelled = heap.relabelled();
      long begin = System.nanoTime();
      grow(parent, children, (i - 1) * STEP, i * STEP);
      fork.y[i] = (System.nanoTime() - begin) / (double) STEP;
      moved.y[i] = (heap.relabelled() - relabelled) / (double) STEP;
      bytes.y[i] = (Meter.heapAfterGc() - before) / x[i];
    }
    Collections.shuffle(Arrays.asList(children), new Random(1));
    long total = 0;
    for (int i = 1; i < points; i++) {
      long begin = System.nanoTime();
      end(children, (i - 1) * STEP, i * STEP);
      long took = System.nanoTime() - begin;
      total += took;
      end.y[i] = took / (double) STEP;
    }
    double left = Meter.megabytes(Meter.heapAfterGc() - before);
    parent.end();
    Verdicts verdicts = report.verdicts();
    verdicts.atMost("A million living children: each", 160, bytes.y[points - 1], " bytes", "");
    verdicts.atMost(
        "A million living children: fork, median along the way",
        1_000,
        fork.median(1, points),
        " ns",
        "most " + Verdicts.number(Arrays.stream(fork.y).skip(1).max().orElseThrow()));
    verdicts.atMost(
        "A million living children: fork, last quarter against first",
        1.5,
        fork.growth(),
        "×",
        Verdicts.number(fork.firstQuarter())
            + ", then "
            + Verdicts.number(fork.lastQuarter())
            + " ns");
    verdicts.figure("A million children: to end all in random order", total / 1e6, " ms", "");
    verdicts.atMost("A million children, ended: left of the heap", 1, left, " MB", "");
    report.plot("living-bytes.svg", "Living children", "children", "bytes each", x, List.of(bytes));
    report.plot("living-times.svg", "Living children", "children", "ns", x, List.of(fork, end));
    report.table("children (forked, or ended)", x, List.of(bytes, fork, moved, end));
  }

  private static void grow(Context parent, Context[] children, int from, int to) {
    for (int i = from; i < to; i++) {
      children[i] = parent.fork();
    }
  }

  private static void end(Context[] children, int from, int to) {
    for (int i = from; i < to; i++) {
      children[i].end();
      children[i] = null;
    }
  }
}
