/**
 * A VM's Lisp world as bytes: written once after the library has been loaded, read at each start.
 * Functions' constants are read when the function is first called, since a run calls few of them.
 *
 * <p>Knows the kinds of object that are many, by name; everything else it takes field by field. An
 * image is good for the very build of Elver that wrote it, and its reader trusts its contents.
 */
package org.elver.lisp.image;
