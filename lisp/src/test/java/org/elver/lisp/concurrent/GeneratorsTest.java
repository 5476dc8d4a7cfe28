package org.elver.lisp.concurrent;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generators that are goroutines, in a VM without GNU Emacs's library. */
class GeneratorsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void generators(int carriers) {
    Programs.check("generators.el", carriers);
  }
}
