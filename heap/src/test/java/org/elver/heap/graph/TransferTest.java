package org.elver.heap.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.elver.heap.object.Cell;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.heap.version.HeapObject;
import org.junit.jupiter.api.Test;

class TransferTest {
  private final Heap heap = new Heap();
  private final Context sender = heap.newContext();
  private final Context receiver = heap.newContext();

  private Object send(Object value) {
    return Transfer.pack(sender, value, Passage.COPY_ALL).unpack(receiver);
  }

  @Test
  void sharingAndCyclesAreKept() {
    Pair shared = new Pair(sender, 1, null);
    Slots top = new Slots(sender, shared, shared, null);
    shared.setSecond(sender, top);
    Slots copy = (Slots) send(top);
    Pair copied = (Pair) copy.get(receiver, 0);
    assertNotSame(top, copy);
    assertNotSame(shared, copied);
    assertSame(copied, copy.get(receiver, 1));
    assertSame(copy, copied.second(receiver));
    assertEquals(1, copied.first(receiver));
  }

  @Test
  void theCopyIsTheReceiversAlone() {
    Cell c = new Cell(sender, 1);
    Cell copy = (Cell) send(c);
    copy.set(receiver, 2);
    assertEquals(1, c.get(sender));
    assertTrue(receiver.created(copy));
  }

  @Test
  void whatWasCopiedBeforeIsNotCopiedAgain() {
    Copies copies = new Copies();
    Pair shared = new Pair(sender, 1, null);
    Pair copied = (Pair) Transfer.pack(sender, shared, Passage.COPY_ALL, copies).unpack(receiver);
    shared.setFirst(sender, 2);
    Cell later = new Cell(sender, shared);
    Cell copy = (Cell) Transfer.pack(sender, later, Passage.COPY_ALL, copies).unpack(receiver);
    assertSame(copied, copy.get(receiver));
    assertEquals(1, copied.first(receiver));
    assertSame(copied, Transfer.pack(sender, shared, Passage.COPY_ALL, copies).unpack(receiver));
  }

  @Test
  void whatAForkCopiesIsItsOwn() {
    Copies copies = new Copies();
    Cell before = new Cell(sender, 1);
    Cell after = new Cell(sender, before);
    Object first = Transfer.pack(sender, before, Passage.COPY_ALL, copies).unpack(receiver);
    Copies forked = copies.fork();
    Context fork = receiver.fork();
    Cell theirs = (Cell) Transfer.pack(sender, after, Passage.COPY_ALL, forked).unpack(fork);
    assertSame(first, theirs.get(fork));
    assertNull(copies.get(after));
    Cell mine = (Cell) Transfer.pack(sender, after, Passage.COPY_ALL, copies).unpack(receiver);
    assertNotSame(theirs, mine);
    assertSame(first, mine.get(receiver));
  }

  @Test
  void whatCannotPassLeavesNoCopies() {
    Copies copies = new Copies();
    Cell inner = new Cell(sender, 1);
    Pair bad = new Pair(sender, inner, "refused");
    Passage passage =
        new Passage() {
          @Override
          public boolean refuses(Object value) {
            return "refused".equals(value);
          }
        };
    assertThrows(NotTransferableException.class, () -> Transfer.pack(sender, bad, passage, copies));
    assertNull(copies.get(inner));
  }

  @Test
  void theValueIsThatOfTheMomentOfPacking() {
    Cell c = new Cell(sender, 1);
    Parcel parcel = Transfer.pack(sender, c, Passage.COPY_ALL);
    c.set(sender, 2);
    assertEquals(1, ((Cell) parcel.unpack(receiver)).get(receiver));
  }

  @Test
  void theSendersVersionIsWhatIsCopied() {
    Cell c = new Cell(sender, 1);
    Context child = sender.fork();
    c.set(child, 2);
    c.set(sender, 3);
    assertEquals(2, ((Cell) Transfer.copy(child, receiver, c, Passage.COPY_ALL)).get(receiver));
  }

  @Test
  void atomsPassAsTheyAre() {
    Object atom = new Object();
    assertSame(atom, send(atom));
  }

  @Test
  void frozenPartsPassByReference() {
    Object frozen = Freezer.freeze(sender, new Cell(sender, 1), Passage.COPY_ALL);
    Pair p = (Pair) send(new Pair(sender, frozen, frozen));
    assertSame(frozen, p.first(receiver));
  }

  @Test
  void aListOfAMillionPairsNeedsNoDeepStack() {
    Pair list = null;
    for (int i = 0; i < 1_000_000; i++) {
      list = new Pair(sender, i, list);
    }
    Pair copy = (Pair) send(list);
    int n = 0;
    for (Pair p = copy; p != null; p = (Pair) p.second(receiver)) {
      n++;
    }
    assertEquals(1_000_000, n);
  }

  @Test
  void aParcelIsUnpackedOnce() {
    Parcel parcel = Transfer.pack(sender, new Cell(sender, 1), Passage.COPY_ALL);
    parcel.unpack(receiver);
    assertThrows(IllegalStateException.class, () -> parcel.unpack(receiver));
  }

  @Test
  void whatCannotPassIsNamedWithTheShortestPathToIt() {
    Thread process = Thread.currentThread();
    Passage passage =
        new Passage() {
          @Override
          public boolean refuses(Object value) {
            return value instanceof Thread;
          }
        };
    Pair deep = new Pair(sender, 1, new Pair(sender, 2, process));
    Slots top = new Slots(sender, "x", deep, new Cell(sender, process));
    NotTransferableException e =
        assertThrows(NotTransferableException.class, () -> Transfer.pack(sender, top, passage));
    assertSame(process, e.object());
    assertEquals(List.of("slot 2", "value"), e.path());
    assertTrue(e.getMessage().contains("slot 2, then value"), e.getMessage());
    e = assertThrows(NotTransferableException.class, () -> Transfer.pack(sender, process, passage));
    assertEquals(List.of(), e.path());
  }

  @Test
  void aPassageMaySharePartsThatAreNotFrozen() {
    Cell shared = new Cell(sender, 1);
    Passage passage =
        new Passage() {
          @Override
          public boolean shares(HeapObject object) {
            return object == shared;
          }
        };
    Pair p = (Pair) Transfer.copy(sender, receiver, new Pair(sender, shared, 1), passage);
    assertSame(shared, p.first(receiver));
  }

  @Test
  void sendingCountsAsReadingWhileSpeculating() {
    Cell c = new Cell(sender, 1);
    Context child = sender.forkSpeculating();
    Transfer.pack(child, c, Passage.COPY_ALL);
    c.set(sender, 2);
    assertFalse(sender.tryCommit(child));
  }
}
