package org.elver.lisp.syntax;

import org.elver.heap.object.Text;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.text.Buffer;

/**
 * The accessible text of the current buffer with its syntax. Positions are the buffer's. Used for
 * one operation, during which the text must not change.
 */
public class BufferSyntax extends SyntaxView implements Text.Window {
  /** The first accessible position. */
  public final int begv;

  /** The position behind the accessible text. */
  public final int zv;

  private final Text text;
  private final int highByte;

  // The window: of these exactly one is not null.
  private byte[] bytes;
  private char[] chars;
  private int[] ints;
  private int start;
  private int length;
  private int polls;

  /** The current buffer as it is now. */
  public BufferSyntax(Task t) {
    this(t, Buffer.current(t));
  }

  private BufferSyntax(Task t, Buffer b) {
    super(t, b);
    begv = b.begv(t.c);
    zv = b.zv(t.c);
    text = b.codes(t.c);
    highByte = b.isMultibyte(t.c) ? 0 : LispString.RAW_BYTE;
  }

  /** The character after a position, which must be accessible. */
  public final int at(int pos) {
    int i = pos - start;
    if (Integer.compareUnsigned(i, length) >= 0) {
      t.safepoint();
      text.show(t.c, pos - 1, this);
      i = pos - start;
    }
    byte[] b = bytes;
    int code = b != null ? b[i] & 0xFF : chars != null ? chars[i] : ints[i];
    return code >= 128 && code < 256 ? code + highByte : code;
  }

  @Override
  public final void show(Object codes, int from, int count) {
    bytes = codes instanceof byte[] b ? b : null;
    chars = codes instanceof char[] s ? s : null;
    ints = codes instanceof int[] w ? w : null;
    start = from + 1;
    length = count;
  }

  @Override
  protected final void lispRan() {
    length = 0;
  }

  /** To be called in loops that may look at few characters many times. */
  protected final void poll() {
    if ((++polls & 0x3FF) == 0) {
      t.safepoint();
      length = 0;
    }
  }

  /** Class and flags of the character after a position. */
  public final int codeAt(int pos) {
    return code(at(pos), pos);
  }

  /** The class of the character after a position. */
  public final int classAt(int pos) {
    return code(at(pos), pos) & 0xFFFF;
  }

  /** Whether the character after a position is quoted by those before it. */
  public final boolean isQuoted(int pos) {
    boolean quoted = false;
    for (int p = pos - 1; p >= begv; p--) {
      int kind = classAt(p);
      if (kind != SyntaxTables.ESCAPE && kind != SyntaxTables.CHAR_QUOTE) {
        break;
      }
      quoted = !quoted;
    }
    return quoted;
  }
}
