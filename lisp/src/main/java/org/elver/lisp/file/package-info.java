/**
 * Files as Lisp sees them: names and their expansion, handlers by name, errors, bytes and text.
 * Knows nothing of windows or commands.
 */
package org.elver.lisp.file;
