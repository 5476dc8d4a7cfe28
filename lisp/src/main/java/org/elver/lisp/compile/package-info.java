/**
 * From source to byte-code: {@link org.elver.lisp.compile.Analyzer} expands macros and resolves
 * variables into {@link org.elver.lisp.compile.Node}s, {@link org.elver.lisp.compile.Emitter} makes
 * byte-code of them, {@link org.elver.lisp.compile.Compiler} is what the machine calls. Keeps the
 * meaning that GNU Emacs's interpreter gives to source: what is wrong with a form shows when it is
 * reached, macros are expanded when code first runs, closures of evaluated code are lists. Knows
 * the machine, and that what is hot is compiled on; no reader and no particular primitives.
 */
package org.elver.lisp.compile;
