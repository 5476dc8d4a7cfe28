package org.elver.lisp.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels, mailboxes, promises, pools and frozen objects, function by function. */
class MessagesTest {
  private static void check(String resource, int carriers) {
    List<Programs.Case> cases = Programs.cases(resource);
    List<String> results =
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> Programs.run(carriers, cases));
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Programs.Case c = cases.get(i);
      String r = i < results.size() ? results.get(i) : "nothing: the program has ended";
      if (!r.equals(c.expected())) {
        wrong.add(c + "\n  should be " + c.expected() + "\n  but is    " + r);
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void channels(int carriers) {
    check("channels.el", carriers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void messages(int carriers) {
    check("messages.el", carriers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void deadlocks(int carriers) {
    check("deadlocks.el", carriers);
  }
}
