package org.elver.lisp.concurrent;

import org.elver.lisp.machine.Task;

/**
 * Java code that answers the operations on a proxy, in the place of a function of Lisp: see {@link
 * Sharing#share}. Called by the threads of all isolates that use the proxy, several at once.
 */
@FunctionalInterface
public interface ProxyHandler {
  /**
   * Answers an operation, or has {@link Sharing#operate} do so.
   *
   * @param t the task that asks
   * @param operation the name of the primitive, or {@code copy} for one that needs the whole object
   * @param proxy the proxy
   * @param args the other arguments
   * @return the value for {@code t}: an object of its isolate
   */
  Object operate(Task t, String operation, Object proxy, Object[] args);
}
