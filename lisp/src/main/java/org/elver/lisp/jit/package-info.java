/**
 * The compiler of code that runs often: from instructions to classes of Java's. One pass finds out
 * how high the stack is at each instruction ({@link org.elver.lisp.jit.Flow}), one emits a method
 * ({@link org.elver.lisp.jit.Generator}), a thread of its own does this in the background ({@link
 * org.elver.lisp.jit.Jit}). Knows instructions and, by name, what compiled code calls in the
 * machine; neither Lisp objects nor primitives.
 */
package org.elver.lisp.jit;
