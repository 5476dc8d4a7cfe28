package org.elver.lisp.coding;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/** UTF-8 as Emacs extends it to its characters beyond Unicode, with or without a signature. */
final class Utf8 extends Codec {
  /** What is done about a signature at the beginning. */
  enum Signature {
    NONE,
    DETECT,
    REQUIRED
  }

  private final Signature signature;
  private boolean begun;

  Utf8(Signature signature) {
    this.signature = signature;
    begun = signature == Signature.NONE;
  }

  /**
   * The length of the sequence at {@code i}; 0: none is valid; negative: it is cut off at {@code
   * to}.
   */
  static int sequence(byte[] b, int i, int to) {
    int c = b[i] & 0xFF;
    if (c < 0x80) {
      return 1;
    }
    int n = c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF8 ? 4 : c == 0xF8 ? 5 : 0;
    if (n == 0) {
      return 0;
    }
    for (int k = 1; k < n; k++) {
      if (i + k >= to) {
        return -1;
      }
      if ((b[i + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int ch = value(b, i, n);
    return ch < (n == 3 ? 0x800 : n == 4 ? 0x10000 : n == 5 ? 0x200000 : 0x80)
            || ch >= 0x3FFF80
            || (ch >= 0xD800 && ch < 0xE000)
        ? 0
        : n;
  }

  private static int value(byte[] b, int i, int n) {
    int ch = n == 2 ? b[i] & 0x1F : n == 3 ? b[i] & 0x0F : n == 4 ? b[i] & 0x07 : 0;
    for (int k = 1; k < n; k++) {
      ch = ch << 6 | (b[i + k] & 0x3F);
    }
    return ch;
  }

  @Override
  int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out) {
    int i = from;
    if (!begun) {
      if (to - from < 3 && !last) {
        return from;
      }
      begun = true;
      if (to - from >= 3
          && (b[from] & 0xFF) == 0xEF
          && (b[from + 1] & 0xFF) == 0xBB
          && (b[from + 2] & 0xFF) == 0xBF) {
        i += 3;
      }
    }
    while (i < to) {
      if (b[i] >= 0) {
        out.append(b[i++]);
        continue;
      }
      int n = sequence(b, i, to);
      if (n < 0 && !last) {
        return i;
      }
      if (n <= 0) {
        out.append(raw(b[i++]));
      } else {
        out.append(value(b, i, n));
        i += n;
      }
    }
    return i;
  }

  @Override
  void encode(Task t, int[] codes, int from, int to, ByteSink out) {
    if (!begun) {
      begun = true;
      if (signature == Signature.REQUIRED) {
        out.add(0xEF);
        out.add(0xBB);
        out.add(0xBF);
      }
    }
    encodeInternal(codes, from, to, out);
  }

  @Override
  void finish(Task t, ByteSink out) {
    encode(t, new int[0], 0, 0, out);
  }

  /** Adds the bytes of characters; raw bytes as such. */
  static void encodeInternal(int[] codes, int from, int to, ByteSink out) {
    for (int i = from; i < to; i++) {
      int c = codes[i];
      if (c < 0x80) {
        out.add(c);
      } else if (c < 0x800) {
        out.add(0xC0 | c >> 6);
        out.add(0x80 | (c & 0x3F));
      } else if (c < 0x10000) {
        out.add(0xE0 | c >> 12);
        out.add(0x80 | (c >> 6 & 0x3F));
        out.add(0x80 | (c & 0x3F));
      } else if (c < 0x200000) {
        out.add(0xF0 | c >> 18);
        out.add(0x80 | (c >> 12 & 0x3F));
        out.add(0x80 | (c >> 6 & 0x3F));
        out.add(0x80 | (c & 0x3F));
      } else if (c < 0x3FFF80) {
        out.add(0xF8);
        out.add(0x80 | (c >> 18 & 0x3F));
        out.add(0x80 | (c >> 12 & 0x3F));
        out.add(0x80 | (c >> 6 & 0x3F));
        out.add(0x80 | (c & 0x3F));
      } else {
        out.add(c - LispString.RAW_BYTE);
      }
    }
  }
}
