package org.elver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elver.cli.Child.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many carriers there are, and who says so. */
class CarriersTest {
  private static final String TELL = "(princ (plist-get (vm-stats) :carriers))";

  @TempDir Path home;

  private static CommandLine parse(String... arguments) {
    return CommandLine.parse(arguments);
  }

  @Test
  void theOptionMayStandAnywhereButAmongArgumentsOfOthers() {
    assertEquals("3", parse("--carriers", "3", "--batch", "-l", "x").carriers);
    assertEquals("3", parse("--batch", "-l", "x", "--carriers=3").carriers);
    assertEquals(List.of("-l", "x"), parse("--batch", "--carriers", "3", "-l", "x").arguments);
    assertEquals("5", parse("--carriers", "3", "--carriers", "5", "-l", "x").carriers);
    CommandLine script = parse("--carriers", "3", "a.el", "--carriers", "4");
    assertEquals("3", script.carriers);
    assertEquals("a.el", script.script);
    assertEquals(List.of("--carriers", "4"), script.scriptArguments);
    CommandLine loaded = parse("--script", "a.el", "--carriers", "4");
    assertEquals(null, loaded.carriers);
    assertEquals(List.of("-scriptload", "a.el", "--carriers", "4"), loaded.arguments);
    assertEquals(null, parse("--batch", "--eval", "--carriers").carriers);
    assertEquals("2", parse("repl", "--carriers", "2").carriers);
    assertEquals("doctor", parse("--carriers", "2", "doctor").command);
    assertEquals("Option '--carriers' requires an argument", parse("-l", "x", "--carriers").error);
    assertEquals("Option '--carriers' requires an argument", parse("--carriers").error);
  }

  @Test
  void theyAreFromOneTo1024() {
    for (String wrong : new String[] {"0", "-1", "1025", "99999999999", "x", "", "1.5"}) {
      assertEquals("--carriers should be a number from 1 to 1024", Carriers.of(wrong).error());
    }
    assertEquals(new Carriers(1024, "--carriers"), Carriers.of(" 1024"));
    assertEquals(null, Carriers.of("1").error());
  }

  private Outcome elver(String variable, String... arguments) throws Exception {
    Path out = Files.createTempFile(home, "out", "");
    Path err = Files.createTempFile(home, "err", "");
    ProcessBuilder java =
        Child.java(home, Main.class, List.of(arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    java.environment().put("ELVER_CARRIERS", variable);
    java.environment().put("ELVER_LISP", home.toString()); // No library: starts are quick.
    int status = java.start().waitFor();
    return new Outcome(status, Files.readString(out), Files.readString(err));
  }

  @Test
  void theProgramHasThatMany() throws Exception {
    assertEquals(new Outcome(0, "5", ""), elver("", "--carriers", "5", "--eval", TELL));
    assertEquals(new Outcome(0, "3", ""), elver("3", "--eval", TELL));
    assertEquals(new Outcome(0, "5", ""), elver("3", "--carriers", "5", "--eval", TELL));
    int cores = Runtime.getRuntime().availableProcessors();
    assertEquals(new Outcome(0, String.valueOf(cores), ""), elver("", "--eval", TELL));
  }

  @Test
  void whatIsWrongIsTold() throws Exception {
    assertEquals(
        new Outcome(1, "", "elver: ELVER_CARRIERS should be a number from 1 to 1024\n"),
        elver("many", "--eval", TELL));
    assertEquals(
        new Outcome(1, "", "elver: --carriers should be a number from 1 to 1024\n"),
        elver("", "--carriers", "0", "--eval", TELL));
  }

  @Test
  void doctorTellsThem() throws Exception {
    Outcome o = elver("7", "doctor");
    assertTrue(o.out().contains("Carriers:    7 (ELVER_CARRIERS)\n"), o.out());
    o = elver("x", "doctor");
    assertEquals(1, o.status());
    assertTrue(
        o.out()
            .contains("a number of carriers: ELVER_CARRIERS should be a number from 1 to 1024\n"),
        o.out());
  }
}
