package org.elver.lisp.primitive;

import org.elver.heap.version.Context;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Hash tables. */
final class FnsTables {
  private static final long MAX_SIZE = 1L << 27;

  private FnsTables() {}

  static HashTable table(Object x) {
    if (x instanceof HashTable h) {
      return h;
    }
    throw LispSignal.wrongType(Q.HASH_TABLE_P, x);
  }

  @Primitive(
      value = "make-hash-table",
      doc =
          "Return a new hash table.\n"
              + "Keywords: :test (`eq', `eql', `equal' or one defined by"
              + " `define-hash-table-test'),\n"
              + ":weakness, :size, :rehash-size, :rehash-threshold, :purecopy.",
      args = "(&rest KEYWORD-ARGS)")
  static Object makeHashTable(Task t, Object[] args) {
    Context c = t.c;
    boolean[] used = new boolean[args.length];
    Object test = argument(args, used, Q.K_TEST, Q.EQL);
    Object pure = argument(args, used, Q.K_PURECOPY, Symbol.NIL);
    Object compare = Symbol.NIL;
    Object hash = Symbol.NIL;
    if (test != Q.EQ && test != Q.EQL && test != Q.EQUAL) {
      Object functions = Symbol.NIL;
      if (test instanceof Symbol s) {
        functions = Fns.get(t, s, Q.HASH_TABLE_TEST);
      }
      Object rest = Lisp.cdrSafe(c, functions);
      if (!(rest instanceof org.elver.heap.object.Pair p)) {
        throw new LispSignal(Q.ERROR, "Invalid hash table test", test);
      }
      compare = Lisp.car(c, functions);
      hash = p.first(c);
    }
    Object size = argument(args, used, Q.K_SIZE, 65L);
    if (size == Symbol.NIL) {
      size = 65L;
    }
    if (!(size instanceof Long n) || n < 0) {
      throw new LispSignal(Q.ERROR, "Invalid hash table size", size);
    }
    Object rehashSize = argument(args, used, Q.K_REHASH_SIZE, 1.5);
    boolean good =
        rehashSize instanceof Long l ? l > 0 : rehashSize instanceof Double d && d - 1 > 0;
    if (!good) {
      throw new LispSignal(Q.ERROR, "Invalid hash table rehash size", rehashSize);
    }
    Object threshold = argument(args, used, Q.K_REHASH_THRESHOLD, 0.8125);
    double part = threshold instanceof Double d ? d : threshold instanceof Long l ? l : 0;
    if (!(part > 0 && part <= 1)) {
      throw new LispSignal(Q.ERROR, "Invalid hash table rehash threshold", threshold);
    }
    Object weakness = argument(args, used, Q.K_WEAKNESS, Symbol.NIL);
    if (weakness == Symbol.T) {
      weakness = Q.KEY_AND_VALUE;
    }
    if (weakness != Symbol.NIL
        && weakness != Q.KEY
        && weakness != Q.VALUE
        && weakness != Q.KEY_OR_VALUE
        && weakness != Q.KEY_AND_VALUE) {
      throw new LispSignal(Q.ERROR, "Invalid hash table weakness", weakness);
    }
    for (int i = 0; i < args.length; i++) {
      if (!used[i]) {
        throw new LispSignal(Q.ERROR, "Invalid argument list", args[i]);
      }
    }
    if (n > MAX_SIZE) {
      throw Alloc.memoryFull(t);
    }
    return new HashTable(
        c,
        (Symbol) test,
        compare,
        hash,
        (int) (long) n,
        (Symbol) weakness,
        rehashSize,
        (Object) (double) (float) part,
        pure != Symbol.NIL);
  }

  private static Object argument(Object[] args, boolean[] used, Symbol key, Object absent) {
    for (int i = 0; i < args.length - 1; i++) {
      if (!used[i] && args[i] == key) {
        used[i] = true;
        used[i + 1] = true;
        return args[i + 1];
      }
    }
    return absent;
  }

  @Primitive(value = "hash-table-p", doc = "Return t if OBJ is a hash table.")
  static boolean hashTableP(Task t, Object obj) {
    return obj instanceof HashTable;
  }

  @Primitive(
      value = "gethash",
      min = 2,
      doc = "Return the value of KEY in TABLE; DFLT if there is none.")
  static Object gethash(Task t, Object key, Object table, Object dflt) {
    return table(table).lookUp(t, key, dflt);
  }

  @Primitive(value = "puthash", doc = "Make VALUE the value of KEY in TABLE; return VALUE.")
  static Object puthash(Task t, Object key, Object value, Object table) {
    table(table).put(t, key, value);
    return value;
  }

  @Primitive(value = "remhash", doc = "Remove KEY from TABLE.")
  static Object remhash(Task t, Object key, Object table) {
    table(table).remove(t, key);
    return Symbol.NIL;
  }

  @Primitive(value = "clrhash", doc = "Remove all entries of TABLE, which is returned.")
  static Object clrhash(Task t, Object table) {
    table(table).clear(t);
    return table;
  }

  @Primitive(
      value = "copy-hash-table",
      doc = "Return a copy of TABLE; keys and values are not copied.")
  static Object copyHashTable(Task t, Object table) {
    return table(table).copyTable(t);
  }

  @Primitive(value = "hash-table-count", doc = "Return the number of entries of TABLE.")
  static long hashTableCount(Task t, Object table) {
    return table(table).count(t.c);
  }

  @Primitive(value = "hash-table-size", doc = "Return for how many entries TABLE has room.")
  static long hashTableSize(Task t, Object table) {
    return table(table).size(t.c);
  }

  @Primitive(value = "hash-table-test", doc = "Return the name of the test of TABLE's keys.")
  static Object hashTableTest(Task t, Object table) {
    return table(table).test();
  }

  @Primitive(value = "hash-table-weakness", doc = "Return the weakness of TABLE.")
  static Object hashTableWeakness(Task t, Object table) {
    return table(table).weakness();
  }

  @Primitive(value = "hash-table-rehash-size", doc = "Return by how much TABLE grows.")
  static Object hashTableRehashSize(Task t, Object table) {
    return table(table).rehashSize();
  }

  @Primitive(
      value = "hash-table-rehash-threshold",
      doc = "Return how full TABLE gets before it grows.")
  static Object hashTableRehashThreshold(Task t, Object table) {
    return table(table).rehashThreshold();
  }

  @Primitive(
      value = "define-hash-table-test",
      doc =
          "Define NAME as a test for hash tables: TEST of two keys, HASH of one; return the"
              + " functions.")
  static Object defineHashTableTest(Task t, Object name, Object test, Object hash) {
    return Fns.put(t, name, Q.HASH_TABLE_TEST, t.list(test, hash));
  }

  @Primitive(value = "maphash", doc = "Call FUNCTION with key and value of each entry of TABLE.")
  static Object maphash(Task t, Object function, Object table) {
    return new Maphash(function, table(table)).resume(t, null);
  }

  private static final class Maphash extends NativeFrame {
    private final Object function;
    private final HashTable table;
    private long position = -1;

    Maphash(Object function, HashTable table) {
      this.function = function;
      this.table = table;
    }

    @Override
    public Object resume(Task t, Object value) {
      position = position < 0 ? table.first(t.c) : table.next(t.c, position);
      if (position < 0) {
        return Symbol.NIL;
      }
      return t.invoke(this, function, table.keyAt(t.c, position), table.valueAt(t.c, position));
    }
  }
}
