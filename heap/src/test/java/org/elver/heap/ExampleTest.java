package org.elver.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.elver.heap.graph.Join;
import org.elver.heap.graph.Passage;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.heap.version.Savepoint;
import org.junit.jupiter.api.Test;

/** The example of docs/heap.md, line by line. */
class ExampleTest {
  @Test
  void theExampleDoesWhatItSays() {
    Heap heap = new Heap();
    Context main = heap.newContext();

    Pair account = new Pair(main, "Ada", 100);

    Context child = main.fork();
    account.setSecond(child, 70);
    account.setSecond(main, 500);
    assertEquals(70, account.second(child));
    assertEquals(500, account.second(main));

    Pair joined = (Pair) Join.adopt(main, child, account, Passage.COPY_ALL);
    assertEquals(70, joined.second(main));
    assertEquals(500, account.second(main));

    Savepoint before = main.savepoint();
    account.setSecond(main, -1);
    main.rollback(before);
    assertEquals(500, account.second(main));

    Context deposit = main.forkSpeculating();
    Context audit = main.forkSpeculating();
    account.setSecond(deposit, 600);
    Object seen = account.second(audit);
    assertEquals(500, seen);
    assertTrue(main.tryCommit(deposit));
    assertEquals(600, account.second(main));
    assertFalse(main.tryCommit(audit));
  }
}
