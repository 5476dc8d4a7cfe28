/**
 * Byte-code: the one executable form. Instruction numbers ({@link org.elver.lisp.code.Op}), decoded
 * code ({@link org.elver.lisp.code.Code}) and function objects ({@link
 * org.elver.lisp.code.ByteCode}). Knows nothing of how code is run, nor of source.
 */
package org.elver.lisp.code;
