package org.elver.lisp.text;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Redirect;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * A variable that every buffer may have its own value of, in a slot of the buffer. The default
 * value is in the symbol's value slot.
 */
public final class BufferVariable implements Redirect {
  /** What values a variable takes. */
  private enum Kind {
    ANY,
    INTEGER,
    STRING,
    SYMBOL,
    NUMBER,
    FRACTION,
    SCROLL_BAR,
    OVERWRITE,
    CONSTANT
  }

  private static final List<BufferVariable> ALL = new ArrayList<>();

  // In the order in which buffer-local-variables shows them, the last first.
  public static final BufferVariable FILE_NAME = own("buffer-file-name", Kind.STRING);
  public static final BufferVariable DIRECTORY = own("default-directory", Kind.STRING);
  public static final BufferVariable BACKED_UP = own("buffer-backed-up", Kind.ANY);
  public static final BufferVariable SAVED_SIZE = own("buffer-saved-size", Kind.INTEGER, 0L);
  public static final BufferVariable AUTO_SAVE_FILE_NAME =
      own("buffer-auto-save-file-name", Kind.STRING);
  public static final BufferVariable READ_ONLY = own("buffer-read-only", Kind.ANY);
  public static final BufferVariable MAJOR_MODE =
      own("major-mode", Kind.SYMBOL, Symbol.known("fundamental-mode"));
  public static final BufferVariable LOCAL_MINOR_MODES = own("local-minor-modes", Kind.ANY);
  public static final BufferVariable MODE_NAME = own("mode-name", Kind.ANY);

  static {
    plain("mode-line-format", Kind.ANY, "%-");
    plain("header-line-format", Kind.ANY, Symbol.NIL);
    plain("tab-line-format", Kind.ANY, Symbol.NIL);
  }

  public static final BufferVariable ABBREV_TABLE =
      plain("local-abbrev-table", Kind.ANY, Symbol.NIL);
  public static final BufferVariable CASE_FOLD_SEARCH =
      plain("case-fold-search", Kind.ANY, Symbol.T);
  public static final BufferVariable TAB_WIDTH = plain("tab-width", Kind.INTEGER, 8L);
  public static final BufferVariable FILL_COLUMN = plain("fill-column", Kind.INTEGER, 70L);
  public static final BufferVariable LEFT_MARGIN = plain("left-margin", Kind.INTEGER, 0L);
  public static final BufferVariable AUTO_FILL_FUNCTION =
      plain("auto-fill-function", Kind.ANY, Symbol.NIL);
  public static final BufferVariable TRUNCATE_LINES =
      plain("truncate-lines", Kind.ANY, Symbol.NIL, true);

  static {
    plain("word-wrap", Kind.ANY, Symbol.NIL);
  }

  public static final BufferVariable CTL_ARROW = plain("ctl-arrow", Kind.ANY, Symbol.T);

  static {
    plain("bidi-display-reordering", Kind.ANY, Symbol.T);
    plain("bidi-paragraph-direction", Kind.ANY, Symbol.NIL);
    plain("bidi-paragraph-separate-re", Kind.ANY, Symbol.NIL);
    plain("bidi-paragraph-start-re", Kind.ANY, Symbol.NIL);
  }

  public static final BufferVariable SELECTIVE_DISPLAY =
      plain("selective-display", Kind.ANY, Symbol.NIL);
  public static final BufferVariable SELECTIVE_DISPLAY_ELLIPSES =
      plain("selective-display-ellipses", Kind.ANY, Symbol.T);
  public static final BufferVariable OVERWRITE_MODE =
      plain("overwrite-mode", Kind.OVERWRITE, Symbol.NIL);
  public static final BufferVariable ABBREV_MODE = plain("abbrev-mode", Kind.ANY, Symbol.NIL);
  public static final BufferVariable DISPLAY_TABLE =
      plain("buffer-display-table", Kind.ANY, Symbol.NIL);
  public static final BufferVariable MARK_ACTIVE = own("mark-active", Kind.ANY);
  public static final BufferVariable MULTIBYTE =
      own("enable-multibyte-characters", Kind.CONSTANT, Symbol.T);
  public static final BufferVariable FILE_CODING_SYSTEM =
      plain("buffer-file-coding-system", Kind.ANY, Symbol.NIL, true);
  public static final BufferVariable FILE_FORMAT = own("buffer-file-format", Kind.ANY);
  public static final BufferVariable AUTO_SAVE_FILE_FORMAT =
      own("buffer-auto-save-file-format", Kind.ANY, Symbol.T);

  static {
    plain("cache-long-scans", Kind.ANY, Symbol.T);
  }

  public static final BufferVariable POINT_BEFORE_SCROLL = own("point-before-scroll", Kind.ANY);
  public static final BufferVariable FILE_TRUENAME = own("buffer-file-truename", Kind.STRING);
  public static final BufferVariable INVISIBILITY_SPEC =
      own("buffer-invisibility-spec", Kind.ANY, Symbol.T);
  public static final BufferVariable DISPLAY_COUNT = own("buffer-display-count", Kind.INTEGER, 0L);

  static {
    plain("left-margin-width", Kind.INTEGER, 0L);
    plain("right-margin-width", Kind.INTEGER, 0L);
    plain("left-fringe-width", Kind.INTEGER, Symbol.NIL);
    plain("right-fringe-width", Kind.INTEGER, Symbol.NIL);
    plain("fringes-outside-margins", Kind.ANY, Symbol.NIL);
    plain("scroll-bar-width", Kind.INTEGER, Symbol.NIL);
    plain("scroll-bar-height", Kind.INTEGER, Symbol.NIL);
    plain("vertical-scroll-bar", Kind.SCROLL_BAR, Symbol.T);
    plain("horizontal-scroll-bar", Kind.ANY, Symbol.T);
    plain("indicate-empty-lines", Kind.ANY, Symbol.NIL);
    plain("indicate-buffer-boundaries", Kind.ANY, Symbol.NIL);
    plain("fringe-indicator-alist", Kind.ANY, Symbol.NIL);
    plain("fringe-cursor-alist", Kind.ANY, Symbol.NIL);
  }

  public static final BufferVariable DISPLAY_TIME = own("buffer-display-time", Kind.ANY);

  static {
    plain("scroll-up-aggressively", Kind.FRACTION, Symbol.NIL);
    plain("scroll-down-aggressively", Kind.FRACTION, Symbol.NIL);
    plain("cursor-type", Kind.ANY, Symbol.T);
    plain("line-spacing", Kind.NUMBER, Symbol.NIL);
    plain("cursor-in-non-selected-windows", Kind.ANY, Symbol.T);
  }

  public static final BufferVariable UNDO_LIST = own("buffer-undo-list", Kind.ANY);

  private static final Symbol OVERWRITE_TEXTUAL = Symbol.known("overwrite-mode-textual");
  private static final Symbol OVERWRITE_BINARY = Symbol.known("overwrite-mode-binary");
  private static final Symbol LEFT = Symbol.known("left");
  private static final Symbol RIGHT = Symbol.known("right");

  private final Symbol symbol;
  private final int number;
  private final Kind kind;

  /** The first default; a Java string stands for a Lisp one. */
  private final Object first;

  /** Whether all buffers have an own value always. */
  private final boolean always;

  /** Whether {@code kill-all-local-variables} leaves it alone. */
  private final boolean permanent;

  private BufferVariable(String name, Kind kind, Object first, boolean always, boolean permanent) {
    symbol = Symbol.known(name);
    number = ALL.size();
    this.kind = kind;
    this.first = first;
    this.always = always;
    this.permanent = permanent;
    ALL.add(this);
  }

  private static BufferVariable own(String name, Kind kind) {
    return new BufferVariable(name, kind, Symbol.NIL, true, true);
  }

  private static BufferVariable own(String name, Kind kind, Object first) {
    return new BufferVariable(name, kind, first, true, true);
  }

  private static BufferVariable plain(String name, Kind kind, Object first) {
    return new BufferVariable(name, kind, first, false, false);
  }

  private static BufferVariable plain(String name, Kind kind, Object first, boolean permanent) {
    return new BufferVariable(name, kind, first, false, permanent);
  }

  /** The variable with {@link #number} {@code i}. */
  public static BufferVariable numbered(int i) {
    return ALL.get(i);
  }

  /** Its number, the same in every VM. */
  public int number() {
    return number;
  }

  /** How many there are. */
  static int count() {
    return ALL.size();
  }

  /** All, in order of their slots. */
  static List<BufferVariable> all() {
    return java.util.Collections.unmodifiableList(ALL);
  }

  /** Those that changing the major mode leaves alone and that say so. */
  public static List<BufferVariable> permanentOnes() {
    return ALL.stream()
        .filter(
            v ->
                v.permanent
                    && v != MAJOR_MODE
                    && v != MODE_NAME
                    && v != LOCAL_MINOR_MODES
                    && v != INVISIBILITY_SPEC)
        .toList();
  }

  /** Makes all the symbols variables of this kind: once per VM. */
  public static void define(Task t) {
    for (BufferVariable v : ALL) {
      Object x = v.first instanceof String s ? LispString.of(t.c, s) : v.first;
      v.symbol.setRawValue(t, x);
      v.symbol.setFlags(
          t, v.symbol.flags(t) | Symbol.SPECIAL | (v.kind == Kind.CONSTANT ? Symbol.CONSTANT : 0));
      v.symbol.setRedirect(t, v);
    }
  }

  /** The buffer's slot. */
  public int slot() {
    return Buffer.VARIABLES + number;
  }

  public Symbol symbol() {
    return symbol;
  }

  /** Whether all buffers have an own value always. */
  boolean isAlways() {
    return always;
  }

  boolean isPermanent() {
    return permanent;
  }

  /** Whether the buffer has its own value. */
  boolean isLocal(Task t, Buffer b) {
    return always || b.slot(t.c, slot()) != null;
  }

  /** The value in a buffer. */
  public Object in(Task t, Buffer b) {
    Object x = b.slot(t.c, slot());
    return x == null ? symbol.rawValue(t) : x;
  }

  /** Sets the value in a buffer, unchecked. */
  public void setIn(Task t, Buffer b, Object x) {
    b.setSlot(t.c, slot(), x);
  }

  /** Has the buffer use the default value. */
  void reset(Task t, Buffer b) {
    b.setSlot(t.c, slot(), null);
  }

  private void check(Object x) {
    if (x == Symbol.NIL) {
      return;
    }
    switch (kind) {
      case INTEGER -> require(Lisp.isInteger(x), Q.INTEGERP, x);
      case STRING -> require(x instanceof LispString, Q.STRINGP, x);
      case SYMBOL -> require(x instanceof Symbol, Q.SYMBOLP, x);
      case NUMBER -> require(Lisp.isNumber(x), Q.NUMBERP, x);
      case FRACTION -> {
        if (!(x instanceof Double d && d >= 0 && d <= 1)) {
          throw LispSignal.error("Value should be from 0.0 to 1.0");
        }
      }
      case SCROLL_BAR -> {
        if (x != Symbol.T && x != LEFT && x != RIGHT) {
          throw LispSignal.error("One of nil, t, left or right should be specified");
        }
      }
      case OVERWRITE -> {
        if (x != OVERWRITE_TEXTUAL && x != OVERWRITE_BINARY) {
          throw LispSignal.error(
              "One of nil, overwrite-mode-textual or overwrite-mode-binary should be specified");
        }
      }
      default -> {}
    }
  }

  private static void require(boolean b, Symbol predicate, Object x) {
    if (!b) {
      throw LispSignal.wrongType(predicate, x);
    }
  }

  @Override
  public Object get(Task t, Symbol s) {
    Buffer b = Buffer.current(t);
    return b == null ? symbol.rawValue(t) : in(t, b); // There is none while a VM is being made.
  }

  @Override
  public void set(Task t, Symbol s, Object value) {
    check(value);
    Buffer b = Buffer.current(t);
    if (!isLocal(t, b) && isDefaultBound(t, b)) {
      symbol.setRawValue(t, value);
    } else {
      setIn(t, b, value);
    }
  }

  /** Whether the default value was bound while {@code b} was current: setting sets it then. */
  private boolean isDefaultBound(Task t, Buffer b) {
    return t.anyCleanup(
        x -> x instanceof Restore r && r.variable == this && r.buffer == null && r.current == b);
  }

  @Override
  public Object getDefault(Task t, Symbol s) {
    return symbol.rawValue(t);
  }

  @Override
  public void setDefault(Task t, Symbol s, Object value) {
    symbol.setRawValue(t, value);
  }

  @Override
  public void bind(Task t, Symbol s, Object value) {
    Buffer b = Buffer.current(t);
    if (isLocal(t, b)) {
      check(value);
      t.onUnbind(new Restore(this, b, b, in(t, b)));
      setIn(t, b, value);
    } else {
      t.onUnbind(new Restore(this, null, b, symbol.rawValue(t)));
      symbol.setRawValue(t, value);
    }
  }

  /**
   * Takes a binding back: in a buffer, or the default one's.
   *
   * @param variable the variable
   * @param buffer where it was bound; null: the default value was
   * @param current the buffer that was current
   * @param old the value before
   */
  private record Restore(BufferVariable variable, Buffer buffer, Buffer current, Object old)
      implements Cleanup {
    @Override
    public void run(Task t) {
      if (buffer == null) {
        variable.symbol.setRawValue(t, old);
      } else if (buffer.isLive(t.c) && variable.isLocal(t, buffer)) {
        variable.setIn(t, buffer, old);
      }
    }

    @Override
    public Cleanup swapped(Task t) {
      if (buffer == null) {
        Object now = variable.symbol.rawValue(t);
        variable.symbol.setRawValue(t, old);
        return new Restore(variable, null, current, now);
      }
      if (buffer.isLive(t.c) && variable.isLocal(t, buffer)) {
        Object now = variable.in(t, buffer);
        variable.setIn(t, buffer, old);
        return new Restore(variable, buffer, current, now);
      }
      return this;
    }
  }
}
