package org.elver.lisp.load;

import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.read.Reader;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;

/** The forms of a buffer's text. */
public final class BufferForms implements Forms {
  private final Buffer buffer;
  private final Marker end;
  private final Marker at;
  private final Object readFunction;

  /** The forms of a buffer from {@code at} to {@code end}, which may be null: to its end. */
  public BufferForms(Buffer buffer, Marker at, Marker end, Object readFunction) {
    this.buffer = buffer;
    this.at = at;
    this.end = end;
    this.readFunction = readFunction;
  }

  @Override
  public Object next(Task t) {
    if (!buffer.isLive(t.c)) {
      throw LispSignal.error("Reading from killed buffer");
    }
    int limit = end == null ? buffer.zv(t.c) : Math.min(end.charpos(t.c), buffer.zv(t.c));
    BufferInput in = new BufferInput(t, buffer, at.charpos(t.c), limit);
    boolean more = Reader.skipToObject(in);
    at.set(t.c, buffer, in.position());
    if (!more) {
      return END;
    }
    Object function = readFunction;
    if (function == Symbol.NIL) {
      function = Variables.orNil(t, FileForms.LOAD_READ_FUNCTION);
    }
    int mark = t.bindingMark();
    try {
      if (Buffer.current(t) != buffer) {
        t.onUnbind(new org.elver.lisp.text.Excursions().saveCurrentBuffer(t));
        buffer.select(t);
      }
      if (function == Symbol.NIL || function == FileForms.READ) {
        try {
          Object v = new Reader(t, in).read();
          return v;
        } finally {
          at.set(t.c, buffer, in.position());
          buffer.setPoint(t.c, in.position());
        }
      }
      buffer.setPoint(t.c, in.position());
      Object v = t.call(function, buffer);
      at.set(t.c, buffer, buffer.point(t.c));
      return v;
    } finally {
      t.unbindTo(mark);
    }
  }

  @Override
  public Forms copy() {
    return this; // Its state is in markers, which belong to the heap.
  }
}
