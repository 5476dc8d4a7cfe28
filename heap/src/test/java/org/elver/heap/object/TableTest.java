package org.elver.heap.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.elver.heap.version.Context;
import org.elver.heap.version.FrozenObjectException;
import org.elver.heap.version.Heap;
import org.elver.heap.version.Label;
import org.elver.heap.version.Savepoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
  /** By {@code equals}, with hashes that collide often. */
  private static final Equality BY_VALUE = new ByValue();

  private static class ByValue implements Equality {
    @Override
    public int hash(Context c, Object key) {
      return key == null ? 0 : key.hashCode() & ~3;
    }

    @Override
    public boolean same(Context c, Object a, Object b) {
      return a != null && a.equals(b);
    }

    @Override
    public boolean dependsOnIdentity() {
      return false;
    }
  }

  private static final int BIG = 100_000;

  private final Context c = new Heap().newContext();

  private static Table numbers(Context c, int n) {
    Table t = new Table(c, BY_VALUE, 0);
    for (int i = 0; i < n; i++) {
      t.put(c, i, "v" + i);
    }
    return t;
  }

  private static Map<Object, Object> mapOf(Context c, Table t) {
    Map<Object, Object> map = new LinkedHashMap<>();
    t.forEach(c, map::put);
    return map;
  }

  private static List<Object> keysOf(Context c, Table t) {
    return new ArrayList<>(mapOf(c, t).keySet());
  }

  @Test
  void getsWhatWasPut() {
    Table t = numbers(c, 1000);
    assertEquals(1000, t.size(c));
    for (int i = 0; i < 1000; i++) {
      assertEquals("v" + i, t.get(c, i, null));
    }
    assertEquals("none", t.get(c, 1000, "none"));
    assertTrue(t.containsKey(c, 0));
    assertFalse(t.containsKey(c, -1));
  }

  @Test
  void nullMayBeKeyAndValue() {
    Table t = new Table(c, Equality.IDENTITY, 0);
    assertFalse(t.containsKey(c, null));
    t.put(c, null, null);
    assertTrue(t.containsKey(c, null));
    assertNull(t.get(c, null, "none"));
    assertTrue(t.remove(c, null));
    assertEquals("none", t.get(c, null, "none"));
  }

  @Test
  void identityKeepsEqualKeysApart() {
    Table t = new Table(c, Equality.IDENTITY, 3);
    List<Object> a = new ArrayList<>();
    List<Object> b = new ArrayList<>();
    t.put(c, a, "a");
    t.put(c, b, "b");
    assertEquals("a", t.get(c, a, null));
    assertEquals("b", t.get(c, b, null));
    assertNull(t.get(c, new ArrayList<>(), null));
    assertSame(Equality.IDENTITY, t.equality());
  }

  @Test
  void anExpectedSizeMustNotBeNegative() {
    assertThrows(IllegalArgumentException.class, () -> new Table(c, Equality.IDENTITY, -1));
  }

  @Test
  void iterationFollowsInsertionAndAPutKeepsThePlace() {
    Table t = numbers(c, 5);
    t.put(c, 1, "again");
    t.remove(c, 3);
    t.put(c, 3, "last");
    assertEquals(List.of(0, 1, 2, 4, 3), keysOf(c, t));
    assertEquals("again", t.get(c, 1, null));
  }

  @Test
  void aPutKeepsTheKeyThatIsThere() {
    Table t = new Table(c, BY_VALUE, 0);
    List<Object> first = new ArrayList<>();
    t.put(c, first, 1);
    t.put(c, new ArrayList<>(), 2);
    assertSame(first, t.keyAt(c, t.firstEntry(c)));
    assertEquals(2, t.valueAt(c, t.firstEntry(c)));
  }

  @Test
  void clearEmptiesAndTheTableGoesOn() {
    Table t = numbers(c, 1000);
    t.clear(c);
    assertEquals(0, t.size(c));
    assertEquals(-1, t.firstEntry(c));
    t.put(c, 1, "x");
    assertEquals(Map.of(1, "x"), mapOf(c, t));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 512, 513, 5000, BIG})
  void forksDoNotSeeEachOthersWrites(int n) {
    Table t = numbers(c, n);
    Context child = c.fork();
    t.put(child, n, "added");
    t.put(child, 0, "child");
    t.remove(c, n - 1);
    t.put(c, -1, "parent");
    assertEquals("child", t.get(child, 0, null));
    assertEquals("added", t.get(child, n, null));
    assertEquals(n == 1 ? "child" : "v" + (n - 1), t.get(child, n - 1, null));
    assertFalse(t.containsKey(child, -1));
    assertEquals(n + 1, t.size(child));
    assertEquals(n == 1 ? null : "v0", t.get(c, 0, null));
    assertFalse(t.containsKey(c, n));
    assertFalse(t.containsKey(c, n - 1));
    assertEquals("parent", t.get(c, -1, null));
    assertEquals(n, t.size(c));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 600, 5000})
  void aSharedTableGrowsShrinksAndMovesInline(int n) {
    Table t = numbers(c, n);
    Context child = c.fork();
    for (int i = n; i < 3 * n; i++) {
      t.put(c, i, "v" + i);
    }
    for (int i = 0; i < 3 * n; i += 2) {
      assertTrue(t.remove(c, i));
      assertFalse(t.remove(c, i));
    }
    for (int pass = 0; pass < 2; pass++) {
      List<Object> keys = keysOf(c, t);
      for (int i = 0; i < 3 * n; i++) {
        assertEquals(i % 2 == 0 ? null : "v" + i, t.get(c, i, null));
      }
      assertEquals(3 * n / 2, keys.size());
      for (int i = 0; i < keys.size(); i++) {
        assertEquals(2 * i + 1, keys.get(i));
      }
      if (pass == 0) {
        assertEquals(n, t.size(child));
        child.end();
        c.tidy();
      }
    }
  }

  @Test
  void rollbackBringsBackEntries() {
    Table t = numbers(c, 2000);
    Savepoint s = c.savepoint();
    t.put(c, 2000, "undone");
    t.remove(c, 5);
    Context child = c.fork();
    t.put(c, 6, "undone");
    c.rollback(s);
    assertEquals(2000, t.size(c));
    assertEquals("v5", t.get(c, 5, null));
    assertEquals("v6", t.get(c, 6, null));
    assertFalse(t.containsKey(child, 5));
    assertEquals("undone", t.get(child, 2000, null));
  }

  // Iteration and change.

  @Test
  void aCursorMeetsEveryEntryThatStaysOnceWhateverHappens() {
    for (int n : new int[] {100, 3000}) {
      Table t = numbers(c, n);
      Context child = n == 100 ? null : c.fork();
      Map<Object, Integer> met = new HashMap<>();
      int fresh = n;
      for (long p = t.firstEntry(c); p >= 0 && met.size() < 4 * n; p = t.nextEntry(c, p)) {
        int key = (Integer) t.keyAt(c, p);
        met.merge(key, 1, Integer::sum);
        if (key < n) {
          // Removals ahead and behind, and enough puts to move the entries several times.
          t.remove(c, key % 3 == 0 ? key : -1);
          t.remove(c, key % 3 == 0 ? key + 1 : -1);
          for (int i = 0; i < 3; i++) {
            t.put(c, fresh++, "x");
          }
        }
      }
      for (int key = 0; key < n; key++) {
        assertEquals(key % 3 == 1 ? null : 1, met.get(key));
      }
      met.values().forEach(times -> assertEquals(1, times));
      if (child != null) {
        assertEquals(n, t.size(child));
      }
    }
  }

  @Test
  void positionsOfRemovedEntriesShowNothingAndAreNotReused() {
    Table t = numbers(c, 100);
    long last = -1;
    for (long p = t.firstEntry(c); p >= 0; p = t.nextEntry(c, p)) {
      last = p;
    }
    for (int i = 1; i < 100; i++) {
      t.remove(c, i);
    }
    assertNull(t.keyAt(c, last));
    assertNull(t.valueAt(c, last));
    assertEquals(-1, t.nextEntry(c, last));
    t.put(c, "new", "x");
    assertNull(t.keyAt(c, last));
    long p = t.nextEntry(c, last);
    assertEquals("new", t.keyAt(c, p));
    t.clear(c);
    assertNull(t.keyAt(c, p));
    assertEquals(-1, t.nextEntry(c, p));
    t.put(c, "newer", "x");
    assertNull(t.keyAt(c, p));
    assertEquals("newer", t.keyAt(c, t.nextEntry(c, p)));
    assertNull(t.keyAt(c, Long.MAX_VALUE - 1));
    assertNull(t.keyAt(c, -1));
  }

  @Test
  void aTableUsedAsAQueueStaysFast() {
    Table t = numbers(c, 1000);
    for (int i = 0; i < 200_000; i++) {
      long p = t.firstEntry(c);
      assertEquals(i, t.keyAt(c, p));
      t.remove(c, i);
      t.put(c, i + 1000, "x");
    }
    assertEquals(1000, t.size(c));
  }

  @Test
  void takingTheFirstEntryAgainAndAgainStaysFast() {
    int n = 100_000;
    Table t = numbers(c, n);
    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < n; i++) {
            assertEquals(i, t.keyAt(c, t.firstEntry(c)));
            t.remove(c, i);
          }
        });
    assertEquals(-1, t.firstEntry(c));
  }

  // Hooks that run programs.

  /** An equality by value whose hooks do something to the table first. */
  private static final class Meddling extends ByValue {
    Runnable onHash = () -> {};
    Runnable onSame = () -> {};
    int hashed;
    int compared;

    @Override
    public int hash(Context c, Object key) {
      hashed++;
      run(onHash);
      return super.hash(c, key);
    }

    @Override
    public boolean same(Context c, Object a, Object b) {
      compared++;
      run(onSame);
      return super.same(c, a, b);
    }

    private boolean running;

    private void run(Runnable hook) {
      if (!running) {
        running = true;
        hook.run();
        running = false;
      }
    }
  }

  @Test
  void hooksMayForkTheContextAndPutIntoTheTable() {
    for (int n : new int[] {0, 100, 3000}) {
      Meddling equality = new Meddling();
      Table t = new Table(c, equality, 0);
      List<Context> forks = new ArrayList<>();
      int[] extra = {1_000_000};
      equality.onHash =
          () -> {
            if (forks.size() < 50) {
              forks.add(c.fork());
            } else {
              forks.removeFirst().end();
            }
            t.put(c, extra[0]++, "extra");
          };
      equality.onSame = equality.onHash;
      Map<Object, Object> model = new HashMap<>();
      Random random = new Random(n);
      for (int i = 0; i < 2000; i++) {
        // Keys equal to those in the table and not identical, so that the hooks are asked.
        String key = new String("k" + random.nextInt(n + 1));
        switch (random.nextInt(3)) {
          case 0 -> assertEquals(model.get(key), t.get(c, key, null));
          case 1 -> assertEquals(model.remove(key) != null, t.remove(c, key));
          default -> {
            t.put(c, key, i);
            model.put(key, i);
          }
        }
      }
      Map<Object, Object> seen = mapOf(c, t);
      assertEquals(t.size(c), seen.size());
      seen.keySet().removeIf(Integer.class::isInstance);
      assertEquals(model, seen);
    }
  }

  @Test
  void theHashIsAskedForOnceAndIdenticalKeysAreNotCompared() {
    Meddling equality = new Meddling();
    Table t = new Table(c, equality, 0);
    Object key = "key";
    t.put(c, key, 1);
    t.put(c, key, 2);
    assertEquals(2, t.get(c, key, null));
    assertTrue(t.containsKey(c, key));
    assertTrue(t.remove(c, key));
    assertEquals(5, equality.hashed);
    assertEquals(0, equality.compared);
  }

  @Test
  void aKeyThatTheHookRemovesIsPutAnew() {
    Meddling equality = new Meddling();
    Table t = new Table(c, equality, 0);
    String old = new String("key");
    String again = new String("key");
    t.put(c, old, 1);
    t.put(c, "other", 1);
    equality.onSame = () -> t.remove(c, old);
    t.put(c, again, 2);
    assertEquals(List.of("other", "key"), keysOf(c, t));
    assertSame(again, t.keyAt(c, t.nextEntry(c, t.firstEntry(c))));
  }

  @Test
  void aKeyThatTheHookPutsIsNotPutTwice() {
    Meddling equality = new Meddling();
    Table t = new Table(c, equality, 0);
    // Of the same hash as 1, and different.
    t.put(c, 2, "two");
    equality.onSame = () -> t.put(c, 1, "hook");
    t.put(c, 1, "put");
    assertEquals(List.of(2, 1), keysOf(c, t));
    assertEquals("put", t.get(c, 1, null));
  }

  @Test
  void aHookThatRollsBackAndWritesOtherwiseIsNoticed() {
    Meddling equality = new Meddling();
    Table t = new Table(c, equality, 0);
    t.put(c, 2, "two");
    Savepoint s = c.savepoint();
    t.put(c, 100, "undone");
    equality.onSame =
        () -> {
          c.rollback(s);
          t.put(c, 1, "hook");
          equality.onSame = () -> {};
        };
    t.put(c, 1, "put");
    assertEquals(List.of(2, 1), keysOf(c, t));
  }

  @Test
  void hooksThatAddKeysWithoutEndAreStopped() {
    Table[] t = new Table[1];
    Equality endless =
        new Equality() {
          private boolean running;
          private int next;

          @Override
          public int hash(Context c, Object key) {
            return 0;
          }

          @Override
          public boolean same(Context c, Object a, Object b) {
            if (!running) {
              running = true;
              try {
                t[0].clear(c);
                t[0].put(c, next++, "x");
              } finally {
                running = false;
              }
            }
            return false;
          }

          @Override
          public boolean dependsOnIdentity() {
            return false;
          }
        };
    t[0] = new Table(c, endless, 0);
    t[0].put(c, "a", "x");
    var e = assertThrows(IllegalStateException.class, () -> t[0].get(c, "b", null));
    assertTrue(e.getMessage().contains("changes the table"), e.getMessage());
    assertEquals(1, t[0].size(c));
  }

  // Graphs.

  @Test
  void referencesAreKeysAndValuesInTurn() {
    Table t = numbers(c, 3);
    t.remove(c, 1);
    List<Object> seen = new ArrayList<>();
    List<String> names = new ArrayList<>();
    t.forEachReference(
        c,
        (reference, ordinal) -> {
          seen.add(reference);
          names.add(t.referenceName(c, ordinal));
        });
    assertEquals(List.of(0, "v0", 2, "v2"), seen);
    assertEquals(List.of("key 0", "value 0", "key 1", "value 1"), names);
  }

  @Test
  void aCopySharesNothing() {
    Table t = numbers(c, 3000);
    Context child = c.fork();
    t.put(child, 1, "child");
    Table copy = t.copy(child, Label.of(child));
    t.put(child, 2, "later");
    copy.put(child, 3, "copy");
    assertEquals("child", copy.get(child, 1, null));
    assertEquals("v2", copy.get(child, 2, null));
    assertEquals("v3", t.get(child, 3, null));
    assertEquals(keysOf(c, t), keysOf(child, copy));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 2000})
  void keysThatDependOnIdentityAreFoundAfterRehashing(int n) {
    Table t = new Table(c, Equality.IDENTITY, 0);
    List<Object> keys = new ArrayList<>();
    IdentityHashMap<Object, Object> copies = new IdentityHashMap<>();
    for (int i = 0; i < n; i++) {
      Object key = new Object();
      keys.add(key);
      copies.put(key, new Object());
      t.put(c, key, i);
    }
    Table copy = t.copy(c, Label.detached());
    copy.relink(c, r -> copies.getOrDefault(r, r));
    copy.rehash(c);
    for (int i = 0; i < n; i++) {
      assertEquals(i, copy.get(c, copies.get(keys.get(i)), null));
      assertNull(copy.get(c, keys.get(i), null));
      assertEquals(i, t.get(c, keys.get(i), null));
    }
    assertEquals(keys.stream().map(copies::get).toList(), keysOf(c, copy));
  }

  @Test
  void keysThatBecomeTheSameKeepTheFirstPlaceAndTheLastValue() {
    Table t = new Table(c, Equality.IDENTITY, 0);
    for (int i = 0; i < 6; i++) {
      t.put(c, "k" + i, i);
    }
    List<Object> keys = keysOf(c, t);
    long third = t.nextEntry(c, t.nextEntry(c, t.firstEntry(c)));
    t.relink(c, r -> r == keys.get(4) || r == keys.get(3) ? keys.get(1) : r);
    t.rehash(c);
    assertEquals(Arrays.asList("k0", "k1", "k2", "k5"), keysOf(c, t));
    assertEquals(4, t.get(c, keys.get(1), null));
    assertEquals("k2", t.keyAt(c, third));
    assertEquals("k5", t.keyAt(c, t.nextEntry(c, third)));
    t.put(c, "k6", 6);
    assertEquals(5, keysOf(c, t).size());
  }

  @Test
  void hooksMayChangeTheTableWhileItIsRehashed() {
    Table[] t = new Table[1];
    boolean[] meddle = {false};
    List<Context> forks = new ArrayList<>();
    Equality equality =
        new ByValue() {
          @Override
          public int hash(Context c, Object key) {
            if (meddle[0]) {
              meddle[0] = false;
              forks.add(c.fork());
              t[0].put(c, 7, "hook");
            }
            return super.hash(c, key);
          }

          @Override
          public boolean dependsOnIdentity() {
            return true;
          }
        };
    t[0] = new Table(c, equality, 0);
    for (int i = 0; i < 1000; i++) {
      t[0].put(c, i, "v");
    }
    meddle[0] = true;
    t[0].rehash(c);
    assertEquals(1000, t[0].size(c));
    assertEquals("hook", t[0].get(c, 7, null));
    assertEquals("v", t[0].get(forks.get(0), 7, null));
  }

  @Test
  void frozenTablesRefuseWritesAndCompareByContents() {
    Table t = numbers(c, 600);
    Table a = t.copy(c, Label.frozen());
    Table b = t.copy(c, Label.frozen());
    assertEquals("v5", a.get(c, 5, null));
    assertThrows(FrozenObjectException.class, () -> a.put(c, 5, "x"));
    assertThrows(FrozenObjectException.class, () -> a.remove(c, 5));
    assertThrows(FrozenObjectException.class, () -> a.clear(c));
    assertFalse(a.remove(c, -5));
    assertEquals(a.contentHash(Object::hashCode), b.contentHash(Object::hashCode));
    assertTrue(a.sameContents(b, Object::equals));
    t.put(c, 5, "x");
    assertFalse(a.sameContents(t.copy(c, Label.frozen()), Object::equals));
    t.put(c, 5, "v5");
    assertTrue(a.sameContents(t.copy(c, Label.frozen()), Object::equals));
    t.remove(c, 0);
    assertFalse(a.sameContents(t.copy(c, Label.frozen()), Object::equals));
    t.put(c, 0, "v0");
    // The same entries in another order.
    assertFalse(a.sameContents(t.copy(c, Label.frozen()), Object::equals));
    Table none = new Table(c, BY_VALUE, 0).copy(c, Label.frozen());
    Table other = new Table(c, new ByValue(), 0).copy(c, Label.frozen());
    assertFalse(none.sameContents(other, Object::equals));
  }

  // Memory.

  @Test
  void onePutIntoAHugeSharedTableCopiesLittle() {
    Table t = new Table(c, BY_VALUE, 400_000);
    for (int i = 0; i < 300_000; i++) {
      t.put(c, i, "x");
    }
    Context warm = c.fork();
    t.put(warm, -1, "x");
    warm.end();
    Context child = c.fork();
    Integer key = -1;
    long bytes = Retention.allocatedBy(() -> t.put(child, key, "y"));
    assertTrue(bytes < 20_000, "allocated " + bytes);
    bytes = Retention.allocatedBy(() -> t.put(child, key, "z"));
    assertEquals(0, bytes);
    c.end();
    bytes = Retention.allocatedBy(child::tidy);
    assertTrue(bytes < 20_000, "allocated " + bytes);
    assertEquals("z", t.get(child, -1, null));
    assertEquals("x", t.get(child, 299_999, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5000})
  void whatAnEndedContextPutIsCollected(int n) {
    Table t = numbers(c, n);
    Context child = c.fork();
    var put = putNew(child, t, 50);
    var added = putNew(child, t, n);
    Retention.assertRetained(put);
    Retention.assertRetained(added);
    child.end();
    Retention.assertCollected(put);
    Retention.assertCollected(added);
    assertEquals("v50", t.get(c, 50, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5000})
  void whatWasRemovedOrReplacedIsCollectedWhenNobodySeesIt(int n) {
    Table t = numbers(c, n);
    var removed = putNew(c, t, n - 1);
    var replaced = putNew(c, t, 50);
    Context child = c.fork();
    t.remove(c, n - 1);
    t.put(c, 50, "x");
    assertSame(removed.get(), t.get(child, n - 1, null));
    Retention.assertRetained(replaced);
    child.end();
    c.tidy();
    Retention.assertCollected(removed);
    Retention.assertCollected(replaced);
    assertEquals("x", t.get(c, 50, null));
  }

  @Test
  void whatASoleViewerRemovesOrClearsIsCollected() {
    Table t = numbers(c, 100);
    var removed = putNew(c, t, 5);
    t.remove(c, 5);
    Retention.assertCollected(removed);
    var cleared = putNew(c, t, 6);
    t.clear(c);
    Retention.assertCollected(cleared);
    assertEquals(0, t.size(c));
  }

  private static WeakReference<Object> putNew(Context c, Table t, Object key) {
    Object o = new Object();
    t.put(c, key, o);
    return new WeakReference<>(o);
  }

  @Test
  void randomProgramsSeeWhatMapsSee() {
    new TableFamily().run();
  }

  private static final class TableFamily extends RandomFamily<Table, Map<Object, Object>> {
    private static final int[] SIZES = {0, 1, 10, 255, 512, 513, 600, 1024, 3000};

    private int next;

    @Override
    Table create(Context c, Random random) {
      int n = SIZES[random.nextInt(SIZES.length)];
      Table t = new Table(c, BY_VALUE, random.nextBoolean() ? 0 : n);
      for (int i = 0; i < n; i++) {
        t.put(c, i, next++);
      }
      return t;
    }

    @Override
    Map<Object, Object> modelOf(Context c, Table t) {
      List<Object> pairs = new ArrayList<>();
      t.forEachReference(c, (reference, ordinal) -> pairs.add(reference));
      Map<Object, Object> model = new LinkedHashMap<>();
      for (int i = 0; i < pairs.size(); i += 2) {
        model.put(pairs.get(i), pairs.get(i + 1));
      }
      return model;
    }

    @Override
    Table copy(Context c, Table t, Label label, Random random) {
      Table copy = t.copy(c, label);
      if (random.nextBoolean()) {
        copy.relink(c, o -> (Integer) o + 0);
        copy.rehash(c);
      }
      return copy;
    }

    @Override
    Map<Object, Object> change(Context c, Table t, Map<Object, Object> old, Random random) {
      Map<Object, Object> model = new LinkedHashMap<>(old);
      int range = Math.max(10, 2 * model.size());
      switch (random.nextInt(12)) {
        case 0 -> {
          if (random.nextInt(4) == 0) {
            t.clear(c);
            model.clear();
          }
        }
        case 1, 2 -> {
          for (int i = random.nextInt(800); i >= 0; i--) {
            Integer key = random.nextInt(6000);
            Object value = next++;
            t.put(c, key, value);
            model.put(key, value);
          }
        }
        case 3 -> {
          // Most of them in passing, so that the entries are moved under the cursor.
          for (long p = t.firstEntry(c); p >= 0; p = t.nextEntry(c, p)) {
            Object key = t.keyAt(c, p);
            assertSame(model.get(key), t.valueAt(c, p));
            if (random.nextInt(8) > 0) {
              assertTrue(t.remove(c, key));
              model.remove(key);
            }
          }
        }
        case 4, 5, 6 -> {
          for (int i = random.nextInt(10); i >= 0; i--) {
            Integer key = random.nextInt(range);
            assertEquals(model.containsKey(key), t.remove(c, key));
            model.remove(key);
          }
        }
        default -> {
          for (int i = random.nextInt(10); i >= 0; i--) {
            Integer key = random.nextInt(range);
            Object value = next++;
            t.put(c, key, value);
            model.put(key, value);
          }
        }
      }
      return model;
    }

    @Override
    void check(Context c, Table t, Map<Object, Object> model) {
      assertEquals(model.size(), t.size(c));
      assertEquals(new ArrayList<>(model.keySet()), keysOf(c, t));
      model.forEach((key, value) -> assertSame(value, t.get(c, key, null)));
      assertFalse(t.containsKey(c, -1));
    }
  }
}
