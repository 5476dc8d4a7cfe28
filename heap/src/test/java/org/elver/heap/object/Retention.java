package org.elver.heap.object;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;

/** Asks the JVM what is retained and what was allocated. */
final class Retention {
  private Retention() {}

  /** Fails unless what {@code reference} refers to is collected soon. */
  static void assertCollected(WeakReference<?> reference) {
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertNull(reference.get(), "is still retained");
  }

  /** Fails when what {@code reference} refers to has been collected, to show that a test tests. */
  static void assertRetained(WeakReference<?> reference) {
    System.gc();
    assertNotNull(reference.get(), "is not retained");
  }

  /** How many bytes {@code action} allocates in this thread. */
  static long allocatedBy(Runnable action) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    action.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
