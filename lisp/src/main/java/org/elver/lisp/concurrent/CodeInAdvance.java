package org.elver.lisp.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Has the code of functions made before an isolate forks.
 *
 * <p>A function of a loaded file has its code made when it is called first, by whoever calls it and
 * for that isolate only: what macros expand to there is nobody else's business. If that were left
 * to the forks, each would compile the program again, and none would run long enough for the
 * compiler of byte-code to take notice. So all that the fork's function can reach is made here,
 * once for all forks: they find the code in the functions, or (where others see these, too, who may
 * have changed what the macros expand to) in the {@link Memo} that they begin with.
 */
final class CodeInAdvance {
  /** How many functions a fork of which there may be only one is worth. */
  private static final int FOR_ONE = 64;

  private CodeInAdvance() {}

  /** For one fork that calls {@code function}. */
  static void make(Task t, Object function) {
    make(t, function, FOR_ONE);
  }

  /** For many forks that call {@code function}. */
  static void makeAll(Task t, Object function) {
    make(t, function, Integer.MAX_VALUE);
  }

  /**
   * Makes the code of {@code function} and of the functions that it names or holds, and so on,
   * until {@code most} have been made. Functions that were gone through before are not gone through
   * again, so that all but the first fork cost one look.
   */
  private static void make(Task t, Object function, int most) {
    ByteCode first = toGoThrough(t, function);
    if (first == null) {
      return;
    }
    Deque<ByteCode> todo = new ArrayDeque<>();
    todo.add(first);
    int left = most;
    while (left > 0 && !todo.isEmpty()) {
      ByteCode b = todo.poll();
      if (isDone(t, b)) {
        continue;
      }
      setDone(t, b);
      left--;
      if (b.isUnmade() && !tryMake(t, b)) {
        continue;
      }
      for (Object x : b.constants(t.c)) {
        ByteCode next = toGoThrough(t, x);
        if (next != null) {
          todo.add(next);
        }
      }
    }
  }

  /**
   * The function {@code x}, or named by it, if it is to be gone through; else null. What is others'
   * too and has its code, like the library, is not.
   */
  private static ByteCode toGoThrough(Task t, Object x) {
    Object f = x instanceof Symbol s ? s.function(t) : x;
    return f instanceof ByteCode b
            && !b.isPrepared() // First, since this is asked at each fork.
            && (b.isUnmade() || t.c.created(b))
            && !isDone(t, b)
        ? b
        : null;
  }

  private static boolean isDone(Task t, ByteCode b) {
    return b.isPrepared() || Memo.of(t.c).get(Memo.Kind.PREPARED, b) != null;
  }

  /** In the function itself if it is this isolate's alone: then its code will be there, too. */
  private static void setDone(Task t, ByteCode b) {
    if (t.c.created(b)) {
      b.setPrepared();
    } else {
      Memo.of(t.c).put(Memo.Kind.PREPARED, b, b);
    }
  }

  /** False: an error came of it, which is left to whoever calls the function. */
  private static boolean tryMake(Task t, ByteCode b) {
    boolean[] made = {false};
    t.handling(
        Q.ERROR,
        () -> {
          b.made(t.c);
          made[0] = true;
          return Symbol.NIL;
        },
        error -> Symbol.NIL);
    return made[0];
  }

  @Primitive(
      value = "elver--make-code",
      doc = "Have the code made that FUNCTION reaches, once for all forks that are to call it.")
  static Object makeCode(Task t, Object function) {
    makeAll(t, function);
    return Symbol.NIL;
  }
}
