package org.elver.lisp.text;

import java.lang.ref.WeakReference;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.number.Position;
import org.elver.lisp.object.Comparand;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;

/**
 * A marker: a buffer, and the number under which the buffer's text keeps the position; or nowhere.
 */
public final class Marker extends Slots implements Position, Typed, Comparand {
  private static final int BUFFER = 0;
  private static final int NUMBER = 1;

  /** The insertion type while it points nowhere: nil or t. */
  private static final int TYPE = 2;

  /** What texts refer to this marker by. */
  final WeakReference<Marker> reference = new WeakReference<>(this);

  /** A marker that points nowhere. */
  public Marker(Context c) {
    super(c, Symbol.NIL, Symbol.NIL, Symbol.NIL);
  }

  /** A marker at a position of a buffer. */
  public Marker(Context c, Buffer b, int pos, boolean advances) {
    this(c);
    set(c, TYPE, Buffer.bool(advances));
    set(c, b, pos);
  }

  private Marker(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Marker(label, contents);
  }

  /** The live buffer it points into; null when it points nowhere. */
  public Buffer buffer(Context c) {
    return get(c, BUFFER) instanceof Buffer b && b.isLive(c) ? b : null;
  }

  private Buffer place(Context c) {
    return get(c, BUFFER) instanceof Buffer b ? b : null;
  }

  int number(Context c) {
    return (int) (long) get(c, NUMBER);
  }

  /** The position; 0 when it points nowhere. */
  public int charpos(Context c) {
    Buffer b = buffer(c);
    return b == null ? 0 : b.text(c).markerPosition(c, number(c));
  }

  /** The position; signals when it points nowhere. */
  public int requirePosition(Context c) {
    int p = charpos(c);
    if (p == 0) {
      throw LispSignal.error("Marker does not point anywhere");
    }
    return p;
  }

  /** Whether it advances when text is inserted at it. */
  public boolean advances(Context c) {
    Buffer b = buffer(c);
    return b == null ? get(c, TYPE) != Symbol.NIL : b.text(c).markerAdvances(c, number(c));
  }

  /** Sets whether it advances when text is inserted at it. */
  public void setAdvances(Context c, boolean x) {
    set(c, TYPE, Buffer.bool(x));
    Buffer b = buffer(c);
    if (b != null) {
      b.text(c).setMarker(c, number(c), charpos(c), x);
    }
  }

  /** Makes it point at a position of a live buffer, which must exist. */
  public void set(Context c, Buffer b, int pos) {
    Buffer old = place(c);
    if (old == b && b.isLive(c)) {
      BufferText text = b.text(c);
      int i = number(c);
      text.setMarker(c, i, pos, text.markerAdvances(c, i));
      return;
    }
    boolean advances = advances(c);
    detach(c);
    set(c, BUFFER, b);
    set(c, NUMBER, (long) b.text(c).addMarker(c, this, pos, advances));
  }

  /** Makes it point nowhere. */
  public void detach(Context c) {
    Buffer b = place(c);
    if (b != null) {
      if (b.isLive(c)) {
        boolean advances = b.text(c).markerAdvances(c, number(c));
        b.text(c).removeMarker(c, number(c));
        set(c, TYPE, Buffer.bool(advances));
      }
      set(c, BUFFER, Symbol.NIL);
      set(c, NUMBER, Symbol.NIL);
    }
  }

  /** Follows its text into another buffer: when two buffers swap texts. */
  void moveTo(Context c, Buffer b) {
    set(c, BUFFER, b);
  }

  @Override
  public long position(Context c) {
    return requirePosition(c);
  }

  @Override
  public Symbol lispType() {
    return Q.MARKER;
  }

  @Override
  public boolean isEqual(Context c, Object other, Comparison parts) {
    Marker m = (Marker) other;
    return buffer(c) == m.buffer(c) && charpos(c) == m.charpos(c);
  }

  @Override
  public int equalHash(Context c) {
    return charpos(c);
  }
}
