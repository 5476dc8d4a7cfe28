/**
 * Scenarios for jcstress: isolates of a VM that has primitives only, whose tasks do what Java says,
 * look into each other while they run, come to rest and end.
 */
package org.elver.lisp.stress;
