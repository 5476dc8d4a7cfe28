package org.elver.lisp.coding;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.coding.CodingSystem.Category;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.Symbol;

/** Finds out which coding systems bytes can be text of, and how their lines end. */
public final class Detector {
  private static final Symbol NO_NULL = Symbol.known("inhibit-null-byte-detection");
  private static final Symbol NO_ESCAPE = Symbol.known("inhibit-iso-escape-detection");
  private static final int LINES = 3;

  private Detector() {}

  /** How lines end: 0, 1 or 2; -1 when there is no end of line. Looks at a few. */
  static int eol(CodeBuffer text) {
    int seen = -1;
    int count = 0;
    int n = text.length();
    for (int i = 0; i < n && count < LINES; i++) {
      int ch = text.get(i);
      if (ch != '\n' && ch != '\r') {
        continue;
      }
      int here = 0;
      if (ch == '\r') {
        here = i + 1 < n && text.get(i + 1) == '\n' ? 1 : 2;
        i += here == 1 ? 1 : 0;
      }
      count++;
      if (seen < 0) {
        seen = here;
      } else if (seen != here) {
        if (seen + here == 3) {
          seen = 1; // Stray carriage returns.
        } else {
          return 0;
        }
      }
    }
    return seen;
  }

  /** The name of the coding system to decode with where {@code system}, undecided, is asked for. */
  static Object detect(Task t, CodingSystem system, byte[] b, int from, int to, boolean last) {
    if (to - from >= 2) {
      int first = b[from] & 0xFF;
      int second = b[from + 1] & 0xFF;
      Object name =
          first == 0xFF && second == 0xFE
              ? CodingSystems.ofCategory(t, Category.UTF_16_LE)
              : first == 0xFE && second == 0xFF
                  ? CodingSystems.ofCategory(t, Category.UTF_16_BE)
                  : Symbol.NIL;
      if (name != Symbol.NIL) {
        return name;
      }
    }
    boolean[] has = contents(b, from, to);
    if (!has[EIGHT_BIT] && (!has[ESCAPE] || Lisp.isTrue(Variables.orNil(t, NO_ESCAPE)))) {
      return CodingSystems.UNDECIDED;
    }
    if (has[NULL] && has[EIGHT_BIT] && !Lisp.isTrue(Variables.orNil(t, NO_NULL))) {
      return CodingSystems.NO_CONVERSION;
    }
    if (Lisp.isTrue(system.special(t.c, 2)) && isUtf8(b, from, to, last)) {
      return CodingSystems.ofCategory(t, Category.UTF_8);
    }
    for (Category category : CodingSystems.priorities(t)) {
      if (category != Category.RAW_TEXT && accepts(t, category, b, from, to, last)) {
        return CodingSystems.find(t, CodingSystems.ofCategory(t, category)).base(t.c);
      }
    }
    return has[EIGHT_BIT] ? Symbol.known("raw-text") : CodingSystems.UNDECIDED;
  }

  private static final int NULL = 0;
  private static final int ESCAPE = 1;
  private static final int EIGHT_BIT = 2;
  private static final int CONTROL = 3;

  private static boolean[] contents(byte[] b, int from, int to) {
    boolean[] has = new boolean[4];
    for (int i = from; i < to; i++) {
      int c = b[i];
      if (c < 0) {
        has[EIGHT_BIT] = true;
        has[CONTROL] |= (c & 0xFF) < 0xA0;
      } else if (c == 0) {
        has[NULL] = true;
      } else if (c == 27 || c == 14 || c == 15) {
        has[ESCAPE] = true;
      }
    }
    return has;
  }

  /** The names of all coding systems that detection takes into account, the likeliest first. */
  public static List<Object> all(Task t, byte[] b, int from, int to) {
    CodeBuffer text = new CodeBuffer(to - from);
    for (int i = from; i < to; i++) {
      text.append(b[i] & 0xFF);
    }
    int eol = eol(text);
    boolean[] has = contents(b, from, to);
    List<Object> out = new ArrayList<>();
    if (has[NULL] && !Lisp.isTrue(Variables.orNil(t, NO_NULL))) {
      out.add(CodingSystems.NO_CONVERSION);
      return out;
    }
    if (has[EIGHT_BIT] || has[ESCAPE]) {
      for (Category category : CodingSystems.priorities(t)) {
        if (category != Category.RAW_TEXT && accepts(t, category, b, from, to, true)) {
          out.add(CodingSystems.find(t, CodingSystems.ofCategory(t, category)).base(t.c));
        }
      }
      if (has[EIGHT_BIT] && (has[CONTROL] ? !isUtf8(b, from, to, true) : out.isEmpty())) {
        out.add(Symbol.known("raw-text"));
      }
    }
    if (out.isEmpty()) {
      out.add(CodingSystems.UNDECIDED);
    }
    if (eol >= 0) {
      out.replaceAll(x -> CodingSystems.variant(t, x, eol));
    }
    return out;
  }

  private static boolean isUtf8(byte[] b, int from, int to, boolean last) {
    for (int i = from; i < to; ) {
      int n = Utf8.sequence(b, i, to);
      if (n == 0) {
        return false;
      }
      if (n < 0) {
        return !last;
      }
      i += n;
    }
    return true;
  }

  private static boolean accepts(
      Task t, Category category, byte[] b, int from, int to, boolean last) {
    Object name = CodingSystems.ofCategory(t, category);
    CodingSystem x = name == Symbol.NIL ? null : CodingSystems.find(t, name);
    if (x == null) {
      return false;
    }
    boolean eightBit = contents(b, from, to)[EIGHT_BIT];
    return switch (category) {
      case UTF_8, UTF_8_AUTO -> eightBit && isUtf8(b, from, to, last);
      case UTF_8_SIG ->
          to - from >= 3
              && (b[from] & 0xFF) == 0xEF
              && (b[from + 1] & 0xFF) == 0xBB
              && (b[from + 2] & 0xFF) == 0xBF
              && isUtf8(b, from, to, last);
      case ISO_7, ISO_7_TIGHT, ISO_7_ELSE -> !eightBit && Iso2022.accepts(t, x, b, from, to, true);
      case ISO_8_1, ISO_8_2, ISO_8_ELSE -> eightBit && Iso2022.accepts(t, x, b, from, to, false);
      case CHARSET -> eightBit && isCharsetText(t, x, b, from, to);
      case EMACS_MULE -> eightBit && isEmacsMule(t, b, from, to);
      case SJIS -> eightBit && isTwoByte(b, from, to, false);
      case BIG5 -> eightBit && isTwoByte(b, from, to, true);
      default -> false;
    };
  }

  private static boolean isCharsetText(Task t, CodingSystem x, byte[] b, int from, int to) {
    String name = x.base(t.c).name();
    boolean latin = name.startsWith("iso-8859-") || name.startsWith("iso-latin-");
    boolean[] valid = new boolean[256];
    for (Object tail = x.charsets(t.c); tail instanceof Pair p; tail = p.second(t.c)) {
      Charset c = Charsets.find(t, p.first(t.c));
      if (c != null) {
        int k = 2 * c.dimension() - 2;
        for (int v = c.space()[k]; v <= c.space()[k + 1]; v++) {
          valid[v] |= c.dimension() > 1 || c.decode(t, v) >= 0;
        }
      }
    }
    for (int i = from; i < to; i++) {
      int c = b[i] & 0xFF;
      if (c >= 128 && (!valid[c] || (latin && c < 160))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEmacsMule(Task t, byte[] b, int from, int to) {
    CodeBuffer out = new CodeBuffer(to - from);
    new EmacsMule(t).decode(t, b, from, to, true, out);
    for (int i = 0; i < out.length(); i++) {
      if (out.get(i) >= 0x3FFF80) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTwoByte(byte[] b, int from, int to, boolean big5) {
    for (int i = from; i < to; i++) {
      int c = b[i] & 0xFF;
      if (c < 0x80 || (!big5 && c >= 0xA1 && c <= 0xDF)) {
        continue;
      }
      boolean lead =
          big5 ? c >= 0xA1 && c < 0xFF : (c > 0x80 && c < 0xA0) || (c >= 0xE0 && c <= 0xEF);
      int d = i + 1 < to ? b[i + 1] & 0xFF : 0;
      boolean trail =
          big5
              ? (d >= 0x40 && d < 0x7F) || (d >= 0xA1 && d < 0xFF)
              : d >= 0x40 && d != 0x7F && d <= 0xFC;
      if (!lead || !trail) {
        return false;
      }
      i++;
    }
    return true;
  }
}
