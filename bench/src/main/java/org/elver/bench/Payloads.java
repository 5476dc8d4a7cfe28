package org.elver.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.elver.bench.Report.Curve;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;

/** Workers that each put a large payload into the same shared object, and end. */
final class Payloads {
  private static final int WORKERS = 1_000;
  private static final int STEP = 50;
  private static final int POINTS = WORKERS / STEP + 1;
  private static final int PAYLOAD = 1 << 20;
  private static final int SLOT = 3;

  private Payloads() {}

  static void run(Report report) throws IOException {
    report.section(
        "Large payloads of workers that end",
        "A thousand workers each put an array of 1 MB into the same slot of the same shared object."
            + " Heap after a full collection over the number of workers ended, as compared with"
            + " before the first began.");
    double[] x = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = (double) i * STEP;
    }
    Curve one = oneAfterAnother();
    Curve all = allAtOnce();
    for (Curve curve : List.of(one, all)) {
      report
          .verdicts()
          .atMost(
              "A thousand payloads of 1 MB, " + curve.name + ": left when all have ended",
              1,
              curve.y[POINTS - 1],
              " MB",
              "");
    }
    List<Curve> curves = List.of(one, all);
    report.plot("payloads.svg", "Heap after collection", "workers ended", "MB", x, curves);
    report.table("workers ended", x, curves);
  }

  private static Slots shared(Context c) {
    return new Slots(c, new Object[8]);
  }

  private static Curve oneAfterAnother() {
    Curve curve = new Curve("workers live one after another", POINTS);
    Context parent = new Heap().newContext();
    Slots shared = shared(parent);
    long before = Meter.heapAfterGc();
    curve.y[0] = 0;
    for (int i = 1; i <= WORKERS; i++) {
      Context worker = parent.fork();
      shared.set(worker, SLOT, new byte[PAYLOAD]);
      worker.end();
      if (i % STEP == 0) {
        curve.y[i / STEP] = Meter.megabytes(Meter.heapAfterGc() - before);
      }
    }
    parent.end();
    return curve;
  }

  private static Curve allAtOnce() {
    Curve curve = new Curve("workers live all at once", POINTS);
    Context parent = new Heap().newContext();
    Slots shared = shared(parent);
    Context[] workers = new Context[WORKERS];
    long before = Meter.heapAfterGc();
    for (int i = 0; i < WORKERS; i++) {
      workers[i] = parent.fork();
      shared.set(workers[i], SLOT, new byte[PAYLOAD]);
    }
    Collections.shuffle(Arrays.asList(workers), new Random(1));
    curve.y[0] = Meter.megabytes(Meter.heapAfterGc() - before);
    for (int i = 1; i <= WORKERS; i++) {
      workers[i - 1].end();
      workers[i - 1] = null;
      if (i % STEP == 0) {
        curve.y[i / STEP] = Meter.megabytes(Meter.heapAfterGc() - before);
      }
    }
    parent.end();
    return curve;
  }
}
