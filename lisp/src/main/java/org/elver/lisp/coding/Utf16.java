package org.elver.lisp.coding;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/** UTF-16 in either order of bytes, with or without a signature. */
final class Utf16 extends Codec {
  private final boolean detect;
  private final boolean sign;
  private final int defaultChar;
  private boolean bigEndian;
  private boolean begun;

  Utf16(boolean detect, boolean sign, boolean bigEndian, int defaultChar) {
    this.detect = detect;
    this.sign = sign;
    this.bigEndian = bigEndian;
    this.defaultChar = defaultChar;
  }

  private int unit(byte[] b, int i) {
    return bigEndian
        ? (b[i] & 0xFF) << 8 | (b[i + 1] & 0xFF)
        : (b[i + 1] & 0xFF) << 8 | (b[i] & 0xFF);
  }

  @Override
  int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out) {
    int i = from;
    if (!begun && to - from >= 2) {
      begun = true;
      if (detect || sign) {
        int first = unit(b, i);
        if (first == 0xFEFF) {
          i += 2;
        } else if (first == 0xFFFE && detect) {
          bigEndian = !bigEndian;
          i += 2;
        }
      }
    }
    while (i + 1 < to) {
      int ch = unit(b, i);
      if (ch >= 0xD800 && ch < 0xDC00) {
        if (i + 3 >= to) {
          if (!last) {
            return i;
          }
          i += 2; // Cut off: lost, as in GNU Emacs.
          continue;
        } else {
          int low = unit(b, i + 2);
          if (low >= 0xDC00 && low < 0xE000) {
            out.append(0x10000 + ((ch - 0xD800) << 10) + low - 0xDC00);
            i += 4;
            continue;
          }
        }
        out.append(b[i] & 0xFF);
        out.append(b[i + 1] & 0xFF);
        i += 2;
        continue;
      }
      out.append(ch);
      i += 2;
    }
    if (i < to && last) {
      out.append(raw(b[i++]));
    }
    return i;
  }

  private void put(int unit, ByteSink out) {
    out.add(bigEndian ? unit >> 8 : unit);
    out.add(bigEndian ? unit : unit >> 8);
  }

  @Override
  void encode(Task t, int[] codes, int from, int to, ByteSink out) {
    if (!begun) {
      begun = true;
      if (detect || sign) {
        put(0xFEFF, out);
      }
    }
    for (int i = from; i < to; i++) {
      int c = codes[i] > LispString.MAX_UNICODE ? defaultChar : codes[i];
      if (c < 0x10000) {
        put(c, out);
      } else {
        put(0xD800 + ((c - 0x10000) >> 10), out);
        put(0xDC00 + ((c - 0x10000) & 0x3FF), out);
      }
    }
  }

  @Override
  void finish(Task t, ByteSink out) {
    encode(t, new int[0], 0, 0, out);
  }
}
