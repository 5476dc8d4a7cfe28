package org.elver.heap.version;

import org.elver.heap.epoch.Epoch;
import org.elver.heap.epoch.EpochTree;

/** A small set of versions: an array in preorder, scanned from the deep end. */
final class FewVersions extends VersionSet {
  /** Above this size a search tree is faster than a scan. */
  static final int MAX = 8;

  private final Version[] versions;

  FewVersions(Version[] versions) {
    this.versions = versions;
  }

  static FewVersions of(EpochTree tree, Version a, Version b) {
    boolean inOrder = tree.comparePosition(a.epoch, b.epoch) < 0;
    return new FewVersions(inOrder ? new Version[] {a, b} : new Version[] {b, a});
  }

  @Override
  Version visibleTo(EpochTree tree, Epoch leaf) {
    for (; ; ) {
      long stamp = tree.beginRead();
      long pre = EpochTree.preLabel(leaf);
      long post = EpochTree.postLabel(leaf);
      Version found = null;
      for (int i = versions.length - 1; i >= 0; i--) {
        Version v = versions[i];
        if (EpochTree.covers(v.epoch, pre, post)) {
          found = v;
          break;
        }
      }
      if (tree.validRead(stamp)) {
        // Also when this set is no longer the object's: a version of an ended epoch covers nobody,
        // one of an adopted epoch covers whoever adopted it, who knows the newer set, and the scan
        // needs no order of them.
        return found;
      }
      Thread.onSpinWait();
    }
  }

  @Override
  VersionSet with(EpochTree tree, Version v) {
    int n = versions.length;
    if (n == MAX) {
      return ManyVersions.of(tree, versions, v);
    }
    int at = n;
    while (at > 0 && tree.comparePosition(versions[at - 1].epoch, v.epoch) > 0) {
      at--;
    }
    Version[] more = new Version[n + 1];
    System.arraycopy(versions, 0, more, 0, at);
    more[at] = v;
    System.arraycopy(versions, at, more, at + 1, n - at);
    return new FewVersions(more);
  }

  @Override
  Object without(EpochTree tree, Version v) {
    int n = versions.length;
    int at = indexOf(v);
    if (n == 2) {
      return versions[1 - at];
    }
    Version[] fewer = new Version[n - 1];
    System.arraycopy(versions, 0, fewer, 0, at);
    System.arraycopy(versions, at + 1, fewer, at, n - at - 1);
    return new FewVersions(fewer);
  }

  @Override
  Version hiddenBy(EpochTree tree, Version v) {
    for (int i = indexOf(v) - 1; i >= 0; i--) {
      if (tree.sees(EpochTree.find(v.epoch), versions[i].epoch)) {
        return versions[i];
      }
    }
    return null;
  }

  @Override
  Epoch base() {
    return versions[0].base;
  }

  private int indexOf(Version v) {
    for (int i = versions.length - 1; i >= 0; i--) {
      if (versions[i] == v) {
        return i;
      }
    }
    return -1;
  }
}
