package org.elver.bench;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;

/**
 * Uses pairs in all their states, so that the compiler has seen each branch of the accessors taken
 * before it compiles what is measured.
 */
final class Mixture {
  private static final int PAIRS = 64;
  private static final int ROUNDS = 2_000;

  private Mixture() {}

  /**
   * Leaves the mixing out, to see what it costs: the best case, where nothing is ever versioned.
   */
  private static final boolean UNMIXED = Boolean.getBoolean("elver.bench.unmixed");

  /**
   * Reads and writes pairs of which seven in eight have no version; the others have one, a few, or
   * many. Returns something that depends on all that was read.
   */
  static int use() {
    if (UNMIXED) {
      return 1;
    }
    Heap heap = new Heap();
    Context c = heap.newContext();
    Pair[] pairs = new Pair[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      pairs[i] = new Pair(c, i, null);
    }
    Context[] siblings = new Context[12];
    for (int i = 0; i < siblings.length; i++) {
      siblings[i] = c.fork();
      pairs[0].setFirst(siblings[i], i);
      if (i < 4) {
        pairs[8].setFirst(siblings[i], i);
      }
    }
    int sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Context child = c.fork();
      Context speculating = (round & 63) == 0 ? c.forkSpeculating() : null;
      for (int i = 0; i < PAIRS; i++) {
        Pair p = pairs[i];
        if ((i & 7) == 0) {
          p.setFirst(child, i);
          p.setSecond(child, p);
          p.setFirst(child, i + 1);
          p.setSecond(child, null);
        }
        sum += (Integer) p.first(child) + (p.second(child) == null ? 1 : 0);
        sum += (Integer) p.first(c) + (p.second(c) == null ? 1 : 0);
        if (speculating != null) {
          sum += (Integer) p.first(speculating) + (p.second(speculating) == null ? 1 : 0);
        }
      }
      Pair own = new Pair(child, round, null);
      for (int i = 0; i < PAIRS; i++) {
        own.setFirst(child, i);
        own.setSecond(child, own);
      }
      sum += (Integer) own.first(child);
      child.end();
      if (speculating != null) {
        speculating.end();
      }
    }
    return sum;
  }
}
