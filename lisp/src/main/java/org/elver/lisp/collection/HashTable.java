package org.elver.lisp.collection;

import org.elver.heap.object.Equality;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.object.Table;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * A Lisp hash table: the heap's table, the name of its test, and what it was made with.
 *
 * <p>The keys of a table with a test of its own are kept in {@link UserKey}s with their hash, so
 * that only operations of a task, which can call Lisp, ask for it.
 *
 * <p>Weakness is remembered and shown, but entries are held strongly: on the JVM a value that
 * refers to its key would keep it alive anyway, and which keys are in reach would depend on what
 * other isolates, which see other versions of the table, have dropped.
 */
public final class HashTable extends Slots {
  private static final int ENTRIES = 0;

  /** The tables whose tests are being asked: a list, bound dynamically. */
  private static final Symbol ASKED = Symbol.known(" hash-tables-asked");

  /** Identity; fixnums by value. */
  private static final Equality EQ =
      new Equality() {
        @Override
        public int hash(Context c, Object key) {
          return Equal.hashEq(key);
        }

        @Override
        public boolean same(Context c, Object a, Object b) {
          return Lisp.eq(a, b);
        }

        @Override
        public boolean dependsOnIdentity() {
          return true;
        }
      };

  private static final Equality EQL =
      new Equality() {
        @Override
        public int hash(Context c, Object key) {
          return Equal.hashEql(key);
        }

        @Override
        public boolean same(Context c, Object a, Object b) {
          return Equal.eql(a, b);
        }

        @Override
        public boolean dependsOnIdentity() {
          return true;
        }
      };

  private static final Equality EQUAL =
      new Equality() {
        @Override
        public int hash(Context c, Object key) {
          return Equal.hashEqual(c, key);
        }

        @Override
        public boolean same(Context c, Object a, Object b) {
          return Equal.equal(c, a, b);
        }

        @Override
        public boolean dependsOnIdentity() {
          return true; // Where keys contain objects that equal compares by identity.
        }
      };

  private static final Equality USER =
      new Equality() {
        @Override
        public int hash(Context c, Object key) {
          return key instanceof Probe p ? p.hash : ((UserKey) key).hash;
        }

        @Override
        public boolean same(Context c, Object a, Object b) {
          return b instanceof Probe p
              && Lisp.isTrue(p.table.guarded(p.task, p.test, p.key, ((UserKey) a).get(c, 0)));
        }

        @Override
        public boolean dependsOnIdentity() {
          return false;
        }
      };

  /** A key of a table with its own test. */
  private static final class UserKey extends Slots {
    final int hash;

    UserKey(Context c, Object key, int hash) {
      super(c, key);
      this.hash = hash;
    }

    private UserKey(Label label, Object[] slots, int hash) {
      super(label, slots);
      this.hash = hash;
    }

    @Override
    protected Slots like(Label label, Object[] contents) {
      return new UserKey(label, contents, hash);
    }
  }

  /** A key that is looked for. */
  private static final class Probe {
    final Task task;
    final HashTable table;
    final Object test;
    final Object key;
    final int hash;

    Probe(Task task, HashTable table, Object test, Object key, int hash) {
      this.task = task;
      this.table = table;
      this.test = test;
      this.key = key;
      this.hash = hash;
    }
  }

  private final Symbol test;
  private final Symbol weakness;
  private final Object rehashSize;
  private final Object rehashThreshold;
  private final boolean pure;

  /** An empty table. A test other than eq, eql and equal is followed by its two functions. */
  public HashTable(
      Context c,
      Symbol test,
      Object compare,
      Object hash,
      int size,
      Symbol weakness,
      Object rehashSize,
      Object rehashThreshold,
      boolean pure) {
    super(c, new Table(c, equality(test), size), compare, hash, (long) Math.max(size, 1));
    this.test = test;
    this.weakness = weakness;
    this.rehashSize = rehashSize;
    this.rehashThreshold = rehashThreshold;
    this.pure = pure;
  }

  private HashTable(Label label, Object[] slots, HashTable like) {
    super(label, slots);
    test = like.test;
    weakness = like.weakness;
    rehashSize = like.rehashSize;
    rehashThreshold = like.rehashThreshold;
    pure = like.pure;
  }

  private HashTable(Label label, Object[] slots, Object[] fixed) {
    super(label, slots);
    test = (Symbol) fixed[0];
    weakness = (Symbol) fixed[1];
    rehashSize = fixed[2];
    rehashThreshold = fixed[3];
    pure = (Long) fixed[4] != 0;
  }

  /** A table that keeps {@code slots}, which may be filled later, and has fixed parts. */
  public static HashTable labelled(Label label, Object[] slots, Object[] fixed) {
    return new HashTable(label, slots, fixed);
  }

  /** What never changes: test, weakness, sizes for growing, and 1 if it is pure. */
  public Object[] fixed() {
    return new Object[] {test, weakness, rehashSize, rehashThreshold, pure ? 1L : 0L};
  }

  /** A table with the standard test {@code eq}, {@code eql} or {@code equal}. */
  public static HashTable of(Context c, Symbol test, int size) {
    return new HashTable(c, test, Symbol.NIL, Symbol.NIL, size, Symbol.NIL, 1.5, 0.8125, false);
  }

  /** The heap's equality for a standard test; that of keys with own tests for others. */
  public static Equality equality(Symbol test) {
    if (test == Q.EQ) {
      return EQ;
    }
    if (test == Q.EQL) {
      return EQL;
    }
    return test == Q.EQUAL ? EQUAL : USER;
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new HashTable(label, contents, this);
  }

  @Override
  protected boolean sameKind(Slots other) {
    return other instanceof HashTable h && h.test == test && h.weakness == weakness;
  }

  private Table table(Context c) {
    return (Table) get(c, ENTRIES);
  }

  private boolean isUser() {
    return test != Q.EQL && test != Q.EQUAL && test != Q.EQ;
  }

  /** The name of the test. */
  public Symbol test() {
    return test;
  }

  /** nil, key, value, key-or-value or key-and-value. */
  public Symbol weakness() {
    return weakness;
  }

  /** What it was made with; without effect. */
  public Object rehashSize() {
    return rehashSize;
  }

  /** What it was made with; without effect. */
  public Object rehashThreshold() {
    return rehashThreshold;
  }

  /** Whether it was made with {@code :purecopy t}. */
  public boolean isPure() {
    return pure;
  }

  /** The number of entries. */
  public int count(Context c) {
    return table(c).size(c);
  }

  /** For how many entries there is room, as {@code hash-table-size} tells. */
  public long size(Context c) {
    return (Long) get(c, 3);
  }

  /** Calls a function of the test, which must not change the table meanwhile. */
  private Object guarded(Task t, Object function, Object... args) {
    int mark = t.bindingMark();
    try {
      Object asked = ASKED.plainValue(t);
      t.bind(ASKED, t.cons(this, asked == null ? Symbol.NIL : asked));
      return t.call(function, args);
    } finally {
      t.unbindTo(mark);
    }
  }

  private void checkChange(Task t) {
    Object asked = isUser() ? ASKED.plainValue(t) : null;
    while (asked instanceof Pair p) {
      if (p.first(t.c) == this) {
        throw new LispSignal(Q.ERROR, "hash table test modifies table", this);
      }
      asked = p.second(t.c);
    }
  }

  private Object probe(Task t, Object key) {
    if (!isUser()) {
      return key;
    }
    Object h = guarded(t, get(t.c, 2), key);
    return new Probe(t, this, get(t.c, 1), key, Equal.hashEqual(t.c, h));
  }

  /** The value for {@code key}. */
  public Object lookUp(Task t, Object key, Object absent) {
    return table(t.c).get(t.c, isUser() ? probe(t, key) : key, absent);
  }

  /** Puts an entry. */
  public void put(Task t, Object key, Object value) {
    checkChange(t);
    Context c = t.c;
    Table table = table(c);
    Object k = key;
    if (isUser()) {
      Probe p = (Probe) probe(t, key);
      k = table.containsKey(c, p) ? p : new UserKey(c, key, p.hash);
    }
    table.put(c, k, value);
    int n = table.size(c);
    long size = size(c);
    if (n > size) {
      set(c, 3, grown(size));
    }
  }

  /** The size after growing, as GNU Emacs reports it. */
  private long grown(long size) {
    double next = rehashSize instanceof Long l ? size + (double) l : size * (Double) rehashSize;
    return Math.max(size + 1, (long) Math.min(next, 1e15));
  }

  /** Removes an entry. */
  public void remove(Task t, Object key) {
    checkChange(t);
    table(t.c).remove(t.c, isUser() ? probe(t, key) : key);
  }

  /** Removes all entries. */
  public void clear(Task t) {
    checkChange(t);
    table(t.c).clear(t.c);
  }

  /** A copy with entries of its own. */
  public HashTable copyTable(Task t) {
    Context c = t.c;
    HashTable h =
        new HashTable(
            c, test, get(c, 1), get(c, 2), count(c), weakness, rehashSize, rehashThreshold, pure);
    h.set(c, 3, size(c));
    Table to = h.table(c);
    Table from = table(c);
    for (long p = from.firstEntry(c); p >= 0; p = from.nextEntry(c, p)) {
      to.put(c, from.keyAt(c, p), from.valueAt(c, p));
    }
    return h;
  }

  /** The position of the first entry; -1: none. See the heap's table. */
  public long first(Context c) {
    return table(c).firstEntry(c);
  }

  /** The position after {@code position}; -1: none. */
  public long next(Context c, long position) {
    return table(c).nextEntry(c, position);
  }

  /** The key at a position; null when it has been removed. */
  public Object keyAt(Context c, long position) {
    Object k = table(c).keyAt(c, position);
    return k instanceof UserKey u ? u.get(c, 0) : k;
  }

  /** The value at a position; null when it has been removed. */
  public Object valueAt(Context c, long position) {
    return table(c).valueAt(c, position);
  }
}
