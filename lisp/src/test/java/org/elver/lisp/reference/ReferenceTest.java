package org.elver.lisp.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reference.md} says what the VM says. {@code scripts/reference}, which sets {@code
 * elver.reference.record}, writes it anew.
 */
class ReferenceTest {
  private static final Path DOCS = Path.of("..", "docs").toAbsolutePath().normalize();
  private static final Path FILE = DOCS.resolve("reference.md");

  /** What is promised, whatever the classes are that it is in. */
  private static final List<String> PROMISED =
      Arrays.asList(
          """
          task-spawn task-join task-cancel task-yield task-sleep task-current task-list taskp task-name
          task-live-p task-state without-preemption isolate-set-scheduling task-set-priority
          isolate-set-priority vm-set-carriers task-foreign-frames goroutine resume yield resume-async
          iter-defun iter-lambda iter-make iter-yield iter-yield-from iter-next iter-close iter-do
          isolate-spawn isolate-spawn-with isolate-join isolate-kill isolate-current isolate-list isolatep
          isolate-name isolate-live-p isolate-stats isolate-send isolate-receive isolate-post isolate-call
          isolate-monitor isolate-error-functions isolate-join-all promise-await promise-done-p promise-then
          freeze make-isolate-pool pool-submit pool-close
          make-channel channel-send channel-recv channel-try-send channel-try-recv channel-close
          channel-closed-p channel-length channel-select do-channel channel-poison
          share proxy-unlock proxy-timeout proxy-lock proxy-update unshare proxy-default share-variable
          with-rollback parallel-mapcar parallel-mapc parallel-reduce parallel-let speculate-mapcar
          speculate-stats make-shared-bytes shared-bytes-ref shared-bytes-set shared-bytes-cas
          shared-bytes-add shared-bytes-wait shared-bytes-notify vm-stats elver-version
          task-cancelled operation-timeout isolate-error isolate-killed isolate-dead channel-closed
          channel-poisoned deadlock-error wait-forbidden not-transferable not-forkable goroutine-error
          proxy-locked frozen-object iter-end-of-sequence\
          """
              .split("\\s+", -1));

  @Test
  void theReferenceIsUpToDate() throws IOException {
    String text = new Reference().markdown();
    if (System.getProperty("elver.reference.record") != null) {
      Files.writeString(FILE, text);
    }
    assertEquals(
        text,
        Files.exists(FILE) ? Files.readString(FILE) : "",
        "docs/reference.md is not what the descriptions in the sources are now: run"
            + " scripts/reference");
  }

  @Test
  void everythingHasADescriptionThatTellsItsArguments() {
    assertEquals(Set.of(), new Reference().undescribed);
  }

  @Test
  void everythingPromisedIsThere() {
    Set<String> missing = new TreeSet<>(PROMISED);
    missing.removeAll(new Reference().documented());
    assertEquals(Set.of(), missing);
  }

  /** Each function and macro is tried with wrong input in one place, and used in another. */
  @Test
  void everythingHasATest() throws IOException {
    Path tests = Path.of("src", "test").toAbsolutePath();
    StringBuilder used = new StringBuilder();
    StringBuilder wrong = new StringBuilder();
    try (Stream<Path> files = Files.walk(tests)) {
      for (Path f : files.filter(f -> f.toString().matches(".*\\.(el|java)")).toList()) {
        boolean counts = !f.endsWith("ReferenceTest.java") && !f.endsWith("Reference.java");
        if (counts) {
          (f.endsWith("wrong-input.el") ? wrong : used).append(Files.readString(f)).append('\n');
        }
      }
    }
    Set<String> names = new Reference().callable();
    assertEquals(Set.of(), absent(names, wrong), "not in wrong-input.el");
    assertEquals(Set.of(), absent(names, used), "used in no other test");
  }

  private static Set<String> absent(Set<String> names, CharSequence text) {
    Set<String> words = new TreeSet<>();
    Matcher m = Pattern.compile("[\\w*+/<>=!?-]+").matcher(text);
    while (m.find()) {
      words.add(m.group());
    }
    Set<String> absent = new TreeSet<>(names);
    absent.removeAll(words);
    return absent;
  }

  @Test
  void linesFit() {
    for (String line : new Reference().markdown().lines().toList()) {
      if (!line.startsWith("- [") && !line.startsWith("### ") && !line.contains("](#")) {
        assertTrue(line.length() <= 120, line);
      }
    }
  }

  @Test
  void everyLinkLeadsSomewhere() {
    String text = new Reference().markdown();
    Matcher m = Pattern.compile("\\]\\(#([^)]+)\\)").matcher(text);
    while (m.find()) {
      String target = m.group(1);
      assertTrue(
          text.contains("<a id=\"" + target + "\">")
              || text.lines()
                  .anyMatch(
                      l ->
                          l.startsWith("## ")
                              && l.substring(3)
                                  .toLowerCase(java.util.Locale.ROOT)
                                  .replaceAll("[^a-z0-9 -]", "")
                                  .replace(' ', '-')
                                  .equals(target)),
          target);
    }
  }
}
