package org.elver.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elver.lisp.boot.Library;

/** Programs in a Java of their own, with an environment that is the same everywhere. */
final class Child {
  /** How a program ended and what it wrote. */
  record Outcome(int status, String out, String err) {}

  private Child() {}

  /**
   * Skips the test where GNU Emacs's library is not installed, which is not part of the project;
   * fails instead where {@code ELVER_REQUIRE_LIBRARY} says that it must be there, as CI does.
   */
  static void assumeLibrary() {
    if (System.getenv("ELVER_REQUIRE_LIBRARY") != null) {
      assertTrue(Library.find() != null, "no Lisp library of GNU Emacs 28 is installed");
    }
    // GNU Emacs is not part of the project: who only builds it may be without. CI never comes here.
    assumeTrue(
        Library.find() != null,
        "Skipped: it needs the Lisp library of GNU Emacs 28 (package emacs-common, or ELVER_LISP)");
  }

  /** A Java that runs {@code main} with the class path of the tests, in {@code home}. */
  static ProcessBuilder java(Path home, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx2g");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    Map<String, String> environment = builder.environment();
    String library = environment.get("ELVER_LISP");
    String path = environment.get("PATH");
    environment.clear();
    environment.putAll(
        Map.of(
            "HOME", home.toString(),
            "TZ", "UTC",
            "LC_ALL", "C.UTF-8",
            "LANG", "C.UTF-8",
            "TERM", "dumb",
            "USER", "user",
            "LOGNAME", "user",
            // An image is made once for all tests.
            "XDG_CACHE_HOME", Path.of("target", "cache").toAbsolutePath().toString()));
    environment.put("PATH", path);
    if (library != null) {
      environment.put("ELVER_LISP", library);
    }
    return builder;
  }

  /** Runs Elver with {@code arguments}, and {@code input} as its standard input. */
  static Outcome elver(Path home, String input, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(home, "out", "");
    Path err = Files.createTempFile(home, "err", "");
    Process p =
        java(home, Main.class, List.of(arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try (var stdin = p.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading all of it.
    }
    boolean ended = p.waitFor(2, TimeUnit.MINUTES);
    p.destroyForcibly();
    Outcome result = new Outcome(ended ? p.exitValue() : -1, read(out), read(err));
    assertTrue(ended, () -> "Elver did not end: " + result);
    return result;
  }

  /** Runs Elver and sends it {@code signal} when it has written "ready" to standard error. */
  static Outcome signaled(Path home, String signal, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(home, "out", "");
    Path err = Files.createTempFile(home, "err", "");
    ProcessBuilder builder = java(home, Main.class, List.of(arguments));
    // Who runs the tests may ignore signals.
    builder.command().addAll(0, List.of("env", "--default-signal=INT,TERM,HUP"));
    Process p = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    for (int i = 0; i < 600 && p.isAlive() && !Files.readString(err).contains("ready"); i++) {
      Thread.sleep(100);
    }
    Thread.sleep(300); // Now it waits for what it waits for.
    new ProcessBuilder("kill", "-" + signal, String.valueOf(p.pid())).start().waitFor();
    boolean ended = p.waitFor(1, TimeUnit.MINUTES);
    p.destroyForcibly();
    Outcome result = new Outcome(ended ? p.exitValue() : -1, read(out), read(err));
    assertTrue(ended, () -> "Elver did not end: " + result);
    return result;
  }

  private static String read(Path file) throws IOException {
    // What is said when there is no image yet is of no interest.
    String text =
        Files.readString(file)
            .replaceAll("(?m)^elver: loading the library of GNU Emacs for the first time.*\n", "");
    Files.delete(file);
    return text;
  }
}
