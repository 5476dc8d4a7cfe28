/**
 * Lincheck: the steps of few threads in all orders, or as many as there is time for, against plain
 * models of what may come of them.
 */
package org.elver.kernel.stress;
