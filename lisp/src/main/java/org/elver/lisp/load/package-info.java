/**
 * Loading: finding files along a path, and reading and evaluating the forms of a file or buffer one
 * after another, as data that a task can be suspended with.
 */
package org.elver.lisp.load;
