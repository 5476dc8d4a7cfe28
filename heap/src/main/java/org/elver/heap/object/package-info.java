/**
 * The kinds of object that languages are made of: pairs, cells, fixed slots, vectors, hash tables
 * and text.
 *
 * <p>Each kind knows how its contents are laid out, and how to copy as little of them as possible
 * when a context first writes what others view: pairs, cells and slots whole, the others in chunks.
 *
 * <p>It must not know of epochs more than which one may write a part in place, and nothing of who
 * runs where.
 */
package org.elver.heap.object;
