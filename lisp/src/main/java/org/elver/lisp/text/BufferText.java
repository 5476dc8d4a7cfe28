package org.elver.lisp.text;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.object.Text;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/**
 * The text of a buffer and of the buffers indirect to it: codes, text properties, modification
 * ticks, and the positions of markers.
 *
 * <p>A marker's position lies in an array here, under the number that the marker knows, as twice
 * the position plus one if the marker advances when text is inserted at it: an insertion then is
 * one comparison and addition per marker. The array refers to markers weakly, so that those that
 * programs forget are forgotten here, when room is needed. A negative position: a free number.
 */
final class BufferText extends HeapObject {
  static final int MODIFF = 0;
  static final int CHARS_MODIFF = 1;
  static final int SAVE_MODIFF = 2;
  static final int AUTOSAVE_MODIFF = 3;
  static final int OVERLAY_MODIFF = 4;
  private static final int TICKS = 5;

  private static final int FREE = Integer.MIN_VALUE / 2;
  private static final Buffer[] NOBODY = {};

  final Text text;

  private State state;

  /** The mutable part; each version has its own. */
  private static final class State {
    Intervals properties;
    long[] ticks;
    int[] positions;
    WeakReference<Marker>[] owners;

    /** Numbers from here on are free. */
    int used;

    /** The first number that may be free. */
    int free;

    /** The buffers that show this text when there are several; never changed, but replaced. */
    Buffer[] sharers = NOBODY;

    State() {}

    State(State s) {
      properties = s.properties;
      ticks = s.ticks.clone();
      positions = s.positions.clone();
      owners = s.owners.clone();
      used = s.used;
      free = s.free;
      sharers = s.sharers;
    }
  }

  @SuppressWarnings("unchecked")
  private static WeakReference<Marker>[] references(int n) {
    return (WeakReference<Marker>[]) new WeakReference<?>[n];
  }

  BufferText(Context c) {
    super(c);
    text = new Text(c);
    State s = new State();
    s.ticks = new long[TICKS];
    Arrays.fill(s.ticks, 1);
    s.positions = new int[4];
    s.owners = references(4);
    state = s;
  }

  private BufferText(Label label, Text text, State state) {
    super(label);
    this.text = text;
    this.state = state;
  }

  private State read(Context c) {
    if (readsInline(c)) {
      return state;
    }
    Contents v = (Contents) versionToRead(c);
    return v == null ? state : v.state;
  }

  private State write(Context c) {
    if (writesInline(c)) {
      return state;
    }
    Contents v = (Contents) versionToWrite(c);
    return v == null ? state : v.state;
  }

  int length(Context c) {
    return text.length(c);
  }

  Intervals properties(Context c) {
    return read(c).properties;
  }

  void setProperties(Context c, Intervals x) {
    write(c).properties = x;
  }

  long tick(Context c, int which) {
    return read(c).ticks[which];
  }

  void setTick(Context c, int which, long x) {
    write(c).ticks[which] = x;
  }

  Buffer[] sharers(Context c) {
    return read(c).sharers;
  }

  void setSharers(Context c, Buffer... all) {
    write(c).sharers = all;
  }

  // ---- Markers ---------------------------------------------------------------------------------

  /** A number for a marker at {@code pos}. */
  int addMarker(Context c, Marker m, int pos, boolean advances) {
    State s = write(c);
    int i = s.free;
    while (i < s.used && s.positions[i] >= 0) {
      i++;
    }
    if (i == s.positions.length) {
      i = sweep(s);
    }
    s.positions[i] = (pos << 1) + (advances ? 1 : 0);
    s.owners[i] = m.reference;
    s.free = i + 1;
    s.used = Math.max(s.used, i + 1);
    return i;
  }

  /** Frees the numbers of forgotten markers, or makes room; gives a free number. */
  private static int sweep(State s) {
    int first = s.used;
    int freed = 0;
    for (int i = s.used - 1; i >= 0; i--) {
      if (s.owners[i] != null && s.owners[i].get() == null) {
        s.owners[i] = null;
        s.positions[i] = FREE;
        freed++;
        first = i;
      }
    }
    if (freed <= s.used / 4) {
      s.positions = Arrays.copyOf(s.positions, s.used * 2);
      s.owners = Arrays.copyOf(s.owners, s.used * 2);
    }
    return first;
  }

  void removeMarker(Context c, int i) {
    State s = write(c);
    s.positions[i] = FREE;
    s.owners[i] = null;
    s.free = Math.min(s.free, i);
    if (i == s.used - 1) {
      s.used = i;
    }
  }

  int markerPosition(Context c, int i) {
    return read(c).positions[i] >> 1;
  }

  boolean markerAdvances(Context c, int i) {
    return (read(c).positions[i] & 1) != 0;
  }

  void setMarker(Context c, int i, int pos, boolean advances) {
    write(c).positions[i] = (pos << 1) + (advances ? 1 : 0);
  }

  /** Moves markers for an insertion of {@code n} codes at {@code pos}. */
  void markersInserted(Context c, int pos, int n, boolean beforeMarkers) {
    State s = write(c);
    int[] a = s.positions;
    int limit = (pos << 1) + (beforeMarkers ? 0 : 1);
    int shift = n << 1;
    int used = s.used;
    for (int i = 0; i < used; i++) {
      int p = a[i];
      a[i] = p >= limit ? p + shift : p;
    }
  }

  /** Moves markers for a deletion. */
  void markersDeleted(Context c, int from, int to) {
    State s = write(c);
    int[] a = s.positions;
    int start = from << 1;
    int end = to << 1;
    int shift = (to - from) << 1;
    int used = s.used;
    for (int i = 0; i < used; i++) {
      int p = a[i];
      if (p >= end) {
        a[i] = p - shift;
      } else if (p > start + 1) {
        a[i] = start | (p & 1);
      }
    }
  }

  /** Moves all markers to where their positions are now. */
  void mapMarkers(Context c, java.util.function.IntUnaryOperator place) {
    State s = write(c);
    for (int i = 0; i < s.used; i++) {
      int p = s.positions[i];
      if (p >= 0) {
        s.positions[i] = (place.applyAsInt(p >> 1) << 1) + (p & 1);
      }
    }
  }

  /** What is done with a marker and its position. */
  interface MarkerVisitor {
    void visit(Marker m, int position, boolean advances);
  }

  /** Shows the markers in a range, both ends included, in the order of their numbers. */
  void forEachMarker(Context c, int from, int to, MarkerVisitor visitor) {
    State s = read(c);
    for (int i = s.used - 1; i >= 0; i--) {
      int p = s.positions[i] >> 1;
      if (p >= from && p <= to && s.owners[i] != null) {
        Marker m = s.owners[i].get();
        if (m != null) {
          visitor.visit(m, p, (s.positions[i] & 1) != 0);
        }
      }
    }
  }

  // ---- Versions --------------------------------------------------------------------------------

  private static final class Contents extends Version {
    State state;

    Contents(BufferText b, Contents from, Epoch epoch, Epoch base) {
      super(b, from, epoch, base);
      state = new State(from == null ? b.state : from.state);
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  @Override
  protected void restoreInline(Version version) {
    state = ((Contents) version).state;
  }

  @Override
  protected void clearInline() {
    state = null;
  }

  private State walk(Context view) {
    Contents v = (Contents) versionToWalk(view);
    return v == null ? state : v.state;
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    visitor.visit(text, 0);
    Intervals p = walk(view).properties;
    if (p != null) {
      p.forEachValue(x -> visitor.visit(x, 1));
    }
    for (Buffer b : walk(view).sharers) {
      visitor.visit(b, 2);
    }
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return switch (ordinal) {
      case 0 -> "text";
      case 1 -> "text property";
      default -> "buffer";
    };
  }

  @Override
  public BufferText copy(Context view, Label label) {
    return new BufferText(label, text.copy(view, label), new State(walk(view)));
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    Contents v = (Contents) versionToRelink(maker);
    State s = v == null ? state : v.state;
    if (s.properties != null) {
      s.properties = s.properties.map(replacement);
    }
    Buffer[] all = s.sharers.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] = (Buffer) replacement.apply(all[i]);
    }
    s.sharers = all;
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return System.identityHashCode(this);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other == this;
  }
}
