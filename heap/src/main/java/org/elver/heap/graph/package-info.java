/**
 * Walks over graphs of objects: values that move between contexts, and values that freeze.
 *
 * <p>{@link org.elver.heap.graph.Transfer} copies a graph from one context to another ({@link
 * org.elver.heap.graph.Copies} remembers what has been copied, for the next time), {@link
 * org.elver.heap.graph.Join} hands a finished context's result to the one that forked it, and
 * {@link org.elver.heap.graph.Freezer} makes immutable copies. All walks are iterative, keep
 * sharing and cycles, and cost in proportion to what they reach.
 *
 * <p>It must not know the kinds of object, nor how versions are kept.
 */
package org.elver.heap.graph;
