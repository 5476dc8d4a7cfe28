package org.elver.heap.object;

import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/**
 * A fixed number of slots that are copied together: a record, a closure, or a page of the cells of
 * symbols. Meant for few slots (some dozens); a {@code Vector} is for many.
 *
 * <p>A language's own kinds of object with a fixed number of references extend it: they pass the
 * slots on, override {@link #like}, and keep anything else in final fields.
 */
public class Slots extends HeapObject {
  private Object[] slots;

  /** New slots of {@code creator}, which keeps {@code slots} as its own. */
  public Slots(Context creator, Object... slots) {
    super(creator);
    this.slots = slots;
  }

  /** Slots under {@code label}, for {@link #like}. */
  protected Slots(Label label, Object[] slots) {
    super(label);
    this.slots = slots;
  }

  /** A new object of this one's kind, with the same final fields, that keeps {@code contents}. */
  protected Slots like(Label label, Object[] contents) {
    return new Slots(label, contents);
  }

  /** Whether {@code other} is of this object's kind and has the same final fields. */
  protected boolean sameKind(Slots other) {
    return other.getClass() == getClass();
  }

  private Object[] read(Context c) {
    if (readsInline(c)) {
      return slots;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      return own.slots;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? slots : v.slots;
  }

  private Object[] write(Context c) {
    if (writesInline(c)) {
      return slots;
    }
    if (header() instanceof Contents own && own.isOf(c)) {
      return own.slots;
    }
    Contents v = (Contents) versionToWrite(c);
    return v == null ? slots : v.slots;
  }

  private Object[] walk(Context view) {
    Contents v = (Contents) versionToWalk(view);
    return v == null ? slots : v.slots;
  }

  /** The number of slots, the same for everybody and always. */
  public final int length(Context c) {
    return read(c).length;
  }

  /**
   * Slot {@code i} as {@code c} sees it.
   *
   * @throws ArrayIndexOutOfBoundsException unless 0 &le; {@code i} &lt; {@link #length}
   */
  public final Object get(Context c, int i) {
    return read(c)[i];
  }

  /**
   * Sets slot {@code i} for {@code c}.
   *
   * @throws ArrayIndexOutOfBoundsException unless 0 &le; {@code i} &lt; {@link #length}
   */
  public final void set(Context c, int i, Object value) {
    write(c)[i] = value;
  }

  private static final class Contents extends Version {
    final Object[] slots;

    Contents(Slots object, Contents from, Epoch epoch, Epoch base) {
      super(object, from, epoch, base);
      slots = (from == null ? object.slots : from.slots).clone();
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version v) {
    slots = ((Contents) v).slots;
  }

  @Override
  protected void clearInline() {
    slots = null;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Object[] seen = walk(view);
    for (int i = 0; i < seen.length; i++) {
      visitor.visit(seen[i], i);
    }
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return "slot " + ordinal;
  }

  @Override
  public Slots copy(Context view, Label label) {
    return like(label, walk(view).clone());
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    Object[] own = v == null ? slots : v.slots;
    for (int i = 0; i < own.length; i++) {
      own[i] = replacement.apply(own[i]);
    }
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    int h = slots.length;
    for (Object o : slots) {
      h = 31 * h + referenceHash.applyAsInt(o);
    }
    return h;
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    if (!(other instanceof Slots s) || !sameKind(s) || s.slots.length != slots.length) {
      return false;
    }
    for (int i = 0; i < slots.length; i++) {
      if (!sameReference.test(slots[i], s.slots[i])) {
        return false;
      }
    }
    return true;
  }
}
