package org.elver.lisp.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The frames of a running task as a program sees them in backtraces. */
public final class Frames {
  private static final Symbol SIGNAL = Symbol.known("signal");
  private static final Symbol SIGNAL_IN = Symbol.known("elver--signal-in");
  private static final Symbol EVAL_LATE = Symbol.known("elver--eval-late");
  private static final Symbol USER_ERROR = Symbol.known("user-error");

  private Frames() {}

  /** A frame; {@code evaluated}: what follows the function are values, not the forms of a call. */
  public record Shown(boolean evaluated, Object function, List<Object> arguments) {}

  /** The frames, innermost first. */
  public static List<Shown> of(Task t) {
    List<Shown> all = new ArrayList<>();
    Object[] running = t.runningPrimitive();
    if (running != null) {
      all.add(new Shown(true, running[0], Arrays.asList(running).subList(1, running.length)));
    }
    for (int i = t.frameCount() - 1; i >= 0; i--) {
      if (!t.isEvalFrame(i)) {
        all.add(new Shown(true, t.frameFunction(i), Arrays.asList(t.frameArguments(i))));
      }
    }
    return asWritten(t, all);
  }

  /** Without the functions that compiled code needs where what was written has none. */
  private static List<Shown> asWritten(Task t, List<Shown> frames) {
    List<Shown> all = new ArrayList<>();
    for (Shown s : frames) {
      if (s.function == EVAL_LATE || s.function == SIGNAL_IN) {
        if (!s.arguments.isEmpty() && s.arguments.get(0) instanceof Pair form) {
          all.add(new Shown(false, form.first(t.c), Lisp.elements(t.c, form.second(t.c))));
        }
        continue;
      }
      if ((s.function == Q.ERROR || s.function == USER_ERROR)
          && !all.isEmpty()
          && all.getLast().function == SIGNAL) {
        all.removeLast(); // It is clear from the name.
      }
      all.add(s);
    }
    return all;
  }
}
