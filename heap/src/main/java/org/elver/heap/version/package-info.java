/**
 * Objects, their versions, and the contexts that read and write them.
 *
 * <p>A {@link org.elver.heap.version.HeapObject} is an identity; its contents are versions, and
 * which one a reader sees depends on the epoch of its {@link org.elver.heap.version.Context}. This
 * package finds the version to read, makes the version to write, and takes away versions that
 * nobody sees any more; it forks and ends contexts, rolls them back, and records reads for
 * speculation.
 *
 * <p>It must not know what kinds of object there are (package {@code object} does), nor how graphs
 * of objects are walked (package {@code graph} does).
 */
package org.elver.heap.version;
