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
 *
 * <p>The private methods compare labels and so run in a window of reads. What they say of a set
 * that is no longer its object's means nothing: an epoch that has left the tree since, or moved in
 * it when it was adopted, misleads a descent.
 */
final class ManyVersions extends VersionSet {
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

    /**
     * Of the epochs in this subtree, the last in postorder: the same as long as the set is used.
     */
    final Epoch last;

    Node(Version version, int priority, Node left, Node right) {
      this.version = version;
      this.priority = priority;
      this.left = left;
      this.right = right;
      this.size = 1 + size(left) + size(right);
      this.last = later(later(version.epoch, left), right);
    }

    private static Epoch later(Epoch e, Node n) {
      if (n == null) {
        return e;
      }
      return EpochTree.postLabel(n.last) > EpochTree.postLabel(e) ? n.last : e;
    }

    Node with(Node newLeft, Node newRight) {
      return new Node(version, priority, newLeft, newRight);
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
  private static Version search(Node start, long pre, long post) {
    for (Node n = start; n != null; n = n.left) {
      long last = EpochTree.postLabel(n.last);
      long own = EpochTree.postLabel(n.version.epoch);
      if (last < post) {
        return null;
      }
      if (EpochTree.preLabel(n.version.epoch) <= pre) {
        Version found = search(n.right, pre, post);
        if (found != null) {
          return found;
        }
        if (own >= post) {
          return n.version;
        }
      }
    }
    return null;
  }

  /** The set of what {@code versions}, in preorder, and {@code v} are. */
  static ManyVersions of(EpochTree tree, Version[] versions, Version v) {
    return tree.consistently(
        () -> {
          Node all = null;
          for (Version old : versions) {
            all = join(all, new Node(old, priority(old), null, null));
          }
          return new ManyVersions(insert(all, v, priority(v), EpochTree.preLabel(v.epoch)));
        });
  }

  @Override
  ManyVersions with(EpochTree tree, Version v) {
    int priority = priority(v);
    return tree.consistently(
        () -> new ManyVersions(insert(root, v, priority, EpochTree.preLabel(v.epoch))));
  }

  /** Inserts {@code v} at {@code place} in preorder, behind those of the same place. */
  private static Node insert(Node n, Version v, int priority, long place) {
    if (n == null) {
      return new Node(v, priority, null, null);
    }
    if (priority > n.priority) {
      // The halves of n around the new version become its children.
      return new Node(v, priority, upTo(n, place), after(n, place));
    }
    return place < EpochTree.preLabel(n.version.epoch)
        ? n.with(insert(n.left, v, priority, place), n.right)
        : n.with(n.left, insert(n.right, v, priority, place));
  }

  private static Node upTo(Node n, long place) {
    if (n == null) {
      return null;
    }
    return EpochTree.preLabel(n.version.epoch) <= place
        ? n.with(n.left, upTo(n.right, place))
        : upTo(n.left, place);
  }

  private static Node after(Node n, long place) {
    if (n == null) {
      return null;
    }
    return EpochTree.preLabel(n.version.epoch) > place
        ? n.with(after(n.left, place), n.right)
        : after(n.right, place);
  }

  private static Node join(Node a, Node b) {
    if (a == null) {
      return b;
    }
    if (b == null) {
      return a;
    }
    return a.priority >= b.priority
        ? a.with(a.left, join(a.right, b))
        : b.with(join(a, b.left), b.right);
  }

  @Override
  Object without(EpochTree tree, Version v) {
    Node rest = tree.consistently(() -> remove(pathTo(v)));
    if (size(rest) >= MIN) {
      return new ManyVersions(rest);
    }
    List<Version> few = new ArrayList<>(MIN);
    collect(rest, few);
    return new FewVersions(few.toArray(new Version[0]));
  }

  /** The tree without the last node of {@code path}. */
  private static Node remove(List<Node> path) {
    if (path.isEmpty()) {
      return null; // Labels are changing, or the set is out of date: this will be done again.
    }
    Node removed = path.get(path.size() - 1);
    Node rest = join(removed.left, removed.right);
    for (int i = path.size() - 2; i >= 0; i--) {
      Node n = path.get(i);
      rest = n.left == path.get(i + 1) ? n.with(rest, n.right) : n.with(n.left, rest);
    }
    return rest;
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
    return tree.consistently(() -> hiddenBy(pathTo(v), EpochTree.find(v.epoch)));
  }

  private static Version hiddenBy(List<Node> path, Epoch reader) {
    if (path.isEmpty()) {
      return null; // As above.
    }
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

  /** The nodes from the root to that of {@code v}, a member. */
  private List<Node> pathTo(Version v) {
    List<Node> path = new ArrayList<>();
    walk(root, v, EpochTree.preLabel(v.epoch), path);
    return path;
  }

  private static boolean walk(Node n, Version v, long place, List<Node> path) {
    if (n == null) {
      return false;
    }
    path.add(n);
    if (n.version == v) {
      return true;
    }
    long here = EpochTree.preLabel(n.version.epoch);
    // Versions whose epochs have merged have one place: the one sought may be on either side.
    if ((place <= here && walk(n.left, v, place, path))
        || (place >= here && walk(n.right, v, place, path))) {
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
