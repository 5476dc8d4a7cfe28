/**
 * The heap against an oracle: programs over several isolates run on a naive model that copies
 * everything at each fork, and on the real heap; what every isolate can observe must be the same.
 */
package org.elver.heap.oracle;
