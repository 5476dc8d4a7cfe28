package org.elver.lisp.file;

import java.io.ByteArrayOutputStream;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/**
 * Text as bytes without a coding system's help: Emacs's own extension of UTF-8, in which raw bytes
 * stand for themselves.
 */
public final class Bytes {
  private Bytes() {}

  /** The bytes of {@code n} character codes. */
  public static byte[] encode(int[] codes, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + 16);
    for (int i = from; i < to; i++) {
      encode(codes[i], out);
    }
    return out.toByteArray();
  }

  /** The bytes of a string: of a unibyte one itself. */
  public static byte[] encode(org.elver.heap.version.Context c, LispString s) {
    int[] codes = s.characters(c);
    return encode(codes, 0, codes.length);
  }

  private static void encode(int ch, ByteArrayOutputStream out) {
    if (ch < 0x80) {
      out.write(ch);
    } else if (ch < 0x800) {
      out.write(0xC0 | (ch >> 6));
      out.write(0x80 | (ch & 0x3F));
    } else if (ch < 0x10000) {
      out.write(0xE0 | (ch >> 12));
      out.write(0x80 | ((ch >> 6) & 0x3F));
      out.write(0x80 | (ch & 0x3F));
    } else if (ch < 0x200000) {
      out.write(0xF0 | (ch >> 18));
      out.write(0x80 | ((ch >> 12) & 0x3F));
      out.write(0x80 | ((ch >> 6) & 0x3F));
      out.write(0x80 | (ch & 0x3F));
    } else if (ch > LispString.RAW_BYTE) {
      out.write(ch & 0xFF);
    } else {
      out.write(0xF8);
      out.write(0x80 | ((ch >> 18) & 0x3F));
      out.write(0x80 | ((ch >> 12) & 0x3F));
      out.write(0x80 | ((ch >> 6) & 0x3F));
      out.write(0x80 | (ch & 0x3F));
    }
  }

  /** Characters of bytes; what is no UTF-8 becomes raw bytes. */
  public static void decode(byte[] b, int from, int to, CodeBuffer out) {
    int i = from;
    while (i < to) {
      int x = b[i] & 0xFF;
      int n = x < 0x80 ? 1 : x < 0xC2 ? 0 : x < 0xE0 ? 2 : x < 0xF0 ? 3 : x < 0xF5 ? 4 : 0;
      int ch = n == 1 ? x : n == 2 ? x & 0x1F : n == 3 ? x & 0x0F : x & 0x07;
      boolean good = n > 0 && i + n <= to;
      for (int k = 1; good && k < n; k++) {
        int y = b[i + k] & 0xFF;
        good = (y & 0xC0) == 0x80;
        ch = (ch << 6) | (y & 0x3F);
      }
      good = good && (n < 3 || ch >= 0x800) && (n < 4 || (ch >= 0x10000 && ch <= 0x10FFFF));
      if (good) {
        out.append(ch);
        i += n;
      } else {
        out.append(LispString.RAW_BYTE + x);
        i++;
      }
    }
  }
}
