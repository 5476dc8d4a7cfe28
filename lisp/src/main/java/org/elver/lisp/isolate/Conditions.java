package org.elver.lisp.isolate;

import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** The conditions of tasks and isolates. */
public final class Conditions {
  public static final Symbol TASK_CANCELLED = Symbol.known("task-cancelled");
  public static final Symbol OPERATION_TIMEOUT = Symbol.known("operation-timeout");
  public static final Symbol ISOLATE_ERROR = Symbol.known("isolate-error");
  public static final Symbol ISOLATE_KILLED = Symbol.known("isolate-killed");
  public static final Symbol ISOLATE_DEAD = Symbol.known("isolate-dead");
  public static final Symbol CHANNEL_CLOSED = Symbol.known("channel-closed");
  public static final Symbol CHANNEL_POISONED = Symbol.known("channel-poisoned");
  public static final Symbol DEADLOCK_ERROR = Symbol.known("deadlock-error");
  public static final Symbol WAIT_FORBIDDEN = Symbol.known("wait-forbidden");
  public static final Symbol NOT_TRANSFERABLE = Symbol.known("not-transferable");
  public static final Symbol NOT_FORKABLE = Symbol.known("not-forkable");
  public static final Symbol GOROUTINE_ERROR = Symbol.known("goroutine-error");
  public static final Symbol PROXY_LOCKED = Symbol.known("proxy-locked");

  private Conditions() {}

  /** What a task is cancelled with by default. */
  public static LispSignal taskCancelled() {
    return new LispSignal(TASK_CANCELLED);
  }
}
