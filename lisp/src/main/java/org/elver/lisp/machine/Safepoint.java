package org.elver.lisp.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;

/**
 * What other threads ask of a task, and what it does about it where it looks: it quits, looks at
 * what schedules it, or ends the program.
 */
final class Safepoint {
  static final int QUIT = 1;
  static final int ATTENTION = 2;
  static final int END = 4;

  private static final VarHandle POLL;

  static {
    try {
      POLL = MethodHandles.lookup().findVarHandle(Task.class, "poll", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Safepoint() {}

  /** Asks {@code t} for something. Any thread. */
  static void request(Task t, int what) {
    POLL.getAndBitwiseOr(t, what);
  }

  /** Whether anything is asked of {@code t}. Any thread. */
  static boolean isRequested(Task t) {
    return (int) POLL.getOpaque(t) != 0;
  }

  /** Does what is requested; true: others should run now. By the task's runner. */
  static boolean attend(Task t) {
    boolean yields = false;
    if (((int) POLL.getAndBitwiseAnd(t, ~END) & END) != 0) {
      throw ended(t);
    }
    Scheduling scheduling = t.scheduling();
    if (((int) POLL.getAndBitwiseAnd(t, ~ATTENTION) & ATTENTION) != 0 && scheduling != null) {
      yields = scheduling.attend(t);
    }
    if (((int) POLL.getOpaque(t) & QUIT) != 0 && !Lisp.isTrue(Q.INHIBIT_QUIT.rawValue(t))) {
      POLL.getAndBitwiseAnd(t, ~QUIT);
      throw new LispSignal(Q.QUIT);
    }
    return yields;
  }

  private static Shutdown ended(Task t) {
    int status = t.endStatus;
    try {
      t.callNamed("kill-emacs", (long) status);
    } catch (LispSignal | LispThrow | StackOverflowError e) {
      return new Shutdown(status); // Whatever a hook does, it is the end.
    }
    return new Shutdown(status);
  }
}
