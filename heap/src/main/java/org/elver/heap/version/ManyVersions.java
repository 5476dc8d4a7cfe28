package org.elver.heap.version;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.epoch.EpochTree;

/**
 * A large set of versions: a persistent treap in preorder, each node knowing the epoch that comes
 * last in postorder among its own and those below it.
 *
 * <p>The version that a reader sees is the last in preorder among those that precede the reader
 * there and follow it in postorder; with the maximum kept, that is one descent. All operations are
 * O(log n), reads without allocation. Treaps: Seidel and Aragon, "Randomized Search Trees" (1996).
 */
final class ManyVersions extends VersionSet {
  static final ManyVersions EMPTY = new ManyVersions(null);

  /**
   * Back to an array below this size; well under {@link FewVersions#MAX}, so as not to alternate.
   */
  private static final int MIN = 4;

  private final Node root;

  private ManyVersions(Node root) {
    this.root = root;
  }

  private static final class Node {
    final Version version;
    final int priority;
    final Node left;
    final Node right;
    final int size;

    /** Of the epochs in this subtree, the last in postorder. Which one that is never changes. */
    final Epoch last;

    Node(EpochTree tree, Version version, int priority, Node left, Node right) {
      this.version = version;
      this.priority = priority;
      this.left = left;
      this.right = right;
      this.size = 1 + size(left) + size(right);
      this.last = later(tree, later(tree, version.epoch, left), right);
    }

    private static Epoch later(EpochTree tree, Epoch e, Node n) {
      if (n == null) {
        return e;
      }
      return tree.isLaterInPostorder(n.last, e) ? n.last : e;
    }
  }

  private static int size(Node n) {
    return n == null ? 0 : n.size;
  }

  @Override
  Version visibleTo(EpochTree tree, Epoch leaf) {
    for (; ; ) {
      long stamp = tree.beginRead();
      Version found = search(root, EpochTree.preLabel(leaf), EpochTree.postLabel(leaf));
      if (tree.validRead(stamp)) {
        return found;
      }
      Thread.onSpinWait();
    }
  }

  /** The last version in preorder of {@code n} that covers a reader with these labels. */
  private static Version search(Node n, long pre, long post) {
    while (n != null) {
      Epoch last = EpochTree.find(n.last);
      if (!EpochTree.isAlive(last)) {
        return STALE;
      }
      if (EpochTree.postLabel(last) < post) {
        return null;
      }
      Epoch e = EpochTree.find(n.version.epoch);
      if (!EpochTree.isAlive(e)) {
        return STALE;
      }
      if (EpochTree.preLabel(e) <= pre) {
        Version found = search(n.right, pre, post);
        if (found != null) {
          return found;
        }
        if (EpochTree.postLabel(e) >= post) {
          return n.version;
        }
      }
      n = n.left;
    }
    return null;
  }

  @Override
  ManyVersions with(EpochTree tree, Version v) {
    return new ManyVersions(insert(tree, root, new Node(tree, v, priority(v), null, null)));
  }

  /** This set with {@code v} behind all others. */
  ManyVersions append(EpochTree tree, Version v) {
    return new ManyVersions(join(tree, root, new Node(tree, v, priority(v), null, null)));
  }

  private static Node insert(EpochTree tree, Node n, Node added) {
    if (n == null) {
      return added;
    }
    boolean before = tree.comparePosition(added.version.epoch, n.version.epoch) < 0;
    if (added.priority > n.priority) {
      // Split n around the new version; its halves become the children.
      Node less = splitBefore(tree, n, added.version);
      Node more = splitAfter(tree, n, added.version);
      return new Node(tree, added.version, added.priority, less, more);
    }
    return before
        ? new Node(tree, n.version, n.priority, insert(tree, n.left, added), n.right)
        : new Node(tree, n.version, n.priority, n.left, insert(tree, n.right, added));
  }

  private static Node splitBefore(EpochTree tree, Node n, Version v) {
    if (n == null) {
      return null;
    }
    if (tree.comparePosition(n.version.epoch, v.epoch) <= 0) {
      return new Node(tree, n.version, n.priority, n.left, splitBefore(tree, n.right, v));
    }
    return splitBefore(tree, n.left, v);
  }

  private static Node splitAfter(EpochTree tree, Node n, Version v) {
    if (n == null) {
      return null;
    }
    if (tree.comparePosition(n.version.epoch, v.epoch) > 0) {
      return new Node(tree, n.version, n.priority, splitAfter(tree, n.left, v), n.right);
    }
    return splitAfter(tree, n.right, v);
  }

  private static Node join(EpochTree tree, Node a, Node b) {
    if (a == null) {
      return b;
    }
    if (b == null) {
      return a;
    }
    return a.priority >= b.priority
        ? new Node(tree, a.version, a.priority, a.left, join(tree, a.right, b))
        : new Node(tree, b.version, b.priority, join(tree, a, b.left), b.right);
  }

  @Override
  Object without(EpochTree tree, Version v) {
    List<Node> path = pathTo(tree, v);
    Node target = path.get(path.size() - 1);
    Node replacement = join(tree, target.left, target.right);
    for (int i = path.size() - 2; i >= 0; i--) {
      Node n = path.get(i);
      replacement =
          n.left == path.get(i + 1)
              ? new Node(tree, n.version, n.priority, replacement, n.right)
              : new Node(tree, n.version, n.priority, n.left, replacement);
    }
    if (size(replacement) >= MIN) {
      return new ManyVersions(replacement);
    }
    List<Version> rest = new ArrayList<>();
    collect(replacement, rest);
    return new FewVersions(rest.toArray(new Version[0]));
  }

  private static void collect(Node n, List<Version> into) {
    if (n != null) {
      collect(n.left, into);
      into.add(n.version);
      collect(n.right, into);
    }
  }

  @Override
  Version hiddenBy(EpochTree tree, Version v) {
    List<Node> path = pathTo(tree, v);
    Epoch leaf = EpochTree.find(v.epoch);
    for (; ; ) {
      long stamp = tree.beginRead();
      Version found = hiddenBy(path, leaf);
      if (tree.validRead(stamp)) {
        return found;
      }
      Thread.onSpinWait();
    }
  }

  private static Version hiddenBy(List<Node> path, Epoch reader) {
    long pre = EpochTree.preLabel(reader);
    long post = EpochTree.postLabel(reader);
    Version found = search(path.get(path.size() - 1).left, pre, post);
    for (int i = path.size() - 2; found == null && i >= 0; i--) {
      Node n = path.get(i);
      if (n.right == path.get(i + 1)) {
        found = EpochTree.covers(n.version.epoch, reader) ? n.version : search(n.left, pre, post);
      }
    }
    return found;
  }

  /** The nodes from the root to that of {@code v}; empty when {@code v} is no member. */
  private List<Node> pathTo(EpochTree tree, Version v) {
    List<Node> path = new ArrayList<>();
    walk(tree, root, v, path);
    return path;
  }

  private static boolean walk(EpochTree tree, Node n, Version v, List<Node> path) {
    if (n == null) {
      return false;
    }
    path.add(n);
    if (n.version == v) {
      return true;
    }
    int order = tree.comparePosition(v.epoch, n.version.epoch);
    // Versions whose epochs have merged compare equal: the one sought may be on either side.
    if (order <= 0 && walk(tree, n.left, v, path)) {
      return true;
    }
    if (order >= 0 && walk(tree, n.right, v, path)) {
      return true;
    }
    path.remove(path.size() - 1);
    return false;
  }

  @Override
  Epoch base() {
    return root.version.base;
  }

  /** A well mixed number; which one does not matter, so the identity serves. */
  private static int priority(Version v) {
    int h = System.identityHashCode(v) * 0x9E3779B9;
    return h ^ (h >>> 15);
  }
}
