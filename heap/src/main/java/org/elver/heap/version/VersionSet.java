package org.elver.heap.version;

import org.elver.heap.epoch.Epoch;
import org.elver.heap.epoch.EpochTree;

/**
 * The versions of an object that has two or more; one version stands for itself.
 *
 * <p>Sets are immutable: a change makes a new set, which the object installs by compare-and-set.
 * They are ordered by the preorder of the versions' epochs, so that of the versions on one path of
 * the tree the deeper comes later. That order never changes while the epochs live: relabelling
 * keeps it, and an epoch that merges takes a place in it that no living reader can tell from its
 * own. (Versions whose epochs have merged into one stay ordered as before; the later hides the
 * earlier.)
 *
 * <p>A set that is still an object's current one has no version of an epoch that has left the tree
 * or was adopted into another place of it, since its versions are removed first. A set that was
 * read earlier may. Then a {@link FewVersions} still answers {@link #visibleTo} rightly, but
 * nothing else that a set says counts: whoever asked looks whether the set is still the object's,
 * and asks again if it is not.
 */
abstract sealed class VersionSet permits FewVersions, ManyVersions {
  /** The version that a reader at {@code leaf} sees, null for the inline contents. */
  abstract Version visibleTo(EpochTree tree, Epoch leaf);

  /** This set and {@code v}, whose epoch is a leaf without a version in this set. */
  abstract VersionSet with(EpochTree tree, Version v);

  /** The object's state without {@code v}: a set, or the only version left. */
  abstract Object without(EpochTree tree, Version v);

  /** This set with {@code b} in the place of {@code a}, of the same epoch. */
  final VersionSet replacing(EpochTree tree, Version a, Version b) {
    Object rest = without(tree, a);
    return rest instanceof VersionSet set
        ? set.with(tree, b)
        : FewVersions.of(tree, (Version) rest, b);
  }

  /** The version that {@code v}, a member, hides from the readers that see it; null for inline. */
  abstract Version hiddenBy(EpochTree tree, Version v);

  abstract Epoch base();
}
