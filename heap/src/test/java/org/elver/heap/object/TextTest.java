package org.elver.heap.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.elver.heap.version.Context;
import org.elver.heap.version.FrozenObjectException;
import org.elver.heap.version.Heap;
import org.elver.heap.version.Label;
import org.elver.heap.version.Savepoint;
import org.junit.jupiter.api.Test;

class TextTest {
  private final Context c = new Heap().newContext();

  /** A text of several levels of nodes. */
  private static Text big(Context c, int length) {
    int[] codes = new int[length];
    for (int i = 0; i < length; i++) {
      codes[i] = 'a' + i % 26;
    }
    return new Text(c, codes);
  }

  // Behaviours.

  @Test
  void aNewTextIsEmpty() {
    Text t = new Text(c);
    assertEquals(0, t.length(c));
    assertEquals("", t.toString(c));
    assertEquals(0, new Text(c, "").length(c));
    assertEquals(0, new Text(c, new int[0]).length(c));
  }

  @Test
  void aStringIsTakenApartIntoCodePoints() {
    Text t = new Text(c, "a\u00e9\u4e2d\ud83d\ude00\ud83d");
    assertEquals(5, t.length(c));
    assertEquals('a', t.codeAt(c, 0));
    assertEquals(0xE9, t.codeAt(c, 1));
    assertEquals(0x4E2D, t.codeAt(c, 2));
    assertEquals(0x1F600, t.codeAt(c, 3));
    assertEquals(0xD83D, t.codeAt(c, 4));
    assertEquals("a\u00e9\u4e2d\ud83d\ude00\ud83d", t.toString(c));
  }

  @Test
  void aLongStringIsNotCutWithinPairs() {
    String s = "x" + "\ud83d\ude00".repeat(5000);
    Text t = new Text(c, s);
    assertEquals(5001, t.length(c));
    assertEquals(s, t.toString(c));
    checkTree(t.read(c));
  }

  @Test
  void codesBeyondUnicodePrintAsQuestionMarks() {
    Text t = new Text(c, new int[] {'a', Text.MAX_CODE, 0x10FFFF});
    assertEquals(Text.MAX_CODE, t.codeAt(c, 1));
    assertEquals("a?" + Character.toString(0x10FFFF), t.toString(c));
  }

  @Test
  void aWiderCodeWidensTheText() {
    Text t = new Text(c, "abc");
    t.set(c, 1, 0x4E2D);
    t.append(c, 'd');
    t.set(c, 0, Text.MAX_CODE);
    t.insert(c, 0, 'z');
    assertArrayEquals(new int[] {'z', Text.MAX_CODE, 0x4E2D, 'c', 'd'}, codes(t, c));
  }

  @Test
  void codesAreInsertedAnywhere() {
    Text t = new Text(c, "bd");
    t.insert(c, 0, 'a');
    t.insert(c, 2, "c");
    t.append(c, new int[] {'x', 'e', 'x'}, 1, 2);
    t.append(c, "f");
    t.append(c, 'g');
    t.append(c, t, 0, 2);
    assertEquals("abcdefgab", t.toString(c));
  }

  @Test
  void aTextIsInsertedIntoItself() {
    Text t = new Text(c, "abc");
    t.insert(c, 1, t, 0, 3);
    assertEquals("aabcbc", t.toString(c));
    t.replace(c, 0, 6, t, 4, 6);
    assertEquals("bc", t.toString(c));
    Text large = big(c, 5000);
    String s = large.toString(c);
    large.insert(c, 1700, large, 100, 4900);
    assertEquals(s.substring(0, 1700) + s.substring(100, 4900) + s.substring(1700), show(large));
  }

  @Test
  void rangesAreDeletedAndReplaced() {
    Text t = new Text(c, "hello world");
    t.delete(c, 5, 11);
    assertEquals("hello", t.toString(c));
    t.replace(c, 1, 4, "ipp");
    assertEquals("hippo", t.toString(c));
    t.replace(c, 0, 1, new int[] {'z', '-'}, 0, 2);
    assertEquals("z-ippo", t.toString(c));
    t.delete(c, 0, 6);
    assertEquals("", t.toString(c));
    t.append(c, "again");
    assertEquals("again", t.toString(c));
  }

  @Test
  void aSubstringIsIndependent() {
    Text t = big(c, 10_000);
    Text s = t.substring(c, 1000, 9000);
    String before = s.toString(c);
    assertEquals(t.toString(c).substring(1000, 9000), before);
    t.set(c, 1500, '!');
    assertEquals(before, s.toString(c));
    s.set(c, 0, '?');
    assertNotEquals('?', t.codeAt(c, 1000));
    assertNothingShared(List.of(t, s), c);
    checkTree(s.read(c));
    assertEquals("", t.substring(c, 7, 7).toString(c));
    assertNothingShared(List.of(t, t.substring(c, 0, 10_000)), c);
  }

  @Test
  void getCodesCopiesARange() {
    Text t = big(c, 5000);
    t.set(c, 2000, 0x4E2D);
    int[] dst = new int[4002];
    t.getCodes(c, 500, 4500, dst, 1);
    assertEquals(0, dst[0]);
    assertEquals(0, dst[4001]);
    for (int i = 0; i < 4000; i++) {
      assertEquals(t.codeAt(c, 500 + i), dst[1 + i]);
    }
  }

  @Test
  void showShowsTheCodesAroundAPosition() {
    int[] codes = IntStream.range(0, 10_000).map(i -> i % 3000 < 1000 ? 'a' : i).toArray();
    Text t = new Text(c, codes);
    for (int at = 0; at < codes.length; at += 77) {
      int position = at;
      t.show(
          c,
          at,
          (array, from, count) -> {
            assertTrue(from <= position && position < from + count);
            for (int i = 0; i < count; i++) {
              int code =
                  array instanceof byte[] b
                      ? b[i] & 0xFF
                      : array instanceof char[] s ? s[i] : ((int[]) array)[i];
              assertEquals(codes[from + i], code);
            }
          });
    }
    assertThrows(IndexOutOfBoundsException.class, () -> t.show(c, codes.length, (a, f, n) -> {}));
  }

  @Test
  void indexOfFindsTheFirstInTheRange() {
    Text t = big(c, 5000);
    assertEquals(-1, t.indexOf(c, 0x4E2D, 0, 5000));
    assertEquals(2600, t.indexOf(c, 'a', 2575, 5000));
    assertEquals(-1, t.indexOf(c, 'a', 2575, 2600));
    t.set(c, 4321, 0x4E2D);
    assertEquals(4321, t.indexOf(c, 0x4E2D, 0, 5000));
    assertEquals(-1, t.indexOf(c, 0x4E2D, 4322, 5000));
    Text high = new Text(c, new int[] {'a', 0xFF, 0x100, 0xFFFF, 0x10000, 0xFF});
    assertEquals(1, high.indexOf(c, 0xFF, 0, 6));
    assertEquals(5, high.indexOf(c, 0xFF, 2, 6));
    assertEquals(4, high.indexOf(c, 0x10000, 0, 6));
    assertEquals(-1, high.indexOf(c, 'a', 3, 3));
  }

  @Test
  void comparisonDoesNotSeeChunksAndWidths() {
    Text a = big(c, 5000);
    Text b = new Text(c, new int[] {0x4E2D});
    String s = a.toString(c);
    for (int i = s.length() - 1; i >= 0; i--) {
      b.insert(c, 1, s.charAt(i));
    }
    assertTrue(a.sameCodes(c, 0, 5000, b, 1, 5001));
    assertEquals(0, a.compare(c, 0, 5000, b, 1, 5001));
    assertEquals(a.hash(c), b.substring(c, 1, 5001).hash(c));
    assertEquals(s.hashCode(), a.hash(c));
    assertTrue(a.compare(c, 0, 4999, b, 1, 5001) < 0);
    assertTrue(a.compare(c, 0, 5000, b, 0, 5001) < 0);
    b.set(c, 3001, 'A');
    assertFalse(a.sameCodes(c, 0, 5000, b, 1, 5001));
    assertTrue(a.sameCodes(c, 0, 3000, b, 1, 3001));
    assertTrue(a.compare(c, 0, 5000, b, 1, 5001) > 0);
    assertFalse(a.sameCodes(c, 0, 2, b, 1, 2));
  }

  @Test
  void positionsOutsideAreRefusedBeforeAnyChange() {
    Text t = new Text(c, "abc");
    int[] two = {1, 2};
    refused(() -> t.codeAt(c, 3));
    refused(() -> t.codeAt(c, -1));
    refused(() -> t.set(c, 3, 'x'));
    refused(() -> t.insert(c, 4, 'x'));
    refused(() -> t.insert(c, -1, "x"));
    refused(() -> t.insert(c, 0, two, 1, 3));
    refused(() -> t.insert(c, 0, t, 2, 4));
    refused(() -> t.delete(c, 2, 1));
    refused(() -> t.delete(c, 2, 4));
    refused(() -> t.replace(c, 0, 4, "x"));
    refused(() -> t.replace(c, 0, 1, t, 0, 4));
    refused(() -> t.substring(c, 0, 4));
    refused(() -> t.getCodes(c, 0, 3, two, 0));
    refused(() -> t.indexOf(c, 'a', 0, 4));
    refused(() -> t.cursor(c, 4));
    refused(() -> t.cursor(c, 0).moveTo(4));
    refused(() -> t.toString(c, 0, 4));
    assertEquals("abc", t.toString(c));
  }

  private static void refused(Runnable use) {
    assertThrows(IndexOutOfBoundsException.class, use::run);
  }

  @Test
  void wrongCodesAreRefusedBeforeAnyChange() {
    Text t = new Text(c, "abc");
    for (int wrong : new int[] {-1, Text.MAX_CODE + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      int[] codes = {'x', wrong};
      assertThrows(IllegalArgumentException.class, () -> t.set(c, 0, wrong));
      assertThrows(IllegalArgumentException.class, () -> t.insert(c, 0, wrong));
      assertThrows(IllegalArgumentException.class, () -> t.append(c, wrong));
      assertThrows(IllegalArgumentException.class, () -> t.replace(c, 0, 3, codes, 0, 2));
      assertThrows(IllegalArgumentException.class, () -> new Text(c, codes));
    }
    assertEquals("abc", t.toString(c));
  }

  // Cursors.

  @Test
  void aCursorReadsBothWays() {
    for (int length : new int[] {0, 1, 7, 5000}) {
      Text t = big(c, length);
      if (length > 1) {
        t.set(c, length / 2, 0x4E2D);
        t.set(c, length - 1, Text.MAX_CODE);
      }
      TextCursor cursor = t.cursor(c, 0);
      assertEquals(TextCursor.END, cursor.previous());
      for (int i = 0; i < length; i++) {
        assertEquals(i, cursor.position());
        assertEquals(t.codeAt(c, i), cursor.peekNext());
        assertEquals(t.codeAt(c, i), cursor.next());
        assertEquals(t.codeAt(c, i), cursor.peekPrevious());
      }
      assertEquals(TextCursor.END, cursor.peekNext());
      assertEquals(TextCursor.END, cursor.next());
      assertEquals(length, cursor.position());
      for (int i = length - 1; i >= 0; i--) {
        assertEquals(t.codeAt(c, i), cursor.previous());
        assertEquals(i, cursor.position());
      }
      assertEquals(TextCursor.END, cursor.peekPrevious());
      cursor.moveTo(length);
      assertEquals(TextCursor.END, cursor.next());
      assertEquals(length, t.cursor(c, length).position());
    }
  }

  @Test
  void aCursorNoticesWritesAtTheEndOfItsChunk() {
    Text t = big(c, 5000);
    for (Runnable write :
        List.<Runnable>of(
            () -> t.set(c, 0, 'x'), () -> t.insert(c, 9, 'x'), () -> t.delete(c, 0, 1))) {
      TextCursor cursor = t.cursor(c, 2500);
      write.run();
      assertThrows(ConcurrentModificationException.class, () -> cursor.moveTo(0));
      assertThrows(ConcurrentModificationException.class, () -> readToEnd(cursor));
    }
  }

  @Test
  void aCursorNoticesWritesAfterItsVersionBecameTheInlineOne() {
    Text t = big(c, 5000);
    Context d = c.fork();
    t.set(c, 2500, 'x');
    TextCursor cursor = t.cursor(c, 2500);
    d.end();
    c.tidy();
    t.set(c, 2500, 'y');
    assertThrows(ConcurrentModificationException.class, () -> readToEnd(cursor));
  }

  private static String readToEnd(TextCursor cursor) {
    StringBuilder result = new StringBuilder();
    for (int code = cursor.next(); code != TextCursor.END; code = cursor.next()) {
      result.append((char) code);
    }
    return result.toString();
  }

  @Test
  void aCursorDoesNotMindOtherContexts() {
    Text t = big(c, 5000);
    String before = t.toString(c);
    Context other = c.fork();
    TextCursor cursor = t.cursor(c, 0);
    t.delete(other, 0, 3000);
    assertEquals(before, readToEnd(cursor));
  }

  // Versions.

  @Test
  void contextsSeeTheirOwnTexts() {
    Text t = big(c, 5000);
    String before = t.toString(c);
    Context d = c.fork();
    t.set(c, 17, 'C');
    t.insert(d, 4000, "DDD");
    assertEquals(before.substring(0, 17) + "C" + before.substring(18), t.toString(c));
    assertEquals(before.substring(0, 4000) + "DDD" + before.substring(4000), t.toString(d));
    c.end();
    t.delete(d, 0, 4000);
    assertEquals("DDD" + before.substring(4000), t.toString(d));
  }

  @Test
  void aFirstWriteSharesAllButOnePath() {
    Text t = big(c, 1_000_000);
    Context d = c.fork();
    t.set(d, 400_000, 'D');
    t.insert(d, 400_000, 'D');
    t.delete(d, 400_000, 400_001);
    Set<TextPart> parts = parts(t.read(d));
    int all = parts.size();
    parts.removeAll(parts(t.read(c)));
    assertTrue(parts.size() <= 1 + Rope.height(t.read(d)), parts.size() + " of " + all);
  }

  @Test
  void theOnlyViewerWritesInPlace() {
    Text t = big(c, 5000);
    Context d = c.fork();
    c.end();
    TextPart before = t.read(d);
    t.set(d, 3000, 'D');
    t.insert(d, 3000, 'D');
    assertSame(before, t.read(d));
  }

  @Test
  void aRollbackBringsTheTextBack() {
    Text t = big(c, 5000);
    String before = t.toString(c);
    Savepoint s = c.savepoint();
    t.delete(c, 100, 4000);
    t.set(c, 3, 'x');
    Context d = c.fork();
    t.append(c, "more");
    c.rollback(s);
    assertEquals(before, t.toString(c));
    t.set(c, 200, 'y');
    assertEquals(1100, t.length(d));
    assertEquals('x', t.codeAt(d, 3));
    d.end();
    t.set(c, 200, before.charAt(200));
    assertEquals(before, t.toString(c));
  }

  @Test
  void committedTextBelongsToTheParent() {
    Text t = big(c, 5000);
    Context d = c.forkSpeculating();
    t.insert(d, 2500, "from d");
    assertTrue(c.tryCommit(d));
    TextPart root = t.read(c);
    t.set(c, 2500, 'F');
    assertSame(root, t.read(c));
    assertEquals("From d", t.toString(c, 2500, 2506));
  }

  @Test
  void readingOrWritingConflictsWithAWriteOfTheParent() {
    Text t = big(c, 5000);
    Text empty = new Text(c);
    Context reader = c.forkSpeculating();
    t.codeAt(reader, 4000);
    Context writer = c.forkSpeculating();
    t.append(writer, 'w');
    Context neither = c.forkSpeculating();
    empty.append(neither, 'n');
    t.set(c, 0, 'x');
    assertFalse(c.tryCommit(reader));
    assertFalse(c.tryCommit(writer));
    assertTrue(c.tryCommit(neither));
    assertEquals("n", empty.toString(c));
  }

  @Test
  void aCopySharesNothing() {
    Text t = big(c, 5000);
    Label label = Label.detached();
    Text message = t.copy(c, label);
    Context receiver = new Heap().newContext();
    receiver.attach(label);
    assertNothingShared(List.of(t, message), c);
    TextPart root = message.read(receiver);
    message.set(receiver, 0, 'm');
    assertSame(root, message.read(receiver));
    assertEquals('a', t.codeAt(c, 0));
    assertEquals("m" + t.toString(c).substring(1), message.toString(receiver));
  }

  @Test
  void aFrozenTextIsRead() {
    Text t = big(c, 5000);
    Text frozen = t.copy(c, Label.frozen());
    Text other = t.copy(c, Label.frozen());
    assertThrows(FrozenObjectException.class, () -> frozen.set(c, 0, 'x'));
    assertThrows(FrozenObjectException.class, () -> frozen.append(c, "x"));
    assertEquals(t.toString(c), frozen.toString(c));
    assertTrue(frozen.sameContents(other, (a, b) -> false));
    assertEquals(frozen.contentHash(o -> 0), other.contentHash(o -> 0));
    t.set(c, 4000, 0x4E2D);
    assertFalse(frozen.sameContents(t.copy(c, Label.frozen()), (a, b) -> false));
    assertFalse(frozen.sameContents(new Cell(c, null), (a, b) -> false));
  }

  @Test
  void aTextHasNoReferences() {
    Text t = new Text(c, "abc");
    t.forEachReference(c, (o, i) -> assertEquals(null, o, "a reference"));
    t.relink(c, o -> null);
    assertEquals("abc", t.toString(c));
    assertThrows(IndexOutOfBoundsException.class, () -> t.referenceName(c, 0));
  }

  // Retention.

  @Test
  void textOfAnEndedContextIsGarbage() {
    Text t = big(c, 5000);
    Context d = c.fork();
    WeakReference<TextPart> written = new WeakReference<>(rewrite(t, d));
    d.end();
    awaitCleared(written);
    assertEquals(5000, t.length(c));
  }

  @Test
  void textThatNobodySeesAnyMoreIsGarbage() {
    Text t = big(c, 5000);
    WeakReference<TextPart> old = new WeakReference<>(t.read(c));
    Context d = c.fork();
    rewrite(t, d);
    c.end();
    d.tidy();
    awaitCleared(old);
    assertEquals(3, t.length(d));
  }

  @Test
  void textHiddenFromEverySurvivorIsGarbage() {
    Text t = big(c, 5000);
    WeakReference<TextPart> old = new WeakReference<>(t.read(c));
    Context d = c.fork();
    rewrite(t, d);
    Context e = d.fork();
    c.end();
    awaitCleared(old);
    assertEquals("new", t.toString(d));
    assertEquals("new", t.toString(e));
  }

  private static TextPart rewrite(Text t, Context d) {
    t.replace(d, 0, t.length(d), "new");
    return t.read(d);
  }

  private static void awaitCleared(WeakReference<?> r) {
    for (int tries = 0; r.get() != null && tries < 100; tries++) {
      System.gc();
    }
    assertEquals(null, r.get());
  }

  @Test
  void deletingMostOfATextFreesItsMemory() {
    Text t = big(c, 500);
    t.delete(c, 0, 490);
    assertTrue(((byte[]) ((TextChunk) t.read(c)).codes()).length < 100);
  }

  // Size.

  @Test
  void manyInsertionsIntoALongText() {
    int n = 10_000_000;
    int inserts = 10_000;
    Text t = big(c, n);
    Random random = new Random(1);
    long sum = 0;
    for (int i = 0; i < inserts; i++) {
      int at = random.nextInt(n + i);
      t.insert(c, at, '!');
      sum += t.codeAt(c, at);
    }
    assertEquals(n + inserts, t.length(c));
    assertEquals((long) '!' * inserts, sum);
    int letter = 0;
    int found = 0;
    TextCursor cursor = t.cursor(c, 0);
    for (int code = cursor.next(); code != TextCursor.END; code = cursor.next()) {
      if (code == '!') {
        found++;
      } else if (code != 'a' + letter++ % 26) {
        break;
      }
    }
    assertEquals(n, letter);
    assertEquals(inserts, found);
    checkTree(t.read(c));
  }

  @Test
  void appendingAndDeletingOneByOneKeepsTheTreeInShape() {
    Text t = new Text(c);
    for (int i = 0; i < 100_000; i++) {
      t.append(c, 'a' + i % 26);
    }
    checkTree(t.read(c));
    Random random = new Random(2);
    for (int i = 100_000; i > 0; i--) {
      int at = random.nextInt(8) == 0 ? random.nextInt(i) : Math.min(50_000, i - 1);
      t.delete(c, at, at + 1);
      if (i % 5000 == 0) {
        checkTree(t.read(c));
      }
    }
    assertSame(TextChunk.EMPTY, t.read(c));
  }

  // Against a model.

  @Test
  void randomProgramsAgreeWithTheModel() {
    Long fixed = Long.getLong("elver.seed");
    if (fixed != null) {
      new RandomProgram(fixed).run();
      return;
    }
    long first = System.nanoTime();
    for (long seed = first; seed < first + 60; seed++) {
      try {
        new RandomProgram(seed).run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Delver.seed=" + seed, e);
      }
    }
  }

  /** A list of codes without any art. */
  private static final class Codes {
    int[] codes = new int[0];

    Codes copy() {
      Codes result = new Codes();
      result.codes = codes;
      return result;
    }

    void replace(int from, int to, int[] by) {
      int[] result = new int[codes.length - (to - from) + by.length];
      System.arraycopy(codes, 0, result, 0, from);
      System.arraycopy(by, 0, result, from, by.length);
      System.arraycopy(codes, to, result, from + by.length, codes.length - to);
      codes = result;
    }
  }

  /** A context, and what it should see. */
  private static final class Isolate {
    final Context context;
    final Context parent;
    final boolean speculates;
    Map<Text, Codes> texts = new LinkedHashMap<>();

    /** The texts that were changed; perhaps also some that were changed back. */
    final Set<Text> changed = new HashSet<>();

    final Deque<Savepoint> savepoints = new ArrayDeque<>();
    final Deque<Map<Text, Codes>> saved = new ArrayDeque<>();

    Isolate(Context context, Context parent, boolean speculates) {
      this.context = context;
      this.parent = parent;
      this.speculates = speculates;
    }

    Map<Text, Codes> state() {
      Map<Text, Codes> result = new LinkedHashMap<>();
      texts.forEach((t, m) -> result.put(t, m.copy()));
      return result;
    }
  }

  private static final class RandomProgram {
    private static final int STEPS = 600;
    private static final int ISOLATES = 6;
    private static final int TEXTS = 4;
    private static final int LONGEST = 20_000;

    private final Random random;
    private final List<Isolate> isolates = new ArrayList<>();

    RandomProgram(long seed) {
      random = new Random(seed);
      isolates.add(new Isolate(new Heap().newContext(), null, false));
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        Isolate isolate = isolates.get(random.nextInt(isolates.size()));
        step(isolate);
        if (i % 20 == 0) {
          isolates.forEach(this::compare);
        }
      }
      while (!isolates.isEmpty()) {
        isolates.forEach(this::compare);
        isolates.remove(random.nextInt(isolates.size())).context.end();
      }
    }

    private void step(Isolate isolate) {
      Context c = isolate.context;
      switch (random.nextInt(40)) {
        case 0, 1, 2 -> {
          if (isolates.size() < ISOLATES) {
            boolean speculates = random.nextInt(3) == 0;
            Context forked = speculates ? c.forkSpeculating() : c.fork();
            Isolate child = new Isolate(forked, c, speculates);
            child.texts = isolate.state();
            isolates.add(child);
          }
        }
        case 3 -> {
          if (isolates.size() > 1) {
            isolates.remove(isolate);
            c.end();
          }
        }
        case 4 -> {
          isolate.saved.push(isolate.state());
          isolate.savepoints.push(c.savepoint());
        }
        case 5 -> {
          if (!isolate.savepoints.isEmpty()) {
            c.commit(isolate.savepoints.pop());
            isolate.saved.pop();
          }
        }
        case 6 -> {
          if (!isolate.savepoints.isEmpty()) {
            c.rollback(isolate.savepoints.pop());
            isolate.texts.putAll(isolate.saved.pop());
          }
        }
        case 7 -> c.tidy();
        case 8 -> {
          if (isolate.texts.size() < TEXTS) {
            int[] codes = randomCodes();
            isolate.texts.put(new Text(c, codes), model(codes));
          }
        }
        case 9 -> join(isolate);
        default -> {
          if (!isolate.texts.isEmpty()) {
            List<Text> texts = List.copyOf(isolate.texts.keySet());
            Text t = texts.get(random.nextInt(texts.size()));
            edit(isolate, t, texts.get(random.nextInt(texts.size())));
          }
        }
      }
    }

    /** Adopts or commits a child, if it may be. */
    private void join(Isolate child) {
      for (Isolate parent : isolates) {
        if (parent.context != child.parent || !parent.context.canAdopt(child.context)) {
          continue;
        }
        boolean commit = child.speculates;
        if (!commit) {
          parent.context.adopt(child.context);
        } else if (!parent.context.tryCommit(child.context)) {
          return;
        }
        isolates.remove(child);
        child.texts.forEach(
            (t, m) -> {
              if (!parent.texts.containsKey(t)) {
                // Made by the child, or by somebody above who has ended or rolled back.
                if (parent.context.created(t)) {
                  parent.texts.put(t, m);
                }
              } else if (commit && child.changed.contains(t)) {
                parent.texts.put(t, m);
                parent.changed.add(t);
              }
            });
        return;
      }
    }

    private void edit(Isolate isolate, Text t, Text other) {
      Context c = isolate.context;
      Codes m = isolate.texts.get(t);
      int[] before = m.codes;
      int n = before.length;
      if (n > LONGEST) {
        int to = n - random.nextInt(n / 2);
        int from = random.nextInt(to);
        t.delete(c, from, to);
        m.replace(from, to, new int[0]);
      }
      n = m.codes.length;
      int at = random.nextInt(n + 1);
      int to = random.nextInt(4) == 0 ? at + random.nextInt(n - at + 1) : Math.min(n, at + 30);
      switch (random.nextInt(10)) {
        case 0, 1 -> {
          for (int i = 0; i < 20; i++) {
            int code = randomCode(random.nextInt(4));
            t.insert(c, at + i, code);
            m.replace(at + i, at + i, new int[] {code});
          }
        }
        case 2 -> {
          if (at < n) {
            int code = randomCode(random.nextInt(4));
            t.set(c, at, code);
            m.codes = m.codes.clone();
            m.codes[at] = code;
          }
        }
        case 3 -> {
          int[] codes = randomCodes();
          int from = random.nextInt(codes.length + 1);
          t.replace(c, at, to, codes, from, codes.length);
          m.replace(at, to, Arrays.copyOfRange(codes, from, codes.length));
        }
        case 4 -> {
          int[] codes = randomCodes();
          t.insert(c, at, codes, 0, codes.length);
          m.replace(at, at, codes);
        }
        case 5 -> {
          int[] codes = randomCodes();
          String s = new Text(c, codes).toString(c);
          t.replace(c, at, to, s);
          m.replace(at, to, s.codePoints().toArray());
        }
        case 6 -> {
          int[] source = isolate.texts.get(other).codes;
          int from = random.nextInt(source.length + 1);
          int end = from + random.nextInt(source.length - from + 1);
          t.replace(c, at, to, other, from, end);
          m.replace(at, to, Arrays.copyOfRange(source, from, end));
        }
        case 7, 8 -> {
          t.delete(c, at, to);
          m.replace(at, to, new int[0]);
        }
        default -> read(c, t, m, at, to);
      }
      if (!Arrays.equals(before, m.codes)) {
        isolate.changed.add(t);
      }
      checkTree(t.read(c));
      assertEquals(m.codes.length, t.length(c));
    }

    private void read(Context c, Text t, Codes m, int at, int to) {
      int[] range = Arrays.copyOfRange(m.codes, at, to);
      Text part = t.substring(c, at, to);
      checkTree(part.read(c));
      assertArrayEquals(range, codes(part, c));
      assertTrue(t.sameCodes(c, at, to, part, 0, to - at));
      assertEquals(Arrays.hashCode(range), part.hash(c) + power(31, range.length));
      TextCursor cursor = t.cursor(c, at);
      for (int code : range) {
        assertEquals(code, cursor.next());
      }
      assertEquals(to, cursor.position());
      if (to > at) {
        int i = at + random.nextInt(to - at);
        assertEquals(m.codes[i], t.codeAt(c, i));
        int first = at;
        while (m.codes[first] != m.codes[i]) {
          first++;
        }
        assertEquals(first, t.indexOf(c, m.codes[i], at, to));
      }
    }

    private static int power(int base, int exponent) {
      int result = 1;
      for (int i = 0; i < exponent; i++) {
        result *= base;
      }
      return result;
    }

    private void compare(Isolate isolate) {
      isolate.texts.forEach(
          (t, m) -> {
            checkTree(t.read(isolate.context));
            assertArrayEquals(m.codes, codes(t, isolate.context));
          });
      assertNothingShared(isolate.texts.keySet(), isolate.context);
    }

    private int[] randomCodes() {
      int length =
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(10_000);
            case 1 -> random.nextInt(2500);
            case 2 -> random.nextInt(600);
            default -> random.nextInt(20);
          };
      int width = random.nextInt(4);
      return random.ints(length, 0, 4).map(i -> randomCode(Math.min(i, width))).toArray();
    }

    private int randomCode(int width) {
      return switch (width) {
        case 0 -> random.nextInt(0x80);
        case 1 -> random.nextInt(0x100);
        case 2 -> random.nextInt(0xD800);
        default -> random.nextInt(Text.MAX_CODE + 1);
      };
    }

    private static Codes model(int[] codes) {
      Codes m = new Codes();
      m.codes = codes;
      return m;
    }
  }

  // Structure.

  private String show(Text t) {
    checkTree(t.read(c));
    return t.toString(c);
  }

  private static int[] codes(Text t, Context c) {
    int[] result = new int[t.length(c)];
    t.getCodes(c, 0, result.length, result, 0);
    return result;
  }

  private static void checkTree(TextPart root) {
    if (root instanceof TextNode n) {
      checkPart(n);
    } else {
      checkChunk((TextChunk) root, root == TextChunk.EMPTY ? 0 : 1);
    }
  }

  private static void checkPart(TextPart p) {
    if (p instanceof TextNode n) {
      checkPart(n.left);
      checkPart(n.right);
      int l = Rope.height(n.left);
      int r = Rope.height(n.right);
      assertTrue(Math.abs(l - r) <= 1, () -> "unbalanced: " + l + ", " + r);
      assertEquals(1 + Math.max(l, r), n.height);
      assertEquals(n.left.length + n.right.length, n.length);
    } else {
      checkChunk((TextChunk) p, TextChunk.MIN);
    }
  }

  private static void checkChunk(TextChunk chunk, int min) {
    int n = chunk.length;
    Supplier<String> message = () -> "length of a chunk: " + n;
    assertTrue(n >= min && n <= TextChunk.MAX, message);
    int capacity =
        switch (chunk.codes()) {
          case byte[] b -> b.length;
          case char[] s -> s.length;
          default -> ((int[]) chunk.codes()).length;
        };
    assertTrue(capacity >= n && capacity <= 2 * TextChunk.MAX, () -> "capacity " + capacity);
  }

  private static Set<TextPart> parts(TextPart root) {
    Set<TextPart> result = Collections.newSetFromMap(new IdentityHashMap<>());
    addParts(root, result);
    return result;
  }

  private static void addParts(TextPart p, Set<TextPart> set) {
    assertTrue(set.add(p) || p == TextChunk.EMPTY, "a part is in two places");
    if (p instanceof TextNode n) {
      addParts(n.left, set);
      addParts(n.right, set);
    }
  }

  private static void assertNothingShared(Iterable<Text> texts, Context c) {
    Set<TextPart> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Text t : texts) {
      addParts(t.read(c), seen);
    }
  }
}
