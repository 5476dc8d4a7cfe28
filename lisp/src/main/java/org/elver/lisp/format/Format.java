package org.elver.lisp.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** One run of {@code format} or {@code format-message}. */
public final class Format {
  private static final Symbol PRIN1_TO_STRING = Symbol.known("prin1-to-string");
  private static final Symbol CHAR_WIDTH = Symbol.known("char-width");
  private static final Symbol TEXT_QUOTING_STYLE = Symbol.known("text-quoting-style");
  private static final Symbol GRAVE = Symbol.known("grave");
  private static final Symbol STRAIGHT = Symbol.known("straight");
  private static final Symbol NEXT_PROPERTY_CHANGE = Symbol.known("next-property-change");
  private static final Symbol TEXT_PROPERTIES_AT = Symbol.known("text-properties-at");
  private static final Symbol ADD_TEXT_PROPERTIES = Symbol.known("add-text-properties");
  private static final String MISMATCH = "Format specifier doesn’t match argument type";
  private static final int MAX_LENGTH = 1 << 28;

  private final Task t;
  private final Object[] args;
  private final boolean message;
  private final LispString formatString;
  private final int[] format;
  private final CodeBuffer out = new CodeBuffer();
  private final List<Piece> pieces = new ArrayList<>();
  private boolean multibyte;
  private int at;
  private int nextArg = 1;

  // The specification being read.
  private boolean minus;
  private boolean plus;
  private boolean space;
  private boolean sharp;
  private boolean zero;
  private int width;
  private int precision;

  /** What one specification came to: for the text properties of the result. */
  private record Piece(
      int from, int to, int outFrom, int outTo, LispString arg, int argAt, int argLength) {}

  private Format(Task t, Object[] args, boolean message) {
    this.t = t;
    this.args = args;
    this.message = message;
    formatString = Lisp.string(args[0]);
    multibyte = formatString.isMultibyte(t.c);
    format = formatString.characters(t.c);
  }

  /** {@code (format ARGS...)}; {@code message}: with quotation marks as the user likes them. */
  public static LispString format(Task t, Object[] args, boolean message) {
    return new Format(t, args, message).run();
  }

  private LispString run() {
    char open = '\u2018';
    char close = '\u2019';
    boolean grave = !message;
    if (message) {
      Object style = Variables.orNil(t, TEXT_QUOTING_STYLE);
      grave = style == GRAVE;
      if (style == STRAIGHT) {
        open = '\'';
        close = '\'';
      }
    }
    boolean changed = false;
    while (at < format.length) {
      int ch = format[at];
      if (ch == '%') {
        int before = out.length();
        int from = at;
        LispString whole = specification();
        changed = true;
        if (whole != null
            && from == 0
            && at == format.length
            && before == 0
            && formatString.properties(t.c) == null) {
          return whole;
        }
      } else {
        at++;
        if (!grave && (ch == '`' || ch == '\'')) {
          int quote = ch == '`' ? open : close;
          changed |= quote != ch;
          multibyte |= quote > 127;
          ch = quote;
        }
        out.append(ch);
      }
    }
    if (!changed) {
      return formatString;
    }
    LispString result = out.toLisp(t.c, multibyte);
    addProperties(result);
    return result;
  }

  /** A number that may be that of an argument; one that no argument can have may be any such. */
  private int fieldNumber() {
    long n = 0;
    while (at < format.length && format[at] >= '0' && format[at] <= '9') {
      n = Math.min(n * 10 + format[at++] - '0', Integer.MAX_VALUE);
    }
    return (int) n;
  }

  private int number() {
    long n = 0;
    while (at < format.length && format[at] >= '0' && format[at] <= '9') {
      n = n * 10 + format[at++] - '0';
      if (n > MAX_LENGTH) {
        throw LispSignal.error("Maximum string size exceeded");
      }
    }
    return (int) n;
  }

  private static LispSignal unfinished() {
    return LispSignal.error("Format string ends in middle of format specifier");
  }

  /** Converts one specification; returns the argument if that, unchanged, is the result. */
  private LispString specification() {
    int from = at++;
    int field = 0;
    if (at < format.length && format[at] >= '0' && format[at] <= '9') {
      int save = at;
      int n = fieldNumber();
      if (at < format.length && format[at] == '$') {
        field = n;
        at++;
        if (n == 0) {
          out.append('%');
          at = from + 1;
          return null;
        }
      } else {
        at = save;
      }
    }
    flags();
    width = number();
    precision = -1;
    if (at < format.length && format[at] == '.') {
      at++;
      precision = number();
    }
    if (at >= format.length) {
      throw unfinished();
    }
    int conversion = format[at++];
    if (conversion == '%') {
      out.append('%');
      pieces.add(new Piece(from, at, out.length() - 1, out.length(), null, 0, 0));
      return null;
    }
    if (field > 0) {
      nextArg = field;
    }
    if (nextArg >= args.length) {
      throw LispSignal.error("Not enough arguments for format string");
    }
    Object arg = args[nextArg++];
    if (conversion == 'S' || conversion == 's' || (conversion == 'c' && arg instanceof Long)) {
      return text(from, conversion, arg);
    }
    if (conversion > 127 || "cdioxXefg".indexOf(conversion) < 0) {
      throw LispSignal.error("Invalid format operation %" + new CodeBuffer().append(conversion));
    }
    if (!Lisp.isNumber(arg) || conversion == 'c') {
      throw LispSignal.error(MISMATCH);
    }
    int before = out.length();
    number((char) conversion, arg);
    pieces.add(new Piece(from, at, before, out.length(), null, 0, 0));
    return null;
  }

  private void flags() {
    minus = false;
    plus = false;
    space = false;
    sharp = false;
    zero = false;
    for (; at < format.length; at++) {
      switch (format[at]) {
        case '-' -> minus = true;
        case '+' -> plus = true;
        case ' ' -> space = true;
        case '#' -> sharp = true;
        case '0' -> zero = true;
        default -> {
          return;
        }
      }
    }
  }

  private LispString text(int from, int conversion, Object arg) {
    LispString s;
    if (conversion == 'c') {
      int ch = Lisp.character(arg);
      s = LispString.of(t.c, new int[] {ch}, ch > 127);
    } else if (conversion == 's' && arg instanceof LispString x) {
      s = x;
    } else if (conversion == 's' && arg instanceof Symbol y && !sharp) {
      s = LispString.of(t.c, y.name());
    } else {
      Object printed = t.call(PRIN1_TO_STRING, arg, Lisp.bool(conversion == 's' && !sharp));
      s = Lisp.string(printed);
    }
    multibyte |= s.isMultibyte(t.c);
    int[] chars = s.characters(t.c);
    int n = chars.length;
    int columns = 0;
    if (width > 0 || precision >= 0) {
      n = 0;
      while (n < chars.length) {
        int w = widthOf(chars[n]);
        if (precision >= 0 && columns + w > precision) {
          break;
        }
        columns += w;
        n++;
      }
    } else if (s == arg) {
      int before = out.length();
      out.append(chars, 0, n);
      pieces.add(new Piece(from, at, before, out.length(), s, before, n));
      return s;
    }
    int before = out.length();
    int pad = Math.max(0, width - columns);
    if (!minus) {
      pad(' ', pad);
    }
    int start = out.length();
    out.append(chars, 0, n);
    if (minus) {
      pad(' ', pad);
    }
    pieces.add(new Piece(from, at, before, out.length(), s == arg ? s : null, start, n));
    return null;
  }

  private int widthOf(int ch) {
    if (ch >= ' ' && ch < 127) {
      return 1;
    }
    return t.call(CHAR_WIDTH, (long) ch) instanceof Long l ? (int) (long) l : 1;
  }

  private void pad(int ch, int n) {
    for (int i = 0; i < n; i++) {
      out.append(ch);
    }
  }

  private void number(char conversion, Object arg) {
    String digits;
    boolean negative;
    boolean finite = true;
    if (arg instanceof Double d && (d.isInfinite() || d.isNaN())) {
      digits = d.isNaN() ? "nan" : "inf";
      negative = (Double.doubleToRawLongBits(d) < 0);
      finite = false;
    } else if ("efg".indexOf(conversion) >= 0) {
      BigDecimal x = decimal(arg);
      negative = arg instanceof Double d ? Double.doubleToRawLongBits(d) < 0 : x.signum() < 0;
      digits = FloatFormat.magnitude(x, conversion, precision, sharp);
    } else {
      BigInteger x = integer(arg);
      negative = x.signum() < 0;
      // Of a bignum, GNU Emacs counts the sign as a digit.
      int least = negative && arg instanceof BigInteger ? precision - 1 : precision;
      digits = integerDigits(x.abs(), conversion, least);
    }
    String sign = negative ? "-" : plus ? "+" : space ? " " : "";
    String prefix = "";
    if (finite
        && sharp
        && (conversion == 'x' || conversion == 'X')
        && !digits.equals("0")
        && !digits.isEmpty()) {
      prefix = conversion == 'x' ? "0x" : "0X";
    }
    int pad = Math.max(0, width - sign.length() - prefix.length() - digits.length());
    boolean integral = "efg".indexOf(conversion) < 0;
    boolean zeros = zero && !minus && finite && !(integral && precision >= 0);
    if (!minus && !zeros) {
      pad(' ', pad);
    }
    out.append(sign).append(prefix);
    if (zeros) {
      pad('0', pad);
    }
    out.append(digits);
    if (minus) {
      pad(' ', pad);
    }
  }

  private static BigDecimal decimal(Object arg) {
    if (arg instanceof Long l) {
      return BigDecimal.valueOf(l);
    }
    if (arg instanceof BigInteger b) {
      if (b.bitLength() < 64) {
        return new BigDecimal(b);
      }
      double d = b.doubleValue();
      return Double.isInfinite(d) ? new BigDecimal(b) : new BigDecimal(d);
    }
    return new BigDecimal((Double) arg);
  }

  private static BigInteger integer(Object arg) {
    if (arg instanceof Long l) {
      return BigInteger.valueOf(l);
    }
    return arg instanceof BigInteger b ? b : new BigDecimal((Double) arg).toBigInteger();
  }

  private String integerDigits(BigInteger x, char conversion, int least) {
    int radix =
        switch (conversion) {
          case 'o' -> 8;
          case 'x', 'X' -> 16;
          default -> 10;
        };
    String s = x.toString(radix);
    if (conversion == 'X') {
      s = s.toUpperCase(Locale.ROOT);
    }
    if (precision == 0 && x.signum() == 0) {
      s = "";
    }
    if (s.length() < least) {
      s = "0".repeat(least - s.length()) + s;
    }
    if (conversion == 'o' && sharp && !s.startsWith("0")) {
      s = "0" + s;
    }
    return s;
  }

  /** Gives the result the text properties of the format string, then those of the arguments. */
  private void addProperties(LispString result) {
    eachRun(formatString, (from, to, plist) -> add(result, outAt(from), outAt(to), plist));
    for (Piece p : pieces) {
      if (p.arg == null) {
        continue;
      }
      int whole = p.arg.length(t.c);
      eachRun(
          p.arg,
          (from, to, plist) ->
              add(
                  result,
                  p.argAt + Math.min(from, p.argLength),
                  to == whole ? p.outTo : p.argAt + Math.min(to, p.argLength),
                  plist));
    }
  }

  private interface Run {
    void accept(int from, int to, Object plist);
  }

  private void eachRun(LispString s, Run run) {
    if (s.properties(t.c) == null) {
      return;
    }
    int n = s.length(t.c);
    for (int from = 0; from < n; ) {
      Object next = t.call(NEXT_PROPERTY_CHANGE, (long) from, s);
      int to = next instanceof Long l ? (int) (long) l : n;
      Object plist = t.call(TEXT_PROPERTIES_AT, (long) from, s);
      if (Lisp.isTrue(plist)) {
        run.accept(from, to, plist);
      }
      from = to;
    }
  }

  private void add(LispString s, int from, int to, Object plist) {
    if (from < to) {
      t.call(ADD_TEXT_PROPERTIES, (long) from, (long) to, plist, s);
    }
  }

  /** Where in the result the character at {@code i} of the format string went. */
  private int outAt(int i) {
    int shift = 0;
    for (Piece p : pieces) {
      if (i <= p.from) {
        break;
      }
      if (i < p.to) {
        return p.outTo;
      }
      shift = p.outTo - p.to;
    }
    return i + shift;
  }
}
