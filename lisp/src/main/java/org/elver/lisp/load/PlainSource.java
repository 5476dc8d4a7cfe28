package org.elver.lisp.load;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Source files whose bytes mean what they say: UTF-8 with Unix line ends, without a line that asks
 * for a coding system or for shorthands.
 */
final class PlainSource {
  private static final byte[] CODING = "coding".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SHORTHANDS =
      "read-symbol-shorthands".getBytes(StandardCharsets.US_ASCII);

  private PlainSource() {}

  /** Whether {@code bytes} are such a file. */
  static boolean is(byte[] bytes) {
    boolean ascii = true;
    for (byte b : bytes) {
      if (b == '\r' || b == 0) {
        return false;
      }
      ascii &= b >= 0;
    }
    return !asksForCoding(bytes)
        && !has(bytes, SHORTHANDS, 0, bytes.length)
        && (ascii || isUtf8(bytes));
  }

  /** GNU Emacs looks for it in the first two lines and the last 3,000 characters. */
  private static boolean asksForCoding(byte[] bytes) {
    int end = 0;
    for (int lines = 0; end < bytes.length && lines < 2; end++) {
      if (bytes[end] == '\n') {
        lines++;
      }
    }
    return has(bytes, CODING, 0, end)
        || has(bytes, CODING, Math.max(0, bytes.length - 12_000), bytes.length);
  }

  private static boolean has(byte[] bytes, byte[] word, int from, int to) {
    for (int i = from; i + word.length <= to; i++) {
      int k = 0;
      while (k < word.length && bytes[i + k] == word[k]) {
        k++;
      }
      if (k == word.length) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
