/**
 * Upper and lower case: case tables and the conversion of text with them, with the special rules of
 * Unicode that the tables of properties tell. Must not know how buffers are changed.
 */
package org.elver.lisp.casing;
