package org.elver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.boot.Images;
import org.elver.lisp.boot.Library;

/** Tells what there is to run with, and what is missing. */
final class Doctor {
  private Doctor() {}

  /** Prints the report; the exit status: 1 when something is missing. */
  static int run(Carriers carriers) {
    Runtime r = Runtime.getRuntime();
    List<String> missing = new ArrayList<>();
    say(
        "Java",
        System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.version")
            + ", "
            + System.getProperty("java.home"));
    say("Processors", String.valueOf(r.availableProcessors()));
    if (carriers.error() == null) {
      say("Carriers", carriers.number() + " (" + carriers.source() + ")");
    } else {
      say("Carriers", "unknown");
      missing.add("a number of carriers: " + carriers.error());
    }
    say("Heap limit", (r.maxMemory() >> 20) + " MiB (change it with ELVER_JAVA_OPTIONS=-Xmx8g)");
    say("Stack limit", (Main.STACK >> 20) + " MiB");
    Library used = Library.find();
    if (used == null) {
      say("Library", "none");
      missing.add(
          "the Lisp library of GNU Emacs 28 (Debian: emacs-common and emacs-el), or ELVER_LISP");
    } else {
      String version = used.version().isEmpty() ? "version unknown" : used.version();
      say("Library", used.lisp() + " (" + version + ")");
      if (!Files.isReadable(used.etc().resolve("DOC"))) {
        say("", "without etc/DOC, the descriptions of built-in variables (Debian: emacs-nox)");
      }
    }
    for (Library l : Library.all()) {
      if (!l.equals(used)) {
        String why = l.isSupported() ? "not used: " : "not supported: ";
        say("", "also found, " + why + l.lisp());
      }
    }
    say("Image", used == null ? "none without a library" : image(Images.file(used)));
    if (!isWritable(Images.cache())) {
      missing.add("a cache directory that can be written: " + Images.cache());
    }
    if (missing.isEmpty()) {
      say("Missing", "nothing");
    }
    missing.forEach(m -> say("Missing", m));
    return missing.isEmpty() ? 0 : 1;
  }

  private static void say(String what, String value) {
    System.out.printf("%-13s%s%n", what.isEmpty() ? "" : what + ":", value);
  }

  private static String image(Path file) {
    try {
      return file + " (" + (Files.size(file) >> 10) + " KiB)";
    } catch (IOException e) {
      return file + " (not there yet: the next start makes it)";
    }
  }

  private static boolean isWritable(Path directory) {
    Path p = directory.toAbsolutePath();
    while (p.getParent() != null && !Files.exists(p)) {
      p = p.getParent();
    }
    return Files.isWritable(p);
  }
}
