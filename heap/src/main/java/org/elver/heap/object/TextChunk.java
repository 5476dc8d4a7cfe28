package org.elver.heap.object;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;

/**
 * A leaf of a text: codes side by side in the narrowest array that holds them.
 *
 * <p>Writing a code too wide for the array widens it; it becomes narrow again when it is copied.
 * The array may have room for more codes than there are.
 */
final class TextChunk extends TextPart {
  /** The greatest length, save for a moment before a chunk is split. */
  static final int MAX = 1024;

  /** The smallest length of a chunk that is not the whole text. */
  static final int MIN = MAX / 4;

  /** No codes. Its epoch belongs to nobody, so nobody changes it and all texts may share it. */
  static final TextChunk EMPTY = new TextChunk(new Epoch(), new byte[0], 0);

  /** Below this, room that is not used is not worth a copy. */
  private static final int SMALL = 64;

  /**
   * What a chunk that grows gets beside half its length, so that a tiny one does not grow often.
   */
  private static final int SPARE = 8;

  private static final int BYTE_MASK = 0xFF;
  private static final int CHAR_MASK = 0xFFFF;

  /**
   * A {@code byte[]} (of codes below 256), {@code char[]} or {@code int[]}, of {@link #MAX}
   * elements at most unless the chunk is about to be split.
   */
  private Object codes;

  private TextChunk(Epoch epoch, Object codes, int length) {
    super(epoch, length);
    this.codes = codes;
  }

  /** A chunk of the given valid codes, at most {@link #MAX}. */
  static TextChunk of(Epoch epoch, int[] codes, int from, int to) {
    return new TextChunk(epoch, narrowed(codes, from, to), to - from);
  }

  /** A chunk of one valid code. */
  static TextChunk of(Epoch epoch, int code) {
    Object codes = newCodes(widthFor(code), 1);
    store(codes, 0, code);
    return new TextChunk(epoch, codes, 1);
  }

  /** A chunk of the code points of a range of {@code s} that cuts no pair of surrogates in two. */
  static TextChunk of(Epoch epoch, String s, int from, int to) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits |= s.charAt(i);
    }
    if (bits <= BYTE_MASK) {
      byte[] bytes = new byte[to - from];
      for (int i = from; i < to; i++) {
        bytes[i - from] = (byte) s.charAt(i);
      }
      return new TextChunk(epoch, bytes, bytes.length);
    }
    int[] points = s.substring(from, to).codePoints().toArray();
    return of(epoch, points, 0, points.length);
  }

  /** The array, for those who read many codes. Its class is byte[], char[] or int[]. */
  Object codes() {
    return codes;
  }

  int at(int i) {
    return load(codes, i);
  }

  // Changes. Each is made in place if c owns the chunk, else in a copy; what it returns holds.

  TextChunk set(Context c, int i, int code) {
    int width = Math.max(width(codes), widthFor(code));
    TextChunk own = this;
    if (!isOwnedBy(c)) {
      own = new TextChunk(c.epoch(), resized(codes, length, width, length), length);
    } else if (width != width(codes)) {
      codes = resized(codes, length, width, capacity(codes));
    }
    store(own.codes, i, code);
    return own;
  }

  /**
   * Inserts a code if that takes no other chunk or array, as it mostly does, and else does nothing.
   *
   * @return whether the code was inserted
   */
  boolean insertInPlace(Context c, int at, int code) {
    if (length == capacity(codes) || widthFor(code) > width(codes) || !isOwnedBy(c)) {
      return false;
    }
    if (codes instanceof byte[] b) {
      // A copy of nothing is not free.
      if (at < length) {
        System.arraycopy(b, at, b, at + 1, length - at);
      }
      b[at] = (byte) code;
    } else {
      System.arraycopy(codes, at, codes, at + 1, length - at);
      store(codes, at, code);
    }
    length++;
    return true;
  }

  /** Inserts the codes of {@code other}, which stays as it is. */
  TextChunk insert(Context c, int at, TextChunk other) {
    TextChunk own = open(c, at, other.length, width(other.codes));
    transfer(other.codes, 0, own.codes, at, other.length);
    return own;
  }

  /** Makes a gap of {@code n} codes at {@code at}, to be filled with codes of {@code width}. */
  private TextChunk open(Context c, int at, int n, int width) {
    int total = length + n;
    boolean owned = isOwnedBy(c);
    if (owned && width <= width(codes) && total <= capacity(codes)) {
      System.arraycopy(codes, at, codes, at + n, length - at);
      length = total;
      return this;
    }
    // Room for half as much again, so that appending costs O(1); a full chunk will be split.
    int room = total >= MAX ? total : Math.min(MAX, total + (total >> 1) + SPARE);
    Object wider = newCodes(Math.max(width, width(codes)), room);
    transfer(codes, 0, wider, 0, at);
    transfer(codes, at, wider, at + n, length - at);
    if (!owned) {
      return new TextChunk(c.epoch(), wider, total);
    }
    codes = wider;
    length = total;
    return this;
  }

  TextChunk delete(Context c, int from, int to) {
    int rest = length - (to - from);
    boolean owned = isOwnedBy(c);
    int room = capacity(codes);
    if (owned && (room <= SMALL || rest > room >> 2)) {
      System.arraycopy(codes, to, codes, from, length - to);
      length = rest;
      return this;
    }
    Object fewer = newCodes(width(codes), rest);
    System.arraycopy(codes, 0, fewer, 0, from);
    System.arraycopy(codes, to, fewer, from, length - to);
    if (!owned) {
      return new TextChunk(c.epoch(), fewer, rest);
    }
    codes = fewer;
    length = rest;
    return this;
  }

  // Reading.

  /** A new chunk of the codes from {@code from} to {@code to}, as narrow as they allow. */
  TextChunk copy(Epoch label, int from, int to) {
    return new TextChunk(label, narrowed(codes, from, to), to - from);
  }

  void getCodes(int from, int to, int[] dst, int at) {
    if (codes instanceof byte[] b) {
      for (int i = from, j = at; i < to; i++, j++) {
        dst[j] = b[i] & BYTE_MASK;
      }
    } else {
      transfer(codes, from, dst, at, to - from);
    }
  }

  /** Appends codes as UTF-16, those beyond Unicode as question marks. */
  void appendTo(StringBuilder result, int from, int to) {
    if (codes instanceof byte[] b) {
      result.append(new String(b, from, to - from, StandardCharsets.ISO_8859_1));
    } else if (codes instanceof char[] s) {
      result.append(s, from, to - from);
    } else {
      int[] points = (int[]) codes;
      for (int i = from; i < to; i++) {
        int code = points[i];
        result.appendCodePoint(code <= Character.MAX_CODE_POINT ? code : '?');
      }
    }
  }

  /** The first place from {@code from} to {@code to} that holds {@code code}, or -1. */
  int indexOf(int code, int from, int to) {
    if (widthFor(code) > width(codes)) {
      return -1;
    }
    if (codes instanceof byte[] b) {
      byte sought = (byte) code;
      for (int i = from; i < to; i++) {
        if (b[i] == sought) {
          return i;
        }
      }
    } else {
      for (int i = from; i < to; i++) {
        if (load(codes, i) == code) {
          return i;
        }
      }
    }
    return -1;
  }

  /** Continues the hash {@code h} of the codes before: as {@code String.hashCode}, over codes. */
  int hash(int h) {
    int result = h;
    if (codes instanceof byte[] b) {
      for (int i = 0; i < length; i++) {
        result = 31 * result + (b[i] & BYTE_MASK);
      }
    } else {
      for (int i = 0; i < length; i++) {
        result = 31 * result + load(codes, i);
      }
    }
    return result;
  }

  /** How many of {@code n} codes of {@code a} and {@code b} are the same before one differs. */
  static int common(TextChunk a, int from, TextChunk b, int otherFrom, int n) {
    int i;
    if (a.codes instanceof byte[] x && b.codes instanceof byte[] y) {
      i = Arrays.mismatch(x, from, from + n, y, otherFrom, otherFrom + n);
    } else if (a.codes instanceof char[] x && b.codes instanceof char[] y) {
      i = Arrays.mismatch(x, from, from + n, y, otherFrom, otherFrom + n);
    } else if (a.codes instanceof int[] x && b.codes instanceof int[] y) {
      i = Arrays.mismatch(x, from, from + n, y, otherFrom, otherFrom + n);
    } else {
      i = 0;
      while (i < n && a.at(from + i) == b.at(otherFrom + i)) {
        i++;
      }
      return i;
    }
    return i < 0 ? n : i;
  }

  // Arrays of codes. The width is the number of bytes of an element.

  private static int widthFor(int code) {
    return code <= BYTE_MASK ? Byte.BYTES : code <= CHAR_MASK ? Character.BYTES : Integer.BYTES;
  }

  private static int width(Object codes) {
    return codes instanceof byte[]
        ? Byte.BYTES
        : codes instanceof char[] ? Character.BYTES : Integer.BYTES;
  }

  private static int capacity(Object codes) {
    if (codes instanceof byte[] b) {
      return b.length;
    }
    return codes instanceof char[] s ? s.length : ((int[]) codes).length;
  }

  private static Object newCodes(int width, int capacity) {
    if (width == Byte.BYTES) {
      return new byte[capacity];
    }
    return width == Character.BYTES ? new char[capacity] : new int[capacity];
  }

  private static int load(Object codes, int i) {
    if (codes instanceof byte[] b) {
      return b[i] & BYTE_MASK;
    }
    return codes instanceof char[] s ? s[i] : ((int[]) codes)[i];
  }

  private static void store(Object codes, int i, int code) {
    if (codes instanceof byte[] b) {
      b[i] = (byte) code;
    } else if (codes instanceof char[] s) {
      s[i] = (char) code;
    } else {
      ((int[]) codes)[i] = code;
    }
  }

  /** Copies codes between arrays of any widths; those of {@code dst} must suffice. */
  private static void transfer(Object src, int from, Object dst, int at, int n) {
    if (src.getClass() == dst.getClass()) {
      System.arraycopy(src, from, dst, at, n);
    } else {
      for (int i = 0; i < n; i++) {
        store(dst, at + i, load(src, from + i));
      }
    }
  }

  private static Object resized(Object codes, int length, int width, int capacity) {
    Object result = newCodes(width, capacity);
    transfer(codes, 0, result, 0, length);
    return result;
  }

  private static Object narrowed(Object codes, int from, int to) {
    int bits = 0;
    if (!(codes instanceof byte[])) {
      for (int i = from; i < to; i++) {
        bits |= load(codes, i);
      }
    }
    Object result = newCodes(widthFor(bits), to - from);
    transfer(codes, from, result, 0, to - from);
    return result;
  }
}
