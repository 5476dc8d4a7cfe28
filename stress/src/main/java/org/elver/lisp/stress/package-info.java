/**
 * Scenarios for jcstress: isolates of a VM that has primitives only, whose tasks do what Java says,
 * look into each other, and send each other letters, while they run, come to rest and end.
 */
package org.elver.lisp.stress;
