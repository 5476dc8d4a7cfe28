package org.elver.lisp.read;

/** Reads from an array of character codes. */
public final class CodeInput extends Input {
  private final int[] codes;
  private final int end;
  private int at;

  /** Reads {@code codes} from {@code from} to {@code end} (exclusive). */
  public CodeInput(int[] codes, int from, int end) {
    this.codes = codes;
    this.at = from;
    this.end = end;
  }

  @Override
  public int next() {
    return at < end ? codes[at++] : -1;
  }

  @Override
  public void back(int code) {
    if (code >= 0) {
      at--;
    }
  }

  /** The index of the character that comes next. */
  public int position() {
    return at;
  }
}
