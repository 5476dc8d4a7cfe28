/**
 * The kinds of Lisp object that the heap does not have already: symbols, strings, records,
 * functions; and where the contents of symbols are in which world. They know the heap and each
 * other, and neither the machine that runs programs nor the primitives.
 *
 * <p>What represents what: fixnums are {@code Long} (of 62 bits), other integers {@code
 * BigInteger}, floats {@code Double} (with identity, never compared with {@code ==} on values),
 * conses {@link org.elver.heap.object.Pair}, vectors {@link org.elver.heap.object.Vector}, {@code
 * nil} {@link org.elver.lisp.object.Symbol#NIL}. Java's {@code null} is no Lisp object.
 */
package org.elver.lisp.object;
