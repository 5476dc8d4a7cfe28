package org.elver.lisp.chartable;

import java.util.Arrays;
import java.util.function.BiPredicate;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.Comparand;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Sequence;
import org.elver.lisp.object.Symbol;

/**
 * A char-table. Its slots are those that its printed form shows: default, parent, purpose, the
 * values of ASCII characters (a value or the part that holds them, found through the contents too),
 * the contents of 64 chunks of 65536 characters, and extra slots.
 */
public final class CharTable extends Slots implements Sequence, Comparand {
  /** The greatest number of extra slots. */
  public static final int MAX_EXTRAS = 10;

  /** The number of slots before the extra ones. */
  public static final int STANDARD_SLOTS = 68;

  static final int CHUNKS = 64;

  private static final int DEFAULT = 0;
  private static final int PARENT = 1;
  private static final int PURPOSE = 2;
  private static final int ASCII = 3;
  private static final int CONTENTS = 4;

  private static final Symbol EXTRA_SLOTS = Symbol.known("char-table-extra-slots");
  private static final Symbol PROPERTY_TABLE = Symbol.known("char-code-property-table");

  /** What {@link #forEachRange} shows ranges to. */
  public interface RangeAction {
    /** Characters {@code from} to {@code to} have {@code value}. */
    void accept(int from, int to, Object value);
  }

  /** A table that keeps {@code slots}, as the reader reads them: at least the standard ones. */
  public CharTable(Context creator, Object[] slots) {
    super(creator, slots);
  }

  /** A table of slots as they were printed; keeps them. */
  public static CharTable read(Context c, Object[] slots) {
    CharTable table = new CharTable(c, slots);
    table.findAscii(c);
    return table;
  }

  /** A table under {@code label} that keeps {@code slots}, which may be filled later. */
  public static CharTable labelled(Label label, Object[] slots) {
    return new CharTable(label, slots);
  }

  private CharTable(Label label, Object[] slots) {
    super(label, slots);
  }

  /** A table for {@code purpose} with {@code extras} extra slots, and {@code value} everywhere. */
  public static CharTable make(Context c, Object purpose, int extras, Object value) {
    Object[] a = new Object[STANDARD_SLOTS + extras];
    Arrays.fill(a, value);
    a[PARENT] = Symbol.NIL;
    a[PURPOSE] = purpose;
    return new CharTable(c, a);
  }

  /** The argument as a char-table. */
  public static CharTable check(Object x) {
    if (x instanceof CharTable t) {
      return t;
    }
    throw LispSignal.wrongType(Q.CHAR_TABLE_P, x);
  }

  /** The property of a purpose that says how many extra slots its tables have. */
  public static Symbol extraSlotsProperty() {
    return EXTRA_SLOTS;
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new CharTable(label, contents);
  }

  /** A copy, of its parts too, but not of its values. */
  @Override
  public CharTable duplicate(Context c) {
    Object[] a = new Object[length(c)];
    for (int i = 0; i < a.length; i++) {
      Object v = get(c, i);
      a[i] = v instanceof SubCharTable s && i != ASCII ? s.duplicate(c) : v;
    }
    CharTable copy = new CharTable(c, a);
    copy.findAscii(c);
    return copy;
  }

  @Override
  public int size(Context c) {
    return LispString.MAX_CHAR;
  }

  @Override
  public Object element(Context c, int i) {
    return ref(c, i);
  }

  @Override
  public void setElement(Context c, int i, Object value) {
    setChar(c, i, value);
  }

  @Override
  public boolean isIterable() {
    return false;
  }

  @Override
  public boolean isEqual(Context c, Object other, Comparison parts) {
    CharTable o = (CharTable) other;
    int n = length(c);
    if (n != o.length(c)) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      if (!parts.same(get(c, i), o.get(c, i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int equalHash(Context c) {
    return length(c);
  }

  public Object defaultValue(Context c) {
    return get(c, DEFAULT);
  }

  public void setDefault(Context c, Object x) {
    set(c, DEFAULT, x);
  }

  /** The table asked for values that this one does not have; or nil. */
  public Object parent(Context c) {
    return get(c, PARENT);
  }

  public void setParent(Context c, Object x) {
    set(c, PARENT, x);
  }

  public Object purpose(Context c) {
    return get(c, PURPOSE);
  }

  /** The number of extra slots. */
  public int extras(Context c) {
    return length(c) - STANDARD_SLOTS;
  }

  public Object extra(Context c, int i) {
    return get(c, STANDARD_SLOTS + i);
  }

  public void setExtra(Context c, int i, Object x) {
    set(c, STANDARD_SLOTS + i, x);
  }

  /** Whether it is a table of a Unicode property, whose parts may be compressed strings. */
  public boolean isPropertyTable(Context c) {
    return length(c) == STANDARD_SLOTS + 5 && purpose(c) == PROPERTY_TABLE;
  }

  private boolean isCompressed(Context c, LispString s) {
    return isPropertyTable(c) && Compressed.is(c, s);
  }

  /** The value of {@code ch}: the table's own, its default, or its parent's; or nil. */
  public Object ref(Context c, int ch) {
    CharTable table = this;
    for (int hops = 0; hops < 1000; hops++) {
      Object v = table.own(c, ch);
      if (v == Symbol.NIL) {
        v = table.get(c, DEFAULT);
      }
      if (v != Symbol.NIL || !(table.get(c, PARENT) instanceof CharTable p)) {
        return v;
      }
      table = p;
    }
    return Symbol.NIL;
  }

  /** The value of {@code ch} in the table itself. */
  public Object own(Context c, int ch) {
    Object v;
    if (ch < 128) {
      v = get(c, ASCII);
      if (v instanceof SubCharTable s && s.depth() == 3) {
        return s.get(c, ch);
      }
    } else {
      v = get(c, CONTENTS + (ch >> 16));
    }
    while (v instanceof SubCharTable s) {
      v = s.get(c, s.indexOf(ch));
    }
    return v instanceof LispString s && isCompressed(c, s) ? Compressed.value(c, s, ch & 127) : v;
  }

  /** Sets the value of one character. */
  public void setChar(Context c, int ch, Object value) {
    setRange(c, ch, ch, value);
  }

  /** Sets the value of all characters from {@code from} to {@code to}, the latter too. */
  public void setRange(Context c, int from, int to, Object value) {
    if (from > to) {
      return;
    }
    for (int i = from >> 16; i <= to >> 16; i++) {
      int min = i << 16;
      if (from <= min && min + 0xFFFF <= to) {
        set(c, CONTENTS + i, value);
      } else {
        Object v = get(c, CONTENTS + i);
        SubCharTable s;
        if (v instanceof SubCharTable old) {
          s = old;
        } else {
          s = SubCharTable.filled(c, 1, min, v);
          set(c, CONTENTS + i, s);
        }
        setPart(c, s, from, to, value);
      }
    }
    if (from < 128) {
      findAscii(c);
    }
  }

  private void setPart(Context c, SubCharTable s, int from, int to, Object value) {
    int width = SubCharTable.charsPerSlot(s.depth());
    int n = SubCharTable.slotsAt(s.depth());
    int first = Math.max(from, s.minChar());
    int last = Math.min(to, s.minChar() + width * n - 1);
    for (int i = s.indexOf(first); i <= s.indexOf(last); i++) {
      int min = s.minChar() + i * width;
      if (from <= min && min + width - 1 <= to) {
        s.set(c, i, value);
      } else {
        Object v = s.get(c, i);
        if (!(v instanceof SubCharTable)) {
          v =
              v instanceof LispString z && s.depth() == 2 && isCompressed(c, z)
                  ? Compressed.expand(c, z, min)
                  : SubCharTable.filled(c, s.depth() + 1, min, v);
          s.set(c, i, v);
        }
        setPart(c, (SubCharTable) v, from, to, value);
      }
    }
  }

  private void findAscii(Context c) {
    Object v = get(c, CONTENTS);
    while (v instanceof SubCharTable s && s.depth() < 3) {
      v = s.get(c, 0);
    }
    set(c, ASCII, v);
  }

  /** Sets all characters' value. */
  public void setAll(Context c, Object value) {
    set(c, ASCII, value);
    for (int i = 0; i < CHUNKS; i++) {
      set(c, CONTENTS + i, value);
    }
  }

  /** Makes parts of a Unicode property table that are compressed ordinary ones. */
  public void expand(Context c) {
    if (isPropertyTable(c)) {
      for (int i = 0; i < CHUNKS; i++) {
        if (get(c, CONTENTS + i) instanceof SubCharTable s) {
          expandPart(c, s);
        }
      }
      findAscii(c);
    }
  }

  private static void expandPart(Context c, SubCharTable s) {
    int width = SubCharTable.charsPerSlot(s.depth());
    for (int i = 0; i < s.length(c); i++) {
      Object v = s.get(c, i);
      if (v instanceof SubCharTable part) {
        expandPart(c, part);
      } else if (v instanceof LispString z && s.depth() == 2 && Compressed.is(c, z)) {
        s.set(c, i, Compressed.expand(c, z, s.minChar() + i * width));
      }
    }
  }

  /**
   * Shows the greatest ranges of characters with the same value, in order, defaults and parents'
   * values included; those without a value too, with nil.
   */
  public void forEachRange(Context c, RangeAction action) {
    Collector all = new Collector(action);
    walk(c, 0, LispString.MAX_CHAR, all, 0);
    all.flush();
  }

  /** Shows the ranges of the table's values of characters {@code from} to {@code to}, in order. */
  public void forEachRange(Context c, int from, int to, RangeAction action) {
    Collector all = new Collector(action);
    walk(c, from, to, all, 0);
    all.flush();
  }

  /** Joins neighbours that have the same value. */
  private static final class Collector {
    private final RangeAction action;
    private int from = -1;
    private int to;
    private Object value;

    Collector(RangeAction action) {
      this.action = action;
    }

    void add(int min, int max, Object v) {
      if (from >= 0 && Lisp.eq(v, value)) {
        to = max;
        return;
      }
      flush();
      from = min;
      to = max;
      value = v;
    }

    void flush() {
      if (from >= 0) {
        action.accept(from, to, value);
      }
      from = -1;
    }
  }

  private void walk(Context c, int from, int to, Collector out, int hops) {
    for (int i = from >> 16; i <= to >> 16; i++) {
      int min = Math.max(from, i << 16);
      int max = Math.min(to, (i << 16) + 0xFFFF);
      walkValue(c, get(c, CONTENTS + i), min, max, out, hops);
    }
  }

  private void walkValue(Context c, Object v, int from, int to, Collector out, int hops) {
    if (v instanceof SubCharTable s) {
      int width = SubCharTable.charsPerSlot(s.depth());
      for (int i = s.indexOf(from); i <= s.indexOf(to); i++) {
        int min = s.minChar() + i * width;
        walkValue(c, s.get(c, i), Math.max(from, min), Math.min(to, min + width - 1), out, hops);
      }
      return;
    }
    if (v instanceof LispString z && isCompressed(c, z)) {
      for (int ch = from; ch <= to; ch++) {
        walkValue(c, Compressed.value(c, z, ch & 127), ch, ch, out, hops);
      }
      return;
    }
    Object own = v == Symbol.NIL ? get(c, DEFAULT) : v;
    if (own == Symbol.NIL && hops < 100 && get(c, PARENT) instanceof CharTable p) {
      p.walk(c, from, to, out, hops + 1);
    } else {
      out.add(from, to, own);
    }
  }

  /** Replaces parts whose values are all the same by that value. */
  public void optimize(Context c, BiPredicate<Object, Object> same) {
    for (int i = 0; i < CHUNKS; i++) {
      if (get(c, CONTENTS + i) instanceof SubCharTable s) {
        set(c, CONTENTS + i, optimized(c, s, same));
      }
    }
    findAscii(c);
  }

  private static Object optimized(Context c, SubCharTable s, BiPredicate<Object, Object> same) {
    int n = s.length(c);
    boolean all = true;
    Object first = null;
    for (int i = 0; i < n; i++) {
      Object v = s.get(c, i);
      if (v instanceof SubCharTable part) {
        Object w = optimized(c, part, same);
        if (w != v) {
          s.set(c, i, w);
          v = w;
        }
      }
      if (first == null) {
        first = v;
      }
      all = all && !(v instanceof SubCharTable) && (i == 0 || same.test(v, first));
    }
    return all ? first : s;
  }
}
