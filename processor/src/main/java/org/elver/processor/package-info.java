/** Runs inside javac while module {@code lisp} is compiled; knows Lisp classes by name only. */
package org.elver.processor;
