package org.elver.lisp.search;

import java.util.Arrays;
import org.elver.heap.version.Context;
import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.LispString;
import org.elver.lisp.regex.CaseFold;

/**
 * What a case table said about equivalent characters when it was first searched with. Immutable.
 */
final class Fold implements CaseFold {
  private static final int PAGE_BITS = 8;
  private static final int PAGE = 1 << PAGE_BITS;

  // Null pages: each character is its own.
  private final int[][] canon = new int[(LispString.MAX_CHAR >> PAGE_BITS) + 1][];
  private final int[][] next = new int[(LispString.MAX_CHAR >> PAGE_BITS) + 1][];

  /** The equivalents that the table of representatives says, with the circles it keeps. */
  Fold(Context c, CharTable representatives) {
    fill(c, representatives, canon);
    if (representatives.extras(c) > CaseTables.EQUIVALENTS
        && representatives.extra(c, CaseTables.EQUIVALENTS) instanceof CharTable x) {
      fill(c, x, next);
    }
  }

  private static void fill(Context c, CharTable table, int[][] pages) {
    table.forEachRange(
        c,
        (from, to, v) -> {
          if (Lisp.isCharacter(v)) {
            for (int ch = from; ch <= to; ch++) {
              put(pages, ch, Lisp.character(v));
            }
          }
        });
  }

  /** Whether {@code other} has the same equivalents. */
  boolean says(Fold other) {
    return Arrays.deepEquals(canon, other.canon) && Arrays.deepEquals(next, other.next);
  }

  private static void put(int[][] pages, int ch, int other) {
    int[] page = pages[ch >> PAGE_BITS];
    if (page == null) {
      if (ch == other) {
        return;
      }
      page = new int[PAGE];
      for (int i = 0; i < PAGE; i++) {
        page[i] = (ch & -PAGE) + i;
      }
      pages[ch >> PAGE_BITS] = page;
    }
    page[ch & (PAGE - 1)] = other;
  }

  @Override
  public int canon(int ch) {
    int[] page = canon[ch >> PAGE_BITS];
    return page == null ? ch : page[ch & (PAGE - 1)];
  }

  @Override
  public int next(int ch) {
    int[] page = next[ch >> PAGE_BITS];
    return page == null ? ch : page[ch & (PAGE - 1)];
  }
}
