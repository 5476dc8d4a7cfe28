package org.elver.lisp.machine;

import java.util.IdentityHashMap;
import org.elver.heap.version.Context;
import org.elver.lisp.object.Realm;

/**
 * What an isolate has worked out about objects as it sees them, and could work out again: compiled
 * code, above all. No state of Lisp's. It is kept beside the isolate's context, since the same
 * object may say something else in another isolate.
 *
 * <p>Keys go by identity. What is put here must be immutable, or be safe for all threads: a fork
 * starts with what its parent knew then. For that the parent's own map becomes a layer that nobody
 * changes any more, below new maps of both; the fork hands it to the child's thread.
 */
public final class Memo implements Context.Companion {
  /** What is known of a key. */
  public enum Kind {
    /** The code of functions in list form, by the tail that closures of one expression share. */
    CODE_BY_TAIL,
    /** The code of forms that are evaluated given an environment. */
    CODE_BY_FORM,
    /** The code of functions that were to be compiled when called. */
    CODE_BY_FUNCTION,
    /** Functions whose code, and that of those they reach, has been made for forks to come. */
    PREPARED,
    /** Case folds by tables of representatives. */
    FOLDS,
    /** Maps of character sets by the vectors that say them. */
    CHARSET_MAPS
  }

  /** A map of this many entries is not added to any more, and those below it are forgotten. */
  private static final int LIMIT = 1 << 13;

  /** Immutable: the map is not changed any more. */
  private record Layer(IdentityHashMap<Object, Object> map, Layer below) {}

  private static final int KINDS = Kind.values().length;

  /** By kind: what was noted since the last fork; null when nothing, as in most isolates. */
  private IdentityHashMap<Object, Object>[] own;

  /** By kind: what was known then. Shared with other memos, and never changed. */
  private Layer[] layers;

  /** Tells this isolate's memo from that of any other of the family that it descends with. */
  private long lineage;

  private long forks;

  /** What the isolates of the family have of symbols. */
  private final Realm realm;

  /** One that knows nothing. */
  Memo(Realm realm) {
    this(realm, new Layer[KINDS], 0);
  }

  private Memo(Realm realm, Layer[] layers, long lineage) {
    this.realm = realm;
    this.layers = layers;
    this.lineage = lineage;
  }

  /** That of the isolate of {@code c}. */
  public static Memo of(Context c) {
    return (Memo) c.companion();
  }

  /** The realm of the family of {@code c}, a context of {@code vm}. */
  static Realm realmOf(Vm vm, Context c) {
    Memo memo = of(c);
    return memo == null ? vm.symbols().home() : memo.realm; // None: the VM is being made.
  }

  /** What is known of {@code key}; null when nothing is. */
  public Object get(Kind kind, Object key) {
    int k = kind.ordinal();
    IdentityHashMap<Object, Object> mine = own == null ? null : own[k];
    Object x = mine == null ? null : mine.get(key);
    for (Layer l = layers[k]; x == null && l != null; l = l.below) {
      x = l.map.get(key);
    }
    return x;
  }

  /** Notes what is known of {@code key}. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public void put(Kind kind, Object key, Object value) {
    int k = kind.ordinal();
    if (own == null) {
      own = new IdentityHashMap[KINDS];
    }
    if (own[k] != null && own[k].size() >= LIMIT) {
      layers = layers.clone();
      layers[k] = new Layer(own[k], null);
      own[k] = null;
    }
    if (own[k] == null) {
      own[k] = new IdentityHashMap<>(4);
    }
    own[k].put(key, value);
  }

  /**
   * A number that differs from that of every other isolate of the VM, but for accidents, and is the
   * same in every run of the same program: it says which fork of which fork this is.
   */
  public long lineage() {
    return lineage;
  }

  /** Which fork of which fork this is, and how many were made of it. */
  public record Descent(long lineage, long forks) {
    /** That of part {@code i} of what this, a fork to be, does: the same however it is divided. */
    public Descent part(long i) {
      return new Descent(mix(lineage + i * 0xD1B54A32D192ED03L), 0);
    }

    /** This, after one more fork. */
    public Descent next() {
      return new Descent(lineage, forks + 1);
    }

    /** That of the last fork. */
    Descent child() {
      return new Descent(mix(lineage * 0x9E3779B97F4A7C15L + forks), 0);
    }
  }

  /** Which fork of which fork this is. */
  public Descent descent() {
    return new Descent(lineage, forks);
  }

  /** Takes this to be another fork than it is: for what random numbers are to come from. */
  public void setDescent(Descent d) {
    lineage = d.lineage;
    forks = d.forks;
  }

  private static long mix(long x) {
    long z = x;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  // Locked for the memos of snapshots, which several threads may fork from.
  @Override
  public synchronized Memo fork() {
    freeze();
    forks++;
    return new Memo(realm, layers, descent().child().lineage);
  }

  private void freeze() {
    if (own == null) {
      return;
    }
    Layer[] all = layers.clone();
    for (int k = 0; k < KINDS; k++) {
      if (own[k] != null) {
        all[k] = merged(own[k], all[k]);
      }
    }
    own = null;
    layers = all;
  }

  @Override
  public Object mark() {
    freeze();
    return layers;
  }

  @Override
  public void reset(Object mark) {
    layers = (Layer[]) mark;
    own = null;
  }

  /** A layer on top, joined with those below that are not much greater: so there are few. */
  private static Layer merged(IdentityHashMap<Object, Object> map, Layer below) {
    IdentityHashMap<Object, Object> top = map;
    Layer rest = below;
    while (rest != null && rest.map.size() <= 2 * top.size()) {
      IdentityHashMap<Object, Object> both = new IdentityHashMap<>(rest.map);
      both.putAll(top);
      top = both;
      rest = rest.below;
    }
    return new Layer(top, top.size() >= LIMIT ? null : rest);
  }
}
