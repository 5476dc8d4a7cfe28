package org.elver.lisp.search;

import org.elver.heap.object.Text;
import org.elver.heap.version.Context;
import org.elver.lisp.regex.BlockSubject;
import org.elver.lisp.text.Buffer;

/** The accessible text of a buffer, at its positions. */
public final class BufferSubject extends BlockSubject {
  private final Context c;
  private final Text text;

  /** The text that is accessible now. */
  public BufferSubject(Context c, Buffer b) {
    this(c, b, b.begv(c), b.zv(c));
  }

  /** The text between two positions. */
  public BufferSubject(Context c, Buffer b, int from, int to) {
    super(from, to, !b.isMultibyte(c));
    this.c = c;
    text = b.codes(c);
  }

  @Override
  protected void copy(int from, int to, int[] target) {
    text.getCodes(c, from - 1, to - 1, target, 0);
  }
}
