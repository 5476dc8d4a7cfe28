package org.elver.lisp.object;

import java.util.Arrays;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/**
 * A string: codes, whether they are characters (multibyte) or bytes (unibyte), and text properties.
 *
 * <p>In a multibyte string codes are 0 to 0x3FFFFF: Unicode, characters beyond it, and from
 * 0x3FFF80 on the raw bytes 128 to 255. In a unibyte string they are 0 to 255. The codes lie in the
 * narrowest array that holds them; setting a wider one replaces the array.
 */
public final class LispString extends HeapObject {
  /** The greatest character. */
  public static final int MAX_CHAR = 0x3FFFFF;

  /** The greatest Unicode character. */
  public static final int MAX_UNICODE = 0x10FFFF;

  /** What is added to a raw byte from 128 on to make it a character. */
  public static final int RAW_BYTE = 0x3FFF00;

  private static final byte[] NO_BYTES = {};

  /** A {@code byte[]}, {@code char[]} or {@code int[]} of codes. */
  private Object codes;

  private boolean multibyte;

  /** The text properties, an immutable object of the package that keeps them; null: none. */
  private Object properties;

  /** All empty strings are one object, or one when multibyte: nothing in them can change. */
  private static final LispString EMPTY = new LispString(Label.frozen(), NO_BYTES, false, null);

  private static final LispString EMPTY_MULTIBYTE =
      new LispString(Label.frozen(), NO_BYTES, true, null);

  private static LispString make(Context creator, Object codes, boolean multibyte) {
    return lengthOf(codes) == 0
        ? (multibyte ? EMPTY_MULTIBYTE : EMPTY)
        : new LispString(creator, codes, multibyte);
  }

  private LispString(Context creator, Object codes, boolean multibyte) {
    super(creator);
    this.codes = codes;
    this.multibyte = multibyte;
  }

  private LispString(Label label, Object codes, boolean multibyte, Object properties) {
    super(label);
    this.codes = codes;
    this.multibyte = multibyte;
    this.properties = properties;
  }

  /**
   * A string that keeps {@code codes}, an array as {@link #codes} gives it, for whoever {@code
   * label} is of.
   */
  public static LispString labelled(
      Label label, Object codes, boolean multibyte, Object properties) {
    return lengthOf(codes) == 0
        ? (multibyte ? EMPTY_MULTIBYTE : EMPTY)
        : new LispString(label, codes, multibyte, properties);
  }

  /** An empty unibyte string. */
  public static LispString empty(Context c) {
    return EMPTY;
  }

  /**
   * Java's string; unibyte when it is all ASCII, else multibyte. Lone surrogates U+DC80 to U+DCFF
   * stand for raw bytes.
   */
  public static LispString of(Context c, String s) {
    int n = s.length();
    byte[] ascii = new byte[n];
    for (int i = 0; i < n; i++) {
      char ch = s.charAt(i);
      if (ch > 127) {
        return make(c, narrow(codesOf(s)), true);
      }
      ascii[i] = (byte) ch;
    }
    return make(c, ascii, false);
  }

  /** As {@link #of}, but immutable and of no context. */
  public static LispString frozen(String s) {
    boolean ascii = s.chars().allMatch(ch -> ch < 128);
    return new LispString(Label.frozen(), narrow(codesOf(s)), !ascii, null);
  }

  /** A unibyte string that keeps {@code bytes}. */
  public static LispString unibyte(Context c, byte[] bytes) {
    return make(c, bytes, false);
  }

  /** A string of codes {@code from} to {@code to} (exclusive); bytes when it is to be unibyte. */
  public static LispString of(Context c, int[] codes, int from, int to, boolean multibyte) {
    return make(c, narrow(codes, from, to), multibyte);
  }

  /** A string of these codes. */
  public static LispString of(Context c, int[] codes, boolean multibyte) {
    return of(c, codes, 0, codes.length, multibyte);
  }

  /** {@code n} times {@code code}. */
  public static LispString filled(Context c, int n, int code, boolean multibyte) {
    if (code < 256) {
      byte[] a = new byte[n];
      Arrays.fill(a, (byte) code);
      return make(c, a, multibyte);
    }
    if (code < 0x10000) {
      char[] a = new char[n];
      Arrays.fill(a, (char) code);
      return make(c, a, multibyte);
    }
    int[] a = new int[n];
    Arrays.fill(a, code);
    return make(c, a, multibyte);
  }

  /** The codes of Java's string, raw bytes unescaped. */
  public static int[] codesOf(String s) {
    int[] a = s.codePoints().toArray();
    for (int i = 0; i < a.length; i++) {
      if (a[i] >= 0xDC80 && a[i] <= 0xDCFF) {
        a[i] = RAW_BYTE + (a[i] & 0xFF);
      }
    }
    return a;
  }

  private static Object narrow(int[] codes) {
    return narrow(codes, 0, codes.length);
  }

  private static Object narrow(int[] codes, int from, int to) {
    int all = 0;
    for (int i = from; i < to; i++) {
      all |= codes[i];
    }
    int n = to - from;
    if (n == 0) {
      return NO_BYTES;
    }
    if (all < 256) {
      byte[] a = new byte[n];
      for (int i = 0; i < n; i++) {
        a[i] = (byte) codes[from + i];
      }
      return a;
    }
    if (all < 0x10000) {
      char[] a = new char[n];
      for (int i = 0; i < n; i++) {
        a[i] = (char) codes[from + i];
      }
      return a;
    }
    return Arrays.copyOfRange(codes, from, to);
  }

  private Contents read(Context c) {
    return readsInline(c) ? null : (Contents) versionToRead(c);
  }

  private Contents write(Context c) {
    return writesInline(c) ? null : (Contents) versionToWrite(c);
  }

  /**
   * The array of codes as {@code c} sees it: a {@code byte[]} (Latin-1), {@code char[]} or {@code
   * int[]}. To be read only, and at once: not after anything that may write or run Lisp.
   */
  public Object codes(Context c) {
    Contents v = read(c);
    return v == null ? codes : v.codes;
  }

  /** Whether the codes are characters. */
  public boolean isMultibyte(Context c) {
    Contents v = read(c);
    return v == null ? multibyte : v.multibyte;
  }

  /** The number of codes. */
  public int length(Context c) {
    return lengthOf(codes(c));
  }

  private static int lengthOf(Object a) {
    if (a instanceof byte[] b) {
      return b.length;
    }
    return a instanceof char[] s ? s.length : ((int[]) a).length;
  }

  private static int at(Object a, int i) {
    if (a instanceof byte[] b) {
      return b[i] & 0xFF;
    }
    return a instanceof char[] s ? s[i] : ((int[]) a)[i];
  }

  /**
   * Code {@code i}.
   *
   * @throws ArrayIndexOutOfBoundsException unless 0 &le; {@code i} &lt; {@link #length}
   */
  public int get(Context c, int i) {
    return at(codes(c), i);
  }

  /** Sets code {@code i}, in place where the array is wide enough. */
  public void set(Context c, int i, int code) {
    Contents v = write(c);
    Object a = v == null ? codes : v.codes;
    if (a instanceof byte[] b && code < 256) {
      b[i] = (byte) code;
    } else if (a instanceof char[] s && code < 0x10000) {
      s[i] = (char) code;
    } else if (a instanceof int[] w) {
      w[i] = code;
    } else {
      int[] wide = codeArray(c);
      wide[i] = code;
      setCodes(c, code < 0x10000 ? narrow(wide) : wide);
    }
  }

  private void setCodes(Context c, Object a) {
    Contents v = write(c);
    if (v == null) {
      codes = a;
    } else {
      v.codes = a;
    }
  }

  /** Replaces all codes, the length included, and says whether they are characters. */
  public void setAll(Context c, int[] newCodes, boolean nowMultibyte) {
    if (newCodes.length == 0 && length(c) == 0) {
      return;
    }
    setCodes(c, narrow(newCodes));
    Contents v = write(c);
    if (v == null) {
      multibyte = nowMultibyte;
    } else {
      v.multibyte = nowMultibyte;
    }
  }

  /** The text properties; null when there are none. */
  public Object properties(Context c) {
    Contents v = read(c);
    return v == null ? properties : v.properties;
  }

  /** Sets the text properties, an immutable object. */
  public void setProperties(Context c, Object x) {
    if (length(c) == 0) {
      return;
    }
    Contents v = write(c);
    if (v == null) {
      properties = x;
    } else {
      v.properties = x;
    }
  }

  /** A copy of the codes. */
  public int[] codeArray(Context c) {
    Object a = codes(c);
    int[] out = new int[lengthOf(a)];
    copyCodes(a, 0, out.length, out, 0);
    return out;
  }

  /** Copies codes {@code from} to {@code to} (exclusive) to {@code dst} at {@code at}. */
  public void getCodes(Context c, int from, int to, int[] dst, int at) {
    copyCodes(codes(c), from, to, dst, at);
  }

  private static void copyCodes(Object a, int from, int to, int[] dst, int at) {
    if (a instanceof int[] w) {
      System.arraycopy(w, from, dst, at, to - from);
      return;
    }
    for (int i = from; i < to; i++) {
      dst[at + i - from] = at(a, i);
    }
  }

  /** A new string of codes {@code from} to {@code to} (exclusive), without properties. */
  public LispString substring(Context c, int from, int to) {
    Object a = codes(c);
    Object part;
    if (a instanceof byte[] b) {
      part = Arrays.copyOfRange(b, from, to);
    } else {
      int[] w = new int[to - from];
      copyCodes(a, from, to, w, 0);
      part = narrow(w);
    }
    return make(c, part, isMultibyte(c));
  }

  /** As characters: in a unibyte string bytes from 128 on become raw-byte characters. */
  public int[] characters(Context c) {
    int[] a = codeArray(c);
    if (!isMultibyte(c)) {
      for (int i = 0; i < a.length; i++) {
        if (a[i] >= 128) {
          a[i] += RAW_BYTE;
        }
      }
    }
    return a;
  }

  /**
   * Java's string of it. Raw bytes become lone surrogates U+DC80 to U+DCFF, characters beyond
   * Unicode U+FFFD.
   */
  public String toJava(Context c) {
    Object a = codes(c);
    boolean wide = isMultibyte(c);
    if (a instanceof byte[] b && (wide || isAscii(b))) {
      return new String(b, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
    int n = lengthOf(a);
    StringBuilder s = new StringBuilder(n);
    for (int i = 0; i < n; i++) {
      int code = at(a, i);
      if (!wide && code > 127) {
        s.append((char) (0xDC00 + code));
      } else if (code > RAW_BYTE) {
        s.append((char) (0xDC00 + (code & 0xFF)));
      } else {
        s.appendCodePoint(code <= MAX_UNICODE ? code : 0xFFFD);
      }
    }
    return s.toString();
  }

  private static boolean isAscii(byte[] b) {
    for (byte x : b) {
      if (x < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether both have the same codes, as {@code equal} compares: a unibyte and a multibyte string
   * are equal only when both are all ASCII.
   */
  public boolean sameText(Context c, LispString other) {
    Object a = codes(c);
    Object b = other.codes(c);
    return sameCodes(a, b) && (isMultibyte(c) == other.isMultibyte(c) || isAllAscii(a));
  }

  private static boolean isAllAscii(Object a) {
    if (a instanceof byte[] b) {
      return isAscii(b);
    }
    int n = lengthOf(a);
    for (int i = 0; i < n; i++) {
      if (at(a, i) > 127) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameCodes(Object a, Object b) {
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.equals(x, y);
    }
    if (a instanceof char[] x && b instanceof char[] y) {
      return Arrays.equals(x, y);
    }
    int n = lengthOf(a);
    if (n != lengthOf(b)) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      if (at(a, i) != at(b, i)) {
        return false;
      }
    }
    return true;
  }

  /** A hash of the codes, the same for strings of the {@link #sameText}. */
  public int textHash(Context c) {
    Object a = codes(c);
    if (a instanceof byte[] b) {
      int h = 0;
      for (byte x : b) {
        h = 31 * h + (x & 0xFF);
      }
      return h;
    }
    int n = lengthOf(a);
    int h = 0;
    for (int i = 0; i < n; i++) {
      h = 31 * h + at(a, i);
    }
    return h;
  }

  private static Object cloneOf(Object a) {
    if (a instanceof byte[] b) {
      return b.clone();
    }
    return a instanceof char[] s ? s.clone() : ((int[]) a).clone();
  }

  private static final class Contents extends Version {
    Object codes;
    boolean multibyte;
    Object properties;

    Contents(LispString s, Contents from, Epoch epoch, Epoch base) {
      super(s, from, epoch, base);
      codes = cloneOf(from == null ? s.codes : from.codes);
      multibyte = from == null ? s.multibyte : from.multibyte;
      properties = from == null ? s.properties : from.properties;
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version version) {
    Contents v = (Contents) version;
    codes = v.codes;
    multibyte = v.multibyte;
    properties = v.properties;
  }

  @Override
  protected void clearInline() {
    codes = NO_BYTES;
    properties = null;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Contents v = (Contents) versionToWalk(view);
    if ((v == null ? properties : v.properties) instanceof TextProperties p) {
      p.forEachValue(x -> visitor.visit(x, 0));
    }
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return "text properties";
  }

  @Override
  public LispString copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    return v == null
        ? new LispString(label, cloneOf(codes), multibyte, properties)
        : new LispString(label, cloneOf(v.codes), v.multibyte, v.properties);
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    if ((v == null ? properties : v.properties) instanceof TextProperties p) {
      if (v == null) {
        properties = p.map(replacement);
      } else {
        v.properties = p.map(replacement);
      }
    }
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return lengthOf(codes) == 0 ? 0 : lengthOf(codes) * 31 + at(codes, 0);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other instanceof LispString s
        && s.multibyte == multibyte
        && sameCodes(codes, s.codes)
        && properties == s.properties;
  }
}
