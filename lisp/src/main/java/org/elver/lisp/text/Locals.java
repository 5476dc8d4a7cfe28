package org.elver.lisp.text;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.object.Symbol;

/**
 * Which variables have a buffer-local value in a buffer: pairs of the variable and its value, in
 * the order they became local. Immutable; only the values in the pairs change.
 */
final class Locals {
  /** No variables. */
  static final Locals NONE = new Locals(new Symbol[0], new Pair[0]);

  private static final int FEW = 8;

  private final Symbol[] names;
  private final Pair[] cells;

  /** Open addressing by identity hash, indices plus one; null when there are few. */
  private final int[] table;

  private Locals(Symbol[] names, Pair[] cells) {
    this.names = names;
    this.cells = cells;
    if (names.length <= FEW) {
      table = null;
      return;
    }
    int size = Integer.highestOneBit(names.length) * 4;
    int[] a = new int[size];
    for (int i = 0; i < names.length; i++) {
      int h = System.identityHashCode(names[i]) & (size - 1);
      while (a[h] != 0) {
        h = (h + 1) & (size - 1);
      }
      a[h] = i + 1;
    }
    table = a;
  }

  int size() {
    return names.length;
  }

  Symbol name(int i) {
    return names[i];
  }

  Pair cell(int i) {
    return cells[i];
  }

  private int indexOf(Symbol s) {
    if (table == null) {
      for (int i = 0; i < names.length; i++) {
        if (names[i] == s) {
          return i;
        }
      }
      return -1;
    }
    int mask = table.length - 1;
    for (int h = System.identityHashCode(s) & mask; table[h] != 0; h = (h + 1) & mask) {
      if (names[table[h] - 1] == s) {
        return table[h] - 1;
      }
    }
    return -1;
  }

  /** The pair of a variable; null when it is not local. */
  Pair find(Symbol s) {
    int i = indexOf(s);
    return i < 0 ? null : cells[i];
  }

  /** These and one more. */
  Locals with(Context c, Symbol s, Object value) {
    int n = names.length;
    Symbol[] moreNames = Arrays.copyOf(names, n + 1);
    Pair[] moreCells = Arrays.copyOf(cells, n + 1);
    moreNames[n] = s;
    moreCells[n] = new Pair(c, s, value);
    return new Locals(moreNames, moreCells);
  }

  /** These but one. */
  Locals without(Symbol s) {
    int at = indexOf(s);
    if (at < 0) {
      return this;
    }
    int n = names.length - 1;
    Symbol[] lessNames = new Symbol[n];
    Pair[] lessCells = new Pair[n];
    for (int i = 0; i < n; i++) {
      int from = i < at ? i : i + 1;
      lessNames[i] = names[from];
      lessCells[i] = cells[from];
    }
    return new Locals(lessNames, lessCells);
  }

  void forEach(Consumer<Object> visitor) {
    for (Pair p : cells) {
      visitor.accept(p);
    }
  }

  Locals map(UnaryOperator<Object> replacement) {
    Symbol[] newNames = names.clone();
    Pair[] newCells = cells.clone();
    for (int i = 0; i < newCells.length; i++) {
      newNames[i] = (Symbol) replacement.apply(names[i]);
      newCells[i] = (Pair) replacement.apply(cells[i]);
    }
    return new Locals(newNames, newCells);
  }
}
