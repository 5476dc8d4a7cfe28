package org.elver.lisp.regex;

/**
 * Text that is matched: codes at positions from {@link #begin} to {@link #end}.
 *
 * <p>A subject shows its codes through a window, an array as narrow as its owner likes, so that
 * reading is an array access wherever the text comes from. It is used by one matcher at a time, and
 * the text must not change meanwhile.
 */
public abstract class Subject {
  /** The first code of the raw bytes less 0x80. */
  static final int RAW = 0x3FFF00;

  /** The position of the first code. */
  public final int begin;

  /** The position behind the last code. */
  public final int end;

  private final int highByte;

  /** Where {@code \=} matches; -1 for nowhere. */
  private int point = -1;

  private byte[] bytes;
  private char[] chars;
  private int[] ints;
  private int start;
  private int length;

  /**
   * Text between two positions.
   *
   * @param unibyte whether codes from 0x80 to 0xFF are raw bytes
   */
  protected Subject(int begin, int end, boolean unibyte) {
    this.begin = begin;
    this.end = end;
    highByte = unibyte ? RAW : 0;
  }

  /** Shows codes around {@code position} by one of the {@code show} methods. */
  protected abstract void load(int position);

  /** Makes {@code codes} the window, the first of them at position {@code at}. */
  protected final void show(byte[] codes, int at, int count) {
    bytes = codes;
    chars = null;
    ints = null;
    start = at;
    length = count;
  }

  /** Makes {@code codes} the window, the first of them at position {@code at}. */
  protected final void show(char[] codes, int at, int count) {
    bytes = null;
    chars = codes;
    ints = null;
    start = at;
    length = count;
  }

  /** Makes {@code codes} the window, the first of them at position {@code at}. */
  protected final void show(int[] codes, int at, int count) {
    bytes = null;
    chars = null;
    ints = codes;
    start = at;
    length = count;
  }

  /** Makes {@code codes}, an array of one of these kinds, the window. */
  protected final void showAny(Object codes, int at, int count) {
    bytes = codes instanceof byte[] b ? b : null;
    chars = codes instanceof char[] s ? s : null;
    ints = codes instanceof int[] w ? w : null;
    start = at;
    length = count;
  }

  /** Closes the window, so that codes are loaded anew. */
  public final void hide() {
    length = 0;
  }

  /** Tells where {@code \=} matches. */
  public final Subject withPoint(int position) {
    point = position;
    return this;
  }

  final int point() {
    return point;
  }

  /** The character at a position from {@link #begin} to before {@link #end}. */
  final int at(int position) {
    int i = position - start;
    if (Integer.compareUnsigned(i, length) >= 0) {
      load(position);
      i = position - start;
    }
    byte[] b = bytes;
    if (b != null) {
      int code = b[i];
      return code >= 0 ? code : (code & 0xFF) + highByte;
    }
    char[] s = chars;
    int code = s != null ? s[i] : ints[i];
    return code >= 0x80 && code < 0x100 ? code + highByte : code;
  }

  /** Text that is an array, at positions from 0. */
  public static Subject of(byte[] codes, int count, boolean unibyte) {
    Subject s = new Whole(count, unibyte);
    s.show(codes, 0, count);
    return s;
  }

  /** Text that is an array, at positions from 0. */
  public static Subject of(char[] codes, int count, boolean unibyte) {
    Subject s = new Whole(count, unibyte);
    s.show(codes, 0, count);
    return s;
  }

  /** Text that is an array, at positions from 0. */
  public static Subject of(int[] codes, int count, boolean unibyte) {
    Subject s = new Whole(count, unibyte);
    s.show(codes, 0, count);
    return s;
  }

  private static final class Whole extends Subject {
    Whole(int count, boolean unibyte) {
      super(0, count, unibyte);
    }

    @Override
    protected void load(int position) {
      throw new IndexOutOfBoundsException(position);
    }
  }
}
