package org.elver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Measures what must not grow, prints it, and writes {@code curves.md} and plots.
 *
 * <pre>
 * FlatCurves -o DIR [--only forks,living,chain,payloads]
 * </pre>
 */
public final class FlatCurves {
  private FlatCurves() {}

  /** Runs the experiments. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of("curves");
    Set<String> only = Set.of("forks", "living", "chain", "payloads");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "-o" -> folder = Path.of(args[++i]);
        case "--only" -> only = Set.of(args[++i].split(",", -1));
        default -> throw new IllegalArgumentException("what is " + args[i] + "?");
      }
    }
    Files.createDirectories(folder);
    String machine = Machine.describe(Machine.collector(), Machine.options());
    Report report = new Report(folder);
    Mixture.use();
    if (only.contains("forks")) {
      SuccessiveForks.run(report);
    }
    if (only.contains("living")) {
      LivingChildren.run(report);
    }
    if (only.contains("chain")) {
      ForkChain.run(report);
    }
    if (only.contains("payloads")) {
      Payloads.run(report);
    }
    System.out.println(report.write(machine));
  }
}
