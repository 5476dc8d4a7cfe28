package org.elver.lisp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Operations beside the task: whatever they end with, who waits learns of it. */
class BlockingTest {
  private final Task t = new Evaluation().t;

  @Test
  void aValue() throws IOException {
    assertEquals(3, Blocking.await(t, Blocking.start(() -> 3)));
  }

  @Test
  void anException() {
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                Blocking.await(
                    t,
                    Blocking.start(
                        () -> {
                          throw new IOException("deliberate");
                        })));
    assertEquals("deliberate", e.getMessage());
  }

  @Test
  void anErrorOfJavas() {
    Error e =
        assertThrows(
            AssertionError.class,
            () ->
                Blocking.await(
                    t,
                    Blocking.start(
                        () -> {
                          throw new AssertionError("deliberate");
                        })));
    assertEquals("deliberate", e.getMessage());
  }
}
