/** Threads as Lisp sees them, and what they wait for. Knows objects, and no primitives. */
package org.elver.lisp.thread;
