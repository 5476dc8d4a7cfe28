package org.elver.heap.object;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/**
 * A hash table from references to references. Iteration follows the order in which the keys were
 * put; putting a key that is there keeps its place, and removal keeps the order of the rest.
 *
 * <p><b>Costs.</b> Operations take constant time, amortised over the puts and removals that make
 * the table grow or shrink. A context's first write to contents that others view copies them while
 * they are small, else some 12 KB of them whatever the size; but when that write finds the table
 * full, it grows, and growing copies everything. Many contexts that each put one entry into a
 * shared table that is just full each pay for that, so a table that is to be shared is best made
 * with room to spare.
 *
 * <p><b>Equality.</b> The hooks of an {@link Equality} may run programs, which may change this very
 * table. Each operation calls {@link Equality#hash} once, first of all. It keeps nothing that it
 * resolved across a call of {@link Equality#same}: when the table has changed meanwhile it starts
 * again, without asking again about the keys that it asked about. So a call is repeated only for
 * keys that the hooks themselves add.
 *
 * <p>Methods that write throw {@link org.elver.heap.version.FrozenObjectException} when the table
 * is frozen.
 */
public final class Table extends HeapObject {
  /** An operation that starts again this often is fed by its own hooks and will never end. */
  private static final int MAX_RESTARTS = 1000;

  /** No key of any table. */
  private static final Object NO_KEY = new Object();

  private final Equality equality;
  private Entries entries;

  /**
   * A new empty table of {@code creator}.
   *
   * @param expectedSize how many entries to make room for
   * @throws IllegalArgumentException when {@code expectedSize} is negative
   */
  public Table(Context creator, Equality equality, int expectedSize) {
    super(creator);
    if (expectedSize < 0) {
      throw new IllegalArgumentException("The expected size " + expectedSize + " is negative");
    }
    this.equality = equality;
    this.entries = new Entries(expectedSize);
  }

  private Table(Label label, Equality equality, Entries entries) {
    super(label);
    this.equality = equality;
    this.entries = entries;
  }

  private Entries read(Context c) {
    if (readsInline(c)) {
      return entries;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? entries : v.entries;
  }

  private Entries write(Context c) {
    if (writesInline(c)) {
      return entries;
    }
    Contents v = (Contents) versionToWrite(c);
    return v == null ? entries : v.entries;
  }

  private Entries walk(Context view) {
    Contents v = (Contents) versionToWalk(view);
    return v == null ? entries : v.entries;
  }

  /** What says which keys are the same. */
  public Equality equality() {
    return equality;
  }

  /** The number of entries that {@code c} sees. */
  public int size(Context c) {
    return read(c).count();
  }

  /**
   * The value of {@code key}, or {@code absent} when there is none.
   *
   * @throws IllegalStateException when the hooks of the equality keep adding keys to this table
   */
  public Object get(Context c, Object key, Object absent) {
    int slot = search(c, key, hash(c, key));
    return slot < 0 ? absent : read(c).value(slot);
  }

  /**
   * Whether there is a value for {@code key}.
   *
   * @throws IllegalStateException as for {@link #get}
   */
  public boolean containsKey(Context c, Object key) {
    return search(c, key, hash(c, key)) >= 0;
  }

  /**
   * Makes {@code value} the value of {@code key} for {@code c}. A key that is there stays in place,
   * and is not replaced by {@code key}.
   *
   * @throws IllegalStateException as for {@link #get}; nothing is put then
   */
  public void put(Context c, Object key, Object value) {
    int hash = hash(c, key);
    int slot = search(c, key, hash);
    // A first write keeps slots as they are: it shares, copies or flattens.
    Entries e = write(c);
    if (slot >= 0) {
      e.setValue(c, slot, value);
    } else {
      e.append(c, key, value, hash);
    }
  }

  /**
   * Removes {@code key} and its value for {@code c}.
   *
   * @return whether the key was there
   * @throws IllegalStateException as for {@link #get}; nothing is removed then
   */
  public boolean remove(Context c, Object key) {
    int slot = search(c, key, hash(c, key));
    if (slot < 0) {
      return false;
    }
    write(c).remove(c, slot);
    return true;
  }

  /** Removes all entries for {@code c}, and the room they took. O(1). */
  public void clear(Context c) {
    if (size(c) > 0) {
      write(c).clear();
    }
  }

  // Iteration.

  /** The position of the first entry, or -1 when there is none. Amortised O(1). */
  public long firstEntry(Context c) {
    return nextEntry(c, -1);
  }

  /**
   * The position of the entry after {@code position}, or -1 when there is none.
   *
   * <p>The table may be changed while it is iterated over. An entry keeps its position as long as
   * it is not removed, and a position is not used again; so every entry that stays is met once, one
   * that was removed and put again may be met again, and one put meanwhile is met after the others.
   * A position stays good in contexts forked since. It costs O(log n) to find the entry in a table
   * from which entries have been removed.
   */
  public long nextEntry(Context c, long position) {
    Entries e = read(c);
    int slot = e.entryFrom(e.slotFrom(position + 1));
    return slot < e.used() ? e.position(slot) : -1;
  }

  /** The key of the entry at {@code position}; null when it has been removed. */
  public Object keyAt(Context c, long position) {
    Entries e = read(c);
    int slot = e.entryAt(position);
    return slot < 0 ? null : e.key(slot);
  }

  /** The value of the entry at {@code position}; null when it has been removed. */
  public Object valueAt(Context c, long position) {
    Entries e = read(c);
    int slot = e.entryAt(position);
    return slot < 0 ? null : e.value(slot);
  }

  /** Hands each key and its value to {@code action}, which may change the table. */
  public void forEach(Context c, BiConsumer<Object, Object> action) {
    for (long p = firstEntry(c); p >= 0; p = nextEntry(c, p)) {
      action.accept(keyAt(c, p), valueAt(c, p));
    }
  }

  // Searching.

  /** The hash of {@code key}, spread over all bits so that the low ones select a chain well. */
  private int hash(Context c, Object key) {
    int h = equality.hash(c, key) * 0x9E3779B9;
    return h ^ (h >>> 15);
  }

  /**
   * The slot of {@code key} in what {@code c} sees now, or -1. No hook has been called since it was
   * true, so that the caller may resolve the entries again and use the slot.
   */
  private int search(Context c, Object key, int hash) {
    // What the hooks have said about keys of this table; it stays said when the table changes.
    Object same = NO_KEY;
    List<Object> different = null;
    for (int i = 0; i <= MAX_RESTARTS; i++) {
      Entries e = read(c);
      long changes = e.changes();
      int slot = e.firstInChain(hash);
      while (slot >= 0) {
        if (e.hash(slot) == hash) {
          Object candidate = e.key(slot);
          if (candidate == key || candidate == same) {
            return slot;
          }
          if (!containsIdentical(different, candidate)) {
            boolean found = equality.same(c, candidate, key);
            if (found) {
              same = candidate;
            } else {
              if (different == null) {
                different = new ArrayList<>();
              }
              different.add(candidate);
            }
            if (read(c) != e || e.changes() != changes) {
              break;
            }
            if (found) {
              return slot;
            }
          }
        }
        slot = e.nextInChain(slot);
      }
      if (slot < 0) {
        return -1;
      }
    }
    throw changedTooOften();
  }

  private static IllegalStateException changedTooOften() {
    return new IllegalStateException(
        "The equality of this table changes the table whenever it is asked ("
            + MAX_RESTARTS
            + " times in one operation)");
  }

  private static boolean containsIdentical(List<Object> list, Object o) {
    if (list != null) {
      for (Object x : list) {
        if (x == o) {
          return true;
        }
      }
    }
    return false;
  }

  // Versions.

  private static final class Contents extends Version {
    final Entries entries;

    Contents(Table table, Contents from, Epoch epoch, Epoch base) {
      super(table, from, epoch, base);
      entries = (from == null ? table.entries : from.entries).share();
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version v) {
    entries = ((Contents) v).entries;
    entries.flatten();
  }

  @Override
  protected void clearInline() {
    // A version may go on using the arrays as its base.
    entries = null;
  }

  // Walks.

  /** Shows key, value, key, value, and so on, in the order of iteration. */
  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Entries e = walk(view);
    int ordinal = 0;
    for (int s = e.entryFrom(0); s < e.used(); s = e.entryFrom(s + 1)) {
      visitor.visit(e.key(s), ordinal);
      visitor.visit(e.value(s), ordinal + 1);
      ordinal += 2;
    }
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return (ordinal % 2 == 0 ? "key " : "value ") + ordinal / 2;
  }

  @Override
  public Table copy(Context view, Label label) {
    return new Table(label, equality, walk(view).copy());
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    Entries e = v == null ? entries : v.entries;
    for (int s = e.entryFrom(0); s < e.used(); s = e.entryFrom(s + 1)) {
      Object key = e.key(s);
      Object newKey = replacement.apply(key);
      if (newKey != key) {
        e.setKey(maker, s, newKey);
      }
      Object value = e.value(s);
      Object newValue = replacement.apply(value);
      if (newValue != value) {
        e.setValue(maker, s, newValue);
      }
    }
  }

  /**
   * Finds the entries their places again, when the equality {@linkplain Equality#dependsOnIdentity
   * depends on identity}. Of keys that have become the same, the first keeps its place and takes
   * the value of the last.
   *
   * @throws IllegalStateException when the hooks of the equality change this table again and again
   */
  @Override
  public void rehash(Context maker) {
    if (!equality.dependsOnIdentity()) {
      return;
    }
    for (int i = 0; i <= MAX_RESTARTS; i++) {
      Entries e = walk(maker);
      long changes = e.changes();
      Object[] pairs = new Object[2 * e.count()];
      int[] slots = new int[e.count()];
      int n = 0;
      for (int s = e.entryFrom(0); s < e.used(); s = e.entryFrom(s + 1)) {
        pairs[2 * n] = e.key(s);
        pairs[2 * n + 1] = e.value(s);
        slots[n] = s;
        n++;
      }
      // The hooks cannot change what is built here: nobody else knows it.
      Entries rebuilt = new Entries(n);
      int[] kept = new int[n];
      for (int j = 0; j < n; j++) {
        Object key = pairs[2 * j];
        int hash = hash(maker, key);
        int slot = searchAlone(maker, rebuilt, key, hash);
        if (slot >= 0) {
          rebuilt.setValue(maker, slot, pairs[2 * j + 1]);
        } else {
          kept[rebuilt.count()] = slots[j];
          rebuilt.append(maker, key, pairs[2 * j + 1], hash);
        }
      }
      if (walk(maker) == e && e.changes() == changes) {
        Contents v = (Contents) versionToRelink(maker);
        (v == null ? entries : v.entries).replaceBy(rebuilt, kept);
        return;
      }
    }
    throw changedTooOften();
  }

  private int searchAlone(Context maker, Entries e, Object key, int hash) {
    for (int s = e.firstInChain(hash); s >= 0; s = e.nextInChain(s)) {
      if (e.hash(s) == hash && (e.key(s) == key || equality.same(maker, e.key(s), key))) {
        return s;
      }
    }
    return -1;
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    Entries e = entries;
    int h = e.count();
    for (int s = e.entryFrom(0); s < e.used(); s = e.entryFrom(s + 1)) {
      h = 31 * h + referenceHash.applyAsInt(e.key(s));
      h = 31 * h + referenceHash.applyAsInt(e.value(s));
    }
    return h;
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    if (!(other instanceof Table t)
        || t.equality != equality
        || t.entries.count() != entries.count()) {
      return false;
    }
    Entries a = entries;
    Entries b = t.entries;
    int sb = b.entryFrom(0);
    for (int sa = a.entryFrom(0); sa < a.used(); sa = a.entryFrom(sa + 1)) {
      if (!sameReference.test(a.key(sa), b.key(sb))
          || !sameReference.test(a.value(sa), b.value(sb))) {
        return false;
      }
      sb = b.entryFrom(sb + 1);
    }
    return true;
  }
}
