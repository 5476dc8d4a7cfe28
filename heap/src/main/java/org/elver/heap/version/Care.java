package org.elver.heap.version;

import org.elver.heap.epoch.Epoch;
import org.elver.heap.epoch.EpochTree;
import org.elver.heap.epoch.WriteRecord;
import org.elver.heap.epoch.WriteSet;

/**
 * What is to be done for a frozen epoch that lost a viewer, by the thread that took the viewer
 * away.
 *
 * <p>The epochs here are claimed (see {@link EpochTree}), so their write sets are this thread's.
 * The objects are not: other contexts read and write them meanwhile, and each change to an object's
 * versions is one compare-and-set. Nothing here waits for anybody.
 */
final class Care {
  private Care() {}

  /** Cares for {@code due}, claimed by the caller, and for what comes of it; null is nothing. */
  static void take(EpochTree tree, Epoch due) {
    Epoch e = due;
    while (e != null) {
      if (tree.isUnviewed(e)) {
        removeAll(tree, tree.takeWrites(e));
        e = tree.retire(e);
      } else {
        tree.giveWrites(e, settle(tree, tree.takeWrites(e), e, null));
        e = tree.release(e);
      }
    }
  }

  /** Removes the versions of {@code writes}, whose epoch nobody views, from their objects. */
  static void removeAll(EpochTree tree, WriteRecord writes) {
    WriteSet.drain(
        writes,
        r -> {
          Version v = (Version) r;
          v.object.remove(tree, v);
        });
  }

  /**
   * Clears what the writes of {@code epoch} hide in {@code epoch} itself, after a merge. Returns
   * the writes that hide something older.
   *
   * @param owner see {@link HeapObject#settle}
   */
  static WriteRecord settle(EpochTree tree, WriteRecord writes, Epoch epoch, Epoch owner) {
    WriteRecord rest = writes;
    while (rest != null && EpochTree.find(rest.shadowed()) == epoch) {
      Version v = (Version) rest;
      rest = settleOne(tree, WriteSet.pop(tree, rest), v, owner);
    }
    return rest;
  }

  /**
   * Clears what {@code v} hides; returns {@code rest}, and {@code v} if it hides something older.
   */
  private static WriteRecord settleOne(EpochTree tree, WriteRecord rest, Version v, Epoch owner) {
    for (; ; ) {
      Version hidden = v.object.settle(tree, v, owner);
      if (hidden == null) {
        return rest;
      }
      // The record of what was hidden must go too, or it would keep old contents alive. It has none
      // when it hid the inline contents of this same epoch; these v hides now.
      if (WriteSet.contains(rest, hidden)) {
        return WriteSet.replace(rest, hidden, v);
      }
    }
  }
}
