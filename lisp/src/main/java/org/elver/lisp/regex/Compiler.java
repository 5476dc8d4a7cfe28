package org.elver.lisp.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Translates a pattern to instructions, in one pass and without recursion.
 *
 * <p>Instructions are linked, not laid out: a part of the pattern is known by its first and its
 * last instruction, and what goes around a part is linked around it. NOPs that only join are
 * skipped by the links in the end.
 */
final class Compiler {
  private static final int MAX_GROUPS = 255;
  private static final int MAX_REPEAT = 65535;
  private static final int MAX_CODE = (1 << 18) * Op.WIDTH;

  /** How far to look for characters that tell apart what follows an instruction. */
  private static final int LOOKAHEAD = 64;

  // What is kept of a group while the groups in it are compiled.
  private static final int FRAME = 8;

  private final int[] pattern;
  private final boolean unibyte;
  private final CaseFold fold;
  private final boolean longest;
  private int at;

  private int[] code = new int[64 * Op.WIDTH];
  private int codeSize;
  private final List<CharSet> sets = new ArrayList<>();
  private final List<First> firsts = new ArrayList<>();
  private int counters;
  private int groups;

  /** The numbers of the groups that are open. */
  private final Set<Integer> open = new HashSet<>();

  private int[] frames = new int[8 * FRAME];
  private int depth;

  // The literal characters that the last element is the last of.
  private int literalEnd = -1;
  private int beforeLiterals;
  private boolean emptyBeforeLiterals;

  // The present group.
  private int groupNumber;
  private int head; // the first instruction of the present alternative
  private int before; // the last instruction before the last element
  private int first; // the last element, which a repetition would apply to; -1 if none
  private int last;
  private boolean firstEmpty; // whether the last element can match nothing
  private boolean empty; // whether what is before the last element can match nothing
  private int entry; // of the alternatives before; -1 if none
  private int split; // to the present alternative
  private int join; // of the alternatives
  private boolean anyEmpty; // whether an alternative before can match nothing

  Compiler(int[] pattern, boolean unibyte, CaseFold fold, boolean longest) {
    this.pattern = pattern;
    this.unibyte = unibyte;
    this.fold = fold;
    this.longest = longest;
  }

  Program compile() throws RegexSyntaxException {
    openGroup(-1);
    while (at < pattern.length) {
      int ch = fetch();
      switch (ch) {
        case '^' -> {
          if (isAlternativeBegin()) {
            place(Op.LINE_BEGIN);
          } else {
            literal(ch);
          }
        }
        case '$' -> {
          if (isAlternativeEnd()) {
            place(Op.LINE_END);
          } else {
            literal(ch);
          }
        }
        case '*', '+', '?' -> {
          if (first < 0) {
            literal(ch);
          } else {
            repeat(ch);
          }
        }
        case '.' -> one(Op.ANY, 0);
        case '[' -> one(Op.SET, set());
        case '\\' -> backslash();
        default -> literal(ch);
      }
    }
    if (depth > 1) {
      throw new RegexSyntaxException("Unmatched ( or \\(");
    }
    int start = closeAlternatives();
    link(last, emit(Op.MATCH));
    return finish(start);
  }

  // Reading the pattern.

  private int fetch() throws RegexSyntaxException {
    if (at == pattern.length) {
      throw new RegexSyntaxException("Premature end of regular expression");
    }
    return codeAt(at++);
  }

  private int codeAt(int i) {
    int ch = pattern[i];
    return unibyte && ch >= 0x80 && ch < 0x100 ? ch + Subject.RAW : ch;
  }

  private boolean isNext(int offset, int ch) {
    return at + offset < pattern.length && pattern[at + offset] == ch;
  }

  private boolean isAlternativeBegin() {
    return before == head && first < 0;
  }

  private boolean isAlternativeEnd() {
    return at == pattern.length || (isNext(0, '\\') && (isNext(1, ')') || isNext(1, '|')));
  }

  private void backslash() throws RegexSyntaxException {
    if (at == pattern.length) {
      throw new RegexSyntaxException("Trailing backslash");
    }
    int ch = fetch();
    switch (ch) {
      case '(' -> group();
      case ')' -> {
        if (depth == 1) {
          throw new RegexSyntaxException("Unmatched ) or \\)");
        }
        closeGroup();
      }
      case '|' -> alternative();
      case '{' -> interval();
      case '=' -> repeatablePlace(Op.POINT);
      case '`' -> place(Op.TEXT_BEGIN);
      case '\'' -> place(Op.TEXT_END);
      case 'b' -> place(Op.WORD_EDGE);
      case 'B' -> place(Op.NOT_WORD_EDGE);
      case '<' -> repeatablePlace(Op.WORD_BEGIN);
      case '>' -> repeatablePlace(Op.WORD_END);
      case '_' -> {
        switch (fetch()) {
          case '<' -> repeatablePlace(Op.SYMBOL_BEGIN);
          case '>' -> repeatablePlace(Op.SYMBOL_END);
          default -> throw new RegexSyntaxException("Invalid regular expression");
        }
      }
      case 'w' -> one(Op.SYNTAX, CharacterRules.WORD);
      case 'W' -> one(Op.NOT_SYNTAX, CharacterRules.WORD);
      case 's' -> one(Op.SYNTAX, syntaxClass(fetch()));
      case 'S' -> one(Op.NOT_SYNTAX, syntaxClass(fetch()));
      case 'c' -> one(Op.CATEGORY, fetch());
      case 'C' -> one(Op.NOT_CATEGORY, fetch());
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> backReference(ch - '0');
      default -> literal(ch);
    }
  }

  private static int syntaxClass(int designator) {
    return designator == '-'
        ? 0
        : designator < 0x80 ? " .w_()'\"$\\/<>@!|".indexOf(designator) : -1;
  }

  // Instructions and elements.

  private int emit(int op) throws RegexSyntaxException {
    if (codeSize + Op.WIDTH > code.length) {
      if (codeSize >= MAX_CODE) {
        throw new RegexSyntaxException("Regular expression too big");
      }
      code = Arrays.copyOf(code, 2 * code.length);
    }
    int pc = codeSize;
    codeSize += Op.WIDTH;
    code[pc] = op;
    code[pc + Op.NEXT] = -1;
    return pc;
  }

  private void link(int from, int to) {
    code[from + Op.NEXT] = to;
  }

  /** Puts an element behind the last one. */
  private void append(int from, int to, boolean canBeEmpty) {
    settle();
    link(before, from);
    first = from;
    last = to;
    firstEmpty = canBeEmpty;
  }

  /** Makes the last element one that no repetition applies to. */
  private void settle() {
    if (first >= 0) {
      before = last;
      empty &= firstEmpty;
      first = -1;
    }
  }

  /** Replaces the last element. */
  private void replace(int from, int to, boolean canBeEmpty) {
    literalEnd = -1;
    link(before, from);
    first = from;
    last = to;
    firstEmpty = canBeEmpty;
  }

  private void one(int op, int operand) throws RegexSyntaxException {
    int pc = emit(op);
    code[pc + Op.A] = operand;
    append(pc, pc, false);
  }

  private void literal(int ch) throws RegexSyntaxException {
    final boolean alone =
        isNext(0, '*')
            || isNext(0, '+')
            || isNext(0, '?')
            || isNext(0, '^')
            || (isNext(0, '\\') && isNext(1, '{'));
    final boolean follows = first >= 0 && first == literalEnd && !alone;
    one(Op.CHAR, fold != null ? fold.canon(ch) : ch);
    if (!follows) {
      beforeLiterals = before;
      emptyBeforeLiterals = empty;
    }
    literalEnd = first;
  }

  /** A place that belongs to the element before it when a repetition follows. */
  private void place(int op) throws RegexSyntaxException {
    if (first < 0) {
      repeatablePlace(op);
      settle();
    } else {
      int pc = emit(op);
      if (first == literalEnd) {
        // Adjacent literal characters are one element.
        before = beforeLiterals;
        first = code[before + Op.NEXT];
        empty = emptyBeforeLiterals;
      }
      link(last, pc);
      last = pc;
    }
  }

  private void repeatablePlace(int op) throws RegexSyntaxException {
    int pc = emit(op);
    append(pc, pc, true);
  }

  private void backReference(int group) throws RegexSyntaxException {
    if (group > groups || open.contains(group)) {
      throw new RegexSyntaxException("Invalid back reference");
    }
    int pc = emit(Op.BACK_REFERENCE);
    code[pc + Op.A] = group;
    append(pc, pc, true);
  }

  // Groups.

  private void group() throws RegexSyntaxException {
    int number;
    if (isNext(0, '?') && at + 1 < pattern.length) {
      at++;
      int ch = fetch();
      if (ch == ':') {
        number = -1;
      } else if (ch >= '1' && ch <= '9') {
        long n = 0;
        while (ch >= '0' && ch <= '9') {
          n = 10 * n + ch - '0';
          if (n > Integer.MAX_VALUE) {
            throw new RegexSyntaxException("Regular expression too big");
          }
          ch = fetch();
        }
        if (ch != ':') {
          throw new RegexSyntaxException("Invalid regular expression");
        }
        number = (int) n;
        groups = Math.max(groups, number);
        if (open.contains(number)) {
          throw new RegexSyntaxException("Invalid regular expression");
        }
      } else {
        throw new RegexSyntaxException("Invalid regular expression");
      }
    } else {
      number = groups < Integer.MAX_VALUE ? ++groups : groups;
    }
    openGroup(number);
    if (number > 0) {
      open.add(number);
    }
  }

  private void openGroup(int number) throws RegexSyntaxException {
    settle();
    int base = depth * FRAME;
    if (base + FRAME > frames.length) {
      frames = Arrays.copyOf(frames, 2 * frames.length);
    }
    frames[base] = groupNumber;
    frames[base + 1] = head;
    frames[base + 2] = before;
    frames[base + 3] = empty ? 1 : 0;
    frames[base + 4] = entry;
    frames[base + 5] = split;
    frames[base + 6] = join;
    frames[base + 7] = anyEmpty ? 1 : 0;
    depth++;
    groupNumber = number;
    entry = -1;
    anyEmpty = false;
    openAlternative();
  }

  private void openAlternative() throws RegexSyntaxException {
    head = emit(Op.NOP);
    before = head;
    first = -1;
    empty = true;
  }

  private void alternative() throws RegexSyntaxException {
    settle();
    int pc = emit(Op.SPLIT);
    if (entry < 0) {
      entry = pc;
      join = emit(Op.NOP);
    } else {
      code[split + Op.A] = pc;
    }
    split = pc;
    link(pc, head);
    link(before, join);
    anyEmpty |= empty;
    openAlternative();
  }

  /** Joins the alternatives; returns their entry, and leaves their exit in {@link #last}. */
  private int closeAlternatives() {
    settle();
    if (entry < 0) {
      last = before;
      anyEmpty = empty;
      return head;
    }
    code[split + Op.A] = head;
    link(before, join);
    last = join;
    anyEmpty |= empty;
    return entry;
  }

  private void closeGroup() throws RegexSyntaxException {
    int from = closeAlternatives();
    int to = last;
    // Groups beyond the last number allowed only group.
    if (groupNumber >= 0 && groupNumber <= MAX_GROUPS) {
      int begin = emit(Op.SAVE);
      code[begin + Op.A] = 2 * groupNumber;
      link(begin, from);
      from = begin;
      int close = emit(Op.SAVE);
      code[close + Op.A] = 2 * groupNumber + 1;
      link(to, close);
      to = close;
    }
    final boolean canBeEmpty = anyEmpty;
    open.remove(groupNumber);
    depth--;
    int base = depth * FRAME;
    groupNumber = frames[base];
    head = frames[base + 1];
    before = frames[base + 2];
    empty = frames[base + 3] != 0;
    entry = frames[base + 4];
    split = frames[base + 5];
    join = frames[base + 6];
    anyEmpty = frames[base + 7] != 0;
    first = -1;
    append(from, to, canBeEmpty);
  }

  // Repetitions.

  private void repeat(int operator) throws RegexSyntaxException {
    boolean zero = false;
    boolean many = false;
    boolean greedy = true;
    int ch = operator;
    while (true) {
      if (ch == '?' && (zero || many)) {
        greedy = false;
      } else {
        zero |= ch != '+';
        many |= ch != '?';
      }
      if (!isNext(0, '*') && !isNext(0, '+') && !isNext(0, '?')) {
        break;
      }
      ch = fetch();
    }
    if (greedy && oneCharacter() >= 0) {
      run(zero ? 0 : 1, many ? -1 : 1);
      return;
    }
    int exit = emit(Op.NOP);
    int op = !many || !firstEmpty ? Op.SPLIT : greedy ? Op.LOOP : Op.LAZY_LOOP;
    int choice = emit(op);
    code[choice + Op.NEXT] = greedy ? first : exit;
    code[choice + Op.A] = greedy ? exit : first;
    link(last, many ? choice : exit);
    replace(zero ? choice : first, exit, zero || firstEmpty);
  }

  /** The only instruction of the last element if it matches a character, or -1. */
  private int oneCharacter() {
    int pc = first;
    while (pc != last && code[pc] == Op.NOP) {
      pc = code[pc + Op.NEXT];
    }
    return pc == last && Op.isOneCharacter(code[pc]) ? pc : -1;
  }

  private void run(int min, int max) throws RegexSyntaxException {
    int pc = emit(Op.RUN);
    code[pc + Op.A] = oneCharacter();
    code[pc + Op.B] = min;
    code[pc + Op.C] = max < 0 ? Integer.MAX_VALUE : max;
    replace(pc, pc, min == 0);
  }

  private void interval() throws RegexSyntaxException {
    final int content = at;
    int min = bound();
    int max = min;
    if (isNext(0, ',')) {
      at++;
      max = bound();
      min = Math.max(0, min);
    } else if (min < 0) {
      min = 0;
      max = 0;
    }
    if ((max >= 0 && min > max) || fetch() != '\\') {
      throw new RegexSyntaxException("Invalid content of \\{\\}");
    }
    if (at == pattern.length) {
      throw new RegexSyntaxException("Trailing backslash");
    }
    if (fetch() != '}') {
      throw new RegexSyntaxException("Invalid content of \\{\\}");
    }
    if (first < 0) {
      // Its content must be valid even if it is literal.
      at = content;
      literal('{');
      return;
    }
    if (max == 0) {
      int nothing = emit(Op.NOP);
      replace(nothing, nothing, true);
      return;
    }
    if (oneCharacter() >= 0) {
      run(min, max);
      return;
    }
    int counter = counters++;
    int exit = emit(Op.NOP);
    int reset = emit(Op.RESET);
    code[reset + Op.A] = counter;
    int count = emit(Op.COUNT);
    link(reset, count);
    link(count, first);
    code[count + Op.A] = exit;
    code[count + Op.B] = min;
    code[count + Op.C] = max < 0 ? Integer.MAX_VALUE : max;
    code[count + Op.D] = counter;
    link(last, count);
    replace(reset, exit, min == 0 || firstEmpty);
  }

  /** Reads a number, or returns -1 when there is none. */
  private int bound() throws RegexSyntaxException {
    int n = -1;
    while (true) {
      if (at == pattern.length) {
        throw new RegexSyntaxException("Unmatched \\{");
      }
      int ch = pattern[at];
      if (ch < '0' || ch > '9') {
        return n;
      }
      n = 10 * Math.max(0, n) + ch - '0';
      if (n > MAX_REPEAT) {
        throw new RegexSyntaxException("Invalid content of \\{\\}");
      }
      at++;
    }
  }

  // Bracket expressions.

  private int set() throws RegexSyntaxException {
    boolean negated = isNext(0, '^');
    if (negated) {
      at++;
    }
    int begin = at;
    int classes = 0;
    int[] ranges = new int[8];
    int size = 0;
    while (true) {
      if (at == pattern.length) {
        throw new RegexSyntaxException("Unmatched [ or [^");
      }
      int ch = fetch();
      if (ch == ']' && at - 1 > begin) {
        break;
      }
      if (ch == '[' && isNext(0, ':')) {
        int close = classEnd();
        if (close >= 0) {
          classes |= characterClass(close);
          continue;
        }
      }
      int to = ch;
      if (isNext(0, '-') && !isNext(1, ']')) {
        at++;
        to = fetch();
      }
      if (size + 4 > ranges.length) {
        ranges = Arrays.copyOf(ranges, 2 * size);
      }
      size = addRange(ranges, size, ch, to);
    }
    sets.add(new CharSet(negated, classes, Arrays.copyOf(ranges, size), fold));
    return sets.size() - 1;
  }

  private static int addRange(int[] ranges, int size, int from, int to) {
    int n = size;
    int raw = Subject.RAW + 0x80;
    if (to >= raw && from < raw) {
      // A range up to a raw byte is one of bytes: it has nothing between ASCII and raw bytes.
      if (from < 0x80) {
        ranges[n++] = from;
        ranges[n++] = 0x7F;
        ranges[n++] = raw;
        ranges[n++] = to;
      }
    } else if (from <= to) {
      ranges[n++] = from;
      ranges[n++] = to;
    }
    return n;
  }

  /** Where the name that begins behind the colon ends with another colon and bracket, or -1. */
  private int classEnd() {
    for (int i = at + 1; i + 1 < pattern.length; i++) {
      if (pattern[i] == ':' && pattern[i + 1] == ']') {
        return i;
      }
    }
    return -1;
  }

  private int characterClass(int close) throws RegexSyntaxException {
    int length = close - at - 1;
    int found = length > 16 ? 0 : CharSet.classNamed(new String(pattern, at + 1, length));
    if (found == 0) {
      throw new RegexSyntaxException("Invalid character class name");
    }
    at = close + 2;
    return found;
  }

  // The end.

  private Program finish(int start) {
    int[] finished = Arrays.copyOf(code, codeSize);
    code = finished;
    for (int pc = 0; pc < codeSize; pc += Op.WIDTH) {
      code[pc + Op.NEXT] = skip(code[pc + Op.NEXT]);
      switch (code[pc]) {
        case Op.SPLIT, Op.LOOP, Op.LAZY_LOOP, Op.COUNT -> code[pc + Op.A] = skip(code[pc + Op.A]);
        default -> {}
      }
    }
    CharSet[] allSets = sets.toArray(new CharSet[0]);
    FirstFinder finder = new FirstFinder(code, allSets, fold, false);
    for (int pc = 0; pc < codeSize; pc += Op.WIDTH) {
      if (code[pc] == Op.SPLIT) {
        code[pc + Op.B] = keep(finder.find(code[pc + Op.NEXT], LOOKAHEAD));
        code[pc + Op.C] = keep(finder.find(code[pc + Op.A], LOOKAHEAD));
      } else if (code[pc] == Op.RUN) {
        int next = code[pc + Op.NEXT];
        First follow = finder.find(next, LOOKAHEAD);
        First self = finder.find(code[pc + Op.A], LOOKAHEAD);
        boolean only =
            (next >= 0 && code[next] == Op.MATCH)
                || (follow != null && self != null && self.isDisjoint(follow));
        code[pc + Op.D] = keep(follow);
        code[pc + Op.E] = only ? 1 : 0;
      }
    }
    return new Program(
        code,
        allSets,
        firsts.toArray(new First[0]),
        fold,
        skip(start),
        Math.min(groups, MAX_GROUPS),
        counters,
        longest);
  }

  private int keep(First found) {
    if (found == null || found.isAll()) {
      return -1;
    }
    firsts.add(found);
    return firsts.size() - 1;
  }

  /** What a link leads to behind NOPs; shortens the way for others. */
  private int skip(int pc) {
    int to = pc;
    while (to >= 0 && code[to] == Op.NOP) {
      to = code[to + Op.NEXT];
    }
    int from = pc;
    while (from != to) {
      int next = code[from + Op.NEXT];
      code[from + Op.NEXT] = to;
      from = next;
    }
    return to;
  }
}
