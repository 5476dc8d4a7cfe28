package org.elver.lisp.isolate;

import java.util.ArrayList;
import java.util.List;
import org.elver.kernel.task.Fiber;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Stacks;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;

/**
 * Which of an isolate's runnable tasks goes on next, where that is not just the one whose turn it
 * is: by the mode that the program has chosen, and so that threads of Emacs's switch only where GNU
 * Emacs may. Most isolates never need one. The runner's, but for the mode.
 */
final class TaskOrder {
  static final Symbol PREEMPTIVE = Symbol.known("preemptive");
  static final Symbol COOPERATIVE = Symbol.known("cooperative");
  static final Symbol EXCLUSIVE = Symbol.known("exclusive");

  private final LispIsolate isolate;

  /** One of those, or a function of Lisp. Read by any thread. */
  private volatile Object mode = PREEMPTIVE;

  /** Who goes on when it can, before everybody else; null: nobody in particular. */
  private Fiber stays;

  /** The thread that was made to let others run in the middle of what it did; null: none. */
  private LispFiber holder;

  TaskOrder(LispIsolate isolate) {
    this.isolate = isolate;
  }

  /** Whether {@code mode} is one that is no function. */
  static boolean isKnown(Object mode) {
    return mode == PREEMPTIVE || mode == COOPERATIVE || mode == EXCLUSIVE;
  }

  Object mode() {
    return mode;
  }

  void setMode(Object m) {
    mode = m;
    stays = null;
  }

  /** Whether a task that has run for its slice makes room for others of the isolate. Any thread. */
  boolean isPreemptive() {
    Object m = mode;
    return m != COOPERATIVE && m != EXCLUSIVE;
  }

  /** {@code f}, which makes room for other isolates, is to go on before other tasks of its own. */
  void stay(Fiber f) {
    stays = f;
  }

  /** {@code f}, a thread of Emacs's, lets others run where GNU Emacs would not: no other may. */
  void hold(LispFiber f) {
    holder = f;
  }

  /** {@code f} runs again. */
  void goesOn(LispFiber f) {
    if (f == holder) {
      holder = null;
    }
  }

  /** The one to run, of {@code oldest} and those after it; null: the isolate is to end. */
  Fiber choose(Fiber oldest) {
    Fiber f = chooseByMode(oldest);
    if (holder == null || mayRun(f)) {
      return f;
    }
    for (Fiber g = oldest; g != null; g = LispIsolate.next(g)) {
      if (mayRun(g)) {
        return g;
      }
    }
    holder = null; // It has been woken by something else, or has ended.
    return f;
  }

  private boolean mayRun(Fiber f) {
    return f == holder || !(f instanceof LispFiber l && l.isThread());
  }

  private Fiber chooseByMode(Fiber oldest) {
    Fiber f = stays;
    if (f != null) {
      stays = null;
      for (Fiber r = oldest; r != null; r = LispIsolate.next(r)) {
        if (r == f) {
          return chosen(f);
        }
      }
    }
    return chosen(isKnown(mode) ? isolate.chooseByTurn(oldest) : chooseByLisp(oldest));
  }

  private Fiber chooseByLisp(Fiber oldest) {
    Object function = mode;
    List<Object> runnable = new ArrayList<>();
    for (Fiber r = oldest; r != null; r = LispIsolate.next(r)) {
      runnable.add(r);
    }
    Task t = isolate.useShared(); // In the other one a task may wait.
    isolate.takeBindings(null, t);
    Stacks.useLent(t);
    t.setScheduling(new Choosing(isolate));
    Object choice;
    try {
      choice =
          t.handling(
              Symbol.T, () -> t.call(function, Lisp.list(t.c, runnable)), error -> Symbol.NIL);
    } catch (Shutdown s) {
      t.abandon();
      isolate.requestKill(s); // The first reason counts.
      return null;
    } finally {
      t.setScheduling(null);
    }
    return runnable.contains(choice) ? (Fiber) choice : isolate.chooseByTurn(oldest);
  }

  private Fiber chosen(Fiber f) {
    if (mode == EXCLUSIVE) {
      stays = f;
    }
    return f;
  }
}
