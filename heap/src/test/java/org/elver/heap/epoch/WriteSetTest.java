package org.elver.heap.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteSetTest {
  private final EpochTree tree = new EpochTree();
  private final List<Epoch> line = line(50);

  private static final class Write extends WriteRecord {
    Write(Epoch shadowed) {
      super(shadowed);
    }
  }

  /** Epochs of which each is below the one before. */
  private List<Epoch> line(int n) {
    List<Epoch> result = new ArrayList<>();
    Epoch leaf = tree.plant();
    for (int i = 0; i < n; i++) {
      result.add(leaf);
      Epoch next = new Epoch();
      tree.fork(leaf, null, next, new Epoch());
      leaf = next;
    }
    return result;
  }

  @Test
  void popsWhatHidesTheDeepestFirst() {
    Random random = new Random(1);
    WriteRecord set = null;
    for (int i = 0; i < 1000; i++) {
      set = WriteSet.meld(tree, set, new Write(line.get(random.nextInt(line.size()))));
    }
    int count = 0;
    int last = Integer.MAX_VALUE;
    while (set != null) {
      int depth = line.indexOf(set.shadowed());
      assertTrue(depth <= last);
      last = depth;
      set = WriteSet.pop(tree, set);
      count++;
    }
    assertEquals(1000, count);
  }

  @Test
  void aReplacedRecordLeavesAndTheNewOneTakesItsPlace() {
    Random random = new Random(2);
    List<WriteRecord> records = new ArrayList<>();
    WriteRecord set = null;
    for (int i = 0; i < 200; i++) {
      Write w = new Write(line.get(random.nextInt(line.size())));
      records.add(w);
      set = WriteSet.meld(tree, set, w);
    }
    set = WriteSet.pop(tree, set); // Some structure below the root.
    List<WriteRecord> fresh = new ArrayList<>();
    for (WriteRecord old : records) {
      if (WriteSet.contains(set, old)) {
        Write w = new Write(null);
        set = WriteSet.replace(set, old, w);
        fresh.add(w);
        assertSame(old.shadowed(), w.shadowed());
        assertFalse(WriteSet.contains(set, old));
      }
    }
    assertEquals(199, fresh.size());
    List<WriteRecord> drained = new ArrayList<>();
    WriteSet.drain(set, drained::add);
    assertEquals(199, drained.size());
    assertTrue(drained.containsAll(fresh));
    for (WriteRecord r : drained) {
      assertFalse(WriteSet.contains(null, r));
    }
  }

  @Test
  void emptySetsMeldAndDrainToNothing() {
    assertNull(WriteSet.meld(tree, null, null));
    WriteSet.drain(
        null,
        r -> {
          throw new AssertionError();
        });
  }
}
