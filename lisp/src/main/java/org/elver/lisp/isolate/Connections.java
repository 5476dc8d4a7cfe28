package org.elver.lisp.isolate;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.elver.heap.object.Cell;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.Q;

/** The channels that an isolate's end by an error poisons. For whoever starts or runs the isolate. */
final class Connections {
  /** Null: none. */
  private Set<LispChannel> channels;

  private LispChannel last;

  void add(LispChannel c) {
    if (c != last) {
      last = c;
      if (c.isPoisonable() && c.owner() == null) {
        if (channels == null) {
          channels = Collections.newSetFromMap(new WeakHashMap<>());
        }
        channels.add(c);
      }
    }
  }

  /** Those among the function and arguments {@code call}, and what the function has captured. */
  void addAll(Context view, Object[] call) {
    for (Object x : call) {
      if (x instanceof LispChannel c) {
        add(c);
      }
    }
    if (call[0] instanceof ByteCode f) {
      f.forEachReference(view, (r, ordinal) -> captured(view, r));
    } else if (call[0] instanceof Pair p && p.first(view) == Q.CLOSURE) {
      for (Object env = Lisp.carSafe(view, p.second(view));
          env instanceof Pair e;
          env = e.second(view)) {
        captured(view, Lisp.cdrSafe(view, e.first(view)));
      }
    }
  }

  /** A captured value, or the place of a captured variable that is set somewhere. */
  private void captured(Context view, Object x) {
    Object value =
        switch (x) {
          case Cell c -> c.get(view);
          case Pair p -> p.first(view);
          case null, default -> x;
        };
    if (value instanceof LispChannel c) {
      add(c);
    }
  }

  void poison(Object packedError) {
    if (channels != null) {
      for (LispChannel c : channels) {
        c.poison(packedError);
      }
    }
  }
}
