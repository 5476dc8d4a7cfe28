package org.elver.lisp.text;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Comparand;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;

/** An overlay: a range of a buffer between two markers, with a property list. */
public final class Overlay extends Slots implements Typed, Comparand {
  private static final int START = 0;
  private static final int END = 1;
  private static final int PLIST = 2;
  private static final int BUFFER = 3;
  private static final Symbol EVAPORATE = Symbol.known("evaporate");
  private static final Symbol CATEGORY = Symbol.known("category");
  private static final Symbol PRIORITY = Symbol.known("priority");

  /** An overlay of a range of a buffer, in order. */
  public Overlay(Context c, Buffer b, int from, int to, boolean frontAdvance, boolean rearAdvance) {
    super(
        c, new Marker(c, b, from, frontAdvance), new Marker(c, b, to, rearAdvance), Symbol.NIL, b);
    add(c, b);
  }

  private Overlay(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new Overlay(label, contents);
  }

  private void add(Context c, Buffer b) {
    Vector all = b.overlays(c);
    if (all == null) {
      all = new Vector(c);
      b.setSlot(c, Buffer.OVERLAYS, all);
    }
    all.add(c, this);
    touched(c, b);
  }

  private static void touched(Context c, Buffer b) {
    BufferText x = b.text(c);
    x.setTick(c, BufferText.OVERLAY_MODIFF, x.tick(c, BufferText.OVERLAY_MODIFF) + 1);
  }

  private Marker startMarker(Context c) {
    return (Marker) get(c, START);
  }

  private Marker endMarker(Context c) {
    return (Marker) get(c, END);
  }

  /** Its buffer; null when it was deleted. */
  public Buffer buffer(Context c) {
    return get(c, BUFFER) instanceof Buffer b && b.isLive(c) ? b : null;
  }

  /** Where it begins; 0 when it was deleted. */
  public int start(Context c) {
    // The start may have advanced beyond the end, which did not.
    return Math.min(startMarker(c).charpos(c), endMarker(c).charpos(c));
  }

  /** Where it ends; 0 when it was deleted. */
  public int end(Context c) {
    return endMarker(c).charpos(c);
  }

  /** Whether text inserted at its beginning is outside. */
  public boolean frontAdvances(Context c) {
    return startMarker(c).advances(c);
  }

  /** Whether text inserted at its end is inside. */
  public boolean rearAdvances(Context c) {
    return endMarker(c).advances(c);
  }

  public Object plist(Context c) {
    return get(c, PLIST);
  }

  public void setPlist(Context c, Object x) {
    set(c, PLIST, x);
  }

  /** A property, or its category's. */
  public Object get(Task t, Object property) {
    Object category = Symbol.NIL;
    for (Object l = plist(t.c);
        l instanceof Pair p && p.second(t.c) instanceof Pair q;
        l = q.second(t.c)) {
      if (Lisp.eq(p.first(t.c), property)) {
        return q.first(t.c);
      }
      if (p.first(t.c) == CATEGORY) {
        category = q.first(t.c);
      }
    }
    return Properties.fallback(t, category, property, false);
  }

  /** The priority as a number to compare by. */
  public double priority(Task t) {
    Object x = get(t, PRIORITY);
    if (x instanceof Pair p) {
      x = p.first(t.c);
    }
    return x instanceof Long l ? l : 0;
  }

  /** Moves it to a range of a live buffer. */
  public void move(Context c, Buffer b, int from, int to) {
    Buffer old = buffer(c);
    if (old != b) {
      if (old != null) {
        detach(c);
      }
      startMarker(c).set(c, b, from);
      endMarker(c).set(c, b, to);
      set(c, BUFFER, b);
      add(c, b);
    } else {
      startMarker(c).set(c, b, from);
      endMarker(c).set(c, b, to);
      touched(c, b);
    }
  }

  /** Deletes it from its buffer. */
  public void detach(Context c) {
    Buffer b = buffer(c);
    if (b == null) {
      return;
    }
    Vector all = b.overlays(c);
    int n = all.length(c);
    int i = n - 1;
    while (i >= 0 && all.get(c, i) != this) {
      i--;
    }
    if (i >= 0) {
      for (int j = i + 1; j < n; j++) {
        all.set(c, j - 1, all.get(c, j));
      }
      all.truncate(c, n - 1);
    }
    touched(c, b);
    startMarker(c).detach(c);
    endMarker(c).detach(c);
    set(c, BUFFER, Symbol.NIL);
  }

  // ---- Of a buffer
  // -------------------------------------------------------------------------------

  /** Whether a buffer has overlays. */
  static boolean any(Context c, Buffer b) {
    Vector all = b.overlays(c);
    return all != null && all.length(c) > 0;
  }

  /** The overlays of a buffer, in the order they came. */
  public static List<Overlay> all(Context c, Buffer b) {
    Vector all = b.overlays(c);
    if (all == null) {
      return List.of();
    }
    int n = all.length(c);
    List<Overlay> result = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      result.add((Overlay) all.get(c, i));
    }
    return result;
  }

  /** Whether an overlay's range is meant. */
  public interface Range {
    boolean matches(int start, int end);
  }

  /** The overlays of a buffer whose ranges match, in the order they came. */
  public static List<Overlay> matching(Context c, Buffer b, Range range) {
    Vector all = b.overlays(c);
    List<Overlay> result = new ArrayList<>(4);
    if (all == null) {
      return result;
    }
    BufferText text = b.text(c);
    int n = all.length(c);
    for (int i = 0; i < n; i++) {
      Overlay o = (Overlay) all.get(c, i);
      int end = text.markerPosition(c, o.endMarker(c).number(c));
      int start = Math.min(end, text.markerPosition(c, o.startMarker(c).number(c)));
      if (range.matches(start, end)) {
        result.add(o);
      }
    }
    return result;
  }

  /** Deletes those empty overlays at {@code pos} that are to evaporate. */
  static void evaporate(Task t, Buffer b, int pos) {
    if (any(t.c, b)) {
      for (Overlay o : matching(t.c, b, (s, e) -> s == pos && e == pos)) {
        if (o.get(t, EVAPORATE) != Symbol.NIL) {
          o.detach(t.c);
        }
      }
    }
  }

  /** Follows its text into another buffer: when two buffers swap texts. */
  void moveTo(Context c, Buffer b) {
    set(c, BUFFER, b);
  }

  /** The same overlay of another buffer. */
  void copyTo(Context c, Buffer b) {
    Overlay o =
        new Overlay(c, b, start(c), end(c), startMarker(c).advances(c), endMarker(c).advances(c));
    Object copy = Symbol.NIL;
    List<Object> items = Lisp.elements(c, plist(c));
    for (int i = items.size() - 1; i >= 0; i--) {
      copy = new Pair(c, items.get(i), copy);
    }
    o.setPlist(c, copy);
  }

  @Override
  public Symbol lispType() {
    return Q.OVERLAY;
  }

  @Override
  public boolean isEqual(Context c, Object other, Comparison parts) {
    Overlay o = (Overlay) other;
    return buffer(c) == o.buffer(c)
        && start(c) == o.start(c)
        && end(c) == o.end(c)
        && parts.same(plist(c), o.plist(c));
  }

  @Override
  public int equalHash(Context c) {
    return start(c) * 31 + end(c);
  }
}
