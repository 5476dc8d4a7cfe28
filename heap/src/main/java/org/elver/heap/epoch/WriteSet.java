package org.elver.heap.epoch;

import java.util.function.Consumer;

/**
 * The writes of an epoch, as a pairing heap ordered by what they hide: deepest epoch first.
 *
 * <p>When an epoch merges with its parent, the contents that must be cleared are those of the
 * parent that the epoch hid, and no others. In a heap with that order they are at the top, so that
 * a merge costs what it clears and not what the epoch ever wrote: without it, merging a chain of
 * epochs from below would visit the same writes again and again, quadratically. (The same thought
 * as the dead lists of a file system with snapshots.) Fredman, Sedgewick, Sleator, Tarjan: "The
 * Pairing Heap" (1986); push and meld O(1), pop O(log n) amortised. Nothing here recurses.
 *
 * <p>A set is the reference to its root, null when empty. Not thread-safe; see {@link WriteRecord}.
 */
public final class WriteSet {
  private WriteSet() {}

  /** The union of two disjoint sets. O(1). */
  public static WriteRecord meld(EpochTree tree, WriteRecord a, WriteRecord b) {
    if (a == null) {
      return b;
    }
    if (b == null) {
      return a;
    }
    if (tree.compareDepth(a.shadowed, b.shadowed) >= 0) {
      return linkBelow(a, b);
    }
    return linkBelow(b, a);
  }

  private static WriteRecord linkBelow(WriteRecord parent, WriteRecord child) {
    child.sibling = parent.child;
    if (parent.child != null) {
      parent.child.prev = child;
    }
    parent.child = child;
    child.prev = parent;
    return parent;
  }

  /** The set without its top, the record that hides the deepest epoch. O(log n) amortised. */
  public static WriteRecord pop(EpochTree tree, WriteRecord root) {
    WriteRecord paired = null;
    WriteRecord rest = root.child;
    root.child = null;
    while (rest != null) {
      WriteRecord a = rest;
      WriteRecord b = a.sibling;
      rest = b == null ? null : b.sibling;
      detach(a);
      if (b != null) {
        detach(b);
        a = meld(tree, a, b);
      }
      a.sibling = paired;
      paired = a;
    }
    WriteRecord result = null;
    while (paired != null) {
      WriteRecord next = paired.sibling;
      paired.sibling = null;
      result = meld(tree, result, paired);
      paired = next;
    }
    return result;
  }

  private static void detach(WriteRecord r) {
    r.sibling = null;
    r.prev = null;
  }

  /** Whether {@code r}, which is in this set or in none, is in it. */
  public static boolean contains(WriteRecord root, WriteRecord r) {
    return r == root || r.prev != null;
  }

  /**
   * The set with {@code fresh} in the place of its member {@code old}, hiding what that hid. O(1).
   */
  public static WriteRecord replace(WriteRecord root, WriteRecord old, WriteRecord fresh) {
    fresh.shadowed = old.shadowed;
    fresh.child = old.child;
    if (fresh.child != null) {
      fresh.child.prev = fresh;
    }
    fresh.sibling = old.sibling;
    if (fresh.sibling != null) {
      fresh.sibling.prev = fresh;
    }
    fresh.prev = old.prev;
    if (old.prev != null) {
      if (old.prev.child == old) {
        old.prev.child = fresh;
      } else {
        old.prev.sibling = fresh;
      }
    }
    old.child = null;
    detach(old);
    return root == old ? fresh : root;
  }

  /** Shows each record to {@code action}, which must not change the set. */
  public static void forEach(WriteRecord root, Consumer<? super WriteRecord> action) {
    java.util.ArrayDeque<WriteRecord> todo = new java.util.ArrayDeque<>();
    if (root != null) {
      todo.push(root);
    }
    while (!todo.isEmpty()) {
      WriteRecord r = todo.pop();
      action.accept(r);
      if (r.sibling != null) {
        todo.push(r.sibling);
      }
      if (r.child != null) {
        todo.push(r.child);
      }
    }
  }

  /** Hands each record to {@code action}, taken out of the set. The set is empty afterwards. */
  public static void drain(WriteRecord root, Consumer<? super WriteRecord> action) {
    WriteRecord stack = root;
    while (stack != null) {
      WriteRecord top = stack;
      stack = top.sibling;
      WriteRecord children = top.child;
      top.child = null;
      detach(top);
      if (children != null) {
        WriteRecord last = children;
        while (last.sibling != null) {
          last = last.sibling;
        }
        last.sibling = stack;
        stack = children;
      }
      action.accept(top);
    }
  }
}
