package org.elver.lisp.isolate;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.object.Q;

/**
 * The channels that an isolate's end by an error poisons. For whoever starts or runs the isolate.
 */
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

  /** A captured value, or the pair that a captured variable that is set somewhere lives in. */
  private void captured(Context view, Object x) {
    switch (x) {
      case LispChannel c -> add(c);
      case Pair p -> {
        if (p.first(view) instanceof LispChannel c) {
          add(c); // Compiled by GNU Emacs: a list of the value.
        } else if (p.second(view) instanceof LispChannel c) {
          add(c); // Compiled by Elver: an element of an environment.
        }
      }
      case null, default -> {}
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
