package org.elver.heap.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.elver.heap.object.Cell;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.FrozenObjectException;
import org.elver.heap.version.Heap;
import org.junit.jupiter.api.Test;

class FreezerTest {
  private final Heap heap = new Heap();
  private final Context main = heap.newContext();
  private final Interner interner = new Interner();

  private Object freeze(Object value) {
    return Freezer.freeze(main, value, Passage.COPY_ALL);
  }

  private Object intern(Object value) {
    return Freezer.freezeAndIntern(main, value, Passage.COPY_ALL, interner);
  }

  @Test
  void aFrozenCopyCannotBeWrittenByAnybody() {
    Cell c = new Cell(main, 1);
    Cell frozen = (Cell) freeze(c);
    FrozenObjectException e = assertThrows(FrozenObjectException.class, () -> frozen.set(main, 2));
    assertSame(frozen, e.object());
    assertTrue(e.getMessage().contains("write to a copy"), e.getMessage());
    assertThrows(FrozenObjectException.class, () -> frozen.set(heap.newContext(), 2));
    c.set(main, 3);
    assertEquals(1, frozen.get(main));
  }

  @Test
  void everybodyReadsIt() {
    Cell frozen = (Cell) freeze(new Cell(main, 1));
    assertEquals(1, frozen.get(new Heap().newContext()));
    assertEquals(1, frozen.get(main.fork()));
  }

  @Test
  void partsThatAreFrozenAreShared() {
    Object part = freeze(new Cell(main, 1));
    Pair p = (Pair) freeze(new Pair(main, part, part));
    assertSame(part, p.first(main));
    assertSame(part, p.second(main));
    assertSame(p, freeze(p));
  }

  @Test
  void cyclesAreKept() {
    Pair p = new Pair(main, 1, null);
    p.setSecond(main, p);
    Pair frozen = (Pair) freeze(p);
    assertSame(frozen, frozen.second(main));
    Pair interned = (Pair) intern(p);
    assertSame(interned, interned.second(main));
    assertSame(interned, intern(interned), "a frozen cycle stays itself");
  }

  @Test
  void equalObjectsBecomeOne() {
    Object a = intern(new Pair(main, 1000, new Slots(main, "x", new Cell(main, null))));
    Object b = intern(new Pair(main, 1000, new Slots(main, "x", new Cell(main, null))));
    Object c = intern(new Pair(main, 1000, new Slots(main, "y", new Cell(main, null))));
    assertSame(a, b);
    assertNotSame(a, c);
  }

  @Test
  void equalPartsOfOneValueBecomeOne() {
    Pair p = (Pair) intern(new Pair(main, new Cell(main, 1), new Cell(main, 1)));
    assertSame(p.first(main), p.second(main));
  }

  @Test
  void whatWasFrozenBeforeIsUnifiedToo() {
    Object a = intern(new Cell(main, 1));
    Object b = freeze(new Cell(main, 1));
    assertNotSame(a, b);
    assertSame(a, intern(b));
    Pair p = (Pair) intern(freeze(new Pair(main, b, 2)));
    assertSame(a, p.first(main));
  }

  @Test
  void internedObjectsAreHeldWeakly() throws InterruptedException {
    IntStream.range(0, 1000).forEach(i -> intern(new Cell(main, i)));
    for (int i = 0; i < 100 && interner.size() > 0; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(0, interner.size());
  }

  @Test
  void aFailedFreezeSaysWhatCannotPass() {
    Passage passage =
        new Passage() {
          @Override
          public boolean refuses(Object value) {
            return value instanceof Thread;
          }
        };
    Cell c = new Cell(main, Thread.currentThread());
    NotTransferableException e =
        assertThrows(NotTransferableException.class, () -> Freezer.freeze(main, c, passage));
    assertEquals("[value]", e.path().toString());
    assertThrows(
        NotTransferableException.class, () -> Freezer.freezeAndIntern(main, c, passage, interner));
  }
}
