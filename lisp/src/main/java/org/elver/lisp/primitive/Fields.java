package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Overlay;

/** Fields: stretches of text that have the same {@code field} property. */
final class Fields {
  private static final Symbol FIELD = Symbol.known("field");
  private static final Symbol BOUNDARY = Symbol.known("boundary");
  private static final Symbol INHIBIT_MOTION = Symbol.known("inhibit-field-text-motion");

  private Fields() {}

  /** Whether nothing in the buffer can have a field: then fields need no thought. */
  private static boolean none(Task t, Buffer b) {
    return b.intervals(t.c) == null && Overlay.all(t.c, b).isEmpty();
  }

  private static int[] find(Task t, Object pos, boolean merge, Object begLimit, Object endLimit) {
    Buffer b = Buffer.current(t);
    long p = pos == Symbol.NIL ? b.point(t.c) : Buffer.position(t, pos);
    if (p < b.begv(t.c) || p > b.zv(t.c)) {
      throw org.elver.lisp.object.LispSignal.outOfRange(p, p);
    }
    Object after = Textpos.getCharProperty(t, p, FIELD, Symbol.NIL);
    Object before =
        p > b.begv(t.c) ? Textpos.getCharProperty(t, p - 1, FIELD, Symbol.NIL) : Symbol.NIL;
    boolean atStart = false;
    boolean atEnd = false;
    if (!merge) {
      // What an inserted character would be says which of the two fields the place belongs to.
      Object here = Textpos.getPosProperty(t, p, FIELD, Symbol.NIL);
      atEnd = !Lisp.eq(here, after);
      atStart = !Lisp.eq(here, before);
      if (here == Symbol.NIL && atStart && atEnd) {
        atStart = false;
        atEnd = false;
      }
    }
    long beg = p;
    if (!atStart) {
      Object x = p;
      if (merge && before == BOUNDARY) {
        x = Textpos.previousSingleCharPropertyChange(t, x, FIELD, Symbol.NIL, begLimit);
      }
      x = Textpos.previousSingleCharPropertyChange(t, x, FIELD, Symbol.NIL, begLimit);
      beg = x == Symbol.NIL ? b.begv(t.c) : Buffer.position(t, x);
    }
    long end = p;
    if (!atEnd) {
      Object x = p;
      if (merge && after == BOUNDARY) {
        x = Textpos.nextSingleCharPropertyChange(t, x, FIELD, Symbol.NIL, endLimit);
      }
      x = Textpos.nextSingleCharPropertyChange(t, x, FIELD, Symbol.NIL, endLimit);
      end = x == Symbol.NIL ? b.zv(t.c) : Buffer.position(t, x);
    }
    return new int[] {(int) beg, (int) end};
  }

  @Primitive(
      value = "field-beginning",
      min = 0,
      doc =
          "Return where the field at POS (default point) begins.\n"
              + "ESCAPE-FROM-EDGE: at its edge, a neighbouring field counts too; LIMIT: no"
              + " earlier.")
  static long fieldBeginning(Task t, Object pos, Object escapeFromEdge, Object limit) {
    return find(t, pos, escapeFromEdge != Symbol.NIL, limit, Symbol.NIL)[0];
  }

  @Primitive(
      value = "field-end",
      min = 0,
      doc =
          "Return where the field at POS (default point) ends.\n"
              + "ESCAPE-FROM-EDGE: at its edge, a neighbouring field counts too; LIMIT: no later.")
  static long fieldEnd(Task t, Object pos, Object escapeFromEdge, Object limit) {
    return find(t, pos, escapeFromEdge != Symbol.NIL, Symbol.NIL, limit)[1];
  }

  @Primitive(value = "field-string", min = 0, doc = "Return the text of the field at POS.")
  static Object fieldString(Task t, Object pos) {
    int[] r = find(t, pos, false, Symbol.NIL, Symbol.NIL);
    return Buffer.current(t).substring(t.c, r[0], r[1], true);
  }

  @Primitive(
      value = "field-string-no-properties",
      min = 0,
      doc = "Return the text of the field at POS, without properties.")
  static Object fieldStringNoProperties(Task t, Object pos) {
    int[] r = find(t, pos, false, Symbol.NIL, Symbol.NIL);
    return Buffer.current(t).substring(t.c, r[0], r[1], false);
  }

  @Primitive(value = "delete-field", min = 0, doc = "Delete the text of the field at POS.")
  static Object deleteField(Task t, Object pos) {
    int[] r = find(t, pos, false, Symbol.NIL, Symbol.NIL);
    if (r[0] != r[1]) {
      Editing.delete(t, r[0], r[1]);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "constrain-to-field",
      min = 2,
      doc =
          "Return the position nearest to NEW-POS (nil: point, which is set) in OLD-POS's field.\n"
              + "ESCAPE-FROM-EDGE: neighbouring fields count when OLD-POS is at an edge;"
              + " ONLY-IN-LINE:\n"
              + "only if it is on the same line; INHIBIT-CAPTURE-PROPERTY names a property that\n"
              + "prevents this.")
  static Object constrainToField(
      Task t,
      Object newPos,
      Object oldPos,
      Object escapeFromEdge,
      Object onlyInLine,
      Object inhibitCaptureProperty) {
    Buffer b = Buffer.current(t);
    if (newPos == Symbol.NIL) {
      Object x =
          constrain(t, b.point(t.c), oldPos, escapeFromEdge, onlyInLine, inhibitCaptureProperty);
      b.setPoint(t.c, (int) Math.clamp((Long) x, (long) b.begv(t.c), (long) b.zv(t.c)));
      return x;
    }
    return constrain(
        t, Buffer.position(t, newPos), oldPos, escapeFromEdge, onlyInLine, inhibitCaptureProperty);
  }

  static Object constrain(
      Task t, long to, Object oldPos, Object escape, Object onlyInLine, Object inhibit) {
    Buffer b = Buffer.current(t);
    long old = Buffer.position(t, oldPos);
    if (old == to
        || none(t, b)
        || Editing.isSet(t, INHIBIT_MOTION)
        || !(field(t, to)
            || field(t, old)
            || (to > b.begv(t.c) && field(t, to - 1))
            || (old > b.begv(t.c) && field(t, old - 1)))) {
      return to;
    }
    if (inhibit != Symbol.NIL
        && (Textpos.getPosProperty(t, old, inhibit, Symbol.NIL) != Symbol.NIL
            || (old > b.begv(t.c)
                && (Textpos.getCharProperty(t, old, inhibit, Symbol.NIL) != Symbol.NIL
                    || Textpos.getCharProperty(t, old - 1, inhibit, Symbol.NIL) != Symbol.NIL)))) {
      return to;
    }
    boolean forward = to > old;
    long bound = forward ? fieldEnd(t, old, escape, to) : fieldBeginning(t, old, escape, to);
    boolean beyond = forward ? bound < to : bound > to;
    if (!beyond) {
      return to;
    }
    if (onlyInLine != Symbol.NIL) {
      int from = (int) Math.min(bound, to);
      int end = (int) Math.max(bound, to);
      if (from >= 1 && end <= b.z(t.c) && b.codes(t.c).indexOf(t.c, '\n', from - 1, end - 1) >= 0) {
        return to;
      }
    }
    return bound;
  }

  private static boolean field(Task t, long pos) {
    Buffer b = Buffer.current(t);
    return pos >= b.begv(t.c)
        && pos <= b.zv(t.c)
        && Textpos.getCharProperty(t, pos, FIELD, Symbol.NIL) != Symbol.NIL;
  }
}
