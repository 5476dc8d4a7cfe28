package org.elver.heap.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EpochTreeTest {
  private static final Long ONLY = Long.getLong("elver.seed");

  private final EpochTree tree = new EpochTree();

  @Test
  void anEpochSeesItselfAndItsAncestorsOnly() {
    Epoch root = tree.plant();
    Epoch left = new Epoch();
    Epoch right = new Epoch();
    tree.fork(root, null, left, right);
    assertTrue(tree.sees(left, left));
    assertTrue(tree.sees(left, root));
    assertTrue(!tree.sees(left, right));
    assertTrue(!tree.sees(root, left));
    assertTrue(!tree.sees(left, tree.plant()), "families do not see one another");
  }

  @Test
  void aLeafCollapsesIntoAParentThatNobodyElseViews() {
    Epoch root = tree.plant();
    Epoch left = new Epoch();
    Epoch right = new Epoch();
    tree.fork(root, null, left, right);
    assertNull(tree.collapse(left), "the sibling still views the parent");
    assertNull(tree.retire(right), "the only child left is a leaf: its owner collapses it");
    assertTrue(tree.mayCollapse(left));
    assertSame(root, tree.collapse(left));
    assertSame(root, EpochTree.find(left));
    assertEquals(1, tree.size());
  }

  @Test
  void aFrozenEpochAbsorbsItsOnlyFrozenChild() {
    Epoch root = tree.plant();
    Epoch left = new Epoch();
    Epoch right = new Epoch();
    tree.fork(root, null, left, right);
    Epoch a = new Epoch();
    Epoch b = new Epoch();
    tree.fork(right, null, a, b);
    Epoch due = tree.retire(left);
    assertSame(root, due, "claimed for care");
    assertSame(root, EpochTree.find(right));
    assertTrue(tree.sees(a, right), "what the child wrote is still seen");
    assertNull(tree.collapse(a), "claimed, and viewed by b");
    assertNull(tree.release(root));
    assertNull(tree.retire(b));
    assertSame(root, tree.collapse(a));
  }

  @Test
  void aFrozenEpochWithoutViewersIsDueForRemoval() {
    Epoch root = tree.plant();
    Epoch child = new Epoch();
    Epoch pin = new Epoch();
    tree.fork(root, null, child, pin);
    assertNull(tree.retire(child), "still pinned");
    assertSame(root, tree.retire(pin));
    assertTrue(tree.isUnviewed(root));
    assertNull(tree.retire(root));
    assertEquals(0, tree.size());
  }

  @Test
  void aClaimedEpochIsLeftAloneUntilItIsReleased() {
    Epoch root = tree.plant();
    Epoch left = new Epoch();
    Epoch right = new Epoch();
    tree.fork(root, null, left, right);
    Epoch a = new Epoch();
    Epoch b = new Epoch();
    tree.fork(right, null, a, b);
    assertSame(right, tree.claimParent(a, left));
    assertNull(tree.retire(left), "the only child is claimed, so it cannot be absorbed now");
    assertSame(root, tree.release(right), "it is absorbed when it is released");
    assertSame(root, EpochTree.find(right));
    assertNull(tree.release(root));
  }

  @Test
  void aHistoryOfMergesIsFoundThroughInOneStepAfterwards() {
    Epoch[] epochs = new Epoch[1000];
    for (int i = 0; i < epochs.length; i++) {
      epochs[i] = new Epoch();
      if (i > 0) {
        EpochTree.attach(epochs[i - 1], epochs[i]);
      }
    }
    Epoch leaf = tree.plant();
    EpochTree.attach(epochs[epochs.length - 1], leaf);
    for (Epoch e : epochs) {
      assertSame(leaf, EpochTree.find(e));
    }
  }

  /** Random trees, with every answer compared to a walk over parent pointers. */
  @Test
  void answersAreThoseOfAPlainTree() {
    long first = ONLY != null ? ONLY : System.nanoTime() & 0xFFFF_FFFFL;
    for (long seed = first; seed < first + (ONLY != null ? 1 : 60); seed++) {
      try {
        compareRandomly(new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static final class Plain {
    final Epoch epoch;
    final Plain parent;
    final List<Plain> children = new ArrayList<>();

    Plain(Epoch epoch, Plain parent) {
      this.epoch = epoch;
      this.parent = parent;
    }

    boolean isLeaf() {
      return children.isEmpty();
    }
  }

  private void compareRandomly(Random random) {
    EpochTree t = new EpochTree();
    List<Plain> leaves = new ArrayList<>();
    List<Plain> everyone = new ArrayList<>();
    leaves.add(new Plain(t.plant(), null));
    everyone.addAll(leaves);
    // Forks gather at one place at times, so that labels run out there.
    boolean deep = random.nextBoolean();
    for (int step = 0; step < 400 && !leaves.isEmpty(); step++) {
      int which = deep ? leaves.size() - 1 : random.nextInt(leaves.size());
      Plain leaf = leaves.get(which);
      if (random.nextInt(10) < 7) {
        Plain a = new Plain(new Epoch(), leaf);
        Plain b = new Plain(new Epoch(), leaf);
        t.fork(leaf.epoch, null, a.epoch, b.epoch);
        leaf.children.addAll(List.of(a, b));
        leaves.remove(which);
        leaves.add(a);
        leaves.add(b);
        everyone.addAll(List.of(a, b));
      } else {
        leaves.remove(which);
        Epoch due = t.retire(leaf.epoch);
        while (due != null) {
          due = t.isUnviewed(due) ? t.retire(due) : t.release(due);
        }
        for (Plain p = leaf; p != null && p.isLeaf(); p = p.parent) {
          if (p.parent != null) {
            p.parent.children.remove(p);
          }
          everyone.remove(p);
        }
      }
    }
    for (Plain viewer : leaves) {
      Set<Plain> seen = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Plain p = viewer; p != null; p = p.parent) {
        seen.add(p);
      }
      for (Plain p : everyone) {
        boolean merged = p != viewer && EpochTree.find(p.epoch) == EpochTree.find(viewer.epoch);
        assertEquals(seen.contains(p) || merged, t.sees(viewer.epoch, p.epoch));
      }
    }
    // Every leaf, branches, and perhaps a parent of each leaf that its owner could collapse into.
    assertTrue(t.size() <= 3 * leaves.size(), "merged as far as can be without the leaves' owners");
    Set<Long> labels = new HashSet<>();
    for (Plain p : everyone) {
      if (EpochTree.isAlive(p.epoch)) {
        assertTrue(labels.add(EpochTree.preLabel(p.epoch)), "no two have one label");
        assertNotNull(p.epoch);
      }
    }
  }

  @Test
  void aThousandNestedForksMakeRoomForThemselves() {
    Epoch leaf = tree.plant();
    Epoch root = leaf;
    List<Epoch> line = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Epoch a = new Epoch();
      Epoch b = new Epoch();
      tree.fork(leaf, null, a, b);
      line.add(leaf);
      leaf = i % 2 == 0 ? a : b;
    }
    assertTrue(tree.relabelled() > 0, "labels ran out and were spread");
    for (int i = 1; i < line.size(); i++) {
      assertTrue(tree.sees(leaf, line.get(i)));
      assertTrue(tree.compareDepth(line.get(i), line.get(i - 1)) > 0);
    }
    assertTrue(tree.sees(leaf, root));
  }
}
