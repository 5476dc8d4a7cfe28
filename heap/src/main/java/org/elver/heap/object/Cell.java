package org.elver.heap.object;

import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/** One slot: the value of a variable or of a symbol that has no page. */
public final class Cell extends HeapObject {
  private Object value;

  /** A new cell of {@code creator}. */
  public Cell(Context creator, Object value) {
    super(creator);
    this.value = value;
  }

  private Cell(Label label, Object value) {
    super(label);
    this.value = value;
  }

  /** The value as {@code c} sees it. */
  public Object get(Context c) {
    if (readsInline(c)) {
      return value;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      return own.value;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? value : v.value;
  }

  /** Sets the value for {@code c}. */
  public void set(Context c, Object newValue) {
    if (writesInline(c)) {
      value = newValue;
      return;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      own.value = newValue;
      return;
    }
    Contents v = (Contents) versionToWrite(c);
    if (v == null) {
      value = newValue;
    } else {
      v.value = newValue;
    }
  }

  private static final class Contents extends Version {
    Object value;

    Contents(Cell cell, Contents from, Epoch epoch, Epoch base) {
      super(cell, from, epoch, base);
      value = from == null ? cell.value : from.value;
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version v) {
    value = ((Contents) v).value;
  }

  @Override
  protected void clearInline() {
    value = null;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Contents v = (Contents) versionToWalk(view);
    visitor.visit(v == null ? value : v.value, 0);
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return "value";
  }

  @Override
  public Cell copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    return new Cell(label, v == null ? value : v.value);
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    if (v == null) {
      value = replacement.apply(value);
    } else {
      v.value = replacement.apply(v.value);
    }
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return 7 + referenceHash.applyAsInt(value);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other instanceof Cell c && sameReference.test(value, c.value);
  }
}
