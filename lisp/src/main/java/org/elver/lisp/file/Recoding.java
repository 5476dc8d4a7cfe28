package org.elver.lisp.file;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * Bytes from outside as text and back, by coding system: the commonest (UTF-8 and what is taken for
 * it) at once, all others by the coding systems' own functions.
 */
public final class Recoding {
  private static final Symbol DECODE = Symbol.known("decode-coding-string");
  private static final Symbol ENCODE = Symbol.known("encode-coding-string");
  private static final Symbol LAST_USED = Symbol.known("last-coding-system-used");
  private static final Symbol INHIBIT_EOL = Symbol.known("inhibit-eol-conversion");

  private Recoding() {}

  /** The text of bytes, as a string; sets {@code last-coding-system-used}. */
  public static LispString decode(Task t, byte[] bytes, Object coding) {
    String name = coding instanceof Symbol s ? s.name() : "";
    String base = name;
    String eol = "";
    for (String e : new String[] {"-unix", "-dos", "-mac"}) {
      if (name.endsWith(e)) {
        base = name.substring(0, name.length() - e.length());
        eol = e;
      }
    }
    if (name.equals("nil")) {
      base = "undecided";
    }
    boolean raw = base.equals("no-conversion") || base.equals("binary");
    boolean guess = base.equals("undecided") || base.equals("prefer-utf-8");
    boolean utf =
        base.equals("utf-8")
            || base.equals("utf-8-emacs")
            || base.equals("emacs-internal")
            || base.equals("mule-utf-8");
    if (raw) {
      setUsed(t, name);
      return LispString.unibyte(t.c, bytes);
    }
    int kinds = utf || guess ? look(bytes) : SPECIAL;
    if ((kinds & SPECIAL) != 0 && (!utf || (kinds & INVALID) != 0)) {
      if (Lisp.isTrue(DECODE.function(t))) {
        return Lisp.string(
            t.call(
                DECODE,
                LispString.unibyte(t.c, bytes),
                coding == Symbol.NIL ? Symbol.known("undecided") : coding,
                Symbol.T));
      }
    }
    if (eol.isEmpty() && !base.equals("emacs-internal")) {
      eol = Lisp.isTrue(Variables.orNil(t, INHIBIT_EOL)) ? "-unix" : eolOf(bytes);
    }
    String used = guess && (kinds & NON_ASCII) != 0 ? "utf-8" : base;
    setUsed(t, used + eol);
    byte[] b = eol.equals("-dos") || eol.equals("-mac") ? plainEol(bytes, eol) : bytes;
    CodeBuffer out = new CodeBuffer(b.length);
    Bytes.decode(b, 0, b.length, out);
    return out.toLisp(t.c, true);
  }

  private static void setUsed(Task t, String coding) {
    Variables.set(t, LAST_USED, t.symbols().intern(t, coding));
  }

  private static final int NON_ASCII = 1;
  private static final int INVALID = 2;
  private static final int SPECIAL = 4;

  /** What kinds of byte there are. */
  private static int look(byte[] b) {
    int kinds = 0;
    int n = b.length;
    for (int i = 0; i < n; i++) {
      int x = b[i];
      if (x < 0) {
        kinds |= NON_ASCII;
        int u = x & 0xFF;
        int more = u < 0xC2 ? -1 : u < 0xE0 ? 1 : u < 0xF0 ? 2 : u < 0xF5 ? 3 : -1;
        if (more < 0 || i + more >= n) {
          return kinds | INVALID | SPECIAL;
        }
        for (int k = 1; k <= more; k++) {
          if ((b[i + k] & 0xC0) != 0x80) {
            return kinds | INVALID | SPECIAL;
          }
        }
        i += more;
      } else if (x == 0 || x == 0x1B || x == 0x0E || x == 0x0F) {
        kinds |= SPECIAL;
      }
    }
    return kinds;
  }

  /** The kind of line end: the first three must agree; "" when there is none. */
  private static String eolOf(byte[] b) {
    String found = "";
    int seen = 0;
    for (int i = 0; i < b.length && seen < 3; i++) {
      String here;
      if (b[i] == '\n') {
        here = "-unix";
      } else if (b[i] == '\r') {
        if (i + 1 < b.length && b[i + 1] == '\n') {
          here = "-dos";
          i++;
        } else {
          here = "-mac";
        }
      } else {
        continue;
      }
      if (!found.isEmpty() && !found.equals(here)) {
        return "-unix";
      }
      found = here;
      seen++;
    }
    return found;
  }

  private static byte[] plainEol(byte[] b, String eol) {
    byte[] out = new byte[b.length];
    int n = 0;
    for (int i = 0; i < b.length; i++) {
      if (b[i] != '\r') {
        out[n++] = b[i];
      } else if (eol.equals("-mac")) {
        out[n++] = '\n';
      } else if (i + 1 == b.length || b[i + 1] != '\n') {
        out[n++] = '\r';
      }
    }
    return java.util.Arrays.copyOf(out, n);
  }

  /** The bytes of a string by a coding system; sets {@code last-coding-system-used}. */
  public static byte[] encode(Task t, LispString text, Object coding) {
    String name = coding instanceof Symbol s ? s.name() : "";
    boolean plain =
        switch (name) {
          case "nil",
              "undecided",
              "undecided-unix",
              "utf-8",
              "utf-8-unix",
              "prefer-utf-8",
              "prefer-utf-8-unix",
              "utf-8-emacs",
              "utf-8-emacs-unix",
              "emacs-internal",
              "no-conversion",
              "binary",
              "raw-text",
              "raw-text-unix" ->
              true;
          default -> false;
        };
    if (!plain && Lisp.isTrue(ENCODE.function(t))) {
      LispString s = Lisp.string(t.call(ENCODE, text, coding, Symbol.T));
      return Bytes.encode(t.c, s);
    }
    if (!name.equals("nil")) {
      setUsed(t, name);
    }
    return Bytes.encode(t.c, text);
  }
}
