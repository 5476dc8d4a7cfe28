/**
 * What holds other objects and how such things compare: equality, hashing, lists, sequences, hash
 * tables, bool-vectors. Must not know of primitives, buffers or the reader.
 */
package org.elver.lisp.collection;
