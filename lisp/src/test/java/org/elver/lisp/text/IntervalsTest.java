package org.elver.lisp.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random edits of properties, beside a list that has those of every code. */
class IntervalsTest {
  private static final int STEPS = 20_000;
  private static final int LONGEST = 300;

  private final Random random = new Random(1);
  private final List<Object[]> model = new ArrayList<>();
  private Intervals intervals;

  @Test
  void saysTheSameAsAPlainList() {
    for (int i = 0; i < STEPS; i++) {
      step();
      if (i % 10 == 0) {
        compare();
      }
    }
  }

  private void step() {
    int n = model.size();
    int a = random.nextInt(n + 1);
    int b = random.nextInt(n + 1);
    int from = Math.min(a, b);
    int to = Math.max(a, b);
    int kind = n > LONGEST ? 1 : random.nextInt(4);
    Object value = (long) random.nextInt(3);
    switch (kind) {
      case 0 -> {
        int k = random.nextInt(10);
        Object[] p = {"a", value};
        intervals = Intervals.insert(intervals, n, a, k, Intervals.of(k, p));
        for (int i = 0; i < k; i++) {
          model.add(a, p);
        }
      }
      case 1 -> {
        intervals = Intervals.delete(intervals, from, to);
        model.subList(from, to).clear();
      }
      case 2 -> {
        intervals =
            Intervals.change(intervals, n, from, to, (x, y, p) -> Intervals.with(p, "b", value));
        for (int i = from; i < to; i++) {
          model.set(i, Intervals.with(model.get(i), "b", value));
        }
      }
      default -> {
        int k = random.nextInt(5);
        intervals = k == 0 ? intervals : Intervals.grow(intervals, n, a, k, Intervals.NONE);
        for (int i = 0; i < k; i++) {
          model.add(a, Intervals.NONE);
        }
      }
    }
  }

  private void compare() {
    if (intervals == null) {
      assertTrue(model.stream().allMatch(p -> p.length == 0));
      return;
    }
    assertEquals(model.size(), Intervals.length(intervals));
    for (int i = 0; i < model.size(); i++) {
      assertArrayEquals(model.get(i), Intervals.at(intervals, i));
      Intervals.Interval x = intervals.find(i);
      assertTrue(x.start() <= i && i < x.end());
    }
  }
}
