package org.elver.lisp.coding;

import java.util.HashMap;
import java.util.Map;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/**
 * The coding that Emacs used inside before version 23: a number of a character set, and its code.
 */
final class EmacsMule extends Codec {
  private final Map<Integer, Charset> byId = new HashMap<>();
  private final Runs runs = new Runs();

  EmacsMule(Task t) {
    for (Object tail = Charsets.order(t); tail instanceof Pair p; tail = p.second(t.c)) {
      Charset c = Charsets.find(t, p.first(t.c));
      if (c != null && c.emacsMuleId() > 0) {
        byId.putIfAbsent((int) c.emacsMuleId(), c);
      }
    }
  }

  @Override
  Runs runs() {
    return runs;
  }

  @Override
  int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out) {
    int i = from;
    while (i < to) {
      int c = b[i] & 0xFF;
      if (c < 0x80) {
        out.append(c);
        i++;
        continue;
      }
      int at = i + 1;
      Charset set = null;
      if (c >= 0x9A && c <= 0x9D) {
        set = at < to ? byId.get(b[at] & 0xFF) : null;
        at++;
      } else if (c >= 0x81 && c < 0x9A) {
        set = byId.get(c);
      }
      int ch = -1;
      if (set != null || at > to) {
        int n = set == null ? 1 : set.dimension();
        if (at + n > to && !last) {
          return i;
        }
        long code = 0;
        boolean valid = at + n <= to;
        for (int k = 0; k < n && valid; k++) {
          valid = (b[at + k] & 0xFF) >= 0xA0;
          code = code << 8 | (b[at + k] & 0x7F);
        }
        if (valid && set != null) {
          ch = set.decode(t, code);
          at += n;
        }
      }
      if (ch < 0) {
        out.append(raw(b[i++]));
      } else {
        runs.at(out.length(), set.name());
        out.append(ch);
        i = at;
      }
    }
    return i;
  }

  @Override
  void encode(Task t, int[] codes, int from, int to, ByteSink out) {
    for (int i = from; i < to; i++) {
      int ch = codes[i];
      if (ch < 0x80) {
        out.add(ch);
        continue;
      }
      if (ch >= 0x3FFF80) {
        out.add(ch - LispString.RAW_BYTE);
        continue;
      }
      Charset set = null;
      long code = -1;
      for (Object tail = Charsets.order(t);
          code < 0 && tail instanceof Pair p;
          tail = p.second(t.c)) {
        Charset c = Charsets.find(t, p.first(t.c));
        if (c != null && c.emacsMuleId() > 0) {
          set = c;
          code = c.encode(t, ch);
        }
      }
      if (code < 0 || set == null) {
        out.add(' ');
        continue;
      }
      int id = (int) set.emacsMuleId();
      if (id >= 0xF5) {
        out.add(0x9D);
      } else if (id >= 0xF0) {
        out.add(0x9C);
      } else if (id >= 0xE0) {
        out.add(0x9B);
      } else if (id >= 0xA0) {
        out.add(0x9A);
      }
      out.add(id);
      for (int k = set.dimension() - 1; k >= 0; k--) {
        out.add(((int) (code >> (8 * k)) & 0xFF) | 0x80);
      }
    }
  }
}
