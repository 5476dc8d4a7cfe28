package org.elver.heap.object;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/**
 * A growable array of references.
 *
 * <p>The inline contents are a flat array. A context's first write to contents that others view
 * copies them while they are short, else makes chunks on the array as it was, so that it costs
 * about 4 KB whatever the length; see {@link RefStore}. When the context is the only viewer left,
 * the vector becomes flat again, at a cost proportional to the chunks written. Access to a vector
 * that nobody has forked away from costs what access to an array does, and a check of the header.
 *
 * <p>Methods that write throw {@link org.elver.heap.version.FrozenObjectException} when the vector
 * is frozen.
 */
public final class Vector extends HeapObject {
  /** Up to this length, contents that others view are copied whole when first written. */
  static final int FLAT_LENGTH = 256;

  /** The elements and room for more, which is null throughout. */
  private Object[] elements;

  private int size;

  /** A new vector of {@code creator}, which keeps {@code elements} as its own. */
  public Vector(Context creator, Object... elements) {
    super(creator);
    // An array of some narrower type could not take every value.
    this.elements =
        elements.getClass() == Object[].class
            ? elements
            : Arrays.copyOf(elements, elements.length, Object[].class);
    this.size = elements.length;
  }

  /** A vector that keeps {@code elements}, an {@code Object[]}, for whoever {@code label} is of. */
  public Vector(Label label, Object[] elements) {
    super(label);
    this.elements = elements;
    this.size = elements.length;
  }

  /**
   * A new vector of {@code creator} with {@code length} elements, each of them {@code value}.
   *
   * @throws NegativeArraySizeException when {@code length} is negative
   */
  public static Vector filled(Context creator, int length, Object value) {
    Object[] elements = new Object[length];
    if (value != null) {
      Arrays.fill(elements, value);
    }
    return new Vector(creator, elements);
  }

  /** The number of elements that {@code c} sees. */
  public int length(Context c) {
    if (readsInline(c)) {
      return size;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? size : v.size;
  }

  /**
   * Element {@code i} as {@code c} sees it.
   *
   * @throws IndexOutOfBoundsException unless 0 &le; {@code i} &lt; {@link #length}
   */
  public Object get(Context c, int i) {
    if (!readsInline(c)) {
      Contents v = (Contents) versionToRead(c);
      if (v != null) {
        return v.store.get(Objects.checkIndex(i, v.size));
      }
    }
    return elements[Objects.checkIndex(i, size)];
  }

  /**
   * Sets element {@code i} for {@code c}.
   *
   * @throws IndexOutOfBoundsException unless 0 &le; {@code i} &lt; {@link #length}; nothing is
   *     changed or copied then
   */
  public void set(Context c, int i, Object value) {
    if (!writesInline(c)) {
      // Before a version is made: an index that is wrong for what c sees should cost nothing.
      Objects.checkIndex(i, length(c));
      Contents v = (Contents) versionToWrite(c);
      if (v != null) {
        v.store.set(c, i, value);
        return;
      }
    }
    elements[Objects.checkIndex(i, size)] = value;
  }

  /** Adds {@code value} as the last element for {@code c}. O(1) amortised. */
  public void add(Context c, Object value) {
    if (!writesInline(c)) {
      Contents v = (Contents) versionToWrite(c);
      if (v != null) {
        v.store.append(c, v.size, value);
        v.size++;
        return;
      }
    }
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, RefStore.grown(size));
    }
    elements[size] = value;
    size++;
  }

  /**
   * Shortens the vector to its first {@code n} elements for {@code c}. The others are no longer
   * retained by what {@code c} has of its own. Costs time proportional to what is dropped, and does
   * not give capacity back.
   *
   * @throws IndexOutOfBoundsException unless 0 &le; {@code n} &le; {@link #length}
   */
  public void truncate(Context c, int n) {
    int length = length(c);
    if (n < 0 || n > length) {
      throw new IndexOutOfBoundsException(
          "Cannot truncate a vector of length " + length + " to length " + n);
    }
    if (n == length) {
      return;
    }
    Contents v = writesInline(c) ? null : (Contents) versionToWrite(c);
    if (v == null) {
      Arrays.fill(elements, n, length, null);
      size = n;
    } else {
      v.store.truncate(c, n, length, FLAT_LENGTH);
      v.size = n;
    }
  }

  /**
   * Copies {@code n} elements that {@code c} sees, from {@code from} on, into {@code target} at
   * {@code at}. Faster than one by one.
   *
   * @throws IndexOutOfBoundsException when either range is out of bounds; {@code target} is
   *     unchanged then
   */
  public void copyInto(Context c, int from, Object[] target, int at, int n) {
    Contents v = readsInline(c) ? null : (Contents) versionToRead(c);
    Objects.checkFromIndexSize(from, n, v == null ? size : v.size);
    Objects.checkFromIndexSize(at, n, target.length);
    if (v == null) {
      System.arraycopy(elements, from, target, at, n);
    } else {
      v.store.copyTo(from, target, at, n);
    }
  }

  private static final class Contents extends Version {
    final RefStore store;
    int size;

    Contents(Vector vector, Contents from, Epoch epoch, Epoch base) {
      super(vector, from, epoch, base);
      size = from == null ? vector.size : from.size;
      if (size > FLAT_LENGTH) {
        store = from == null ? RefStore.over(vector.elements, size) : from.store.share(size);
      } else {
        store =
            new RefStore(
                from == null ? Arrays.copyOf(vector.elements, size) : from.store.copy(size, size));
      }
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version v) {
    Contents c = (Contents) v;
    c.store.flatten(c.size);
    elements = c.store.flat();
    size = c.size;
  }

  @Override
  protected void clearInline() {
    // A version may go on using the array as its base.
    elements = null;
    size = 0;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Contents v = (Contents) versionToWalk(view);
    int length = v == null ? size : v.size;
    for (int i = 0; i < length; i++) {
      visitor.visit(v == null ? elements[i] : v.store.get(i), i);
    }
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return "[" + ordinal + "]";
  }

  @Override
  public Vector copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    return new Vector(
        label, v == null ? Arrays.copyOf(elements, size) : v.store.copy(v.size, v.size));
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    int length = v == null ? size : v.size;
    for (int i = 0; i < length; i++) {
      Object old = v == null ? elements[i] : v.store.get(i);
      Object changed = replacement.apply(old);
      if (changed == old) {
        continue; // A chunk in which nothing changes need not be made.
      }
      if (v == null) {
        elements[i] = changed;
      } else {
        v.store.set(maker, i, changed);
      }
    }
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    int h = size;
    for (int i = 0; i < size; i++) {
      h = 31 * h + referenceHash.applyAsInt(elements[i]);
    }
    return h;
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    if (!(other instanceof Vector v) || v.size != size) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!sameReference.test(elements[i], v.elements[i])) {
        return false;
      }
    }
    return true;
  }
}
