package org.elver.lisp.isolate;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.function.Supplier;
import org.elver.lisp.object.Proxy;

/**
 * The proxies of one isolate's objects, while anybody has them: one per object and way of access.
 * Any thread.
 */
public final class ProxyTable {
  /** Finds an entry, or is one. */
  private static final class Key extends WeakReference<Proxy> {
    private final int hash;
    private final int way;
    private final Object sought;

    Key(Object object, int way) {
      super(null);
      this.sought = object;
      this.way = way;
      this.hash = System.identityHashCode(object) * 31 + way;
    }

    Key(Proxy p, int way, ReferenceQueue<Proxy> gone) {
      super(p, gone);
      this.sought = null;
      this.way = way;
      this.hash = System.identityHashCode(p.object()) * 31 + way;
    }

    private Object object() {
      Proxy p = get();
      return p == null ? sought : p.object();
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      Object mine = object();
      return mine != null && other instanceof Key k && k.way == way && k.object() == mine;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** Guarded by this; so is what follows. */
  private final HashMap<Key, Key> proxies = new HashMap<>();

  private final ReferenceQueue<Proxy> gone = new ReferenceQueue<>();

  /** The proxy of {@code object} for a way of access; made by {@code maker} when nobody has one. */
  public synchronized Proxy of(Object object, int way, Supplier<? extends Proxy> maker) {
    for (Reference<?> r = gone.poll(); r != null; r = gone.poll()) {
      proxies.remove(r);
    }
    Key found = proxies.get(new Key(object, way));
    Proxy p = found == null ? null : found.get();
    if (p == null) {
      p = maker.get();
      Key k = new Key(p, way, gone);
      proxies.put(k, k);
    }
    return p;
  }

  /** How many entries there are. */
  synchronized int size() {
    return proxies.size();
  }
}
