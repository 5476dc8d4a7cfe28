package org.elver.lisp.isolate;

import org.elver.heap.version.Context;
import org.elver.kernel.task.Worker;
import org.elver.lisp.machine.Stacks;
import org.elver.lisp.machine.Task;

/**
 * What a worker thread keeps for the isolates that it runs: arrays to lend to their machines, and
 * the machines of the two that ran last. So an isolate that waits has neither, and two that answer
 * each other need no new ones. The thread's own.
 */
final class Workplace {
  /** Null while they are lent. */
  private Stacks stacks;

  private Task last;
  private Task lastButOne;

  private Workplace() {}

  /** That of the current thread; one that is forgotten when it is no worker. */
  static Workplace current() {
    Worker w = Worker.currentOrNull();
    if (w == null) {
      return new Workplace();
    }
    if (w.local instanceof Workplace p) {
      return p;
    }
    Workplace p = new Workplace();
    w.local = p;
    return p;
  }

  Stacks takeStacks() {
    Stacks s = stacks;
    stacks = null;
    return s != null ? s : new Stacks();
  }

  void giveStacks(Stacks s) {
    stacks = s;
  }

  /** A machine of the isolate of {@code c}, if there is one; no longer kept then. */
  Task takeMachine(Context c) {
    Task t = last;
    if (t != null && t.c == c) {
      last = lastButOne;
      lastButOne = null;
      return t;
    }
    t = lastButOne;
    if (t != null && t.c == c) {
      lastButOne = null;
      return t;
    }
    return null;
  }

  /** Keeps an empty machine. */
  void giveMachine(Task t) {
    lastButOne = last;
    last = t;
  }
}
