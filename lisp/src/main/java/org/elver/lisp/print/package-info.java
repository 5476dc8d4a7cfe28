/**
 * The printer: objects to characters, and characters to where output goes. Knows every kind of
 * object; nothing of who prints.
 */
package org.elver.lisp.print;
