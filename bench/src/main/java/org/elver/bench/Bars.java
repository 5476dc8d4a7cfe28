package org.elver.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs the benchmarks of forks, reads and writes in one JMH run, and prints each bar with what was
 * measured beside it.
 *
 * <pre>
 * Bars [-o FILE] [--only REGEX] [JVM-OPTION...]
 * </pre>
 *
 * Figures are medians: over all samples where single batches are timed, else over the iterations of
 * all JVMs. Ratios are of medians. JVM options go to the measured JVMs.
 */
public final class Bars {
  private static final int KILO = 1_000;
  private static final int MEGA = 1_000_000;

  private final Map<String, Statistics> results = new TreeMap<>();
  private final Verdicts verdicts = new Verdicts();

  private Bars(Collection<RunResult> runs) {
    for (RunResult run : runs) {
      results.put(key(run.getParams()), run.getPrimaryResult().getStatistics());
    }
  }

  /** Runs the benchmarks and prints the table. */
  public static void main(String[] args) throws RunnerException, IOException {
    Path output = null;
    List<String> jvmOptions = new ArrayList<>();
    String only =
        "org\\.elver\\.bench\\."
            + "(Fork|ListWalk|ManyEpochs|VersionedRead|FirstWrite|LaterWrite)Bench\\.";
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "-o" -> output = Path.of(args[++i]);
        case "--only" -> only = args[++i];
        default -> jvmOptions.add(args[i]);
      }
    }
    String machine =
        Machine.describe(
            jvmOptions.stream().filter(o -> o.startsWith("-XX:+Use")).collect(Collectors.joining()),
            String.join(" ", jvmOptions) + " and those of each benchmark's @Fork");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(only)
            .shouldFailOnError(true)
            .jvmArgs(jvmOptions.toArray(new String[0]));
    Bars bars = new Bars(new Runner(options.build()).run());
    String report = "# Bars of the heap\n\n" + machine + bars.report();
    System.out.println();
    System.out.println(report);
    if (output != null) {
      Files.writeString(output, report, StandardCharsets.UTF_8);
    }
  }

  /** As in "ForkBench.fork liveMegabytes=10". */
  private static String key(BenchmarkParams params) {
    String name = params.getBenchmark();
    StringBuilder key = new StringBuilder(name.substring("org.elver.bench.".length()));
    for (String param : params.getParamsKeys()) {
      key.append(' ').append(param).append('=').append(params.getParam(param));
    }
    return key.toString();
  }

  private String report() {
    forks();
    walks();
    versionedReads();
    firstWrites();
    laterWrites();
    StringBuilder raw = new StringBuilder();
    results.forEach(
        (name, s) ->
            raw.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %.2f | %d |%n",
                    name,
                    s.getPercentile(50),
                    s.getMean(),
                    s.getMin(),
                    s.getMax(),
                    s.getN())));
    return verdicts
        + String.format("%nBars missed: %d.%n%n", verdicts.missed())
        + "All times, in ns:\n\n"
        + "| benchmark | median | mean | least | most | number |\n|---|---|---|---|---|---|\n"
        + raw;
  }

  private boolean has(String... names) {
    for (String name : names) {
      if (!results.containsKey(name)) {
        return false;
      }
    }
    return true;
  }

  private double median(String name) {
    return results.get(name).getPercentile(50);
  }

  private void forks() {
    forks("fork", "Fork alone");
    forks("forkAndEnd", "Fork and end of the child");
    forks("forkAndTidy", "Fork after writes beside a child that has ended");
  }

  private void forks(String method, String what) {
    String little = "ForkBench." + method + " liveMegabytes=10";
    String much = "ForkBench." + method + " liveMegabytes=1000";
    if (!has(little, much)) {
      return;
    }
    for (String name : List.of(little, much)) {
      verdicts.atMost(
          what + (name.equals(little) ? ", 10 MB live" : ", 1 GB live"),
          KILO,
          median(name),
          " ns",
          "mean with collections " + Verdicts.number(results.get(name).getMean()));
    }
    ratio(what + ", 1 GB against 10 MB", 1.3, much, little);
  }

  private void ratio(String what, double bar, String subject, String peer) {
    if (has(subject, peer)) {
      verdicts.atMost(what, bar, median(subject) / median(peer), "×", quotient(subject, peer));
    }
  }

  private void ratioWithoutBar(String what, String subject, String peer) {
    if (has(subject, peer)) {
      verdicts.figure(what, median(subject) / median(peer), "×", quotient(subject, peer));
    }
  }

  private String quotient(String subject, String peer) {
    return Verdicts.number(median(subject)) + " / " + Verdicts.number(median(peer)) + " ns";
  }

  private void walks() {
    for (ListWalkBench.Layout layout : ListWalkBench.Layout.values()) {
      String at = " layout=" + layout;
      String where =
          switch (layout) {
            case SHORT -> ", 500 pairs in cache";
            case LONG -> ", 1 M pairs in order";
            case SCATTERED -> ", 1 M pairs scattered";
          };
      for (String walk : List.of("length", "memq")) {
        String plain = "ListWalkBench." + walk + "Plain" + at;
        ratio(walk + " over own pairs" + where, 1.1, "ListWalkBench." + walk + "Own" + at, plain);
        ratio(
            walk + " over shared pairs" + where,
            1.3,
            "ListWalkBench." + walk + "Shared" + at,
            plain);
        ratioWithoutBar(
            walk + " over own pairs, against a peer of equal size" + where,
            "ListWalkBench." + walk + "Own" + at,
            "ListWalkBench." + walk + "Headed" + at);
      }
      ratio(
          "memq over shared pairs made between many forks" + where,
          1.3,
          "ManyEpochsBench.memqSharedManyEpochs" + at,
          "ListWalkBench.memqPlain" + at);
    }
  }

  private void versionedReads() {
    for (VersionedReadBench.Position position : VersionedReadBench.Position.values()) {
      String what =
          switch (position) {
            case OWN -> "the version is the reader's own";
            case DEEPEST -> "that of the nearest ancestor, looked at first";
            case BEHIND_OTHERS -> "that of an ancestor, looked at last";
            case INLINE -> "the inline contents, after all four";
            case MIXED -> "any of these at random";
          };
      for (String walk : List.of("each", "walk")) {
        String name = "VersionedReadBench." + walk + " position=" + position;
        if (has(name)) {
          verdicts.atMost(
              "Read, 4 versions, depth 1,000: "
                  + what
                  + (walk.equals("walk") ? ", along a list" : ""),
              12,
              median(name),
              " ns",
              "");
        }
      }
    }
  }

  private void firstWrites() {
    for (int others : new int[] {0, 4}) {
      for (int pairs : new int[] {KILO, MEGA}) {
        String name = "FirstWriteBench.firstWrite others=" + others + " pairs=" + pairs;
        if (!has(name)) {
          continue;
        }
        String what = "First write of a shared pair, one of " + pairs;
        double median = median(name);
        String mean = "mean with collections " + Verdicts.number(results.get(name).getMean());
        if (others == 0) {
          verdicts.atMost(what, 150, median, " ns", mean);
        } else {
          verdicts.figure(what + ", which has " + others + " versions", median, " ns", mean);
        }
      }
    }
  }

  private void laterWrites() {
    for (String walk : List.of("each", "walk")) {
      String where = walk.equals("each") ? ", in an array" : ", along a list";
      String plain = "LaterWriteBench." + walk + "Plain";
      ratio("Write of an own pair" + where, 1.2, "LaterWriteBench." + walk + "Own", plain);
      ratio(
          "Later write of a versioned pair" + where,
          1.2,
          "LaterWriteBench." + walk + "Versioned",
          plain);
      ratioWithoutBar(
          "The bare reference that any heap must follow there" + where,
          "LaterWriteBench." + walk + "Indirect",
          plain);
      ratioWithoutBar(
          "Write of an own pair, against a peer of equal size" + where,
          "LaterWriteBench." + walk + "Own",
          "LaterWriteBench." + walk + "Headed");
    }
  }
}
