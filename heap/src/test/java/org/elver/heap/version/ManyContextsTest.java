package org.elver.heap.version;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.elver.heap.object.Cell;
import org.elver.heap.object.Vector;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of contexts that write the same few cells, so that their version sets are large. Each
 * context's cells are compared with an array that is copied at each fork. {@code -Delver.seed=SEED}
 * replays one run.
 */
class ManyContextsTest {
  private static final Long ONLY = Long.getLong("elver.seed");
  private static final int CELLS = 5;

  private static final class View {
    final Context context;
    int[] values;
    final Deque<Savepoint> saves = new ArrayDeque<>();
    final Deque<int[]> saved = new ArrayDeque<>();

    View(Context context, int[] values) {
      this.context = context;
      this.values = values;
    }
  }

  @Test
  void everyContextSeesItsOwn() {
    long first = ONLY != null ? ONLY : System.nanoTime() & 0xFFFF_FFFFL;
    for (long seed = first; seed < first + (ONLY != null ? 1 : 40); seed++) {
      try {
        run(new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /**
   * Contexts read what all have written while their parent adopts others that were forked before
   * them: the set of versions that a reader is searching has some whose epochs move elsewhere in
   * the tree. The vector is nothing without its versions.
   */
  @Test
  void everyContextSeesItsOwnWhileOthersAreAdopted() throws Exception {
    long end = System.nanoTime() + 1_000_000_000L;
    try (ExecutorService reading = Executors.newSingleThreadExecutor()) {
      while (System.nanoTime() < end) {
        Context parent = new Heap().newContext();
        Context[] older = new Context[20];
        Context[] readers = new Context[20];
        Cell cell = new Cell(parent, -1);
        Vector vector = new Vector(parent, -1);
        fork(parent, older, cell, vector);
        fork(parent, readers, cell, vector);
        AtomicBoolean over = new AtomicBoolean();
        Future<?> read =
            reading.submit(
                () -> {
                  while (!over.get()) {
                    for (int i = 0; i < readers.length; i++) {
                      assertEquals(i, cell.get(readers[i]));
                      assertEquals(i, vector.get(readers[i], 0));
                    }
                  }
                });
        try {
          for (Context c : older) {
            parent.adopt(c);
          }
        } finally {
          over.set(true);
        }
        read.get();
      }
    }
  }

  private static void fork(Context parent, Context[] forks, Cell cell, Vector vector) {
    for (int i = 0; i < forks.length; i++) {
      forks[i] = parent.fork();
      cell.set(forks[i], i);
      vector.set(forks[i], 0, i);
      vector.set(parent, 0, -1); // So that the contents it was made with will be forgotten.
    }
  }

  private static void run(Random random) {
    Heap heap = new Heap();
    Context main = heap.newContext();
    Cell[] cells = new Cell[CELLS];
    for (int i = 0; i < CELLS; i++) {
      cells[i] = new Cell(main, 0);
    }
    List<View> views = new ArrayList<>();
    views.add(new View(main, new int[CELLS]));
    int most = 2 + random.nextInt(400);
    boolean deep = random.nextBoolean();
    for (int step = 0; step < 4000; step++) {
      View v = views.get(deep ? views.size() - 1 : random.nextInt(views.size()));
      if (deep && random.nextInt(4) == 0) {
        v = views.get(random.nextInt(views.size()));
      }
      int dice = random.nextInt(100);
      if (dice < 25 && views.size() < most) {
        views.add(new View(v.context.fork(), v.values.clone()));
      } else if (dice < (views.size() < most ? 35 : 60) && views.size() > 1) {
        v.context.end();
        views.remove(v);
      } else if (dice < 80) {
        int cell = random.nextInt(CELLS);
        cells[cell].set(v.context, step);
        v.values[cell] = step;
      } else if (dice < 85 && v.saves.size() < 3) {
        v.saves.push(v.context.savepoint());
        v.saved.push(v.values.clone());
      } else if (dice < 90 && !v.saves.isEmpty()) {
        v.context.rollback(v.saves.pop());
        v.values = v.saved.pop();
      } else if (dice < 92 && !v.saves.isEmpty()) {
        v.context.commit(v.saves.pop());
        v.saved.pop();
      }
      check(cells, v);
    }
    for (View v : views) {
      check(cells, v);
      v.context.end();
    }
    assertEquals(0, heap.epochs());
  }

  private static void check(Cell[] cells, View v) {
    if (v.context.isEnded()) {
      return;
    }
    int[] seen = Arrays.stream(cells).mapToInt(c -> (Integer) c.get(v.context)).toArray();
    assertEquals(Arrays.toString(v.values), Arrays.toString(seen));
  }
}
