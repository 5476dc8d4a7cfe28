/**
 * Programs and connections that run beside Lisp: the objects Lisp sees, and Java's ends of their
 * streams. Knows nothing of filters, sentinels or buffers' text.
 *
 * <p>Programs are always connected by pipes: Java has no pseudo-terminals.
 */
package org.elver.lisp.process;
