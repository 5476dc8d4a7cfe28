package org.elver.lisp.concurrent;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels, mailboxes, promises, pools, frozen objects, enclosures, function by function. */
class MessagesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void channels(int carriers) {
    Programs.check("channels.el", carriers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void messages(int carriers) {
    Programs.check("messages.el", carriers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void wrongInput(int carriers) {
    Programs.check("wrong-input.el", carriers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void deadlocks(int carriers) {
    Programs.check("deadlocks.el", carriers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void enclosures(int carriers) {
    Programs.check("enclosures.el", carriers);
  }
}
