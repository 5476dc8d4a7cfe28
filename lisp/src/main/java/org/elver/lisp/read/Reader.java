package org.elver.lisp.read;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.number.NumberText;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Reads one object from an {@link Input}. What is begun and not ended yet lies on a stack of its
 * own, so nesting costs no Java stack. An instance serves one call and one thread.
 */
public final class Reader {
  private static final Symbol LOAD_TRUE_FILE_NAME = Symbol.known("load-true-file-name");
  private static final Symbol FORCE_DOC_STRINGS = Symbol.known("load-force-doc-strings");
  private static final Symbol SHORTHANDS = Symbol.known("read-symbol-shorthands");
  private static final Symbol UNESCAPED = Symbol.known("lread--unescaped-character-literals");

  // What is begun; the elements so far are on the stack of values.
  private static final int LIST = 0;
  private static final int LIST_TAIL = 1; // after the dot
  private static final int LIST_DONE = 2; // after the element behind the dot
  private static final int RECORD = 3; // as LIST
  private static final int VECTOR = 4;
  private static final int CODE = 5;
  private static final int STRING = 6;
  private static final int CHAR_TABLE = 7;
  private static final int SUB_CHAR_TABLE = 8;
  private static final int PREFIX = 9; // the symbol is on the stack
  private static final int LABEL = 10; // number and placeholder are on the stack

  /** What {@link #step} gives when it only changed the stack. */
  private static final Object MORE = new Object();

  private static final int EOF = -1;
  private static final int NO_BREAK_SPACE = 0xA0;

  private final Task t;
  private final Input in;
  private final Vector obarray;
  private final CodeBuffer token = new CodeBuffer(64);

  private int[] kinds = new int[16];
  private int[] bases = new int[16];
  private boolean[] records = new boolean[16];
  private int depth;
  private Object[] values = new Object[32];
  private int count;

  /** Objects by label; a placeholder while the object is being read. */
  private Map<Long, Object> labels;

  /** A reader for one call of {@code read}. */
  public Reader(Task t, Input in) {
    this.t = t;
    this.in = in;
    this.obarray = Obarrays.of(t, Symbol.NIL);
  }

  /** Reads an object; signals {@code end-of-file} when there is none. */
  public Object read() {
    for (; ; ) {
      Object v = step();
      while (v != MORE) {
        if (depth == 0) {
          return v;
        }
        v = deliver(v);
      }
    }
  }

  /** Goes to the next object's first character; false at the end of the input. */
  public static boolean skipToObject(Input in) {
    for (; ; ) {
      int c = in.next();
      if (c == EOF) {
        return false;
      }
      if (c == ';') {
        skipLine(in);
      } else if (c > ' ' && c != NO_BREAK_SPACE) {
        in.back(c);
        return true;
      }
    }
  }

  private static void skipLine(Input in) {
    int c;
    do {
      c = in.next();
    } while (c >= 0 && c != '\n');
  }

  // ---- The stack ------------------------------------------------------------------------------

  private void push(Object v) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
    }
    values[count++] = v;
  }

  private Object begin(int kind) {
    if (depth == kinds.length) {
      kinds = Arrays.copyOf(kinds, depth * 2);
      bases = Arrays.copyOf(bases, depth * 2);
      records = Arrays.copyOf(records, depth * 2);
    }
    records[depth] = kind == RECORD;
    kinds[depth] = kind == RECORD ? LIST : kind;
    bases[depth++] = count;
    return MORE;
  }

  /** Gives an object to what was begun last. Returns what is complete thereby, or MORE. */
  private Object deliver(Object v) {
    int d = depth - 1;
    switch (kinds[d]) {
      case LIST_DONE -> throw syntax(". in wrong context");
      case LIST_TAIL -> {
        kinds[d] = LIST_DONE;
        push(v);
        return MORE;
      }
      case PREFIX -> {
        count = bases[d];
        depth = d;
        return t.list(values[count], v);
      }
      case LABEL -> {
        count = bases[d];
        depth = d;
        return label((Long) values[count], (Placeholder) values[count + 1], v);
      }
      default -> {
        push(v);
        return MORE;
      }
    }
  }

  private Object closeParenthesis() {
    int d = depth - 1;
    int kind = d < 0 ? PREFIX : kinds[d];
    switch (kind) {
      case LIST, LIST_DONE -> {
        int base = bases[d];
        Object list = Symbol.NIL;
        int i = count;
        if (kind == LIST_DONE) {
          list = values[--i];
        }
        while (i > base) {
          list = new Pair(t.c, values[--i], list);
        }
        Arrays.fill(values, base, count, null);
        count = base;
        depth = d;
        if (records[d]) {
          return Objects.record(t, list);
        }
        return kind == LIST_DONE && list instanceof Pair p ? docReference(p) : list;
      }
      case STRING -> {
        Object[] items = end();
        return Objects.propertied(t, this, items);
      }
      case VECTOR, CODE, CHAR_TABLE, SUB_CHAR_TABLE -> throw syntax(") or . in a vector");
      default -> throw syntax(")");
    }
  }

  /** With {@code load-force-doc-strings}, the string that a pair of file and position means. */
  private Object docReference(Pair p) {
    byte[] bytes = in.fileBytes();
    if (bytes != null
        && p.second(t.c) instanceof Long at
        && p.first(t.c) == Q.LOAD_FILE_NAME.rawValue(t)
        && p.first(t.c) instanceof LispString
        && Lisp.isTrue(Variables.orNil(t, FORCE_DOC_STRINGS))) {
      return DocStrings.at(t.c, bytes, (int) Math.abs(at));
    }
    return p;
  }

  private Object[] end() {
    int d = --depth;
    Object[] items = Arrays.copyOfRange(values, bases[d], count);
    Arrays.fill(values, bases[d], count, null);
    count = bases[d];
    return items;
  }

  private Object closeBracket() {
    int d = depth - 1;
    switch (d < 0 ? PREFIX : kinds[d]) {
      case VECTOR -> {
        return Lisp.vector(t.c, end());
      }
      case CODE -> {
        return Objects.byteCode(t, this, in, end());
      }
      case CHAR_TABLE -> {
        return Objects.charTable(t, end());
      }
      case SUB_CHAR_TABLE -> {
        return Objects.subCharTable(t, end());
      }
      case LIST -> throw syntax("] in a list");
      case LIST_DONE -> throw syntax(". in wrong context");
      case STRING -> throw syntax(count == bases[d] ? "#" : "Invalid string property list");
      default -> throw syntax("]");
    }
  }

  private Object dot() {
    int d = depth - 1;
    switch (d < 0 ? PREFIX : kinds[d]) {
      case LIST -> {
        if (count == bases[d]) { // (. x) is x
          kinds[d] = LIST_TAIL;
          return MORE;
        }
        kinds[d] = LIST_TAIL;
        return MORE;
      }
      case LIST_DONE -> throw syntax(". in wrong context");
      case VECTOR, CODE, CHAR_TABLE, SUB_CHAR_TABLE -> throw syntax(") or . in a vector");
      case STRING -> throw syntax(count == bases[d] ? "#" : "Invalid string property list");
      default -> throw syntax(".");
    }
  }

  // ---- Errors ---------------------------------------------------------------------------------

  /** An {@code invalid-read-syntax}; from a buffer, with line and column. */
  LispSignal syntax(String what) {
    int[] at = in.lineAndColumn();
    return at == null
        ? new LispSignal(Q.INVALID_READ_SYNTAX, what)
        : new LispSignal(Q.INVALID_READ_SYNTAX, what, (long) at[0], (long) at[1]);
  }

  /** The {@code end-of-file} error, which names the file that is being loaded. */
  static LispSignal endOfFile(Task t) {
    return Variables.orNil(t, LOAD_TRUE_FILE_NAME) instanceof LispString file
        ? new LispSignal(Q.END_OF_FILE, file)
        : new LispSignal(Q.END_OF_FILE);
  }

  // ---- One token ------------------------------------------------------------------------------

  private Object prefix(Symbol s) {
    begin(PREFIX);
    push(s);
    return MORE;
  }

  private Object step() {
    for (; ; ) {
      int c = in.next();
      switch (c) {
        case EOF -> throw endOfFile(t);
        case '(' -> {
          return begin(LIST);
        }
        case ')' -> {
          return closeParenthesis();
        }
        case '[' -> {
          return begin(VECTOR);
        }
        case ']' -> {
          return closeBracket();
        }
        case '\'' -> {
          return prefix(Q.QUOTE);
        }
        case '`' -> {
          return prefix(Q.BACKQUOTE);
        }
        case ',' -> {
          int next = in.next();
          if (next == '@') {
            return prefix(Q.COMMA_AT);
          }
          in.back(next);
          return prefix(Q.COMMA);
        }
        case ';' -> skipLine(in);
        case '#' -> {
          Object v = hash();
          if (v != null) {
            return v;
          }
        }
        case '?' -> {
          return character();
        }
        case '"' -> {
          return string();
        }
        case '.' -> {
          int next = in.next();
          in.back(next);
          if (next <= ' ' || (next < 128 && "\"';([#?`,".indexOf(next) >= 0)) {
            return dot();
          }
          return symbol(c, true, true);
        }
        default -> {
          if (c > ' ' && c != NO_BREAK_SPACE) {
            return symbol(c, true, true);
          }
        }
      }
    }
  }

  private static boolean endsSymbol(int c) {
    if (c <= ' ' || c == NO_BREAK_SPACE) {
      return true;
    }
    return switch (c) {
      case '"', '\'', ';', '(', ')', '[', ']', '#', '`', ',' -> true;
      default -> false;
    };
  }

  /** The symbol or number whose first character is {@code first}. */
  private Object symbol(int first, boolean interned, boolean shorthands) {
    token.truncate(0);
    boolean quoted = false;
    int c = first;
    do {
      if (c == '\\') {
        c = in.next();
        if (c == EOF) {
          throw endOfFile(t);
        }
        quoted = true;
      }
      token.append(c);
      c = in.next();
    } while (!endsSymbol(c));
    in.back(c);
    if (!quoted && interned && first <= '9' && first >= '+') {
      Object number = NumberText.parse(token);
      if (number != null) {
        return number;
      }
    }
    String name = token.toString();
    if (!interned) {
      return Symbol.uninterned(t, name);
    }
    return intern(shorthands ? longName(name) : name);
  }

  private Symbol intern(String name) {
    return obarray == null ? t.symbols().intern(t, name) : Obarrays.intern(t, obarray, name);
  }

  private String longName(String name) {
    Object alist = Variables.orNil(t, SHORTHANDS);
    while (alist instanceof Pair p) {
      if (p.first(t.c) instanceof Pair entry
          && entry.first(t.c) instanceof LispString from
          && entry.second(t.c) instanceof LispString to) {
        String prefix = from.toJava(t.c);
        if (name.startsWith(prefix) && !onlyPunctuation(name)) {
          return to.toJava(t.c) + name.substring(prefix.length());
        }
      }
      alist = p.second(t.c);
    }
    return name;
  }

  private static boolean onlyPunctuation(String name) {
    return name.chars().allMatch(c -> "^*+-/<=>_|".indexOf(c) >= 0);
  }

  // ---- What # begins --------------------------------------------------------------------------

  /** Null when there is nothing to show for it. */
  private Object hash() {
    int c = in.next();
    switch (c) {
      case 's' -> {
        c = in.next();
        if (c != '(') {
          in.back(c);
          throw syntax("#");
        }
        return begin(RECORD);
      }
      case '^' -> {
        c = in.next();
        if (c == '[') {
          return begin(CHAR_TABLE);
        }
        if (c == '^') {
          c = in.next();
          if (c == '[') {
            return begin(SUB_CHAR_TABLE);
          }
          in.back(c);
          throw syntax("#^^");
        }
        in.back(c);
        throw syntax("#^");
      }
      case '&' -> {
        return boolVector();
      }
      case '[' -> {
        return begin(CODE);
      }
      case '(' -> {
        return begin(STRING);
      }
      case '@' -> {
        return skip();
      }
      case '!' -> {
        skipLine(in);
        return null;
      }
      case '$' -> {
        return Variables.orNil(t, Q.LOAD_FILE_NAME);
      }
      case '\'' -> {
        return prefix(Q.FUNCTION);
      }
      case '#' -> {
        return intern("");
      }
      case ':', '_' -> {
        int next = in.next();
        if (endsSymbol(next)) {
          in.back(next);
          return c == ':' ? Symbol.uninterned(t, "") : intern("");
        }
        return symbol(next, c == '_', false);
      }
      case 'x', 'X' -> {
        return integer(16);
      }
      case 'o', 'O' -> {
        return integer(8);
      }
      case 'b', 'B' -> {
        return integer(2);
      }
      default -> {
        if (c >= '0' && c <= '9') {
          return numbered(c);
        }
        in.back(c);
        throw syntax("#");
      }
    }
  }

  private Object skip() {
    int digits = 0;
    long n = 0;
    int c = in.next();
    while (c >= '0' && c <= '9') {
      digits++;
      n = Math.min(n * 10 + (c - '0'), Integer.MAX_VALUE);
      c = in.next();
      if (digits == 2 && n == 0) { // #@00: the rest of the input is no Lisp.
        in.back(c);
        in.skipAll();
        return Symbol.NIL;
      }
    }
    if (n > 0) {
      // The character after the number is the first of those to be skipped.
      in.skip((int) n - 1);
    } else {
      in.back(c);
      in.skip(0);
    }
    return null;
  }

  private Object numbered(int first) {
    long n = 0;
    int c = first;
    while (c >= '0' && c <= '9') {
      n = n * 10 + (c - '0');
      if (n > Lisp.MOST_POSITIVE_FIXNUM) {
        throw syntax("#");
      }
      c = in.next();
    }
    if (c == 'r' || c == 'R') {
      if (n < 2 || n > 36) {
        throw syntax("integer, radix " + n);
      }
      return integer((int) n);
    }
    if (Lisp.isTrue(Variables.orNil(t, Q.READ_CIRCLE))) {
      if (c == '=') {
        Placeholder p = new Placeholder(new Pair(t.c, Symbol.NIL, Symbol.NIL));
        if (labels == null) {
          labels = new HashMap<>();
        }
        labels.put(n, p);
        begin(LABEL);
        push(n);
        push(p);
        return MORE;
      }
      if (c == '#' && labels != null) {
        Object v = labels.get(n);
        if (v instanceof Placeholder p) {
          p.used = true;
          return p.pair;
        }
        if (v != null) {
          return v;
        }
      }
    }
    in.back(c);
    throw syntax("#");
  }

  /** What stands for an object while it is being read. */
  private static final class Placeholder {
    final Pair pair;
    boolean used;

    Placeholder(Pair pair) {
      this.pair = pair;
    }
  }

  private Object label(Long n, Placeholder p, Object v) {
    Object object = v;
    if (p.used) {
      if (v instanceof Pair made) {
        p.pair.setFirst(t.c, made.first(t.c));
        p.pair.setSecond(t.c, made.second(t.c));
        object = p.pair;
      } else {
        Substitution.apply(t, v, p.pair, v);
      }
    }
    labels.put(n, object);
    return object;
  }

  private Object integer(int radix) {
    int c = in.next();
    boolean negative = c == '-';
    if (negative || c == '+') {
      c = in.next();
    }
    StringBuilder digits = new StringBuilder();
    boolean valid = true;
    for (; ; c = in.next()) {
      int d = c >= 128 || c < 0 ? -1 : Character.digit(c, 36);
      if (d < 0) {
        break;
      }
      valid &= d < radix;
      digits.append((char) c);
    }
    in.back(c);
    if (!valid || digits.length() == 0) {
      throw syntax("integer, radix " + radix);
    }
    BigInteger v = new BigInteger(digits.toString(), radix);
    return Lisp.integer(negative ? v.negate() : v);
  }

  private Object boolVector() {
    long n = 0;
    boolean any = false;
    int c = in.next();
    if (c == EOF) {
      throw endOfFile(t);
    }
    for (; c >= '0' && c <= '9'; c = in.next()) {
      n = Math.min(n * 10 + (c - '0'), Integer.MAX_VALUE);
      any = true;
    }
    if (!any || c != '"') {
      in.back(c);
      throw syntax("#&...");
    }
    LispString s = (LispString) string();
    if (s.length(t.c) != (n + 7) / 8 && !(s.isMultibyte(t.c) && s.length(t.c) == (n + 7) / 8)) {
      throw syntax("#&...");
    }
    if (s.isMultibyte(t.c)) {
      throw syntax("#&...");
    }
    Object v = Objects.boolVector(t, (int) n, s);
    return v;
  }

  // ---- Characters and strings -----------------------------------------------------------------

  private Object character() {
    int c = in.next();
    if (c == EOF) {
      throw endOfFile(t);
    }
    if (c == ' ' || c == '\t') {
      return (long) c;
    }
    if (c == '(' || c == ')' || c == '[' || c == ']' || c == '"' || c == ';') {
      Object seen = Variables.orNil(t, UNESCAPED);
      boolean known = false;
      for (Object x = seen; x instanceof Pair p && !known; x = p.second(t.c)) {
        known = p.first(t.c) instanceof Long l && l == c;
      }
      if (!known) {
        Variables.set(t, UNESCAPED, t.cons((long) c, seen));
      }
    }
    if (c == '\\') {
      c = escape(false);
    }
    int modifiers = c & MODIFIERS;
    int plain = c & ~MODIFIERS;
    if (plain >= 0x3FFF80 && plain <= LispString.MAX_CHAR) {
      plain &= 0xFF;
    }
    long value = plain | modifiers;
    int next = in.next();
    in.back(next);
    if (next <= ' ' || (next < 128 && "\"';()[]#?`,.".indexOf(next) >= 0)) {
      return value;
    }
    throw syntax("?");
  }

  private static final int MODIFIERS = 0xFC00000;
  private static final int META = 0x8000000;
  private static final int CTRL = 0x4000000;
  private static final int SHIFT = 0x2000000;
  private static final int HYPER = 0x1000000;
  private static final int SUPER = 0x800000;
  private static final int ALT = 0x400000;

  private Object string() {
    CodeBuffer text = new CodeBuffer(64);
    boolean bytes = false;
    boolean wide = false;
    for (; ; ) {
      int c = in.next();
      if (c == '"') {
        break;
      }
      if (c == EOF) {
        throw endOfFile(t);
      }
      if (c == '\\') {
        c = escape(true);
        if (c == -1) {
          continue;
        }
        int modifiers = c & MODIFIERS;
        c &= ~MODIFIERS;
        if (c >= 0x3FFF80) {
          bytes = true;
        } else if (c > 127) {
          wide = true;
        } else {
          if (modifiers == CTRL && c == ' ') {
            c = 0;
            modifiers = 0;
          }
          if ((modifiers & SHIFT) != 0) {
            if (c >= 'A' && c <= 'Z') {
              modifiers &= ~SHIFT;
            } else if (c >= 'a' && c <= 'z') {
              c -= 32;
              modifiers &= ~SHIFT;
            }
          }
          if ((modifiers & META) != 0) {
            modifiers &= ~META;
            c = LispString.RAW_BYTE | c | 0x80;
            bytes = true;
          }
        }
        if (modifiers != 0) {
          throw syntax("Invalid modifier in string");
        }
      } else if (c > 127) {
        if (c >= 0x3FFF80) {
          bytes = true;
        } else {
          wide = true;
        }
      }
      text.append(c);
    }
    if (wide || !bytes) {
      return text.toLisp(t.c, wide);
    }
    return text.toLisp(t.c, false);
  }

  private int modified(int bit) {
    if (in.next() != '-') {
      throw LispSignal.error("Invalid escape character syntax");
    }
    int c = in.next();
    if (c == '\\') {
      c = escape(false);
    }
    return c | bit;
  }

  private int control() {
    int c = in.next();
    if (c == '\\') {
      c = escape(false);
    }
    int modifiers = c & MODIFIERS;
    if ((c & ~MODIFIERS) == '?') {
      return 0177 | modifiers;
    }
    int letter = c & 0137;
    int low = c & 0177;
    if ((letter >= 'A' && letter <= 'Z') || (low >= 0100 && low <= 0137)) {
      return c & (037 | ~0177);
    }
    return c | CTRL;
  }

  /** What is after a backslash; -1 in strings: nothing. */
  private int escape(boolean inString) {
    int c = in.next();
    switch (c) {
      case EOF -> throw endOfFile(t);
      case 'a' -> {
        return 7;
      }
      case 'b' -> {
        return '\b';
      }
      case 'd' -> {
        return 0177;
      }
      case 'e' -> {
        return 27;
      }
      case 'f' -> {
        return '\f';
      }
      case 'n' -> {
        return '\n';
      }
      case 'r' -> {
        return '\r';
      }
      case 't' -> {
        return '\t';
      }
      case 'v' -> {
        return 11;
      }
      case '\n' -> {
        return -1;
      }
      case ' ' -> {
        return inString ? -1 : ' ';
      }
      case 'M' -> {
        return modified(META);
      }
      case 'S' -> {
        return modified(SHIFT);
      }
      case 'H' -> {
        return modified(HYPER);
      }
      case 'A' -> {
        return modified(ALT);
      }
      case 's' -> {
        int next = in.next();
        if (inString || next != '-') {
          in.back(next);
          return ' ';
        }
        in.back(next);
        return modified(SUPER);
      }
      case 'C' -> {
        if (in.next() != '-') {
          throw LispSignal.error("Invalid escape character syntax");
        }
        return control();
      }
      case '^' -> {
        return control();
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        int i = c - '0';
        for (int n = 0; n < 2; n++) {
          c = in.next();
          if (c < '0' || c > '7') {
            in.back(c);
            break;
          }
          i = i * 8 + c - '0';
        }
        return i >= 0x80 && i < 0x100 ? LispString.RAW_BYTE + i : i;
      }
      case 'x' -> {
        return hexadecimal();
      }
      case 'u' -> {
        return unicode('u', 4);
      }
      case 'U' -> {
        return unicode('U', 8);
      }
      case 'N' -> {
        return named();
      }
      default -> {
        return c;
      }
    }
  }

  private int hexadecimal() {
    long i = 0;
    int digits = 0;
    for (; ; ) {
      int c = in.next();
      int d = c >= 128 || c < 0 ? -1 : Character.digit(c, 16);
      if (d < 0) {
        in.back(c);
        break;
      }
      i = i * 16 + d;
      digits++;
      if (i > 0xFFFFFFFL) {
        throw LispSignal.error("Hex character out of range: \\x" + Long.toHexString(i) + "...");
      }
    }
    return digits < 3 && i >= 0x80 ? LispString.RAW_BYTE + (int) i : (int) i;
  }

  private int unicode(char letter, int length) {
    long i = 0;
    for (int n = 0; n < length; n++) {
      int c = in.next();
      if (c < 0) {
        throw LispSignal.error("Malformed Unicode escape: \\" + letter + Long.toHexString(i));
      }
      int d = c < 128 ? Character.digit(c, 16) : -1;
      if (d < 0) {
        throw LispSignal.error(
            "Non-hex character used for Unicode escape: " + Character.toString(c) + " (" + c + ")");
      }
      i = i * 16 + d;
    }
    if (i > LispString.MAX_UNICODE) {
      throw LispSignal.error("Non-Unicode character: 0x" + Long.toHexString(i));
    }
    return (int) i;
  }

  private int named() {
    if (in.next() != '{') {
      throw syntax("Expected opening brace after \\N");
    }
    StringBuilder name = new StringBuilder();
    boolean blank = false;
    for (; ; ) {
      int c = in.next();
      if (c < 0) {
        throw endOfFile(t);
      }
      if (c == '}') {
        break;
      }
      if (c == 0 || c >= 128) {
        throw syntax(String.format("Invalid character U+%04X in character name", c));
      }
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        if (blank) {
          continue;
        }
        blank = true;
        c = ' ';
      } else {
        blank = false;
      }
      name.append((char) c);
      if (name.length() >= 200) {
        throw syntax("Character name too long");
      }
    }
    if (name.length() == 0) {
      throw syntax("Empty character name");
    }
    int code = CharacterNames.find(t, name.toString());
    if (code < 0) {
      throw syntax("\\N{" + name + "}");
    }
    return code;
  }
}
