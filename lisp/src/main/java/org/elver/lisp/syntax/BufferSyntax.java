package org.elver.lisp.syntax;

import org.elver.heap.object.Text;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.text.Buffer;

/**
 * The accessible text of the current buffer with its syntax. Positions are the buffer's. Used for
 * one operation, during which the text must not change.
 */
public class BufferSyntax extends SyntaxView {
  private static final int FIRST_BLOCK = 32;
  private static final int LAST_BLOCK = 4096;

  /** The first accessible position. */
  public final int begv;

  /** The position behind the accessible text. */
  public final int zv;

  private final Text text;
  private final int highByte;
  private int[] block = {};
  private int start;
  private int end;
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
    if (pos < start || pos >= end) {
      load(pos);
    }
    int code = block[pos - start];
    return code >= 128 && code < 256 ? code + highByte : code;
  }

  private void load(int pos) {
    t.safepoint();
    int size = Math.clamp(block.length * 2L, FIRST_BLOCK, LAST_BLOCK);
    if (size != block.length) {
      block = new int[size];
    }
    int from = pos < start ? pos - size + size / 8 : pos - size / 8;
    start = Math.max(begv, from);
    end = (int) Math.min(zv, (long) start + size);
    text.getCodes(t.c, start - 1, end - 1, block, 0);
  }

  /** To be called in loops that may look at few characters many times. */
  protected final void poll() {
    if ((++polls & 0x3FF) == 0) {
      t.safepoint();
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
