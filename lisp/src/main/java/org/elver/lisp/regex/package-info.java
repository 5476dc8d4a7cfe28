/**
 * Emacs's regular expressions: the compiler of patterns to immutable programs, and the matcher that
 * runs them by backtracking over text.
 *
 * <p>It knows codes of characters, and asks interfaces for all else: the text ({@link
 * org.elver.lisp.regex.Subject}), syntax, categories and case. It must not know Lisp objects,
 * buffers or tasks, and holds no state between matches.
 */
package org.elver.lisp.regex;
