package org.elver.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says on what the figures were taken. */
final class Machine {
  private Machine() {}

  /** The JVM, its options, the processor, and how busy the machine is now. */
  static String describe(String collector, String options) {
    Runtime.Version version = Runtime.version();
    return String.format(
        Locale.ROOT,
        """
        - JVM: %s %s (%s)
        - Collector: %s; options: %s
        - Processor: %s, %d cores; load average at the start: %.2f

        """,
        System.getProperty("java.vm.name"),
        version,
        System.getProperty("java.vm.vendor"),
        collector,
        options.isBlank() ? "none" : options,
        processor(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** The collector of this JVM. */
  static String collector() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .map(GarbageCollectorMXBean::getName)
        .collect(Collectors.joining(", "));
  }

  /** The options that this JVM was started with. */
  static String options() {
    return String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
