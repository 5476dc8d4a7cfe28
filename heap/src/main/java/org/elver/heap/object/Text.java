package org.elver.heap.object;

import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/**
 * A mutable sequence of codes: what strings, and the text of editor buffers, are made of.
 *
 * <p>A code is an int from 0 to {@link #MAX_CODE}. The first 0x110000 are Unicode's code points,
 * surrogates included; what those beyond mean is up to the user.
 *
 * <p>A text of some 1000 codes is one array, as narrow as its codes allow. A longer one is a
 * balanced tree of such arrays. Versions share what they have in common. In the costs below
 * <i>n</i> is the length of the text; O(log n) includes moving up to some 1000 codes within an
 * array.
 *
 * <ul>
 *   <li>Reading, writing, inserting or deleting a code: O(log n).
 *   <li>Inserting k codes, of whatever source: O(k + log n). The codes are copied.
 *   <li>Deleting any number of codes: O(log n).
 *   <li>The first writes after a fork: O(log n) more for each place that is written.
 * </ul>
 *
 * Ranges are given as a first position and the position behind the last. A position outside the
 * text is an {@link IndexOutOfBoundsException}, a code that is none an {@link
 * IllegalArgumentException}, and so is an insertion that would make a text longer than {@code
 * Integer.MAX_VALUE}; nothing has been changed then. A change of a frozen text is a {@link
 * org.elver.heap.version.FrozenObjectException}, unless it neither deletes nor inserts anything.
 */
public final class Text extends HeapObject {
  /** The greatest code. */
  public static final int MAX_CODE = 0x3FFFFF;

  private TextPart root;

  /**
   * How often the contents were changed, so that a cursor can tell. Goes back to an earlier number
   * only together with {@link #root}, in a rollback.
   */
  private int changes;

  /** A new text of {@code creator}, without codes. */
  public Text(Context creator) {
    super(creator);
    root = TextChunk.EMPTY;
  }

  /** A new text of {@code creator} with the code points of {@code codes}. */
  public Text(Context creator, CharSequence codes) {
    this(creator, Rope.of(creator, codes.toString()));
  }

  /**
   * A new text of {@code creator} with a copy of {@code codes}.
   *
   * @throws IllegalArgumentException when one of them is not a code
   */
  public Text(Context creator, int[] codes) {
    this(creator, made(creator, codes, 0, codes.length));
  }

  private Text(Context creator, TextPart fresh) {
    super(creator);
    root = orEmpty(fresh);
  }

  private Text(Label label, TextPart root) {
    super(label);
    this.root = root;
  }

  // Single codes.

  /** The number of codes. */
  public int length(Context c) {
    return read(c).length;
  }

  /** The code at position {@code at}. */
  public int codeAt(Context c, int at) {
    TextPart p = read(c);
    Objects.checkIndex(at, p.length);
    return p instanceof TextChunk chunk ? chunk.at(at) : Rope.codeAt(p, at);
  }

  /** Replaces the code at position {@code at}. */
  public void set(Context c, int at, int code) {
    requireCode(code);
    Objects.checkIndex(at, read(c).length);
    Contents v = write(c);
    store(v, Rope.set(c, written(v), at, code));
  }

  /** Inserts a code before position {@code at}, which may be the end. */
  public void insert(Context c, int at, int code) {
    requireCode(code);
    int length = read(c).length;
    requirePosition(at, length);
    requireRoom(length, 1);
    Contents v = write(c);
    store(v, Rope.insert(c, written(v), at, code));
  }

  /** Adds a code at the end. */
  public void append(Context c, int code) {
    insert(c, read(c).length, code);
  }

  // Many codes.

  /** Inserts a range of {@code codes} before position {@code at}, which may be the end. */
  public void insert(Context c, int at, int[] codes, int from, int to) {
    replace(c, at, at, codes, from, to);
  }

  /** Inserts the code points of {@code codes} before position {@code at}, which may be the end. */
  public void insert(Context c, int at, CharSequence codes) {
    replace(c, at, at, codes);
  }

  /**
   * Inserts a range of {@code source}, which may be this text, before position {@code at}, which
   * may be the end.
   */
  public void insert(Context c, int at, Text source, int from, int to) {
    replace(c, at, at, source, from, to);
  }

  /** Adds a range of {@code codes} at the end. */
  public void append(Context c, int[] codes, int from, int to) {
    insert(c, read(c).length, codes, from, to);
  }

  /** Adds the code points of {@code codes} at the end. */
  public void append(Context c, CharSequence codes) {
    insert(c, read(c).length, codes);
  }

  /** Adds a range of {@code source}, which may be this text, at the end. */
  public void append(Context c, Text source, int from, int to) {
    insert(c, read(c).length, source, from, to);
  }

  /** Deletes a range. */
  public void delete(Context c, int from, int to) {
    Objects.checkFromToIndex(from, to, read(c).length);
    change(c, from, to, null);
  }

  /** Puts a range of {@code codes} in the place of a range of this text. */
  public void replace(Context c, int from, int to, int[] codes, int codesFrom, int codesTo) {
    Objects.checkFromToIndex(from, to, read(c).length);
    change(c, from, to, made(c, codes, codesFrom, codesTo));
  }

  /** Puts the code points of {@code codes} in the place of a range of this text. */
  public void replace(Context c, int from, int to, CharSequence codes) {
    Objects.checkFromToIndex(from, to, read(c).length);
    change(c, from, to, Rope.of(c, codes.toString()));
  }

  /**
   * Puts a range of {@code source}, which may be this text, in the place of a range of this text.
   */
  public void replace(Context c, int from, int to, Text source, int sourceFrom, int sourceTo) {
    Objects.checkFromToIndex(from, to, read(c).length);
    TextPart p = source.read(c);
    Objects.checkFromToIndex(sourceFrom, sourceTo, p.length);
    change(c, from, to, Rope.copy(c, p, sourceFrom, sourceTo));
  }

  /** Puts {@code fresh}, a tree of the context's own or null, in the place of a range. */
  private void change(Context c, int from, int to, TextPart fresh) {
    if (from == to && fresh == null) {
      return;
    }
    if (fresh != null) {
      requireRoom(read(c).length - (to - from), fresh.length);
    }
    Contents v = write(c);
    TextPart rest = Rope.delete(c, written(v), from, to);
    if (fresh == null) {
      store(v, orEmpty(rest));
    } else {
      store(v, rest == null || rest.length == 0 ? fresh : Rope.insert(c, rest, from, fresh));
    }
  }

  /** A new text of {@code c} with a copy of a range of this one. O(its length + log n). */
  public Text substring(Context c, int from, int to) {
    TextPart p = read(c);
    Objects.checkFromToIndex(from, to, p.length);
    return new Text(c, Rope.copy(c, p, from, to));
  }

  /**
   * Copies a range into {@code dst}, from index {@code at} on. O(its length + log n).
   *
   * @throws IndexOutOfBoundsException also when the range does not fit into {@code dst} there
   */
  public void getCodes(Context c, int from, int to, int[] dst, int at) {
    TextPart p = read(c);
    Objects.checkFromToIndex(from, to, p.length);
    Objects.checkFromIndexSize(at, to - from, dst.length);
    Rope.getCodes(p, from, to, dst, at);
  }

  /** Is shown the array that some codes of a text lie in. */
  @FunctionalInterface
  public interface Window {
    /**
     * The codes from position {@code from} on are the first {@code count} elements of {@code
     * codes}, a {@code byte[]} (unsigned), {@code char[]} or {@code int[]}: to be read only.
     */
    void show(Object codes, int from, int count);
  }

  /**
   * Shows the array in which the code at {@code at} lies with some 1000 others, for those who read
   * many codes without copying them. O(log n). What is shown holds as long as a cursor does, and
   * nothing tells when it no longer does.
   */
  public void show(Context c, int at, Window window) {
    TextPart p = read(c);
    Objects.checkIndex(at, p.length);
    int i = at;
    while (p instanceof TextNode n) {
      int middle = n.left.length;
      if (i < middle) {
        p = n.left;
      } else {
        i -= middle;
        p = n.right;
      }
    }
    window.show(((TextChunk) p).codes(), at - i, p.length);
  }

  /**
   * A cursor before position {@code at}, which may be the end: for reading many codes one after
   * another. See there how long it is valid.
   */
  public TextCursor cursor(Context c, int at) {
    TextPart p = read(c);
    requirePosition(at, p.length);
    return new TextCursor(this, c, p, changesSeen(c), at);
  }

  /** The first position of {@code code} in a range, or -1. O(length of the range + log n). */
  public int indexOf(Context c, int code, int from, int to) {
    requireCode(code);
    TextPart p = read(c);
    Objects.checkFromToIndex(from, to, p.length);
    return Rope.indexOf(p, code, from, to);
  }

  /** Whether a range has the same codes as a range of {@code other}. O(length + log n). */
  public boolean sameCodes(Context c, int from, int to, Text other, int otherFrom, int otherTo) {
    TextPart p = read(c);
    TextPart q = other.read(c);
    Objects.checkFromToIndex(from, to, p.length);
    Objects.checkFromToIndex(otherFrom, otherTo, q.length);
    int n = to - from;
    return n == otherTo - otherFrom && Rope.common(p, from, q, otherFrom, n) == n;
  }

  /**
   * Orders a range and a range of {@code other} by their first different codes, a beginning of the
   * other before the other: negative, zero or positive. O(length + log n).
   */
  public int compare(Context c, int from, int to, Text other, int otherFrom, int otherTo) {
    TextPart p = read(c);
    TextPart q = other.read(c);
    Objects.checkFromToIndex(from, to, p.length);
    Objects.checkFromToIndex(otherFrom, otherTo, q.length);
    int n = Math.min(to - from, otherTo - otherFrom);
    int same = Rope.common(p, from, q, otherFrom, n);
    return same < n
        ? Integer.compare(Rope.codeAt(p, from + same), Rope.codeAt(q, otherFrom + same))
        : Integer.compare(to - from, otherTo - otherFrom);
  }

  /** A hash of the codes; {@code String.hashCode} when all are below 0x10000. O(n). */
  public int hash(Context c) {
    return Rope.hash(read(c), 0);
  }

  /**
   * The codes as a string. A code beyond Unicode becomes a question mark, and two surrogates that
   * happen to be neighbours look like the pair.
   *
   * @throws OutOfMemoryError when they are more than a string holds
   */
  public String toString(Context c) {
    TextPart p = read(c);
    return toString(c, 0, p.length);
  }

  /** As {@link #toString(Context)}, of a range. */
  public String toString(Context c, int from, int to) {
    TextPart p = read(c);
    Objects.checkFromToIndex(from, to, p.length);
    StringBuilder result = new StringBuilder(to - from);
    Rope.appendTo(result, p, from, to);
    return result.toString();
  }

  // Contents.

  /** The tree that {@code c} sees, for reading. */
  TextPart read(Context c) {
    if (readsInline(c)) {
      return root;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? root : v.root;
  }

  private int changesSeen(Context c) {
    if (readsInline(c)) {
      return changes;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? changes : v.changes;
  }

  /**
   * Whether {@code c} still sees the contents that it saw as {@code seen}. Both numbers are needed:
   * a root is changed in place, and a rollback brings an old number of changes back.
   */
  boolean isUnchanged(Context c, TextPart seen, int changesThen) {
    return read(c) == seen && changesSeen(c) == changesThen;
  }

  private Contents write(Context c) {
    return writesInline(c) ? null : (Contents) versionToWrite(c);
  }

  private TextPart written(Contents v) {
    return v == null ? root : v.root;
  }

  private void store(Contents v, TextPart changed) {
    if (v == null) {
      root = changed;
      changes++;
    } else {
      v.root = changed;
      v.changes++;
    }
  }

  private static TextPart made(Context c, int[] codes, int from, int to) {
    Objects.checkFromToIndex(from, to, codes.length);
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits |= codes[i];
    }
    if ((bits & ~MAX_CODE) != 0) {
      for (int i = from; i < to; i++) {
        requireCode(codes[i]);
      }
    }
    return Rope.of(c, codes, from, to);
  }

  private static TextPart orEmpty(TextPart p) {
    return p == null ? TextChunk.EMPTY : p;
  }

  private static void requireCode(int code) {
    if ((code & ~MAX_CODE) != 0) {
      throw new IllegalArgumentException(
          "%d is not a code; codes are from 0 to %d".formatted(code, MAX_CODE));
    }
  }

  static void requirePosition(int at, int length) {
    if (at < 0 || at > length) {
      throw new IndexOutOfBoundsException(
          "position %d is not in a text of length %d".formatted(at, length));
    }
  }

  private static void requireRoom(int length, int more) {
    if (length > Integer.MAX_VALUE - more) {
      throw new IllegalArgumentException(
          "%d more codes would make a text of length %d too long".formatted(more, length));
    }
  }

  /**
   * A version is a root. The versions of a text share parts; see {@link TextPart} for who may
   * change which.
   */
  private static final class Contents extends Version {
    TextPart root;
    int changes;

    Contents(Text text, Contents from, Epoch epoch, Epoch base) {
      super(text, from, epoch, base);
      root = from == null ? text.root : from.root;
      changes = from == null ? text.changes : from.changes;
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version v) {
    Contents c = (Contents) v;
    root = c.root;
    changes = c.changes;
  }

  @Override
  protected void clearInline() {
    root = null;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {}

  @Override
  public String referenceName(Context view, int ordinal) {
    throw new IndexOutOfBoundsException("a text has no references");
  }

  /**
   * A full copy. The parts of this text say which of <i>its</i> versions share them; the owner of
   * their epoch would change them in place without a thought for another object, whose label may
   * have nothing to do with that epoch, and who may be read by others at that moment.
   */
  @Override
  public Text copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    return new Text(label, Rope.copy(written(v), label.epoch()));
  }

  @Override
  public void relink(Context owner, UnaryOperator<Object> replacement) {}

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return Rope.hash(root, 0);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other instanceof Text t
        && t.root.length == root.length
        && Rope.common(root, 0, t.root, 0, root.length) == root.length;
  }
}
