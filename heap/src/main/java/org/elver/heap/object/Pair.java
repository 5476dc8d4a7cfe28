package org.elver.heap.object;

import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/** Two slots: the cell that lists are made of. */
public final class Pair extends HeapObject {
  private Object first;
  private Object second;

  /** A new pair of {@code creator}. */
  public Pair(Context creator, Object first, Object second) {
    super(creator);
    this.first = first;
    this.second = second;
  }

  /** A new pair that belongs to whoever {@code label} is of. */
  public Pair(Label label, Object first, Object second) {
    super(label);
    this.first = first;
    this.second = second;
  }

  /** The first slot as {@code c} sees it. */
  public Object first(Context c) {
    if (readsInline(c)) {
      return first;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      return own.first;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? first : v.first;
  }

  /** The second slot as {@code c} sees it. */
  public Object second(Context c) {
    if (readsInline(c)) {
      return second;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      return own.second;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? second : v.second;
  }

  /** Sets the first slot for {@code c}. */
  public void setFirst(Context c, Object value) {
    if (writesInline(c)) {
      first = value;
      return;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      own.first = value;
      return;
    }
    Contents v = (Contents) versionToWrite(c);
    if (v == null) {
      first = value;
    } else {
      v.first = value;
    }
  }

  /** Sets the second slot for {@code c}. */
  public void setSecond(Context c, Object value) {
    if (writesInline(c)) {
      second = value;
      return;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      own.second = value;
      return;
    }
    Contents v = (Contents) versionToWrite(c);
    if (v == null) {
      second = value;
    } else {
      v.second = value;
    }
  }

  private static final class Contents extends Version {
    Object first;
    Object second;

    Contents(Pair pair, Contents from, Epoch epoch, Epoch base) {
      super(pair, from, epoch, base);
      first = from == null ? pair.first : from.first;
      second = from == null ? pair.second : from.second;
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version v) {
    Contents c = (Contents) v;
    first = c.first;
    second = c.second;
  }

  @Override
  protected void clearInline() {
    first = null;
    second = null;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Contents v = (Contents) versionToWalk(view);
    visitor.visit(v == null ? first : v.first, 0);
    visitor.visit(v == null ? second : v.second, 1);
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return ordinal == 0 ? "first" : "second";
  }

  @Override
  public Pair copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    return v == null ? new Pair(label, first, second) : new Pair(label, v.first, v.second);
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    if (v == null) {
      first = replacement.apply(first);
      second = replacement.apply(second);
    } else {
      v.first = replacement.apply(v.first);
      v.second = replacement.apply(v.second);
    }
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return 31 * referenceHash.applyAsInt(first) + referenceHash.applyAsInt(second);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other instanceof Pair p
        && sameReference.test(first, p.first)
        && sameReference.test(second, p.second);
  }
}
