package org.elver.lisp.syntax;

import org.elver.heap.object.Pair;
import org.elver.lisp.chartable.Categories;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.collection.BoolVector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Symbol;

/** Where words end between characters of word syntax: by their scripts and categories. */
public final class WordBoundary {
  private static final Symbol SCRIPTS = Symbol.known("char-script-table");
  private static final Symbol SEPARATING = Symbol.known("word-separating-categories");
  private static final Symbol COMBINING = Symbol.known("word-combining-categories");

  private WordBoundary() {}

  /** Whether the set of categories has one. */
  public static boolean has(Task t, Object set, int category) {
    return set instanceof BoolVector b && category < b.size() && b.get(t.c, category);
  }

  /** Whether a word ends between two characters. */
  public static boolean isBetween(Task t, int before, int after) {
    if (before < 128 && after < 128) {
      return false;
    }
    boolean same =
        !(Variables.orNil(t, SCRIPTS) instanceof CharTable scripts)
            || Lisp.eq(scripts.ref(t.c, before), scripts.ref(t.c, after));
    CharTable table = Categories.current(t);
    Object set1 = table.ref(t.c, before);
    Object set2 = table.ref(t.c, after);
    if (set1 == Symbol.NIL || set2 == Symbol.NIL) {
      return !same;
    }
    for (Object l = Variables.orNil(t, same ? SEPARATING : COMBINING);
        l instanceof Pair p;
        l = p.second(t.c)) {
      if (p.first(t.c) instanceof Pair e
          && isOnlyIn(t, e.first(t.c), set1, set2)
          && isOnlyIn(t, e.second(t.c), set2, set1)) {
        return same;
      }
    }
    return !same;
  }

  private static boolean isOnlyIn(Task t, Object category, Object set, Object other) {
    return category == Symbol.NIL
        || (category instanceof Long l
            && l >= 32
            && l <= 126
            && has(t, set, (int) (long) l)
            && !has(t, other, (int) (long) l));
  }
}
