package org.elver.lisp.coding;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/** Shift-JIS and Big5: one-byte characters, and those of a big set in two bytes. */
final class Kanji extends Codec {
  private final List<Charset> sets = new ArrayList<>();
  private final boolean big5;
  private final int defaultChar;
  private final Runs runs = new Runs();

  Kanji(Task t, Object names, boolean big5, int defaultChar) {
    for (Object tail = names; tail instanceof Pair p; tail = p.second(t.c)) {
      sets.add(Charsets.check(t, p.first(t.c)));
    }
    this.big5 = big5;
    this.defaultChar = defaultChar;
  }

  @Override
  Runs runs() {
    return runs;
  }

  /** The JIS code of a Shift-JIS one. */
  static int toJis(int code) {
    int s1 = code >> 8;
    int s2 = code & 0xFF;
    int j1 = (s1 - (s1 >= 0xE0 ? 0xB0 : 0x70)) * 2;
    if (s2 >= 0x9F) {
      return j1 << 8 | (s2 - 0x7E);
    }
    return (j1 - 1) << 8 | (s2 - (s2 >= 0x80 ? 0x20 : 0x1F));
  }

  /** The Shift-JIS code of a JIS one. */
  static int fromJis(int code) {
    int j1 = code >> 8;
    int j2 = code & 0xFF;
    int s1 = (j1 + 1) / 2 + (j1 < 0x5F ? 0x70 : 0xB0);
    return s1 << 8 | ((j1 & 1) != 0 ? j2 + (j2 >= 0x60 ? 0x20 : 0x1F) : j2 + 0x7E);
  }

  private boolean isLead(int c) {
    return big5 ? c >= 0xA1 && c < 0xFF : (c >= 0x81 && c < 0xA0) || (c >= 0xE0 && c <= 0xFC);
  }

  @Override
  int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out) {
    int i = from;
    while (i < to) {
      int c = b[i] & 0xFF;
      Charset set = null;
      int ch = -1;
      int n = 1;
      if (c < 0x80) {
        set = sets.get(0);
        ch = set.decode(t, c);
      } else if (!big5 && c >= 0xA1 && c <= 0xDF && sets.size() > 1) {
        set = sets.get(1);
        ch = set.decode(t, c & 0x7F);
      } else if (isLead(c)) {
        if (i + 1 >= to && !last) {
          return i;
        }
        int d = i + 1 < to ? b[i + 1] & 0xFF : 0;
        if (d >= 0x40 && d != 0x7F && d < 0xFF && sets.size() > (big5 ? 1 : 2)) {
          set = sets.get(big5 ? 1 : 2);
          int code = c << 8 | d;
          ch = set.decode(t, big5 ? code : toJis(code));
          n = 2;
        }
      }
      if (ch < 0) {
        out.append(raw(b[i++]));
      } else {
        runs.at(out.length(), set.name());
        out.append(ch);
        i += n;
      }
    }
    return i;
  }

  private boolean put(Task t, int ch, ByteSink out) {
    for (int k = 0; k < sets.size(); k++) {
      long code = sets.get(k).encode(t, ch);
      if (code < 0) {
        continue;
      }
      if (k == 0) {
        out.add((int) code);
      } else if (k == 1 && !big5) {
        out.add((int) code | 0x80);
      } else if (k == (big5 ? 1 : 2)) {
        int two = big5 ? (int) code : fromJis((int) code);
        out.add(two >> 8);
        out.add(two & 0xFF);
      } else {
        continue;
      }
      return true;
    }
    return false;
  }

  @Override
  void encode(Task t, int[] codes, int from, int to, ByteSink out) {
    for (int i = from; i < to; i++) {
      int ch = codes[i];
      if (ch >= 0x3FFF80) {
        out.add(ch - LispString.RAW_BYTE);
      } else if (!put(t, ch, out) && !put(t, defaultChar, out)) {
        out.add(defaultChar);
      }
    }
  }
}
