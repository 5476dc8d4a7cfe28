package org.elver.lisp.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Reads one JSON value from character codes. */
public final class JsonParser {
  private static final Symbol PARSE_ERROR = Symbol.known("json-parse-error");
  private static final Symbol END_OF_FILE = Symbol.known("json-end-of-file");
  private static final Symbol TRAILING_CONTENT = Symbol.known("json-trailing-content");
  private static final Symbol TOO_DEEP = Symbol.known("json-object-too-deep");
  private static final Symbol MAKE_HASH_TABLE = Symbol.known("make-hash-table");
  private static final Symbol PUTHASH = Symbol.known("puthash");
  private static final int MAX_DEPTH = 2048;
  private static final int END = -1;
  private static final int MAX_NEAR = 20;

  // Kinds of token, beside the characters that are tokens themselves.
  private static final int EOF = 0;
  private static final int INVALID = 1;
  private static final int TEXT = 2;
  private static final int NUMBER = 3;
  private static final int TRUE = 4;
  private static final int FALSE = 5;
  private static final int NULL = 6;

  private final Task t;
  private final int[] codes;
  private final JsonOptions options;
  private final String source;
  private int at;
  private int line = 1;
  private int column;
  private int lastColumn;
  private long bytes;
  private int depth;
  private int deepest;

  // The token last read: its text, from where to where; its value.
  private int tokenFrom;
  private int token;
  private Object value;
  private boolean hasNul;

  /** Reads from {@code codes}, told as {@code source} in errors. */
  public JsonParser(Task t, int[] codes, JsonOptions options, String source) {
    this.t = t;
    this.codes = codes;
    this.options = options;
    this.source = source;
  }

  /** The value; {@code whole}: nothing but space may follow. */
  public Object parse(boolean whole) {
    scan();
    Object v = value();
    if (whole) {
      scan();
      if (token != EOF) {
        throw error("end of file expected", TRAILING_CONTENT);
      }
    }
    long limit = Q.MAX_LISP_EVAL_DEPTH.plainValue(t) instanceof Long l ? l : 1600;
    if (deepest + t.frameCount() > limit) {
      throw new LispSignal(TOO_DEEP);
    }
    return v;
  }

  /** How many codes were used. */
  public int used() {
    return at;
  }

  // ---- Characters ---------------------------------------------------------------------------

  private static int width(int ch) {
    return ch < 0x80 ? 1 : ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4;
  }

  private int get() {
    if (at >= codes.length) {
      return END;
    }
    int ch = codes[at];
    if (ch > LispString.MAX_UNICODE || (ch >= 0xD800 && ch <= 0xDFFF)) {
      int b =
          ch > LispString.RAW_BYTE
              ? ch & 0xFF
              : ch > LispString.MAX_UNICODE ? (ch < 0x200000 ? 0xF0 | (ch >> 18) : 0xF8) : 0xED;
      throw error("unable to decode byte 0x" + Integer.toHexString(b), PARSE_ERROR);
    }
    at++;
    bytes += width(ch);
    if (ch == '\n') {
      line++;
      lastColumn = column;
      column = 0;
    } else {
      column++;
    }
    return ch;
  }

  private void unget(int ch) {
    if (ch == END) {
      return;
    }
    at--;
    bytes -= width(ch);
    if (ch == '\n') {
      line--;
      column = lastColumn;
    } else {
      column--;
    }
  }

  private LispSignal error(String message, Symbol code) {
    String text = message;
    Symbol symbol = code;
    if (at > tokenFrom) {
      int n = 0;
      CodeBuffer near = new CodeBuffer();
      for (int i = tokenFrom; i < at; i++) {
        n += width(codes[i]);
        near.append(codes[i]);
      }
      if (n <= MAX_NEAR) {
        text += " near '" + near + "'";
      }
    } else if (!message.startsWith("unable")) {
      text += " near end of file";
      symbol = code == PARSE_ERROR ? END_OF_FILE : code;
    }
    return new LispSignal(symbol, text, source, (long) line, (long) column, bytes);
  }

  // ---- Tokens -------------------------------------------------------------------------------

  private void scan() {
    tokenFrom = at;
    value = null;
    int ch = get();
    while (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r') {
      tokenFrom = at;
      ch = get();
    }
    if (ch == END) {
      tokenFrom = at;
      token = EOF;
    } else if ("{}[]:,".indexOf(ch) >= 0) {
      token = ch;
    } else if (ch == '"') {
      token = INVALID;
      scanString();
      token = TEXT;
    } else if ((ch >= '0' && ch <= '9') || ch == '-') {
      token = INVALID;
      scanNumber(ch);
    } else if (isLetter(ch)) {
      StringBuilder word = new StringBuilder();
      while (ch != END && isLetter(ch)) {
        word.append((char) ch);
        ch = get();
      }
      unget(ch);
      token =
          switch (word.toString()) {
            case "true" -> TRUE;
            case "false" -> FALSE;
            case "null" -> NULL;
            default -> INVALID;
          };
    } else {
      token = INVALID;
    }
  }

  private static boolean isLetter(int ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
  }

  private static boolean isDigit(int ch) {
    return ch >= '0' && ch <= '9';
  }

  private void scanNumber(int first) {
    int ch = first;
    if (ch == '-') {
      ch = get();
    }
    if (ch == '0') {
      ch = get();
      if (isDigit(ch)) {
        unget(ch);
        return;
      }
    } else if (isDigit(ch)) {
      while (isDigit(ch)) {
        ch = get();
      }
    } else {
      unget(ch);
      return;
    }
    if (ch != '.' && ch != 'e' && ch != 'E') {
      unget(ch);
      BigInteger n = new BigInteger(tokenText());
      if (n.bitLength() > 63) {
        throw error(n.signum() < 0 ? "too big negative integer" : "too big integer", PARSE_ERROR);
      }
      value = Lisp.integer(n.longValue());
      token = NUMBER;
      return;
    }
    if (ch == '.') {
      ch = get();
      if (!isDigit(ch)) {
        unget(ch);
        return;
      }
      while (isDigit(ch)) {
        ch = get();
      }
    }
    if (ch == 'e' || ch == 'E') {
      ch = get();
      if (ch == '+' || ch == '-') {
        ch = get();
      }
      if (!isDigit(ch)) {
        unget(ch);
        return;
      }
      while (isDigit(ch)) {
        ch = get();
      }
    }
    unget(ch);
    double d = Double.parseDouble(tokenText());
    if (Double.isInfinite(d)) {
      throw error("real number overflow", PARSE_ERROR);
    }
    value = d;
    token = NUMBER;
  }

  private String tokenText() {
    StringBuilder s = new StringBuilder();
    for (int i = tokenFrom; i < at; i++) {
      s.append((char) codes[i]);
    }
    return s.toString();
  }

  private void scanString() {
    int from = at;
    int ch = get();
    boolean escapes = false;
    while (ch != '"') {
      if (ch == END) {
        throw error("premature end of input", END_OF_FILE);
      }
      if (ch < 0x20) {
        unget(ch);
        throw error(
            ch == '\n' ? "unexpected newline" : "control character 0x" + Integer.toHexString(ch),
            PARSE_ERROR);
      }
      if (ch == '\\') {
        escapes = true;
        ch = get();
        if (ch == 'u') {
          for (int i = 0; i < 4; i++) {
            ch = get();
            if (ch > 127 || Character.digit(ch, 16) < 0) {
              throw error("invalid escape", PARSE_ERROR);
            }
          }
        } else if (ch == END || "\"\\/bfnrt".indexOf(ch) < 0) {
          throw error("invalid escape", PARSE_ERROR);
        }
      }
      ch = get();
    }
    hasNul = false;
    value = escapes ? unescaped(from, at - 1) : LispString.of(t.c, codes, from, at - 1, true);
  }

  private int hex(int i) {
    int n = 0;
    for (int k = 0; k < 4; k++) {
      n = n * 16 + Character.digit(codes[i + k], 16);
    }
    return n;
  }

  private LispString unescaped(int from, int to) {
    CodeBuffer out = new CodeBuffer(to - from);
    for (int i = from; i < to; ) {
      int ch = codes[i++];
      if (ch != '\\') {
        out.append(ch);
        continue;
      }
      ch = codes[i++];
      switch (ch) {
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          int unit = hex(i);
          i += 4;
          if (unit >= 0xD800 && unit <= 0xDBFF) {
            if (i + 1 < to && codes[i] == '\\' && codes[i + 1] == 'u') {
              int low = hex(i + 2);
              i += 6;
              if (low < 0xDC00 || low > 0xDFFF) {
                throw error(
                    String.format(Locale.ROOT, "invalid Unicode '\\u%04X\\u%04X'", unit, low),
                    PARSE_ERROR);
              }
              out.append(Character.toCodePoint((char) unit, (char) low));
              continue;
            }
            throw error(String.format(Locale.ROOT, "invalid Unicode '\\u%04X'", unit), PARSE_ERROR);
          }
          if (unit >= 0xDC00 && unit <= 0xDFFF) {
            throw error(String.format(Locale.ROOT, "invalid Unicode '\\u%04X'", unit), PARSE_ERROR);
          }
          hasNul |= unit == 0;
          out.append(unit);
        }
        default -> out.append(ch);
      }
    }
    return out.toLisp(t.c, true);
  }

  // ---- Values -------------------------------------------------------------------------------

  private Object value() {
    t.safepoint();
    if (++depth > MAX_DEPTH) {
      throw error("maximum parsing depth reached", PARSE_ERROR);
    }
    Object v =
        switch (token) {
          case TEXT -> {
            if (hasNul) {
              throw error("\\u0000 is not allowed without JSON_ALLOW_NUL", PARSE_ERROR);
            }
            yield value;
          }
          case NUMBER -> value;
          case TRUE -> Symbol.T;
          case FALSE -> options.falseObject();
          case NULL -> options.nullObject();
          case '{' -> object();
          case '[' -> array();
          case INVALID -> throw error("invalid token", PARSE_ERROR);
          default -> throw error("unexpected token", PARSE_ERROR);
        };
    depth--;
    return v;
  }

  private Object array() {
    deepest = Math.max(deepest, depth);
    List<Object> items = new ArrayList<>();
    scan();
    if (token != ']') {
      while (token != EOF) {
        items.add(value());
        scan();
        if (token != ',') {
          break;
        }
        scan();
      }
      if (token != ']') {
        throw error("']' expected", PARSE_ERROR);
      }
    }
    return options.lists() ? Lisp.list(t.c, items) : new Vector(t.c, items.toArray());
  }

  private Object object() {
    deepest = Math.max(deepest, depth);
    Map<String, Object[]> members = new LinkedHashMap<>();
    scan();
    if (token != '}') {
      while (true) {
        if (token != TEXT) {
          throw error("string or '}' expected", PARSE_ERROR);
        }
        if (hasNul) {
          throw error("NUL byte in object key not supported", PARSE_ERROR);
        }
        LispString key = (LispString) value;
        scan();
        if (token != ':') {
          throw error("':' expected", PARSE_ERROR);
        }
        scan();
        Object v = value();
        members.computeIfAbsent(key.toJava(t.c), k -> new Object[] {key, null})[1] = v;
        scan();
        if (token != ',') {
          break;
        }
        scan();
      }
      if (token != '}') {
        throw error("'}' expected", PARSE_ERROR);
      }
    }
    return made(members);
  }

  private Object made(Map<String, Object[]> members) {
    if (options.objects() == Q.HASH_TABLE) {
      Object table = t.call(MAKE_HASH_TABLE, Q.K_TEST, Q.EQUAL, Q.K_SIZE, (long) members.size());
      for (Object[] m : members.values()) {
        t.call(PUTHASH, m[0], m[1], table);
      }
      return table;
    }
    List<Object> items = new ArrayList<>();
    for (Map.Entry<String, Object[]> m : members.entrySet()) {
      if (options.objects() == JsonOptions.ALIST) {
        items.add(t.cons(t.symbols().intern(t, m.getKey()), m.getValue()[1]));
      } else {
        items.add(t.symbols().intern(t, ":" + m.getKey()));
        items.add(m.getValue()[1]);
      }
    }
    return Lisp.list(t.c, items);
  }
}
