package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferVariable;
import org.elver.lisp.text.Editing;

/** The commands of moving by characters and lines, and of typing. */
final class Cmds {
  private static final Symbol POST_SELF_INSERT_HOOK = Symbol.known("post-self-insert-hook");
  private static final Symbol OVERWRITE_BINARY = Symbol.known("overwrite-mode-binary");

  private Cmds() {}

  static void variables(Task t) {
    Vm.defvar(t, POST_SELF_INSERT_HOOK, Symbol.NIL);
  }

  // ---- Lines
  // -----------------------------------------------------------------------------------------

  /**
   * Where the line begins that is {@code n - 1} below the one of {@code from}; within the
   * narrowing.
   */
  static int lineBeginning(Task t, Buffer b, int from, long n) {
    int begv = b.begv(t.c);
    int zv = b.zv(t.c);
    long rest = n - 1;
    int p = from;
    if (rest <= 0) {
      // The beginning of this line is behind the first newline before it.
      var cursor = b.codes(t.c).cursor(t.c, p - 1);
      while (p > begv) {
        if (cursor.previous() == '\n' && rest++ >= 0) {
          break;
        }
        p--;
        if ((p & 0xFFFF) == 0) {
          t.safepoint();
        }
      }
      return p;
    }
    while (rest > 0 && p < zv) {
      int i = b.codes(t.c).indexOf(t.c, '\n', p - 1, zv - 1);
      if (i < 0) {
        return zv;
      }
      p = i + 2;
      rest--;
    }
    return p;
  }

  /**
   * Where the line ends that is {@code n - 1} below the one of {@code from}; within the narrowing.
   */
  static int lineEnd(Task t, Buffer b, int from, long n) {
    long lines = n - (n <= 0 ? 1 : 0);
    int p = from;
    int zv = b.zv(t.c);
    if (lines > 0) {
      for (long k = lines; k > 0; k--) {
        int i = p >= zv ? -1 : b.codes(t.c).indexOf(t.c, '\n', p - 1, zv - 1);
        if (i < 0) {
          return zv;
        }
        p = k == 1 ? i + 1 : i + 2;
      }
      return p;
    }
    int begv = b.begv(t.c);
    long k = -lines;
    var cursor = b.codes(t.c).cursor(t.c, p - 1);
    while (p > begv) {
      p--;
      if (cursor.previous() == '\n' && --k == 0) {
        return p;
      }
    }
    return begv;
  }

  @Primitive(
      value = "forward-line",
      min = 0,
      interactive = "^p",
      doc =
          "Move N lines forward (default 1), to the beginning of the line.\n"
              + "Return how many lines were lacking; a partial last line counts as one.")
  static Object forwardLine(Task t, Object n) {
    if (n != Symbol.NIL && !Lisp.isInteger(n)) {
      throw LispSignal.wrongType(Q.INTEGERP, n);
    }
    if (n instanceof java.math.BigInteger big) {
      long most = big.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
      return Lisp.integer(big.subtract(java.math.BigInteger.valueOf(most - forwardLines(t, most))));
    }
    return Lisp.integer(forwardLines(t, n == Symbol.NIL ? 1 : Lisp.fixnum(n)));
  }

  /** A number of lines, 1 when left out; one too big for the text is cut off. */
  static long lines(Object n) {
    if (n instanceof java.math.BigInteger big) {
      return big.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    if (n == Symbol.NIL) {
      return 1;
    }
    if (!(n instanceof Long l)) {
      throw LispSignal.wrongType(Q.INTEGERP, n);
    }
    return l;
  }

  private static long forwardLines(Task t, long count) {
    Buffer b = Buffer.current(t);
    int opoint = b.point(t.c);
    int p = opoint;
    int begv = b.begv(t.c);
    int zv = b.zv(t.c);
    if (count > 0) {
      long rest = count;
      while (rest > 0) {
        int i = p >= zv ? -1 : b.codes(t.c).indexOf(t.c, '\n', p - 1, zv - 1);
        if (i < 0) {
          break;
        }
        p = i + 2;
        rest--;
      }
      if (rest > 0) {
        // A last line without newline counts as one, where there is some.
        b.setPoint(t.c, zv);
        return opoint < zv && b.charAt(t.c, zv - 1) != '\n' ? rest - 1 : rest;
      }
      b.setPoint(t.c, p);
      return 0;
    }
    long rest = -count + 1;
    var cursor = b.codes(t.c).cursor(t.c, p - 1);
    boolean found = false;
    while (p > begv) {
      if (cursor.previous() == '\n' && --rest == 0) {
        found = true;
        break;
      }
      p--;
    }
    b.setPoint(t.c, p);
    if (found) {
      return 0;
    }
    // The beginning of the text ends the first line upwards.
    return -(rest - 1);
  }

  @Primitive(
      value = "beginning-of-line",
      min = 0,
      interactive = "^p",
      doc = "Move to the beginning of the line N - 1 lines below, within the field.")
  static Object beginningOfLine(Task t, Object n) {
    long k = n == Symbol.NIL ? 1 : Lisp.fixnum(n);
    Editfns.gotoChar(t, Editfns.lineBeginningPosition(t, k));
    return Symbol.NIL;
  }

  @Primitive(
      value = "end-of-line",
      min = 0,
      interactive = "^p",
      doc = "Move to the end of the line N - 1 lines below, within the field.")
  static Object endOfLine(Task t, Object n) {
    long k = n == Symbol.NIL ? 1 : Lisp.fixnum(n);
    Editfns.gotoChar(t, Editfns.lineEndPosition(t, k));
    return Symbol.NIL;
  }

  // ---- Characters
  // ------------------------------------------------------------------------------------

  private static Object move(Task t, long n) {
    Buffer b = Buffer.current(t);
    long p = b.point(t.c) + n;
    if (p < b.begv(t.c)) {
      b.setPoint(t.c, b.begv(t.c));
      throw new LispSignal(Q.BEGINNING_OF_BUFFER);
    }
    if (p > b.zv(t.c)) {
      b.setPoint(t.c, b.zv(t.c));
      throw new LispSignal(Q.END_OF_BUFFER);
    }
    b.setPoint(t.c, (int) p);
    return Symbol.NIL;
  }

  @Primitive(
      value = "forward-char",
      min = 0,
      interactive = "^p",
      doc = "Move point N characters forward (default 1).")
  static Object forwardChar(Task t, Object n) {
    return move(t, n == Symbol.NIL ? 1 : Lisp.fixnum(n));
  }

  @Primitive(
      value = "backward-char",
      min = 0,
      interactive = "^p",
      doc = "Move point N characters backward (default 1).")
  static Object backwardChar(Task t, Object n) {
    return move(t, n == Symbol.NIL ? -1 : -Lisp.fixnum(n));
  }

  @Primitive(
      value = "delete-char",
      min = 1,
      interactive = "p\nP",
      doc =
          "Delete the N characters after point, or before it if N is negative.\n"
              + "KILLFLAG non-nil: kill them.")
  static Object deleteChar(Task t, Object n, Object killflag) {
    long k = Lisp.fixnum(n);
    Buffer b = Buffer.current(t);
    if (killflag != Symbol.NIL) {
      t.callNamed("kill-forward-chars", n);
      return Symbol.NIL;
    }
    if (Math.abs(k) < 2 && Symbol.known("undo-auto-amalgamate").function(t) != Symbol.NIL) {
      t.callNamed("undo-auto-amalgamate");
    }
    long p = b.point(t.c) + k;
    if (k < 0) {
      if (p < b.begv(t.c)) {
        throw new LispSignal(Q.BEGINNING_OF_BUFFER);
      }
      Editing.delete(t, (int) p, b.point(t.c));
    } else {
      if (p > b.zv(t.c)) {
        throw new LispSignal(Q.END_OF_BUFFER);
      }
      Editing.delete(t, b.point(t.c), (int) p);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "self-insert-command",
      min = 1,
      interactive = "(list (prefix-numeric-value current-prefix-arg) last-command-event)",
      doc = "Insert the character typed, or CHAR, N times; heeds `overwrite-mode' and auto-fill.")
  static Object selfInsertCommand(Task t, Object n, Object character) {
    long k = Lisp.fixnum(n);
    if (k < 0) {
      throw LispSignal.error("Negative repetition argument " + k);
    }
    if (k < 2 && Symbol.known("undo-auto-amalgamate").function(t) != Symbol.NIL) {
      t.callNamed("undo-auto-amalgamate");
    }
    Object c =
        character == Symbol.NIL
            ? Variables.orNil(t, Symbol.known("last-command-event"))
            : character;
    if (!Lisp.isCharacter(c)) {
      throw bell(t);
    }
    int code = (int) (long) (Long) c;
    insertTyped(t, code, k);
    return Symbol.NIL;
  }

  private static RuntimeException bell(Task t) {
    t.callNamed("ding");
    return LispSignal.error("Undefined");
  }

  private static void insertTyped(Task t, int code, long n) {
    Buffer b = Buffer.current(t);
    Object overwrite = BufferVariable.OVERWRITE_MODE.in(t, b);
    if (overwrite != Symbol.NIL && n > 0) {
      overwritten(t, b, code, n, overwrite);
    }
    Object[] one = {(long) code};
    if (n == 1) {
      Inserting.insertAndInherit(t, one);
    } else {
      Inserting.insertChar(t, (long) code, n, Symbol.T);
    }
    Object fill = BufferVariable.AUTO_FILL_FUNCTION.in(t, Buffer.current(t));
    if (fill != Symbol.NIL && fills(t, code)) {
      Buffer now = Buffer.current(t);
      if (code == '\n') {
        now.setPoint(t.c, now.point(t.c) - 1);
      }
      t.call(fill);
      if (code == '\n' && now.point(t.c) < now.zv(t.c)) {
        now.setPoint(t.c, now.point(t.c) + 1);
      }
    }
    if (Editing.isSet(t, POST_SELF_INSERT_HOOK)) {
      t.callNamed("run-hooks", POST_SELF_INSERT_HOOK);
    }
  }

  private static boolean fills(Task t, int code) {
    Object table = Variables.orNil(t, Symbol.known("auto-fill-chars"));
    if (table instanceof org.elver.lisp.chartable.CharTable x) {
      return x.ref(t.c, code) != Symbol.NIL;
    }
    return code == ' ' || code == '\n';
  }

  /** In overwrite mode: deletes what the typed characters replace. */
  private static void overwritten(Task t, Buffer b, int code, long n, Object mode) {
    int p = b.point(t.c);
    int zv = b.zv(t.c);
    if (mode != OVERWRITE_BINARY) {
      if (code == '\n' || p >= zv || b.charAt(t.c, p) == '\n') {
        return;
      }
      int next = b.charAt(t.c, p);
      if (next == '\t') {
        long width =
            BufferVariable.TAB_WIDTH.in(t, b) instanceof Long w && w > 0 && w <= 1000 ? w : 8;
        if ((Indent.columnAt(t, b, p) + 1) % width != 0) {
          return; // A tab is only overwritten where its last column is.
        }
      }
    }
    int to = p;
    for (long i = 0; i < n && to < zv; i++) {
      if (mode != OVERWRITE_BINARY && b.charAt(t.c, to) == '\n') {
        break;
      }
      to++;
    }
    Editing.delete(t, p, to);
  }
}
