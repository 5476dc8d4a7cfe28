/**
 * Lisp's numbers: arithmetic that is exact between integers of any size and floats, and their text.
 * Must not know of primitives or of other kinds of objects, markers excepted as {@link
 * org.elver.lisp.number.Position}.
 */
package org.elver.lisp.number;
