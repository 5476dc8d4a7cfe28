package org.elver.lisp.coding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/** Codes of some character sets, one after another. */
final class CharsetCodec extends Codec {
  private final List<Charset> inOrder = new ArrayList<>();
  private final List<Charset> bySize = new ArrayList<>();
  private final int defaultChar;
  private final Runs runs = new Runs();

  CharsetCodec(Task t, Object names, int defaultChar) {
    for (Object tail = names; tail instanceof Pair p; tail = p.second(t.c)) {
      inOrder.add(Charsets.check(t, p.first(t.c)));
    }
    bySize.addAll(inOrder);
    bySize.sort(Comparator.comparingInt(Charset::dimension));
    this.defaultChar = defaultChar;
  }

  @Override
  Runs runs() {
    return runs;
  }

  @Override
  int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out) {
    int i = from;
    outer:
    while (i < to) {
      boolean cut = false;
      for (Charset c : bySize) {
        int n = c.dimension();
        if (i + n > to) {
          int first = b[i] & 0xFF;
          cut |= first >= c.space()[2 * n - 2] && first <= c.space()[2 * n - 1];
          continue;
        }
        long code = 0;
        for (int k = 0; k < n; k++) {
          code = code << 8 | (b[i + k] & 0xFF);
        }
        int ch = c.decode(t, code);
        if (ch >= 0) {
          runs.at(out.length(), c.name());
          out.append(ch);
          i += n;
          continue outer;
        }
      }
      if (cut && !last) {
        return i;
      }
      out.append(raw(b[i++]));
    }
    return i;
  }

  /** Adds the code of one character; false if it has none. */
  private boolean put(Task t, int ch, ByteSink out) {
    for (Charset c : inOrder) {
      long code = c.encode(t, ch);
      if (code >= 0) {
        for (int k = c.dimension() - 1; k >= 0; k--) {
          out.add((int) (code >> (8 * k)) & 0xFF);
        }
        return true;
      }
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
