package org.elver.lisp.regex;

import java.util.Arrays;

/** Finds by which characters what an instruction leads to can begin. */
final class FirstFinder {
  private final int[] code;
  private final CharSet[] sets;
  private final CaseFold fold;
  private final boolean forSearch;

  /** The number of the last search, and for each instruction of the last one that met it. */
  private int mark;

  private final int[] seen;
  private int[] pending = new int[16];
  private int size;

  /**
   * A finder in a program.
   *
   * @param forSearch whether to take it, as Emacs does when it searches, that what is repeated once
   *     or more often without bound cannot be empty
   */
  FirstFinder(int[] code, CharSet[] sets, CaseFold fold, boolean forSearch) {
    this.code = code;
    this.sets = sets;
    this.fold = fold;
    this.forSearch = forSearch;
    seen = new int[code.length / Op.WIDTH];
  }

  /** Null when it can begin by any character or match nothing, or when more steps were needed. */
  First find(int from, int steps) {
    if (from < 0) {
      return null; // What is repeated 0 times leads nowhere.
    }
    First first = new First();
    mark++;
    size = 0;
    push(from);
    int left = steps;
    while (size > 0) {
      int pc = pending[--size];
      if (pc < 0) {
        return null;
      }
      if (seen[pc / Op.WIDTH] == mark) {
        continue;
      }
      seen[pc / Op.WIDTH] = mark;
      if (left-- <= 0) {
        return null;
      }
      switch (code[pc]) {
        case Op.MATCH, Op.BACK_REFERENCE -> {
          return null;
        }
        case Op.CHAR -> addChar(first, code[pc + Op.A]);
        case Op.SET -> sets[code[pc + Op.A]].addTo(first);
        case Op.ANY -> {
          first.add(~(1L << '\n'), -1L);
          first.addOthers();
        }
        case Op.SYNTAX, Op.NOT_SYNTAX, Op.CATEGORY, Op.NOT_CATEGORY -> {
          return null;
        }
        case Op.COUNT -> {
          push(code[pc + Op.NEXT]);
          if (!forSearch || code[pc + Op.B] == 0 || code[pc + Op.C] < Integer.MAX_VALUE) {
            push(code[pc + Op.A]);
          }
        }
        case Op.SPLIT, Op.LOOP, Op.LAZY_LOOP -> {
          push(code[pc + Op.NEXT]);
          push(code[pc + Op.A]);
        }
        case Op.RUN -> {
          push(code[pc + Op.A]);
          if (code[pc + Op.B] == 0) {
            push(code[pc + Op.NEXT]);
          }
        }
        default -> push(code[pc + Op.NEXT]);
      }
    }
    return first;
  }

  private void push(int pc) {
    if (size == pending.length) {
      pending = Arrays.copyOf(pending, 2 * size);
    }
    pending[size++] = pc;
  }

  private void addChar(First first, int canon) {
    first.add(canon);
    if (fold == null) {
      return;
    }
    for (int ch = 0; ch < 0x80; ch++) {
      if (fold.canon(ch) == canon) {
        first.add(ch);
      }
    }
    // Others may be equivalent to an ASCII character; only a few are, but the circle tells.
    int other = canon;
    for (int i = 0; i < CharSet.MAX_EQUIVALENTS; i++) {
      other = fold.next(other);
      if (other == canon) {
        break;
      }
      first.add(other);
    }
  }
}
