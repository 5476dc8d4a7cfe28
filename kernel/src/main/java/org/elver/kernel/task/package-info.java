/**
 * Fibers, the isolates that own them, and the carriers that run isolates.
 *
 * <p>Every wait is a registration: a fiber names a token for its wait, registers a {@link
 * org.elver.kernel.task.Waiter} with what it waits for, and returns to the scheduler. Whoever
 * claims the token first (a value, a timeout, a cancellation, the end of the isolate) wakes it; the
 * others find the token gone. Knows nothing of any language, nor of the heap.
 */
package org.elver.kernel.task;
