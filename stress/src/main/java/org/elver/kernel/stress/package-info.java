/** Scenarios for jcstress: what fibers that wait and those who wake them do at the same time. */
package org.elver.kernel.stress;
