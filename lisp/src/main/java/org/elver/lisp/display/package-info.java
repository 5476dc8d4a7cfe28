/**
 * What is displayed where, as data: frames, windows in their tree, configurations of windows, and
 * terminals. There is no display behind it; sizes are in characters. Knows objects, and no
 * primitives.
 */
package org.elver.lisp.display;
