/**
 * The primitives of tasks, isolates, channels, promises, proxies and speculation, and the waits
 * that they consist of.
 */
package org.elver.lisp.concurrent;
