package org.elver.lisp.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The programs of {@code docs/guide-concurrency.md} and of the README, one after the other, do what
 * it says: a line {@code ;=> } has the value of what is before it, a line {@code ;!> } the
 * condition it signals.
 */
class GuideTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path GUIDE = ROOT.resolve("docs/guide-concurrency.md");
  private static final Path README = ROOT.resolve("README.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```elisp\n(.*?)^```$");

  private static List<Programs.Case> cases(Path file) throws IOException {
    List<Programs.Case> cases = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(file));
    while (block.find()) {
      StringBuilder forms = new StringBuilder();
      for (String line : block.group(1).lines().toList()) {
        if (line.startsWith(";=> ")) {
          cases.add(
              new Programs.Case(
                  "(list 'value (progn " + forms + "))", "(value " + line.substring(4) + ")"));
          forms.setLength(0);
        } else if (line.startsWith(";!> ")) {
          cases.add(
              new Programs.Case(
                  "(condition-case e (list 'value (progn " + forms + ")) (error (list 'signal e)))",
                  "(signal " + line.substring(4) + ")"));
          forms.setLength(0);
        } else {
          forms.append(line).append('\n');
        }
      }
      if (!forms.toString().isBlank()) {
        cases.add(new Programs.Case("(progn " + forms + " 'no-error)", "no-error"));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void programsOfTheGuideDoWhatItSays(int carriers) throws IOException {
    List<Programs.Case> cases = cases(GUIDE);
    assertTrue(cases.size() > 30, () -> cases.size() + " programs");
    Programs.check(carriers, cases);
  }

  @Test
  void theExampleOfTheReadmeDoesWhatItSays() throws IOException {
    List<Programs.Case> cases = cases(README);
    assertEquals(1, cases.size());
    Programs.check(2, cases);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path file : List.of(GUIDE, README, ROOT.resolve("docs/heap.md"))) {
      String text = Files.readString(file);
      List<String> anchors =
          text.lines()
              .filter(l -> l.startsWith("#"))
              .map(l -> l.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
              .map(l -> l.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
              .collect(Collectors.toList());
      Matcher link = Pattern.compile("\\]\\(([^)]+)\\)").matcher(text);
      while (link.find()) {
        String target = link.group(1);
        assertTrue(
            target.startsWith("http")
                || (target.startsWith("#")
                    ? anchors.contains(target.substring(1))
                    : Files.exists(file.resolveSibling(target))),
            target);
      }
    }
  }
}
