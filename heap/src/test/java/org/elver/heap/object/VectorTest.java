package org.elver.heap.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.elver.heap.version.Context;
import org.elver.heap.version.FrozenObjectException;
import org.elver.heap.version.Heap;
import org.elver.heap.version.Label;
import org.elver.heap.version.Savepoint;
import org.elver.heap.version.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorTest {
  /** More than one mid holds. */
  private static final int BIG = 300_000;

  private final Context c = new Heap().newContext();

  private static Vector numbers(Context c, int n) {
    Object[] elements = new Object[n];
    for (int i = 0; i < n; i++) {
      elements[i] = i;
    }
    return new Vector(c, elements);
  }

  private static List<Object> listOf(Context c, Vector v) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < v.length(c); i++) {
      list.add(v.get(c, i));
    }
    return list;
  }

  private static Object[] copyOf(Context c, Vector v) {
    Object[] result = new Object[v.length(c)];
    v.copyInto(c, 0, result, 0, result.length);
    return result;
  }

  @Test
  void growsByAddAndShrinksByTruncate() {
    Vector v = new Vector(c);
    for (int i = 0; i < 1000; i++) {
      assertEquals(i, v.length(c));
      v.add(c, i);
    }
    assertEquals(999, v.get(c, 999));
    v.truncate(c, 10);
    assertEquals(10, v.length(c));
    v.add(c, "x");
    assertEquals("x", v.get(c, 10));
  }

  @Test
  void filledHasThatManyOfTheValue() {
    Vector v = Vector.filled(c, 3, "x");
    assertEquals(List.of("x", "x", "x"), listOf(c, v));
    assertThrows(NegativeArraySizeException.class, () -> Vector.filled(c, -1, null));
  }

  @Test
  void takesAnyValueWhateverTheTypeOfTheGivenArray() {
    Vector v = new Vector(c, (Object[]) new String[] {"a"});
    v.set(c, 0, 1);
    v.add(c, 2);
    assertEquals(List.of(1, 2), listOf(c, v));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 256, 257, 5000})
  void boundsErrorsNameIndexAndLengthAndCopyNothing(int n) {
    Vector v = numbers(c, n);
    Context child = c.fork();
    for (Context who : List.of(c, child)) {
      for (int bad : new int[] {-1, n, n + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        var e = assertThrows(IndexOutOfBoundsException.class, () -> v.get(who, bad));
        assertEquals("Index " + bad + " out of bounds for length " + n, e.getMessage());
        e = assertThrows(IndexOutOfBoundsException.class, () -> v.set(who, bad, "x"));
        assertEquals("Index " + bad + " out of bounds for length " + n, e.getMessage());
      }
      assertThrows(IndexOutOfBoundsException.class, () -> v.truncate(who, n + 1));
      assertThrows(IndexOutOfBoundsException.class, () -> v.truncate(who, -1));
      assertThrows(IndexOutOfBoundsException.class, () -> v.copyInto(who, 1, new Object[n], 0, n));
      assertThrows(IndexOutOfBoundsException.class, () -> v.copyInto(who, 0, new Object[n], 1, n));
      assertFalse(who.hasChangedOlderObjects());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 256, 257, 511, 512, 513, 5000, BIG})
  void forksDoNotSeeEachOthersWrites(int n) {
    Vector v = numbers(c, n);
    Context child = c.fork();
    v.set(child, n - 1, "child");
    v.add(child, "added");
    v.set(c, 0, "parent");
    assertEquals("parent", v.get(c, 0));
    assertEquals(n, v.length(c));
    assertEquals(n == 1 ? "parent" : n - 1, v.get(c, n - 1));
    assertEquals("child", v.get(child, n - 1));
    assertEquals("added", v.get(child, n));
    assertEquals(n == 1 ? "child" : 0, v.get(child, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 300, 5000, BIG})
  void chunksAreSharedDownALineAndCopiedWhenWritten(int n) {
    Vector v = numbers(c, n);
    List<Context> line = new ArrayList<>(List.of(c));
    for (int i = 0; i < 10; i++) {
      Context next = line.get(i).fork();
      v.set(line.get(i), i, "old " + i);
      v.set(next, i, "new " + i);
      line.add(next);
    }
    for (int who = 0; who < line.size(); who++) {
      for (int i = 0; i < 10; i++) {
        Object expected = i < who ? "new " + i : i == who ? "old " + i : i;
        assertEquals(expected, v.get(line.get(who), i));
      }
      assertEquals(n - 1, v.get(line.get(who), n - 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 300, 5000})
  void growthOfASharedVectorSurvivesTheMoveInline(int n) {
    Vector v = numbers(c, n);
    Context child = c.fork();
    for (int i = 0; i < 3 * n; i++) {
      v.add(c, n + i);
    }
    child.end();
    c.tidy();
    for (int i = 0; i < 4 * n; i++) {
      assertEquals(i, v.get(c, i));
    }
    v.add(c, "more");
    assertEquals("more", v.get(c, 4 * n));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 256, 257, 1000, 2499, 2501, 4095, 4096, 4097, 4999})
  void slotsBeyondATruncationDoNotComeBack(int n) {
    Vector v = numbers(c, 5000);
    Context child = c.fork();
    v.set(c, 4999, "last");
    v.set(c, 4100, "near");
    v.truncate(c, n);
    while (v.length(c) < 5200) {
      v.add(c, "new");
    }
    for (int pass = 0; pass < 2; pass++) {
      Object[] all = copyOf(c, v);
      for (int i = 0; i < 5200; i++) {
        Object expected = i >= n ? "new" : i == 4100 ? "near" : i;
        assertEquals(expected, v.get(c, i));
        assertEquals(expected, all[i]);
      }
      assertEquals(4999, v.get(child, 4999));
      if (pass == 0) {
        // Once with the array shared, once flat again.
        child = replaceByFork(child);
      }
    }
  }

  /** Ends {@code child} and tidies, so that {@code c} is alone for a moment. */
  private Context replaceByFork(Context child) {
    Snapshot s = child.snapshot();
    Context again = s.fork();
    s.release();
    child.end();
    c.tidy();
    return again;
  }

  @Test
  void truncatedAndMovedInlineAddsFindNulls() {
    Vector v = numbers(c, 5000);
    Context child = c.fork();
    v.truncate(c, 3000);
    v.add(c, "x");
    child.end();
    c.tidy();
    v.add(c, "y");
    assertEquals(3002, v.length(c));
    assertEquals(2999, v.get(c, 2999));
    assertEquals("x", v.get(c, 3000));
    assertEquals("y", v.get(c, 3001));
    Vector copy = v.copy(c, Label.of(c));
    assertArrayEquals(copyOf(c, v), copyOf(c, copy));
  }

  @Test
  void rollbackBringsBackWhatOtherForksOfTheLineStillShare() {
    Vector v = numbers(c, 5000);
    Savepoint s = c.savepoint();
    v.set(c, 1, "undone");
    Context child = c.fork();
    v.set(c, 2, "undone too");
    c.rollback(s);
    v.set(c, 3, "after");
    assertEquals(1, v.get(c, 1));
    assertEquals(2, v.get(c, 2));
    assertEquals("after", v.get(c, 3));
    assertEquals("undone", v.get(child, 1));
    assertEquals(3, v.get(child, 3));
    child.end();
    c.tidy();
    assertEquals(1, v.get(c, 1));
    assertEquals("after", v.get(c, 3));
  }

  @Test
  void siblingsOnOneBaseEndAndTheLastMovesInline() {
    Vector v = numbers(c, 5000);
    List<Context> children = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Context child = c.fork();
      v.set(child, i * 1000, "child " + i);
      children.add(child);
    }
    c.end();
    for (int i : new int[] {3, 0, 4, 1}) {
      children.get(i).end();
    }
    Context last = children.get(2);
    last.tidy();
    for (int i = 0; i < 5000; i++) {
      assertEquals(i == 2000 ? "child 2" : i, v.get(last, i));
    }
  }

  @Test
  void aCopySharesNothing() {
    Vector v = numbers(c, 5000);
    Context child = c.fork();
    v.set(child, 7, "seven");
    Vector copy = v.copy(child, Label.of(child));
    v.set(child, 8, "eight");
    copy.set(child, 9, "nine");
    assertEquals("seven", copy.get(child, 7));
    assertEquals(8, copy.get(child, 8));
    assertEquals(9, v.get(child, 9));
  }

  @Test
  void frozenVectorsRefuseWritesAndCompareByContents() {
    Vector a = numbers(c, 600).copy(c, Label.frozen());
    Vector b = numbers(c, 600).copy(c, Label.frozen());
    assertThrows(FrozenObjectException.class, () -> a.set(c, 0, "x"));
    assertThrows(FrozenObjectException.class, () -> a.add(c, "x"));
    assertThrows(FrozenObjectException.class, () -> a.truncate(c, 1));
    assertEquals(0, a.get(c, 0));
    assertEquals(a.contentHash(Object::hashCode), b.contentHash(Object::hashCode));
    assertTrue(a.sameContents(b, Object::equals));
    Vector other = numbers(c, 600);
    other.set(c, 599, "x");
    assertFalse(a.sameContents(other.copy(c, Label.frozen()), Object::equals));
    assertFalse(a.sameContents(numbers(c, 599).copy(c, Label.frozen()), Object::equals));
    assertFalse(a.sameContents(new Pair(c, 1, 2).copy(c, Label.frozen()), Object::equals));
  }

  @Test
  void relinkReplacesInTheMakersObjectsAndUnderLabels() {
    Vector v = numbers(c, 5000);
    v.relink(c, o -> (Integer) o + 1);
    assertEquals(1, v.get(c, 0));
    Context child = c.fork();
    v.set(c, 100, "x");
    Vector made = v.copy(c, Label.detached());
    made.relink(c, o -> o.equals("x") ? "y" : o);
    assertEquals("y", made.get(c, 100));
    assertEquals(5000, made.get(c, 4999));
    child.end();
    c.tidy();
    v.relink(c, o -> o.equals("x") ? "z" : o);
    assertEquals("z", v.get(c, 100));
    assertEquals(5000, v.get(c, 4999));
  }

  @Test
  void referencesAreShownInOrderWithTheirPlaces() {
    Vector v = numbers(c, 1000);
    Context child = c.fork();
    v.set(child, 600, "x");
    List<Object> seen = new ArrayList<>();
    v.forEachReference(
        child,
        (reference, ordinal) -> {
          assertEquals(seen.size(), ordinal);
          seen.add(reference);
        });
    assertEquals(listOf(child, v), seen);
    assertEquals("[600]", v.referenceName(child, 600));
  }

  @Test
  void theFirstWriteToAHugeSharedVectorCopiesLittle() {
    Vector v = Vector.filled(c, 2_000_000, "x");
    // Once to load classes.
    v.set(c.fork(), 5, "warm");
    Context child = c.fork();
    long bytes = Retention.allocatedBy(() -> v.set(child, 1_000_000, "y"));
    assertTrue(bytes < 12_000, "allocated " + bytes);
    bytes = Retention.allocatedBy(() -> v.add(child, "y"));
    assertTrue(bytes < 12_000, "allocated " + bytes);
    bytes = Retention.allocatedBy(() -> v.set(child, 1_000_001, "z"));
    assertEquals(0, bytes);
    c.end();
    // It has outgrown its base, so that it must be copied now.
    child.tidy();
    assertEquals("y", v.get(child, 1_000_000));
    assertEquals(2_000_001, v.length(child));
  }

  @Test
  void movingInlineCopiesOnlyWhatWasWritten() {
    Vector v = Vector.filled(c, 2_000_000, "x");
    Context child = c.fork();
    v.set(c, 1_000_000, "y");
    child.end();
    long bytes = Retention.allocatedBy(c::tidy);
    assertTrue(bytes < 12_000, "allocated " + bytes);
    assertEquals(0, Retention.allocatedBy(() -> v.set(c, 1_500_000, "z")));
    assertEquals("y", v.get(c, 1_000_000));
    assertEquals("x", v.get(c, 1_000_001));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5000})
  void whatAnEndedContextWroteIsCollected(int n) {
    Vector v = numbers(c, n);
    Context child = c.fork();
    var set = putNew(child, v, 50);
    var added = addNew(child, v);
    Retention.assertRetained(set);
    Retention.assertRetained(added);
    child.end();
    Retention.assertCollected(set);
    Retention.assertCollected(added);
    assertEquals(50, v.get(c, 50));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5000})
  void whatWasTruncatedOrOverwrittenIsCollectedWhenNobodySeesIt(int n) {
    Vector v = numbers(c, n);
    var last = putNew(c, v, n - 1);
    var overwritten = putNew(c, v, 50);
    Context child = c.fork();
    v.truncate(c, n - 10);
    v.set(c, 50, "x");
    Retention.assertRetained(last);
    Retention.assertRetained(overwritten);
    assertSame(last.get(), v.get(child, n - 1));
    child.end();
    c.tidy();
    Retention.assertCollected(last);
    Retention.assertCollected(overwritten);
    assertEquals("x", v.get(c, 50));
  }

  @Test
  void truncatedSlotsOfAChunkAreCollected() {
    Vector v = numbers(c, 5000);
    Context child = c.fork();
    var partOfAChunk = putNew(child, v, 4005);
    var wholeChunk = putNew(child, v, 4999);
    v.set(child, 3999, "kept");
    v.truncate(child, 4000);
    Retention.assertCollected(partOfAChunk);
    Retention.assertCollected(wholeChunk);
    assertEquals("kept", v.get(child, 3999));
    assertEquals(4999, v.get(c, 4999));
  }

  @Test
  void aVectorCutToLessThanHalfLetsGoOfItsBase() {
    Vector v = numbers(c, 5000);
    var old = putNew(c, v, 4000);
    Context child = c.fork();
    v.truncate(child, 2000);
    // A living fork of the child: its epoch is frozen, so that the vector cannot move inline.
    Context grandchild = child.fork();
    c.end();
    assertEquals(2000, v.length(grandchild));
    Retention.assertCollected(old);
    assertEquals(2000, v.length(child));
  }

  @Test
  void inlineTruncationDropsTheSlots() {
    Vector v = numbers(c, 100);
    var last = putNew(c, v, 99);
    v.truncate(c, 99);
    Retention.assertCollected(last);
    assertEquals(99, v.length(c));
  }

  private static WeakReference<Object> putNew(Context c, Vector v, int i) {
    Object o = new Object();
    v.set(c, i, o);
    return new WeakReference<>(o);
  }

  private static WeakReference<Object> addNew(Context c, Vector v) {
    Object o = new Object();
    v.add(c, o);
    return new WeakReference<>(o);
  }

  @Test
  void nullsAreValues() {
    Vector v = Vector.filled(c, 600, null);
    Context child = c.fork();
    v.set(child, 0, "x");
    v.set(child, 0, null);
    assertNull(v.get(child, 0));
    assertNull(v.get(child, 599));
  }

  @Test
  void randomProgramsSeeWhatListsSee() {
    new VectorFamily().run();
  }

  private static final class VectorFamily extends RandomFamily<Vector, List<Object>> {
    private static final int[] SIZES = {0, 1, 10, 255, 256, 257, 500, 512, 513, 1024, 3000, 5000};

    private int next;

    @Override
    Vector create(Context c, Random random) {
      Object[] elements = new Object[SIZES[random.nextInt(SIZES.length)]];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = next++;
      }
      return new Vector(c, elements);
    }

    @Override
    List<Object> modelOf(Context c, Vector v) {
      List<Object> model = new ArrayList<>();
      v.forEachReference(c, (reference, ordinal) -> model.add(reference));
      return model;
    }

    @Override
    Vector copy(Context c, Vector v, Label label, Random random) {
      Vector copy = v.copy(c, label);
      if (random.nextBoolean()) {
        copy.relink(c, o -> next++);
      }
      return copy;
    }

    @Override
    List<Object> change(Context c, Vector v, List<Object> old, Random random) {
      List<Object> model = new ArrayList<>(old);
      int n = model.size();
      switch (random.nextInt(8)) {
        case 0 -> {
          int to = random.nextInt(n + 1);
          v.truncate(c, to);
          model.subList(to, n).clear();
        }
        case 1 -> {
          int to = Math.max(0, n - random.nextInt(600));
          v.truncate(c, to);
          model.subList(to, n).clear();
        }
        case 2, 3 -> {
          int count = Math.min(5000 - n, random.nextInt(random.nextBoolean() ? 3 : 1200));
          for (int i = 0; i < count; i++) {
            Object added = next++;
            v.add(c, added);
            model.add(added);
          }
        }
        default -> {
          for (int i = random.nextInt(10); i >= 0 && n > 0; i--) {
            int at = random.nextInt(n);
            Object set = next++;
            v.set(c, at, set);
            model.set(at, set);
          }
        }
      }
      return model;
    }

    @Override
    void check(Context c, Vector v, List<Object> model) {
      assertEquals(model.size(), v.length(c));
      Object[] copy = copyOf(c, v);
      for (int i = 0; i < copy.length; i++) {
        assertSame(model.get(i), v.get(c, i));
        assertSame(model.get(i), copy[i]);
      }
    }
  }
}
