/**
 * Buffers: text with point, narrowing, markers, overlays, text properties, undo records and
 * buffer-local variables. All of it is versioned heap state; text properties are immutable trees
 * that are replaced on change. Knows nothing of primitives, windows or files.
 */
package org.elver.lisp.text;
