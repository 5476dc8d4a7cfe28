package org.elver.lisp.read;

import org.elver.lisp.object.LispString;

/** Reads from the bytes of a file in Emacs's extended UTF-8; bytes that are none are raw bytes. */
public sealed class FileInput extends Input permits TextInput {
  private final byte[] bytes;
  private int at;
  private int before;

  /** Reads {@code bytes} from {@code from}. */
  public FileInput(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  @Override
  public final int next() {
    before = at;
    if (at >= bytes.length) {
      return -1;
    }
    int b = bytes[at++];
    return b >= 0 ? b : wide(b & 0xFF);
  }

  private int wide(int b) {
    int more = b >= 0xF8 ? 4 : b >= 0xF0 ? 3 : b >= 0xE0 ? 2 : 1;
    if (b < 0xC0 || b > 0xF8 || at + more > bytes.length) {
      return LispString.RAW_BYTE + b;
    }
    int code = more == 4 ? 0 : b & (0x3F >> more);
    for (int i = 0; i < more; i++) {
      int x = bytes[at + i] & 0xFF;
      if ((x & 0xC0) != 0x80) {
        return LispString.RAW_BYTE + b;
      }
      code = code << 6 | (x & 0x3F);
    }
    if (code > LispString.MAX_CHAR || code < 0x80) {
      return LispString.RAW_BYTE + b;
    }
    at += more;
    return code;
  }

  @Override
  public final void back(int code) {
    at = before;
  }

  @Override
  public final void skip(int n) {
    at = Math.min(bytes.length, at + n);
  }

  @Override
  public final void skipAll() {
    at = bytes.length;
  }

  @Override
  public final byte[] fileBytes() {
    return bytes;
  }

  /** The offset of the byte that comes next. */
  public final int position() {
    return at;
  }

  /** Goes to the byte at {@code offset}. */
  public final void seek(int offset) {
    at = Math.clamp(offset, 0, bytes.length);
  }
}
