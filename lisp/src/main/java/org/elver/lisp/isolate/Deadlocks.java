package org.elver.lisp.isolate;

import java.util.ArrayList;
import java.util.List;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Waiter;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** What happens when all tasks of a VM wait and nothing can wake one: main is told who waits. */
final class Deadlocks {
  private static final Symbol LIST = Symbol.known("list");

  /** A task that waits, and what for; a subject may be a list. */
  private record Wait(LispFiber who, String operation, Object subject) {}

  private Deadlocks() {}

  /** Nothing runs now: signals {@code deadlock-error} in the first task of {@code main}. */
  static void report(LispIsolate main) {
    List<Wait> waits = new ArrayList<>();
    for (LispIsolate i : main.roster().all()) {
      for (Fiber f : i.waiting()) {
        if (f.waitToken() instanceof Waiter w) {
          waits.add(new Wait((LispFiber) f, w.operation(), w.subject()));
        }
      }
    }
    // The data are main's objects: made in main.
    main.post(new LispFiber(main, null, (LispFiber.Message) t -> signal(t, main, waits)));
  }

  private static Object[] signal(Task t, LispIsolate main, List<Wait> waits) {
    List<Object> data = new ArrayList<>();
    for (Wait w : waits) {
      data.add(
          t.list(
              w.who.lispIsolate(),
              w.who,
              t.symbols().intern(t, operation(w)),
              subject(t, w.subject)));
    }
    main.root().cancel(LispSignal.of(Conditions.DEADLOCK_ERROR, Lisp.list(t.c, data)));
    return new Object[] {LIST};
  }

  /** The name of the function that waits. */
  private static String operation(Wait w) {
    if (w.operation == null) {
      return "wait";
    }
    return switch (w.subject) {
      case LispChannel c -> "send".equals(w.operation) ? "channel-send" : "channel-recv";
      case Mailbox m -> "isolate-receive";
      case LispFiber f -> "task-join";
      case LispIsolate i -> "isolate-join";
      case LispPromise p -> "promise-await";
      case List<?> l -> "channel-select";
      case null, default -> w.operation;
    };
  }

  private static Object subject(Task t, Object subject) {
    return switch (subject) {
      case null -> Symbol.NIL;
      case Mailbox m -> m.of();
      case List<?> l -> Lisp.list(t.c, l);
      default -> subject;
    };
  }
}
