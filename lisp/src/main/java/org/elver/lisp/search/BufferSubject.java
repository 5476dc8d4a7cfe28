package org.elver.lisp.search;

import org.elver.heap.object.Text;
import org.elver.heap.version.Context;
import org.elver.lisp.regex.Subject;
import org.elver.lisp.text.Buffer;

/** The accessible text of a buffer, at its positions: it is read where it lies. */
public final class BufferSubject extends Subject implements Text.Window {
  private final Context c;
  private final Text text;

  /** The text that is accessible now. */
  public BufferSubject(Context c, Buffer b) {
    super(b.begv(c), b.zv(c), !b.isMultibyte(c));
    this.c = c;
    text = b.codes(c);
  }

  @Override
  protected void load(int position) {
    text.show(c, position - 1, this);
  }

  @Override
  public void show(Object codes, int from, int count) {
    showAny(codes, from + 1, count);
  }
}
