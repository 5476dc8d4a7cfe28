/**
 * The reader: characters to objects. Knows the kinds of object and the task it makes them for;
 * neither how files are found nor what is done with what was read.
 */
package org.elver.lisp.read;
