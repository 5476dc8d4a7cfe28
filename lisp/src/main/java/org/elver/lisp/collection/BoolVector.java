package org.elver.lisp.collection;

import java.util.Arrays;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.Comparand;
import org.elver.lisp.object.Sequence;
import org.elver.lisp.object.Symbol;

/** A bool-vector. Bits beyond its size are always zero. */
public final class BoolVector extends HeapObject implements Sequence, Comparand {
  private final int size;
  private long[] words;

  /** A new one, all nil. */
  public BoolVector(Context creator, int size) {
    super(creator);
    this.size = size;
    this.words = new long[(int) ((size + 63L) >>> 6)];
  }

  private BoolVector(Label label, int size, long[] words) {
    super(label);
    this.size = size;
    this.words = words;
  }

  /** A new one with these bits, which it keeps; those beyond the size are cleared. */
  public static BoolVector of(Context creator, int size, long[] words) {
    BoolVector b = new BoolVector(creator, size);
    b.words = words;
    b.trim(words);
    return b;
  }

  private void trim(long[] w) {
    if ((size & 63) != 0) {
      w[w.length - 1] &= -1L >>> (64 - (size & 63));
    }
  }

  private long[] read(Context c) {
    if (readsInline(c)) {
      return words;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? words : v.words;
  }

  private long[] write(Context c) {
    if (writesInline(c)) {
      return words;
    }
    Contents v = (Contents) versionToWrite(c);
    return v == null ? words : v.words;
  }

  /** A copy of the bits. */
  public long[] words(Context c) {
    return read(c).clone();
  }

  /** Replaces all bits; those beyond the size are ignored. */
  public void setWords(Context c, long[] bits) {
    long[] w = write(c);
    System.arraycopy(bits, 0, w, 0, w.length);
    trim(w);
  }

  /** Sets all bits. */
  public void fill(Context c, boolean value) {
    long[] w = write(c);
    Arrays.fill(w, value ? -1L : 0);
    trim(w);
  }

  /** Bit {@code i}. */
  public boolean get(Context c, int i) {
    return ((read(c)[i >> 6] >>> i) & 1) != 0;
  }

  /** Sets bit {@code i}. */
  public void set(Context c, int i, boolean value) {
    long[] w = write(c);
    if (value) {
      w[i >> 6] |= 1L << i;
    } else {
      w[i >> 6] &= ~(1L << i);
    }
  }

  /** The number of bits. */
  public int size() {
    return size;
  }

  @Override
  public int size(Context c) {
    return size;
  }

  @Override
  public Object element(Context c, int i) {
    return Lisp.bool(get(c, i));
  }

  @Override
  public void setElement(Context c, int i, Object value) {
    set(c, i, value != Symbol.NIL);
  }

  @Override
  public Object duplicate(Context c) {
    return of(c, size, words(c));
  }

  @Override
  public boolean isEqual(Context c, Object other, Comparison parts) {
    BoolVector b = (BoolVector) other;
    return b.size == size && Arrays.equals(read(c), b.read(c));
  }

  @Override
  public int equalHash(Context c) {
    return size * 31 + Arrays.hashCode(read(c));
  }

  private static final class Contents extends Version {
    final long[] words;

    Contents(BoolVector b, Contents from, Epoch epoch, Epoch base) {
      super(b, from, epoch, base);
      words = (from == null ? b.words : from.words).clone();
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version version) {
    words = ((Contents) version).words;
  }

  @Override
  protected void clearInline() {
    words = null;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    // Bits are no references.
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return "bit " + ordinal;
  }

  @Override
  public BoolVector copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    return new BoolVector(label, size, (v == null ? words : v.words).clone());
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    // Bits are no references.
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return size;
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other instanceof BoolVector b && b.size == size && Arrays.equals(b.words, words);
  }
}
