/**
 * The primitives of tasks, isolates, channels, promises, proxies and speculation, and the waits
 * that they consist of. What these things are is the business of package {@code isolate}, which
 * must not know this one; nor does anything else but what starts a VM.
 */
package org.elver.lisp.concurrent;
