/**
 * Epochs: the tree of heap versions, and the order that answers who sees what.
 *
 * <p>An epoch is a stretch of one isolate's life between two forks. Epochs form a tree, and what a
 * reader may see is what was written in the epochs above its own. This package keeps that tree
 * ({@link org.elver.heap.epoch.EpochTree}), answers the ancestor question in constant time whatever
 * the depth, merges epochs that have become indistinguishable, and keeps for each epoch the set of
 * what was written in it ({@link org.elver.heap.epoch.WriteSet}).
 *
 * <p>It must not know what is written: no objects, no versions, no contexts.
 */
package org.elver.heap.epoch;
