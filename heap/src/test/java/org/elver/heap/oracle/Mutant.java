package org.elver.heap.oracle;

import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/** A pair with something wrong, to show that the oracle would notice. */
final class Mutant extends HeapObject {
  enum Fault {
    /** Nothing, so that the fixture itself is known to be right. */
    NONE,
    /** Writes in place what others view. */
    WRITES_IN_PLACE,
    /** Begins each version with the inline contents, not with those it hides. */
    COPIES_INLINE,
    /** Shares contents between versions. */
    ALIASES_VERSION,
    /** Loses the version when its contents move inline. */
    FORGETS_RESTORE,
    /** Reads the inline contents only. */
    READS_INLINE
  }

  private final Fault fault;
  private Object[] slots;

  Mutant(Context creator, Fault fault, Object first, Object second) {
    super(creator);
    this.fault = fault;
    this.slots = new Object[] {first, second};
  }

  private Mutant(Label label, Fault fault, Object[] slots) {
    super(label);
    this.fault = fault;
    this.slots = slots;
  }

  Object get(Context c, int i) {
    if (readsInline(c)) {
      return slots[i];
    }
    Contents v = (Contents) versionToRead(c);
    return v == null || fault == Fault.READS_INLINE ? slots[i] : v.slots[i];
  }

  void set(Context c, int i, Object value) {
    Contents v = writesInline(c) ? null : (Contents) versionToWrite(c);
    if (v == null || fault == Fault.WRITES_IN_PLACE) {
      slots[i] = value;
    } else {
      v.slots[i] = value;
    }
  }

  private static final class Contents extends Version {
    final Object[] slots;

    Contents(Mutant object, Contents from, Epoch epoch, Epoch base) {
      super(object, from, epoch, base);
      boolean inline = from == null || object.fault == Fault.COPIES_INLINE;
      Object[] old = inline ? object.slots : from.slots;
      slots = object.fault == Fault.ALIASES_VERSION ? old : old.clone();
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version v) {
    if (fault != Fault.FORGETS_RESTORE) {
      slots = ((Contents) v).slots;
    }
  }

  @Override
  protected void clearInline() {
    slots = new Object[2];
  }

  private Object[] walk(Context view) {
    Contents v = (Contents) versionToWalk(view);
    return v == null || fault == Fault.READS_INLINE ? slots : v.slots;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Object[] seen = walk(view);
    visitor.visit(seen[0], 0);
    visitor.visit(seen[1], 1);
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return "slot " + ordinal;
  }

  @Override
  public Mutant copy(Context view, Label label) {
    return new Mutant(label, fault, walk(view).clone());
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    Object[] own = v == null ? slots : v.slots;
    own[0] = replacement.apply(own[0]);
    own[1] = replacement.apply(own[1]);
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return 31 * referenceHash.applyAsInt(slots[0]) + referenceHash.applyAsInt(slots[1]);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other instanceof Mutant m
        && sameReference.test(slots[0], m.slots[0])
        && sameReference.test(slots[1], m.slots[1]);
  }
}
