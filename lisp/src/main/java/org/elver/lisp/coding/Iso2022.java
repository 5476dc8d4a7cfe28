package org.elver.lisp.coding;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** ISO 2022: four registers of character sets, two of them invoked for low and high bytes. */
final class Iso2022 extends Codec {
  private static final int LONG_FORM = 1;
  private static final int RESET_AT_EOL = 2;
  private static final int RESET_AT_CONTROL = 4;
  static final int SEVEN_BITS = 8;
  static final int LOCKING_SHIFT = 16;
  private static final int SINGLE_SHIFT = 32;

  private static final int ESC = 27;

  private final long flags;
  private final Charset[] initial = new Charset[4];
  private final Charset[] designated = new Charset[4];
  private final Map<Symbol, Integer> request = new HashMap<>();
  private int usage94 = 4;
  private int usage96 = 4;
  private final Object names;
  private final int defaultChar;
  private final Runs runs = new Runs();
  private int left;
  private int right;

  Iso2022(Task t, CodingSystem x) {
    flags = x.special(t.c, 3) instanceof Long l ? l : 0;
    if (x.special(t.c, 0) instanceof Vector v) {
      for (int i = 0; i < 4 && i < v.length(t.c); i++) {
        initial[i] = Charsets.find(t, v.get(t.c, i));
        designated[i] = v.get(t.c, i) == Symbol.NIL ? null : initial[i];
        if (v.get(t.c, i) == Symbol.NIL) {
          initial[i] = null;
        }
      }
    }
    if (x.special(t.c, 1) instanceof Pair p) {
      usage94 = p.first(t.c) instanceof Long l ? (int) (long) l : 4;
      usage96 = p.second(t.c) instanceof Long l ? (int) (long) l : 4;
    }
    for (Object tail = x.special(t.c, 2); tail instanceof Pair p; tail = p.second(t.c)) {
      if (p.first(t.c) instanceof Pair q
          && q.second(t.c) instanceof Long reg
          && Charsets.find(t, q.first(t.c)) != null) {
        request.putIfAbsent(Charsets.find(t, q.first(t.c)).name(), (int) (long) reg);
      }
    }
    names = x.charsets(t.c);
    defaultChar = x.defaultChar(t.c);
    right = (flags & SEVEN_BITS) != 0 ? -1 : 1;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  Runs runs() {
    return runs;
  }

  /** The length of the escape sequence at {@code i}; 0: none; negative: cut off. */
  private int escape(Task t, byte[] b, int i, int to, boolean apply) {
    int at = i + 1;
    if (at >= to) {
      return -1;
    }
    int c = b[at++];
    switch (c) {
      case 'n', 'o' -> {
        if (!has(LOCKING_SHIFT)) {
          return 0;
        }
        if (apply) {
          left = c == 'n' ? 2 : 3;
        }
        return 2;
      }
      default -> {}
    }
    int dimension = 1;
    if (c == '$') {
      dimension = 2;
      if (at >= to) {
        return -1;
      }
      c = b[at++];
      if (c == '@' || c == 'A' || c == 'B') {
        return designate(t, 0, 2, 94, c, apply) ? at - i : 0;
      }
    }
    int register;
    int chars;
    if (c >= '(' && c <= '+') {
      register = c - '(';
      chars = 94;
    } else if (c >= ',' && c <= '/') {
      register = c - ',';
      chars = 96;
    } else {
      return 0;
    }
    if (at >= to) {
      return -1;
    }
    c = b[at++];
    return c >= '0' && c < 127 && designate(t, register, dimension, chars, c, apply) ? at - i : 0;
  }

  private boolean designate(
      Task t, int register, int dimension, int chars, int last, boolean apply) {
    Charset set = Charsets.find(t, Charsets.iso(t, dimension, chars, last));
    if (set == null || Charsets.iso(t, dimension, chars, last) == Symbol.NIL) {
      return false;
    }
    if (names instanceof Pair && !Lisp.elements(t.c, names).contains(set.name())) {
      return false;
    }
    if (apply) {
      designated[register] = set;
    }
    return true;
  }

  @Override
  int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out) {
    int i = from;
    while (i < to) {
      int c = b[i] & 0xFF;
      Charset set;
      int at = i;
      if (c == ESC) {
        if (i + 1 < to && has(SINGLE_SHIFT) && (b[i + 1] == 'N' || b[i + 1] == 'O')) {
          set = designated[b[i + 1] == 'N' ? 2 : 3];
          at = i + 2;
        } else {
          int n = escape(t, b, i, to, true);
          if (n < 0 && !last) {
            return i;
          }
          if (n > 0) {
            i += n;
          } else {
            out.append(b[i++]);
          }
          continue;
        }
      } else if ((c == 0x8E || c == 0x8F) && has(SINGLE_SHIFT)) {
        set = designated[c == 0x8E ? 2 : 3];
        at = i + 1;
      } else if ((c == 14 || c == 15) && has(LOCKING_SHIFT)) {
        left = c == 14 ? 1 : 0;
        i++;
        continue;
      } else if (c < 32) {
        if (c == '\n' && has(RESET_AT_EOL)) {
          System.arraycopy(initial, 0, designated, 0, 4);
          left = 0;
        }
        out.append(c);
        i++;
        continue;
      } else if (c < 128) {
        set = designated[left];
        if (set == null
            || set.name() == Charsets.ASCII
            || ((c == 32 || c == 127) && set.isoChars() == 94)) {
          out.append(c);
          i++;
          continue;
        }
      } else {
        set = right >= 0 && c >= 160 ? designated[right] : null;
        if (set != null && set.isoChars() == 94 && (c == 160 || c == 255)) {
          set = null;
        }
      }
      int n = set == null ? 0 : set.dimension();
      if (n > 0 && at + n > to && !last) {
        return i;
      }
      int ch = -1;
      if (n > 0 && at + n <= to) {
        long code = 0;
        for (int k = 0; k < n; k++) {
          code = code << 8 | (b[at + k] & 0x7F);
        }
        ch = set.decode(t, code);
      }
      if (ch < 0) {
        out.append(raw(b[i++]));
      } else {
        runs.at(out.length(), set.name());
        out.append(ch);
        i = at + n;
      }
    }
    return i;
  }

  private void designateOut(int register, Charset set, ByteSink out) {
    out.add(ESC);
    if (set.dimension() > 1) {
      out.add('$');
      if (!has(LONG_FORM)
          && register == 0
          && set.isoChars() == 94
          && set.isoFinal() >= '@'
          && set.isoFinal() <= 'B') {
        out.add(set.isoFinal());
        designated[0] = set;
        return;
      }
    }
    out.add((set.isoChars() == 94 ? '(' : ',') + register);
    out.add(set.isoFinal());
    designated[register] = set;
  }

  private void reset(ByteSink out) {
    if (left != 0) {
      out.add(15);
      left = 0;
    }
    for (int i = 0; i < 4; i++) {
      if (initial[i] != null && designated[i] != initial[i]) {
        designateOut(i, initial[i], out);
      }
    }
  }

  private Charset charsetOf(Task t, int ch) {
    for (int i = 0; i < 4; i++) {
      Charset c = designated[i];
      if (c != null && request.isEmpty() && names == Symbol.NIL && c.encode(t, ch) >= 0) {
        return c;
      }
    }
    if (names instanceof Pair) {
      return Charsets.of(t, ch, names);
    }
    for (Object tail = Charsets.order(t); tail instanceof Pair p; tail = p.second(t.c)) {
      Charset c = Charsets.find(t, p.first(t.c));
      if (c != null && c.isoFinal() > 0 && c.dimension() <= 2 && c.encode(t, ch) >= 0) {
        return c;
      }
    }
    return null;
  }

  @Override
  void encode(Task t, int[] codes, int from, int to, ByteSink out) {
    for (int i = from; i < to; i++) {
      int ch = codes[i];
      if (ch < 32 || ch == 127) {
        if (ch == '\n' ? has(RESET_AT_EOL) : has(RESET_AT_CONTROL)) {
          reset(out);
        }
        out.add(ch);
      } else if (ch >= 0x3FFF80) {
        out.add(ch - LispString.RAW_BYTE);
      } else {
        Charset set = ch < 128 ? Charsets.check(t, Charsets.ASCII) : charsetOf(t, ch);
        if (set == null) {
          ch = defaultChar;
          set = Charsets.check(t, Charsets.ASCII);
        }
        put(set, set.encode(t, ch), out);
      }
    }
  }

  private void put(Charset set, long code, ByteSink out) {
    int register = -1;
    for (int i = 0; i < 4 && register < 0; i++) {
      if (designated[i] != null && designated[i].name() == set.name()) {
        register = i;
      }
    }
    if (register < 0) {
      register = request.getOrDefault(set.name(), set.isoChars() == 94 ? usage94 : usage96);
      if (register > 3) {
        register = 0;
      }
      designateOut(register, set, out);
    }
    int high = 0;
    if (register == left) {
      high = 0;
    } else if (register == right) {
      high = 0x80;
    } else if (register >= 2 && has(SINGLE_SHIFT)) {
      if (has(SEVEN_BITS)) {
        out.add(ESC);
        out.add(register == 2 ? 'N' : 'O');
      } else {
        out.add(register == 2 ? 0x8E : 0x8F);
        high = 0x80;
      }
    } else {
      left = register;
      switch (register) {
        case 0 -> out.add(15);
        case 1 -> out.add(14);
        default -> {
          out.add(ESC);
          out.add(register == 2 ? 'n' : 'o');
        }
      }
    }
    for (int k = set.dimension() - 1; k >= 0; k--) {
      out.add(((int) (code >> (8 * k)) & 0x7F) | high);
    }
  }

  @Override
  void finish(Task t, ByteSink out) {
    if (has(RESET_AT_EOL)) {
      reset(out);
    }
  }

  /** Whether bytes can be text of the coding system: all its sequences valid. */
  static boolean accepts(Task t, CodingSystem x, byte[] b, int from, int to, boolean escapes) {
    Iso2022 state = new Iso2022(t, x);
    boolean any = false;
    for (int i = from; i < to; i++) {
      int c = b[i] & 0xFF;
      if (c == ESC) {
        int n = state.escape(t, b, i, to, true);
        if (n <= 0) {
          continue;
        }
        any = true;
        i += n - 1;
      } else if (c >= 128) {
        if (state.right < 0) {
          return false;
        }
        if (c < 160) {
          if ((c != 0x8E && c != 0x8F) || !state.has(SINGLE_SHIFT)) {
            return false;
          }
          continue;
        }
        int n =
            state.designated[1] == null || (i > from && (b[i - 1] & 0xFF) == 0x8E)
                ? 1
                : state.designated[1].dimension();
        for (int k = 1; k < n; k++) {
          if (i + k < to && (b[i + k] & 0xFF) < 160) {
            return false;
          }
        }
        i += n - 1;
      }
    }
    return any || !escapes;
  }

  @Override
  public String toString() {
    return "Iso2022" + Arrays.toString(designated);
  }
}
