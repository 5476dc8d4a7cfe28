/**
 * Scenarios in which two threads use one heap at the same time.
 *
 * <p>Contexts need no ordering among themselves: what one writes, no other sees. Underneath they
 * share everything that nobody has changed, and every end of a context may set off merges that
 * change what the others are looking at. Each scenario here sets two threads on one such place and
 * lists what they may see. All else is forbidden; a scenario has more than one legal outcome only
 * where the program itself leaves the outcome open.
 *
 * <p>A scenario has two actors, so that it runs on two processors, and an arbiter, which looks at
 * what is left when both are done. Contexts beyond those of the actors are made with the state.
 */
package org.elver.heap.stress;
