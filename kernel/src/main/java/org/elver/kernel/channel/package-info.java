/**
 * Channels between fibers: bounded, unbounded or rendezvous, with selection among several, closing
 * and poison. Values are the language's affair: what is put in is what comes out.
 */
package org.elver.kernel.channel;
