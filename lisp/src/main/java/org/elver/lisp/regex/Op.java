package org.elver.lisp.regex;

/**
 * The instructions of a program. Each is {@link #WIDTH} ints: itself, the next instruction, and up
 * to five operands.
 */
final class Op {
  static final int WIDTH = 7;
  static final int NEXT = 1;
  static final int A = 2;
  static final int B = 3;
  static final int C = 4;
  static final int D = 5;
  static final int E = 6;

  static final int NOP = 0;
  static final int MATCH = 1;

  // These match one character. CHAR: A is it, canonical. SET: A is the set. Others: A is the class.
  static final int CHAR = 2;
  static final int SET = 3;
  static final int ANY = 4;
  static final int SYNTAX = 5;
  static final int NOT_SYNTAX = 6;
  static final int CATEGORY = 7;
  static final int NOT_CATEGORY = 8;

  // These match at a place.
  static final int LINE_BEGIN = 9;
  static final int LINE_END = 10;
  static final int TEXT_BEGIN = 11;
  static final int TEXT_END = 12;
  static final int POINT = 13;
  static final int WORD_EDGE = 14;
  static final int NOT_WORD_EDGE = 15;
  static final int WORD_BEGIN = 16;
  static final int WORD_END = 17;
  static final int SYMBOL_BEGIN = 18;
  static final int SYMBOL_END = 19;

  /** Keeps the position in register A. */
  static final int SAVE = 20;

  /** Matches what group A matched. */
  static final int BACK_REFERENCE = 21;

  /** Goes on, or else at A. B and C tell by which characters these can begin. */
  static final int SPLIT = 22;

  /** Repeats what is next, which may be empty, as long as it can, then goes on at A. */
  static final int LOOP = 23;

  /** Goes on, or else repeats what is at A, which may be empty. */
  static final int LAZY_LOOP = 24;

  /** Sets counter A to 0. */
  static final int RESET = 25;

  /** Repeats what is next B to C times, counting in D, then goes on at A. */
  static final int COUNT = 26;

  /**
   * Matches the one-character instruction A as often as it can, B to C times. D tells by which
   * characters what is next can begin; E is 1 when fewer times need not be tried.
   */
  static final int RUN = 27;

  static boolean isOneCharacter(int op) {
    return op >= CHAR && op <= NOT_CATEGORY;
  }

  private Op() {}
}
