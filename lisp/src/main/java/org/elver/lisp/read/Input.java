package org.elver.lisp.read;

/**
 * Where the reader takes characters from. Used by one thread; at most one character is put back.
 */
public abstract class Input {
  /** The next character, or -1 at the end. */
  public abstract int next();

  /** Puts back the character that {@link #next} gave last; -1 too. */
  public abstract void back(int code);

  /**
   * Skips what {@code #@N} says: so many bytes of a file; elsewhere, where bytes cannot be counted,
   * everything up to the character U+001F that ends such a passage.
   */
  public void skip(int bytes) {
    int c;
    do {
      c = next();
    } while (c >= 0 && c != 037);
  }

  /** Skips to the end. */
  public void skipAll() {
    int c;
    do {
      c = next();
    } while (c >= 0);
  }

  /** The bytes of the file that is read; null when the input is no file. */
  public byte[] fileBytes() {
    return null;
  }

  /** Line and column (from 1 and 0) of the present position, for error messages; null: unknown. */
  public int[] lineAndColumn() {
    return null;
  }
}
