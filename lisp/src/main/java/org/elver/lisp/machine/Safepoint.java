package org.elver.lisp.machine;

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

  private Safepoint() {}

  /** Asks {@code t} for something. Any thread. */
  static void request(Task t, int what) {
    t.requests.add(what);
  }

  /** Whether anything is asked of {@code t}. Any thread. */
  static boolean isRequested(Task t) {
    return t.requests.any();
  }

  /** Does what is requested; true: others should run now. By the task's runner. */
  static boolean attend(Task t) {
    boolean yields = false;
    if (t.requests.take(END)) {
      throw ended(t);
    }
    Scheduling scheduling = t.scheduling();
    if (t.requests.take(ATTENTION) && scheduling != null) {
      yields = scheduling.attend(t);
    }
    if (t.requests.has(QUIT) && !Lisp.isTrue(Q.INHIBIT_QUIT.rawValue(t))) {
      t.requests.take(QUIT);
      throw new LispSignal(Q.QUIT);
    }
    return yields;
  }

  private static Shutdown ended(Task t) {
    int status = t.requests.endStatus;
    try {
      t.callNamed("kill-emacs", (long) status);
    } catch (LispSignal | LispThrow | StackOverflowError e) {
      return new Shutdown(status); // Whatever a hook does, it is the end.
    }
    return new Shutdown(status);
  }
}
