package org.elver.lisp.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.code.ByteCode;
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
    Object[] running = runningPrimitive(t);
    if (running != null) {
      all.add(new Shown(true, running[0], Arrays.asList(running).subList(1, running.length)));
    }
    for (int i = t.frameCount() - 1; i >= 0; i--) {
      if (!isForm(t, i)) {
        all.add(new Shown(true, function(t, i), Arrays.asList(arguments(t, i))));
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

  /** The function of frame {@code i}, as it was called. */
  public static Object function(Task t, int i) {
    return t.stack[t.frameBase(i) - 1];
  }

  /** The arguments of frame {@code i}, as they are now: those that it was given. */
  public static Object[] arguments(Task t, int i) {
    int base = t.frameBase(i);
    Object[] all = Arrays.copyOfRange(t.stack, base, base + t.frameArgs(i));
    if (!(t.frameFunction[i] instanceof ByteCode b) || b.minArgs < 0) {
      return all;
    }
    if (b.rest && all.length > b.maxArgs) {
      Object rest = t.stack[base + b.maxArgs];
      for (int k = b.maxArgs; k < all.length; k++) {
        all[k] = Lisp.carSafe(t.c, rest);
        rest = Lisp.cdrSafe(t.c, rest);
      }
    }
    // A closure in list form has its environment in front.
    return Calls.isListedClosure(t, b) ? Arrays.copyOfRange(all, 1, all.length) : all;
  }

  /** Whether frame {@code i} is code of a form being evaluated rather than of a function. */
  public static boolean isForm(Task t, int i) {
    return t.frameFunction[i] instanceof ByteCode
        && function(t, i) instanceof ByteCode b
        && b.isForm();
  }

  /** The arguments of the primitive that is running, with its function first; null: none is. */
  private static Object[] runningPrimitive(Task t) {
    return t.callArgs < 0 ? null : Arrays.copyOfRange(t.stack, t.sp - t.callArgs - 1, t.sp);
  }
}
