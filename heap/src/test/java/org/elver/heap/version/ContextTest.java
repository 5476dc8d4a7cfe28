package org.elver.heap.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Cell;
import org.elver.heap.object.Pair;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ContextTest {
  private final Heap heap = new Heap();
  private final Context main = heap.newContext();

  @Nested
  class Building {
    @Test
    void whatABuilderMakesIsAsIfItHadBeenThereBeforeTheForks() {
      Context builder = main.builder(Label.of(main));
      Context child = main.fork();
      Pair p = new Pair(builder, "a", "b");
      p.setFirst(builder, "filled");
      assertEquals("filled", p.first(main));
      assertEquals("filled", p.first(child));
      p.setFirst(main, "main's");
      p.setFirst(child, "child's");
      assertEquals("main's", p.first(main));
      assertEquals("child's", p.first(child));
      child.end();
      p.setSecond(main, "alone");
      assertEquals("main's", p.first(main));
      assertEquals("alone", p.second(main));
    }

    @Test
    void aBuilderBuildsAndNothingElse() {
      Context builder = main.builder(Label.of(main));
      Pair published = new Pair(builder, 1, 2);
      Context child = main.fork();
      published.setFirst(child, 3);
      assertThrows(IllegalStateException.class, () -> published.setFirst(builder, 4));
      assertThrows(IllegalStateException.class, builder::fork);
      assertThrows(IllegalStateException.class, builder::end);
      assertThrows(IllegalStateException.class, builder::tidy);
      assertThrows(IllegalStateException.class, () -> main.canAdopt(builder));
      assertEquals(1, published.first(main));
    }
  }

  @Nested
  class Companions {
    private final class Counting implements Context.Companion {
      final int depth;
      int known;

      Counting(int depth) {
        this.depth = depth;
      }

      @Override
      public Context.Companion fork() {
        return new Counting(depth + 1);
      }

      @Override
      public Object mark() {
        return known;
      }

      @Override
      public void reset(Object mark) {
        known = (Integer) mark;
      }
    }

    @Test
    void theyForgetWhatIsRolledBack() {
      Counting counting = new Counting(0);
      main.setCompanion(counting);
      counting.known = 1;
      Savepoint outer = main.savepoint();
      counting.known = 2;
      Savepoint inner = main.savepoint();
      counting.known = 3;
      main.commit(inner);
      assertEquals(3, counting.known);
      main.rollback(outer);
      assertEquals(1, counting.known);
    }

    @Test
    void forksGetTheirsFromTheParents() {
      assertNull(main.fork().companion());
      main.setCompanion(new Counting(0));
      Context child = main.fork();
      assertEquals(1, ((Counting) child.companion()).depth);
      assertEquals(2, ((Counting) child.forkSpeculating().companion()).depth);
      assertEquals(2, ((Counting) main.snapshot().fork().companion()).depth);
      child.end();
      assertNull(child.companion());
    }
  }

  @Nested
  class Forking {
    @Test
    void neitherSideSeesWhatTheOtherWrites() {
      Pair p = new Pair(main, "a", "b");
      Context child = main.fork();
      p.setFirst(main, "main's");
      p.setSecond(child, "child's");
      assertEquals("main's", p.first(main));
      assertEquals("b", p.second(main));
      assertEquals("a", p.first(child));
      assertEquals("child's", p.second(child));
    }

    @Test
    void aForkSeesTheStateAtTheForkAndNotLaterOnes() {
      Cell c = new Cell(main, 0);
      List<Context> children = new ArrayList<>();
      for (int i = 1; i <= 100; i++) {
        children.add(main.fork());
        c.set(main, i);
      }
      for (int i = 0; i < 100; i++) {
        assertEquals(i, c.get(children.get(i)));
      }
      assertEquals(100, c.get(main));
    }

    @Test
    void theOnlyViewerLeftWritesInPlaceAgain() {
      Pair p = new Pair(main, 1, 2);
      Context child = main.fork();
      p.setFirst(main, 3);
      HeapObject object = p;
      assertFalse(object.readsInline(main));
      child.end();
      main.tidy();
      assertTrue(object.readsInline(main));
      assertTrue(object.writesInline(main));
      assertEquals(3, p.first(main));
    }

    @Test
    void aMillionthOfForksLeavesNoEpochsBehind() {
      Cell c = new Cell(main, 0);
      for (int i = 0; i < 1000; i++) {
        Context child = main.fork();
        c.set(child, -i);
        c.set(main, i);
        child.end();
      }
      main.tidy();
      assertEquals(1, heap.epochs());
      assertEquals(999, c.get(main));
    }

    @Test
    void generationsThatForkAndEndLeaveNoEpochsBehind() {
      Cell c = new Cell(main, 0);
      Context generation = main;
      for (int i = 0; i < 1000; i++) {
        Context next = generation.fork();
        c.set(next, i);
        generation.end();
        generation = next;
      }
      generation.tidy();
      assertEquals(1, heap.epochs());
      assertEquals(999, c.get(generation));
    }

    @Test
    void heapsHaveFamiliesThatDoNotSeeEachOther() {
      Context other = heap.newContext();
      Cell c = new Cell(main, 1);
      Context child = main.fork();
      c.set(child, 2);
      other.end();
      assertEquals(1, c.get(main));
    }
  }

  @Nested
  class Ending {
    @Test
    void aContextThatEndedCannotBeUsed() {
      Cell c = new Cell(main, 1);
      Context child = main.fork();
      c.set(main, 2);
      child.end();
      assertTrue(child.isEnded());
      assertThrows(IllegalStateException.class, child::fork);
      assertThrows(IllegalStateException.class, child::end);
      assertThrows(IllegalStateException.class, child::savepoint);
      assertThrows(IllegalStateException.class, child::snapshot);
      assertThrows(IllegalStateException.class, () -> c.set(child, 3));
      assertThrows(IllegalStateException.class, () -> c.get(child));
      assertThrows(IllegalStateException.class, () -> main.adopt(child));
    }

    @Test
    void endingWithOpenSavepointsLetsGoOfThem() {
      Context child = main.fork();
      child.savepoint();
      child.savepoint();
      child.end();
      main.tidy();
      assertEquals(1, heap.epochs());
    }
  }

  @Nested
  class Savepoints {
    private final Cell c = new Cell(main, "old");

    @Test
    void rollbackUndoesWritesToOlderObjects() {
      Savepoint s = main.savepoint();
      c.set(main, "new");
      main.rollback(s);
      assertEquals("old", c.get(main));
    }

    @Test
    void commitKeepsThem() {
      Savepoint s = main.savepoint();
      c.set(main, "new");
      main.commit(s);
      assertEquals("new", c.get(main));
      main.tidy();
      assertEquals(1, heap.epochs());
    }

    @Test
    void objectsMadeInBetweenKeepTheirContents() {
      Savepoint s = main.savepoint();
      Pair made = new Pair(main, 1, c);
      Context child = main.fork();
      made.setFirst(main, 2);
      c.set(main, "new");
      main.rollback(s);
      assertEquals(2, made.first(main));
      assertEquals(1, made.first(child));
      assertSame(c, made.second(main));
      assertEquals("old", c.get(main));
    }

    @Test
    void aForkMadeInBetweenGoesOnWithWhatItSaw() {
      Savepoint s = main.savepoint();
      c.set(main, "new");
      Context child = main.fork();
      main.rollback(s);
      assertEquals("old", c.get(main));
      assertEquals("new", c.get(child));
      c.set(main, "newer");
      assertEquals("new", c.get(child));
      child.end();
      assertEquals("newer", c.get(main));
    }

    @Test
    void theyNest() {
      Savepoint outer = main.savepoint();
      c.set(main, 1);
      Savepoint inner = main.savepoint();
      c.set(main, 2);
      main.rollback(inner);
      assertEquals(1, c.get(main));
      inner = main.savepoint();
      c.set(main, 3);
      main.commit(inner);
      assertEquals(3, c.get(main));
      main.rollback(outer);
      assertEquals("old", c.get(main));
      assertEquals(1, heap.epochs());
    }

    @Test
    void onlyTheInnermostCanBeLeft() {
      Savepoint outer = main.savepoint();
      Savepoint inner = main.savepoint();
      assertThrows(IllegalStateException.class, () -> main.rollback(outer));
      assertThrows(IllegalStateException.class, () -> main.commit(outer));
      main.commit(inner);
      assertThrows(IllegalStateException.class, () -> main.commit(inner));
      main.commit(outer);
    }

    @Test
    void anotherContextsSavepointIsRefused() {
      Context child = main.fork();
      Savepoint s = child.savepoint();
      assertThrows(IllegalStateException.class, () -> main.rollback(s));
    }
  }

  @Nested
  class Adopting {
    @Test
    void theChildsObjectsBecomeTheParents() {
      Context child = main.fork();
      Pair made = new Pair(child, 1, 2);
      main.adopt(child);
      assertTrue(child.isEnded());
      made.setFirst(main, 3);
      assertEquals(3, made.first(main));
      assertTrue(main.created(made));
    }

    @Test
    void whatTheChildWroteToOlderObjectsIsGone() {
      Cell c = new Cell(main, "old");
      Context child = main.fork();
      c.set(child, "child's");
      main.adopt(child);
      assertEquals("old", c.get(main));
    }

    @Test
    void itWaitsForTheChildsOwnForks() {
      Context child = main.fork();
      Context grandchild = child.fork();
      assertFalse(main.canAdopt(child));
      assertThrows(IllegalStateException.class, () -> main.adopt(child));
      grandchild.end();
      assertTrue(main.canAdopt(child));
      main.adopt(child);
    }

    @Test
    void strangersAndOneselfAreRefused() {
      assertFalse(main.canAdopt(main));
      assertFalse(main.canAdopt(heap.newContext()));
      assertFalse(main.canAdopt(new Heap().newContext()));
      Context child = main.fork();
      child.savepoint();
      assertFalse(main.canAdopt(child), "it has a savepoint open");
    }
  }

  @Nested
  class Speculating {
    private final Cell a = new Cell(main, 1);
    private final Cell b = new Cell(main, 2);

    @Test
    void independentChildrenCommitInTurn() {
      Context first = main.forkSpeculating();
      Context second = main.forkSpeculating();
      a.set(first, 10);
      b.set(second, 20);
      assertTrue(main.tryCommit(first));
      assertTrue(main.tryCommit(second));
      assertEquals(10, a.get(main));
      assertEquals(20, b.get(main));
      assertTrue(first.isEnded());
    }

    @Test
    void aReadOfWhatWasWrittenMeanwhileConflicts() {
      Context first = main.forkSpeculating();
      Context second = main.forkSpeculating();
      a.set(first, 10);
      assertEquals(1, a.get(second));
      b.set(second, 20);
      assertTrue(main.tryCommit(first));
      assertFalse(main.tryCommit(second));
      assertFalse(second.isEnded());
      second.end();
      assertEquals(2, b.get(main));
    }

    @Test
    void aWriteCountsAsARead() {
      Context child = main.forkSpeculating();
      a.set(child, 10);
      a.set(main, 5);
      assertFalse(main.tryCommit(child));
      assertEquals(5, a.get(main));
    }

    @Test
    void readsOfOnesOwnObjectsDoNotCount() {
      Context child = main.forkSpeculating();
      Cell own = new Cell(child, 1);
      own.set(child, 2);
      assertEquals(2, own.get(child));
      a.set(main, 7);
      assertTrue(main.tryCommit(child));
      assertEquals(2, own.get(main));
    }

    @Test
    void theReadsOfAnAdoptedGrandchildCount() {
      Context child = main.forkSpeculating();
      Context grandchild = child.fork();
      assertEquals(1, a.get(grandchild));
      child.adopt(grandchild);
      a.set(main, 9);
      assertFalse(main.tryCommit(child));
    }

    @Test
    void manyReadsAreAllRemembered() {
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        cells.add(new Cell(main, i));
      }
      for (int i = 0; i < 1000; i += 111) {
        Context child = main.forkSpeculating();
        cells.forEach(c -> c.get(child));
        cells.get(i).set(main, -1);
        assertFalse(main.tryCommit(child), "cell " + i);
        child.end();
      }
    }

    @Test
    void aPlainChildCannotBeCommitted() {
      Context child = main.fork();
      assertThrows(IllegalStateException.class, () -> main.tryCommit(child));
    }
  }

  @Nested
  class Snapshots {
    private final Cell c = new Cell(main, 0);

    @Test
    void forksOfASnapshotBeginWithItsState() {
      c.set(main, 1);
      Snapshot s = main.snapshot();
      c.set(main, 2);
      Context a = s.fork();
      Context b = s.fork();
      c.set(a, 3);
      assertEquals(2, c.get(main));
      assertEquals(3, c.get(a));
      assertEquals(1, c.get(b));
    }

    @Test
    void aSnapshotOutlivesTheContextItWasTakenOf() {
      c.set(main, 1);
      Snapshot s = main.snapshot();
      main.end();
      Context a = s.fork();
      assertEquals(1, c.get(a));
      s.release();
      a.tidy();
      assertEquals(1, heap.epochs());
      c.set(a, 2);
      assertEquals(2, c.get(a));
    }

    @Test
    void whenReleasedItKeepsNothing() {
      Snapshot s = main.snapshot();
      List<Context> forks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        forks.add(s.fork());
        c.set(forks.get(i), i);
      }
      s.release();
      s.release();
      assertThrows(IllegalStateException.class, s::fork);
      for (int i = 0; i < 20; i++) {
        assertEquals(i, c.get(forks.get(i)));
        forks.get(i).end();
      }
      main.tidy();
      assertEquals(1, heap.epochs());
    }

    @Test
    void itsEpochMergesUpwardsWithAllItsForks() {
      Context child = main.fork();
      c.set(child, "child's");
      Snapshot s = child.snapshot();
      List<Context> forks = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Context f = s.fork();
        forks.add(f);
        forks.add(f.fork());
      }
      main.end();
      for (Context f : forks) {
        assertEquals("child's", c.get(f));
        f.end();
      }
      child.end();
      s.release();
      assertEquals(0, heap.epochs());
    }
  }

  @Test
  void labelsAttachToTheirReceiver() {
    Label label = Label.detached();
    Pair p = new Pair(main, 1, 2).copy(main, label);
    Context other = heap.newContext();
    other.attach(label);
    assertTrue(other.created(p));
    p.setFirst(other, 3);
    assertEquals(3, p.first(other));
    HeapObject object = p;
    assertNull(object.visibleAt(heap.tree, other.epoch()), "written in place");
  }
}
