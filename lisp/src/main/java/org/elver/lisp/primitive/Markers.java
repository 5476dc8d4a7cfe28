package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;

/** Markers. */
final class Markers {
  private Markers() {}

  private static Marker marker(Object x) {
    if (x instanceof Marker m) {
      return m;
    }
    throw LispSignal.wrongType(Q.MARKERP, x);
  }

  @Primitive(value = "make-marker", doc = "Return a new marker that points nowhere.")
  static Object makeMarker(Task t) {
    return new Marker(t.c);
  }

  @Primitive(value = "marker-buffer", doc = "Return the buffer MARKER points into, or nil.")
  static Object markerBuffer(Task t, Object marker) {
    Buffer b = marker(marker).buffer(t.c);
    return b == null ? Symbol.NIL : b;
  }

  @Primitive(value = "marker-position", doc = "Return the position MARKER points at, or nil.")
  static Object markerPosition(Task t, Object marker) {
    int p = marker(marker).charpos(t.c);
    return p == 0 ? Symbol.NIL : (Object) (long) p;
  }

  @Primitive(
      value = "set-marker",
      min = 2,
      doc =
          "Make MARKER point at POSITION, a number or marker, of BUFFER; return MARKER.\n"
              + "POSITION nil: nowhere.  BUFFER nil: the current one.")
  static Object setMarker(Task t, Object marker, Object position, Object buffer) {
    Marker m = marker(marker);
    if (position == Symbol.NIL || (position instanceof Marker p && p.buffer(t.c) == null)) {
      m.detach(t.c);
      return m;
    }
    Buffer b = Buffer.orCurrent(t, buffer);
    if (!b.isLive(t.c)) {
      m.detach(t.c);
      return m;
    }
    long p = Buffer.position(t, position);
    m.set(t.c, b, (int) Math.clamp(p, 1L, (long) b.z(t.c)));
    return m;
  }

  @Primitive(
      value = "copy-marker",
      min = 0,
      doc =
          "Return a new marker at MARKER, which may be a number.\n"
              + "TYPE is its insertion type, see `marker-insertion-type'.")
  static Object copyMarker(Task t, Object marker, Object type) {
    if (marker != Symbol.NIL && !(marker instanceof Marker) && !Lisp.isInteger(marker)) {
      throw LispSignal.wrongType(Q.INTEGER_OR_MARKER_P, marker);
    }
    Marker m = new Marker(t.c);
    m.setAdvances(t.c, type != Symbol.NIL);
    Buffer b = marker instanceof Marker o ? o.buffer(t.c) : null;
    setMarker(t, m, marker, b == null ? Symbol.NIL : b);
    return m;
  }

  @Primitive(
      value = "marker-insertion-type",
      doc = "Return t if MARKER stays behind text that is inserted at it.")
  static boolean markerInsertionType(Task t, Object marker) {
    return marker(marker).advances(t.c);
  }

  @Primitive(
      value = "set-marker-insertion-type",
      doc = "Set whether MARKER stays behind text that is inserted at it, to TYPE.")
  static Object setMarkerInsertionType(Task t, Object marker, Object type) {
    marker(marker).setAdvances(t.c, type != Symbol.NIL);
    return type;
  }

  @Primitive(
      value = "buffer-has-markers-at",
      doc = "Return t if there are markers at POSITION in the current buffer.")
  static boolean bufferHasMarkersAt(Task t, Object position) {
    Buffer b = Buffer.current(t);
    int p = Math.clamp(Buffer.position(t, position), b.begv(t.c), b.zv(t.c));
    return b.hasMarkerAt(t.c, p);
  }

  @Primitive(value = "mark-marker", doc = "Return the current buffer's mark, as a marker.")
  static Object markMarker(Task t) {
    return Buffer.current(t).mark(t.c);
  }

  @Primitive(value = "point-marker", doc = "Return a new marker at point.")
  static Object pointMarker(Task t) {
    Buffer b = Buffer.current(t);
    return new Marker(t.c, b, b.point(t.c), false);
  }

  @Primitive(
      value = "point-min-marker",
      doc = "Return a new marker at the first accessible position.")
  static Object pointMinMarker(Task t) {
    Buffer b = Buffer.current(t);
    return new Marker(t.c, b, b.begv(t.c), false);
  }

  @Primitive(
      value = "point-max-marker",
      doc = "Return a new marker at the last accessible position.")
  static Object pointMaxMarker(Task t) {
    Buffer b = Buffer.current(t);
    return new Marker(t.c, b, b.zv(t.c), false);
  }

  @Primitive(value = "region-beginning", doc = "Return the smaller of point and mark.")
  static long regionBeginning(Task t) {
    Buffer b = Buffer.current(t);
    return Math.min(b.point(t.c), mark(t, b));
  }

  @Primitive(value = "region-end", doc = "Return the greater of point and mark.")
  static long regionEnd(Task t) {
    Buffer b = Buffer.current(t);
    return Math.max(b.point(t.c), mark(t, b));
  }

  private static int mark(Task t, Buffer b) {
    Symbol transientMark = Symbol.known("transient-mark-mode");
    if (Lisp.isTrue(org.elver.lisp.machine.Variables.orNil(t, transientMark))
        && org.elver.lisp.machine.Variables.orNil(t, Symbol.known("mark-even-if-inactive"))
            == Symbol.NIL
        && org.elver.lisp.text.BufferVariable.MARK_ACTIVE.in(t, b) == Symbol.NIL) {
      throw new LispSignal(Q.MARK_INACTIVE);
    }
    int p = b.mark(t.c).charpos(t.c);
    if (p == 0) {
      throw LispSignal.error("The mark is not set now, so there is no region");
    }
    return Math.clamp(p, b.begv(t.c), b.zv(t.c));
  }
}
