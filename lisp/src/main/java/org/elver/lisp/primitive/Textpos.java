package org.elver.lisp.primitive;

import java.util.function.BiPredicate;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Intervals;
import org.elver.lisp.text.Overlay;
import org.elver.lisp.text.Properties;
import org.elver.lisp.text.Stickiness;

/** Looking at text properties, and finding where they change. */
final class Textpos {
  private Textpos() {}

  @Primitive(
      value = "text-properties-at",
      min = 1,
      doc = "Return the property list of the character at POSITION of OBJECT.")
  static Object textPropertiesAt(Task t, Object position, Object object) {
    Object o = Properties.object(t, object);
    int i = Textprop.index(t, o, position);
    return i < 0 ? Symbol.NIL : Properties.list(t.c, Intervals.at(Properties.of(t, o), i));
  }

  @Primitive(
      value = "get-text-property",
      min = 2,
      doc = "Return the property PROP of the character at POSITION of OBJECT.")
  static Object getTextProperty(Task t, Object position, Object prop, Object object) {
    Object o = Properties.object(t, object);
    int i = Textprop.index(t, o, position);
    return Properties.get(t, i < 0 ? Intervals.NONE : Intervals.at(Properties.of(t, o), i), prop);
  }

  @Primitive(
      value = "get-char-property",
      min = 2,
      doc =
          "Return the property PROP of the character at POSITION of OBJECT, from overlays or"
              + " text.\n"
              + "OBJECT is a string, buffer or window.")
  static Object getCharProperty(Task t, Object position, Object prop, Object object) {
    return Lisp.car(t.c, getCharPropertyAndOverlay(t, position, prop, object));
  }

  @Primitive(
      value = "get-char-property-and-overlay",
      min = 2,
      doc =
          "As `get-char-property', but return (VALUE . OVERLAY), OVERLAY nil if it is the text's.")
  static Object getCharPropertyAndOverlay(Task t, Object position, Object prop, Object object) {
    Object window = Symbol.NIL;
    Object o = object;
    if (o != Symbol.NIL
        && !(o instanceof LispString)
        && !(o instanceof Buffer)
        && t.callNamed("windowp", o) != Symbol.NIL) {
      window = o;
      o = t.callNamed("window-buffer", o);
    }
    o = Properties.object(t, o);
    if (o instanceof Buffer b) {
      long p = Buffer.position(t, position);
      if (p < b.begv(t.c) || p > b.zv(t.c)) {
        throw LispSignal.outOfRange(position);
      }
      Overlay holder = Overlays.holder(t, b, p, prop, window);
      if (holder != null) {
        return t.cons(holder.get(t, prop), holder);
      }
    }
    return t.cons(getTextProperty(t, position, prop, o), Symbol.NIL);
  }

  @Primitive(
      value = "get-pos-property",
      min = 2,
      doc = "Return the property PROP that a character inserted at POSITION of OBJECT would have.")
  static Object getPosProperty(Task t, Object position, Object prop, Object object) {
    long p = Buffer.position(t, position);
    Object o = Properties.object(t, object);
    if (!(o instanceof Buffer b)) {
      return getTextProperty(t, position, prop, o);
    }
    Overlay holder = Overlays.holderOfInsertion(t, b, p, prop);
    if (holder != null) {
      return holder.get(t, prop);
    }
    if (p < b.begv(t.c) || p > b.zv(t.c)) {
      throw LispSignal.outOfRange(position, position);
    }
    int side = Stickiness.side(t, b, prop, (int) p);
    if (side > 0) {
      return Properties.at(t, b, (int) p, prop);
    }
    return side < 0 && p > b.begv(t.c) ? Properties.at(t, b, (int) p - 1, prop) : Symbol.NIL;
  }

  // ---- Where properties change
  // -------------------------------------------------------------------------

  private static int end(Task t, Object o) {
    return o instanceof Buffer b ? b.zv(t.c) - 1 : ((LispString) o).length(t.c);
  }

  private static int begin(Task t, Object o) {
    return o instanceof Buffer b ? b.begv(t.c) - 1 : 0;
  }

  private static Object limitOf(Task t, Object limit) {
    return limit == Symbol.NIL || limit == Symbol.T ? limit : (Object) Buffer.position(t, limit);
  }

  /**
   * The next index where {@code same} does not hold; {@code limit} when there is none before it.
   */
  private static Object next(
      Task t, Object position, Object object, Object limit, BiPredicate<Object[], Object[]> same) {
    Object o = Properties.object(t, object);
    Object l = limitOf(t, limit);
    int i = Textprop.index(t, o, position);
    Intervals all = Properties.of(t, o);
    if (i < 0 || all == null) {
      return l == Symbol.T ? Symbol.NIL : limit;
    }
    int origin = Properties.origin(o);
    int end = end(t, o);
    long bound = l instanceof Long x ? x - origin : end;
    Intervals.Interval here = all.find(i);
    if (here == null) {
      return l == Symbol.T ? (Object) ((long) end + origin) : limit;
    }
    Intervals.Interval n = all.find(here.end());
    if (l == Symbol.T) {
      return n == null ? (long) end + origin : (long) n.start() + origin;
    }
    while (n != null
        && same.test(here.plist(), n.plist())
        && (l == Symbol.NIL || n.start() < bound)) {
      n = all.find(n.end());
    }
    return n == null || n.start() >= (l == Symbol.NIL ? end : bound)
        ? limit
        : (Object) ((long) n.start() + origin);
  }

  private static Object previous(
      Task t, Object position, Object object, Object limit, BiPredicate<Object[], Object[]> same) {
    Object o = Properties.object(t, object);
    Object l = limitOf(t, limit);
    int i = Textprop.index(t, o, position);
    Intervals all = Properties.of(t, o);
    if (i < 0 || all == null) {
      return limit;
    }
    int origin = Properties.origin(o);
    Intervals.Interval here = all.find(i - 1);
    if (here == null) {
      return limit;
    }
    long bound = l instanceof Long x ? x - origin : begin(t, o);
    Intervals.Interval p = all.find(here.start() - 1);
    while (p != null
        && same.test(here.plist(), p.plist())
        && (l == Symbol.NIL || p.end() > bound)) {
      p = all.find(p.start() - 1);
    }
    return p == null || p.end() <= bound ? limit : (Object) ((long) p.end() + origin);
  }

  @Primitive(
      value = "next-property-change",
      min = 1,
      doc =
          "Return the next position after POSITION where any property of OBJECT changes, or LIMIT.")
  static Object nextPropertyChange(Task t, Object position, Object object, Object limit) {
    return next(t, position, object, limit, Intervals::same);
  }

  @Primitive(
      value = "next-single-property-change",
      min = 2,
      doc =
          "Return the next position after POSITION where the property PROP of OBJECT changes, or\n"
              + "LIMIT.")
  static Object nextSinglePropertyChange(
      Task t, Object position, Object prop, Object object, Object limit) {
    return next(
        t,
        position,
        object,
        limit == Symbol.T ? (Object) 0L : limit,
        (a, b) -> Lisp.eq(Properties.get(t, a, prop), Properties.get(t, b, prop)));
  }

  @Primitive(
      value = "previous-property-change",
      min = 1,
      doc =
          "Return the last position before POSITION where any property of OBJECT changes, or"
              + " LIMIT.")
  static Object previousPropertyChange(Task t, Object position, Object object, Object limit) {
    return previous(t, position, object, limit, Intervals::same);
  }

  @Primitive(
      value = "previous-single-property-change",
      min = 2,
      doc =
          "Return the last position before POSITION where the property PROP of OBJECT changes, or\n"
              + "LIMIT.")
  static Object previousSinglePropertyChange(
      Task t, Object position, Object prop, Object object, Object limit) {
    return previous(
        t,
        position,
        object,
        limit,
        (a, b) -> Lisp.eq(Properties.get(t, a, prop), Properties.get(t, b, prop)));
  }

  @Primitive(
      value = "next-char-property-change",
      min = 1,
      doc =
          "Return the next position after POSITION where a text property or overlay of the"
              + " current\n"
              + "buffer changes; at most LIMIT, and at the end `point-max'.")
  static Object nextCharPropertyChange(Task t, Object position, Object limit) {
    Buffer b = Buffer.current(t);
    long bound = Overlays.nextChange(t, b, Buffer.position(t, position));
    if (limit != Symbol.NIL) {
      bound = Math.min(bound, Buffer.position(t, limit));
    }
    return nextPropertyChange(t, position, Symbol.NIL, bound);
  }

  @Primitive(
      value = "previous-char-property-change",
      min = 1,
      doc =
          "Return the last position before POSITION where a text property or overlay of the"
              + " current\n"
              + "buffer changes; at least LIMIT, and at the beginning `point-min'.")
  static Object previousCharPropertyChange(Task t, Object position, Object limit) {
    Buffer b = Buffer.current(t);
    long bound = Overlays.previousChange(t, b, Buffer.position(t, position));
    if (limit != Symbol.NIL) {
      bound = Math.max(bound, Buffer.position(t, limit));
    }
    return previousPropertyChange(t, position, Symbol.NIL, bound);
  }

  @Primitive(
      value = "next-single-char-property-change",
      min = 2,
      doc =
          "Return the next position after POSITION where the property PROP of OBJECT changes, in\n"
              + "overlays or text; LIMIT or the end if it does not.")
  static Object nextSingleCharPropertyChange(
      Task t, Object position, Object prop, Object object, Object limit) {
    if (object instanceof LispString s) {
      Object p = nextSinglePropertyChange(t, position, prop, object, limit);
      if (p != Symbol.NIL) {
        return p;
      }
      return limit == Symbol.NIL ? (Object) (long) s.length(t.c) : limit;
    }
    Buffer b = orCurrent(t, object);
    Buffer old = Buffer.current(t);
    b.select(t);
    try {
      long p = Buffer.position(t, position);
      Object value = getCharProperty(t, position, prop, b);
      long end = b.zv(t.c);
      long bound = limit == Symbol.NIL ? end : Math.min(Buffer.position(t, limit), end);
      if (p >= bound) {
        return bound;
      }
      while (true) {
        p = (Long) nextCharPropertyChange(t, p, bound);
        if (p >= bound) {
          return bound;
        }
        if (!Lisp.eq(getCharProperty(t, p, prop, b), value)) {
          return p;
        }
      }
    } finally {
      old.select(t);
    }
  }

  private static Buffer orCurrent(Task t, Object object) {
    if (object != Symbol.NIL && !(object instanceof Buffer)) {
      throw LispSignal.wrongType(Q.BUFFERP, object);
    }
    return Buffer.orCurrent(t, object);
  }

  @Primitive(
      value = "previous-single-char-property-change",
      min = 2,
      doc =
          "Return the last position before POSITION where the property PROP of OBJECT changes, in\n"
              + "overlays or text; LIMIT or the beginning if it does not.")
  static Object previousSingleCharPropertyChange(
      Task t, Object position, Object prop, Object object, Object limit) {
    if (object instanceof LispString) {
      Object p = previousSinglePropertyChange(t, position, prop, object, limit);
      if (p != Symbol.NIL) {
        return p;
      }
      return limit == Symbol.NIL ? (Object) 0L : limit;
    }
    Buffer b = orCurrent(t, object);
    Buffer old = Buffer.current(t);
    b.select(t);
    try {
      long p = Buffer.position(t, position);
      long bound = limit == Symbol.NIL ? b.begv(t.c) : Buffer.position(t, limit);
      if (p <= bound) {
        return bound;
      }
      Object value = getCharProperty(t, p - 1, prop, b);
      while (true) {
        p = (Long) previousCharPropertyChange(t, p, bound);
        if (p <= bound) {
          return bound;
        }
        if (!Lisp.eq(getCharProperty(t, p - 1, prop, b), value)) {
          return p;
        }
      }
    } finally {
      old.select(t);
    }
  }

  // ---- Values
  // ------------------------------------------------------------------------------------------

  @Primitive(
      value = "text-property-any",
      min = 4,
      doc =
          "Return the first position from START to END of OBJECT where the property PROPERTY is\n"
              + "`eq' to VALUE, or nil.")
  static Object textPropertyAny(
      Task t, Object start, Object end, Object property, Object value, Object object) {
    return search(t, start, end, property, value, object, true);
  }

  @Primitive(
      value = "text-property-not-all",
      min = 4,
      doc =
          "Return the first position from START to END of OBJECT where the property PROPERTY is\n"
              + "not `eq' to VALUE, or nil.")
  static Object textPropertyNotAll(
      Task t, Object start, Object end, Object property, Object value, Object object) {
    return search(t, start, end, property, value, object, false);
  }

  private static Object search(
      Task t, Object start, Object end, Object property, Object value, Object object, boolean any) {
    Object o = Properties.object(t, object);
    int[] r = Textprop.range(t, o, start, end);
    if (r == null) {
      return Symbol.NIL;
    }
    Intervals all = Properties.of(t, o);
    int origin = Properties.origin(o);
    for (int i = r[0]; i < r[1]; ) {
      Intervals.Interval x = all == null ? null : all.find(i);
      Object[] plist = x == null ? Intervals.NONE : x.plist();
      if (Lisp.eq(Properties.get(t, plist, property), value) == any) {
        return (long) i + origin;
      }
      i = x == null ? r[1] : x.end();
    }
    return Symbol.NIL;
  }
}
