/**
 * Syntax tables and what follows from them in text: words, comments, strings, balanced expressions.
 * Must not know regular expressions, and never changes text.
 */
package org.elver.lisp.syntax;
