package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;
import org.elver.lisp.text.Overlay;

/** Overlays. */
final class Overlays {
  private static final Symbol EVAPORATE = Symbol.known("evaporate");
  private static final Symbol WINDOW = Symbol.known("window");

  private Overlays() {}

  private static Overlay overlay(Object x) {
    if (x instanceof Overlay o) {
      return o;
    }
    throw LispSignal.wrongType(Q.OVERLAYP, x);
  }

  @Primitive(value = "overlayp", doc = "Return t if OBJECT is an overlay.")
  static boolean overlayp(Task t, Object object) {
    return object instanceof Overlay;
  }

  private static int[] range(Task t, Buffer b, Object beg, Object end) {
    long x = Buffer.position(t, beg);
    long y = Buffer.position(t, end);
    int from = (int) Math.clamp(Math.min(x, y), 1L, (long) b.z(t.c));
    int to = (int) Math.clamp(Math.max(x, y), 1L, (long) b.z(t.c));
    return new int[] {from, to};
  }

  @Primitive(
      value = "make-overlay",
      min = 2,
      doc =
          "Return a new overlay from BEG to END of BUFFER, in either order.\n"
              + "FRONT-ADVANCE: text inserted at its beginning is outside; REAR-ADVANCE: text"
              + " inserted\n"
              + "at its end is inside.")
  static Object makeOverlay(
      Task t, Object beg, Object end, Object buffer, Object frontAdvance, Object rearAdvance) {
    Buffer b = Buffer.orCurrent(t, buffer);
    checkMarkers(t, b, beg, end);
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Attempt to create overlay in a dead buffer");
    }
    int[] r = range(t, b, beg, end);
    return new Overlay(t.c, b, r[0], r[1], frontAdvance != Symbol.NIL, rearAdvance != Symbol.NIL);
  }

  private static void checkMarkers(Task t, Buffer b, Object... positions) {
    for (Object x : positions) {
      if (x instanceof Marker m && m.buffer(t.c) != b) {
        throw new LispSignal(Q.ERROR, "Marker points into wrong buffer", x);
      }
    }
  }

  @Primitive(
      value = "move-overlay",
      min = 3,
      doc = "Move OVERLAY to BEG to END of BUFFER; nil means its buffer, or the current one.")
  static Object moveOverlay(Task t, Object overlay, Object beg, Object end, Object buffer) {
    Overlay o = overlay(overlay);
    Buffer own = o.buffer(t.c);
    Buffer b =
        buffer == Symbol.NIL ? own == null ? Buffer.current(t) : own : Buffer.orCurrent(t, buffer);
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Attempt to move overlay to a dead buffer");
    }
    checkMarkers(t, b, beg, end);
    int[] r = range(t, b, beg, end);
    o.move(t.c, b, r[0], r[1]);
    if (r[0] == r[1] && o.get(t, EVAPORATE) != Symbol.NIL) {
      o.detach(t.c);
    }
    return o;
  }

  @Primitive(value = "delete-overlay", doc = "Take OVERLAY out of its buffer.")
  static Object deleteOverlay(Task t, Object overlay) {
    overlay(overlay).detach(t.c);
    return Symbol.NIL;
  }

  @Primitive(value = "delete-all-overlays", min = 0, doc = "Delete all overlays of BUFFER.")
  static Object deleteAllOverlays(Task t, Object buffer) {
    Buffer b = Buffer.orCurrent(t, buffer);
    for (Overlay o : Overlay.all(t.c, b).reversed()) {
      o.detach(t.c);
    }
    return Symbol.NIL;
  }

  private static Object position(int p) {
    return p == 0 ? Symbol.NIL : (Object) (long) p;
  }

  @Primitive(value = "overlay-start", doc = "Return the position where OVERLAY begins, or nil.")
  static Object overlayStart(Task t, Object overlay) {
    return position(overlay(overlay).start(t.c));
  }

  @Primitive(value = "overlay-end", doc = "Return the position where OVERLAY ends, or nil.")
  static Object overlayEnd(Task t, Object overlay) {
    return position(overlay(overlay).end(t.c));
  }

  @Primitive(value = "overlay-buffer", doc = "Return the buffer of OVERLAY, or nil.")
  static Object overlayBuffer(Task t, Object overlay) {
    Buffer b = overlay(overlay).buffer(t.c);
    return b == null ? Symbol.NIL : b;
  }

  @Primitive(value = "overlay-properties", doc = "Return a copy of the property list of OVERLAY.")
  static Object overlayProperties(Task t, Object overlay) {
    return Lisp.list(t.c, Lisp.elements(t.c, overlay(overlay).plist(t.c)));
  }

  @Primitive(value = "overlay-get", doc = "Return the property PROP of OVERLAY.")
  static Object overlayGet(Task t, Object overlay, Object prop) {
    return overlay(overlay).get(t, prop);
  }

  @Primitive(
      value = "overlay-put",
      doc = "Set the property PROP of OVERLAY to VALUE; return VALUE.")
  static Object overlayPut(Task t, Object overlay, Object prop, Object value) {
    Overlay o = overlay(overlay);
    boolean found = false;
    for (Object l = o.plist(t.c);
        l instanceof Pair p && p.second(t.c) instanceof Pair q;
        l = q.second(t.c)) {
      if (Lisp.eq(p.first(t.c), prop)) {
        q.setFirst(t.c, value);
        found = true;
        break;
      }
    }
    if (!found) {
      o.setPlist(t.c, t.cons(prop, t.cons(value, o.plist(t.c))));
    }
    if (prop == EVAPORATE
        && value != Symbol.NIL
        && o.buffer(t.c) != null
        && o.start(t.c) == o.end(t.c)) {
      o.detach(t.c);
    }
    return value;
  }

  // ---- Which overlays are where
  // ----------------------------------------------------------------------

  /**
   * The order in which GNU Emacs finds overlays: those that end before a center, from the last to
   * end, then the others from the first to begin.
   */
  private static List<Overlay> ordered(Task t, Buffer b, List<Overlay> some) {
    if (some.size() < 2) {
      return some;
    }
    List<Overlay> all = before(t, b, some);
    all.addAll(after(t, b, some));
    return all;
  }

  private static List<Overlay> before(Task t, Buffer b, List<Overlay> some) {
    int center = b.center(t.c);
    List<Overlay> all = new ArrayList<>();
    for (Overlay o : some.reversed()) {
      if (o.end(t.c) <= center) {
        all.add(o);
      }
    }
    all.sort(Comparator.comparingInt((Overlay o) -> -o.end(t.c)));
    return all;
  }

  private static List<Overlay> after(Task t, Buffer b, List<Overlay> some) {
    int center = b.center(t.c);
    List<Overlay> all = new ArrayList<>();
    for (Overlay o : some.reversed()) {
      if (o.end(t.c) > center) {
        all.add(o);
      }
    }
    all.sort(Comparator.comparingInt((Overlay o) -> o.start(t.c)));
    return all;
  }

  @Primitive(
      value = "overlays-at",
      min = 1,
      doc =
          "Return a list of the overlays that contain the character at POS.\n"
              + "SORTED non-nil: by decreasing priority.")
  static Object overlaysAt(Task t, Object pos, Object sorted) {
    long p = Buffer.position(t, pos);
    List<Overlay> found = at(t, Buffer.current(t), p);
    if (sorted != Symbol.NIL) {
      found.sort(byPriority(t).reversed());
    }
    return Lisp.list(t.c, found);
  }

  private static List<Overlay> at(Task t, Buffer b, long p) {
    return ordered(t, b, Overlay.matching(t.c, b, (s, e) -> s <= p && p < e));
  }

  /** By increasing priority; the narrower of equal ones later. */
  private static Comparator<Overlay> byPriority(Task t) {
    return (a, b) -> {
      int c = Double.compare(a.priority(t), b.priority(t));
      if (c == 0) {
        c = Integer.compare(a.start(t.c), b.start(t.c));
      }
      return c == 0 ? Integer.compare(b.end(t.c), a.end(t.c)) : c;
    };
  }

  @Primitive(
      value = "overlays-in",
      doc = "Return a list of the overlays that overlap BEG to END, empty ones at BEG included.")
  static Object overlaysIn(Task t, Object beg, Object end) {
    long x = Buffer.position(t, beg);
    long y = Buffer.position(t, end);
    long from = Math.min(x, y);
    long to = Math.max(x, y);
    Buffer b = Buffer.current(t);
    int zv = b.zv(t.c);
    List<Overlay> found =
        Overlay.matching(
            t.c,
            b,
            (s, e) ->
                (s < to && e > from)
                    || (s == e && (s == from || (from < s && s < to) || (s == to && to == zv))));
    return Lisp.list(t.c, ordered(t, b, found));
  }

  @Primitive(
      value = "next-overlay-change",
      doc = "Return the next position after POS where an overlay begins or ends, or `point-max'.")
  static long nextOverlayChange(Task t, Object pos) {
    long p = Buffer.position(t, pos);
    return nextChange(t, Buffer.current(t), p);
  }

  static long nextChange(Task t, Buffer b, long p) {
    long next = b.zv(t.c);
    for (Overlay o : Overlay.all(t.c, b)) {
      int s = o.start(t.c);
      int e = o.end(t.c);
      if (s > p && s < next) {
        next = s;
      } else if (e > p && e < next) {
        next = e;
      }
    }
    return next;
  }

  @Primitive(
      value = "previous-overlay-change",
      doc = "Return the last position before POS where an overlay begins or ends, or `point-min'.")
  static long previousOverlayChange(Task t, Object pos) {
    long p = Buffer.position(t, pos);
    return previousChange(t, Buffer.current(t), p);
  }

  static long previousChange(Task t, Buffer b, long p) {
    long previous = b.begv(t.c);
    for (Overlay o : Overlay.all(t.c, b)) {
      int s = o.start(t.c);
      int e = o.end(t.c);
      if (e < p && e > previous) {
        previous = e;
      } else if (s < p && s > previous) {
        previous = s;
      }
    }
    return previous;
  }

  @Primitive(
      value = "overlay-lists",
      doc =
          "Return a pair of lists of all overlays of the current buffer; which is in which one\n"
              + "has no meaning.")
  static Object overlayLists(Task t) {
    Buffer b = Buffer.current(t);
    List<Overlay> all = Overlay.all(t.c, b);
    return t.cons(Lisp.list(t.c, before(t, b, all)), Lisp.list(t.c, after(t, b, all)));
  }

  @Primitive(value = "overlay-recenter", doc = "Let overlays be listed as seen from position POS.")
  static Object overlayRecenter(Task t, Object pos) {
    Buffer b = Buffer.current(t);
    b.setCenter(t.c, (int) Math.clamp(Buffer.position(t, pos), 0L, (long) Integer.MAX_VALUE));
    return Symbol.NIL;
  }

  // ---- Properties of characters
  // ----------------------------------------------------------------------

  /** The overlay of the highest priority at a position that has a property; null: none. */
  static Overlay holder(Task t, Buffer b, long pos, Object prop, Object window) {
    List<Overlay> found = at(t, b, pos);
    found.sort(byPriority(t).reversed());
    for (Overlay o : found) {
      if (o.get(t, prop) != Symbol.NIL) {
        Object w = o.get(t, WINDOW);
        if (window == Symbol.NIL || w == Symbol.NIL || w == window) {
          return o;
        }
      }
    }
    return null;
  }

  /** As {@link #holder}, of overlays that text inserted at the position would be in. */
  static Overlay holderOfInsertion(Task t, Buffer b, long pos, Object prop) {
    List<Overlay> found = new ArrayList<>();
    for (Overlay o : Overlay.matching(t.c, b, (x, y) -> x <= pos && pos <= y)) {
      int s = o.start(t.c);
      int e = o.end(t.c);
      if (!(s == pos && o.frontAdvances(t.c))
          && !(e == pos && !o.rearAdvances(t.c))
          && o.get(t, prop) != Symbol.NIL) {
        found.add(o);
      }
    }
    return found.isEmpty() ? null : found.stream().max(byPriority(t)).get();
  }
}
