package org.elver.lisp.regex;

import java.util.Arrays;
import java.util.BitSet;

/** A compiled pattern. It never changes, so all may share it. */
public final class Program {
  final int[] code;
  final CharSet[] sets;
  final First[] firsts;
  final CaseFold fold;
  final int start;
  final int groups;
  final int counters;
  final boolean longest;

  private static final int UNKNOWN = -2;

  private volatile int required = UNKNOWN;

  private static final int MAX_STEPS = Integer.MAX_VALUE;

  /** By which characters a match can begin; null when by any, or when it can be empty. */
  final First first;

  /** Whether the program can match nothing although {@link #first} has not all characters. */
  final boolean emptyAtEnd;

  /** The characters with which every match begins, canonical ones if case is ignored. */
  final int[] prefix;

  /** An instruction for a place where every match must begin, or {@link Op#NOP}. */
  final int anchor;

  Program(
      int[] code,
      CharSet[] sets,
      First[] firsts,
      CaseFold fold,
      int start,
      int groups,
      int counters,
      boolean longest) {
    this.code = code;
    this.sets = sets;
    this.firsts = firsts;
    this.fold = fold;
    this.start = start;
    this.groups = groups;
    this.counters = counters;
    this.longest = longest;
    First f = new FirstFinder(code, sets, fold, true).find(start, MAX_STEPS);
    first = f == null || f.isAll() ? null : f;
    emptyAtEnd =
        first != null && new FirstFinder(code, sets, fold, false).find(start, MAX_STEPS) == null;
    int[] text = new int[16];
    int n = 0;
    int pc = start;
    while (code[pc] == Op.CHAR) {
      if (n == text.length) {
        text = Arrays.copyOf(text, 2 * n);
      }
      text[n++] = code[pc + Op.A];
      pc = code[pc + Op.NEXT];
    }
    prefix = Arrays.copyOf(text, n);
    pc = start;
    while (code[pc] == Op.SAVE) {
      pc = code[pc + Op.NEXT];
    }
    int op = code[pc];
    anchor = op == Op.LINE_BEGIN || op == Op.TEXT_BEGIN || op == Op.POINT ? op : Op.NOP;
  }

  /**
   * A character that is in every match, a canonical one if case is ignored; -1 when none is known.
   * Found when first asked for, which only long searches do.
   */
  int required() {
    int known = required;
    if (known == UNKNOWN) {
      known = -1;
      int tries = 0;
      for (int pc = code.length - Op.WIDTH; pc >= 0 && known < 0 && tries < 8; pc -= Op.WIDTH) {
        if (code[pc] == Op.CHAR) {
          tries++;
          known = canMatchWithout(code[pc + Op.A]) ? -1 : code[pc + Op.A];
        }
      }
      required = known;
    }
    return known;
  }

  /**
   * Whether there may be a way from the start to a match around all instructions for a character.
   */
  private boolean canMatchWithout(int ch) {
    BitSet seen = new BitSet();
    int[] ways = new int[code.length / Op.WIDTH + 1];
    int n = 0;
    ways[n++] = start;
    seen.set(start);
    while (n > 0) {
      int pc = ways[--n];
      int op = code[pc];
      if (op == Op.MATCH) {
        return true;
      }
      int one = op == Op.RUN && code[pc + Op.B] > 0 ? code[pc + Op.A] : pc;
      if (code[one] == Op.CHAR && code[one + Op.A] == ch) {
        continue;
      }
      int next = code[pc + Op.NEXT];
      if (!seen.get(next)) {
        seen.set(next);
        ways[n++] = next;
      }
      boolean forks = op == Op.SPLIT || op == Op.LOOP || op == Op.LAZY_LOOP || op == Op.COUNT;
      if (forks && !seen.get(code[pc + Op.A])) {
        seen.set(code[pc + Op.A]);
        ways[n++] = code[pc + Op.A];
      }
    }
    return false;
  }

  /**
   * Compiles a pattern.
   *
   * @param pattern its characters
   * @param unibyte whether codes from 0x80 to 0xFF in the pattern are raw bytes
   * @param fold which characters are the same; null to tell all apart
   * @param longest whether the longest match at a place wins (as in POSIX), not the first found
   * @throws RegexSyntaxException when the pattern is not valid
   */
  public static Program compile(int[] pattern, boolean unibyte, CaseFold fold, boolean longest)
      throws RegexSyntaxException {
    return new Compiler(pattern, unibyte, fold, longest).compile();
  }

  /** The highest number of a group. */
  public int groupCount() {
    return groups;
  }
}
