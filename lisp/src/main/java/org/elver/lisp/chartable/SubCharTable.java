package org.elver.lisp.chartable;

import java.util.Arrays;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.Comparand;

/**
 * A part of a char-table: the values of a range of characters, each slot for a range of {@link
 * #charsPerSlot} characters, or a part in turn. Slots are null nowhere; nil means no value.
 */
public final class SubCharTable extends Slots implements Comparand {
  private static final int[] SLOTS = {CharTable.CHUNKS, 16, 32, 128};
  private static final int[] SHIFT = {16, 12, 7, 0};

  private final int depth;
  private final int minChar;

  /** A part of depth 1 to 3 that starts at {@code minChar} and keeps {@code contents}. */
  public SubCharTable(Context creator, int depth, int minChar, Object[] contents) {
    super(creator, contents);
    this.depth = depth;
    this.minChar = minChar;
  }

  private SubCharTable(Label label, int depth, int minChar, Object[] contents) {
    super(label, contents);
    this.depth = depth;
    this.minChar = minChar;
  }

  /** A part under {@code label} that keeps {@code slots}, which may be filled later. */
  public static SubCharTable labelled(Label label, int depth, int minChar, Object[] slots) {
    return new SubCharTable(label, depth, minChar, slots);
  }

  /** A part with the same value throughout. */
  static SubCharTable filled(Context creator, int depth, int minChar, Object value) {
    Object[] a = new Object[SLOTS[depth]];
    Arrays.fill(a, value);
    return new SubCharTable(creator, depth, minChar, a);
  }

  @Override
  public boolean isEqual(Context c, Object other, Comparison parts) {
    SubCharTable o = (SubCharTable) other;
    if (depth != o.depth || minChar != o.minChar) {
      return false;
    }
    int n = length(c);
    for (int i = 0; i < n; i++) {
      if (!parts.same(get(c, i), o.get(c, i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int equalHash(Context c) {
    return minChar;
  }

  /** The depth: 1, 2 or 3. */
  public int depth() {
    return depth;
  }

  /** The first character of the part's range. */
  public int minChar() {
    return minChar;
  }

  /** The number of slots of a part at {@code depth}; 0 unless there are such parts. */
  public static int slotsAt(int depth) {
    return depth >= 1 && depth <= 3 ? SLOTS[depth] : 0;
  }

  /** The number of characters that a slot at {@code depth} stands for. */
  static int charsPerSlot(int depth) {
    return 1 << SHIFT[depth];
  }

  /** The slot of {@code ch}. */
  int indexOf(int ch) {
    return (ch >> SHIFT[depth]) & (SLOTS[depth] - 1);
  }

  /** A copy, of its parts too. */
  SubCharTable duplicate(Context c) {
    Object[] a = new Object[length(c)];
    for (int i = 0; i < a.length; i++) {
      Object v = get(c, i);
      a[i] = v instanceof SubCharTable s ? s.duplicate(c) : v;
    }
    return new SubCharTable(c, depth, minChar, a);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new SubCharTable(label, depth, minChar, contents);
  }

  @Override
  protected boolean sameKind(Slots other) {
    return other instanceof SubCharTable s && s.depth == depth && s.minChar == minChar;
  }
}
