package org.elver.lisp.isolate;

import java.util.List;
import org.elver.lisp.machine.Frames;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.ErrorText;
import org.elver.lisp.print.Printer;

/**
 * What is noted of an error that nobody handles, as text, for those to whom its objects say
 * nothing.
 */
final class Traces {
  /** So many frames are shown at the inner and at the outer end. */
  private static final int ENDS = 30;

  /** So long a line gets. */
  private static final int WIDTH = 400;

  private Traces() {}

  /** The active calls, innermost first, a line each. */
  static String backtrace(Task t) {
    CodeBuffer b = new CodeBuffer();
    t.withGrace(() -> print(t, b));
    return b.toString();
  }

  private static void print(Task t, CodeBuffer b) {
    int mark = t.bindingMark();
    try {
      t.bind(Q.PRINT_LENGTH, 10L);
      t.bind(Q.PRINT_LEVEL, 4L);
      t.bind(Q.PRINT_ESCAPE_NEWLINES, Symbol.T);
      List<Frames.Shown> frames = Frames.of(t);
      for (int i = 0; i < frames.size(); i++) {
        if (i == ENDS && frames.size() > 2 * ENDS) {
          b.append("  ...\n");
          i = frames.size() - ENDS;
        }
        int start = b.length();
        line(t, b, frames.get(i));
        if (b.length() - start > WIDTH) {
          b.truncate(start + WIDTH);
          b.append("...");
        }
        b.append('\n');
      }
    } finally {
      t.unbindTo(mark);
    }
  }

  private static void line(Task t, CodeBuffer b, Frames.Shown s) {
    Object arguments = Lisp.list(t.c, s.arguments());
    b.append("  ");
    if (s.evaluated()) {
      Printer.print(t, b, s.function(), true);
      if (arguments == Symbol.NIL) {
        b.append("()");
      } else {
        Printer.print(t, b, arguments, true);
      }
    } else {
      Printer.print(t, b, t.cons(s.function(), arguments), true);
    }
  }

  /** The error as a message for users; never fails. */
  static String message(Task t, Object error) {
    try {
      CodeBuffer b = new CodeBuffer();
      ErrorText.print(t, b, error);
      return b.toString();
    } catch (RuntimeException e) {
      return "peculiar error";
    }
  }
}
