/**
 * The machine that runs byte-code: a task's frames, bindings and handlers as data, the instruction
 * loop, calls between Lisp and Java, conditions. Knows objects and code; neither source nor
 * particular primitives.
 */
package org.elver.lisp.machine;
