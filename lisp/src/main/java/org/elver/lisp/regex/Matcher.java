package org.elver.lisp.regex;

import java.util.Arrays;

/**
 * Matches a program against a subject, by backtracking with a stack of its own.
 *
 * <p>The stack holds choices, each followed by the registers changed since, with their old values.
 * A choice is the one before it, the instruction that made it, the position, and for a run the
 * position where it must stop giving back characters, for a lazy loop whether it is spent.
 *
 * <p>Positions are those of the subject. A matcher is used by one thread, for any number of
 * matches.
 */
public final class Matcher {
  /** How many ints the stack may hold unless told otherwise: some million choices. */
  public static final int DEFAULT_LIMIT = 1 << 22;

  private static final int POLL_STEPS = 4096;
  private static final int CHOICE = 4;

  private final Program program;
  private final Subject subject;
  private final CharacterRules rules;
  private final Interrupt interrupt;
  private final int limit;

  /** Starts and ends of groups, then counters. */
  private final int[] registers;

  private int[] stack = new int[64];
  private int steps = POLL_STEPS;

  /** How often the steps were used up in this search. */
  private long polls;

  private boolean matched;

  /** A matcher whose stack may hold {@code limit} ints. */
  public Matcher(
      Program program, Subject subject, CharacterRules rules, Interrupt interrupt, int limit) {
    this.program = program;
    this.subject = subject;
    this.rules = rules;
    this.interrupt = interrupt;
    this.limit = limit;
    registers = new int[2 * (program.groups + 1) + program.counters];
  }

  /** A matcher with a stack of the usual limit. */
  public Matcher(Program program, Subject subject, CharacterRules rules, Interrupt interrupt) {
    this(program, subject, rules, interrupt, DEFAULT_LIMIT);
  }

  /** Whether the last attempt succeeded. */
  public boolean hasMatched() {
    return matched;
  }

  /** Where the group began in the last match, -1 if it had no part in it; group 0 is the match. */
  public int start(int group) {
    return registers[2 * group + 1] < 0 ? -1 : registers[2 * group];
  }

  /** Where the group ended in the last match, or -1. */
  public int end(int group) {
    return registers[2 * group + 1];
  }

  /**
   * Starts and ends, alternately, of group 0 to the last one, -1 for those that had no part in the
   * match.
   */
  public int[] registers() {
    int[] groups = new int[2 * (program.groups + 1)];
    for (int g = 0; g <= program.groups; g++) {
      groups[2 * g] = start(g);
      groups[2 * g + 1] = end(g);
    }
    return groups;
  }

  /**
   * Matches at a position, no further than to {@code end}.
   *
   * @throws BacktrackLimitException when the stack is full
   */
  public boolean matchAt(int position, int end) throws BacktrackLimitException {
    matched = run(position, end);
    return matched;
  }

  /**
   * Searches the first position from {@code from} to {@code to}, forwards or backwards, where a
   * match begins that extends no further than to {@code end}. Returns the position or -1.
   *
   * @throws BacktrackLimitException when the stack is full
   */
  public int search(int from, int to, int end) throws BacktrackLimitException {
    matched = false;
    int position = from;
    // A search that takes much longer than to read the text looks whether there can be a match.
    long patience = 4L * (end - Math.min(from, to)) / POLL_STEPS + 4;
    int lastStart = Integer.MAX_VALUE;
    polls = 0;
    while (true) {
      position = from <= to ? skipForward(position, to, end) : skipBackward(position, to, end);
      if (position < 0) {
        return -1;
      }
      if (run(position, end)) {
        matched = true;
        return position;
      }
      if (position == to) {
        return -1;
      }
      if (polls > patience) {
        patience = Long.MAX_VALUE;
        int last = lastRequired(Math.min(from, to), end);
        if (last < Math.min(from, to)) {
          return -1;
        }
        if (from <= to) {
          lastStart = last;
        } else if (position > last) {
          position = last + 1;
        }
      }
      if (from <= to && position >= lastStart) {
        return -1;
      }
      position += from <= to ? 1 : -1;
    }
  }

  /** Where a match must begin at the latest, for the character that it must contain. */
  private int lastRequired(int from, int end) {
    int ch = program.required();
    CaseFold fold = program.fold;
    for (int p = end - 1; ch >= 0 && p >= from; p--) {
      int x = subject.at(p);
      if (x == ch || (fold != null && fold.canon(x) == ch)) {
        return p;
      }
      if (--steps < 0) {
        poll();
      }
    }
    return ch < 0 ? end : -1;
  }

  // Finding places where a match may begin.

  private int skipForward(int from, int to, int end) {
    switch (program.anchor) {
      case Op.TEXT_BEGIN -> {
        return from == subject.begin ? from : -1;
      }
      case Op.POINT -> {
        int point = subject.point();
        return point >= from && point <= to ? point : -1;
      }
      default -> {}
    }
    First first = program.first;
    boolean lines = program.anchor == Op.LINE_BEGIN;
    if (first == null && !lines) {
      return from;
    }
    int[] prefix = program.prefix;
    boolean exact = program.fold == null && prefix.length > 0;
    int c0 = exact ? prefix[0] : -1;
    int c1 = exact && prefix.length > 1 ? prefix[1] : -1;
    int last = first == null ? to : Math.min(to, end - shortest());
    for (int p = from; p <= last; p++) {
      if (--steps < 0) {
        poll();
      }
      if (lines) {
        if (p > subject.begin && subject.at(p - 1) != '\n') {
          continue;
        }
        if (first == null) {
          return p;
        }
      }
      if (p == to && program.emptyAtEnd) {
        return p; // Emacs no longer asks for the first character there.
      }
      int ch = subject.at(p);
      if (exact ? ch == c0 && (c1 < 0 || subject.at(p + 1) == c1) : first.has(ch)) {
        return p;
      }
    }
    return -1;
  }

  private int skipBackward(int from, int to, int end) {
    switch (program.anchor) {
      case Op.TEXT_BEGIN -> {
        return to == subject.begin ? to : -1;
      }
      case Op.POINT -> {
        int point = subject.point();
        return point <= from && point >= to ? point : -1;
      }
      default -> {}
    }
    First first = program.first;
    if (first == null) {
      return from;
    }
    int c0 = program.fold == null && program.prefix.length > 0 ? program.prefix[0] : -1;
    for (int p = program.emptyAtEnd ? from : Math.min(from, end - shortest()); p >= to; p--) {
      if (--steps < 0) {
        poll();
      }
      if (p == subject.end) {
        return p;
      }
      int ch = subject.at(p);
      if (c0 >= 0 ? ch == c0 : first.has(ch)) {
        return p;
      }
    }
    return -1;
  }

  private int shortest() {
    return Math.max(1, program.prefix.length);
  }

  private void poll() {
    steps = POLL_STEPS;
    polls++;
    interrupt.poll();
  }

  // Matching.

  private boolean run(int begin, int end) throws BacktrackLimitException {
    final int[] code = program.code;
    final Subject text = subject;
    final CaseFold fold = program.fold;
    final int[] regs = registers;
    final int counters = 2 * (program.groups + 1);
    Arrays.fill(regs, -1);
    regs[0] = begin;
    int[] best = null;
    int pc = program.start;
    int pos = begin;
    int sp = 0;
    int choice = -1;
    while (true) {
      if (--steps < 0) {
        poll();
      }
      // Each instruction either goes on with the loop, or breaks from the switch to fail.
      switch (code[pc]) {
        case Op.MATCH -> {
          regs[1] = pos;
          if (!program.longest || pos == end) {
            return true;
          }
          if (best == null || pos > best[1]) {
            best = regs.clone();
          }
        }
        case Op.CHAR -> {
          if (pos < end) {
            int ch = text.at(pos);
            int wanted = code[pc + Op.A];
            if (ch == wanted || (fold != null && fold.canon(ch) == wanted)) {
              pos++;
              pc = code[pc + Op.NEXT];
              continue;
            }
          }
        }
        case Op.SET -> {
          if (pos < end && program.sets[code[pc + Op.A]].contains(text.at(pos), rules)) {
            pos++;
            pc = code[pc + Op.NEXT];
            continue;
          }
        }
        case Op.ANY, Op.SYNTAX, Op.NOT_SYNTAX, Op.CATEGORY, Op.NOT_CATEGORY -> {
          if (pos < end && isOne(pc, pos)) {
            pos++;
            pc = code[pc + Op.NEXT];
            continue;
          }
        }
        case Op.SAVE -> {
          int register = code[pc + Op.A];
          if (choice >= 0) {
            if (sp + 2 > stack.length) {
              grow();
            }
            stack[sp++] = register;
            stack[sp++] = regs[register];
          }
          regs[register] = pos;
          pc = code[pc + Op.NEXT];
          continue;
        }
        case Op.BACK_REFERENCE -> {
          int group = code[pc + Op.A];
          int after = matchAgain(regs[2 * group], regs[2 * group + 1], pos, end);
          if (after >= 0) {
            pos = after;
            pc = code[pc + Op.NEXT];
            continue;
          }
        }
        case Op.SPLIT -> {
          int b = code[pc + Op.B];
          int c = code[pc + Op.C];
          if ((b & c) != -1) {
            int ch = pos < end ? text.at(pos) : -1;
            if (b >= 0 && (ch < 0 || !program.firsts[b].has(ch))) {
              pc = code[pc + Op.A];
              continue;
            }
            if (c >= 0 && (ch < 0 || !program.firsts[c].has(ch))) {
              pc = code[pc + Op.NEXT];
              continue;
            }
          }
          if (sp + CHOICE > stack.length) {
            grow();
          }
          stack[sp] = choice;
          stack[sp + 1] = pc;
          stack[sp + 2] = pos;
          choice = sp;
          sp += CHOICE;
          pc = code[pc + Op.NEXT];
          continue;
        }
        case Op.LOOP, Op.LAZY_LOOP -> {
          if (isTried(choice, pc, pos)) {
            pc = code[pc] == Op.LOOP ? code[pc + Op.A] : code[pc + Op.NEXT];
            continue;
          }
          if (sp + CHOICE > stack.length) {
            grow();
          }
          stack[sp] = choice;
          stack[sp + 1] = pc;
          stack[sp + 2] = pos;
          stack[sp + 3] = 0;
          choice = sp;
          sp += CHOICE;
          pc = code[pc + Op.NEXT];
          continue;
        }
        case Op.RESET, Op.COUNT -> {
          boolean reset = code[pc] == Op.RESET;
          int register = counters + code[pc + (reset ? Op.A : Op.D)];
          int count = reset ? 0 : regs[register] + 1;
          boolean free = !reset && count > code[pc + Op.B];
          if (free && (count > code[pc + Op.C] || isTried(choice, pc, pos))) {
            pc = code[pc + Op.A];
            continue;
          }
          if (sp + CHOICE + 2 > stack.length) {
            grow();
          }
          if (free) {
            stack[sp] = choice;
            stack[sp + 1] = pc;
            stack[sp + 2] = pos;
            choice = sp;
            sp += CHOICE;
          }
          if (choice >= 0) {
            stack[sp++] = register;
            stack[sp++] = regs[register];
          }
          regs[register] = count;
          pc = code[pc + Op.NEXT];
          continue;
        }
        case Op.RUN -> {
          int max = code[pc + Op.C];
          int stop = max < end - pos ? pos + max : end;
          int p = runEnd(code[pc + Op.A], pos, stop);
          int least = pos + code[pc + Op.B];
          if (p >= least && least >= pos) {
            if (p > least && code[pc + Op.E] == 0) {
              if (sp + CHOICE > stack.length) {
                grow();
              }
              stack[sp] = choice;
              stack[sp + 1] = pc;
              stack[sp + 2] = p - 1;
              stack[sp + 3] = least;
              choice = sp;
              sp += CHOICE;
            }
            pos = p;
            pc = code[pc + Op.NEXT];
            continue;
          }
        }
        default -> {
          if (isPlace(code[pc], pos, end)) {
            pc = code[pc + Op.NEXT];
            continue;
          }
        }
      }
      // Failed: back to the last choice.
      resume:
      while (true) {
        if (choice < 0) {
          if (best != null) {
            System.arraycopy(best, 0, regs, 0, regs.length);
            return true;
          }
          return false;
        }
        while (sp > choice + CHOICE) {
          sp -= 2;
          regs[stack[sp]] = stack[sp + 1];
        }
        pc = stack[choice + 1];
        pos = stack[choice + 2];
        if (code[pc] == Op.RUN) {
          int least = stack[choice + 3];
          int filter = code[pc + Op.D];
          if (filter >= 0) {
            First follow = program.firsts[filter];
            while (pos >= least && !(pos < end && follow.has(text.at(pos)))) {
              pos--;
              if (--steps < 0) {
                poll();
              }
            }
          }
          if (pos > least) {
            stack[choice + 2] = pos - 1;
          } else {
            sp = choice;
            choice = stack[choice];
            if (pos < least) {
              continue resume;
            }
          }
          pc = code[pc + Op.NEXT];
        } else if (code[pc] == Op.LAZY_LOOP && stack[choice + 3] == 0) {
          // The choice stays, spent, so that the repetition is not tried here once more.
          stack[choice + 3] = 1;
          pc = code[pc + Op.A];
        } else {
          final boolean spent = code[pc] == Op.LAZY_LOOP;
          sp = choice;
          choice = stack[choice];
          if (spent) {
            continue resume;
          }
          pc = code[pc + Op.A];
        }
        break;
      }
    }
  }

  private void grow() throws BacktrackLimitException {
    if (stack.length >= limit) {
      throw new BacktrackLimitException();
    }
    stack = Arrays.copyOf(stack, 2 * stack.length);
  }

  /** Whether a repetition was already tried at a position and can still be tried otherwise. */
  private boolean isTried(int choice, int pc, int pos) {
    for (int c = choice; c >= 0 && stack[c + 2] == pos; c = stack[c]) {
      if (stack[c + 1] == pc) {
        return true;
      }
      if (--steps < 0) {
        poll();
      }
    }
    return false;
  }

  private boolean isOne(int pc, int pos) {
    int[] code = program.code;
    int ch = subject.at(pos);
    int operand = code[pc + Op.A];
    return switch (code[pc]) {
      case Op.CHAR -> ch == operand || (program.fold != null && program.fold.canon(ch) == operand);
      case Op.SET -> program.sets[operand].contains(ch, rules);
      case Op.ANY -> ch != '\n';
      case Op.SYNTAX -> rules.syntax(ch, pos) == operand;
      case Op.NOT_SYNTAX -> rules.syntax(ch, pos) != operand;
      case Op.CATEGORY -> rules.hasCategory(ch, operand);
      case Op.NOT_CATEGORY -> !rules.hasCategory(ch, operand);
      default -> throw new AssertionError(code[pc]);
    };
  }

  /** Where the characters that one instruction matches end. */
  private int runEnd(int pc, int from, int stop) {
    Subject text = subject;
    int p = from;
    switch (program.code[pc]) {
      case Op.ANY -> {
        while (p < stop && text.at(p) != '\n') {
          p++;
        }
      }
      case Op.SET -> {
        CharSet set = program.sets[program.code[pc + Op.A]];
        while (p < stop && set.contains(text.at(p), rules)) {
          p++;
        }
      }
      default -> {
        while (p < stop && isOne(pc, p)) {
          p++;
        }
      }
    }
    steps -= p - from;
    return p;
  }

  /** Matches what a group matched once more; returns the position behind it, or -1. */
  private int matchAgain(int from, int to, int pos, int end) {
    if (from < 0 || to < from || to - from > end - pos) {
      return from < 0 || to < 0 || to - from > end - pos ? -1 : pos;
    }
    CaseFold fold = program.fold;
    int p = pos;
    for (int i = from; i < to; i++, p++) {
      int a = subject.at(i);
      int b = subject.at(p);
      if (a != b && (fold == null || fold.canon(a) != fold.canon(b))) {
        return -1;
      }
    }
    steps -= to - from;
    return p;
  }

  private boolean isPlace(int op, int pos, int end) {
    Subject text = subject;
    boolean atBegin = pos == text.begin;
    boolean atEnd = pos == text.end;
    switch (op) {
      case Op.LINE_BEGIN:
        return atBegin || text.at(pos - 1) == '\n';
      case Op.LINE_END:
        return atEnd || text.at(pos) == '\n';
      case Op.TEXT_BEGIN:
        return atBegin;
      case Op.TEXT_END:
        return atEnd;
      case Op.POINT:
        return pos == text.point();
      case Op.WORD_EDGE:
        return isWordEdge(pos);
      case Op.NOT_WORD_EDGE:
        return !isWordEdge(pos);
      case Op.WORD_BEGIN:
        return pos < end && isWord(pos) && (atBegin || !isWord(pos - 1) || isBoundary(pos));
      case Op.WORD_END:
        return !atBegin && isWord(pos - 1) && (atEnd || !isWord(pos) || isBoundary(pos));
      case Op.SYMBOL_BEGIN:
        return pos < end && isSymbol(pos) && (atBegin || !isSymbol(pos - 1));
      case Op.SYMBOL_END:
        return !atBegin && isSymbol(pos - 1) && (atEnd || !isSymbol(pos));
      default:
        throw new AssertionError(op);
    }
  }

  private boolean isWordEdge(int pos) {
    if (pos == subject.begin || pos == subject.end) {
      return true;
    }
    boolean before = isWord(pos - 1);
    return before != isWord(pos) || (before && isBoundary(pos));
  }

  private boolean isBoundary(int pos) {
    return rules.wordBoundaryBetween(subject.at(pos - 1), subject.at(pos));
  }

  private boolean isWord(int pos) {
    return rules.syntax(subject.at(pos), pos) == CharacterRules.WORD;
  }

  private boolean isSymbol(int pos) {
    int syntax = rules.syntax(subject.at(pos), pos);
    return syntax == CharacterRules.WORD || syntax == CharacterRules.SYMBOL;
  }
}
