/**
 * Character sets and coding systems: which there are, as heap objects that Lisp defines, and the
 * conversion between bytes and characters. Files, processes and strings use {@link Decoder} and
 * {@link Encoder}. Must not know buffers or files.
 */
package org.elver.lisp.coding;
