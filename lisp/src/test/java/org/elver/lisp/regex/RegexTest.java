package org.elver.lisp.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegexTest {
  private static final Interrupt NEVER = () -> {};

  private static Program compile(String pattern) throws RegexSyntaxException {
    return Program.compile(pattern.codePoints().toArray(), false, null, false);
  }

  private static Matcher matcher(String pattern, String text) throws RegexSyntaxException {
    Subject subject = Subject.of(text.toCharArray(), text.length(), false);
    return new Matcher(compile(pattern), subject, Cases.TABLES, NEVER);
  }

  @Test
  void doesWhatEmacsDoes() {
    List<String> wrong = new ArrayList<>();
    for (String line : Cases.lines("cases.tsv")) {
      String result = Cases.result(line);
      if (!result.equals(Cases.expected(line))) {
        wrong.add(line + " but " + result);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void catastrophicPatternsCanBeInterrupted() throws Exception {
    final class Enough extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }

    String text = "a".repeat(200);
    Matcher m =
        new Matcher(
            compile("\\(?:\\(?:a\\|a\\)*\\)*b"),
            Subject.of(text.toCharArray(), text.length(), false),
            Cases.TABLES,
            () -> {
              throw new Enough();
            });
    assertThrows(Enough.class, () -> m.matchAt(0, 200));
  }

  @Test
  void deepNestingIsNoDanger() throws Exception {
    int depth = 5_000;
    assertThrows(RegexSyntaxException.class, () -> compile("\\(".repeat(1_000_000)));
    Matcher m = matcher("\\(?:".repeat(depth) + "a" + "\\)*".repeat(depth) + "b", "aaab");
    assertTrue(m.matchAt(0, 4));
    assertEquals(4, m.end(0));
  }

  @Test
  void theStackIsBounded() throws Exception {
    String text = "ab".repeat(3_000_000);
    assertThrows(
        BacktrackLimitException.class,
        () -> matcher("\\(a\\|b\\|ab\\)*c", text).matchAt(0, text.length()));
    Matcher simple = matcher("[ab]*c", text);
    assertFalse(simple.matchAt(0, text.length()));
  }

  @Test
  void textIsReadThroughAWindow() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append(i).append(i % 7 == 0 ? "é\n" : "日 ");
    }
    String all = text.toString();
    int end = all.length() + 1;
    Subject blocks =
        new Subject(1, end, false) {
          @Override
          protected void load(int position) {
            int from = (position - 1) / 100 * 100;
            int to = Math.min(from + 100, all.length());
            if (from % 200 == 0) {
              showAny(all.substring(from, to).chars().toArray(), from + 1, to - from);
            } else {
              showAny(all.substring(from, to).toCharArray(), from + 1, to - from);
            }
          }
        };
    Matcher m = new Matcher(compile("^1999\\([0-9]\\)\\(日\\)"), blocks, Cases.TABLES, NEVER);
    int expected = -1;
    for (int i = 0; i < 10 && expected < 0; i++) {
      expected = all.indexOf("\n1999" + i + "日") + 2;
      expected = expected > 1 ? expected : -1;
    }
    assertTrue(expected > 1);
    assertEquals(expected, m.search(1, end, end));
    Matcher back = new Matcher(compile("\n\\(8[0-9]*\\)"), blocks, Cases.TABLES, NEVER);
    int found = back.search(end, 1, end);
    assertEquals(all.lastIndexOf("\n8") + 1, found);
    assertEquals(found + 1, back.start(1));
  }

  @Test
  void aMatcherCanBeUsedAgain() throws Exception {
    Matcher m = matcher("\\(a\\)?b", "abb");
    assertEquals(0, m.search(0, 3, 3));
    assertEquals(0, m.start(1));
    assertEquals(2, m.search(2, 3, 3));
    assertEquals(-1, m.start(1));
    assertEquals(-1, m.search(3, 3, 3));
    assertFalse(m.hasMatched());
  }
}
