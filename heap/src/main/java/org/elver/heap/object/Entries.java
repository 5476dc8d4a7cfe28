package org.elver.heap.object;

import java.util.Arrays;
import org.elver.heap.version.Context;

/**
 * The contents of one version of a {@link Table}: entries in insertion order, chained by hash.
 *
 * <p>Entries lie in slots, in the order in which they were put; a removed one leaves its slot
 * empty. When the slots are used up, or most of them are empty, the entries are moved together into
 * new arrays. Each entry also has a <i>position</i>, which it keeps when it is moved: positions
 * grow with each entry put into the table and are never used again, so that a cursor is a position.
 * They need no room until entries move: then {@link #moved} has those of the entries moved, and the
 * slots above have consecutive ones.
 *
 * <p>Knows nothing of {@link Equality}; whoever searches walks a chain.
 */
final class Entries {
  /** In the key's place in an empty slot below {@link #used}. */
  private static final Object EMPTY = new Object();

  private static final long[] NONE_MOVED = {};

  private static final int MIN_CAPACITY = 8;

  /** Keys and values lie in one array of at most 2^30 elements. */
  static final int MAX_CAPACITY = 1 << 29;

  /** Up to this capacity, shared contents are copied whole when first written: at most 10 KB. */
  private static final int FLAT_CAPACITY = 512;

  /** Fewer slots in use than this are not worth moving entries together. */
  private static final int MIN_COMPACTION = 64;

  /** The number of slots, and of chains: a power of two. */
  private int capacity;

  /** Key and value of slot s at 2s and 2s + 1. */
  private RefStore pairs;

  /** Hash of slot s, and the next slot of its chain (plus 1; 0 at the end), at 2s and 2s + 1. */
  private IntStore links;

  /** The first slot of each chain, plus 1; 0 for none. */
  private IntStore chains;

  /** Slots below this have been used since the entries were last moved. */
  private int used;

  /** The number of entries. */
  private int count;

  /** No slot below this has an entry. */
  private int first;

  /** The positions of the lowest slots, ascending. Immutable, so shared by all versions. */
  private long[] moved = NONE_MOVED;

  /** Position minus slot, for the slots from {@code moved.length} on. */
  private long offset;

  /**
   * Counts changes to this very object, which never goes back to an earlier state (what a rollback
   * brings back is another object). So the same object and the same count mean the same contents.
   */
  private long changes;

  /** No entries, and room for {@code expected}. */
  Entries(int expected) {
    allocate(capacityFor(expected));
  }

  private Entries(Entries from) {
    capacity = from.capacity;
    used = from.used;
    count = from.count;
    first = from.first;
    moved = from.moved;
    offset = from.offset;
  }

  private void allocate(int newCapacity) {
    capacity = newCapacity;
    pairs = new RefStore(new Object[2 * newCapacity]);
    links = new IntStore(2 * newCapacity);
    chains = new IntStore(newCapacity);
  }

  private static int capacityFor(int expected) {
    if (expected > MAX_CAPACITY) {
      throw new OutOfMemoryError("a table cannot have more than " + MAX_CAPACITY + " entries");
    }
    return Integer.highestOneBit(Math.max(MIN_CAPACITY, expected) - 1) << 1;
  }

  /** For a version derived from this one's: a copy when small, else chunks on the same arrays. */
  Entries share() {
    Entries e = new Entries(this);
    if (capacity <= FLAT_CAPACITY) {
      e.pairs = new RefStore(pairs.copy(2 * capacity, 2 * capacity));
      e.links = links.copy();
      e.chains = chains.copy();
    } else {
      e.pairs = pairs.share(2 * capacity);
      e.links = links.share();
      e.chains = chains.share();
    }
    return e;
  }

  /** The same entries for another object. O(n). */
  Entries copy() {
    Entries e = new Entries(count);
    e.appendAll(this);
    return e;
  }

  /** See {@link RefStore#flatten}. Changes no slot and no position. */
  void flatten() {
    pairs.flatten(2 * capacity);
    links.flatten();
    chains.flatten();
  }

  int count() {
    return count;
  }

  long changes() {
    return changes;
  }

  // Slots.

  int used() {
    return used;
  }

  boolean isEmpty(int slot) {
    return pairs.get(2 * slot) == EMPTY;
  }

  Object key(int slot) {
    return pairs.get(2 * slot);
  }

  Object value(int slot) {
    return pairs.get(2 * slot + 1);
  }

  int hash(int slot) {
    return links.get(2 * slot);
  }

  /** The first slot of the chain for {@code hash}, or -1. */
  int firstInChain(int hash) {
    return chains.get(hash & (capacity - 1)) - 1;
  }

  /** The slot after {@code slot} in its chain, or -1. */
  int nextInChain(int slot) {
    return links.get(2 * slot + 1) - 1;
  }

  /** The lowest slot from {@code slot} on that has an entry; {@link #used} when none has. */
  int entryFrom(int slot) {
    int s = Math.max(slot, first);
    while (s < used && isEmpty(s)) {
      s++;
    }
    return s;
  }

  // Positions.

  long position(int slot) {
    return slot < moved.length ? moved[slot] : slot + offset;
  }

  /** The lowest slot whose position is at least {@code position}; {@link #used} when none is. */
  int slotFrom(long position) {
    if (position >= moved.length + offset) {
      return (int) Math.min(used, position - offset);
    }
    int at = Arrays.binarySearch(moved, position);
    return at >= 0 ? at : -at - 1;
  }

  /** The slot of the entry at {@code position}, or -1 when it has been removed. */
  int entryAt(long position) {
    int slot = slotFrom(position);
    return slot < used && position(slot) == position && !isEmpty(slot) ? slot : -1;
  }

  // Changes.

  void setKey(Context c, int slot, Object key) {
    pairs.set(c, 2 * slot, key);
    changes++;
  }

  void setValue(Context c, int slot, Object value) {
    pairs.set(c, 2 * slot + 1, value);
    changes++;
  }

  /** Adds an entry after all others. Moves all of them when there is no slot left. */
  void append(Context c, Object key, Object value, int hash) {
    if (used == capacity) {
      compact();
    }
    int chain = hash & (capacity - 1);
    pairs.set(c, 2 * used, key);
    pairs.set(c, 2 * used + 1, value);
    links.set(c, 2 * used, hash);
    links.set(c, 2 * used + 1, chains.get(chain));
    chains.set(c, chain, used + 1);
    used++;
    count++;
    changes++;
  }

  /** Removes the entry of {@code slot}. */
  void remove(Context c, int slot) {
    int chain = hash(slot) & (capacity - 1);
    int next = links.get(2 * slot + 1);
    int at = chains.get(chain) - 1;
    if (at == slot) {
      chains.set(c, chain, next);
    } else {
      while (nextInChain(at) != slot) {
        at = nextInChain(at);
      }
      links.set(c, 2 * at + 1, next);
    }
    pairs.set(c, 2 * slot, EMPTY);
    pairs.set(c, 2 * slot + 1, null);
    count--;
    changes++;
    if (slot == first) {
      // Here and not when reading, so that taking the first entry again and again stays O(1).
      first = entryFrom(slot);
    }
    // Not while others view the base: each of many forks might copy the whole for one removal.
    if (pairs.isFlat() && used >= MIN_COMPACTION && count < used / 4) {
      compact();
    }
  }

  /** Removes all entries. O(1). */
  void clear() {
    resetPositions(NONE_MOVED, used + offset);
    allocate(MIN_CAPACITY);
    changes++;
  }

  /**
   * Moves the entries together into new flat arrays, of which a third at least stays free, so that
   * this happens once in so many puts.
   */
  private void compact() {
    Entries e = new Entries((int) Math.max(count + 1L, Math.min(MAX_CAPACITY, count * 3L / 2)));
    e.appendAll(this);
    e.resetPositions(positions(), used + offset);
    become(e);
  }

  private void appendAll(Entries from) {
    for (int s = from.entryFrom(0); s < from.used; s = from.entryFrom(s + 1)) {
      append(null, from.key(s), from.value(s), from.hash(s));
    }
  }

  /** The positions of the entries, in order. */
  private long[] positions() {
    long[] positions = new long[count];
    int n = 0;
    for (int s = entryFrom(0); s < used; s = entryFrom(s + 1)) {
      positions[n] = position(s);
      n++;
    }
    return positions;
  }

  /**
   * Gives the entries, which lie in the lowest slots, {@code positions}.
   *
   * @param next the position of the next entry to be added
   */
  private void resetPositions(long[] positions, long next) {
    used = positions.length;
    count = used;
    first = 0;
    offset = next - used;
    // Consecutive ones, as in a table that only grows or that is used as a queue, need no room.
    moved = used == 0 || positions[0] == offset ? NONE_MOVED : positions;
  }

  /** Takes over what {@code e} has, which is flat and is not used any more. */
  private void become(Entries e) {
    capacity = e.capacity;
    pairs = e.pairs;
    links = e.links;
    chains = e.chains;
    used = e.used;
    count = e.count;
    first = e.first;
    moved = e.moved;
    offset = e.offset;
    changes++;
  }

  /**
   * Takes over what {@code e} has: some of the entries here, in the same order, from the slots
   * {@code kept}. They keep their positions.
   */
  void replaceBy(Entries e, int[] kept) {
    long[] positions = new long[e.count];
    for (int i = 0; i < e.count; i++) {
      positions[i] = position(kept[i]);
    }
    e.resetPositions(positions, used + offset);
    become(e);
  }
}
