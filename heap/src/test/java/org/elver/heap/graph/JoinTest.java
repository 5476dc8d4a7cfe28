package org.elver.heap.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Equality;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Table;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.junit.jupiter.api.Test;

class JoinTest {
  private final Heap heap = new Heap();
  private final Context main = heap.newContext();
  private final Pair leaf = new Pair(main, "leaf", null);
  private final Pair top = new Pair(main, "top", leaf);
  private final Pair other = new Pair(main, "other", null);

  private Object join(Context child, Object value) {
    return Join.adopt(main, child, value, Passage.COPY_ALL);
  }

  @Test
  void anUnchangedOlderObjectComesBackAsItself() {
    Context child = main.fork();
    assertSame(top, join(child, top));
    child = main.fork();
    other.setFirst(child, "changed");
    assertSame(top, join(child, top));
    assertEquals("other", other.first(main));
  }

  @Test
  void aChangedOneComesBackAsANewObject() {
    Context child = main.fork();
    leaf.setFirst(child, "changed");
    Pair joined = (Pair) join(child, leaf);
    assertNotSame(leaf, joined);
    assertEquals("changed", joined.first(main));
    assertEquals("leaf", leaf.first(main));
  }

  @Test
  void soDoesOneFromWhichAChangedOneIsReached() {
    Context child = main.fork();
    leaf.setFirst(child, "changed");
    Pair joined = (Pair) join(child, top);
    assertNotSame(top, joined);
    assertEquals("top", joined.first(main));
    assertEquals("changed", ((Pair) joined.second(main)).first(main));
    assertSame(leaf, top.second(main));
  }

  @Test
  void theChildsObjectsStayTheSameAndReferToTheNewOnes() {
    Context child = main.fork();
    leaf.setFirst(child, "changed");
    Pair made = new Pair(child, leaf, other);
    Pair joined = (Pair) join(child, made);
    assertSame(made, joined);
    assertNotSame(leaf, joined.first(main));
    assertEquals("changed", ((Pair) joined.first(main)).first(main));
    assertSame(other, joined.second(main));
  }

  @Test
  void cyclesThroughOlderObjectsAreReplacedWhole() {
    leaf.setSecond(main, top);
    Context child = main.fork();
    leaf.setFirst(child, "changed");
    Pair joined = (Pair) join(child, top);
    Pair joinedLeaf = (Pair) joined.second(main);
    assertNotSame(leaf, joinedLeaf);
    assertSame(joined, joinedLeaf.second(main));
    assertSame(top, leaf.second(main));
  }

  @Test
  void whatTheParentWroteMeanwhileStays() {
    Context child = main.fork();
    top.setFirst(main, "main's");
    assertSame(top, join(child, top));
    assertEquals("main's", top.first(main));
  }

  @Test
  void aMillionObjectsOfTheChildsAreAdoptedWithoutAWalk() {
    Context child = main.fork();
    Pair list = null;
    for (int i = 0; i < 1_000_000; i++) {
      list = new Pair(child, i, list);
    }
    assertSame(list, join(child, list));
    list.setFirst(main, -1);
    assertEquals(-1, list.first(main));
  }

  @Test
  void aChildWithLivingForksIsRefusedAndUntouched() {
    Context child = main.fork();
    Context grandchild = child.fork();
    leaf.setFirst(child, "changed");
    assertThrows(IllegalStateException.class, () -> join(child, leaf));
    Pair copy = (Pair) Transfer.copy(child, main, leaf, Passage.COPY_ALL);
    assertEquals("changed", copy.first(main));
    assertEquals("changed", leaf.first(child));
    assertEquals("leaf", leaf.first(grandchild));
  }

  @Test
  void nothingCanBeTheValue() {
    assertNull(join(main.fork(), null));
    Context child = main.fork();
    leaf.setFirst(child, 1);
    assertNull(join(child, null));
  }

  @Test
  void anEqualityThatForksWhileATableIsRehashedDoesNoHarm() {
    List<Context> forks = new ArrayList<>();
    Context[] who = new Context[1];
    Equality forking =
        new Equality() {
          @Override
          public int hash(Context c, Object key) {
            if (c == who[0]) {
              forks.add(c.fork());
            }
            return System.identityHashCode(key);
          }

          @Override
          public boolean same(Context c, Object a, Object b) {
            return a == b;
          }

          @Override
          public boolean dependsOnIdentity() {
            return true;
          }
        };
    Context child = main.fork();
    leaf.setFirst(child, "changed");
    Table first = new Table(child, forking, 0);
    Table second = new Table(child, forking, 0);
    first.put(child, leaf, second);
    second.put(child, leaf, "value");
    who[0] = main;
    join(child, first);
    who[0] = null;
    Object newLeaf = first.keyAt(main, first.firstEntry(main));
    assertEquals("changed", ((Pair) newLeaf).first(main));
    assertSame(second, first.get(main, newLeaf, null));
    assertEquals("value", second.get(main, newLeaf, null));
    assertEquals(2, forks.size());
    for (Context f : forks) {
      assertEquals(1, second.size(f));
      second.put(f, "more", 1);
    }
    assertEquals(1, second.size(main));
  }

  @Test
  void relinkingWhatOthersViewChangesItForTheMakerOnly() {
    Vector v = Vector.filled(main, 5000, "a");
    Context child = main.fork();
    v.relink(child, x -> "b");
    assertEquals("a", v.get(main, 4999));
    assertEquals("b", v.get(child, 4999));
  }
}
