package org.elver.heap.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.elver.heap.object.Cell;
import org.junit.jupiter.api.Test;

/** Contents that nobody can see any more are garbage. */
class RetentionTest {
  private final Heap heap = new Heap();
  private final Context main = heap.newContext();
  private final List<WeakReference<Object>> payloads = new ArrayList<>();

  private Object payload() {
    Object payload = new byte[1000];
    payloads.add(new WeakReference<>(payload));
    return payload;
  }

  /** How many payloads are alive when the collector has done what it can. */
  private long alive(long expected) throws InterruptedException {
    long n = -1;
    for (int i = 0; i < 100; i++) {
      System.gc();
      n = payloads.stream().filter(p -> p.get() != null).count();
      if (n <= expected) {
        break;
      }
      Thread.sleep(10);
    }
    return n;
  }

  @Test
  void whatEndedWorkersWroteIsGone() throws InterruptedException {
    Cell c = new Cell(main, null);
    List<Context> workers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      workers.add(main.fork());
    }
    workers.forEach(w -> c.set(w, payload()));
    assertEquals(100, alive(100));
    workers.forEach(Context::end);
    workers.clear();
    assertEquals(0, alive(0));
    assertNull(c.get(main));
  }

  @Test
  void whatOnlyAnEndedChildCouldSeeIsGone() throws InterruptedException {
    Cell c = new Cell(main, payload());
    Context child = main.fork();
    c.set(main, "new");
    assertEquals(1, alive(1));
    child.end();
    main.tidy();
    assertEquals(0, alive(0));
  }

  @Test
  void contentsBetweenLivingForksStayAndOthersGo() throws InterruptedException {
    Cell c = new Cell(main, payload());
    Context first = main.fork();
    c.set(main, payload());
    Context second = main.fork();
    c.set(main, payload());
    Context third = main.fork();
    c.set(main, payload());
    assertEquals(4, alive(4));
    second.end();
    assertEquals(3, alive(3), "what the second saw");
    third.end();
    main.tidy();
    assertEquals(2, alive(2), "what the third saw");
    first.end();
    main.tidy();
    assertEquals(1, alive(1), "main's own");
    assertTrue(c.get(main) instanceof byte[]);
  }

  @Test
  void aLongLivingChildDoesNotKeepWhatCameAfterIt() throws InterruptedException {
    Cell c = new Cell(main, payload());
    Context longLiving = main.fork();
    for (int i = 0; i < 200; i++) {
      Context worker = main.fork();
      c.set(main, payload());
      c.set(worker, payload());
      worker.end();
    }
    main.tidy();
    assertEquals(2, alive(2), "the child's and main's");
    assertTrue(c.get(longLiving) instanceof byte[]);
  }

  @Test
  void generationsDoNotKeepWhatTheOnesBeforeWrote() throws InterruptedException {
    Cell c = new Cell(main, payload());
    Context generation = main;
    for (int i = 0; i < 200; i++) {
      Context next = generation.fork();
      c.set(next, payload());
      generation.end();
      generation = next;
    }
    generation.tidy();
    assertEquals(1, alive(1));
    generation.end();
    assertEquals(1, alive(1), "the inline contents are the object's own, as it still exists");
  }

  @Test
  void rollbacksKeepNothing() throws InterruptedException {
    Cell c = new Cell(main, "old");
    Context bystander = main.fork();
    for (int i = 0; i < 100; i++) {
      Savepoint s = main.savepoint();
      c.set(main, payload());
      main.rollback(s);
    }
    assertEquals(0, alive(0));
    assertEquals("old", c.get(bystander));
  }

  @Test
  void adoptedChildrenKeepNothingOfTheirWritesToOlderObjects() throws InterruptedException {
    Cell c = new Cell(main, "old");
    for (int i = 0; i < 100; i++) {
      Context child = main.fork();
      c.set(child, payload());
      main.adopt(child);
    }
    assertEquals(0, alive(0));
  }

  @Test
  void theSetsOfWritesForgetObjectsWithThem() throws InterruptedException {
    Context longLiving = main.fork();
    Consumer<Context> work =
        worker -> {
          Cell own = new Cell(main, payload());
          Context child = main.fork();
          own.set(main, payload());
          child.end();
        };
    for (int i = 0; i < 100; i++) {
      work.accept(main);
    }
    main.tidy();
    assertEquals(0, alive(0));
    longLiving.end();
  }
}
