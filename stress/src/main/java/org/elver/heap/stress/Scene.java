package org.elver.heap.stress;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;

/** What several scenarios need to set up and to look at. */
final class Scene {
  private Scene() {}

  /** Contexts forked from {@code parent} one after another, the first of them first. */
  static Context[] forks(Context parent, int n) {
    Context[] forks = new Context[n];
    for (int i = 0; i < n; i++) {
      forks[i] = parent.fork();
    }
    return forks;
  }

  /** Contexts as of {@link #forks}, each of which has written its number to both slots. */
  static Context[] writers(Context parent, Pair pair, int n) {
    Context[] writers = forks(parent, n);
    for (int i = 0; i < n; i++) {
      pair.setFirst(writers[i], i);
      pair.setSecond(writers[i], i);
    }
    return writers;
  }

  /** Says "own" when each of {@code writers} from the given one on still sees what it wrote. */
  static String seen(Pair pair, Context[] writers, int from) {
    for (int i = from; i < writers.length; i++) {
      Object first = pair.first(writers[i]);
      Object second = pair.second(writers[i]);
      if (!first.equals(i) || !second.equals(i)) {
        return "writer " + i + " saw " + first + " and " + second;
      }
    }
    return "own";
  }

  /** What {@code reader} sees in the first slot each of so many times; else how it changed. */
  static String steady(Pair pair, Context reader, int times) {
    Object seen = pair.first(reader);
    for (int i = 1; i < times; i++) {
      Object again = pair.first(reader);
      if (again != seen) {
        return seen + " and then " + again;
      }
    }
    return String.valueOf(seen);
  }

  /** What {@code reader} sees in both slots. */
  static String both(Pair pair, Context reader) {
    return pair.first(reader) + "+" + pair.second(reader);
  }

  /** Ends every one of {@code contexts} that lives. */
  static void end(Context... contexts) {
    for (Context c : contexts) {
      if (!c.isEnded()) {
        c.end();
      }
    }
  }
}
