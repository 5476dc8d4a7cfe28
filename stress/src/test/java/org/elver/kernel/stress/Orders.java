package org.elver.kernel.stress;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How thoroughly orders of steps are gone through. */
public final class Orders {
  private Orders() {}

  /**
   * Fails unless the calls on {@code real}, however the steps of the threads that make them are
   * ordered, give what {@code plain} gives in some order of the calls. {@code -Delver.scenarios=N}
   * for other than 6 random scenarios, {@code -Delver.orders=N} for other than 100 orders of each.
   */
  public static void check(Class<?> real, Class<?> plain, int threads, int calls) {
    new ModelCheckingOptions()
        .iterations(Integer.getInteger("elver.scenarios", 6))
        .invocationsPerIteration(Integer.getInteger("elver.orders", 100))
        .threads(threads)
        .actorsPerThread(calls)
        .actorsBefore(0)
        .actorsAfter(0)
        .sequentialSpecification(plain)
        .check(real);
  }
}
