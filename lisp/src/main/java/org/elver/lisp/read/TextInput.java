package org.elver.lisp.read;

/**
 * Reads from the bytes of a file of UTF-8 text as if it had been read into a buffer: errors say
 * where they are.
 */
public final class TextInput extends FileInput {
  /** Reads {@code bytes}, all of them UTF-8, from {@code from}. */
  public TextInput(byte[] bytes, int from) {
    super(bytes, from);
  }

  @Override
  public int[] lineAndColumn() {
    byte[] all = fileBytes();
    int line = 1;
    int column = 0;
    for (int i = 0; i < position(); i++) {
      if (all[i] == '\n') {
        line++;
        column = 0;
      } else if ((all[i] & 0xC0) != 0x80) {
        column++;
      }
    }
    return new int[] {line, column};
  }
}
