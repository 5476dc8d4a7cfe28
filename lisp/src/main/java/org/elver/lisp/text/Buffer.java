package org.elver.lisp.text;

import java.util.Arrays;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;

/**
 * A buffer: its text (shared with its indirect buffers), point and narrowing, mark, overlays and
 * local variables. Positions count from 1. The changes that Lisp can observe (hooks, undo) are made
 * by {@link Editing}; what is here only keeps the state.
 */
public final class Buffer extends HeapObject implements Typed {
  /** Slot numbers: the name (a string; nil when the buffer was killed). */
  public static final int NAME = 0;

  /** The {@link BufferText}. */
  static final int TEXT = 1;

  /** The base buffer of an indirect one, else nil. */
  public static final int BASE = 2;

  /** The mark, a marker. */
  public static final int MARK = 3;

  /** The {@link Locals}. */
  static final int LOCALS = 4;

  /** The overlays, a heap vector; nil: never had any. */
  static final int OVERLAYS = 5;

  /** The local keymap. */
  public static final int KEYMAP = 6;

  /** The syntax table; nil: the standard one. */
  public static final int SYNTAX_TABLE = 7;

  /** The category table; nil: the standard one. */
  public static final int CATEGORY_TABLE = 8;

  /** The downcase table with its extras; nil: the standard one. */
  public static final int CASE_TABLE = 9;

  /** t when hooks are not to run for it ({@code inhibit-buffer-hooks}). */
  public static final int INHIBIT_HOOKS = 10;

  /** The name before it was killed: what {@code buffer-last-name} of later systems tells. */
  static final int LAST_NAME = 11;

  /** When the visited file was last changed: an integer 0 or -1, or a time; nil: unknown. */
  public static final int MODTIME = 12;

  /** How long the visited file was then; nil: unknown. */
  public static final int MODTIME_SIZE = 13;

  /**
   * The slot of the table of representatives that its case table had when it was set, as Lisp may
   * clear that in the case table; nil where the standard table holds.
   */
  public static final int CASE_CANON = 14;

  /** Where the per-buffer variables begin; see {@link BufferVariable}. */
  static final int VARIABLES = 15;

  private Object[] slots;
  private int point = 1;
  private int begv = 1;
  private int zv = 1;

  /**
   * Where the overlays are parted into those before and after, for the order they are listed in.
   */
  private int center = 1;

  /** A buffer of this text; all slots nil and per-buffer variables without own value. */
  Buffer(Context c, BufferText text) {
    super(c);
    slots = new Object[VARIABLES + BufferVariable.count()];
    Arrays.fill(slots, 0, VARIABLES, Symbol.NIL);
    slots[TEXT] = text;
    slots[LOCALS] = Locals.NONE;
  }

  private Buffer(Label label, Object[] slots, int point, int begv, int zv, int center) {
    super(label);
    this.center = center;
    this.slots = slots;
    this.point = point;
    this.begv = begv;
    this.zv = zv;
  }

  private Contents read(Context c) {
    return readsInline(c) ? null : (Contents) versionToRead(c);
  }

  private Contents write(Context c) {
    return writesInline(c) ? null : (Contents) versionToWrite(c);
  }

  // ---- The current buffer ----------------------------------------------------------------------

  /** The task's current buffer. */
  public static Buffer current(Task t) {
    return (Buffer) t.currentBuffer;
  }

  /** Makes it the task's current buffer. */
  public void select(Task t) {
    t.currentBuffer = this;
  }

  // ---- Slots -----------------------------------------------------------------------------------

  /** A slot; null in a per-buffer variable's slot: it has no own value here. */
  public Object slot(Context c, int i) {
    Contents v = read(c);
    return v == null ? slots[i] : v.slots[i];
  }

  /** Sets a slot. */
  public void setSlot(Context c, int i, Object x) {
    Contents v = write(c);
    if (v == null) {
      slots[i] = x;
    } else {
      v.slots[i] = x;
    }
  }

  /** The text and what belongs to it, shared with indirect buffers. */
  BufferText text(Context c) {
    Contents v = read(c);
    return (BufferText) (v == null ? slots[TEXT] : v.slots[TEXT]);
  }

  /** The name, or nil when it was killed. */
  public Object name(Context c) {
    return slot(c, NAME);
  }

  /** Whether it was not killed. */
  public boolean isLive(Context c) {
    return slot(c, NAME) != Symbol.NIL;
  }

  /** The buffer whose text this one shows: its base, or itself. */
  public Buffer base(Context c) {
    return slot(c, BASE) instanceof Buffer b ? b : this;
  }

  /** The mark, which may point nowhere. */
  public Marker mark(Context c) {
    return (Marker) slot(c, MARK);
  }

  /** The overlays, in no order; null when it never had any. */
  Vector overlays(Context c) {
    return slot(c, OVERLAYS) instanceof Vector v ? v : null;
  }

  /** Whether the text is of characters rather than bytes. */
  public boolean isMultibyte(Context c) {
    return slot(c, BufferVariable.MULTIBYTE.slot()) != Symbol.NIL;
  }

  /** The value of a per-buffer variable here. */
  public Object get(Task t, BufferVariable variable) {
    return variable.in(t, this);
  }

  // ---- Positions -------------------------------------------------------------------------------

  public int point(Context c) {
    Contents v = read(c);
    return v == null ? point : v.point;
  }

  /** Sets point, which must be within the narrowing. */
  public void setPoint(Context c, int x) {
    Contents v = write(c);
    if (v == null) {
      point = x;
    } else {
      v.point = x;
    }
  }

  /** The first accessible position: {@code point-min}. */
  public int begv(Context c) {
    Contents v = read(c);
    return v == null ? begv : v.begv;
  }

  /** The position behind the accessible text: {@code point-max}. */
  public int zv(Context c) {
    Contents v = read(c);
    return v == null ? zv : v.zv;
  }

  /** The position behind all text. */
  public int z(Context c) {
    return text(c).length(c) + 1;
  }

  /** Sets the narrowing; point is not looked at. */
  public void setNarrowing(Context c, int from, int to) {
    Contents v = write(c);
    if (v == null) {
      begv = from;
      zv = to;
    } else {
      v.begv = from;
      v.zv = to;
    }
  }

  /** Moves the narrowing's end for an insertion. */
  void inserted(Context c, int at, int n) {
    Contents v = write(c);
    if (v == null) {
      zv += n;
      center = center >= at ? center + n : center;
    } else {
      v.zv += n;
      v.center = v.center >= at ? v.center + n : v.center;
    }
  }

  private static int closed(int p, int from, int to) {
    return p >= to ? p - (to - from) : Math.min(p, from);
  }

  /** Moves the narrowing for a deletion. */
  void deleted(Context c, int from, int to) {
    int a = closed(begv(c), from, to);
    int z = closed(zv(c), from, to);
    setNarrowing(c, a, z);
    setCenter(c, closed(center(c), from, to));
  }

  /** Where overlays are parted. */
  public int center(Context c) {
    Contents v = read(c);
    return v == null ? center : v.center;
  }

  /** Says where overlays are parted. */
  public void setCenter(Context c, int x) {
    Contents v = write(c);
    if (v == null) {
      center = x;
    } else {
      v.center = x;
    }
  }

  /** Makes all text accessible. */
  public void widen(Context c) {
    setNarrowing(c, 1, z(c));
  }

  // ---- Text ------------------------------------------------------------------------------------

  /** The character (in a unibyte buffer: the byte) after {@code pos}, which must exist. */
  public int charAt(Context c, int pos) {
    return text(c).text.codeAt(c, pos - 1);
  }

  /** The character after {@code pos} as a character: bytes of a unibyte buffer as raw bytes. */
  public int characterAt(Context c, int pos) {
    int code = charAt(c, pos);
    return code >= 128 && code < 256 && !isMultibyte(c) ? code + LispString.RAW_BYTE : code;
  }

  /** The codes of a range. */
  public int[] codes(Context c, int from, int to) {
    int[] a = new int[to - from];
    text(c).text.getCodes(c, from - 1, to - 1, a, 0);
    return a;
  }

  /** A range as a string, with its text properties when {@code properties}. */
  public LispString substring(Context c, int from, int to, boolean properties) {
    int[] a = codes(c, from, to);
    LispString s = LispString.of(c, a, isMultibyte(c));
    if (properties) {
      Intervals all = intervals(c);
      if (all != null) {
        s.setProperties(c, Intervals.pruned(Intervals.slice(all, from - 1, to - 1)));
      }
    }
    return s;
  }

  /** The heap text; index i is position i + 1. Not to be changed but through {@link Editing}. */
  public org.elver.heap.object.Text codes(Context c) {
    return text(c).text;
  }

  /** The text properties of the whole text; null when it has none. */
  public Intervals intervals(Context c) {
    return text(c).properties(c);
  }

  /** Replaces the text properties; ticks and hooks are up to the caller. */
  public void setIntervals(Context c, Intervals x) {
    text(c).setProperties(c, x);
  }

  /** Whether a marker points at a position. */
  public boolean hasMarkerAt(Context c, int pos) {
    boolean[] found = new boolean[1];
    text(c).forEachMarker(c, pos, pos, (m, at, advances) -> found[0] = true);
    return found[0];
  }

  // ---- Ticks -----------------------------------------------------------------------------------

  /** The modification tick. */
  public long modiff(Context c) {
    return text(c).tick(c, BufferText.MODIFF);
  }

  /** The tick of the last change of characters. */
  public long charsModiff(Context c) {
    return text(c).tick(c, BufferText.CHARS_MODIFF);
  }

  /** Whether it was modified since it was saved. */
  public boolean isModified(Context c) {
    BufferText x = text(c);
    return x.tick(c, BufferText.SAVE_MODIFF) < x.tick(c, BufferText.MODIFF);
  }

  /** Says whether it was modified since it was saved. */
  public void setModified(Context c, boolean modified) {
    BufferText x = text(c);
    if (!modified) {
      x.setTick(c, BufferText.SAVE_MODIFF, x.tick(c, BufferText.MODIFF));
    } else if (!isModified(c)) {
      x.setTick(c, BufferText.SAVE_MODIFF, x.tick(c, BufferText.MODIFF));
      x.setTick(c, BufferText.MODIFF, x.tick(c, BufferText.MODIFF) + 1);
    }
  }

  /** Whether it was auto-saved since it was saved. */
  public boolean isAutoSaved(Context c) {
    BufferText x = text(c);
    return x.tick(c, BufferText.SAVE_MODIFF) < x.tick(c, BufferText.AUTOSAVE_MODIFF);
  }

  /** Whether it was modified since it was saved or auto-saved. */
  public boolean needsAutoSave(Context c) {
    BufferText x = text(c);
    return isModified(c) && x.tick(c, BufferText.AUTOSAVE_MODIFF) < x.tick(c, BufferText.MODIFF);
  }

  /** Says that it was auto-saved as it is now. */
  public void setAutoSaved(Context c) {
    BufferText x = text(c);
    x.setTick(c, BufferText.AUTOSAVE_MODIFF, x.tick(c, BufferText.MODIFF));
  }

  // ---- Arguments -------------------------------------------------------------------------------

  /** A position argument: an integer or a marker's position. Not clamped. */
  public static long position(Task t, Object x) {
    if (x instanceof Long l) {
      return l;
    }
    if (x instanceof Marker m) {
      return m.requirePosition(t.c);
    }
    if (x instanceof java.math.BigInteger b) {
      return b.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    throw LispSignal.wrongType(Q.INTEGER_OR_MARKER_P, x);
  }

  /** The integer or marker as an integer object, for error data. */
  private static Object positionObject(Task t, Object x) {
    return x instanceof Marker m ? (Object) (long) m.requirePosition(t.c) : x;
  }

  /** Two positions of this buffer's accessible text, in order; signals when they are not. */
  public int[] region(Task t, Object start, Object end) {
    long a = position(t, start);
    long b = position(t, end);
    if (a > b) {
      long x = a;
      a = b;
      b = x;
    }
    if (a < begv(t.c) || b > zv(t.c)) {
      throw LispSignal.outOfRange(
          this,
          start instanceof Marker ? positionObject(t, start) : start,
          end instanceof Marker ? positionObject(t, end) : end);
    }
    return new int[] {(int) a, (int) b};
  }

  /** The buffer argument: nil means the current one, a name the one of that name. */
  public static Buffer orCurrent(Task t, Object x) {
    if (x == Symbol.NIL) {
      return current(t);
    }
    if (x instanceof Buffer b) {
      return b;
    }
    throw LispSignal.wrongType(Q.BUFFERP, x);
  }

  // ---- Versions --------------------------------------------------------------------------------

  private static final class Contents extends Version {
    Object[] slots;
    int point;
    int begv;
    int zv;
    int center;

    Contents(Buffer b, Contents from, Epoch epoch, Epoch base) {
      super(b, from, epoch, base);
      if (from == null) {
        slots = b.slots.clone();
        point = b.point;
        begv = b.begv;
        zv = b.zv;
        center = b.center;
      } else {
        slots = from.slots.clone();
        point = from.point;
        begv = from.begv;
        zv = from.zv;
        center = from.center;
      }
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version version) {
    Contents v = (Contents) version;
    slots = v.slots;
    point = v.point;
    begv = v.begv;
    zv = v.zv;
    center = v.center;
  }

  @Override
  protected void clearInline() {
    slots = null;
  }

  private Object[] walk(Context view) {
    Contents v = (Contents) versionToWalk(view);
    return v == null ? slots : v.slots;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Object[] all = walk(view);
    for (int i = 0; i < all.length; i++) {
      visitor.visit(all[i], i);
    }
    ((Locals) all[LOCALS]).forEach(x -> visitor.visit(x, LOCALS));
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return ordinal < VARIABLES ? "buffer slot " + ordinal : "variable of the buffer";
  }

  @Override
  public Buffer copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    return v == null
        ? new Buffer(label, slots.clone(), point, begv, zv, center)
        : new Buffer(label, v.slots.clone(), v.point, v.begv, v.zv, v.center);
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    Object[] own = v == null ? slots : v.slots;
    for (int i = 0; i < own.length; i++) {
      own[i] = own[i] instanceof Locals l ? l.map(replacement) : replacement.apply(own[i]);
    }
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return System.identityHashCode(this);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other == this;
  }

  @Override
  public Symbol lispType() {
    return Q.BUFFER;
  }

  /** For messages of Java only. */
  @Override
  public String toString() {
    return "#<buffer>";
  }

  /** Nil-safe: the symbol {@code t} or nil. */
  static Object bool(boolean b) {
    return Lisp.bool(b);
  }
}
