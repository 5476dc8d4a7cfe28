/**
 * Isolates and tasks of Lisp on the kernel's isolates and fibers: how what a task is in the middle
 * of is put aside and taken up, what an isolate owns, how it ends; what one with a fresh heap
 * begins with, and how it gets the rest from its parent. Knows the machine and the heap, and
 * nothing of the primitives that Lisp programs call.
 */
package org.elver.lisp.isolate;
