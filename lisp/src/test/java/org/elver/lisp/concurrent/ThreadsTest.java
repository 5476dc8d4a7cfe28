package org.elver.lisp.concurrent;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Emacs's threads, which are tasks, and what else several share, in a VM without its library. */
class ThreadsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void threads(int carriers) {
    Programs.check("threads.el", carriers);
  }
}
